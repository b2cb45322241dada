//! `CHANNEL_LAYERS`, and what the backends take.
//!
//! Source: channels 4.3 `channels/layers.py`, `ChannelLayerManager`.

use super::aliases::{Aliased, aliased};
use super::settings::Settings;
use super::spelling::nearest;

/// A channel layer, in one of the forms that it can have.
pub type Layer<'v> = Aliased<'v>;

/// A backend of which the options are known.
#[derive(Debug)]
pub struct Backend {
    /// The dotted path of its class.
    pub path: &'static str,
    /// What its constructor takes, in whatever version; none where it was not looked up.
    pub options: Option<&'static [&'static str]>,
    /// Whether it ignores everything else, rather than raise.
    pub ignores_others: bool,
}

/// The backends that are packaged.
///
/// Source: channels 4.3, channels_redis 2.0 to 4.3 (`core.py`, `pubsub.py`), channels_rabbitmq 4.0,
/// channels_postgres 1.1, channels_valkey 0.3.
pub const BACKENDS: [Backend; 7] = [
    Backend {
        path: IN_MEMORY,
        options: Some(&["expiry", "group_expiry", "capacity", "channel_capacity"]),
        ignores_others: false,
    },
    Backend {
        path: "channels_redis.core.RedisChannelLayer",
        options: Some(&[
            "hosts",
            "prefix",
            "expiry",
            "group_expiry",
            "capacity",
            "channel_capacity",
            "symmetric_encryption_keys",
            "random_prefix_length",
            "serializer_format",
        ]),
        ignores_others: false,
    },
    Backend {
        path: "channels_redis.pubsub.RedisPubSubChannelLayer",
        options: Some(&[
            "hosts",
            "prefix",
            "on_disconnect",
            "on_reconnect",
            "symmetric_encryption_keys",
            "serializer_format",
        ]),
        ignores_others: true,
    },
    Backend { path: "channels_rabbitmq.core.RabbitmqChannelLayer", options: None, ignores_others: false },
    Backend { path: "channels_postgres.core.PostgresChannelLayer", options: None, ignores_others: false },
    Backend { path: "channels_valkey.core.ValkeyChannelLayer", options: None, ignores_others: false },
    Backend { path: "channels_valkey.pubsub.ValkeyPubSubChannelLayer", options: None, ignores_others: false },
];

/// The backend that keeps messages within the process.
pub const IN_MEMORY: &str = "channels.layers.InMemoryChannelLayer";

/// Every channel layer, in each form that it can have.
pub fn layers(settings: &Settings) -> Vec<Layer<'_>> {
    aliased(settings, "CHANNEL_LAYERS")
}

/// The backend of a dotted path.
pub fn backend(path: &str) -> Option<&'static Backend> {
    BACKENDS.iter().find(|backend| backend.path == path)
}

/// The name among `known` that a misspelt one means.
pub fn meant<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const MAX_DISTANCE: usize = 2;
    nearest(wrong, known, |_| MAX_DISTANCE)
}
