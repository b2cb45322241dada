//! What the rules about security settings share.

use super::context::Context;
use super::findings::{Findings, Report};
use super::possibilities::origin_note;
use crate::diagnostic::Severity;
use crate::eval::value::{Condition, Value};
use crate::project::security::{SessionIds, look_alike, weakness};
use crate::project::settings::{Resolved, Truth};

/// Reports that a middleware of Django is not in use. Where the name of another, which may be a subclass, has one of
/// `words` in it, this is advice.
pub fn report_missing_middleware<'f>(
    context: &Context,
    findings: &'f mut Findings,
    path: &str,
    words: &[&str],
    consequence: &str,
) -> Option<Report<'f>> {
    let settings = context.settings();
    let resolved = settings.get("MIDDLEWARE");
    let place = context.place_of_setting(&resolved);
    let is_missing = match settings.uses_middleware(path) {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown => unknown,
    };
    if !findings.is_certain(&is_missing, "MIDDLEWARE", Some(place)) {
        return None;
    }
    let name = path.rsplit('.').next().unwrap_or(path);
    let other = look_alike(settings, words);
    let unless = other.map_or(String::new(), |other| format!(", unless `{other}` sees to it"));
    let report = findings
        .report(place, format!("`{name}` is not in `MIDDLEWARE`: {consequence}{unless}"))
        .setting("MIDDLEWARE", &resolved)
        .help(format!("add \"{path}\" to `MIDDLEWARE`"))
        .unsafe_fix(format!("add `\"{path}\"` to `MIDDLEWARE`"), context.add_middleware(path));
    Some(if other.is_some() { report.severity(Severity::Advice) } else { report })
}

/// Reports a flag of the session cookie that is off, where the project uses sessions.
pub fn report_session_cookie(
    context: &Context,
    findings: &mut Findings,
    setting: &str,
    ids: &SessionIds,
    consequence: &str,
) {
    let settings = context.settings();
    let resolved = settings.get(setting);
    let place = context.place_of(&resolved, &resolved.value);
    let is_off = match settings.truth(setting) {
        Truth::Yes => return,
        Truth::No => Truth::Yes,
        unknown => unknown,
    };
    let id = match ids.reported(settings) {
        Ok(None) => return,
        Ok(Some(id)) => id,
        Err(why) => return findings.silent(Some("INSTALLED_APPS"), why.to_string(), Some(place)),
    };
    if !findings.is_certain(&is_off, setting, Some(place)) {
        return;
    }
    let what = if resolved.is_set { "off" } else { "not set" };
    let later = if id == ids.app { ", once `SessionMiddleware` is in use" } else { "" };
    let report = findings
        .report(place, format!("`{setting}` is {what}: {consequence}{later}"))
        .setting(setting, &resolved)
        .django_checks(&[id])
        .help(format!("write `{setting} = True`"))
        .unsafe_fix(format!("write `{setting} = True`"), context.set(setting, "True"));
    // Without the middleware no such cookie is set.
    if id == ids.app {
        report.severity(Severity::Advice);
    }
}

/// Whether Django's checks find what is written there and holds in these cases, where no variable is set.
pub fn is_seen_by_checks(when: &Condition) -> bool {
    when.is_always() || when.when_unset != Some(false)
}

/// Reports a key that Django calls weak.
pub fn report_weak_key(
    context: &Context,
    findings: &mut Findings,
    (setting, resolved): (&str, &Resolved),
    subject: &str,
    (when, key): (&Condition, &Value),
) {
    let Some(why) = key.as_str().and_then(weakness) else { return };
    let report = findings
        .report(
            context.place_of(resolved, key),
            format!("{subject}{} {why}; who guesses it can sign sessions and password reset links", origin_note(when)),
        )
        .setting(setting, resolved)
        .help(
            "read a key from the environment that `django.core.management.utils.get_random_secret_key` made, and give \
             it no default",
        );
    if !is_seen_by_checks(when) {
        report.django_checks(&[]);
    }
}
