//! Keys that Simple JWT refuses.

use crate::diagnostic::Edit;
use crate::eval::value::Entry;
use crate::project::rest::{SETTING as REST, entries};
use crate::project::settings::{Resolved, Settings, contains};
use crate::rule::{Context, Findings, origin_note};

const SETTING: &str = "SIMPLE_JWT";
const REMOVED: [(&str, &str); 4] = [
    ("AUTH_HEADER_TYPE", "rename it to `AUTH_HEADER_TYPES`, a tuple"),
    ("AUTH_TOKEN_CLASS", "rename it to `AUTH_TOKEN_CLASSES`, a tuple"),
    ("SECRET_KEY", "rename it to `SIGNING_KEY`"),
    ("TOKEN_BACKEND_CLASS", "remove it"),
];

/// Reports every written key that Simple JWT refuses.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    if resolved.is_set && resolved.value.options().iter().any(|(_, value)| value.as_dict().is_none()) {
        findings.silent(Some(SETTING), "the value is not known", resolved.value.origin);
    }
    for entry in entries(&resolved) {
        let Some((key, help)) = REMOVED.iter().find(|(key, _)| entry.key.as_str() == Some(key)) else { continue };
        let place = context.place_of(&resolved, &entry.key);
        if !is_used(settings) || !settings.is_at_least("djangorestframework-simplejwt", "4.0") {
            findings.silent(Some(SETTING), "nothing shows that Simple JWT is in use", Some(place));
            continue;
        }
        findings
            .report(
                place,
                format!(
                    "`{key}` in `{SETTING}`{} was removed: Simple JWT raises `RuntimeError`",
                    origin_note(&entry.when)
                ),
            )
            .setting(SETTING, &resolved)
            .help(*help)
            .safe_fix(*help, fix(context, &resolved, entry, key));
    }
}

/// The key by its newer name. Two of them hold a tuple now.
fn fix(context: &Context, resolved: &Resolved, entry: &Entry, key: &str) -> Option<Vec<Edit>> {
    let dict = resolved.value.as_dict()?;
    let (new, is_tuple) = match key {
        "AUTH_HEADER_TYPE" => ("AUTH_HEADER_TYPES", true),
        "AUTH_TOKEN_CLASS" => ("AUTH_TOKEN_CLASSES", true),
        "SECRET_KEY" => ("SIGNING_KEY", false),
        _ => return context.remove_entry(entry),
    };
    let mut edits = context.rename_key(dict, entry, new)?;
    if is_tuple && entry.value.sequence().is_none() {
        entry.value.as_str()?;
        edits.extend(context.wrap(&entry.value, "(", ",)")?);
    }
    Some(edits)
}

fn is_used(settings: &Settings) -> bool {
    let rest = settings.get(REST);
    let authenticates = entries(&rest).into_iter().any(|entry| {
        entry.key.as_str() == Some("DEFAULT_AUTHENTICATION_CLASSES")
            && contains(&entry.value, |path| path.starts_with("rest_framework_simplejwt.")).is_yes()
    });
    let apps = settings.get("INSTALLED_APPS");
    let is_installed = contains(&apps.value, |app| app.starts_with("rest_framework_simplejwt")).is_yes();
    authenticates || is_installed || settings.requirements.get("djangorestframework-simplejwt").is_some()
}
