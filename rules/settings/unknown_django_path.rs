//! Finds dotted paths below `django` that lead nowhere.

use crate::diagnostic::Applicability;
use crate::eval::value::{Condition, Value};
use crate::project::aliases::aliased;
use crate::project::removed::PATHS;
use crate::project::shape::written_strings;
use crate::project::spelling::nearest;
use crate::project::template_engines::{DJANGO, engines};
use crate::project::{caches, django_paths};
use crate::rule::{Context, Findings, origin_note};

/// The settings that hold one path or a list of them, each with what there is.
const PLAIN: [(&str, &[&str]); 11] = [
    ("AUTHENTICATION_BACKENDS", django_paths::AUTHENTICATION_BACKENDS),
    ("EMAIL_BACKEND", django_paths::EMAIL_BACKENDS),
    ("FILE_UPLOAD_HANDLERS", django_paths::UPLOAD_HANDLERS),
    ("FORM_RENDERER", django_paths::FORM_RENDERERS),
    ("INSTALLED_APPS", django_paths::APPS),
    ("MESSAGE_STORAGE", django_paths::MESSAGE_STORAGES),
    ("MIDDLEWARE", django_paths::MIDDLEWARE),
    ("PASSWORD_HASHERS", django_paths::PASSWORD_HASHERS),
    ("SESSION_ENGINE", django_paths::SESSION_ENGINES),
    ("SESSION_SERIALIZER", django_paths::SESSION_SERIALIZERS),
    ("STATICFILES_FINDERS", django_paths::FINDERS),
];

/// Reports each that is written.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.is_at_least("django", "4.2") {
        return;
    }
    for (name, known) in PLAIN {
        if let Some(setting) = settings.names.get(name) {
            judge(context, findings, name, known, written_strings(&setting.value));
        }
    }
    for (name, known) in [("CACHES", &caches::BACKENDS[..]), ("STORAGES", django_paths::STORAGES)] {
        for held in aliased(settings, name) {
            judge(context, findings, name, known, held.backends());
        }
    }
    for engine in engines(settings).iter().filter(|engine| engine.backend() == Some(DJANGO)) {
        for (when, entry) in engine.option_entries() {
            let known = match entry.key.as_str() {
                Some("context_processors") => django_paths::CONTEXT_PROCESSORS,
                Some("loaders") => django_paths::LOADERS,
                _ => continue,
            };
            let strings = written_strings(&entry.value).into_iter();
            let strings = strings.map(|(inner, value)| (when.narrowed_by(&inner), value)).collect();
            judge(context, findings, "TEMPLATES", known, strings);
        }
    }
}

fn judge(context: &Context, findings: &mut Findings, setting: &str, known: &[&str], strings: Vec<(Condition, &Value)>) {
    // `django.forms` is an app too.
    let root = if setting == "INSTALLED_APPS" { "django.contrib." } else { "django." };
    for (when, value) in strings {
        let Some(path) = value.as_str().filter(|path| path.starts_with(root) && !known.contains(path)) else {
            continue;
        };
        if PATHS.iter().any(|removed| removed.matches(path).is_some()) {
            continue;
        }
        let resolved = context.settings().get(setting);
        let last = path.rsplit('.').next().unwrap_or(path);
        let near = || nearest(path, known.iter().copied(), |known| known.len() / 5);
        let within = || known.iter().find(|known| known.starts_with(&format!("{path}."))).copied();
        let above = || path.rsplit_once('.').map(|(module, _)| module).filter(|module| known.contains(module));
        let of_name = || known.iter().find(|known| known.rsplit('.').next() == Some(last)).copied();
        let meant = within().or_else(above).or_else(of_name).or_else(near);
        // A letter or two are a slip; another name is a guess.
        let is_slip = nearest(path, meant, |_| 2).is_some();
        let applicability = if is_slip { Applicability::Safe } else { Applicability::Unsafe };
        let edits = meant.and_then(|meant| context.rewrite_string(value, meant));
        let help = match meant {
            Some(meant) => format!("write `{meant}`"),
            None => "write the path of what is meant".to_owned(),
        };
        findings
            .report(
                context.place_of(&resolved, value),
                format!("Django has no `{path}`{}: importing it for `{setting}` fails", origin_note(&when)),
            )
            .setting(setting, &resolved)
            .help(help)
            .fix(applicability, format!("write `{}`", meant.unwrap_or_default()), edits);
    }
}
