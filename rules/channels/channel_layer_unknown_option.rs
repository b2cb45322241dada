//! Options that a channel layer does not take.

use crate::diagnostic::{Applicability, Edit, Severity};
use crate::eval::value::{Dict, Entry, Kind, Value, brief};
use crate::project::channel_layers::{Backend, Layer, backend, layers, meant};
use crate::rule::{Context, Findings};

/// Judges the keys of each layer's `CONFIG`.
pub fn check(context: &Context, findings: &mut Findings) {
    let setting = context.settings().get("CHANNEL_LAYERS");
    for layer in layers(context.settings()) {
        let Some(config) = layer.get("CONFIG") else { continue };
        for (_, value) in config.value.options() {
            match &value.kind {
                Kind::Dict(dict) => options(context, findings, &layer, dict),
                Kind::None | Kind::Str(_) | Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) => {
                    let message = format!(
                        "the `CONFIG` of `{}`, `{}`, is no dict: every WebSocket fails with `TypeError`",
                        layer.title(),
                        brief(value)
                    );
                    findings
                        .report(context.place_of(&setting, value), message)
                        .setting("CHANNEL_LAYERS", &setting)
                        .help("write a dict: `\"CONFIG\": {\"hosts\": [\"redis://…\"]}`");
                }
                _ => {}
            }
        }
    }
}

fn options(context: &Context, findings: &mut Findings, layer: &Layer, config: &Dict) {
    let setting = context.settings().get("CHANNEL_LAYERS");
    let paths = layer.backends();
    let backends: Vec<&Backend> =
        paths.iter().filter_map(|(_, path)| backend(path.as_str()?)).filter(|known| known.options.is_some()).collect();
    if backends.is_empty() || backends.len() < paths.len() {
        return;
    }
    let takes =
        |key: &str| backends.iter().any(|backend| backend.options.is_some_and(|options| options.contains(&key)));
    let is_ignored = backends.iter().any(|backend| backend.ignores_others);
    for entry in &config.entries {
        let Some(key) = entry.key.as_str().filter(|key| !takes(key)) else { continue };
        // These belong to the other layer of channels_redis, and do no harm.
        if is_ignored && is_redis_option(key) {
            continue;
        }
        let name = backends.first().map_or("", |backend| backend.path.rsplit('.').next().unwrap_or_default());
        let (message, severity) = match is_ignored {
            true => (format!("`{name}` ignores the option `{key}`"), Severity::Warning),
            false => {
                (format!("`{name}` takes no option `{key}`: every WebSocket fails with `TypeError`"), Severity::Error)
            }
        };
        // What raises until then breaks nothing when it is renamed.
        let applicability = if is_ignored { Applicability::Unsafe } else { Applicability::Safe };
        let (title, edits) = fix(context, config, entry, &backends);
        findings
            .report(context.place_of(&setting, &entry.key), message)
            .setting("CHANNEL_LAYERS", &setting)
            .severity(severity)
            .help(help(key, &entry.value, &backends))
            .fix(applicability, title, edits);
    }
}

fn is_redis_option(key: &str) -> bool {
    let core = backend("channels_redis.core.RedisChannelLayer").and_then(|backend| backend.options);
    core.is_some_and(|options| options.contains(&key))
}

/// A key that is nearly one of the options, or names the hosts in another way.
fn fix(context: &Context, config: &Dict, entry: &Entry, backends: &[&Backend]) -> (String, Option<Vec<Edit>>) {
    let key = entry.key.as_str().unwrap_or_default();
    let known = || backends.iter().filter_map(|backend| backend.options).flatten().copied();
    let takes_hosts = known().any(|option| option == "hosts");
    let option = match () {
        () if takes_hosts && names_hosts(&key.to_lowercase()) => "hosts",
        () if is_of_connection(&key.to_lowercase()) => return (String::new(), None),
        () => match meant(key, known()) {
            Some(option) => option,
            None => return (String::new(), None),
        },
    };
    let title = format!("rename it to `{option}`");
    let Some(mut edits) = context.rename_key(config, entry, option) else { return (title, None) };
    if option != "hosts" || entry.value.sequence().is_some() {
        return (title, Some(edits));
    }
    let is_url = entry.value.as_str().is_some_and(|text| text.contains("://"));
    let listed = if is_url { context.put_in_list(&entry.value) } else { None };
    let edits = listed.map(|listed| {
        edits.extend(listed);
        edits
    });
    ("rename it to `hosts`, and make it a list".to_owned(), edits)
}

fn names_hosts(lower: &str) -> bool {
    matches!(lower, "hosts" | "host" | "location" | "url" | "urls" | "address" | "server" | "servers")
}

fn is_of_connection(lower: &str) -> bool {
    ["password", "username", "db", "port", "retry_on_timeout", "health_check_interval"].contains(&lower)
        || lower.starts_with("ssl")
        || lower.starts_with("socket_")
}

fn help(key: &str, value: &Value, backends: &[&Backend]) -> String {
    let known = || backends.iter().filter_map(|backend| backend.options).flatten().copied();
    let takes_hosts = known().any(|option| option == "hosts");
    let lower = key.to_lowercase();
    if takes_hosts && names_hosts(&lower) {
        return match value.sequence() {
            Some(_) => "call it `hosts`".to_owned(),
            None => "call it `hosts`, and give it a list: `\"hosts\": [\"redis://…\"]`".to_owned(),
        };
    }
    match meant(key, known()) {
        _ if takes_hosts && is_of_connection(&lower) => {
            format!(
                "put it beside the address of the host: `\"hosts\": [{{\"address\": \"redis://…\", \"{key}\": …}}]`"
            )
        }
        Some(option) => format!("did you mean `{option}`?"),
        None if matches!(lower.as_str(), "hosts" | "prefix" | "symmetric_encryption_keys") => {
            "remove it, or use `channels_redis.core.RedisChannelLayer`".to_owned()
        }
        None => {
            let mut all: Vec<String> = known().map(|option| format!("`{option}`")).collect();
            all.dedup();
            format!("remove it: the options are {}", all.join(", "))
        }
    }
}
