//! Finds a `LOGGING` that disables Django's loggers.

use crate::eval::value::Value;
use crate::project::settings::{Truth, truth};
use crate::project::shape::{known, under_key};
use crate::python::edit::Beside;
use crate::rule::{Context, Findings};

const KEY: &str = "disable_existing_loggers";

/// Reports it where that is so in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get("LOGGING");
    let function = settings.get("LOGGING_CONFIG");
    if !resolved.is_set || function.value.as_str() != Some("logging.config.dictConfig") {
        return;
    }
    let place = context.place_of(&resolved, disabling_value(&resolved.value).unwrap_or(&resolved.value));
    if !findings.is_certain(&Truth::over(&resolved.value, disables), "LOGGING", Some(place)) {
        return;
    }
    let edits = match (disabling_value(&resolved.value), version(&resolved.value)) {
        (Some(written), _) => context.rewrite(written, "False"),
        (None, Some(version)) => version.origin.and_then(|place| {
            let entry = format!("{}: False", context.quoted(place.file, KEY));
            context.edit_at(place, |editor, span| {
                editor.is_in_dict(span).then(|| editor.insert_item(Beside::After(span), &entry))?
            })
        }),
        (None, None) => context.add_entry(&resolved.value, false, KEY, "False"),
    };
    findings
        .report(place, "`LOGGING` disables `django.request`, so that the errors of views are logged nowhere")
        .setting("LOGGING", &resolved)
        .help("add `\"disable_existing_loggers\": False`")
        .unsafe_fix("write `\"disable_existing_loggers\": False`", edits);
}

/// The key of the version, behind which people write it.
fn version(logging: &Value) -> Option<&Value> {
    Some(&logging.as_dict()?.get("version")?.key)
}

/// What is written under the key, which is true where it is missing.
fn disabling_value(logging: &Value) -> Option<&Value> {
    Some(&logging.as_dict()?.get(KEY)?.value)
}

fn disables(logging: &Value) -> Truth {
    let Some(dict) = logging.as_dict() else { return known(logging, |_| false) };
    // An empty one is not handed over.
    if dict.entries.is_empty() && dict.open.is_none() {
        return Truth::No;
    }
    let lacks = |name: &str| {
        under_key(dict, "loggers", Truth::Yes, |loggers| match loggers.as_dict() {
            Some(loggers) => under_key(loggers, name, Truth::Yes, |_| Truth::No),
            None => known(loggers, |_| true),
        })
    };
    under_key(dict, KEY, Truth::Yes, truth)
        .and(under_key(dict, "incremental", Truth::Yes, |_| Truth::No))
        .and(lacks("django"))
        .and(lacks("django.request"))
}
