//! Where a project's settings name a Redis server, and what each library makes of it.

use crate::eval::value::{Condition, Entry, Kind, Piece, Value};

use super::settings::Settings;
use super::url::HOLE;

/// A library that connects to Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    /// channels_redis, by the asynchronous client of redis-py.
    Channels,
    /// Django's own `RedisCache`.
    DjangoCache,
    /// django-redis.
    DjangoRedis,
    /// Celery's broker, by Kombu.
    CeleryBroker,
    /// Celery's result backend.
    CeleryResult,
}

impl Client {
    /// The library in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Channels => "channels_redis",
            Self::DjangoCache => "Django's Redis cache",
            Self::DjangoRedis => "django-redis",
            Self::CeleryBroker => "Celery's broker",
            Self::CeleryResult => "Celery's result backend",
        }
    }

    /// Whether the URL goes to redis-py as it is.
    pub fn is_redis_py(self) -> bool {
        matches!(self, Self::Channels | Self::DjangoCache | Self::DjangoRedis)
    }
}

/// A Redis URL in a setting, in one of the forms that it can take.
#[derive(Debug, Clone)]
pub struct RedisUrl<'v> {
    /// Who connects to it.
    pub client: Client,
    /// The setting, with the keys that lead to the URL: `CHANNEL_LAYERS["default"]["CONFIG"]["hosts"]`.
    pub setting: String,
    /// The URL, with [`HOLE`] for what is not known.
    pub text: String,
    /// The value that holds it.
    pub value: &'v Value,
    /// When it is this one.
    pub when: Condition,
    /// Options beside the URL: the other keys of a channels_redis host, or those of django-redis' pool.
    pub options: Vec<&'v Entry>,
}

/// Every Redis URL in the settings that is written out at least in part: each value, each default of an environment
/// variable, each option of an undecided condition on its own. A URL that flows into several settings is there once
/// for each.
pub fn redis_urls<'v>(settings: &'v Settings) -> Vec<RedisUrl<'v>> {
    let mut found = Vec::new();
    for (alias, layer) in aliases(settings, "CHANNEL_LAYERS") {
        if !backend(layer).is_some_and(|backend| backend.starts_with("channels_redis.")) {
            continue;
        }
        for (config, hosts) in layer_hosts(layer) {
            let setting = format!("CHANNEL_LAYERS[\"{alias}\"][\"CONFIG\"][\"hosts\"]");
            let _ = config;
            for (when, hosts) in hosts.options() {
                for item in hosts.sequence().map(|hosts| hosts.items.as_slice()).unwrap_or_default() {
                    for (in_case, host) in item.value.options() {
                        let when = both(&when, &in_case);
                        match host.as_dict() {
                            Some(dict) => {
                                let Some(address) = dict.get("address") else { continue };
                                let options: Vec<&Entry> =
                                    dict.entries.iter().filter(|entry| entry.key.as_str() != Some("address")).collect();
                                add(&mut found, Client::Channels, &setting, &address.value, &when, &options);
                            }
                            None => add(&mut found, Client::Channels, &setting, host, &when, &[]),
                        }
                    }
                }
            }
        }
    }
    for (alias, cache) in aliases(settings, "CACHES") {
        let client = match backend(cache) {
            Some("django.core.cache.backends.redis.RedisCache") => Client::DjangoCache,
            Some(backend) if backend.starts_with("django_redis.cache.") => Client::DjangoRedis,
            _ => continue,
        };
        let Some(location) = cache.as_dict().and_then(|cache| cache.get("LOCATION")) else { continue };
        let setting = format!("CACHES[\"{alias}\"][\"LOCATION\"]");
        for (when, location) in location.value.options() {
            match location.sequence() {
                Some(locations) => {
                    for item in &locations.items {
                        add(&mut found, client, &setting, &item.value, &when, &[]);
                    }
                }
                None => add(&mut found, client, &setting, location, &when, &[]),
            }
        }
    }
    let celery = [
        ("CELERY_BROKER_URL", Client::CeleryBroker),
        ("BROKER_URL", Client::CeleryBroker),
        ("CELERY_RESULT_BACKEND", Client::CeleryResult),
    ];
    for (name, client) in celery {
        if let Some(setting) = settings.names.get(name) {
            for (when, url) in setting.value.options() {
                // A broker may be anything; only what is meant for Redis is looked at.
                if text_of(url).is_some_and(|text| text.trim_start().to_ascii_lowercase().starts_with("redis")) {
                    add(&mut found, client, name, url, &when, &[]);
                }
            }
        }
    }
    found
}

/// The entries of a setting that is a dict of dicts: channel layers or caches, by alias.
pub fn aliases<'v>(settings: &'v Settings, name: &str) -> Vec<(&'v str, &'v Value)> {
    let Some(setting) = settings.names.get(name) else { return Vec::new() };
    let mut found = Vec::new();
    for (_, value) in setting.value.options() {
        for entry in value.as_dict().map(|dict| dict.entries.as_slice()).unwrap_or_default() {
            if let Some(alias) = entry.key.as_str() {
                found.extend(entry.value.options().into_iter().map(|(_, value)| (alias, value)));
            }
        }
    }
    found
}

/// The `BACKEND` of a channel layer or cache, where it is known.
pub fn backend(value: &Value) -> Option<&str> {
    value.as_dict()?.get("BACKEND")?.value.as_str()
}

/// The `CONFIG` dicts of a channel layer, each with its `hosts`.
pub fn layer_hosts(layer: &Value) -> Vec<(&Value, &Value)> {
    let Some(config) = layer.as_dict().and_then(|layer| layer.get("CONFIG")) else { return Vec::new() };
    let options = config.value.options().into_iter();
    let hosts = options.filter_map(|(_, config)| Some((config, &config.as_dict()?.get("hosts")?.value)));
    hosts.collect()
}

fn add<'v>(
    found: &mut Vec<RedisUrl<'v>>,
    client: Client,
    setting: &str,
    value: &'v Value,
    when: &Condition,
    options: &[&'v Entry],
) {
    for (in_case, value) in value.options() {
        let Some(text) = text_of(value) else { continue };
        let when = both(when, &in_case);
        found.push(RedisUrl { client, setting: setting.to_owned(), text, value, when, options: options.to_vec() });
    }
}

/// The text of a string, with [`HOLE`] for what is not known; none for what is no string, or not known at all.
pub fn text_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Template(template) => {
            let text = template.pieces.iter().map(|piece| match piece {
                Piece::Literal(text) => text.to_string(),
                // A hole with a default is judged by the default, where that is the only thing that is known of it.
                Piece::Hole(hole) => hole
                    .when_unset()
                    .and_then(|default| match &default.kind {
                        Kind::Str(text) => Some(text.to_string()),
                        Kind::Int(number) => Some(number.to_string()),
                        _ => None,
                    })
                    .unwrap_or_else(|| HOLE.to_string()),
            });
            Some(text.collect())
        }
        _ => None,
    }
}

fn both(outer: &Condition, inner: &Condition) -> Condition {
    if inner.is_always() { outer.clone() } else { inner.clone() }
}
