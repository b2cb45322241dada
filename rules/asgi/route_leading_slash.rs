//! Routes of a `URLRouter` that begin with the slash that it takes away.

use crate::eval::value::{Kind, Value};
use crate::project::asgi::application::{Application, Route, Syntax};
use crate::rule::{Context, Findings, origin_note};

/// Reports each route whose pattern demands a slash at the beginning.
pub fn check(context: &Context, findings: &mut Findings) {
    for route in context.application().map(Application::routes).unwrap_or_default() {
        for (when, pattern) in route.pattern.options() {
            let Some(beginning) = beginning(pattern) else { continue };
            let (is_slashed, better) = match route.syntax {
                Syntax::Path => (beginning.starts_with('/'), beginning.trim_start_matches('/').to_owned()),
                Syntax::Regex => (regex_demands_slash(pattern), without_slash(beginning)),
            };
            let Some(place) = pattern.origin.or(route.place).filter(|_| is_slashed) else { continue };
            // A regular expression in path() is a mistake of its own, whose correction is another one.
            if route.syntax == Syntax::Path && super::regex_in_path::regex_part(beginning).is_some() {
                continue;
            }
            let message = format!(
                "`{}` matches no path: Channels takes the leading slash away before it looks for a route{}",
                written(pattern, beginning),
                origin_note(&when)
            );
            let report = findings
                .report(place, message)
                .safe_fix("remove the slash at the beginning", context.rewrite_string(pattern, &better));
            match is_whole(pattern) {
                true => report.help(format!("write `{}`", quoted(route, &better))),
                false => report.help("remove the slash at the beginning"),
            };
        }
    }
}

fn quoted(route: &Route, pattern: &str) -> String {
    if route.syntax == Syntax::Regex { format!("r\"{pattern}\"") } else { format!("\"{pattern}\"") }
}

fn is_whole(pattern: &Value) -> bool {
    matches!(pattern.kind, Kind::Str(_))
}

fn written(pattern: &Value, beginning: &str) -> String {
    if is_whole(pattern) { beginning.to_owned() } else { format!("{beginning}…") }
}

/// The text that a pattern begins with for certain.
fn beginning(pattern: &Value) -> Option<&str> {
    match &pattern.kind {
        Kind::Str(text) => Some(text),
        Kind::Template(template) => template.beginning(),
        _ => None,
    }
}

/// Whether a regular expression can match no path that does not begin with a slash: it is anchored there by `^`, or it
/// is matched as a whole, which Django does where it ends with `$`.
fn regex_demands_slash(pattern: &Value) -> bool {
    let Some(text) = pattern.as_str() else { return false };
    let (is_anchored, rest) = match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (text.ends_with('$'), text),
    };
    let after = rest.strip_prefix('/').or_else(|| rest.strip_prefix(r"\/"));
    is_anchored && after.is_some_and(|after| !after.starts_with(['?', '*', '{'])) && !text.contains('|')
}

fn without_slash(pattern: &str) -> String {
    let (anchor, mut rest) = if let Some(rest) = pattern.strip_prefix('^') { ("^", rest) } else { ("", pattern) };
    while let Some(shorter) = rest.strip_prefix('/').or_else(|| rest.strip_prefix(r"\/")) {
        rest = shorter;
    }
    format!("{anchor}{rest}")
}
