//! A host to redirect to that is none.

use crate::eval::value::Kind;
use crate::project::middleware::SECURITY;
use crate::rule::{Context, Findings, origin_note};

const SETTING: &str = "SECURE_SSL_HOST";

/// Reports each written value with a scheme or a path.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let options = resolved.value.options();
    if !options.iter().any(|(_, value)| value.as_str().is_none_or(|text| text.contains('/'))) || !resolved.is_set {
        return;
    }
    let is_used = settings.truth("SECURE_SSL_REDIRECT").and(settings.uses_middleware(SECURITY));
    if !findings.is_certain(&is_used, "SECURE_SSL_REDIRECT", None) {
        return;
    }
    for (when, value) in options {
        if matches!(value.kind, Kind::Bool(true)) {
            findings
                .report(
                    context.place_of(&resolved, value),
                    format!("`{SETTING}` is `True`: the redirect goes to `https://True/…`"),
                )
                .setting(SETTING, &resolved)
                .help("write the host, or leave the setting out to keep that of the request");
            continue;
        }
        let Some(text) = value.as_str() else {
            if !matches!(value.kind, Kind::None | Kind::Bool(_)) {
                findings.silent(Some(SETTING), "the host is not known", value.origin);
            }
            continue;
        };
        if !text.contains('/') {
            continue;
        }
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let host = rest.split('/').find(|part| !part.is_empty()).unwrap_or_default();
        let what = if text.contains("://") { "a scheme" } else { "a path" };
        findings
            .report(
                context.place_of(&resolved, value),
                format!(
                    "`{text}` in `{SETTING}`{} has {what}: the redirect goes to `https://{text}/…`",
                    origin_note(&when)
                ),
            )
            .setting(SETTING, &resolved)
            .help(format!("write `\"{host}\"`"))
            .safe_fix("write the host alone", context.rewrite_string(value, host).filter(|_| !host.is_empty()));
    }
}
