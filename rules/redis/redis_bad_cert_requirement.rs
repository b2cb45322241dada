//! An `ssl_cert_reqs` that the client does not know, or that it misses.

use crate::diagnostic::Applicability;
use crate::eval::value::Kind;
use crate::project::redis::client::Client;
use crate::project::redis::text::Scheme;
use crate::project::redis::urls::RedisUrl;
use crate::project::url::{HOLE, SplitUrl};
use crate::rule::{Context, Fault, Findings, report_urls};

const NAME: &str = "ssl_cert_reqs";
/// `redis/connection.py` and `redis/asyncio/connection.py`, `CERT_REQS`.
const REDIS_PY: [&str; 3] = ["none", "optional", "required"];
/// `kombu/utils/url.py`, `parse_ssl_cert_reqs`; `celery/backends/redis.py`, `RedisBackend.__init__`.
const CELERY: [&str; 6] = ["CERT_NONE", "CERT_OPTIONAL", "CERT_REQUIRED", "none", "optional", "required"];

/// Judges `ssl_cert_reqs` in and beside each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let scheme = Scheme::of(&url.text).name();
    let is_appended = url.text.starts_with(HOLE);
    let client = url.client.title();
    let has_tls = scheme.as_deref() == Some("rediss") || is_appended || url.client == Client::CeleryBroker;
    if !has_tls {
        return None;
    }
    let parts = SplitUrl::parse(&url.text).ok()?;
    let written = parts.options().into_iter().find(|(name, _)| name == NAME).map(|(_, value)| value);
    if let Some(value) = written {
        let is_known = value.contains(HOLE) || known(url.client).contains(&value.as_str());
        return (!is_known).then(|| {
            let message = format!("{shown} has `{NAME}={value}`, which {client} does not know: {}", error(url.client));
            let fault = Fault::new(message, help(&value));
            match meant(&value) {
                Some(name) => {
                    let text = url.text.replacen(&format!("{NAME}={value}"), &format!("{NAME}={name}"), 1);
                    fault.url_becomes(applicability_of(name), format!("write `{name}`"), text)
                }
                None => fault,
            }
        });
    }
    for entry in url.options.entries.iter().filter(|entry| entry.key.as_str() == Some(NAME)) {
        for (_, option) in entry.value.options() {
            if let Kind::Str(value) = &option.kind
                && !known(url.client).contains(&value.as_ref())
            {
                let message = format!(
                    "`{NAME}` is `\"{value}\"` beside {shown}, which {client} does not know: {}",
                    error(url.client)
                );
                let fault = Fault::new(message, help(value)).at(option.origin.or(entry.key.origin));
                return Some(match meant(value) {
                    Some(name) => fault.text_becomes(applicability_of(name), format!("write `{name}`"), option, name),
                    None => fault,
                });
            }
        }
    }
    // The Celery application may be given `redis_backend_use_ssl` in code.
    let is_missed = url.client == Client::CeleryResult && !url.options.is_open && !is_appended;
    (is_missed && !parts.query.contains(HOLE)).then(|| {
        let separator = if parts.query.is_empty() { '?' } else { '&' };
        let text = format!("{}{separator}{NAME}=required", url.text);
        let fault = Fault::new(
            format!("{shown} has no `{NAME}`, without which {client} takes no `rediss://` URL: it raises `ValueError`"),
            "append `?ssl_cert_reqs=required`, or set `CELERY_REDIS_BACKEND_USE_SSL`",
        );
        fault.uncertain().url_becomes(Applicability::Unsafe, format!("append `{NAME}=required`"), text)
    })
}

fn known(client: Client) -> &'static [&'static str] {
    if client.is_redis_py() { &REDIS_PY } else { &CELERY }
}

fn error(client: Client) -> &'static str {
    match client {
        Client::CeleryBroker => "it raises `KeyError`",
        Client::CeleryResult => "it raises `ValueError`",
        _ => "the first connection raises `RedisError: Invalid SSL Certificate Requirements Flag`",
    }
}

/// A connection that takes any certificate is not made unseen.
fn applicability_of(name: &str) -> Applicability {
    if name == "none" { Applicability::Unsafe } else { Applicability::Safe }
}

fn meant(value: &str) -> Option<&'static str> {
    let lower = value.to_ascii_lowercase();
    let lower = lower.strip_prefix("cert_").unwrap_or(&lower);
    REDIS_PY.into_iter().find(|name| *name == lower)
}

/// The lower-case names are those that all clients know.
fn help(value: &str) -> String {
    match meant(value) {
        Some(name) => format!("write `{name}`"),
        None => "write `required`, `optional` or `none`".to_owned(),
    }
}
