//! Regular expressions in routes that match more paths than they seem to.

use regex::Regex;

use crate::diagnostic::Severity;
use crate::project::asgi::application::{Route, Router, Syntax};
use crate::rule::{Context, Findings};

/// Reports each regular expression that leads to a consumer and goes on where the path does.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    for router in application.routers() {
        for (at, route) in router.routes.iter().enumerate() {
            judge(context, router, at, route, findings);
        }
    }
}

fn judge(context: &Context, router: &Router, at: usize, route: &Route, findings: &mut Findings) {
    if route.syntax != Syntax::Regex || !route.is_leaf() || route.ends_at_the_end() {
        return;
    }
    let Some(pattern) = route.pattern.as_str().filter(|pattern| !is_open_on_purpose(pattern)) else { return };
    // Lookaheads and the like are not looked through.
    let Ok(regex) = Regex::new(pattern) else { return };
    let Some(place) = route.pattern.origin.or(route.place).filter(|_| !regex.is_match("")) else { return };
    let whole = Regex::new(&format!("^(?:{pattern})$"));
    // What the pattern matches as a whole, it matches with a `$` too.
    let is_hidden = |path: &str| regex.is_match(path) && whole.as_ref().is_ok_and(|whole| !whole.is_match(path));
    let hidden = router.routes.iter().skip(at + 1).find(|later| path_of(later).is_some_and(is_hidden));
    let example = match pattern.starts_with('^') {
        true => "paths that go on after it",
        false => "paths that hold it anywhere",
    };
    let better = if pattern.starts_with('^') { format!("{pattern}$") } else { format!("^{pattern}$") };
    let help = format!("write `r\"{better}\"`");
    let edits = context.rewrite_string(&route.pattern, &better);
    match hidden {
        Some(later) => {
            let hides = path_of(later).unwrap_or_default();
            findings
                .report(
                    place,
                    format!("`{pattern}` matches {example} too, `{hides}` among them, whose route is never reached"),
                )
                .severity(Severity::Warning)
                .related(later.pattern.origin.or(later.place), "this route is never reached")
                .help(help)
                .unsafe_fix("match the whole path alone", edits);
        }
        None => {
            findings
                .report(place, format!("`{pattern}` matches {example} too"))
                .help(help)
                .unsafe_fix("match the whole path alone", edits);
        }
    }
}

/// Whether a pattern says itself that anything may follow, or has several forms.
fn is_open_on_purpose(pattern: &str) -> bool {
    let end = pattern.trim_end_matches([')', '?', '/']);
    pattern.contains('|') || end.ends_with(".*") || end.ends_with(".+")
}

/// The one path that a route matches.
fn path_of(route: &Route) -> Option<&str> {
    let pattern = route.pattern.as_str()?;
    match route.syntax {
        Syntax::Path => Some(pattern).filter(|pattern| !pattern.contains('<') && !pattern.is_empty()),
        Syntax::Regex => {
            let inner = pattern.strip_prefix('^').unwrap_or(pattern).strip_suffix('$')?;
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-');
            Some(inner).filter(|inner| !inner.is_empty() && inner.chars().all(is_plain))
        }
    }
}
