//! Finds settings that the project's Django reads no more.

use crate::diagnostic::{Applicability, Edit, Severity};
use crate::eval::value::{Kind, Value};
use crate::project::removed::{SETTINGS, Same};
use crate::project::settings::Truth;
use crate::project::shape::known;
use crate::rule::{Context, Findings};

const DAYS: &str = "PASSWORD_RESET_TIMEOUT_DAYS";

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
        let applicability = if changes_nothing.is_yes() { Applicability::Safe } else { Applicability::Unsafe };
        let is_read = context.is_named_outside(removed.name, resolved.history);
        let (title, edits) = match (removed.same, &resolved.value.kind) {
            _ if is_read => (String::new(), None),
            (_, Kind::Int(days)) if removed.name == DAYS => {
                ("write it in seconds".to_owned(), in_seconds(context, *days))
            }
            (Same::Never, _) => (String::new(), None),
            _ => (format!("remove `{}`", removed.name), context.unset(removed.name)),
        };
        findings
            .report(
                context.place_of(&resolved, &resolved.value),
                format!("Django {} has removed `{}`: {}", removed.since, removed.name, removed.now),
            )
            .setting(removed.name, &resolved)
            .severity(severity)
            .help(removed.help)
            .fix(applicability, title, edits)
            .fix_changes(removed.successor.as_slice());
    }
}

/// The setting of days as the one of seconds that took its place.
fn in_seconds(context: &Context, days: i64) -> Option<Vec<Edit>> {
    let mut edits = context.rename_setting(DAYS, "PASSWORD_RESET_TIMEOUT")?;
    let resolved = context.settings().get(DAYS);
    let source = if days == 1 { "24 * 60 * 60".to_owned() } else { format!("{days} * 24 * 60 * 60") };
    edits.extend(context.rewrite(&resolved.value, &source)?);
    Some(edits)
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
