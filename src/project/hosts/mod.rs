//! Hosts and origins, and what they are compared with.
//!
//! - [`allowed_hosts`]: the entries of `ALLOWED_HOSTS`, as Django compares them.
//! - [`trusted_origins`]: the entries of `CSRF_TRUSTED_ORIGINS`, as Django compares them.
//! - [`origin_patterns`]: the patterns of an `OriginValidator`, as Channels compares them.

pub mod allowed_hosts;
pub mod origin_patterns;
pub mod trusted_origins;

/// Why an entry matches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Why, as a clause.
    pub why: &'static str,
    /// What to do, as a command.
    pub fix: String,
    /// What is meant, where that is evident.
    pub meant: Option<String>,
}

impl Mismatch {
    fn new(why: &'static str, fix: impl Into<String>) -> Option<Self> {
        Some(Self { why, fix: fix.into(), meant: None })
    }

    fn write(why: &'static str, instead: &str) -> Option<Self> {
        Some(Self { why, fix: format!("write `{instead}`"), meant: Some(instead.to_owned()) })
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if !port.is_empty()
                && port.chars().all(|c| c.is_ascii_digit())
                && (name.ends_with(']') || !name.contains(':')) =>
        {
            name
        }
        _ => host,
    }
}
