//! An admin that cannot show its pages.

use crate::diagnostic::Severity;
use crate::eval::value::Value;
use crate::project::settings::{Truth, contains};
use crate::project::template_engines::{First, first_engine, option};
use crate::rule::{Context, Findings};

const AUTH: &str = "django.contrib.auth.context_processors.auth";
const NEEDED: [(&str, &str); 3] = [
    (AUTH, "admin.E402"),
    ("django.contrib.messages.context_processors.messages", "admin.E404"),
    ("django.template.context_processors.request", "admin.W411"),
];
/// Backends that inherit from `ModelBackend`, and itself.
const MODEL_BACKENDS: [&str; 5] = [
    "django.contrib.auth.backends.ModelBackend",
    "django.contrib.auth.backends.AllowAllUsersModelBackend",
    "django.contrib.auth.backends.RemoteUserBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "axes.backends.AxesBackend",
];

/// Reports what the admin needs of `TEMPLATES` and does not find there.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !findings.is_certain(&settings.installed("django.contrib.admin"), "INSTALLED_APPS", None) {
        return;
    }
    let templates = settings.get("TEMPLATES");
    let [(_, list)] = templates.value.options()[..] else {
        return findings.silent(Some("TEMPLATES"), "it differs from case to case", templates.value.origin);
    };
    let engine = match first_engine(list) {
        First::Found(engine) => engine,
        First::Unknown(why) => return findings.silent(Some("TEMPLATES"), why, templates.value.origin),
        First::None => {
            let apps = settings.get("INSTALLED_APPS");
            let (name, place) = match templates.is_set {
                true => ("TEMPLATES", context.place_of_setting(&templates)),
                false => ("INSTALLED_APPS", context.place_of_setting(&apps)),
            };
            findings
                .report(place, "the admin needs an engine `DjangoTemplates` in `TEMPLATES`: `manage.py check` fails")
                .setting(name, &settings.get(name))
                .django_checks(&["admin.E403"])
                .help("add `django.template.backends.django.DjangoTemplates` to `TEMPLATES`");
            return;
        }
    };
    let processors = match option(engine, "context_processors") {
        Ok(processors) => processors,
        Err(why) => return findings.silent(Some("TEMPLATES"), why, list.origin),
    };
    let engine_place = list.sequence().and_then(|sequence| sequence.items.first()).and_then(|item| item.value.origin);
    let place = processors.and_then(|list| list.origin).or(engine_place);
    let place = place.unwrap_or_else(|| context.place_of_setting(&templates));
    for (path, id) in NEEDED {
        let mut wrong = lacks(processors, path);
        if path == AUTH {
            wrong = wrong.and(uses_model_backend(&settings.get("AUTHENTICATION_BACKENDS").value));
        }
        let is_warning = id.starts_with("admin.W");
        if (is_warning && !settings.is_at_least("django", "3.1"))
            || !findings.is_certain(&wrong, "TEMPLATES", Some(place))
        {
            continue;
        }
        let effect =
            if is_warning { "its sidebar does not show which page is open" } else { "`manage.py check` fails" };
        findings
            .report(place, format!("the admin needs the context processor `{path}`: {effect}"))
            .severity(if is_warning { Severity::Warning } else { Severity::Error })
            .setting("TEMPLATES", &templates)
            .django_checks(&[id])
            .help(format!("add `\"{path}\"` to `context_processors`"));
    }
}

fn lacks(processors: Option<&Value>, path: &str) -> Truth {
    processors.map_or(Truth::Yes, |list| contains(list, |entry| entry == path).negated())
}

fn uses_model_backend(backends: &Value) -> Truth {
    match contains(backends, |path| MODEL_BACKENDS.contains(&path)) {
        Truth::No => match contains(backends, |_| true) {
            Truth::No => Truth::No,
            _ => Truth::Unknown("a backend may inherit from `ModelBackend`".into()),
        },
        answer => answer,
    }
}
