//! What can be in `ALLOWED_HOSTS` and match something.
//!
//! Source: `django/http/request.py`, `split_domain_port` and `validate_host`; `django/utils/http.py`, `is_same_domain`.

use std::net::Ipv6Addr;

use super::{Mismatch, without_port};

/// Why an entry of `ALLOWED_HOSTS` matches no `Host` header; none where it matches one.
///
/// Django lower-cases the header, cuts port and trailing dot off, and compares what is left with the lower-cased entry,
/// where a leading dot stands for the domain and all below it.
pub fn host_mismatch(entry: &str) -> Option<Mismatch> {
    let lower = entry.to_lowercase();
    if entry == "*" || is_host(lower.strip_prefix('.').unwrap_or(&lower)) {
        return None;
    }
    let bare = bare_host(entry);
    let cleaned = bare.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(bare);
    match () {
        () if entry.is_empty() => Mismatch::new("it is empty", "remove it"),
        () if entry.trim() != entry => Mismatch::write("blanks around it count", entry.trim()),
        () if entry.contains(',') => Mismatch::new("it is one string", "write each host as an item of its own"),
        () if entry.contains("://") => Mismatch::write("a host has no scheme", cleaned),
        () if is_network(entry) => Mismatch::new(
            "Django knows no address ranges",
            "list the addresses, or let middleware such as django-allow-cidr check them",
        ),
        () if entry.contains('/') => Mismatch::write("a host has no path", cleaned),
        () if bare.starts_with("*.") => Mismatch::write("`*` is no wildcard in it, a leading dot is", cleaned),
        () if entry.contains('*') => {
            Mismatch::new("`*` is no wildcard in it", "list the hosts, or a domain with a leading dot: `.example.com`")
        }
        () if entry.parse::<Ipv6Addr>().is_ok() => {
            Mismatch::write("an IPv6 address stands in brackets", &format!("[{entry}]"))
        }
        () if entry != bare => Mismatch::write("Django compares hosts without their port", bare),
        () if entry.contains('_') => {
            Mismatch::new("Django refuses every host that has an underscore", "use a name without one")
        }
        () if entry.ends_with('.') => {
            Mismatch::write("Django compares hosts without a trailing dot", entry.trim_end_matches('.'))
        }
        () if !entry.is_ascii() => {
            Mismatch::new("browsers send such a host in Punycode", "write it in Punycode: `xn--…`")
        }
        () => Mismatch::new("Django refuses every host with such a character", "write the host name alone"),
    }
}

/// What `host_validation_re` takes for a host, without the trailing dot that Django cuts off.
fn is_host(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match inner {
        Some(address) => {
            address.contains(':') && address.chars().all(|c| matches!(c, 'a'..='f' | '0'..='9' | ':' | '.'))
        }
        None => {
            !text.is_empty()
                && !text.ends_with('.')
                && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-'))
        }
    }
}

fn is_network(entry: &str) -> bool {
    let Some((address, bits)) = entry.split_once('/') else { return false };
    !bits.is_empty()
        && bits.chars().all(|c| c.is_ascii_digit())
        && address.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '.' | ':'))
        && address.contains(['.', ':'])
}

/// The host in something like a URL.
fn bare_host(entry: &str) -> &str {
    let rest = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    let rest = rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
    without_port(rest)
}

/// Why a string of which only `literals` are known, with something unknown around them, matches no `Host` header.
pub fn partial_host_mismatch(literals: &[&str], begins_known: bool, ends_known: bool) -> Option<Mismatch> {
    let known = literals.concat();
    let last = literals.last().copied().unwrap_or_default();
    match () {
        () if known.contains("://") => Mismatch::new("a host has no scheme", "leave the scheme out"),
        () if known.contains('/') => Mismatch::new("a host has no path", "leave the path out"),
        () if known.contains(',') => Mismatch::new("it is one string", "write each host as an item of its own"),
        () if begins_known && known.starts_with("*.") => {
            Mismatch::new("`*` is no wildcard in it, a leading dot is", "write a leading dot for it")
        }
        () if ends_known && last.starts_with(':') && without_port(last) != last => {
            Mismatch::new("Django compares hosts without their port", "leave the port out")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checked against `validate_host(*split_domain_port(host))` of Django 5.2.
    #[test]
    fn hosts_that_match_ok() {
        for entry in [
            "example.com",
            "Example.COM",
            ".example.com",
            "*",
            "localhost",
            "10.0.0.1",
            "[::1]",
            "[FE80::1]",
            "xn--bcher-kva.de",
            "0.0.0.0",
        ] {
            assert_eq!(host_mismatch(entry), None, "{entry}");
        }
    }

    #[test]
    fn hosts_that_match_nothing_err() {
        for (entry, fix) in [
            ("https://example.com", "write `example.com`"),
            ("https://example.com:8000/x", "write `example.com`"),
            ("example.com:8000", "write `example.com`"),
            ("[::1]:8000", "write `[::1]`"),
            ("example.com/", "write `example.com`"),
            ("//example.com", "write `example.com`"),
            ("*.example.com", "write `.example.com`"),
            ("https://*.example.com", "write `.example.com`"),
            (" example.com", "write `example.com`"),
            ("::1", "write `[::1]`"),
            ("example.com.", "write `example.com`"),
            ("", "remove it"),
        ] {
            let found = host_mismatch(entry).map(|found| found.fix);
            assert_eq!(found.as_deref(), Some(fix), "{entry}");
        }
        for entry in
            ["10.0.0.0/8", "fd00::/8", "10.0.0.*", "my_app", "a.com,b.com", "bücher.de", "user@a.com", ".", "a b"]
        {
            assert!(host_mismatch(entry).is_some(), "{entry}");
        }
    }

    #[test]
    fn hosts_of_which_a_part_is_known() {
        assert_eq!(partial_host_mismatch(&["."], true, false), None);
        assert_eq!(partial_host_mismatch(&["api.", ".example.com"], true, true), None);
        assert!(partial_host_mismatch(&["https://"], true, false).is_some());
        assert!(partial_host_mismatch(&["*."], true, false).is_some());
        assert!(partial_host_mismatch(&[":8000"], false, true).is_some());
        assert_eq!(partial_host_mismatch(&[":"], false, false), None);
    }
}
