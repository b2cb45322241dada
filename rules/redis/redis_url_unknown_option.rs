//! A query of a Redis URL with an option that the client does not take.

use crate::diagnostic::Applicability;
use crate::project::redis::client::{Client, TLS_OPTIONS};
use crate::project::redis::text::Scheme;
use crate::project::redis::urls::RedisUrl;
use crate::project::spelling::nearest;
use crate::project::url::{HOLE, SplitUrl};
use crate::rule::{Context, Fault, Findings, report_urls};

/// Judges the options in the query of each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let is_open = url.options.is_open && url.client.is_redis_py();
    if is_open || !is_read(url) {
        return None;
    }
    let parts = SplitUrl::parse(&url.text).ok()?;
    let options = parts.options();
    let (name, _) = options.iter().find(|(name, _)| !name.contains(HOLE) && !url.client.takes(name))?;
    let client = url.client.title();
    let near = nearest(name, TLS_OPTIONS.iter().copied(), |option| option.len() / 4);
    let near = near.filter(|_| url.client != Client::CeleryBroker && name.starts_with("ssl_"));
    let help = match name.as_str() {
        "ssl" | "tls" | "use_ssl" | "use_tls" => {
            format!("remove `{name}`, and begin the URL with `rediss://` if the server speaks TLS")
        }
        "database" if url.client != Client::CeleryBroker => {
            "write the number of the database as the path: `redis://host:6379/1`".to_owned()
        }
        _ if url.client == Client::CeleryBroker => {
            format!(
                "remove `{name}`; what goes to the connections of the broker stands in \
                 `CELERY_BROKER_TRANSPORT_OPTIONS`"
            )
        }
        _ if name.starts_with("ssl_") => match near {
            Some(option) => format!("did you mean `{option}`?"),
            None => format!("remove `{name}`, which no connection of redis-py has"),
        },
        _ => format!("remove `{name}`, or write the keyword that redis-py's `Connection` has for it"),
    };
    let fault = Fault::new(
        format!(
            "{shown} has the option `{name}`, which {client} does not take: the first connection raises `TypeError`"
        ),
        help,
    );
    Some(match near.filter(|_| url.text.matches(&format!("{name}=")).count() == 1) {
        Some(option) => {
            let text = url.text.replace(&format!("{name}="), &format!("{option}="));
            fault.url_becomes(Applicability::Safe, format!("write `{option}`"), text)
        }
        None => fault,
    })
}

/// Whether the client gets as far as the query: another rule tells of URLs that it refuses.
fn is_read(url: &RedisUrl) -> bool {
    match Scheme::of(&url.text) {
        Scheme::Written("redis" | "rediss" | "unix") => true,
        // `REDIS_URL + "?ssl=true"`.
        Scheme::Unknown => url.text.starts_with(HOLE),
        _ => false,
    }
}
