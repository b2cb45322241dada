//! Domains of cookies that are no hosts.

use crate::rule::{Context, Findings, origin_note};

const SETTINGS: [&str; 3] = ["SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN"];

/// Reports each written domain that no host has.
pub fn check(context: &Context, findings: &mut Findings) {
    for name in SETTINGS {
        let resolved = context.settings().get(name);
        for (when, value) in resolved.value.options() {
            let Some(text) = value.as_str() else {
                if value.type_name() != "None" && resolved.is_set {
                    findings.silent(Some(name), "the domain is not known", value.origin);
                }
                continue;
            };
            let Some((why, help, meant)) = fault(text) else { continue };
            let note = origin_note(&when);
            let edits = meant.and_then(|host| context.rewrite_string(value, host));
            findings
                .report(
                    context.place_of(&resolved, value),
                    format!("`{text}` in `{name}`{note} {why}: it is no host's name, and browsers refuse the cookie"),
                )
                .setting(name, &resolved)
                .help(help)
                .safe_fix(format!("write `{}`", meant.unwrap_or_default()), edits);
        }
    }
}

/// What is wrong with a domain, what to do, and the host that is meant, where that is evident.
fn fault(text: &str) -> Option<(&'static str, String, Option<&str>)> {
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split(['/', ':', ',', ' ', '?', '#']).find(|part| !part.is_empty()).unwrap_or_default();
    let host = host.trim_start_matches('*');
    let meant = Some(host).filter(|host| !host.contains('*') && host.chars().any(char::is_alphanumeric));
    let write = match host {
        "" => "write the name of the host alone".to_owned(),
        host => format!("write `\"{host}\"`"),
    };
    match () {
        () if text.contains(',') && text.contains("://") => Some(("has a scheme", write, None)),
        () if text.contains("://") => Some(("has a scheme", write, meant)),
        () if text.contains(',') => {
            Some(("holds several domains", "name the one domain that all hosts are below".to_owned(), None))
        }
        () if text.contains('*') => Some(("has a wildcard", write, meant)),
        () if text.contains('/') => Some(("has a path", write, meant)),
        () if text.contains(char::is_whitespace) => {
            Some(("has a blank", write, meant.filter(|host| *host == text.trim())))
        }
        () if text.contains(':') => Some(("has a port", write, meant)),
        () => None,
    }
}
