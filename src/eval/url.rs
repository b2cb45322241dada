//! URLs as Python's `urllib.parse` takes them apart: `urlsplit`, `parse_qs`, `unquote`.
//!
//! Source: `Lib/urllib/parse.py` of CPython 3.11 to 3.13. Text that is not known may stand in a URL as [`HOLE`]: a part
//! that holds one is not known either.

/// Stands for text that is not known.
pub const HOLE: char = '\u{e000}';

/// The parts of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitUrl {
    /// The scheme, in lower case; empty where there is none.
    pub scheme: String,
    /// Whether `//` follows the scheme.
    pub has_authority: bool,
    /// What stands between `//` and the next `/`, `?` or `#`.
    pub netloc: String,
    /// The path, with its first slash.
    pub path: String,
    /// What follows `?`.
    pub query: String,
    /// What follows `#`.
    pub fragment: String,
}

/// Why Python refuses a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlError {
    /// `ValueError: Invalid IPv6 URL`.
    Bracket,
    /// `ValueError: Port could not be cast to integer value`.
    PortNotANumber,
    /// `ValueError: Port out of range 0-65535`.
    PortOutOfRange,
}

impl SplitUrl {
    /// Takes a URL apart.
    pub fn parse(url: &str) -> Result<Self, UrlError> {
        let url: String =
            url.trim_start_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect();
        let (scheme, rest) = split_scheme(&url);
        let (has_authority, netloc, rest) = match rest.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                (true, rest[..end].to_owned(), &rest[end..])
            }
            None => (false, String::new(), rest),
        };
        if netloc.contains('[') != netloc.contains(']') {
            return Err(UrlError::Bracket);
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Ok(Self {
            scheme,
            has_authority,
            netloc,
            path: path.to_owned(),
            query: query.to_owned(),
            fragment: fragment.to_owned(),
        })
    }

    fn host_and_port(&self) -> (&str, &str) {
        let host = self.netloc.rsplit_once('@').map_or(self.netloc.as_str(), |(_, host)| host);
        match host.split_once('[') {
            Some((_, bracketed)) => {
                let (name, rest) = bracketed.split_once(']').unwrap_or((bracketed, ""));
                (name, rest.split_once(':').map_or("", |(_, port)| port))
            }
            None => host.split_once(':').unwrap_or((host, "")),
        }
    }

    /// The host in lower case; empty where there is none. What follows a `%` keeps its case.
    pub fn host(&self) -> String {
        let host = self.host_and_port().0;
        match host.split_once('%') {
            Some((name, zone)) => format!("{}%{zone}", name.to_lowercase()),
            None => host.to_lowercase(),
        }
    }

    fn user_info(&self) -> Option<&str> {
        self.netloc.rsplit_once('@').map(|(user, _)| user)
    }

    /// What stands before `:` and `@`, as it is written.
    pub fn username(&self) -> Option<&str> {
        self.user_info().map(|info| info.split_once(':').map_or(info, |(user, _)| user))
    }

    /// What stands between `:` and `@`, as it is written.
    pub fn password(&self) -> Option<&str> {
        self.user_info()?.split_once(':').map(|(_, password)| password)
    }

    /// Whether every supported Python takes the URL apart alike: the checks of bracketed hosts and of characters that
    /// Unicode folds into delimiters have changed.
    pub fn is_settled(&self) -> bool {
        self.netloc.is_ascii() && !self.netloc.contains(['[', ']'])
    }

    /// The port as it is written; empty where there is none.
    pub fn port_text(&self) -> &str {
        self.host_and_port().1
    }

    /// The port. None where there is none or it is not known.
    pub fn port(&self) -> Result<Option<u16>, UrlError> {
        let text = self.port_text();
        if text.is_empty() || text.contains(HOLE) {
            return Ok(None);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(UrlError::PortNotANumber);
        }
        text.parse().map(Some).map_err(|_| UrlError::PortOutOfRange)
    }

    /// The options of the query, as `parse_qs` reads them: those with a value, each name's first value.
    pub fn options(&self) -> Vec<(String, String)> {
        self.all_options().into_iter().map(|(name, mut values)| (name, values.swap_remove(0))).collect()
    }

    /// The same with all values of each name, of which there is one at least.
    pub fn all_options(&self) -> Vec<(String, Vec<String>)> {
        let mut options: Vec<(String, Vec<String>)> = Vec::new();
        for pair in self.query.split('&') {
            let Some((name, value)) = pair.split_once('=').filter(|(_, value)| !value.is_empty()) else { continue };
            let (name, value) = (unquoted(name), unquoted(value));
            match options.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => options.push((name, vec![value])),
            }
        }
        options
    }
}

fn split_scheme(url: &str) -> (String, &str) {
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), url),
    }
}

/// What `urllib.parse.unquote_plus` gives: `+` is a blank.
pub fn unquoted(text: &str) -> String {
    percent_decoded(&text.replace('+', " "))
}

/// What `urllib.parse.unquote` gives.
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let hex = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match (bytes[at], hex.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(url: &str) -> SplitUrl {
        SplitUrl::parse(url).unwrap()
    }

    #[test]
    fn parts_as_python_finds_them() {
        let url = split("redis://:pa#ss@h:1/0");
        assert_eq!((url.netloc.as_str(), url.fragment.as_str()), (":pa", "ss@h:1/0"));
        assert_eq!(url.port(), Err(UrlError::PortNotANumber));
        assert_eq!(split("redis://user:12#3@host").port(), Ok(Some(12)));
        assert_eq!(split("redis://user:p@ss@host:6379/1").host(), "host");
        assert_eq!(split("redis://[::1]:6380").host(), "::1");
        assert_eq!(split("postgres://%2FVar%2FRun").host(), "%2FVar%2FRun");
        let user = split("postgres://u:p:q@H/db");
        assert_eq!((user.username(), user.password(), user.host().as_str()), (Some("u"), Some("p:q"), "h"));
        assert_eq!((split("postgres://u@h").password(), split("postgres://h").username()), (None, None));
        assert_eq!(split("redis://[::1]:6380").port(), Ok(Some(6380)));
        assert_eq!(split("redis://h:70000").port(), Err(UrlError::PortOutOfRange));
        assert_eq!(SplitUrl::parse("redis://:a[b@h"), Err(UrlError::Bracket));
        let bare = split("localhost:6379");
        assert_eq!((bare.scheme.as_str(), bare.path.as_str()), ("localhost", "6379"));
        assert_eq!(split("127.0.0.1:6379").scheme, "");
        assert_eq!(split(" REDIS://h").scheme, "redis");
        assert_eq!(
            split("redis://h?a=1&a=2&b=&c=%20x").options(),
            [("a".into(), "1".into()), ("c".into(), " x".into())]
        );
    }

    #[test]
    fn unknown_text_stays_unknown() {
        let url = split(&format!("redis://{HOLE}:{HOLE}/1"));
        assert_eq!(url.port(), Ok(None));
        assert_eq!(url.path, "/1");
    }
}
