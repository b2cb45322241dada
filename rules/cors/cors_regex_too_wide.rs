//! Patterns that allow the origins of strangers.

use crate::eval::value::{Kind, Value};
use crate::project::cors::{PATTERNS, effective, foreign_match, is_used};
use crate::rule::{Context, Findings, origin_note, written_items};

/// Reports every written pattern that matches domains that anyone can register.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let (name, resolved) = effective(settings, PATTERNS);
    let items = written_items(&resolved.value);
    let wrong: Vec<_> = items
        .iter()
        .filter_map(|(when, item)| {
            let pattern = pattern_of(item)?;
            Some((when, *item, pattern, foreign_match(pattern)?))
        })
        .collect();
    if wrong.is_empty() || !findings.is_certain(&is_used(settings), name, None) {
        return;
    }
    for (when, item, pattern, why) in wrong {
        findings
            .report(
                context.place_of(&resolved, item),
                format!("`{pattern}` in `{name}`{} matches domains of strangers: {why}", origin_note(when)),
            )
            .setting(name, &resolved)
            .help("escape the dots, and end the pattern with `$`: `^https://app\\.example\\.com$`");
    }
}

/// The text of a pattern, or of one that is compiled without flags.
fn pattern_of(item: &Value) -> Option<&str> {
    match &item.kind {
        Kind::Str(text) => Some(text),
        Kind::Call(call) if call.function.as_ref() == "re.compile" && call.args.len() == 1 && call.named.is_empty() => {
            call.args.first()?.as_str()
        }
        _ => None,
    }
}
