//! django-cache-url 3.4: `config(…)` and `parse(url)`.

use super::Call;
use super::config_url::Library;
use super::plain::{Failure, Plain, is_at_least, set};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::Object;
use crate::eval::raise::Exception;
use crate::eval::url::SplitUrl;

const DJANGO_REDIS: &str = "django.core.cache.backends.redis.RedisCache";

const BACKENDS: [(&str, &str); 14] = [
    ("db", "django.core.cache.backends.db.DatabaseCache"),
    ("dummy", "django.core.cache.backends.dummy.DummyCache"),
    ("elasticache", "django_elasticache.memcached.ElastiCache"),
    ("file", "django.core.cache.backends.filebased.FileBasedCache"),
    ("locmem", "django.core.cache.backends.locmem.LocMemCache"),
    ("uwsgicache", "uwsgicache.UWSGICache"),
    ("memcached", "django.core.cache.backends.memcached.PyLibMCCache"),
    ("djangopylibmc", "django_pylibmc.memcached.PyLibMCCache"),
    ("pymemcached", "django.core.cache.backends.memcached.MemcachedCache"),
    ("pymemcache", "django.core.cache.backends.memcached.PyMemcacheCache"),
    ("redis-cache", "redis_cache.RedisCache"),
    ("redis", DJANGO_REDIS),
    ("rediss", DJANGO_REDIS),
    ("hiredis", DJANGO_REDIS),
];

const LIBRARY: Library = Library {
    parse_name: "django_cache_url.parse",
    config_name: "django_cache_url.config",
    variable: "CACHE_URL",
    default: Some("locmem://"),
    parse,
};

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    LIBRARY.call(machine, call)
}

/// `parse(url)`.
pub(super) fn parse(machine: &Machine, url: &str) -> Result<Plain, Failure> {
    if !is_at_least(machine, "django-cache-url", [3, 4]) || !is_at_least(machine, "django", [4, 0]) {
        return Err(Failure::Unsure("django-cache-url before 3.4, or with Django before 4, is not evaluated"));
    }
    let invalid = || Failure::Raises(Exception::new("ValueError", "it is not a valid URL"));
    let unsure = |why| Failure::Unsure(why);
    let split = SplitUrl::parse(url).map_err(|_| invalid())?;
    if !split.is_settled() {
        return Err(unsure("Python's versions differ in reading the URL's host"));
    }
    let scheme = split.scheme.as_str();
    let Some((_, backend)) = BACKENDS.iter().find(|(known, _)| *known == scheme) else {
        return Err(Failure::Raises(Exception::new("Exception", format!("Unknown backend: \"{scheme}\""))));
    };
    let mut arguments: Vec<(String, Plain)> = Vec::new();
    for (name, values) in split.all_options() {
        set(&mut arguments, name.to_uppercase(), Plain::Str(values.join(";")));
    }
    if arguments.iter().any(|(name, _)| name == "LIB") {
        return Err(unsure("a library chosen by the URL is not evaluated"));
    }
    let is_redis = matches!(scheme, "redis" | "rediss" | "hiredis");
    let location = match split.netloc.as_str() {
        "" if matches!(scheme, "memcached" | "pymemcached" | "pymemcache" | "djangopylibmc") => {
            format!("unix://{}", split.path)
        }
        "" if matches!(scheme, "redis" | "hiredis") => return Err(unsure("a Redis socket is not evaluated")),
        "" => split.path.clone(),
        netloc if !is_redis => netloc.replace(',', ";"),
        _ => {
            let scheme = if scheme == "rediss" { "rediss" } else { "redis" };
            let host = split.host();
            if host.is_empty() {
                return Err(unsure("a Redis URL without a host is not evaluated"));
            }
            let port = split.port().map_err(|_| invalid())?.filter(|port| *port != 0).unwrap_or(6379);
            let database = split.path.get(1..).filter(|path| !path.is_empty()).unwrap_or("0");
            match split.password().filter(|password| !password.is_empty()) {
                Some(password) => format!("{scheme}://:{password}@{host}:{port}/{database}"),
                None => format!("{scheme}://{host}:{port}/{database}"),
            }
        }
    };
    let location = if scheme == "uwsgicache" && location.is_empty() { "default".to_owned() } else { location };
    let mut entries = vec![("BACKEND".to_owned(), Plain::str(*backend)), ("LOCATION".to_owned(), Plain::Str(location))];
    let mut options = Vec::new();
    if scheme == "hiredis" {
        options.push(("PARSER_CLASS".to_owned(), Plain::str("redis.connection.HiredisParser")));
    }
    for name in ["MAX_ENTRIES", "CULL_FREQUENCY"] {
        let Some(at) = arguments.iter().position(|(known, _)| known == name) else { continue };
        match arguments.remove(at).1 {
            Plain::Str(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let number = text.parse().map_err(|_| unsure("an option of the URL is not evaluated"))?;
                options.push((name.to_owned(), Plain::Int(number)));
            }
            _ => return Err(unsure("an option of the URL is not evaluated")),
        }
    }
    if !options.is_empty() {
        entries.push(("OPTIONS".to_owned(), Plain::Dict(options)));
    }
    for (name, value) in arguments {
        set(&mut entries, name, value);
    }
    Ok(Plain::Dict(entries))
}
