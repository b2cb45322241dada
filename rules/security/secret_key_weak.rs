//! Finds weak values of `SECRET_KEY`.

use crate::rule::{Context, Findings, report_weak_key};

const SETTING: &str = "SECRET_KEY";

/// Reports every key that is written somewhere and that Django calls weak.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    let mut open = None;
    for (when, key) in resolved.value.options() {
        match key.as_str() {
            // Django refuses to sign with that.
            Some("") => {}
            Some(_) => report_weak_key(context, findings, (SETTING, &resolved), "`SECRET_KEY`", (&when, key)),
            None => open = open.or(Some(key)),
        }
    }
    if let Some(key) = open {
        let place = context.place_of(&resolved, key);
        findings.silent(Some(SETTING), "the key is not known", Some(place));
    }
}
