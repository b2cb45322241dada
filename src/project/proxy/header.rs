//! Headers that tell the application about the client's protocol: their names, their values, who sets them.

use memchr::memmem;

use super::platform::PLATFORMS;
use crate::project::spelling::nearest;

/// A header that a proxy's configuration file sets on the way to the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetHeader {
    /// Its key in `request.META`.
    pub key: String,
    /// The value as it is written there.
    pub value: Option<String>,
}

impl SetHeader {
    /// Whether `value` may be what is sent: it is what is written, or what is written is computed, and not just
    /// nginx's scheme of the request.
    pub fn may_be_other(&self, value: &str) -> bool {
        let is_computed = |text: &str| text.contains(['$', '%', '{']) && text != "$scheme";
        self.value.as_ref().is_none_or(|written| written == value || is_computed(written))
    }
}

/// The header of the port that the client connected to. It tells the protocol, too, where that port is 443.
pub const FORWARDED_PORT: &str = "HTTP_X_FORWARDED_PORT";

/// Headers that some proxy is commonly configured to send, apart from those of the table.
const OTHER_HEADERS: &[(&str, &str)] = &[
    ("HTTP_X_FORWARDED_PROTOCOL", "https"),
    ("HTTP_X_FORWARDED_SSL", "on"),
    ("HTTP_X_FORWARDED_SCHEME", "https"),
    ("HTTP_X_SCHEME", "https"),
    ("HTTP_X_URL_SCHEME", "https"),
    ("HTTP_FRONT_END_HTTPS", "on"),
    ("HTTP_X_FORWARDED_HTTPS", "on"),
    ("HTTP_X_ARR_SSL", "1"),
    ("HTTP_X_CLIENT_PROTO", "https"),
    ("HTTP_X_CLIENT_PROTOCOL", "https"),
    ("HTTP_X_REAL_PROTO", "https"),
    ("HTTP_X_SSL", "on"),
    ("HTTP_X_APPENGINE_HTTPS", "on"),
    (FORWARDED_PORT, "443"),
];

/// The headers, as keys of `request.META`, that a proxy's configuration file sets on the way to the application.
pub fn configured_headers(text: &str) -> Vec<SetHeader> {
    let mut found = Vec::new();
    let lower = text.to_ascii_lowercase();
    for (line, lower) in text.lines().zip(lower.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let bare = |word: &str| word.trim_matches(['"', '\'', '+', ':', ';', '`', ',']).to_owned();
        let (header, value) = match words.as_slice() {
            // uWSGI's protocol names the key itself.
            ["uwsgi_param", key, rest @ ..] => {
                found.push(SetHeader { key: bare(key), value: rest.first().map(|value| bare(value)) });
                continue;
            }
            // nginx
            ["proxy_set_header" | "grpc_set_header", header, rest @ ..] => (*header, rest.first()),
            // Apache
            ["RequestHeader", "set" | "setifempty" | "add" | "append", header, rest @ ..] => (*header, rest.first()),
            // HAProxy
            ["http-request" | "reqadd", "set-header" | "add-header", header, rest @ ..] => (*header, rest.first()),
            // Caddy
            ["header_up", header, rest @ ..] => (*header, rest.first()),
            // Traefik, Envoy, Istio and the Gateway API, in YAML; a health check looks the same, so no value is taken
            ["-", "name:" | "key:", header] | ["name:" | "key:", header] if is_custom(header) => (*header, None),
            [header, ..] if header.ends_with(':') && is_custom(header) => (*header, None),
            _ => {
                found.extend(traefik_label(line, lower));
                continue;
            }
        };
        found.push(SetHeader { key: meta_key(&bare(header)), value: value.map(|value| bare(value)) });
    }
    found
}

/// `X-Forwarded-Proto` and its like, in YAML.
fn is_custom(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'', ':']).to_ascii_lowercase();
    word.starts_with("x-") && word.len() > 2 || word == "front-end-https"
}

/// `traefik.http.middlewares.tls.headers.customrequestheaders.X-Forwarded-Proto=https`, given in lower case too.
fn traefik_label(line: &str, lower: &str) -> Option<SetHeader> {
    const MARK: &str = "customrequestheaders.";
    let at = memmem::find(lower.as_bytes(), MARK.as_bytes())? + MARK.len();
    let (header, value) = line.get(at..)?.split_once(['=', ':'])?;
    let bare = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    Some(SetHeader { key: meta_key(&bare(header)), value: Some(bare(value)) })
}

/// A header as it is usually written, from its key in `request.META`.
pub fn header_name(key: &str) -> String {
    let words = key.strip_prefix("HTTP_").unwrap_or(key).split('_').map(|word| match word {
        "CLOUDFRONT" => "CloudFront".to_owned(),
        "CF" | "SSL" | "ARR" | "URL" => word.to_owned(),
        _ => word.chars().take(1).chain(word.to_lowercase().chars().skip(1)).collect(),
    });
    words.collect::<Vec<String>>().join("-")
}

/// The values that a header, given by its key, has for a secure connection; none for a header that is not known.
pub fn secure_values(key: &str) -> Vec<&'static str> {
    let of_platforms = PLATFORMS.iter().flat_map(|platform| platform.sends);
    let mut values: Vec<&str> =
        of_platforms.chain(OTHER_HEADERS).filter(|(known, _)| *known == key).map(|(_, value)| *value).collect();
    values.sort();
    values.dedup();
    values
}

/// The known header that a misspelt key probably means.
pub fn nearest_header(key: &str) -> Option<&'static str> {
    const LETTERS_PER_TYPO: usize = 8;
    let of_platforms = PLATFORMS.iter().flat_map(|platform| platform.sends);
    let known = of_platforms.chain(OTHER_HEADERS).map(|(known, _)| *known).filter(|known| *known != FORWARDED_PORT);
    // Of two that are equally near, the first is the more usual one.
    nearest(key, known, |known| (known.len() - "HTTP_".len()) / LETTERS_PER_TYPO)
}

/// The key that a header has in `request.META`.
///
/// Source: `django/core/handlers/asgi.py`, `ASGIRequest.__init__`, and PEP 3333.
fn meta_key(header: &str) -> String {
    format!("HTTP_{}", header.to_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_configuration_files() {
        let text = "proxy_set_header X-Forwarded-Protocol $scheme;\nRequestHeader set X-Forwarded-Proto \"https\"\n  http-request set-header X-Scheme https\n";
        let keys = |text: &str| configured_headers(text).into_iter().map(|header| header.key).collect::<Vec<_>>();
        assert_eq!(keys(text), ["HTTP_X_FORWARDED_PROTOCOL", "HTTP_X_FORWARDED_PROTO", "HTTP_X_SCHEME"]);
        assert_eq!(
            keys("uwsgi_param X_SCHEME $scheme;\n      X-Proto: \"https\"\nname: x\n"),
            ["X_SCHEME", "HTTP_X_PROTO"]
        );
        assert_eq!(
            keys("- \"traefik.http.middlewares.a.headers.customrequestheaders.X-Forwarded-Proto=https\""),
            ["HTTP_X_FORWARDED_PROTO"]
        );
        let may_be_on = |line: &str| configured_headers(line)[0].may_be_other("on");
        assert!(may_be_on("proxy_set_header X-A $https;") && may_be_on("proxy_set_header X-A on;"));
        assert!(!may_be_on("proxy_set_header X-A $scheme;") && !may_be_on("proxy_set_header X-A https;"));
    }

    #[test]
    fn headers_by_name() {
        assert_eq!(header_name("HTTP_CLOUDFRONT_FORWARDED_PROTO"), "CloudFront-Forwarded-Proto");
        assert_eq!(header_name("HTTP_X_FORWARDED_SSL"), "X-Forwarded-SSL");
        assert_eq!(secure_values("HTTP_X_FORWARDED_PROTO"), ["https"]);
        assert_eq!(nearest_header("HTTP_X_FORWADED_PROTO"), Some("HTTP_X_FORWARDED_PROTO"));
        assert_eq!(nearest_header("HTTP_X_CORP_TLS"), None);
    }
}
