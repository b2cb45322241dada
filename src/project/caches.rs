//! `CACHES`: backends and what they read.

use super::aliases::{Aliased, aliased};
use super::settings::{Settings, Truth};
use super::shape::{known, under_key};
use crate::eval::value::Value;

/// Django's cache in Redis.
pub const REDIS: &str = "django.core.cache.backends.redis.RedisCache";

/// Django's cache in files.
pub const FILES: &str = "django.core.cache.backends.filebased.FileBasedCache";

/// Django's cache in the memory of the process, which is the default.
pub const MEMORY: &str = "django.core.cache.backends.locmem.LocMemCache";

/// Django's cache that keeps nothing.
pub const DUMMY: &str = "django.core.cache.backends.dummy.DummyCache";

/// The backends that come with Django.
pub const BACKENDS: [&str; 7] = [
    "django.core.cache.backends.db.DatabaseCache",
    DUMMY,
    FILES,
    MEMORY,
    "django.core.cache.backends.memcached.PyLibMCCache",
    "django.core.cache.backends.memcached.PyMemcacheCache",
    REDIS,
];

/// What they read of the dict of a cache.
///
/// Source: `django/core/cache/__init__.py`, `CacheHandler.create_connection`; `django/core/cache/backends/base.py`,
/// `BaseCache.__init__`.
pub const KEYS: [&str; 10] = [
    "BACKEND",
    "KEY_FUNCTION",
    "KEY_PREFIX",
    "LOCATION",
    "OPTIONS",
    "TIMEOUT",
    "VERSION",
    "cull_frequency",
    "max_entries",
    "timeout",
];

/// What django-redis reads of `OPTIONS`.
///
/// Source: django-redis 5.4 to 7.0, `django_redis/cache.py`, `django_redis/pool.py`, `django_redis/client/`.
pub const DJANGO_REDIS_OPTIONS: [&str; 24] = [
    "CLIENT_CLASS",
    "CLOSE_CONNECTION",
    "COMPRESSOR",
    "CONNECTION_FACTORY",
    "CONNECTION_POOL_CLASS",
    "CONNECTION_POOL_KWARGS",
    "IGNORE_EXCEPTIONS",
    "LOG_IGNORED_EXCEPTIONS",
    "PARSER_CLASS",
    "PASSWORD",
    "PICKLE_VERSION",
    "REDIS_CLIENT_CLASS",
    "REDIS_CLIENT_KWARGS",
    "REPLICA_READ_ONLY",
    "REVERSE_KEY_FUNCTION",
    "SENTINELS",
    "SENTINEL_KWARGS",
    "SERIALIZER",
    "SOCKET_CONNECT_TIMEOUT",
    "SOCKET_TIMEOUT",
    "USERNAME",
    "db_routing",
    "itersize",
    "replica_read_only",
];

/// A cache, in one of the forms that it can have.
pub type Cache<'v> = Aliased<'v>;

/// Every cache, in each form that it can have.
pub fn caches(settings: &Settings) -> Vec<Cache<'_>> {
    aliased(settings, "CACHES")
}

/// Whether the cache of an alias is there, by its backend; `missing` where there is no such cache.
pub fn backend_is(settings: &Settings, alias: &str, missing: Truth, test: impl Fn(&str) -> bool) -> Truth {
    let caches = settings.get("CACHES");
    Truth::over(&caches.value, |caches: &Value| match caches.as_dict() {
        Some(caches) => under_key(caches, alias, missing.clone(), |cache| match cache.as_dict() {
            Some(cache) => under_key(cache, "BACKEND", Truth::No, |backend| {
                known(backend, |backend| backend.as_str().is_some_and(&test))
            }),
            None => known(cache, |_| false),
        }),
        None => known(caches, |_| false),
    })
}
