//! An entry point that asks for the application that it is to be.

use crate::project::asgi::application::Node;
use crate::rule::{Context, Findings};

/// Reports `application = get_default_application()` in the module that `ASGI_APPLICATION` names.
pub fn check(context: &Context, findings: &mut Findings) {
    let (Some(application), Some(entry)) = (context.application(), context.entry()) else { return };
    let Node::Unknown(_, Some(place)) = &application.node else { return };
    let is_itself = entry.named_at.is_some() && entry.module == application.module && entry.name == application.name;
    if !is_itself || !context.text_at(*place).ends_with("get_default_application()") {
        return;
    }
    let resolved = context.settings().get("ASGI_APPLICATION");
    findings
        .report(
            *place,
            format!(
                "`get_default_application()` gives what `ASGI_APPLICATION` names, and that is this `{}`, which is not \
                 there yet: no server loads the module",
                application.name
            ),
        )
        .setting("ASGI_APPLICATION", &resolved)
        .related(entry.named_at, "`ASGI_APPLICATION` names it here")
        .help("put the `ProtocolTypeRouter` here, with `get_asgi_application()` for `\"http\"`");
}
