//! A router within a router that something stands around.

use crate::project::asgi::nesting::is_end_point;
use crate::rule::{Context, Findings};

/// Reports each route to a wrapped router that is taken for the end of the path.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    for route in application.routes() {
        let Some(nested) = route.nested().filter(|nested| nested.is_hidden()) else { continue };
        let (Some(wrapper), Some(inner), Some(pattern)) =
            (nested.wrapper, nested.unreachable(), route.pattern.as_str())
        else {
            continue;
        };
        let is_own_router = wrapper.class.as_ref().is_some_and(|class| {
            context.class_mentions(class, "_path_routing") || class.inherits(|name| name.ends_with(".URLRouter"))
        });
        let Some(place) = route.pattern.origin.or(route.place).filter(|_| is_end_point(route) && !is_own_router) else {
            continue;
        };
        let name = wrapper.short_name();
        findings
            .report(
                place,
                format!(
                    "`{name}` hides the `URLRouter` in it, so that `{pattern}` is matched against whole paths, and \
                     `{}` behind it matches none",
                    inner.pattern.as_str().unwrap_or_default()
                ),
            )
            .related(wrapper.place, format!("`{name}` stands around the router"))
            .related(inner.pattern.origin.or(inner.place), "this route is never reached")
            .help(format!("put `{name}` around the outermost `URLRouter`, or around the consumers"));
    }
}
