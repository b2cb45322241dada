//! Finds the settings of storages that Django 5.1 reads no more.

use crate::diagnostic::Confidence;
use crate::eval::value::Kind;
use crate::project::settings::Truth;
use crate::project::shape::{known, under_key};
use crate::rule::{Context, Findings};

/// The old settings, each with its entry in `STORAGES` and what Django has there.
const STORAGES: [(&str, &str, &[&str]); 2] = [
    (
        "DEFAULT_FILE_STORAGE",
        "default",
        &["django.core.files.storage.FileSystemStorage", "django.core.files.storage.filesystem.FileSystemStorage"],
    ),
    ("STATICFILES_STORAGE", "staticfiles", &["django.contrib.staticfiles.storage.StaticFilesStorage"]),
];

/// Reports each that names another storage than Django's own in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.is_at_least("django", "5.1") {
        return;
    }
    let confidence = match settings.requirements.at_least("django", "5.1") {
        Some(_) => Confidence::High,
        None => Confidence::Medium,
    };
    let storages = settings.get("STORAGES");
    for (name, alias, usual) in STORAGES {
        let resolved = settings.get(name);
        if !resolved.is_set {
            continue;
        }
        let place = context.place_of_setting(&resolved);
        let is_succeeded = match storages.is_set {
            false => Truth::No,
            true => Truth::over(&storages.value, |value| match value.as_dict() {
                Some(dict) => under_key(dict, alias, Truth::No, |_| Truth::Yes),
                None => known(value, |_| false),
            }),
        };
        let is_another = Truth::over(&resolved.value, |value| match value.kind {
            Kind::Missing => Truth::No,
            _ => known(value, |value| value.as_str().is_some_and(|path| !usual.contains(&path))),
        });
        let is_lost = match is_succeeded {
            Truth::Yes => Truth::No,
            Truth::No => is_another,
            open @ Truth::Unknown(_) => is_another.and(open),
        };
        if !findings.is_certain(&is_lost, name, Some(place)) {
            continue;
        }
        let consequence = match alias {
            "default" => "uploaded files go to the disk of the server",
            _ => "static files are stored by `StaticFilesStorage`",
        };
        findings
            .report(place, format!("Django 5.1 and later ignore `{name}`: {consequence}"))
            .setting(name, &resolved)
            .confidence(confidence)
            .help(format!(
                "write `STORAGES`, with both `\"default\"` and `\"staticfiles\"`; this one is `\"{alias}\"`"
            ));
    }
}
