//! A Redis URL whose port is no port.

use crate::project::redis::text::{Scheme, server_url};
use crate::project::redis::urls::RedisUrl;
use crate::project::url::UrlError;
use crate::rule::{Context, Fault, Findings, report_urls};

/// Judges the port of each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    if url.is_cut_short() || matches!(Scheme::of(&url.text), Scheme::Unknown) {
        return None;
    }
    let parts = server_url(&url.text)?;
    let error = parts.port().err()?;
    let port = parts.port_text();
    let client = url.client.title();
    let is_address = port.contains(':') && port.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    Some(match error {
        UrlError::PortOutOfRange => Fault::new(
            format!("{shown} has a port above 65535: {client} raises `ValueError: Port out of range 0-65535`"),
            "write the port that the server listens on: 6379, if nothing else is said",
        ),
        _ if port.contains(',') => Fault::new(
            format!(
                "{shown} names several servers: {client} takes one URL for one server, and Python raises `ValueError: \
                 Port could not be cast to integer value`"
            ),
            "write one URL for each server",
        ),
        _ if is_address && parts.host().is_empty() => Fault::new(
            format!(
                "{shown} has an IPv6 address without brackets: Python takes what follows its first colon for the port"
            ),
            "put the address in brackets: `redis://[::1]:6379/0`",
        ),
        _ => Fault::new(
            format!(
                "{shown} has a port that is no number: {client} raises `ValueError: Port could not be cast to integer \
                 value`"
            ),
            "write the port that the server listens on, and a `/` before the database: `redis://host:6379/0`",
        ),
    })
}
