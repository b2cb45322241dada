//! What each library makes of a Redis URL.

use crate::project::url::{SplitUrl, percent_decoded};

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

    /// The characters at which a string with several URLs is cut.
    ///
    /// Source: `django/core/cache/backends/redis.py`, `RedisCache.__init__`; `django_redis/client/default.py`,
    /// `DefaultClient.__init__`; `kombu/connection.py`, `Connection.__init__`.
    pub fn separators(self) -> &'static [char] {
        match self {
            Self::DjangoCache => &[';', ','],
            Self::DjangoRedis => &[','],
            Self::CeleryBroker => &[';'],
            Self::Channels | Self::CeleryResult => &[],
        }
    }

    /// The settings by which Celery is told of TLS beside the URL.
    pub fn celery_options(self) -> &'static [&'static str] {
        match self {
            Self::CeleryBroker => &["CELERY_BROKER_USE_SSL", "BROKER_USE_SSL"],
            Self::CeleryResult => &["CELERY_REDIS_BACKEND_USE_SSL", "REDIS_BACKEND_USE_SSL"],
            _ => &[],
        }
    }

    /// The settings by which Celery is told the password beside the URL.
    pub fn celery_passwords(self) -> &'static [&'static str] {
        match self {
            Self::CeleryBroker => &["CELERY_BROKER_PASSWORD", "BROKER_PASSWORD", "CELERY_BROKER_CREDENTIAL_PROVIDER"],
            Self::CeleryResult => &["CELERY_REDIS_PASSWORD", "CELERY_REDIS_BACKEND_CREDENTIAL_PROVIDER"],
            _ => &[],
        }
    }

    /// Whether a client takes an option in a URL's query, or, for redis-py, beside it.
    ///
    /// Source: `redis/connection.py` and `redis/asyncio/connection.py`, what the constructors of connections and pools
    /// take in redis-py 4.6, 5.2, 6.4 and 8.1; `kombu/connection.py`, `Connection._init_params`;
    /// `celery/backends/redis.py`, `RedisBackend._params_from_url`.
    pub fn takes(self, option: &str) -> bool {
        let is_tls = TLS_OPTIONS.contains(&option);
        match self {
            Self::CeleryBroker => option.starts_with("ssl_") || BROKER_OPTIONS.contains(&option),
            Self::CeleryResult => is_tls || option == "virtual_host" || OPTIONS.contains(&option),
            // `redis://service/0?is_master=0` is how django-redis names a sentinel's replica.
            Self::DjangoRedis => is_tls || option == "is_master" || OPTIONS.contains(&option),
            Self::Channels | Self::DjangoCache => is_tls || OPTIONS.contains(&option),
        }
    }
}

/// The `OPTIONS` of Django's Redis cache that do not go to redis-py's pool.
pub const SERIALIZERS_AND_POOLS: &[&str] = &["serializer", "pool_class", "parser_class"];

const BROKER_OPTIONS: &[&str] = &["connect_timeout", "credential_provider", "heartbeat", "insist", "login_method"];

/// What connections and pools take, in some version at least.
const OPTIONS: &[&str] = &[
    "cache",
    "cache_config",
    "cache_factory",
    "client_name",
    "command_packer",
    "connection_class",
    "credential_provider",
    "db",
    "decode_responses",
    "driver_info",
    "encoder_class",
    "encoding",
    "encoding_errors",
    "event_dispatcher",
    "health_check_interval",
    "himport_registry",
    "host",
    "legacy_responses",
    "lib_name",
    "lib_version",
    "maint_notifications_config",
    "maint_notifications_pool_handler",
    "maintenance_notification_hash",
    "maintenance_state",
    "max_connections",
    "orig_host_address",
    "orig_socket_connect_timeout",
    "orig_socket_timeout",
    "oss_cluster_maint_notifications_handler",
    "parser",
    "parser_class",
    "password",
    "path",
    "port",
    "protocol",
    "queue_class",
    "redis_connect_func",
    "retry",
    "retry_on_error",
    "retry_on_timeout",
    "socket_connect_timeout",
    "socket_keepalive",
    "socket_keepalive_options",
    "socket_read_size",
    "socket_timeout",
    "socket_type",
    "timeout",
    "username",
];

/// What only connections with TLS take.
pub const TLS_OPTIONS: &[&str] = &[
    "ssl_ca_certs",
    "ssl_ca_data",
    "ssl_ca_path",
    "ssl_cert_reqs",
    "ssl_certfile",
    "ssl_check_hostname",
    "ssl_ciphers",
    "ssl_exclude_verify_flags",
    "ssl_include_verify_flags",
    "ssl_keyfile",
    "ssl_min_version",
    "ssl_ocsp_context",
    "ssl_ocsp_expected_cert",
    "ssl_password",
    "ssl_validate_ocsp",
    "ssl_validate_ocsp_stapled",
];

/// Which database a URL's path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// None is named: it is 0.
    Default,
    /// This one.
    Number(i64),
    /// The path is no number.
    Invalid,
}

impl Client {
    /// The database that the path of a URL names for this client.
    ///
    /// Source: `parse_url` of redis-py drops every slash; `kombu/transport/redis.py`, `_prepare_virtual_host` drops one
    /// beside the first; `celery/backends/redis.py`, `_params_from_url` those at both ends.
    pub fn database(self, url: &SplitUrl) -> Database {
        let path = percent_decoded(&url.path);
        let number = match self {
            Self::Channels | Self::DjangoCache | Self::DjangoRedis => path.replace('/', ""),
            Self::CeleryBroker => {
                let path = path.strip_prefix('/').unwrap_or(&path);
                path.strip_prefix('/').unwrap_or(path).to_owned()
            }
            Self::CeleryResult => path.trim_matches('/').to_owned(),
        };
        match (number.is_empty(), python_int(&number)) {
            (true, _) => Database::Default,
            (false, Some(number)) => Database::Number(number),
            (false, None) => Database::Invalid,
        }
    }
}

/// What Python's `int(text)` gives.
pub fn python_int(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_number.then(|| text.replace('_', "").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(client: Client, url: &str) -> Database {
        client.database(&SplitUrl::parse(url).unwrap())
    }

    #[test]
    fn databases_as_each_client_reads_them() {
        use Client::{CeleryBroker, CeleryResult, Channels};
        assert_eq!(database(Channels, "redis://h/1/2"), Database::Number(12));
        assert_eq!(database(CeleryBroker, "redis://h/1/2"), Database::Invalid);
        assert_eq!(database(CeleryResult, "redis://h/1/2"), Database::Invalid);
        assert_eq!(database(Channels, "redis://h/0/"), Database::Number(0));
        assert_eq!(database(CeleryBroker, "redis://h/0/"), Database::Invalid);
        assert_eq!(database(CeleryResult, "redis://h/0/"), Database::Number(0));
        assert_eq!(database(CeleryBroker, "redis://h//0"), Database::Number(0));
        assert_eq!(database(Channels, "redis://h/abc"), Database::Invalid);
        assert_eq!(database(Channels, "redis://h/-1"), Database::Number(-1));
        for client in [Channels, CeleryBroker, CeleryResult] {
            assert_eq!(database(client, "redis://h"), Database::Default);
            assert_eq!(database(client, "redis://h/"), Database::Default);
            assert_eq!(database(client, "redis://h/%31"), Database::Number(1));
        }
    }

    #[test]
    fn numbers_as_python_reads_them() {
        assert_eq!(python_int(" 1_0 "), Some(10));
        assert_eq!(python_int("-1"), Some(-1));
        assert_eq!(python_int("1.5"), None);
        assert_eq!(python_int("_1"), None);
        assert_eq!(python_int(""), None);
    }
}
