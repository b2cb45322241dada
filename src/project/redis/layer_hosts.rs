//! The `hosts` of channels_redis layers.

use crate::eval::value::{Condition, Dict, Kind, Sequence, Value};
use crate::project::channel_layers::layers;
use crate::project::settings::Settings;

/// An entry of the `hosts` of a channels_redis layer, in one of the forms that it can take.
#[derive(Debug, Clone)]
pub struct LayerHost<'v> {
    /// `CHANNEL_LAYERS["default"]["CONFIG"]["hosts"]`.
    pub setting: String,
    /// The entry.
    pub value: &'v Value,
    /// When it is this one.
    pub when: Condition,
}

impl<'v> LayerHost<'v> {
    /// The dict, where it tells the server by `host` and `port`: channels_redis connects to that one without TLS.
    ///
    /// Source: channels_redis 4.3 `utils.py`, `create_pool`.
    pub fn by_host_and_port(&self) -> Option<&'v Dict> {
        const OTHERS: [&str; 4] = ["address", "master_name", "sentinels", "connection_class"];
        let is_other = |dict: &Dict| dict.open.is_some() || OTHERS.iter().any(|name| dict.get(name).is_some());
        self.value.as_dict().filter(|dict| !is_other(dict))
    }
}

/// The `hosts` of every channels_redis layer, in each form that they can take.
///
/// Layers of channels_redis before 4 are left out: aioredis read addresses in a way of its own.
pub fn layer_hosts(settings: &Settings) -> Vec<LayerHost<'_>> {
    let mut found = Vec::new();
    if !settings.is_at_least("channels-redis", "4") {
        return found;
    }
    for layer in layers(settings) {
        if !layer.backend().is_some_and(|backend| backend.starts_with("channels_redis.")) {
            continue;
        }
        let Some(config) = layer.get("CONFIG") else { continue };
        for (_, config) in config.value.options() {
            let Some(hosts) = config.as_dict().and_then(|config| config.get("hosts")) else { continue };
            let setting = format!("{}[\"CONFIG\"][\"hosts\"]", layer.title());
            let options = hosts.value.options().into_iter();
            found.extend(options.map(|(when, value)| LayerHost { setting: setting.clone(), value, when }));
        }
    }
    found
}

/// Every entry of the `hosts` of every channels_redis layer. A pair that lacks the list around it has none.
pub fn layer_entries(settings: &Settings) -> Vec<LayerHost<'_>> {
    let mut found = Vec::new();
    for hosts in layer_hosts(settings) {
        let Some(sequence) = hosts.value.sequence().filter(|sequence| !is_bare_pair(sequence)) else { continue };
        for item in &sequence.items {
            for (in_case, value) in item.value.options() {
                let when = hosts.when.narrowed_by(&item.when).narrowed_by(&in_case);
                found.push(LayerHost { setting: hosts.setting.clone(), value, when });
            }
        }
    }
    found
}

/// Whether a list of hosts is a host and its port, with the list around them forgotten.
pub fn is_bare_pair(hosts: &Sequence) -> bool {
    let [host, port] = hosts.items.as_slice() else { return false };
    let is_host = match &host.value.kind {
        Kind::Str(text) => !text.contains("://"),
        Kind::Template(_) | Kind::Unknown(_) | Kind::Either(_) | Kind::None => true,
        _ => false,
    };
    let is_port = |value: &Value| match &value.kind {
        Kind::Int(_) => true,
        Kind::Str(text) => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    hosts.open.is_none() && is_host && port.value.options().iter().any(|(_, port)| is_port(port))
}
