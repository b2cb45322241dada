//! Finds weak items of `SECRET_KEY_FALLBACKS`.

use crate::rule::{Context, Findings, report_weak_key, written_items};

const SETTING: &str = "SECRET_KEY_FALLBACKS";

/// Reports every key that is written somewhere and that Django calls weak.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    // Django 4.1 is the first that reads it.
    if !settings.is_at_least("django", "4.1") {
        return;
    }
    let resolved = settings.get(SETTING);
    let mut open =
        resolved.value.options().into_iter().any(|(_, list)| list.sequence().is_none_or(|list| list.open.is_some()));
    for (when, key) in written_items(&resolved.value) {
        let subject = format!("a key in `{SETTING}`");
        report_weak_key(context, findings, (SETTING, &resolved), &subject, (&when, key));
        open |= key.as_str().is_none();
    }
    if open {
        findings.silent(Some(SETTING), "not every key is known", Some(context.place_of_setting(&resolved)));
    }
}
