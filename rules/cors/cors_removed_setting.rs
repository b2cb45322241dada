//! Settings that django-cors-headers refuses.

use crate::diagnostic::Applicability;
use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

const REMOVED: [(&str, &str, &str, &str); 2] = [
    ("CORS_MODEL", "3.0", "corsheaders.E012", "allow the origins by the signal `check_request_enabled`, and remove it"),
    (
        "CORS_REPLACE_HTTPS_REFERER",
        "4.0",
        "corsheaders.E013",
        "list the origins in `CSRF_TRUSTED_ORIGINS`, and remove it",
    ),
];

/// Reports each setting that exists no more.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (name, version, id, help) in REMOVED {
        if !settings.names.contains_key(name) || !settings.is_at_least("django-cors-headers", version) {
            continue;
        }
        let resolved = settings.get(name);
        let place = context.place_of_setting(&resolved);
        if findings.is_certain(&settings.installed("corsheaders"), name, Some(place)) {
            // What is off is missed by nobody.
            let applicability = match settings.truth(name) {
                Truth::No => Applicability::Safe,
                _ => Applicability::Unsafe,
            };
            let is_read = context.is_named_outside(name, resolved.history);
            let edits = if is_read { None } else { context.unset(name) };
            findings
                .report(
                    place,
                    format!("`{name}` does not exist since django-cors-headers {version}: `manage.py check` fails"),
                )
                .setting(name, &resolved)
                .django_checks(&[id])
                .help(help)
                .fix(applicability, format!("remove `{name}`"), edits);
        }
    }
}
