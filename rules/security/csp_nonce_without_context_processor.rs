//! Finds nonces in a content security policy that no template can write.

use crate::eval::value::{Kind, Value};
use crate::project::security::CSP_MIDDLEWARE;
use crate::project::settings::{Truth, contains};
use crate::rule::{Context, Findings};

const POLICIES: [&str; 2] = ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"];
const PROCESSOR: &str = "django.template.context_processors.csp";

/// Reports policies with `CSP.NONCE` where no template engine has the context processor.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.is_at_least("django", "6.0") {
        return;
    }
    let checks: &[&str] = if settings.is_at_least("django", "6.1") { &["security.W027"] } else { &[] };
    for name in POLICIES.into_iter().filter(|name| settings.names.contains_key(*name)) {
        let resolved = settings.get(name);
        let policies = resolved.value.options();
        let Some((nonce, _)) = policies.iter().find_map(|(when, policy)| Some((nonce(policy)?, when))) else {
            continue;
        };
        let place = context.place_of(&resolved, nonce);
        let is_certain =
            if policies.len() == 1 { Truth::Yes } else { Truth::Unknown("it differs from case to case".into()) };
        let is_missing = match processors(&settings.get("TEMPLATES").value) {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            unknown => unknown,
        };
        let holds = is_missing.and(settings.uses_middleware(CSP_MIDDLEWARE)).and(is_certain);
        if findings.is_certain(&holds, name, Some(place)) {
            let message = format!(
                "`{name}` asks for a nonce that no template can write, since `TEMPLATES` lacks the context processor \
                 `{PROCESSOR}`: browsers block the scripts and styles that it is meant for"
            );
            findings
                .report(place, message)
                .setting(name, &resolved)
                .django_checks(checks)
                .help(format!("add \"{PROCESSOR}\" to `context_processors` in the `OPTIONS` of a template engine"));
            // Django reports both policies as one.
            return;
        }
    }
}

/// The directive of a policy that asks for a nonce for certain.
fn nonce(policy: &Value) -> Option<&Value> {
    const SENTINEL: &str = "<CSP_NONCE_SENTINEL>";
    let is_nonce = |value: &Value| match &value.kind {
        Kind::Symbol(name) => name.as_ref() == "django.utils.csp.CSP.NONCE",
        Kind::Str(text) => text.as_ref() == SENTINEL,
        _ => false,
    };
    policy.as_dict()?.entries.iter().filter(|entry| entry.when.is_always()).find_map(|entry| {
        let value = &entry.value;
        let is_within = value.as_str().is_some_and(|text| text.contains(SENTINEL));
        let is_item = |value: &Value| {
            let items = value.sequence().into_iter().flat_map(|list| &list.items);
            items.filter(|item| item.when.is_always()).any(|item| is_nonce(&item.value))
        };
        (is_nonce(value) || is_within || is_item(value)).then_some(&entry.key)
    })
}

/// Whether some template engine has the context processor.
fn processors(templates: &Value) -> Truth {
    Truth::over(templates, |templates| {
        let Some(engines) = templates.sequence() else { return Truth::Unknown("`TEMPLATES` is not known".into()) };
        let open = engines.open.clone().map_or(Truth::No, Truth::Unknown);
        engines.items.iter().fold(open, |found, engine| {
            let Some(dict) = engine.value.as_dict() else {
                return found.or(Truth::Unknown("a template engine is not known".into()));
            };
            let part = |value: &Value, key: &str| -> Result<Option<Value>, Truth> {
                let Some(dict) = value.as_dict() else {
                    return Err(Truth::Unknown("a template engine is not known in full".into()));
                };
                match (dict.get(key), &dict.open) {
                    (Some(entry), _) => Ok(Some(entry.value.clone())),
                    (None, Some(why)) => Err(Truth::Unknown(why.clone())),
                    (None, None) => Ok(None),
                }
            };
            let options = match dict.get("OPTIONS") {
                Some(entry) => entry.value.clone(),
                None if dict.open.is_some() => return found.or(Truth::Unknown("a template engine is open".into())),
                None => return found,
            };
            found.or(match part(&options, "context_processors") {
                Err(unknown) => unknown,
                Ok(None) => Truth::No,
                Ok(Some(list)) => contains(&list, |entry| entry == PROCESSOR),
            })
        })
    })
}
