//! What can be in `CSRF_TRUSTED_ORIGINS` and match something.
//!
//! Source: `django/middleware/csrf.py`, `_origin_verified`; `django/utils/http.py`, `is_same_domain`.

use super::{Mismatch, without_port};

/// Why an entry of `CSRF_TRUSTED_ORIGINS`, which has a scheme, matches no `Origin` that a browser sends; none where it
/// matches one.
///
/// Without `*` it is compared with the header as it is. With one, scheme and host are compared, and asterisks before the
/// host are stripped, so that what is left matches as an entry of `ALLOWED_HOSTS` does, with its port.
pub fn origin_mismatch(entry: &str) -> Option<Mismatch> {
    let (scheme, rest) = entry.split_once("://")?;
    let scheme_lower = scheme.trim_start().to_ascii_lowercase();
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let origin = || format!("{scheme_lower}://{}", host.to_lowercase());
    if matches!(scheme_lower.as_str(), "ws" | "wss") {
        let secure = if scheme_lower == "wss" { "https" } else { "http" };
        let why = "a browser sends the origin of the page, which is no WebSocket";
        return Mismatch::write(why, &format!("{secure}://{host}"));
    }
    if scheme.contains('*') {
        return Mismatch::new("`*` does not stand for a scheme", "list the origin once with `https://`");
    }
    if !matches!(scheme_lower.as_str(), "http" | "https") {
        return None;
    }
    let is_wildcard = entry.contains('*');
    let default_port = if scheme_lower == "https" { ":443" } else { ":80" };
    let name = without_port(host);
    match () {
        () if entry.contains(',') => Mismatch::new("it is one string", "write each origin as an item of its own"),
        () if entry.trim() != entry && !(is_wildcard && entry.trim_end() == entry) => {
            Mismatch::write("blanks around it count", entry.trim())
        }
        () if !is_wildcard && !path.is_empty() => Mismatch::write("an origin has no path", &origin()),
        () if host.contains('@') => Mismatch::new("an origin has no user", "leave the user out"),
        () if host.ends_with(default_port) => {
            let bare = format!("{scheme_lower}://{}", name.to_lowercase());
            Mismatch::write("a browser leaves the default port out", &bare)
        }
        () if !host.is_ascii() => {
            Mismatch::new("browsers send such a host in Punycode", "write it in Punycode: `xn--…`")
        }
        () if is_wildcard => wildcard_mismatch(host, name),
        () if entry.chars().any(|c| c.is_ascii_uppercase()) => {
            Mismatch::write("a browser sends origins in lower case", &origin())
        }
        () if host.starts_with('.') => {
            Mismatch::write("a leading dot is no wildcard in it, `*.` is", &format!("{scheme_lower}://*{host}"))
        }
        () if host.is_empty() => Mismatch::new("it has no host", "write the host"),
        () if host.contains(char::is_whitespace) => Mismatch::new("a host has no blanks", "remove the blank"),
        () => None,
    }
}

fn wildcard_mismatch(host: &str, name: &str) -> Option<Mismatch> {
    const FIX: &str = "list the origins, or a domain with all below it: `https://*.example.com`";
    let pattern = host.trim_start_matches('*');
    match () {
        () if name.trim_start_matches('*').trim_matches('.').is_empty() => {
            Mismatch::new("`*` alone does not stand for every host", FIX)
        }
        () if pattern.contains('*') => Mismatch::new("`*` is a wildcard at the beginning of the host only", FIX),
        () if pattern.contains(char::is_whitespace) => Mismatch::new("a host has no blanks", "remove the blank"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checked against `CsrfViewMiddleware._origin_verified` of Django 5.2.
    #[test]
    fn origins_that_match_ok() {
        for entry in [
            "https://example.com",
            "http://localhost:3000",
            "https://*.example.com",
            "https://*.example.com:8443",
            "https://*.example.com/",
            "HTTPS://*.Example.com",
            "https://*example.com",
            "https://example.com/*",
            " https://*.example.com",
            "https://[::1]:8000",
            "capacitor://localhost",
            "chrome-extension://ABCDEF",
        ] {
            assert_eq!(origin_mismatch(entry), None, "{entry}");
        }
    }

    #[test]
    fn origins_that_match_nothing_err() {
        for (entry, fix) in [
            ("https://example.com/", "write `https://example.com`"),
            ("https://Example.com/app", "write `https://example.com`"),
            ("HTTPS://example.com", "write `https://example.com`"),
            ("https://example.com:443", "write `https://example.com`"),
            ("http://example.com:80", "write `http://example.com`"),
            ("https://.example.com", "write `https://*.example.com`"),
            (" https://example.com", "write `https://example.com`"),
            ("https://*.example.com ", "write `https://*.example.com`"),
            ("wss://example.com", "write `https://example.com`"),
        ] {
            let found = origin_mismatch(entry).map(|found| found.fix);
            assert_eq!(found.as_deref(), Some(fix), "{entry}");
        }
        for entry in [
            "https://*",
            "https://*:8443",
            "https://*.",
            "*://example.com",
            "http*://example.com",
            "https://example.com:*",
            "https://www.*",
            "https://a.*.com",
            "https://a.com,https://b.com",
            "https://*.example.com:443",
            "https://example.com*",
            "https://",
            "https://a@b.com",
        ] {
            assert!(origin_mismatch(entry).is_some(), "{entry}");
        }
    }
}
