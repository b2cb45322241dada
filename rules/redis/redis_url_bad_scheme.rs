//! A Redis URL whose scheme the client does not take.

use crate::diagnostic::Applicability;
use crate::project::redis::client::Client;
use crate::project::redis::text::Scheme;
use crate::project::redis::urls::RedisUrl;
use crate::rule::{Context, Fault, Findings, report_urls};

const REDIS_PY: [&str; 3] = ["redis", "rediss", "unix"];

/// Judges the scheme of each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let client = url.client.title();
    let scheme = Scheme::of(&url.text);
    if url.text.trim().is_empty() {
        return None;
    }
    if !url.client.is_redis_py() {
        return celery_fault(url, shown);
    }
    let name = match scheme {
        Scheme::Unknown | Scheme::NoSlashes => return None,
        Scheme::None if is_unix_path(url) => return None,
        Scheme::None => String::new(),
        Scheme::Written(scheme) if REDIS_PY.contains(&scheme) => return None,
        Scheme::Written(_) => scheme.name().unwrap_or_default(),
    };
    if REDIS_PY.contains(&name.as_str()) {
        // urllib ignores the case and what stands before it; the synchronous client compares the string itself.
        return (url.client != Client::Channels).then(|| spelling_fault(url, shown, client));
    }
    let fault = Fault::new(
        format!(
            "{shown} is no URL that {client} takes: it must begin with `redis://`, `rediss://` or `unix://`, or the \
             first connection raises `ValueError`"
        ),
        help(&url.text, &name),
    );
    Some(match meant(&url.text, &name) {
        Some((applicability, title, text)) => fault.url_becomes(applicability, title, text),
        None => fault,
    })
}

/// The URL that is meant, where that can be told.
fn meant(text: &str, scheme: &str) -> Option<(Applicability, String, String)> {
    let rest = text.split_once("://").map(|(_, rest)| rest);
    let safe =
        |begin: &str, rest: &str| Some((Applicability::Safe, format!("write `{begin}`"), format!("{begin}{rest}")));
    match (scheme, rest) {
        ("valkey", Some(rest)) => safe("redis://", rest),
        ("valkeys", Some(rest)) => safe("rediss://", rest),
        ("redis+socket" | "redis-socket", Some(rest)) if rest.starts_with('/') => safe("unix://", rest),
        ("", None) if text.starts_with('/') => safe("unix://", text),
        ("", None) if is_host_and_port(text) => {
            Some((Applicability::Unsafe, "write `redis://` before it".to_owned(), format!("redis://{text}")))
        }
        ("tcp", Some(rest)) => Some((Applicability::Unsafe, "write `redis://`".to_owned(), format!("redis://{rest}"))),
        _ => None,
    }
}

/// Whether a text is a host with a port, and perhaps a database: `redis.internal:6379/1`.
fn is_host_and_port(text: &str) -> bool {
    let Some((host, rest)) = text.split_once(':') else { return false };
    let (port, database) = rest.split_once('/').unwrap_or((rest, ""));
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    is_host && !port.is_empty() && is_number(port) && is_number(database)
}

/// `unix:/path` is taken by the asynchronous client.
fn is_unix_path(url: &RedisUrl) -> bool {
    url.client == Client::Channels && url.text.trim_start().to_ascii_lowercase().starts_with("unix:")
}

fn celery_fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let Scheme::Written(written) = Scheme::of(&url.text) else { return None };
    let is_blank = written.starts_with(' ');
    let is_upper =
        written.trim_start().eq_ignore_ascii_case("redis") || written.trim_start().eq_ignore_ascii_case("rediss");
    let is_wrong = match url.client {
        // Kombu takes the scheme in whatever case, and cuts off as many characters as it has without the blank.
        Client::CeleryBroker => is_blank,
        _ => is_blank || is_upper && written.chars().any(|c| c.is_ascii_uppercase()),
    };
    is_wrong.then(|| spelling_fault(url, shown, url.client.title()))
}

fn spelling_fault(url: &RedisUrl, shown: &str, client: &str) -> Fault {
    let fault = Fault::new(
        format!("{shown} is no URL that {client} takes: it must begin with the scheme exactly, in lower case"),
        "write `redis://` or `rediss://` in lower case, with nothing before it",
    );
    match url.text.split_once("://") {
        Some((scheme, rest)) => {
            let scheme = scheme.trim().to_ascii_lowercase();
            fault.url_becomes(Applicability::Safe, format!("write `{scheme}://`"), format!("{scheme}://{rest}"))
        }
        None => fault,
    }
}

fn help(text: &str, scheme: &str) -> String {
    let text = text.trim();
    match scheme {
        _ if text.starts_with(['"', '\'']) => "remove the quotes, which are part of the value".to_owned(),
        "http" | "https" => {
            "use the `redis://` or `rediss://` URL of the server, not the one of its HTTP interface".to_owned()
        }
        "valkey" => "write `redis://`: the protocol is the same".to_owned(),
        "valkeys" => "write `rediss://`: the protocol is the same".to_owned(),
        "redis+socket" | "redis-socket" => "write `unix:///path/of/the/socket`".to_owned(),
        "" if text.starts_with('/') => "write `unix://` before the path of the socket".to_owned(),
        "" => "write `redis://host:port/database`".to_owned(),
        scheme if scheme.contains("sentinel") => {
            "name the sentinels in the options of the client: a URL names one server".to_owned()
        }
        _ => "write `redis://`, or `rediss://` for a server with TLS".to_owned(),
    }
}
