//! Pages that may send requests, and whose WebSockets are refused.

use crate::diagnostic::Confidence;
use crate::eval::value::Value;
use crate::project::asgi::application::WrapperKind;
use crate::project::hosts::origin_patterns::Origin;
use crate::project::settings::Resolved;
use crate::rule::{Context, Findings};

/// Looks for trusted origins that no entry of `ALLOWED_HOSTS` matches where that alone decides about WebSockets.
pub fn check(context: &Context, findings: &mut Findings) {
    let sockets = context.sockets();
    let by_hosts = sockets
        .iter()
        .map(|socket| socket.validators().find(|validator| matches!(validator.kind, WrapperKind::AllowedHosts)));
    // Where some socket has no such validator, a page may mean that one.
    let Some(validators) = by_hosts.collect::<Option<Vec<_>>>() else { return };
    let Some(validator) = validators.first() else { return };
    let allowed = context.settings().get("ALLOWED_HOSTS");
    let Some(hosts) = known_strings(&allowed.value) else {
        return findings.silent(Some("ALLOWED_HOSTS"), "not all of its entries are known", validator.place);
    };
    let csrf = context.settings().get("CSRF_TRUSTED_ORIGINS");
    let cors = ["CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"].map(|name| context.settings().get(name));
    let by_cors: Vec<(&Value, Origin)> = cors.iter().flat_map(origins).collect();
    let by_csrf = origins(&csrf);
    let mut seen: Vec<&str> = Vec::new();
    for (value, origin) in by_csrf.iter().chain(&by_cors) {
        let is_matched = hosts.iter().any(|pattern| origin.is_matched_by(pattern));
        let is_named_twice = [&by_csrf, &by_cors].iter().all(|list| list.iter().any(|(_, other)| other == origin));
        let is_own = is_named_twice || hosts.iter().any(|host| is_sibling(&origin.host, host));
        if is_matched || !is_own || origin.is_local() || seen.contains(&origin.host.as_str()) {
            continue;
        }
        seen.push(&origin.host);
        let Some(place) = value.origin else { continue };
        let host = &origin.host;
        let text = value.as_str().unwrap_or(host);
        findings
            .report(
                place,
                format!(
                    "pages of `{text}` may send requests, but their WebSockets are refused with 403: \
                     `AllowedHostsOriginValidator` finds `{host}` in no entry of `ALLOWED_HOSTS`"
                ),
            )
            .confidence(Confidence::Medium)
            .setting("ALLOWED_HOSTS", &allowed)
            .related(allowed.history.last().copied(), "the hosts whose pages may open WebSockets")
            .related(validator.place, "the validator")
            .help(format!(
                "use `OriginValidator(…, [\"{}://{host}\", …])` with all origins that open WebSockets, or add `{host}` \
                 to `ALLOWED_HOSTS`",
                origin.scheme
            ));
    }
}

/// The strings of a list that is known to the last one.
fn known_strings(value: &Value) -> Option<Vec<&str>> {
    let items = value.sequence().filter(|items| items.open.is_none() && !items.items.is_empty())?;
    items.items.iter().map(|item| item.value.as_str().filter(|_| item.when.is_always())).collect()
}

fn origins<'v>(list: &'v Resolved<'_>) -> Vec<(&'v Value, Origin)> {
    let items = list.value.sequence().map(|items| items.items.as_slice()).unwrap_or_default();
    items.iter().filter_map(|item| Some((&item.value, Origin::parse(item.value.as_str()?)?))).collect()
}

/// Whether an origin's host stands beside, above or below an allowed host: they end in the same name, which is at least
/// one label longer than a suffix under which anyone can register.
fn is_sibling(host: &str, allowed: &str) -> bool {
    let site = |host: &str| -> Option<String> {
        let labels: Vec<&str> = host.trim_start_matches('.').split('.').collect();
        let (top, rest) = labels.split_last()?;
        let (second, _) = rest.split_last()?;
        let is_public = SHARED.contains(second) || top.len() == 2 && second.len() <= 3;
        let count = if is_public { 3 } else { 2 };
        let start = labels.len().checked_sub(count)?;
        Some(labels[start..].join("."))
    };
    let is_address = host.split('.').all(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    !is_address && site(host).is_some_and(|of_host| site(&allowed.to_lowercase()).as_ref() == Some(&of_host))
}

/// Second-level names under which providers give names to anyone.
const SHARED: [&str; 20] = [
    "amazonaws",
    "appspot",
    "azurewebsites",
    "cloudfront",
    "elasticbeanstalk",
    "firebaseapp",
    "fly",
    "github",
    "gitlab",
    "herokuapp",
    "netlify",
    "ngrok",
    "ngrok-free",
    "onrender",
    "ondigitalocean",
    "pages",
    "railway",
    "run",
    "vercel",
    "web",
];
