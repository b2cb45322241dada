//! An entry of `hosts` that is neither a URL, nor a host and a port, nor a dict of what redis-py takes.

use crate::diagnostic::Applicability;
use crate::eval::value::{Condition, Dict, Kind, Sequence, Value};
use crate::project::redis::client::{Client, python_int};
use crate::project::redis::layer_hosts::{LayerHost, layer_entries};
use crate::project::redis::text::masked;
use crate::rule::{Context, Fault, Findings, origin_note, report_host};

const WRITE_URL: &str = "write a URL, `\"redis://host:6379\"`, or a pair, `(\"host\", 6379)`";

/// Judges each entry of the `hosts` of each layer.
pub fn check(context: &Context, findings: &mut Findings) {
    for entry in layer_entries(context.settings()) {
        let fault = match &entry.value.kind {
            Kind::Tuple(items) | Kind::List(items) => pair_fault(items, &entry.when),
            Kind::Dict(dict) => dict_fault(context, dict, &entry.when),
            _ => other_fault(&entry),
        };
        if let Some(fault) = fault {
            report_host(context, findings, &entry, fault);
        }
    }
}

fn other_fault(entry: &LayerHost) -> Option<Fault> {
    let what = match &entry.value.kind {
        // As one of several values these may be how a project says that there is no server.
        Kind::None if entry.when.is_always() => "`None`",
        Kind::Str(text) if text.trim().is_empty() && entry.when.is_always() => "an empty string",
        Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) => "a number",
        Kind::Path(_) => "a path",
        _ => return None,
    };
    let message = format!(
        "an entry of `hosts` is {what}{}, and channels_redis takes it for a URL: the first connection fails",
        origin_note(&entry.when)
    );
    Some(Fault::new(message, WRITE_URL).at(entry.value.origin))
}

fn pair_fault(items: &Sequence, when: &Condition) -> Option<Fault> {
    let note = origin_note(when);
    if items.open.is_some() || items.items.iter().any(|item| !item.when.is_always()) {
        return None;
    }
    let place = items.items.first().and_then(|item| item.value.origin);
    let [host, port, ..] = items.items.as_slice() else {
        let message = format!(
            "an entry of `hosts` is a pair without a port{note}: channels_redis raises `IndexError` when the layer is \
             made"
        );
        return Some(Fault::new(message, "write the host and the port, `(\"host\", 6379)`, or a URL alone").at(place));
    };
    host_fault(&host.value, when).or_else(|| port_fault(&port.value, when))
}

fn host_fault(host: &Value, outer: &Condition) -> Option<Fault> {
    host.options().into_iter().find_map(|(when, host)| {
        let text = host.as_str().filter(|text| text.contains("://"))?;
        let note = origin_note(&outer.narrowed_by(&when));
        let message = format!(
            "`{}`{note} is a URL where channels_redis expects a host name: no host is called so",
            masked(text, &[])
        );
        Some(
            Fault::new(message, "write the URL alone, without a port beside it: `\"hosts\": [\"redis://host:6379\"]`")
                .at(host.origin),
        )
    })
}

fn port_fault(port: &Value, outer: &Condition) -> Option<Fault> {
    port.options().into_iter().find_map(|(when, port)| {
        let what = match &port.kind {
            Kind::Str(text) if python_int(text).is_none() && (when.is_always() || !text.is_empty()) => "no number",
            Kind::None if when.is_always() && outer.is_always() => "`None`",
            _ => return None,
        };
        let note = origin_note(&outer.narrowed_by(&when));
        let message = format!("the port of an entry of `hosts` is {what}{note}: redis-py cannot make an `int` of it");
        Some(Fault::new(message, "write the port as a number: `(\"host\", 6379)`").at(port.origin))
    })
}

fn dict_fault(context: &Context, dict: &Dict, when: &Condition) -> Option<Fault> {
    let note = origin_note(when);
    let has = |name: &str| dict.get(name).is_some();
    if let Some(fault) = dict.get("address").and_then(|address| address_fault(&address.value, &note)) {
        return Some(fault);
    }
    let is_sentinel = has("master_name");
    if is_sentinel && !has("sentinels") && dict.open.is_none() {
        let message = format!(
            "an entry of `hosts` has `master_name`, but no `sentinels`{note}: channels_redis raises `KeyError`"
        );
        return Some(
            Fault::new(message, "list the sentinels: `\"sentinels\": [(\"host\", 26379)]`")
                .at(dict.get("master_name").and_then(|entry| entry.key.origin)),
        );
    }
    let by_name = |name: &str| dict.get(name).filter(|_| !has("address") && !is_sentinel);
    if let Some(fault) = by_name("host").and_then(|host| host_fault(&host.value, when)) {
        return Some(fault);
    }
    if let Some(fault) = by_name("port").and_then(|port| port_fault(&port.value, when)) {
        return Some(fault);
    }
    let is_passed_on = context.settings().is_at_least("channels-redis", "4.1");
    if is_sentinel || has("connection_class") || !is_passed_on { None } else { option_fault(dict, &note) }
}

fn address_fault(address: &Value, note: &str) -> Option<Fault> {
    let (_, value) = address.options().into_iter().find(|(_, value)| value.sequence().is_some())?;
    let message = format!("`address` of an entry of `hosts` is no string{note}: redis-py raises `AttributeError`");
    let help = "write `{\"host\": \"redis\", \"port\": 6379}`, or a URL as the address";
    Some(Fault::new(message, help).at(value.origin))
}

/// A key that goes to redis-py, which does not know it.
fn option_fault(dict: &Dict, note: &str) -> Option<Fault> {
    let unknown = |name: &str| name != "address" && !Client::Channels.takes(name);
    let entry = dict.entries.iter().find(|entry| entry.key.as_str().is_some_and(unknown))?;
    let name = entry.key.as_str().unwrap_or_default();
    let help = match name {
        "ssl" | "ssl_context" => {
            "write the address as a `rediss://` URL; `ssl_cert_reqs` and the like may stand beside it"
        }
        "sentinels" => "name the service that the sentinels watch, as `master_name`",
        "url" | "location" | "LOCATION" => "call the key `address`",
        "database" => "call the key `db`",
        _ => "remove it, or write the keyword that redis-py's `Connection` has for it",
    };
    let message = format!(
        "an entry of `hosts` has the key `{name}`{note}, which redis-py does not take: the first connection raises \
         `TypeError`"
    );
    let fault = Fault::new(message, help).at(entry.key.origin.or(entry.value.origin));
    let has = |name: &str| dict.get(name).is_some();
    let meant = match name {
        "url" | "location" | "LOCATION" if !has("address") && !has("host") => "address",
        "database" if !has("db") => "db",
        _ => return Some(fault),
    };
    Some(fault.text_becomes(Applicability::Safe, format!("call the key `{meant}`"), &entry.key, meant))
}
