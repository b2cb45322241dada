//! An `ASGI_APPLICATION` that names nothing.

use crate::diagnostic::Severity;
use crate::rule::{Context, Findings};
use crate::source::{Place, Span};

/// Reports an `ASGI_APPLICATION` whose module or name is not there.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get("ASGI_APPLICATION");
    let Some(text) = resolved.value.as_str().filter(|_| resolved.is_set) else { return };
    let Some(entry) = context.entry().filter(|entry| entry.named_at.is_some()) else { return };
    let Some((problem, right)) = problem(context, text) else { return };
    let has_daphne = settings.installed("daphne");
    let has_channels = settings.installed("channels");
    // Until version 3, the `runserver` of Channels itself read the setting.
    let is_read_by_runserver = has_daphne.is_yes() || has_channels.is_yes() && !settings.is_at_least("channels", "4.0");
    if !has_daphne.clone().or(has_channels).is_yes() {
        return findings.silent(Some("ASGI_APPLICATION"), "neither Daphne nor Channels is known to read it", None);
    }
    let (reader, severity) = match is_read_by_runserver {
        true => ("`manage.py runserver` stops", Severity::Error),
        false => ("what asks Channels for the application, as `manage.py runworker` does, stops", Severity::Warning),
    };
    let place =
        resolved.value.origin.or(entry.named_at).unwrap_or_else(|| context.place_of(&resolved, &resolved.value));
    let message = format!("`ASGI_APPLICATION` {problem}: {reader} with `ImproperlyConfigured`");
    let module = entry.file.filter(|_| !text.contains(':')).map(|file| Place::new(file, Span::default()));
    let report = findings.report(place, message).severity(severity).setting("ASGI_APPLICATION", &resolved);
    let report = report.related(module, "this is the module");
    match right {
        Some(right) => report.help(format!("write `\"{right}\"`")),
        None => report.help("write the dotted path of the application, such as `\"config.asgi.application\"`"),
    };
}

/// What is wrong with the setting, and the path that would be right, where that is known.
fn problem(context: &Context, text: &str) -> Option<(String, Option<String>)> {
    let entry = context.entry()?;
    let found = context.application().map(|application| format!("{}.{}", application.module, application.name));
    if text.contains(':') {
        return Some((format!("is `{text}` with a colon, as servers take it"), Some(text.replace(':', "."))));
    }
    if !text.contains('.') {
        return Some((format!("is `{text}`, which names no module"), found));
    }
    let (module, name) = (&entry.module, &entry.name);
    match (entry.file, entry.is_bound) {
        (None, _) if entry.is_own => Some((format!("names the module `{module}`, which does not exist"), found)),
        (Some(_), Some(false)) => Some((format!("names `{name}`, which `{module}` does not define"), found)),
        _ => None,
    }
}
