//! A cache in the same Redis database as something that must not be lost.

use crate::project::redis::client::{Client, Database};
use crate::project::redis::text::server_url;
use crate::project::redis::urls::{RedisUrl, redis_urls};
use crate::rule::{Context, Findings};

/// Reports each cache whose database a channel layer or Celery uses too.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let urls = redis_urls(settings);
    let is_cache = |url: &&RedisUrl| matches!(url.client, Client::DjangoCache | Client::DjangoRedis);
    let mut told = Vec::new();
    for cache in urls.iter().filter(is_cache) {
        let Some(server) = server_of(cache) else { continue };
        let other = urls.iter().find(|url| !is_cache(url) && server_of(url).as_ref() == Some(&server));
        let Some(other) = other.filter(|_| !told.contains(&cache.setting)) else { continue };
        told.push(cache.setting.clone());
        let resolved = settings.get("CACHES");
        let place = resolved.history.last().copied().unwrap_or_else(|| context.place_of(&resolved, cache.value));
        let place = cache.value.origin.filter(|_| cache.value.origin != other.value.origin).unwrap_or(place);
        findings
            .report(
                place,
                format!(
                    "`{}` and `{}` are the same database, {server}: `cache.clear()` empties all of it",
                    cache.setting, other.setting
                ),
            )
            .setting("CACHES", &resolved)
            .related(other.value.origin, format!("`{}` is here", other.setting))
            .help("give the cache a database of its own: a number at the end of its URL that nothing else uses");
    }
}

/// The server and the database of a URL, where all of it is known.
fn server_of(url: &RedisUrl) -> Option<String> {
    let parts = server_url(&url.text)?;
    let options_name_it = ["db", "host", "port", "path"];
    let names_it = |name: &str| options_name_it.contains(&name);
    let is_elsewhere = url.options.is_open && url.client.is_redis_py()
        || url.options.entries.iter().any(|entry| entry.key.as_str().is_none_or(names_it))
        || parts.options().iter().any(|(name, _)| names_it(name))
        || url.text.contains(crate::project::url::HOLE);
    let number = match url.client.database(&parts) {
        Database::Default => 0,
        Database::Number(number) => number,
        Database::Invalid => return None,
    };
    let port = parts.port().ok()?.unwrap_or(6379);
    let host = parts.host().to_lowercase();
    (!is_elsewhere && !host.is_empty()).then(|| format!("{host}:{port}/{number}"))
}
