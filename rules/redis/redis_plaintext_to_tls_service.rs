//! A connection without TLS to a service that takes none.

use crate::diagnostic::Applicability;
use crate::eval::value::{Kind, Value};
use crate::project::redis::client::Client;
use crate::project::redis::layer_hosts::{LayerHost, layer_entries};
use crate::project::redis::text::{Scheme, server_url};
use crate::project::redis::urls::RedisUrl;
use crate::rule::{Context, Fault, Findings, origin_note, report_host, report_urls};

/// A service that speaks TLS only, on these hosts.
struct Service {
    title: &'static str,
    /// What the names of its hosts end with.
    suffix: &'static str,
    /// A part that they hold besides.
    part: &'static str,
    /// The port with TLS, where another one may be without.
    port: Option<u16>,
    /// Where this is documented.
    source: &'static str,
}

const SERVICES: &[Service] = &[
    Service {
        title: "Upstash",
        suffix: ".upstash.io",
        part: "",
        port: None,
        source: "https://upstash.com/docs/redis/howto/connect-client",
    },
    Service {
        title: "Azure Cache for Redis",
        suffix: ".redis.cache.windows.net",
        part: "",
        // 6379 is without TLS, where someone opened it.
        port: Some(6380),
        source: "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-tls-configuration",
    },
    Service {
        title: "ElastiCache Serverless",
        suffix: ".cache.amazonaws.com",
        part: ".serverless.",
        port: None,
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html",
    },
    Service {
        title: "a managed database of DigitalOcean",
        suffix: ".db.ondigitalocean.com",
        part: "",
        // 25060 is without TLS, where `redis_ssl` is switched off.
        port: Some(25061),
        source: "https://docs.digitalocean.com/products/databases/valkey/how-to/connect/",
    },
    Service {
        title: "Render from outside its network",
        suffix: "-redis.render.com",
        part: "",
        port: None,
        source: "https://render.com/docs/key-value",
    },
    Service {
        title: "Render from outside its network",
        suffix: "-keyvalue.render.com",
        part: "",
        port: None,
        source: "https://render.com/docs/key-value",
    },
    Service {
        title: "IBM Cloud Databases for Redis",
        suffix: ".databases.appdomain.cloud",
        part: "",
        port: None,
        source: "https://cloud.ibm.com/docs/databases-for-redis?topic=databases-for-redis-external-app",
    },
];

/// The service that a host belongs to.
fn service(host: &str, port: Option<i64>) -> Option<&'static Service> {
    let host = host.to_ascii_lowercase();
    // Fly.io gives its customers Upstash without TLS in their private network: `fly-name.upstash.io`.
    let is_private = host.starts_with("fly-");
    SERVICES.iter().filter(|_| !is_private).find(|service| {
        host.ends_with(service.suffix)
            && host.contains(service.part)
            && service.port.is_none_or(|wanted| port == Some(wanted.into()))
    })
}

/// Reports each URL, and each host with its port, of such a service.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
    for host in layer_entries(context.settings()) {
        check_host(context, findings, &host);
    }
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let is_plain = Scheme::of(&url.text).name().as_deref() == Some("redis");
    if !is_plain || url.is_cut_short() || url.options.is_open {
        return None;
    }
    let parts = server_url(&url.text)?;
    // Kombu turns TLS on where it sees an option of it.
    if url.client == Client::CeleryBroker && parts.options().iter().any(|(name, _)| name.starts_with("ssl_")) {
        return None;
    }
    let service = service(&parts.host(), parts.port().ok()?.map(i64::from))?;
    let fault = Fault::new(
        format!(
            "{shown} asks {} for a connection without TLS, and {} takes none: it is closed, or hangs",
            url.client.title(),
            service.title
        ),
        format!("begin the URL with `rediss://`: {}", service.source),
    );
    let text = url.text.replacen("redis://", "rediss://", 1);
    Some(fault.uncertain().url_becomes(Applicability::Unsafe, "write `rediss://`", text))
}

fn check_host(context: &Context, findings: &mut Findings, entry: &LayerHost) {
    let (host, port) = match &entry.value.kind {
        Kind::List(items) | Kind::Tuple(items) => match items.items.as_slice() {
            [host, port, ..] => (&host.value, Some(&port.value)),
            _ => return,
        },
        _ => {
            let Some(dict) = entry.by_host_and_port() else { return };
            let Some(host) = dict.get("host") else { return };
            (&host.value, dict.get("port").map(|port| &port.value))
        }
    };
    for (when, host) in host.options() {
        let Some(service) = host.as_str().and_then(|host| service(host, port.and_then(number))) else { continue };
        let note = origin_note(&entry.when.narrowed_by(&when));
        let message = format!(
            "a host and a port{note} are connected to without TLS, and {} takes no such connection: it is closed, or \
             hangs",
            service.title
        );
        let fault = Fault::new(message, format!("write `rediss://…` as a URL instead: {}", service.source))
            .at(host.origin)
            .uncertain();
        report_host(context, findings, entry, fault);
    }
}

fn number(value: &Value) -> Option<i64> {
    match &value.when_unset()?.kind {
        Kind::Int(number) => Some(*number),
        Kind::Str(text) => text.parse().ok(),
        _ => None,
    }
}
