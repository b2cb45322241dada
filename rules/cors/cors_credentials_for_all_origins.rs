//! Answers to a visitor that every site may read.

use crate::diagnostic::Severity;
use crate::project::cors::{ALL_ORIGINS, effective, is_used};
use crate::project::settings::{Truth, truth};
use crate::rule::{Context, Findings};

const SETTING: &str = "CORS_ALLOW_CREDENTIALS";

/// Reports `CORS_ALLOW_CREDENTIALS` where every origin is allowed.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let (all, all_origins) = effective(settings, ALL_ORIGINS);
    let credentials = settings.get(SETTING);
    if !credentials.is_set || !all_origins.is_set {
        return;
    }
    let wrong = settings.truth(SETTING).and(truth(&all_origins.value)).and(is_used(settings));
    if !findings.is_certain(&wrong, all, all_origins.value.origin) {
        return;
    }
    let same_site = settings.get("SESSION_COOKIE_SAMESITE");
    let is_kept = Truth::over(&same_site.value, |value| match value.as_str() {
        Some(text) => Truth::known(["lax", "strict"].contains(&text.to_ascii_lowercase().as_str())),
        None => Truth::No,
    });
    let (severity, whose) = match is_kept {
        Truth::No => (Severity::Error, "the session cookie of their visitors too"),
        _ => (Severity::Warning, "whatever a browser sends along"),
    };
    findings
        .report(
            context.place_of_setting(&credentials),
            format!("`{SETTING}` and `{all}` let every site read the answers to requests with credentials: {whose}"),
        )
        .severity(severity)
        .setting(SETTING, &credentials)
        .related(Some(context.place_of_setting(&all_origins)), "every origin is allowed")
        .help("list the origins in `CORS_ALLOWED_ORIGINS`; if the API is for everyone, leave the credentials out");
}
