//! The schemes of django-environ's URLs. Source: class `Env` of 0.14.

/// Options of a database URL that are not for the engine.
pub(super) const DATABASE_OPTIONS: [&str; 5] =
    ["CONN_MAX_AGE", "ATOMIC_REQUESTS", "AUTOCOMMIT", "DISABLE_SERVER_SIDE_CURSORS", "CONN_HEALTH_CHECKS"];

/// Options of a cache URL that are not for the backend.
pub(super) const CACHE_OPTIONS: [&str; 5] = ["TIMEOUT", "KEY_PREFIX", "VERSION", "KEY_FUNCTION", "BINARY"];

/// Whether a scheme is of PostgreSQL.
pub(super) fn is_postgres(scheme: &str) -> bool {
    matches!(
        scheme,
        "postgres" | "postgresql" | "psql" | "pgsql" | "postgis" | "prometheus_postgresql" | "prometheus_postgis"
    )
}

/// Whether a scheme, or what it stands for, came or changed after 0.8.
pub(super) fn is_late_database(scheme: &str) -> bool {
    scheme.starts_with("prometheus_") || matches!(scheme, "cockroachdb" | "mssql")
}

/// The engine of a scheme.
pub(super) fn database(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "postgres" | "postgresql" | "psql" | "pgsql" => "django.db.backends.postgresql",
        "postgis" => "django.contrib.gis.db.backends.postgis",
        "prometheus_postgresql" => "django_prometheus.db.backends.postgresql",
        "prometheus_postgis" => "django_prometheus.db.backends.postgis",
        "cockroachdb" => "django_cockroachdb",
        "mysql" | "mysql2" => "django.db.backends.mysql",
        "mysql-connector" => "mysql.connector.django",
        "mysqlgis" => "django.contrib.gis.db.backends.mysql",
        "prometheus_mysql" => "django_prometheus.db.backends.mysql",
        "mssql" => "mssql",
        "oracle" => "django.db.backends.oracle",
        "pyodbc" => "sql_server.pyodbc",
        "redshift" => "django_redshift_backend",
        "spatialite" => "django.contrib.gis.db.backends.spatialite",
        "prometheus_spatialite" => "django_prometheus.db.backends.spatialite",
        "sqlite" => "django.db.backends.sqlite3",
        "prometheus_sqlite" => "django_prometheus.db.backends.sqlite3",
        "ldap" => "ldapdb.backends.ldap",
        _ => return None,
    })
}

/// The backend of a cache's scheme, but for those that hang on what is installed.
pub(super) fn cache(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "dbcache" => "django.core.cache.backends.db.DatabaseCache",
        "dummycache" => "django.core.cache.backends.dummy.DummyCache",
        "filecache" => "django.core.cache.backends.filebased.FileBasedCache",
        "locmemcache" => "django.core.cache.backends.locmem.LocMemCache",
        "memcache" => "django.core.cache.backends.memcached.MemcachedCache",
        "pylibmc" => "django.core.cache.backends.memcached.PyLibMCCache",
        _ => return None,
    })
}

/// The backend of an e-mail URL's scheme.
pub(super) fn email(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "smtp" | "smtps" | "smtp+tls" | "smtp+ssl" => "django.core.mail.backends.smtp.EmailBackend",
        "consolemail" => "django.core.mail.backends.console.EmailBackend",
        "filemail" => "django.core.mail.backends.filebased.EmailBackend",
        "memorymail" => "django.core.mail.backends.locmem.EmailBackend",
        "dummymail" => "django.core.mail.backends.dummy.EmailBackend",
        _ => return None,
    })
}

/// The channel layer of a scheme.
pub(super) fn channels(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "inmemory" => "channels.layers.InMemoryChannelLayer",
        "redis" | "rediss" => "channels_redis.core.RedisChannelLayer",
        "redis+pubsub" | "rediss+pubsub" => "channels_redis.pubsub.RedisPubSubChannelLayer",
        _ => return None,
    })
}

/// The search engine of a scheme that every release has.
pub(super) fn search(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "elasticsearch" => "haystack.backends.elasticsearch_backend.ElasticsearchSearchEngine",
        "elasticsearch2" => "haystack.backends.elasticsearch2_backend.Elasticsearch2SearchEngine",
        "solr" => "haystack.backends.solr_backend.SolrEngine",
        "whoosh" => "haystack.backends.whoosh_backend.WhooshEngine",
        "xapian" => "haystack.backends.xapian_backend.XapianEngine",
        "simple" => "haystack.backends.simple_backend.SimpleEngine",
        _ => return None,
    })
}
