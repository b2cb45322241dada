//! An entry point that does not say which settings it starts with.

use crate::project::asgi::application::Node;
use crate::rule::{Context, Findings};
use crate::source::Place;

const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";

/// Reports an `asgi.py` that sets Django up, where nothing of the project names the settings for it.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    if !context.file_name(application.file).ends_with("asgi.py") || context.file_mentions(application.file, VARIABLE) {
        return;
    }
    let Some(place) = django_in(&application.node).filter(|place| place.file == application.file) else { return };
    // What sets Django up otherwise: django-configurations, or settings without a module.
    if ["configurations", "settings.configure"].iter().any(|word| context.file_mentions(application.file, word)) {
        return;
    }
    let points = context.entry_points();
    if let Some(place) = points.named_at {
        return findings.silent(None, "the deployment names the settings", Some(place));
    }
    if let Some(place) = points.named_in_code_at {
        return findings.silent(None, "a module that names the settings may be imported first", Some(place));
    }
    findings
        .report(
            place,
            format!(
                "nothing sets `{VARIABLE}` before Django is set up here: unless the environment does, a server stops \
                 with `ImproperlyConfigured`, and `manage.py runserver` does not"
            ),
        )
        .help(format!("put `os.environ.setdefault(\"{VARIABLE}\", \"{}\")` before it", context.settings().module));
}

/// Where `get_asgi_application()` is called.
fn django_in(node: &Node) -> Option<Place> {
    let mut found = None;
    node.walk(&mut |part| {
        if let Node::Django(place) = part {
            found = found.or(*place);
        }
        found.is_none()
    });
    found
}
