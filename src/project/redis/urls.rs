//! Where a project's settings name a Redis server, by URL.

use crate::eval::value::{Condition, Dict, Entry, Kind, Piece, Value};

use super::client::{Client, SERIALIZERS_AND_POOLS};
use super::layer_hosts::layer_entries;
use super::text::Credentials;
use crate::project::aliases::aliased;
use crate::project::settings::Settings;
use crate::project::url::text_of;

/// A Redis URL in a setting, in one of the forms that it can take.
#[derive(Debug, Clone)]
pub struct RedisUrl<'v> {
    /// Who connects to it.
    pub client: Client,
    /// The setting, with the keys that lead to the URL: `CHANNEL_LAYERS["default"]["CONFIG"]["hosts"]`.
    pub setting: String,
    /// The URL, with [`HOLE`](crate::project::url::HOLE) for what is not known.
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
    /// Whether a character of the password ends it too early, so that everything behind it is misread.
    pub fn is_cut_short(&self) -> bool {
        Credentials::of(&self.text, self.separators).is_some_and(|credentials| credentials.stray.is_some())
    }

    /// The name of the setting, without the keys.
    pub fn setting_name(&self) -> &str {
        self.setting.split('[').next().unwrap_or_default()
    }
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
    for cache in aliased(settings, "CACHES") {
        let client = match cache.backend() {
            Some("django.core.cache.backends.redis.RedisCache") => Client::DjangoCache,
            Some(backend) if backend.starts_with("django_redis.cache.") => Client::DjangoRedis,
            _ => continue,
        };
        let (Some(dict), Some(location)) = (cache.dict(), cache.get("LOCATION")) else { continue };
        let options = cache_options(settings, client, dict);
        let setting = format!("{}[\"LOCATION\"]", cache.title());
        for (when, location) in location.value.options() {
            match location.sequence() {
                Some(locations) => {
                    for item in &locations.items {
                        add(found, client, &setting, &item.value, &when.narrowed_by(&item.when), &options);
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
                Some(urls) => urls.items.iter().map(|item| (&item.value, when.narrowed_by(&item.when))).collect(),
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
        let when = when.narrowed_by(&in_case);
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
