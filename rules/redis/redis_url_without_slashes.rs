//! A Redis URL that lacks the `//` behind its scheme.

use crate::diagnostic::Applicability;
use crate::project::redis::client::{Client, Database};
use crate::project::redis::text::Scheme;
use crate::project::redis::urls::RedisUrl;
use crate::project::url::{HOLE, SplitUrl};
use crate::rule::{Context, Fault, Findings, report_urls};

/// Reports each URL that begins with `redis:` and no slashes.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    if Scheme::of(&url.text) != Scheme::NoSlashes {
        return None;
    }
    let client = url.client.title();
    let effect = match url.client {
        Client::Channels => format!("{client} finds no host in it and connects to {}", default_server(&url.text)),
        Client::DjangoCache | Client::DjangoRedis => {
            format!("{client} refuses it with `ValueError: Redis URL must specify one of the following schemes`")
        }
        Client::CeleryBroker => format!("{client} takes it for the host name of a RabbitMQ server"),
        Client::CeleryResult => format!("{client} takes it for the name of a Python object and cannot import it"),
    };
    let fault = Fault::new(
        format!("{shown} has no `//` behind the scheme: {effect}"),
        "write `redis://host:port/database`; a server that is itself called redis is `redis://redis:6379`",
    );
    Some(match with_slashes(&url.text) {
        Some((applicability, text)) => fault.url_becomes(applicability, "write `//` behind the scheme", text),
        None => fault,
    })
}

/// The URL with its slashes. `redis:6379` is a host of that name with its port.
fn with_slashes(text: &str) -> Option<(Applicability, String)> {
    let (scheme, rest) = text.split_once(':')?;
    let host = rest.trim_start_matches('/');
    let is_port = host.split('/').next().is_some_and(|port| port.len() > 2 && port.bytes().all(|b| b.is_ascii_digit()));
    match is_port && host == rest {
        true => Some((Applicability::Unsafe, format!("{scheme}://{text}"))),
        false if host.is_empty() || is_port => None,
        false => Some((Applicability::Safe, format!("{scheme}://{host}"))),
    }
}

/// Where the asynchronous client of redis-py goes: the URL has no part with a host, only a path.
fn default_server(text: &str) -> String {
    let Ok(url) = SplitUrl::parse(text) else { return "localhost:6379".to_owned() };
    if url.path.contains(HOLE) {
        return "localhost:6379".to_owned();
    }
    match Client::Channels.database(&url) {
        Database::Number(number) => format!("localhost:6379, database {number}"),
        Database::Default | Database::Invalid => "localhost:6379".to_owned(),
    }
}
