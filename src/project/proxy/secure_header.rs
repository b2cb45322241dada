//! `SECURE_PROXY_SSL_HEADER`: what Django makes of its value.
//!
//! Source: `django/http/request.py`, `HttpRequest.scheme`: the value is unpacked into a key of `request.META` and the
//! text that this key holds for a request that came over HTTPS.

use std::sync::Arc;

use super::header::secure_values;
use crate::eval::value::{Condition, Kind, Value};

/// The name of the setting.
pub const SETTING: &str = "SECURE_PROXY_SSL_HEADER";

/// What Django makes of a value.
#[derive(Debug)]
pub enum Form<'v> {
    /// Nothing: the setting is off.
    Off,
    /// A key and a value.
    Pair(&'v Value, &'v Value),
    /// Something else, and what that comes to.
    Malformed(Malformed),
    /// That is not known, and why.
    Unknown(Arc<str>),
}

/// What is wrong with a value that is no pair of strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// `ValueError` while unpacking, which Django makes `ImproperlyConfigured`.
    Refused,
    /// A string that is not known: unless it is empty, `ImproperlyConfigured` as well.
    Text,
    /// `TypeError` while unpacking.
    NotIterable,
    /// A string of two characters, which are taken for the pair.
    TwoCharacters,
    /// A set of two, in no certain order.
    TwoInNoOrder,
    /// A dict of two, whose keys are taken for the pair.
    TwoKeys,
    /// A pair whose first item is no string.
    NoKey,
    /// A pair whose second item is no string.
    NoText,
}

/// What Django makes of one written value.
pub fn form(value: &Value) -> Form<'_> {
    let of_count = |count: usize, two: Malformed| match count {
        0 => Form::Off,
        2 => Form::Malformed(two),
        _ => Form::Malformed(Malformed::Refused),
    };
    match &value.kind {
        Kind::None | Kind::Missing | Kind::Bool(false) | Kind::Int(0) => Form::Off,
        Kind::Bool(true) | Kind::Int(_) | Kind::Float(_) => Form::Malformed(Malformed::NotIterable),
        Kind::Str(text) => of_count(text.chars().count(), Malformed::TwoCharacters),
        Kind::Bytes(bytes) => of_count(bytes.len(), Malformed::NoKey),
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
            let is_undecided = items.items.iter().any(|item| !item.when.is_always());
            match (&items.open, is_undecided) {
                (Some(why), _) => return Form::Unknown(why.clone()),
                (None, true) => return Form::Unknown("an item is there in some cases only".into()),
                (None, false) => {}
            }
            match (items.items.as_slice(), matches!(value.kind, Kind::Set(_))) {
                ([first, second], false) => pair(&first.value, &second.value),
                (all, _) => of_count(all.len(), Malformed::TwoInNoOrder),
            }
        }
        Kind::Dict(dict) => match dict.open.is_none() && dict.entries.iter().all(|entry| entry.when.is_always()) {
            true => of_count(dict.entries.len(), Malformed::TwoKeys),
            false => Form::Unknown("its entries are not known".into()),
        },
        Kind::Unknown(unknown) if unknown.type_name != Some("str") => Form::Unknown(unknown.why.clone()),
        Kind::Unknown(_) | Kind::Template(_) => Form::Malformed(Malformed::Text),
        _ => Form::Unknown("the value is not known".into()),
    }
}

fn pair<'v>(first: &'v Value, second: &'v Value) -> Form<'v> {
    let is_no_text = |value: &Value| {
        value.options().iter().all(|(_, option)| {
            matches!(
                option.kind,
                Kind::None
                    | Kind::Bool(_)
                    | Kind::Int(_)
                    | Kind::Float(_)
                    | Kind::Bytes(_)
                    | Kind::List(_)
                    | Kind::Tuple(_)
                    | Kind::Set(_)
                    | Kind::Dict(_)
            )
        })
    };
    match (is_no_text(first), is_no_text(second)) {
        (true, _) => Form::Malformed(Malformed::NoKey),
        (false, true) => Form::Malformed(Malformed::NoText),
        (false, false) => Form::Pair(first, second),
    }
}

/// A header and the text that it is compared with, as written.
#[derive(Debug)]
pub struct Written<'v> {
    /// In which cases.
    pub when: Condition,
    /// The pair.
    pub whole: &'v Value,
    /// The key.
    pub key: &'v str,
    /// Where the key is written.
    pub key_value: &'v Value,
    /// What it is compared with.
    pub secure: &'v Value,
}

/// Every header that a value names, and why others may be named, where they may.
pub fn written(value: &Value) -> (Vec<Written<'_>>, Option<Arc<str>>) {
    let mut found = Vec::new();
    let mut open = None;
    for (when, whole) in value.options() {
        match form(whole) {
            Form::Off | Form::Malformed(_) => {}
            Form::Unknown(why) => open = Some(why),
            Form::Pair(first, secure) => {
                for (inner, key_value) in first.options() {
                    let when = when.narrowed_by(&inner);
                    match key_value.as_str() {
                        Some(key) => found.push(Written { when, whole, key, key_value, secure }),
                        None => open = Some("the name of the header is not known".into()),
                    }
                }
            }
        }
    }
    (found, open)
}

/// What an entry of `request.META` may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A header.
    Header,
    /// A variable of CGI, WSGI or the server, such as `HTTPS` or `wsgi.url_scheme`.
    Variable,
    /// Nothing is ever called so.
    Impossible,
}

/// What a key of `request.META` is.
///
/// Source: `django/core/handlers/asgi.py`, `ASGIRequest.__init__`, and PEP 3333.
pub fn key_kind(key: &str) -> Key {
    let is_upper = |text: &str| !text.contains(|c: char| c.is_lowercase() || c == '-' || c == ':' || c.is_whitespace());
    match key.strip_prefix("HTTP_") {
        Some(rest) if !rest.is_empty() && is_upper(rest) => Key::Header,
        Some(_) => Key::Impossible,
        None if key.contains('.') => Key::Variable,
        None => {
            let lacks_prefix = key.starts_with("X_") || !secure_values(&format!("HTTP_{key}")).is_empty();
            let is_possible = is_upper(key) && !lacks_prefix && !key.starts_with("HTTPX") && !key.is_empty();
            if is_possible { Key::Variable } else { Key::Impossible }
        }
    }
}

/// The key that was probably meant by one that cannot be.
pub fn key_meant(key: &str) -> String {
    let header: String = key.trim().trim_end_matches(':').to_uppercase().replace(['-', ' '], "_");
    let bare = header.strip_prefix("HTTP").map_or(header.as_str(), |rest| rest.trim_start_matches('_'));
    let meant = format!("HTTP_{bare}");
    super::header::nearest_header(&meant).map_or(meant, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_meta() {
        for key in ["HTTP_X_FORWARDED_PROTO", "HTTP_FASTLY_SSL"] {
            assert_eq!(key_kind(key), Key::Header, "{key}");
        }
        for key in ["HTTPS", "wsgi.url_scheme", "SERVER_PORT", "REQUEST_SCHEME"] {
            assert_eq!(key_kind(key), Key::Variable, "{key}");
        }
        for key in [
            "X-Forwarded-Proto",
            "X_FORWARDED_PROTO",
            "HTTP-X-FORWARDED-PROTO",
            "HTTP_X-FORWARDED-PROTO",
            "http_x_forwarded_proto",
            "HTTP_X_FORWARDED_PROTO ",
            "CLOUDFRONT_FORWARDED_PROTO",
            "",
        ] {
            assert_eq!(key_kind(key), Key::Impossible, "{key}");
        }
    }

    #[test]
    fn keys_that_were_meant() {
        for key in ["X-Forwarded-Proto", "http_x_forwarded_proto", "HTTP-X-FORWARDED-PROTO", "HTTPX_FORWARDED_PROTO"] {
            assert_eq!(key_meant(key), "HTTP_X_FORWARDED_PROTO", "{key}");
        }
        assert_eq!(key_meant("Front-End-Https"), "HTTP_FRONT_END_HTTPS");
        assert_eq!(key_meant("X-Corp-Tls"), "HTTP_X_CORP_TLS");
    }
}
