//! Settings that Django takes for true or false and that hold a string.

use std::sync::OnceLock;

use regex::Regex;

use crate::diagnostic::Severity;
use crate::eval::value::{Kind, Value, brief};
use crate::project::security::{FLAGS, flag_checks, is_reported_as_off, text_of_variable};
use crate::project::settings::Resolved;
use crate::rule::{Context, Findings};

/// Further settings that Django asks the truth of; of those in [`FLAGS`] that hold text `flag-not-a-bool` tells.
const OTHER_FLAGS: [&str; 10] = [
    "APPEND_SLASH",
    "DEBUG",
    "DEBUG_PROPAGATE_EXCEPTIONS",
    "EMAIL_USE_LOCALTIME",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "PREPEND_WWW",
    "USE_I18N",
    "USE_THOUSAND_SEPARATOR",
    "USE_TZ",
];
/// What django-cors-headers does; `cors-setting-of-wrong-type` tells of text.
const CORS_FLAGS: [&str; 3] = ["CORS_ALLOW_ALL_ORIGINS", "CORS_ALLOW_CREDENTIALS", "CORS_ORIGIN_ALLOW_ALL"];

/// Reports each of these settings that holds the text of an environment variable, or the truth of that text.
pub fn check(context: &Context, findings: &mut Findings) {
    for name in OTHER_FLAGS.into_iter().chain(FLAGS).chain(CORS_FLAGS) {
        let resolved = context.settings().get(name);
        if resolved.is_set {
            judge(context, findings, name, &resolved);
        }
    }
}

fn judge(context: &Context, findings: &mut Findings, name: &str, resolved: &Resolved) {
    let options = resolved.value.options();
    let read = options.iter().find_map(|(_, value)| text_of_variable(value)).filter(|_| OTHER_FLAGS.contains(&name));
    let by_truth = || truth_of_variable(context, &resolved.value);
    let Some(variable) = read.map(str::to_owned).or_else(by_truth) else { return };
    let default = options.iter().find(|(when, value)| {
        !when.unset_variables().is_empty() && value.as_str().is_some_and(|text| !text.is_empty())
    });
    let place = context.place_of(resolved, &resolved.value);
    let (message, severity) = match (default, read.is_some()) {
        (Some((_, default)), _) => (
            format!(
                "`{name}` is the text of {variable}, or {}: a string that is not empty counts as true, so that it is \
                 always on",
                brief(default)
            ),
            Severity::Error,
        ),
        (None, true) => (
            format!("`{name}` is the text of {variable}: `{variable}=False` counts as true and switches it on"),
            Severity::Warning,
        ),
        (None, false) => (
            format!("`{name}` is whether {variable} holds any text: `{variable}=False` switches it on"),
            Severity::Warning,
        ),
    };
    let checks = match is_reported_as_off(&resolved.value) {
        true => flag_checks(context.settings(), name).ok().flatten().unwrap_or_default(),
        false => Vec::new(),
    };
    let help = format!(
        "compare the text, `os.environ.get(\"{variable}\") == \"True\"`, or let a library read the truth of it"
    );
    findings
        .report(place, message)
        .severity(severity)
        .setting(name, resolved)
        .django_checks(&checks)
        .help(help)
        .unsafe_fix("read the truth of the text", context.change_source(resolved, cast));
}

/// The same reading of a variable, with the truth of the text that it gives.
fn cast(source: &str) -> Option<String> {
    static READING: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = r#"^([\w.]+)([\(\[])\s*("\w+"|'\w+')(?:\s*,\s*((?:default=)?)(True|False|"\w*"|'\w*'))?\s*[\)\]]$"#;
    let reading = READING.get_or_init(|| Regex::new(pattern).ok()).as_ref()?;
    let bare = source.strip_prefix("bool(").and_then(|source| source.strip_suffix(')')).unwrap_or(source);
    let parts = reading.captures(bare)?;
    let part = |index| parts.get(index).map_or("", |part| part.as_str());
    let (reader, open, name, keyword, default) = (part(1), part(2), part(3), part(4), part(5));
    let quote = &name[..1];
    let text = default.trim_matches(['"', '\'']);
    let with = |default: &str| if default.is_empty() { String::new() } else { format!(", {keyword}{default}") };
    if ["os.environ.get", "environ.get", "os.getenv", "getenv", "os.environ", "environ"].contains(&reader) {
        // What is compared with a text is a text.
        let default = if default.is_empty() { String::new() } else { format!("{quote}{text}{quote}") };
        let close = if open == "[" { "]" } else { ")" };
        return Some(format!("{reader}{open}{name}{}{close} == {quote}True{quote}", with(&default)));
    }
    if !matches!(text, "" | "True" | "False") || open == "[" || bare != source {
        return None;
    }
    let is_env = !reader.contains('.') && reader.to_lowercase().contains("env");
    match reader.strip_suffix(".str").or(is_env.then_some(reader)) {
        Some(env) => Some(format!("{env}.bool({name}{})", with(text))),
        None if reader == "config" => Some(format!("config({name}{}, cast=bool)", with(text))),
        None => None,
    }
}

/// The variable of `bool(os.environ.get("X"))`.
fn truth_of_variable(context: &Context, value: &Value) -> Option<String> {
    static TRUTH: OnceLock<Option<Regex>> = OnceLock::new();
    let text = context.text_at(value.origin?);
    // Few are written so, and the pattern takes long to compile.
    text.strip_prefix("bool(")?;
    // `DEBUG` is taken to be off, so that nothing is left of the value that it is read from.
    let truth = TRUTH.get_or_init(|| {
        Regex::new(r#"^bool\(\s*(?:os\.)?(?:environ\.get\(|getenv\(|environ\[)\s*["'](\w+)["'][^()\[\]]*[)\]]\s*\)$"#)
            .ok()
    });
    let variable = truth.as_ref()?.captures(&text)?.get(1)?.as_str();
    let is_read = match &value.kind {
        Kind::Either(either) => either.variables.iter().any(|read| read.as_ref() == variable),
        Kind::Bool(_) => true,
        _ => false,
    };
    is_read.then(|| variable.to_owned())
}
