//! Connections to Redis with TLS that take any certificate.

use crate::diagnostic::Severity;
use crate::eval::value::{Entry, Kind};
use crate::project::redis::text::Scheme;
use crate::project::redis::urls::RedisUrl;
use crate::project::url::{HOLE, SplitUrl};
use crate::rule::{Context, Fault, Findings, report_urls};

const NAME: &str = "ssl_cert_reqs";

/// Looks for `ssl_cert_reqs` that ask for no certificate, in and beside each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    let before = findings.found.len();
    report_urls(context, findings, fault);
    // Heroku's certificates are signed by itself, and its documentation says to do this.
    let is_heroku = context.deployment().platforms.iter().any(|platform| platform.what.name == "heroku");
    if is_heroku {
        for finding in &mut findings.found[before..] {
            finding.severity = Severity::Advice;
        }
    }
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let scheme = Scheme::of(&url.text).name();
    if scheme.as_deref() != Some("rediss") && !url.text.starts_with(HOLE) {
        return None;
    }
    let parts = SplitUrl::parse(&url.text).ok()?;
    let written = parts.options().into_iter().find(|(name, _)| name == NAME).map(|(_, value)| value);
    if let Some(value) = written {
        let is_none = matches!(value.as_str(), "none" | "CERT_NONE");
        let is_known = is_none && (!url.client.is_redis_py() || value == "none");
        return is_known.then(|| fault_of(&format!("{shown} has `{NAME}={value}`"), url));
    }
    let entry = url.options.entries.iter().find(|entry| entry.key.as_str() == Some(NAME))?;
    let value = none_text(entry)?;
    let fault = fault_of(&format!("`{NAME}` is `{value}` beside {shown}"), url);
    Some(fault.at(entry.key.origin.or(entry.value.origin)))
}

fn fault_of(what: &str, url: &RedisUrl) -> Fault {
    Fault::new(
        format!(
            "{what}: {} takes any certificate, so that whoever is on the way can read and change what is sent",
            url.client.title()
        ),
        "give the certificate of the authority, `ssl_ca_certs`, and leave `ssl_cert_reqs` out",
    )
}

/// How an option says that no certificate is asked for.
fn none_text(entry: &Entry) -> Option<&'static str> {
    match &entry.value.kind {
        Kind::None => Some("None"),
        Kind::Str(text) if text.as_ref() == "none" => Some("none"),
        Kind::Symbol(name) if name.as_ref() == "ssl.CERT_NONE" => Some("ssl.CERT_NONE"),
        _ => None,
    }
}
