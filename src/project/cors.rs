//! The settings of django-cors-headers.
//!
//! Source: django-cors-headers 4.9 `corsheaders/checks.py`, `conf.py`, `middleware.py`.

use super::settings::{Resolved, Settings, Truth};
use super::url::SplitUrl;

/// The setting of origins, and its older name.
pub const ORIGINS: [&str; 2] = ["CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"];
/// The setting of patterns, and its older name.
pub const PATTERNS: [&str; 2] = ["CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST"];
/// The setting that allows all origins, and its older name.
pub const ALL_ORIGINS: [&str; 2] = ["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"];

/// What the system check says of an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginFault {
    /// The id of the check.
    pub id: &'static str,
    /// What is wrong, as a clause.
    pub why: &'static str,
    /// The origin that may be meant; none where there is none to be seen.
    pub meant: Option<String>,
}

/// Whether the middleware is in use, or the app that checks its settings.
pub fn is_used(settings: &Settings) -> Truth {
    settings.uses_middleware("corsheaders.middleware.CorsMiddleware").or(settings.installed("corsheaders"))
}

/// The one of two names that is in effect, with its value: the newer one, which there is since version 3.5, where it is
/// set.
pub fn effective<'s>(settings: &'s Settings, names: [&'static str; 2]) -> (&'static str, Resolved<'s>) {
    let [newer, older] = names;
    let has_newer = settings.is_at_least("django-cors-headers", "3.5");
    let is_newer = has_newer && (settings.names.contains_key(newer) || !settings.names.contains_key(older));
    let name = if is_newer { newer } else { older };
    (name, settings.get(name))
}

/// The ids of checks, as far as the app that brings them is installed.
pub fn checks_of<'i>(settings: &Settings, ids: &'i [&'i str]) -> &'i [&'i str] {
    if settings.installed("corsheaders").is_yes() { ids } else { &[] }
}

/// What is wrong with an allowed origin; none where it is right, or Python versions differ about it.
pub fn origin_fault(origin: &str) -> Option<OriginFault> {
    const MISSING: &str = "corsheaders.E013";
    const TOO_MUCH: &str = "corsheaders.E014";
    if matches!(origin, "null" | "file://") {
        return None;
    }
    let url = SplitUrl::parse(origin).ok()?;
    let host = origin.split("://").last().unwrap_or(origin).trim().trim_start_matches('/');
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = if host.starts_with("localhost") || host.starts_with("127.") { "http" } else { "https" };
    let meant = (!host.is_empty()).then(|| format!("{scheme}://{host}"));
    if url.scheme.is_empty() {
        return Some(OriginFault { id: MISSING, why: "has no scheme", meant });
    }
    if url.netloc.is_empty() {
        let why = if url.has_authority { "has no host" } else { "has no scheme" };
        return Some(OriginFault { id: MISSING, why, meant });
    }
    let why = match (url.path.is_empty(), url.query.is_empty(), url.fragment.is_empty()) {
        (true, true, true) => return None,
        (false, ..) if url.path == "/" => "ends with a slash",
        (false, ..) => "has a path",
        (_, false, _) => "has a query",
        _ => "has a fragment",
    };
    Some(OriginFault { id: TOO_MUCH, why, meant: Some(format!("{}://{}", url.scheme, url.netloc)) })
}

/// How a pattern, which is compared with the beginning of an origin, matches origins of foreign domains; none where it does
/// not, or that is not certain.
pub fn foreign_match(pattern: &str) -> Option<&'static str> {
    let rest = host_pattern(pattern)?;
    if is_open_at_end(pattern, rest) {
        return Some("it has no `$` at its end, so that any domain may follow");
    }
    loose_dot(rest)
}

/// What a pattern says of the host: what follows the scheme.
fn host_pattern(pattern: &str) -> Option<&str> {
    match pattern.split_once("://") {
        Some((scheme, rest)) => scheme.contains("http").then_some(rest),
        None => {
            let begins_with_any = [".*", "^.*", ".+", "^.+"].iter().any(|any| pattern.starts_with(any));
            begins_with_any.then_some(pattern)
        }
    }
}

/// Whether anything may follow what a pattern matches: it has no end, and nothing else that could tell.
fn is_open_at_end(pattern: &str, rest: &str) -> bool {
    let plain = pattern.replace("(?:", "(");
    // What follows a port can only be more of its digits; and no origin has a slash behind its host.
    let has_port = rest.replace("(?:", "(").contains(':');
    let has_path = rest.trim_end_matches("/?").contains('/');
    let names_host = rest.replace(r"\w", "").replace(r"\d", "").chars().any(|c| c.is_ascii_alphanumeric());
    let has_end = ["$", r"\Z", r"\z", "(?", r"\b", r"\B"].iter().any(|end| plain.contains(end));
    names_host && !has_port && !has_path && !has_end
}

/// Whether something in a pattern before the name of a domain stands for a character that makes it another name, which
/// anyone can register: a dot that is not escaped, or a repetition without one behind it.
fn loose_dot(host: &str) -> Option<&'static str> {
    let (mut is_escaped, mut in_class) = (false, false);
    for (at, character) in host.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        let after = &host[at + character.len_utf8()..];
        match character {
            '\\' => is_escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '.' if !in_class && at > 0 && is_domain(after) => {
                return Some("a dot that is not escaped stands for any character, as in another name");
            }
            '*' | '+' if !in_class && ends_with_any(&host[..at]) && is_domain(after) => {
                return Some("no dot parts the name from what may stand before it");
            }
            _ => {}
        }
    }
    None
}

/// Whether what a pattern repeats can be a letter: `.`, `\w`, `[a-z]`.
fn ends_with_any(before: &str) -> bool {
    if let Some(start) = before.strip_suffix(']').and_then(|_| before.rfind('[')) {
        let class = &before[start + 1..before.len() - 1];
        return ["a-z", r"\w", r"\d", "0-9", "^"].iter().any(|any| class.contains(any));
    }
    let is_dot = before.ends_with('.') && !before.ends_with(r"\.");
    is_dot || [r"\w", r"\d", r"\S"].iter().any(|any| before.ends_with(any))
}

/// Whether the rest of a pattern is one label and a top-level domain that can be registered: `example\.com$`.
fn is_domain(rest: &str) -> bool {
    const PRIVATE: [&str; 7] = ["local", "localhost", "internal", "test", "example", "lan", "corp"];
    let is_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let Some(end) = rest.find(|c| !is_label(c)).filter(|end| *end > 0) else { return false };
    let after = rest[end..].strip_prefix('\\').unwrap_or(&rest[end..]);
    let Some(after) = after.strip_prefix('.') else { return false };
    let top = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
    let (top, behind) = after.split_at(top);
    top.len() > 1 && !PRIVATE.contains(&top) && matches!(behind, "" | "$" | r"\Z" | "/?$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_as_the_check_sees_them() {
        let fault = |origin| origin_fault(origin).map(|fault| fault.id);
        for origin in ["https://example.com", "http://localhost:3000", "null", "file://", "capacitor://localhost"] {
            assert_eq!(fault(origin), None, "{origin}");
        }
        for origin in ["example.com", "localhost:3000", "//example.com", "*", "", "https:/example.com"] {
            assert_eq!(fault(origin), Some("corsheaders.E013"), "{origin}");
        }
        for origin in ["https://example.com/", "https://example.com/app", "https://example.com?a", "https://a#b"] {
            assert_eq!(fault(origin), Some("corsheaders.E014"), "{origin}");
        }
    }

    #[test]
    fn patterns_in_any_script_are_read() {
        for pattern in [r"^https://[\w-ü]+\.example\.com$", r"^https://пример\.рф$", "^https://\\ü.com", "ü", "\\"]
        {
            assert_eq!(host_pattern(pattern).and_then(loose_dot), None, "{pattern}");
        }
        assert!(host_pattern(r"^https://ü\w+example\.com$").is_some_and(|host| loose_dot(host).is_some()));
    }

    #[test]
    fn patterns_that_match_more() {
        for pattern in [
            r"^https://.*\.example\.com",
            r"https://\w+\.example\.com",
            r"^https?://(a|b)\.example\.com",
            r"^https://app.example.com$",
            r"^https://\w+.example\.com$",
            r"^https://.*example\.com$",
            r"^https://[\w-]+example\.com$",
            r".*\.example\.com",
        ] {
            assert!(foreign_match(pattern).is_some(), "{pattern}");
        }
        for pattern in [
            r"^https://a\.b\.com$",
            r"^https://a\.b\.com\Z",
            r"^http://localhost:\d+",
            r"^https://(?!x)a\.b",
            "^https://",
            r"^https://.*",
            r"^https://example.com$",
            r"^https://app\.example.com$",
            r"^https://.*\.example\.com$",
            r"^https://[a.b]+\.example\.com$",
            r"^https://a.b.example\.local$",
            r"^https://(\w+\.)*example\.com$",
            r"^https://[.]*example\.com$",
            r"^https://\.*example\.com$",
            r"^https://a.example\.com:8000$",
            r"^chrome-extension://abc",
            r"^https://a\.example\.com/",
        ] {
            assert_eq!(foreign_match(pattern), None, "{pattern}");
        }
    }
}
