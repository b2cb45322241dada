//! Wildcards in a list that knows none.

use crate::project::cors::{ORIGINS, checks_of, effective, is_used, origin_fault};
use crate::rule::{Context, Findings, origin_note, written_items};

/// Reports every written origin with a `*`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let (name, resolved) = effective(settings, ORIGINS);
    let items = written_items(&resolved.value);
    let has_star = |text: &str| text.contains('*');
    let wrong: Vec<_> = items.iter().filter(|(_, item)| item.as_str().is_some_and(has_star)).collect();
    if wrong.is_empty() || !findings.is_certain(&is_used(settings), name, None) {
        return;
    }
    for (when, item) in wrong {
        let text = item.as_str().unwrap_or_default();
        let id = origin_fault(text).map(|fault| fault.id);
        let (matches, help) = match text {
            "*" => {
                ("it matches no origin, and `manage.py check` fails", "set `CORS_ALLOW_ALL_ORIGINS = True`".to_owned())
            }
            _ => {
                let pattern = text.replace('.', r"\.").replace('*', "[a-z0-9-]+");
                ("it matches no origin", format!("add `r\"^{pattern}$\"` to `CORS_ALLOWED_ORIGIN_REGEXES`"))
            }
        };
        findings
            .report(
                context.place_of(&resolved, item),
                format!("`*` is no wildcard in `{name}`, where `{text}`{} stands: {matches}", origin_note(when)),
            )
            .setting(name, &resolved)
            .django_checks(checks_of(settings, id.as_slice()))
            .help(help);
    }
}
