//! Origins, and the patterns that Channels compares them with.
//!
//! Source: channels 4.3 `channels/security/websocket.py`, `OriginValidator.match_allowed_origin`, and
//! `django/http/request.py`, `is_same_domain`.

use crate::project::url::{HOLE, SplitUrl, UrlError};

/// The origin of a page, as a browser sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: String,
    /// The host, in lower case.
    pub host: String,
    /// The port; that of the scheme where none is written.
    pub port: Option<u16>,
}

/// What a pattern of an `OriginValidator` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is `*`: it matches everything.
    Any,
    /// Some page has an origin that it matches.
    Possible,
    /// No page has.
    Never {
        /// Why.
        why: String,
        /// What to do.
        help: String,
    },
    /// It raises this when it is compared.
    Raises(&'static str),
}

impl Origin {
    /// The origin that a URL writes out; none where it is no `http` or `https` origin of a known host.
    pub fn parse(text: &str) -> Option<Self> {
        let url = SplitUrl::parse(text).ok()?;
        let host = url.host();
        let is_known = !host.is_empty() && !text.contains([HOLE, '*']);
        let port = url.port().ok()?.or(default_port(&url.scheme));
        (is_known && matches!(url.scheme.as_str(), "http" | "https")).then_some(Self { scheme: url.scheme, host, port })
    }

    /// Whether a developer's machine has it.
    pub fn is_local(&self) -> bool {
        let is_below = |suffix: &str| self.host == suffix[1..] || self.host.ends_with(suffix);
        matches!(self.host.as_str(), "::1" | "0.0.0.0")
            || self.host.starts_with("127.")
            || [".localhost", ".local", ".test", ".internal", ".example", ".invalid"].iter().any(|end| is_below(end))
            || !self.host.contains('.')
    }

    /// Whether a pattern of an `OriginValidator` matches it.
    pub fn is_matched_by(&self, pattern: &str) -> bool {
        if pattern == "*" {
            return true;
        }
        let Ok(url) = SplitUrl::parse(&pattern.to_lowercase()) else { return false };
        if url.scheme.is_empty() {
            return host_without_scheme(pattern).is_ok_and(|host| is_same_domain(&self.host, &host));
        }
        let Ok(port) = url.port() else { return false };
        url.scheme == self.scheme
            && port.or(default_port(&url.scheme)) == self.port
            && is_same_domain(&self.host, &url.host())
    }
}

impl Verdict {
    /// What a pattern does. Text that is not known may stand in it as [`HOLE`].
    pub fn of(pattern: &str) -> Self {
        if pattern == "*" {
            return Self::Any;
        }
        let url = match SplitUrl::parse(&pattern.to_lowercase()) {
            Ok(url) => url,
            Err(error) => return Self::Raises(python_error(error)),
        };
        if url.scheme.is_empty() {
            return match host_without_scheme(pattern) {
                Ok(host) => of_host(&host, pattern),
                Err(error) => Self::Raises(python_error(error)),
            };
        }
        if let Err(error) = url.port() {
            return Self::Raises(python_error(error));
        }
        let host = url.host();
        match url.scheme.as_str() {
            "http" | "https" if host.is_empty() => Self::never(
                "it has no host",
                format!("write two slashes and the host after `{}:`, as in `https://example.com`", url.scheme),
            ),
            "ws" | "wss" => Self::never(
                "browsers send the scheme of the page, `http` or `https`",
                format!("write `{}://{}`", if url.scheme == "ws" { "http" } else { "https" }, url.netloc),
            ),
            scheme if !url.has_authority => Self::never(
                format!("what stands before the colon, `{scheme}`, is read as the scheme"),
                format!("put `http://` or `https://` before it, or write `{scheme}` alone, for whatever port"),
            ),
            _ => of_host(&host, pattern),
        }
    }

    fn never(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Never { why: why.into(), help: help.into() }
    }
}

/// What the host of a pattern does.
fn of_host(host: &str, pattern: &str) -> Verdict {
    let is_foreign = |c: char| !c.is_ascii() && c != HOLE;
    match host {
        "" => Verdict::never("it has no host", "remove it, or name a host"),
        "null" => Verdict::never(
            "the validator refuses every origin without a host, and `null` is one",
            "remove it: pages without an origin of their own can be let in by `*` alone",
        ),
        "http" | "https" if pattern.starts_with(&format!("{host}//")) => {
            Verdict::never(format!("without a colon `{host}` is read as the host"), format!("write `{host}://`"))
        }
        _ if host.contains(',') => {
            Verdict::never("it is compared as one origin, commas and all", "write each origin as a string of its own")
        }
        _ if host.contains(char::is_whitespace) => {
            Verdict::never("the blank is compared as a part of the host", "remove the blank")
        }
        _ if host.contains('*') => Verdict::never(
            "`*` within a pattern is compared as it stands",
            match pattern.contains("*.") {
                true => format!(
                    "write `{}`: the dot stands for the host and all its subdomains",
                    pattern.replace("*.", ".")
                ),
                false => "name the hosts; a leading dot, as in `.example.com`, stands for all subdomains".to_owned(),
            },
        ),
        _ if host.contains('/') => Verdict::never(
            "slashes without a scheme before them leave no host",
            "remove the slashes, or write the scheme",
        ),
        _ if host.contains(is_foreign) => {
            Verdict::never("browsers send such a host in its ASCII form", "write the host as `xn--…`")
        }
        _ => Verdict::Possible,
    }
}

/// The host of a pattern that has no scheme; what has no host is compared as a whole.
fn host_without_scheme(pattern: &str) -> Result<String, UrlError> {
    let host = SplitUrl::parse(&format!("//{pattern}"))?.host();
    Ok(if host.is_empty() { pattern.to_lowercase() } else { host })
}

fn is_same_domain(host: &str, pattern: &str) -> bool {
    match pattern.strip_prefix('.') {
        Some(domain) => host.ends_with(pattern) || host == domain,
        None => !pattern.is_empty() && host == pattern,
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

fn python_error(error: UrlError) -> &'static str {
    match error {
        UrlError::Bracket => "ValueError: Invalid IPv6 URL",
        UrlError::PortNotANumber => "ValueError: Port could not be cast to integer value",
        UrlError::PortOutOfRange => "ValueError: Port out of range 0-65535",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_as_channels_compares_them() {
        for pattern in [
            "example.com",
            ".example.com",
            "127.0.0.1:8000",
            "example.com/",
            "::1",
            "[::1]",
            "capacitor://localhost",
            "my_host:8000",
            "https://user@example.com",
            "HTTPS://EXAMPLE.COM",
            "https://example.com:",
        ] {
            assert_eq!(Verdict::of(pattern), Verdict::Possible, "{pattern}");
        }
        for pattern in [
            "*.example.com",
            "https://*.example.com",
            "https://*",
            "http://*:3000",
            "https://www.*",
            "*:8000",
            "localhost:3000",
            "localhost:*",
            "example.com:443/x",
            "fe80::1",
            "wss://example.com",
            "https:/example.com",
            "https//example.com",
            "https://",
            "//example.com",
            "",
            " example.com",
            "https://example.com ",
            "null",
            "münchen.example",
            "https://a.com,https://b.com",
            "a.com,b.com",
        ] {
            assert!(matches!(Verdict::of(pattern), Verdict::Never { .. }), "{pattern}");
        }
        for pattern in ["http://localhost:*", "https://[::1", "https://example.com:99999"] {
            assert!(matches!(Verdict::of(pattern), Verdict::Raises(_)), "{pattern}");
        }
    }

    #[test]
    fn origins_are_matched_as_channels_does() {
        let is_matched = |origin: &str, pattern: &str| Origin::parse(origin).unwrap().is_matched_by(pattern);
        assert!(is_matched("https://example.com:8443", "example.com"));
        assert!(is_matched("https://www.example.com", ".example.com"));
        assert!(is_matched("https://example.com", "https://.example.com"));
        assert!(is_matched("http://[::1]:8000", "::1"));
        assert!(is_matched("https://example.com", "example.com/"));
        assert!(!is_matched("https://example.com:8443", "https://example.com"));
        assert!(!is_matched("http://example.com", "https://example.com"));
        assert!(!is_matched("http://localhost:3000", "localhost:3000"));
        assert!(!is_matched("https://www.example.com", "*.example.com"));
        assert_eq!(Origin::parse("https://*.example.com"), None);
    }
}
