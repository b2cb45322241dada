//! Hosts and origins, and the patterns that they are compared with.
//!
//! - [`allowed_hosts`]: `ALLOWED_HOSTS` and `CSRF_TRUSTED_ORIGINS`, as Django compares them.
//! - [`origin_patterns`]: the patterns of an `OriginValidator`, as Channels compares them.

pub mod allowed_hosts;
pub mod origin_patterns;
