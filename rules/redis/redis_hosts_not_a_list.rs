//! `hosts` of a channel layer that is no list of hosts.

use crate::eval::value::Kind;
use crate::project::redis::layer_hosts::{LayerHost, is_bare_pair, layer_hosts};
use crate::rule::{Context, Fault, Findings, origin_note, report_host};

/// Judges the `hosts` of each layer as a whole.
pub fn check(context: &Context, findings: &mut Findings) {
    for hosts in layer_hosts(context.settings()) {
        if let Kind::Unknown(unknown) = &hosts.value.kind {
            findings.silent(Some("CHANNEL_LAYERS"), unknown.why.to_string(), hosts.value.origin);
        }
        if let Some((what, help)) = fault(&hosts) {
            let message = format!("`hosts` of the channel layer is {what}");
            let fault = Fault::new(message, help);
            let is_number = matches!(hosts.value.kind, Kind::Int(_) | Kind::Bool(_) | Kind::Float(_) | Kind::Bytes(_));
            // The default of a variable would be put right alone, and not what is set.
            let can_be_listed = hosts.when.is_always() && !is_number;
            let fault = if can_be_listed { fault.belongs_in_list() } else { fault };
            report_host(context, findings, &hosts, fault);
        }
    }
}

fn fault(hosts: &LayerHost) -> Option<(String, &'static str)> {
    let note = origin_note(&hosts.when);
    match &hosts.value.kind {
        // What is false stands for the default, `redis://localhost:6379`.
        Kind::Str(text) if text.is_empty() => None,
        Kind::Dict(dict) if dict.entries.is_empty() => None,
        Kind::Str(_) | Kind::Template(_) | Kind::Bytes(_) => Some((
            format!(
                "a string{note}: channels_redis raises `ValueError: You must pass a list of Redis hosts, even if there \
                 is only one.`"
            ),
            "put it in a list: `\"hosts\": [\"redis://host:6379\"]`",
        )),
        Kind::Dict(_) => Some((
            format!(
                "a dict{note}: channels_redis takes each of its keys for a URL, and the first connection raises \
                 `ValueError`"
            ),
            "put it in a list: `\"hosts\": [{\"host\": \"redis\", \"port\": 6379}]`",
        )),
        Kind::List(items) | Kind::Tuple(items) if is_bare_pair(items) => Some((
            format!("one host and its port{note}: channels_redis takes them for two hosts, and connects to neither"),
            "put the pair in a list: `\"hosts\": [(\"redis\", 6379)]`",
        )),
        Kind::Int(_) | Kind::Bool(true) | Kind::Float(_) => {
            Some((format!("no list{note}"), "write a list: `\"hosts\": [\"redis://host:6379\"]`"))
        }
        _ => None,
    }
}
