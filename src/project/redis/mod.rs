//! Where a project's settings name a Redis server.

pub mod client;
pub mod text;

use crate::eval::value::{Condition, Dict, Entry, Kind, Piece, Sequence, Value};

use crate::project::settings::Settings;
use crate::project::url::HOLE;
use client::{Client, SERIALIZERS_AND_POOLS};

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
    /// The characters at which the client cuts the string before it reads a URL in it.
    pub separators: &'static [char],
    /// What else goes to the connection.
    pub options: Options<'v>,
    /// Whether parts of the text are the defaults of what it is put together from. Each is right on its own; together
    /// they may never occur.
    pub is_assembled: bool,
}

/// What goes to a connection beside the URL.
#[derive(Debug, Clone, Default)]
pub struct Options<'v> {
    /// The keyword arguments of redis-py: the other keys of a channels_redis host, the `OPTIONS` of Django's cache, the
    /// `CONNECTION_POOL_KWARGS` of django-redis.
    pub entries: Vec<&'v Entry>,
    /// Whether that is not all, or a class of the project's own makes the connection.
    pub is_open: bool,
    /// Whether the password stands beside the URL.
    pub has_password: bool,
}

impl<'v> Options<'v> {
    fn of_dict(dict: &'v Dict, leave_out: &[&str]) -> Self {
        let is_option = |entry: &&Entry| entry.key.as_str().is_none_or(|key| !leave_out.contains(&key));
        let (entries, conditional): (Vec<&Entry>, Vec<&Entry>) =
            dict.entries.iter().filter(is_option).partition(|entry| entry.when.is_always());
        let has = |name: &str| entries.iter().any(|entry| entry.key.as_str() == Some(name));
        Self {
            // What is there in some cases only may well be there for other URLs than this one.
            is_open: dict.open.is_some()
                || !conditional.is_empty()
                || has("connection_class")
                || entries.iter().any(|entry| entry.key.as_str().is_none()),
            has_password: has("password") || has("credential_provider"),
            entries,
        }
    }

    fn open() -> Self {
        Self { entries: Vec::new(), is_open: true, has_password: true }
    }

    /// Whether there is one of this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.key.as_str() == Some(name))
    }
}

impl RedisUrl<'_> {
    /// The name of the setting, without the keys.
    pub fn setting_name(&self) -> &str {
        self.setting.split('[').next().unwrap_or_default()
    }
}

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

/// The `hosts` of every channels_redis layer, in each form that they can take.
///
/// Layers of channels_redis before 4 are left out: aioredis read addresses in a way of its own.
pub fn layer_hosts(settings: &Settings) -> Vec<LayerHost<'_>> {
    let mut found = Vec::new();
    if !settings.is_at_least("channels-redis", "4") {
        return found;
    }
    for (alias, layer) in aliases(settings, "CHANNEL_LAYERS") {
        if !backend(layer).is_some_and(|backend| backend.starts_with("channels_redis.")) {
            continue;
        }
        let Some(config) = layer.as_dict().and_then(|layer| layer.get("CONFIG")) else { continue };
        for (_, config) in config.value.options() {
            let Some(hosts) = config.as_dict().and_then(|config| config.get("hosts")) else { continue };
            let setting = format!("CHANNEL_LAYERS[\"{alias}\"][\"CONFIG\"][\"hosts\"]");
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
                let when = both(&both(&hosts.when, &item.when), &in_case);
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

/// Every Redis URL in the settings that is written out at least in part: each value, each default of an environment
/// variable, each option of an undecided condition on its own. A URL that flows into several settings is there once
/// for each.
pub fn redis_urls(settings: &Settings) -> Vec<RedisUrl<'_>> {
    let mut found = Vec::new();
    for entry in layer_entries(settings) {
        let (value, options) = match entry.value.as_dict() {
            Some(dict) => {
                let Some(address) = dict.get("address") else { continue };
                // channels_redis 4.0 took nothing but the address.
                let is_taken = settings.is_at_least("channels-redis", "4.1");
                let options = if is_taken { Options::of_dict(dict, &["address"]) } else { Options::open() };
                (&address.value, options)
            }
            None => (entry.value, Options::default()),
        };
        add(&mut found, Client::Channels, &entry.setting, value, &entry.when, &options);
    }
    add_caches(settings, &mut found);
    add_celery(settings, &mut found);
    found
}

fn add_caches<'v>(settings: &'v Settings, found: &mut Vec<RedisUrl<'v>>) {
    for (alias, cache) in aliases(settings, "CACHES") {
        let client = match backend(cache) {
            Some("django.core.cache.backends.redis.RedisCache") => Client::DjangoCache,
            Some(backend) if backend.starts_with("django_redis.cache.") => Client::DjangoRedis,
            _ => continue,
        };
        let Some(cache) = cache.as_dict() else { continue };
        let Some(location) = cache.get("LOCATION") else { continue };
        let options = cache_options(settings, client, cache);
        let setting = format!("CACHES[\"{alias}\"][\"LOCATION\"]");
        for (when, location) in location.value.options() {
            match location.sequence() {
                Some(locations) => {
                    for item in &locations.items {
                        add(found, client, &setting, &item.value, &both(&when, &item.when), &options);
                    }
                }
                None => add_split(found, client, client.separators(), &setting, location, &when, &options),
            }
        }
    }
}

fn cache_options<'v>(settings: &Settings, client: Client, cache: &'v Dict) -> Options<'v> {
    let Some(options) = cache.get("OPTIONS") else {
        return if cache.open.is_none() { Options::default() } else { Options::open() };
    };
    let Some(dict) = options.value.as_dict().filter(|_| options.when.is_always()) else { return Options::open() };
    if client == Client::DjangoCache {
        let has_pool = dict.get("pool_class").is_some();
        let options = Options::of_dict(dict, SERIALIZERS_AND_POOLS);
        return Options { is_open: options.is_open || has_pool, ..options };
    }
    let own_classes = ["CONNECTION_POOL_CLASS", "CONNECTION_FACTORY", "CLIENT_CLASS"];
    let is_own = |name: &&str| {
        dict.get(name).is_some_and(|entry| {
            let class = entry.value.as_str().unwrap_or_default();
            !class.starts_with("redis.connection.") && !class.starts_with("django_redis.client.")
        })
    };
    let is_open = dict.open.is_some()
        || own_classes.iter().any(is_own)
        || settings.names.contains_key("DJANGO_REDIS_CONNECTION_FACTORY");
    let pool = match dict.get("CONNECTION_POOL_KWARGS") {
        Some(entry) if !entry.when.is_always() => Options::open(),
        Some(entry) => entry.value.as_dict().map_or_else(Options::open, |pool| Options::of_dict(pool, &[])),
        None => Options::default(),
    };
    Options {
        is_open: is_open || pool.is_open,
        has_password: dict.open.is_some() || dict.get("PASSWORD").is_some() || pool.has_password,
        ..pool
    }
}

fn add_celery<'v>(settings: &'v Settings, found: &mut Vec<RedisUrl<'v>>) {
    let celery = [
        ("CELERY_BROKER_URL", Client::CeleryBroker),
        ("BROKER_URL", Client::CeleryBroker),
        ("CELERY_RESULT_BACKEND", Client::CeleryResult),
    ];
    for (name, client) in celery {
        let Some(setting) = settings.names.get(name) else { continue };
        let is_set =
            |names: &[&str]| settings.open.is_some() || names.iter().any(|name| settings.names.contains_key(*name));
        let options = Options {
            entries: Vec::new(),
            is_open: is_set(client.celery_options()),
            has_password: is_set(client.celery_passwords()),
        };
        for (when, url) in setting.value.options() {
            let urls = match url.sequence() {
                Some(urls) => urls.items.iter().map(|item| (&item.value, both(&when, &item.when))).collect(),
                None => vec![(url, when.clone())],
            };
            for (url, when) in urls {
                add_split(found, client, client.separators(), name, url, &when, &options);
            }
        }
    }
    // A broker may be anything; only what is meant for Redis is looked at.
    found.retain(|url| {
        let is_celery = matches!(url.client, Client::CeleryBroker | Client::CeleryResult);
        let text = url.text.trim_start().to_ascii_lowercase();
        !is_celery || ["redis:", "rediss:"].iter().any(|scheme| text.starts_with(scheme))
    });
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

fn add<'v>(
    found: &mut Vec<RedisUrl<'v>>,
    client: Client,
    setting: &str,
    value: &'v Value,
    when: &Condition,
    options: &Options<'v>,
) {
    add_split(found, client, &[], setting, value, when, options);
}

/// Adds the URLs of a string that the client cuts at `separators`.
fn add_split<'v>(
    found: &mut Vec<RedisUrl<'v>>,
    client: Client,
    separators: &'static [char],
    setting: &str,
    value: &'v Value,
    when: &Condition,
    options: &Options<'v>,
) {
    for (in_case, value) in value.options() {
        let Some(text) = text_of(value) else { continue };
        let when = both(when, &in_case);
        let is_default = |piece: &Piece| matches!(piece, Piece::Hole(hole) if hole.when_unset().is_some());
        let is_assembled = matches!(&value.kind, Kind::Template(template) if template.pieces.iter().any(is_default));
        let urls = split_urls(&text, separators).into_iter().map(|text| RedisUrl {
            client,
            setting: setting.to_owned(),
            text,
            value,
            when: when.clone(),
            separators,
            options: options.clone(),
            is_assembled,
        });
        found.extend(urls);
    }
}

/// The URLs of a string. A separator inside what is meant for a password separates nothing here: that is a fault of the
/// one URL.
fn split_urls(text: &str, separators: &[char]) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    let mut is_first = true;
    let mut separator = None;
    for piece in text.split_inclusive(separators) {
        let bare = piece.strip_suffix(separators).unwrap_or(piece);
        let lacks_at = |url: &String| url.split_once("://").is_some_and(|(_, rest)| !rest.contains('@'));
        let is_rest_of_password = !bare.contains("://") && bare.contains('@');
        match (urls.last_mut().filter(|last| is_rest_of_password && lacks_at(last)), separator) {
            (Some(last), Some(separator)) => {
                last.push(separator);
                last.push_str(bare);
            }
            _ if is_first || !bare.is_empty() => urls.push(bare.to_owned()),
            _ => {}
        }
        is_first = false;
        separator = piece[bare.len()..].chars().next();
    }
    urls
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_a_string() {
        assert_eq!(split_urls("redis://a,redis://b", &[',', ';']), ["redis://a", "redis://b"]);
        assert_eq!(split_urls("redis://:p,w@h;redis://b", &[',', ';']), ["redis://:p,w@h", "redis://b"]);
        assert_eq!(split_urls("redis://h1:6379,h2:6379", &[',']), ["redis://h1:6379", "h2:6379"]);
        assert_eq!(split_urls("redis://:p,w@h", &[]), ["redis://:p,w@h"]);
        assert_eq!(split_urls("", &[',']), [] as [&str; 0]);
    }
}
