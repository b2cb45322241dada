//! Trusted origins that anyone on the way can change.

use crate::rule::{Context, Findings, origin_note, written_items};

const SETTING: &str = "CSRF_TRUSTED_ORIGINS";

/// Reports each written origin over plain HTTP, where the site is on https.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.is_at_least("django", "4.0") {
        return;
    }
    let resolved = settings.get(SETTING);
    let items = written_items(&resolved.value);
    let wrong: Vec<_> = items.iter().filter(|(_, item)| item.as_str().is_some_and(is_plain_http)).collect();
    let is_https = settings.truth("SECURE_SSL_REDIRECT").or(settings.truth("SESSION_COOKIE_SECURE"));
    if wrong.is_empty() || !findings.is_certain(&is_https, "SECURE_SSL_REDIRECT", None) {
        return;
    }
    for (when, item) in wrong {
        let text = item.as_str().unwrap_or_default();
        let secure = text.replacen("http://", "https://", 1);
        let (title, edits) = match items.iter().any(|(_, other)| other.as_str() == Some(&secure)) {
            true => ("remove it".to_owned(), context.remove_from_list(item)),
            false => (format!("write `{secure}`"), context.rewrite_string(item, &secure)),
        };
        findings
            .report(
                context.place_of(&resolved, item),
                format!(
                    "`{text}` in `{SETTING}`{} lets pages over plain HTTP, which anyone on the way can change, post to the \
                     site",
                    origin_note(when)
                ),
            )
            .setting(SETTING, &resolved)
            .help("leave the entry out, or write `https://`")
            .unsafe_fix(title, edits);
    }
}

/// Whether an origin is over plain HTTP, and of a host with a name that others can reach.
fn is_plain_http(origin: &str) -> bool {
    let Some(rest) = origin.strip_prefix("http://") else { return false };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let is_address = host.starts_with('[') || host.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_local =
        host == "localhost" || [".localhost", ".local", ".test", ".internal"].iter().any(|end| host.ends_with(end));
    host.contains('.') && !is_address && !is_local
}
