//! The text of a Redis URL: its scheme, where its password ends, and how it is shown.

use crate::project::url::{HOLE, SplitUrl, UrlError};

/// How a URL begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme<'t> {
    /// What stands before `://`, as it is written.
    Written(&'t str),
    /// `redis:` or `rediss:` without the slashes.
    NoSlashes,
    /// Something else.
    None,
    /// The scheme is not known.
    Unknown,
}

impl<'t> Scheme<'t> {
    /// How `text` begins.
    pub fn of(text: &'t str) -> Self {
        if let Some((scheme, _)) = text.split_once("://")
            && !scheme.contains([HOLE, '/', '?', '#', '@', ':'])
        {
            return Self::Written(scheme);
        }
        let known = text.split(HOLE).next().unwrap_or_default();
        let lower = known.trim_start_matches(|c: char| c <= ' ').to_ascii_lowercase();
        let may_go_on = |start: &str| known.len() < text.len() && start.starts_with(&lower);
        if ["redis://", "rediss://", "unix://"].into_iter().any(may_go_on) {
            Self::Unknown
        } else if lower.starts_with("redis:") || lower.starts_with("rediss:") {
            Self::NoSlashes
        } else {
            Self::None
        }
    }

    /// The scheme as urllib reads it, where it is known.
    pub fn name(self) -> Option<String> {
        match self {
            Self::Written(scheme) => Some(scheme.trim_start_matches(|c: char| c <= ' ').to_ascii_lowercase()),
            _ => None,
        }
    }
}

/// A URL of the schemes `redis` and `rediss`, taken apart; none for any other, and for what Python refuses.
pub fn server_url(text: &str) -> Option<SplitUrl> {
    let scheme = Scheme::of(text).name()?;
    (scheme == "redis" || scheme == "rediss").then(|| SplitUrl::parse(text).ok()).flatten()
}

/// The user name and password that someone meant to write into a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credentials<'t> {
    /// What stands before the last `@` that belongs to them.
    pub text: &'t str,
    /// What follows that `@`.
    pub after: &'t str,
    /// The character that ends them too early.
    pub stray: Option<char>,
}

impl<'t> Credentials<'t> {
    /// The credentials in a URL. A client cuts the string at `separators` before it looks for any.
    pub fn of(text: &'t str, separators: &[char]) -> Option<Self> {
        let (_, rest) = text.split_once("://")?;
        let (text, after, stray) = match (stray_delimiter(rest), rest.find(['/', '?', '#'])) {
            (Some(stray), _) => {
                let (text, after) = rest.rsplit_once('@')?;
                (text, after, Some(stray))
            }
            (None, end) => {
                let netloc = &rest[..end.unwrap_or(rest.len())];
                let (text, _) = netloc.rsplit_once('@')?;
                let stray = text.chars().find(|c| separators.contains(c)).or_else(|| bracket(netloc, text));
                (text, &rest[text.len() + 1..], stray)
            }
        };
        Some(Self { text, after, stray })
    }
}

/// A bracket that Python takes for the beginning or the end of an IPv6 address.
fn bracket(netloc: &str, credentials: &str) -> Option<char> {
    let is_odd = netloc.contains('[') != netloc.contains(']');
    credentials.chars().find(|c| is_odd && matches!(c, '[' | ']'))
}

/// The `/`, `?` or `#` that ends the part with the host in what was meant to be a password. `rest` follows the scheme.
///
/// An `@` behind the delimiter is not enough, since a query may hold one: `redis://h/0?client_name=a@b`.
fn stray_delimiter(rest: &str) -> Option<char> {
    let end = rest.find(['/', '?', '#'])?;
    let (netloc, tail) = rest.split_at(end);
    let delimiter = tail.chars().next()?;
    let at = tail.find('@')?;
    // A comment that some readers of .env files leave in the value.
    if delimiter == '#' && netloc.ends_with(' ') {
        return None;
    }
    let is_port = SplitUrl::parse(&format!("redis://{netloc}")).is_ok_and(|url| url.port().is_ok());
    let path_end = tail[1..].find(['?', '#']).map_or(tail.len(), |end| end + 1);
    let is_database = tail[1..path_end].trim_matches(['/', ' ']).bytes().all(|byte| byte.is_ascii_digit());
    let is_query = tail[..at].contains('=');
    let is_stray = match delimiter {
        '#' => true,
        '/' => at < path_end || !is_database && (tail[path_end..].starts_with('#') || !is_query),
        _ => !is_query,
    };
    (is_stray || !is_port).then_some(delimiter)
}

/// What Python raises for a URL.
pub fn python_error(text: &str) -> Option<UrlError> {
    SplitUrl::parse(text).and_then(|url| url.port()).err()
}

/// A URL as messages show it: without its password, and with `{…}` for what is not known.
pub fn masked(text: &str, separators: &[char]) -> String {
    let shown = match (text.split_once("://"), Credentials::of(text, separators)) {
        (Some((scheme, _)), Some(credentials)) => {
            let user = credentials.text.split_once(':').map(|(user, _)| format!("{user}:"));
            let user = user.filter(|user| !user.contains(['/', '?', '#', ',', ';'])).unwrap_or_default();
            format!("{scheme}://{user}***@{}", masked_query(credentials.after))
        }
        (Some((scheme, rest)), None) => format!("{scheme}://{}", masked_query(&masked_port(rest))),
        (None, _) => match (text.split_once(':'), text.rsplit_once('@')) {
            (Some((scheme, rest)), Some((_, host))) if rest.contains('@') => format!("{scheme}:***@{host}"),
            (_, Some((_, host))) => format!("***@{host}"),
            _ => text.to_owned(),
        },
    };
    shown.replace(HOLE, "{…}")
}

/// What stands in the place of the port may be a password that lacks its host.
fn masked_port(rest: &str) -> String {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (netloc, tail) = rest.split_at(end);
    match netloc.split_once(':') {
        Some((host, port)) if !netloc.contains([',', '[', HOLE]) => {
            let is_number = port.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b' ' | b'.'));
            format!("{host}:{}{tail}", if is_number { port } else { "***" })
        }
        _ => rest.to_owned(),
    }
}

/// `?password=` is an option of redis-py.
fn masked_query(text: &str) -> String {
    let Some((path, query)) = text.split_once('?') else { return text.to_owned() };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name.contains("password") => format!("{name}=***"),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stray(url: &str) -> Option<char> {
        Credentials::of(url, &[',']).and_then(|credentials| credentials.stray)
    }

    #[test]
    fn schemes() {
        assert_eq!(Scheme::of("redis://h"), Scheme::Written("redis"));
        assert_eq!(Scheme::of(" REDIS://h").name().as_deref(), Some("redis"));
        assert_eq!(Scheme::of("\"redis://h\""), Scheme::Written("\"redis"));
        assert_eq!(Scheme::of("redis:6379"), Scheme::NoSlashes);
        assert_eq!(Scheme::of("redis:/h:6379"), Scheme::NoSlashes);
        assert_eq!(Scheme::of("localhost:6379"), Scheme::None);
        assert_eq!(Scheme::of(&format!("localhost:{HOLE}")), Scheme::None);
        assert_eq!(Scheme::of(&format!("{HOLE}://h")), Scheme::Unknown);
        assert_eq!(Scheme::of(&format!("redis:{HOLE}")), Scheme::Unknown);
        assert_eq!(Scheme::of(&format!("{HOLE}?ssl_cert_reqs=none")), Scheme::Unknown);
    }

    #[test]
    fn stray_characters_in_passwords() {
        for (url, expected) in [
            ("redis://:pa#ss@h:6379/0", '#'),
            ("redis://:pa/ss@h:6379/0", '/'),
            ("redis://:pa?ss@h:6379/0", '?'),
            ("redis://:12#ss@h", '#'),
            ("redis://:12/ss@h", '/'),
            ("redis://:12?ss@h", '?'),
            ("redis://:#ss@h", '#'),
            ("redis://user:p@ss/w@host", '/'),
            ("redis://:a/b#c@h", '/'),
            ("redis://:a[b@h", '['),
            ("redis://:a]b@h", ']'),
            ("redis://:a,b@h", ','),
        ] {
            assert_eq!(stray(url), Some(expected), "{url}");
        }
        for url in [
            "redis://h:6379/0?client_name=a@b",
            "redis://h?client_name=a@b",
            "redis://:p%23w@h:6379/0",
            "redis://:p@w:x+$@h:6379/0",
            "redis://h:6379/0",
            "redis://:pw@[::1]:6379/0",
            "redis://cache:6379/0 # ask ops@example.com",
            "redis://cache # ask ops@example.com",
        ] {
            assert_eq!(stray(url), None, "{url}");
        }
    }

    #[test]
    fn no_password_is_shown() {
        let shown = |url: &str| masked(url, &[',']);
        assert_eq!(shown("redis://:secret@h:6379/0"), "redis://:***@h:6379/0");
        assert_eq!(shown("redis://user:secret@h"), "redis://user:***@h");
        assert_eq!(shown("redis://secret@h"), "redis://***@h");
        assert_eq!(shown("redis://:se#cr/e@t@h:6379"), "redis://:***@h:6379");
        assert_eq!(shown("redis://se#cret@h"), "redis://***@h");
        assert_eq!(shown("redis://h?password=secret&db=1"), "redis://h?password=***&db=1");
        assert_eq!(shown("redis://user:secret"), "redis://user:***");
        assert_eq!(shown("redis:secret@h"), "redis:***@h");
        assert_eq!(shown("secret@h"), "***@h");
        assert_eq!(shown("redis://h1:6379,h2:6379/0"), "redis://h1:6379,h2:6379/0");
        assert_eq!(shown(&format!("redis://{HOLE}:6379/0")), "redis://{…}:6379/0");
        assert_eq!(shown("redis://h:6379/0?client_name=a@b"), "redis://h:6379/0?client_name=a@b");
    }
}
