//! Entry points that start with other settings than those that are meant.

use crate::rule::{Context, Findings};

/// Reports an `asgi.py` whose settings are not those of the `wsgi.py` beside it, or are a developer's own.
pub fn check(context: &Context, findings: &mut Findings) {
    let points = context.entry_points();
    let settings = &context.settings().module;
    for point in points.found.iter().filter(|point| point.name == "asgi.py" && point.settings == *settings) {
        let other = context.beside(point).filter(|other| other.settings != point.settings);
        let production = points.production.as_ref().filter(|_| point.is_for_development);
        let (message, related, right) = match (other, production) {
            (Some(other), _) => (
                format!("`asgi.py` starts with `{settings}`, and `wsgi.py` beside it with `{}`", other.settings),
                Some(other.place),
                if point.is_for_development { &other.settings } else { settings },
            ),
            (None, Some(production)) => {
                (format!("`asgi.py` starts with `{settings}`, which are a developer's own settings"), None, production)
            }
            (None, None) => continue,
        };
        if let Some(place) = points.named_at {
            findings.silent(None, "the deployment names the settings", Some(place));
            continue;
        }
        findings
            .report(point.place, format!("{message}, where `DJANGO_SETTINGS_MODULE` is not set"))
            .related(related, "`wsgi.py` names another module")
            .help(format!("name `{right}` in both, or set `DJANGO_SETTINGS_MODULE` in the deployment"));
    }
}
