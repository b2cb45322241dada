//! Finds strings where Django goes through a list.

use crate::diagnostic::{Applicability, Severity};
use crate::eval::value::Value;
use crate::project::settings::{Resolved, Truth};
use crate::project::shape::is_string;
use crate::project::template_engines::{DJANGO, engines};
use crate::rule::{Context, Findings, Report};
use crate::source::Place;

const IMPORTED: &str = "Django imports each of its characters as a class and raises `ImportError`";
const ORIGINS: &str = "each of its characters is taken for an origin";
const PART: &str = "each part of it, and an empty address, counts as internal";

/// The settings that are gone through, each with what becomes of a string.
const LISTS: [(&str, &str); 12] = [
    ("AUTHENTICATION_BACKENDS", IMPORTED),
    ("AUTH_PASSWORD_VALIDATORS", "each of its characters is taken for a validator, which raises `TypeError`"),
    ("CSRF_TRUSTED_ORIGINS", ORIGINS),
    ("DATABASE_ROUTERS", IMPORTED),
    ("DISALLOWED_USER_AGENTS", "a character is no regular expression, which raises `AttributeError`"),
    ("FILE_UPLOAD_HANDLERS", IMPORTED),
    ("IGNORABLE_404_URLS", "a character is no regular expression, which raises `AttributeError`"),
    ("INTERNAL_IPS", PART),
    ("MIDDLEWARE", IMPORTED),
    ("PASSWORD_HASHERS", IMPORTED),
    ("SECURE_REDIRECT_EXEMPT", "each of its characters is a pattern, which exempts nearly every path"),
    ("STATICFILES_FINDERS", IMPORTED),
];

/// Reports each that is a string in every case, and the like in `TEMPLATES`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (name, consequence) in LISTS {
        let resolved = settings.get(name);
        if !resolved.is_set {
            continue;
        }
        let place = context.place_of_setting(&resolved);
        let edits = context.put_setting_in_list(&resolved);
        let report = judge(findings, name, name, &resolved, &resolved.value, place, consequence);
        // Paths that a single character exempts are redirected then.
        let applicability = if name == "SECURE_REDIRECT_EXEMPT" { Applicability::Unsafe } else { Applicability::Safe };
        report.map(|report| report.fix(applicability, "make it a list", edits));
    }
    let templates = settings.get("TEMPLATES");
    for engine in engines(settings).into_iter().filter(|engine| engine.backend() == Some(DJANGO)) {
        let dirs = engine.dict.get("DIRS").map(|entry| ("DIRS", entry, "each of its characters is taken for a folder"));
        let options = engine.options();
        let processors = options.and_then(|options| options.get("context_processors"));
        let processors = processors.map(|entry| ("context_processors", entry, IMPORTED));
        for (key, entry, consequence) in [dirs, processors].into_iter().flatten() {
            let title = format!("{key}` in `TEMPLATES");
            let place = context.place_of(&templates, &entry.value);
            let edits = context.put_in_list(&entry.value);
            let report = judge(findings, "TEMPLATES", &title, &templates, &entry.value, place, consequence);
            report.map(|report| report.safe_fix("make it a list", edits));
        }
    }
}

fn judge<'f>(
    findings: &'f mut Findings,
    name: &str,
    title: &str,
    resolved: &Resolved,
    value: &Value,
    place: Place,
    consequence: &str,
) -> Option<Report<'f>> {
    if !findings.is_certain(&Truth::over(value, is_string), name, Some(place)) {
        return None;
    }
    // An empty string has no characters.
    if value.options().iter().all(|(_, option)| option.as_str() == Some("")) {
        return None;
    }
    let report = findings
        .report(place, format!("`{title}` is a string, not a list: {consequence}"))
        .setting(name, resolved)
        .help("write a list, `[…]`, or split the string at its commas: `.split(\",\")`");
    Some(if consequence == PART { report.severity(Severity::Warning) } else { report })
}
