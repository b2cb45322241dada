//! Channel layers without a backend, or with one that does not exist.

use crate::diagnostic::Applicability;
use crate::eval::value::{Kind, Value, brief};
use crate::project::channel_layers::{BACKENDS, IN_MEMORY, Layer, backend, layers, meant};
use crate::rule::{Context, Findings, origin_note};

/// Packages that hold the backends of [`BACKENDS`] and no others.
const PACKAGES: [&str; 5] = ["channels", "channels_redis", "channels_rabbitmq", "channels_postgres", "channels_valkey"];

/// Packages of Channels 1, which Channels 2 and later cannot use.
const OLD_PACKAGES: [&str; 4] = ["asgi_redis", "asgi_ipc", "asgi_rabbitmq", "asgiref"];

/// Judges the `BACKEND` of each layer.
pub fn check(context: &Context, findings: &mut Findings) {
    if !context.settings().is_at_least("channels", "2") {
        return;
    }
    let setting = context.settings().get("CHANNEL_LAYERS");
    for layer in layers(context.settings()) {
        if layer.is_certain && is_without_backend(&layer) {
            let misspelt = layer.dict().and_then(|dict| {
                dict.entries
                    .iter()
                    .find(|entry| entry.key.as_str().is_some_and(|key| meant(key, ["BACKEND", "ENGINE"]).is_some()))
            });
            let place = context.place_of(&setting, misspelt.map_or(layer.key, |entry| &entry.key));
            let help = match misspelt.and_then(|entry| entry.key.as_str()) {
                Some(key) => format!("rename `{key}` to `BACKEND`"),
                None => "name one: `\"BACKEND\": \"channels_redis.core.RedisChannelLayer\"`".to_owned(),
            };
            let renamed = misspelt.zip(layer.dict());
            let edits = renamed.and_then(|(entry, dict)| context.rename_key(dict, entry, "BACKEND"));
            findings
                .report(place, format!("`{}` has no `BACKEND`: every WebSocket fails", layer.title()))
                .setting("CHANNEL_LAYERS", &setting)
                .help(help)
                .safe_fix("rename it to `BACKEND`", edits);
        }
        for (when, value) in layer.backends() {
            let Some((message, help)) = judge(&layer, value) else { continue };
            let known = value.as_str().and_then(nearest).filter(|_| when.unset_variables().is_empty());
            // Another class may keep messages elsewhere, or not at all.
            let is_typo = value.as_str().is_some_and(|path| meant(path, known).is_some());
            let applicability = if is_typo { Applicability::Safe } else { Applicability::Unsafe };
            let edits = known.and_then(|known| context.rewrite_string(value, known));
            findings
                .report(context.place_of(&setting, value), message + &origin_note(&when))
                .setting("CHANNEL_LAYERS", &setting)
                .help(help)
                .fix(applicability, format!("write `{}`", known.unwrap_or_default()), edits);
        }
    }
}

/// Where `BACKEND` and `CONFIG` stand in place of an alias, another rule says so.
fn is_without_backend(layer: &Layer) -> bool {
    layer.dict().is_some_and(|dict| dict.open.is_none() && dict.get("BACKEND").is_none())
        && !matches!(layer.alias, "BACKEND" | "CONFIG")
}

fn judge(layer: &Layer, value: &Value) -> Option<(String, String)> {
    let fails = "every WebSocket fails";
    let title = layer.title();
    let path = match &value.kind {
        Kind::Str(path) => path.as_ref(),
        Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Class(_) => {
            let message = format!("the `BACKEND` of `{title}`, `{}`, is no dotted path: {fails}", brief(value));
            return Some((message, "write the dotted path of the class as a string".to_owned()));
        }
        _ => return None,
    };
    // Both can be imported, and someone may build on them.
    if backend(path).is_some() || matches!(path, "channels.layers.BaseChannelLayer") {
        return None;
    }
    let package = path.split('.').next().unwrap_or(path);
    let is_old = OLD_PACKAGES.contains(&package);
    let why = match () {
        () if !path.contains('.') => "is no dotted path",
        () if is_old => "is a channel layer of Channels 1",
        () if PACKAGES.contains(&package) => "does not exist",
        () => return None,
    };
    let help = match nearest(path) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "name the class of a channel layer, as in `channels_redis.core.RedisChannelLayer`".to_owned(),
    };
    Some((format!("the `BACKEND` of `{title}`, `{path}`, {why}: {fails}"), help))
}

/// The backend that a path probably means.
fn nearest(path: &str) -> Option<&'static str> {
    let lower = path.to_lowercase();
    let of = |word: &str| BACKENDS.iter().map(|backend| backend.path).find(|path| path.contains(word));
    match () {
        () if lower.contains("memory") || lower.starts_with("asgi_ipc") => Some(IN_MEMORY),
        () if lower.contains("valkey") && lower.contains("pubsub") => of("ValkeyPubSub"),
        () if lower.contains("valkey") => of("ValkeyChannel"),
        () if lower.contains("redis") && lower.contains("pubsub") => of("RedisPubSub"),
        () if lower.contains("redis") => of("RedisChannel"),
        () if lower.contains("rabbit") => of("Rabbitmq"),
        () if lower.contains("postgres") => of("Postgres"),
        () => None,
    }
}
