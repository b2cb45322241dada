//! Options of TLS for a connection to Redis without TLS.

use crate::diagnostic::Applicability;
use crate::eval::value::Entry;
use crate::project::redis::client::{Client, TLS_OPTIONS};
use crate::project::redis::layer_hosts::{LayerHost, layer_entries};
use crate::project::redis::text::Scheme;
use crate::project::redis::urls::RedisUrl;
use crate::project::url::SplitUrl;
use crate::rule::{Context, Fault, Findings, origin_note, report_host, report_urls};
use crate::source::Place;

/// Those that Celery's result backend looks for (`celery/backends/redis.py`, `RedisBackend._params_from_url`).
const CELERY: [&str; 4] = ["ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs"];

/// Reports options of TLS in and beside URLs, and beside a host and its port.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
    for host in layer_entries(context.settings()) {
        check_host(context, findings, &host);
    }
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let scheme = Scheme::of(&url.text).name().filter(|scheme| scheme == "redis" || scheme == "unix")?;
    // The scheme and the options of such a URL may hang on one and the same condition.
    if url.is_assembled {
        return None;
    }
    let client = url.client.title();
    let in_query = || SplitUrl::parse(&url.text).map(|parts| parts.options()).unwrap_or_default();
    let is_tls = |name: &str| TLS_OPTIONS.contains(&name);
    if url.client == Client::CeleryResult && scheme == "redis" {
        let (name, _) = in_query().into_iter().find(|(name, _)| CELERY.contains(&name.as_str()))?;
        let fault = Fault::new(
            format!("{shown} has the option `{name}`, but begins with `redis://`: {client} raises `ValueError`"),
            help(&name),
        );
        return Some(with_tls(fault, url));
    }
    if !url.client.is_redis_py() || url.options.is_open {
        return None;
    }
    if let Some((name, _)) = in_query().into_iter().find(|(name, _)| is_tls(name)) {
        let fault = Fault::new(
            format!(
                "{shown} has the option `{name}`, but begins with `{scheme}://`: a connection without TLS does not \
                 take it, and {client} raises `TypeError`"
            ),
            help(&name),
        );
        return Some(with_tls(fault, url));
    }
    // The default is for a developer's machine; in production the variable holds the URL that the option is meant for.
    if !url.when.unset_variables().is_empty() {
        return None;
    }
    let entry = url.options.entries.iter().find(|entry| entry.key.as_str().is_some_and(is_tls))?;
    let name = entry.key.as_str().unwrap_or_default();
    let fault = Fault::new(
        format!(
            "`{name}` stands beside {shown}, which begins with `{scheme}://`: a connection without TLS does not take \
             it, and {client} raises `TypeError`"
        ),
        help(name),
    );
    Some(with_tls(fault.at(place_of(entry)), url))
}

fn with_tls(fault: Fault, url: &RedisUrl) -> Fault {
    match url.text.strip_prefix("redis://") {
        Some(rest) => fault.url_becomes(Applicability::Unsafe, "write `rediss://`", format!("rediss://{rest}")),
        None => fault,
    }
}

fn place_of(entry: &Entry) -> Option<Place> {
    entry.key.origin.or(entry.value.origin)
}

fn help(name: &str) -> String {
    format!("write `rediss://` if the server speaks TLS, else remove `{name}`")
}

/// A host that is told by `host` and `port` is connected to without TLS, whatever stands beside them.
fn check_host(context: &Context, findings: &mut Findings, host: &LayerHost) {
    let Some(dict) = host.by_host_and_port() else { return };
    let is_tls = |entry: &&Entry| entry.key.as_str().is_some_and(|name| TLS_OPTIONS.contains(&name));
    let Some(entry) = dict.entries.iter().find(is_tls) else { return };
    let name = entry.key.as_str().unwrap_or_default();
    let message = format!(
        "`{name}` stands beside a host and a port{}, to which channels_redis connects without TLS: the first \
         connection raises `TypeError`",
        origin_note(&host.when)
    );
    let help = format!("write `{{\"address\": \"rediss://host:port\", \"{name}\": …}}`, or remove `{name}`");
    report_host(context, findings, host, Fault::new(message, help).at(place_of(entry)));
}
