//! Allowed origins that are none.

use crate::diagnostic::{Applicability, Confidence, Severity};
use crate::project::cors::{ORIGINS, checks_of, effective, is_used, origin_fault};
use crate::project::settings::{Truth, contains};
use crate::rule::{Context, Findings, origin_note, shown, written_items};

/// Reports every written entry that the system check of django-cors-headers refuses.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let (name, resolved) = effective(settings, ORIGINS);
    let items = written_items(&resolved.value);
    let wrong: Vec<_> = items
        .iter()
        .filter_map(|(when, item)| item.as_str().and_then(origin_fault).map(|fault| (when, *item, fault)))
        // A wildcard is a mistake of its own.
        .filter(|(_, item, _)| !item.as_str().is_some_and(|text| text.contains('*')))
        // So are two origins that no comma parts.
        .filter(|(_, item, _)| !item.as_str().is_some_and(are_two))
        .collect();
    if items.iter().any(|(_, item)| item.as_str().is_some_and(are_two)) {
        findings.silent(Some(name), "a string holds two origins", resolved.value.origin);
    }
    if wrong.is_empty() {
        if let (true, Truth::Unknown(why)) = (resolved.is_set, contains(&resolved.value, |_| false)) {
            findings.silent(Some(name), why.to_string(), resolved.value.origin);
        }
        return;
    }
    if !settings.is_at_least("django-cors-headers", "3.0") || !findings.is_certain(&is_used(settings), name, None) {
        return;
    }
    for (when, item, fault) in wrong {
        let ids = [fault.id];
        let (applicability, title, edits) = match &fault.meant {
            Some(meant) => {
                let has_scheme = item.as_str().is_some_and(|text| text.contains("://"));
                let applicability = if has_scheme { Applicability::Safe } else { Applicability::Unsafe };
                (applicability, format!("write `{meant}`"), context.rewrite_string(item, meant))
            }
            None if item.as_str() == Some("") => {
                (Applicability::Safe, "remove the empty string".to_owned(), context.remove_from_list(item))
            }
            None => (Applicability::Unsafe, String::new(), None),
        };
        let help = fault.meant.map_or_else(
            || "leave empty strings out: `[origin for origin in origins if origin]`".to_owned(),
            |meant| format!("write `{meant}`"),
        );
        let report = findings
            .report(
                context.place_of(&resolved, item),
                format!("{} in `{name}`{} is no origin: it {}", shown(item), origin_note(when), fault.why),
            )
            .setting(name, &resolved)
            .django_checks(checks_of(settings, &ids))
            .help(help)
            .fix(applicability, title, edits);
        // What an unset variable leaves behind is not there where it is set.
        if item.as_str() == Some("") && !when.is_always() {
            report.severity(Severity::Warning).confidence(Confidence::Medium);
        }
    }
}

/// Whether an origin follows another one in the same string.
fn are_two(text: &str) -> bool {
    let second = text.rfind("http").unwrap_or_default();
    text.matches("://").count() > 1 && second > "https://".len()
}
