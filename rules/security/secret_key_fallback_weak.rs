//! Finds weak items of `SECRET_KEY_FALLBACKS`.

use crate::diagnostic::Severity;
use crate::rule::{Context, Findings, is_seen_by_checks, origin_note, report_weak_key, written_items};

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
        match key.as_str() {
            Some("") => {
                let message = format!(
                    "a key in `{SETTING}`{} is empty: password reset tokens that are made with it are accepted",
                    origin_note(&when)
                );
                let report = findings
                    .report(context.place_of(&resolved, key), message)
                    .severity(Severity::Advice)
                    .setting(SETTING, &resolved)
                    .help("leave empty keys out: `[key for key in keys if key]`");
                if !is_seen_by_checks(&when) {
                    report.django_checks(&[]);
                }
            }
            Some(_) => {
                let subject = format!("a key in `{SETTING}`");
                report_weak_key(context, findings, (SETTING, &resolved), &subject, (&when, key));
            }
            None => open = true,
        }
    }
    if open {
        findings.silent(Some(SETTING), "not every key is known", Some(context.place_of_setting(&resolved)));
    }
}
