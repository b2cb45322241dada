//! Finds weak values of `SECRET_KEY`.

use crate::rule::{Context, Findings, report_weak_key};

const SETTING: &str = "SECRET_KEY";

/// Reports every key that is written somewhere and that Django calls weak.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    let mut open = None;
    for (when, key) in resolved.value.options() {
        let subject = format!("`{SETTING}`");
        report_weak_key(context, findings, (SETTING, &resolved), &subject, (&when, key));
        open = open.or((key.as_str().is_none()).then_some(key));
    }
    if let Some(key) = open {
        let place = context.place_of(&resolved, key);
        findings.silent(Some(SETTING), "the key is not known", Some(place));
    }
}
