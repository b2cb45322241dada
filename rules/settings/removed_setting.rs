//! Finds settings that the project's Django reads no more.

use crate::diagnostic::Severity;
use crate::eval::value::{Kind, Value};
use crate::project::removed::{SETTINGS, Same};
use crate::project::settings::Truth;
use crate::project::shape::known;
use crate::rule::{Context, Findings};

/// Reports each, as advice where Django does the same without it.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for removed in SETTINGS.iter().filter(|removed| settings.is_at_least("django", removed.since)) {
        let resolved = settings.get(removed.name);
        let is_succeeded = removed.successor.is_some_and(|successor| settings.get(successor).is_set);
        if !resolved.is_set || is_succeeded {
            continue;
        }
        let changes_nothing = Truth::over(&resolved.value, |value| match value.kind {
            Kind::Missing => Truth::Yes,
            _ => known(value, |value| is_same(value, removed.same)),
        });
        let severity = if changes_nothing.is_no() { Severity::Warning } else { Severity::Advice };
        findings
            .report(
                context.place_of_setting(&resolved),
                format!("Django {} has removed `{}`: {}", removed.since, removed.name, removed.now),
            )
            .setting(removed.name, &resolved)
            .severity(severity)
            .help(removed.help);
    }
}

fn is_same(value: &Value, same: Same) -> bool {
    match (same, &value.kind) {
        (Same::Any, _) => true,
        (Same::Bool(same), Kind::Bool(value)) => same == *value,
        (Same::Int(same), Kind::Int(value)) => same == *value,
        (Same::Str(same), Kind::Str(value)) => value.eq_ignore_ascii_case(same),
        _ => false,
    }
}
