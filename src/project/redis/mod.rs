//! The Redis servers that settings name.
//!
//! - [`urls`]: every Redis URL in channel layers, caches and Celery's settings, with the options beside it.
//! - [`layer_hosts`]: the `hosts` of channels_redis layers, URLs or not.
//! - [`client`]: what each library makes of a URL and its options.
//! - [`text`]: the text of a URL: its scheme, where its password ends, how it is shown.

pub mod client;
pub mod layer_hosts;
pub mod text;
pub mod urls;
