//! Keys of a channel layer that nothing reads.

use crate::diagnostic::{Edit, Severity};
use crate::eval::value::{Dict, Entry, Value};
use crate::project::channel_layers::{BACKENDS, Layer, layers, meant};
use crate::rule::{Context, Findings, origin_note};

/// What Channels reads of a layer.
const READ: [&str; 3] = ["BACKEND", "CONFIG", "TEST_CONFIG"];

/// How people call `CONFIG`, and what belongs into it, in lower case.
const CONFIG_NAMES: [&str; 5] = ["config", "options", "option", "conf", "configuration"];
const ADDRESS_NAMES: [&str; 7] = ["hosts", "host", "location", "locations", "url", "address", "server"];

/// Looks for keys beside `BACKEND` and `CONFIG`, and for these two in place of an alias.
pub fn check(context: &Context, findings: &mut Findings) {
    if !context.settings().is_at_least("channels", "2") {
        return;
    }
    let setting = context.settings().get("CHANNEL_LAYERS");
    for layer in layers(context.settings()) {
        if matches!(layer.alias, "BACKEND" | "CONFIG") {
            // One finding for both.
            if layer.alias == "BACKEND" {
                let is_layer = setting.value.as_dict().is_some_and(|dict| {
                    dict.open.is_none() && dict.entries.iter().all(|entry| entry.key.as_str().is_some_and(is_read))
                });
                let quoted = context.quoted(context.place_of_setting(&setting).file, "default");
                let edits = is_layer.then(|| context.wrap(&setting.value, &format!("{{{quoted}: "), "}")).flatten();
                findings
                    .report(
                        context.place_of(&setting, layer.key),
                        "`BACKEND` stands where the name of the layer belongs: no layer `default` is configured",
                    )
                    .setting("CHANNEL_LAYERS", &setting)
                    .severity(Severity::Error)
                    .help("put it one level deeper: `CHANNEL_LAYERS = {\"default\": {\"BACKEND\": …, \"CONFIG\": …}}`")
                    .safe_fix("call the layer `default`", edits);
            }
            continue;
        }
        let Some(dict) = layer.dict() else { continue };
        for entry in &dict.entries {
            let Some(key) = entry.key.as_str().filter(|key| !is_read(key)) else { continue };
            // Without a backend, another rule says what is meant for it.
            if layer.get("BACKEND").is_none() && meant(key, ["BACKEND", "ENGINE"]).is_some() {
                continue;
            }
            let (message, help, severity) = judge(&layer, key, entry);
            let (title, edits) = fix(context, dict, entry, key);
            findings
                .report(context.place_of(&setting, &entry.key), message + &origin_note(&entry.when))
                .setting("CHANNEL_LAYERS", &setting)
                .severity(severity)
                .help(help)
                .unsafe_fix(title, edits);
        }
    }
}

fn is_read(key: &str) -> bool {
    READ.contains(&key)
}

/// How a key gets to where it is read. What was ignored until then takes effect.
fn fix(context: &Context, dict: &Dict, entry: &Entry, key: &str) -> (String, Option<Vec<Edit>>) {
    let is_option =
        |key: &str| BACKENDS.iter().filter_map(|backend| backend.options).flatten().any(|name| *name == key);
    if key == "ROUTING" {
        return (format!("remove `{key}`"), context.remove_entry(entry));
    }
    if CONFIG_NAMES.contains(&key.to_lowercase().as_str()) || meant(key, ["CONFIG"]).is_some() {
        return (format!("rename `{key}` to `CONFIG`"), context.rename_key(dict, entry, "CONFIG"));
    }
    let is_first = dict.entries.iter().find(|entry| entry.key.as_str().is_some_and(is_option));
    let is_first = is_first.is_some_and(|first| first.key.origin == entry.key.origin);
    let edits = is_option(key).then(|| context.move_entry(dict, entry, "CONFIG", is_first)).flatten();
    (format!("put `{key}` into `CONFIG`"), edits)
}

fn judge(layer: &Layer, key: &str, entry: &Entry) -> (String, String, Severity) {
    let title = layer.title();
    if key == "ROUTING" {
        return (
            format!("`ROUTING` in `{title}` is of Channels 1: the layer cannot be made, and every WebSocket fails"),
            "remove it: routes stand in the ASGI application".to_owned(),
            Severity::Error,
        );
    }
    let lower = key.to_lowercase();
    let is_config = CONFIG_NAMES.contains(&lower.as_str()) || meant(key, ["CONFIG"]).is_some();
    let is_address = ADDRESS_NAMES.contains(&lower.as_str());
    let holds_address = is_address || is_config && has_hosts(&entry.value);
    let is_lost =
        holds_address && uses_redis(layer) && !layer.get("CONFIG").is_some_and(|config| may_have_hosts(&config.value));
    let consequence = match is_lost {
        true => ": channels_redis connects to `localhost:6379` instead",
        false => "",
    };
    let options = || BACKENDS.iter().filter_map(|backend| backend.options).flatten().copied();
    let help = match () {
        () if is_config => "rename it to `CONFIG`".to_owned(),
        () if is_address => "put it into `CONFIG`: `\"CONFIG\": {\"hosts\": [\"redis://…\"]}`".to_owned(),
        () => match options().find(|option| *option == lower) {
            Some(option) => format!("put it into `CONFIG`, as `\"{option}\"`"),
            None => "remove it, or put what the backend takes into `CONFIG`".to_owned(),
        },
    };
    let severity = if is_lost { Severity::Error } else { Severity::Warning };
    (
        format!("`{key}` in `{title}` is ignored, for Channels reads only `BACKEND` and `CONFIG`{consequence}"),
        help,
        severity,
    )
}

fn has_hosts(config: &Value) -> bool {
    config.options().into_iter().any(|(_, config)| {
        let entries = config.as_dict().map(|dict| dict.entries.as_slice()).unwrap_or_default();
        entries
            .iter()
            .any(|entry| entry.key.as_str().is_some_and(|key| ADDRESS_NAMES.contains(&key.to_lowercase().as_str())))
    })
}

fn may_have_hosts(config: &Value) -> bool {
    config
        .options()
        .into_iter()
        .any(|(_, config)| config.as_dict().is_none_or(|dict| dict.open.is_some() || dict.get("hosts").is_some()))
}

fn uses_redis(layer: &Layer) -> bool {
    let backends = layer.backends();
    !backends.is_empty()
        && backends.iter().all(|(_, backend)| backend.as_str().is_some_and(|path| path.starts_with("channels_redis.")))
}
