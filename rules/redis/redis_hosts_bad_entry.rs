//! An entry of `hosts` that is neither a URL, nor a host and a port, nor a dict of what redis-py takes.

use crate::eval::value::{Condition, Dict, Kind, Sequence, Value};
use crate::project::redis::client::{Client, python_int};
use crate::project::redis::layer_hosts::{LayerHost, layer_entries};
use crate::project::redis::text::masked;
use crate::rule::{Context, Findings, origin_note, report_host};
use crate::source::Place;

/// What is wrong with an entry: where, the sentence, what to do.
struct Fault {
    place: Option<Place>,
    message: String,
    help: &'static str,
}

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
            report_host(context, findings, &entry, fault.place, fault.message).help(fault.help);
        }
    }
}

fn other_fault(entry: &LayerHost) -> Option<Fault> {
    let what = match &entry.value.kind {
        // As one of several values these may be how a project says that there is no server.
        Kind::None if entry.when.is_always() => "None",
        Kind::Str(text) if text.trim().is_empty() && entry.when.is_always() => "an empty string",
        Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) => "a number",
        Kind::Path(_) => "a path",
        _ => return None,
    };
    Some(Fault {
        place: entry.value.origin,
        message: format!(
            "an entry of `hosts` is {what}{}, and channels_redis takes it for a URL: the first connection fails",
            origin_note(&entry.when)
        ),
        help: WRITE_URL,
    })
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
        return Some(Fault { place, message, help: "write the host and the port, `(\"host\", 6379)`, or a URL alone" });
    };
    host_fault(&host.value, when).or_else(|| port_fault(&port.value, when))
}

fn host_fault(host: &Value, outer: &Condition) -> Option<Fault> {
    host.options().into_iter().find_map(|(when, host)| {
        let text = host.as_str().filter(|text| text.contains("://"))?;
        let note = origin_note(&outer.narrowed_by(&when));
        Some(Fault {
            place: host.origin,
            message: format!(
                "`{}`{note} is a URL where channels_redis expects a host name: no host is called so",
                masked(text, &[])
            ),
            help: "write the URL alone, without a port beside it: `\"hosts\": [\"redis://host:6379\"]`",
        })
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
        Some(Fault {
            place: port.origin,
            message: format!("the port of an entry of `hosts` is {what}{note}: redis-py cannot make an `int` of it"),
            help: "write the port as a number: `(\"host\", 6379)`",
        })
    })
}

fn dict_fault(context: &Context, dict: &Dict, when: &Condition) -> Option<Fault> {
    let note = origin_note(when);
    let has = |name: &str| dict.get(name).is_some();
    if let Some(address) = dict.get("address") {
        let not_text =
            address.value.options().into_iter().map(|(_, value)| value).find(|value| value.sequence().is_some());
        if let Some(value) = not_text {
            return Some(Fault {
                place: value.origin,
                message: format!(
                    "`address` of an entry of `hosts` is no string{note}: redis-py raises `AttributeError`"
                ),
                help: "write `{\"host\": \"redis\", \"port\": 6379}`, or a URL as the address",
            });
        }
    }
    let is_sentinel = has("master_name");
    if is_sentinel && !has("sentinels") && dict.open.is_none() {
        return Some(Fault {
            place: dict.get("master_name").and_then(|entry| entry.key.origin),
            message: format!(
                "an entry of `hosts` has `master_name`, but no `sentinels`{note}: channels_redis raises `KeyError`"
            ),
            help: "list the sentinels: `\"sentinels\": [(\"host\", 26379)]`",
        });
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
    Some(Fault {
        place: entry.key.origin.or(entry.value.origin),
        message: format!(
            "an entry of `hosts` has the key `{name}`{note}, which redis-py does not take: the first connection raises \
             `TypeError`"
        ),
        help,
    })
}
