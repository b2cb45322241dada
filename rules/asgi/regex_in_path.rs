//! Regular expressions where `path()` takes plain text with converters.

use crate::eval::value::Kind;
use crate::project::asgi::application::{Application, Syntax};
use crate::rule::{Context, Findings, origin_note};

/// Reports each `path()` of a `URLRouter` that is given a regular expression.
pub fn check(context: &Context, findings: &mut Findings) {
    let routes = context.application().map(Application::routes).unwrap_or_default();
    for route in routes.into_iter().filter(|route| route.syntax == Syntax::Path) {
        for (when, pattern) in route.pattern.options() {
            let Some(place) = pattern.origin.or(route.place) else { continue };
            let (part, text) = match &pattern.kind {
                Kind::Str(text) => (regex_part(text), text.to_string()),
                Kind::Template(template) => {
                    let text = template.literals().collect::<Vec<_>>().join("…");
                    (template.literals().find_map(inner_regex_part), text)
                }
                _ => continue,
            };
            let Some(part) = part else { continue };
            let message = format!(
                "`{text}` matches no path that a client asks for: `path()` takes `{part}` literally, not as a regular \
                 expression{}",
                origin_note(&when)
            );
            let edits = route.place.and_then(|place| {
                context.edit_at(place, |editor, call| editor.call_instead(call, "path", ("django.urls", "re_path")))
            });
            findings
                .report(place, message)
                .help("write `re_path()` instead of `path()`")
                .safe_fix("write `re_path()` instead of `path()`", edits);
        }
    }
}

/// What shows that a route was written as a regular expression. The first, `^` and `$` are those of Django's 2_0.W001.
pub fn regex_part(route: &str) -> Option<&'static str> {
    match () {
        () if route.starts_with('^') => Some("^"),
        () if route.ends_with('$') => Some("$"),
        () => inner_regex_part(route),
    }
}

/// The same for a part of a route.
fn inner_regex_part(route: &str) -> Option<&'static str> {
    ["(?P<", "(?:", r"\w", r"\d", r"\S", "[^/", ".*"].into_iter().find(|part| route.contains(part))
}
