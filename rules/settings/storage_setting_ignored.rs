//! Finds the settings of storages that Django 5.1 reads no more.

use crate::diagnostic::{Confidence, Edit, Severity};
use crate::eval::value::Kind;
use crate::project::settings::Truth;
use crate::project::shape::{known, under_key};
use crate::rule::{Context, Findings};
use crate::source::Place;

const STORAGES_SETTING: &str = "STORAGES";

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
    let (severity, confidence) = match settings.requirements.at_least("django", "5.1") {
        Some(_) => (Severity::Error, Confidence::High),
        None => (Severity::Warning, Confidence::Medium),
    };
    let storages = settings.get(STORAGES_SETTING);
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
        let edits = match storages.is_set {
            true => entry(context, name, alias),
            false => dict(context, name),
        };
        findings
            .report(place, format!("Django 5.1 and later ignore `{name}`: {consequence}"))
            .setting(name, &resolved)
            .severity(severity)
            .confidence(confidence)
            .help(format!("write `STORAGES`, with both `\"default\"` and `\"staticfiles\"`; this one is `\"{alias}\"`"))
            .unsafe_fix(format!("move it into `{STORAGES_SETTING}`"), edits)
            .fix_changes(&[STORAGES_SETTING, STORAGES[0].0, STORAGES[1].0]);
    }
}

/// The path that the one statement of an old setting assigns, where nothing else names the setting.
fn written(context: &Context, name: &str) -> Option<(Place, String)> {
    let resolved = context.settings().get(name);
    let [statement] = resolved.history else { return None };
    let is_there = resolved.value.origin.is_some_and(|origin| statement.holds(origin));
    let path = resolved.value.as_str().filter(|_| is_there && !context.is_named_outside(name, resolved.history))?;
    Some((*statement, path.to_owned()))
}

/// The old setting as an entry of `STORAGES` that are there.
fn entry(context: &Context, name: &str, alias: &str) -> Option<Vec<Edit>> {
    let (statement, path) = written(context, name)?;
    let storages = context.settings().get(STORAGES_SETTING);
    let file = storages.value.origin.filter(|place| place.file == statement.file)?.file;
    let [key, path] = ["BACKEND", &path].map(|text| context.quoted(file, text));
    let mut edits = context.add_entry(&storages.value, alias != "default", alias, &format!("{{{key}: {path}}}"))?;
    edits.extend(context.unset(name)?);
    Some(edits)
}

/// `STORAGES` in place of the old setting, or of both.
fn dict(context: &Context, name: &str) -> Option<Vec<Edit>> {
    let settings = context.settings();
    let (first, _) = written(context, name)?;
    let quoted = |text: &str| context.quoted(first.file, text);
    let mut statements = Vec::new();
    let mut lines = String::new();
    for (name, alias, usual) in STORAGES {
        let path = match settings.get(name).is_set {
            true => {
                let (statement, path) = written(context, name)?;
                statements.push((name, statement));
                path
            }
            false => usual.first()?.to_string(),
        };
        lines += &format!("    {}: {{{}: {}}},\n", quoted(alias), quoted("BACKEND"), quoted(&path));
    }
    let ((_, kept), superfluous) = statements.split_first()?;
    let mut edits = context.rename(&[*kept], STORAGES_SETTING)?;
    edits.extend(context.edit_at(*kept, |editor, span| {
        let is_flat = editor.is_at_top(span);
        is_flat.then(|| editor.replace(editor.assigned_value(span)?, &format!("{{\n{lines}}}")))?
    })?);
    for (name, statement) in superfluous {
        edits.extend((statement.file == kept.file).then(|| context.unset(name))??);
    }
    Some(edits)
}
