//! Finds names that are those of settings but for their case.

use crate::rule::{Context, Findings};
use crate::source::Place;

/// Reports each that nothing else names, where the setting itself is not set.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (name, statements) in &settings.misnamed {
        let meant = name.to_uppercase();
        let is_assignment = |place: &Place| context.text_at(*place).starts_with(name.as_ref());
        let Some(place) = statements.last().copied().filter(is_assignment) else { continue };
        if settings.get(&meant).is_set || context.is_named_outside(name, statements) {
            continue;
        }
        if let Some(why) = &settings.open {
            findings.silent(Some(&meant), why.to_string(), Some(place));
            continue;
        }
        findings
            .report(
                place,
                format!("`{name}` is no setting, as Django takes names in capitals only; `{meant}` is not set"),
            )
            .help(format!("write `{meant}`"))
            .unsafe_fix(format!("write `{meant}`"), context.rename(statements, &meant))
            .fix_changes(&[&meant]);
    }
}
