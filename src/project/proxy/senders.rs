//! Who sends the header that `SECURE_PROXY_SSL_HEADER` names.

use super::header::{FORWARDED_PORT, nearest_header, secure_values};
use super::platform::{Platform, platform};
use crate::project::deployment::Deployment;

/// Whether a header is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// It is, or may well be.
    Possible,
    /// Nothing is known that sends it, and nothing shows who else may.
    Unclear,
    /// Not by the platform that is declared.
    NotDeclared,
    /// Not by the platform that is declared. A network in front of it may, which nothing shows.
    NotShown,
    /// Not by the platforms that files show.
    NotDetected,
    /// The project's own proxy sets another header and not this one.
    NotSet,
    /// By nobody: this is a misspelling of that header.
    Misspelt(&'static str),
}

/// The headers that only a network in front of everything sends. They get through whatever stands behind it.
const EDGES: [(&str, &str); 3] = [
    ("HTTP_CLOUDFRONT_FORWARDED_PROTO", "cloudfront"),
    ("HTTP_CF_VISITOR", "cloudflare"),
    ("HTTP_FASTLY_SSL", "fastly"),
];

/// Where an Amazon CloudFront before it would be described by the same files.
const AMAZON: [&str; 4] = ["aws-alb", "aws-elb", "app-runner", "elastic-beanstalk"];

/// What sends whatever it is configured to.
const CONFIGURABLE: [&str; 7] = ["nginx", "apache", "haproxy", "caddy", "traefik", "ingress-nginx", "fastly"];

/// Headers beside those of the table whose value for a secure connection is not always the same.
const MORE: [(&str, &str); 2] = [("azure", "HTTP_X_ARR_SSL"), ("azure", "HTTP_X_APPSERVICE_PROTO")];

/// Who sends a header, given by its key in `request.META`.
pub fn sender(deployment: &Deployment, key: &str) -> Sender {
    let sends = |platform: &Platform| {
        let is_in_table = platform.sends.iter().any(|(known, _)| *known == key);
        is_in_table || MORE.contains(&(platform.name, key))
    };
    let mut platforms = deployment.platforms.iter().map(|shown| shown.what).chain(deployment.shown_platforms.clone());
    if key == FORWARDED_PORT || deployment.sets_header(key) || platforms.any(sends) {
        return Sender::Possible;
    }
    let is_known = !secure_values(key).is_empty() || MORE.iter().any(|(_, known)| *known == key);
    let misspelt = nearest_header(key).filter(|_| !is_known);
    let is_configurable = deployment.platforms.iter().any(|platform| CONFIGURABLE.contains(&platform.what.name));
    let edge = edge(key);
    let is_amazon = deployment.platforms.iter().any(|platform| AMAZON.contains(&platform.what.name));
    let is_cloudfront = edge.is_some_and(|edge| edge.name == "cloudfront");
    let sets_another = header_set(deployment).is_some();
    match (misspelt, deployment.platforms.is_empty(), deployment.is_platform_declared()) {
        (Some(meant), _, false) => Sender::Misspelt(meant),
        (Some(meant), _, true) if is_configurable => Sender::Misspelt(meant),
        (_, _, true) if is_configurable && sets_another && edge.is_none() => Sender::NotSet,
        (_, _, true) if is_configurable => Sender::Unclear,
        (_, _, true) if edge.is_some() && !(is_amazon && is_cloudfront) => Sender::NotShown,
        (_, _, true) => Sender::NotDeclared,
        (None, true, false) => Sender::Unclear,
        (None, false, false) if edge.is_some() => match is_amazon && is_cloudfront {
            true => Sender::NotDetected,
            false => Sender::Unclear,
        },
        (None, false, false) if sets_another => Sender::NotSet,
        (None, false, false) if is_known || is_configurable => Sender::Unclear,
        (None, false, false) => Sender::NotDetected,
    }
}

/// The network that alone sends a header.
pub fn edge(key: &str) -> Option<&'static Platform> {
    EDGES.iter().find(|(known, _)| *known == key).and_then(|(_, name)| platform(name))
}

/// The header about the client's protocol that the project's own proxy sets, as a key.
pub fn header_set(deployment: &Deployment) -> Option<&str> {
    let tells_protocol = |key: &str| key != FORWARDED_PORT && !secure_values(key).is_empty();
    deployment
        .headers
        .iter()
        .find(|header| header.value.is_some() && tells_protocol(&header.key))
        .map(|header| header.key.as_str())
}

/// The values that a header has for a secure connection, where these are always the same; none where they are not.
///
/// Gunicorn's `secure_scheme_headers` knows a proxy that sends `X-Forwarded-Protocol: ssl`; Microsoft's proxies send
/// `Front-End-Https: On`.
pub fn standard_values(key: &str) -> &'static [&'static str] {
    match key {
        "HTTP_X_FORWARDED_PROTO"
        | "HTTP_X_FORWARDED_SCHEME"
        | "HTTP_X_SCHEME"
        | "HTTP_X_URL_SCHEME"
        | "HTTP_CLOUDFRONT_FORWARDED_PROTO" => &["https"],
        "HTTP_X_FORWARDED_PROTOCOL" => &["https", "ssl"],
        "HTTP_X_FORWARDED_SSL" => &["on", "true", "1", "yes"],
        "HTTP_FRONT_END_HTTPS" => &["on", "On"],
        "HTTP_FASTLY_SSL" => &["1"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::deployment::Shown;
    use crate::project::proxy::header::configured_headers;
    use crate::source::{FileId, Memory, Place, Sources, Span};

    fn file() -> FileId {
        let memory = Memory::new(Vec::new());
        Sources::new(&memory).id(std::path::Path::new("/p/x"))
    }

    fn deployment(names: &[&str], is_declared: bool, configuration: &str) -> Deployment {
        let place = (!is_declared).then(|| Place::new(file(), Span::default()));
        let platforms = names.iter().filter_map(|name| platform(name));
        let platforms = platforms.map(|what| Shown { what, place }).collect();
        Deployment { platforms, headers: configured_headers(configuration), ..Deployment::default() }
    }

    #[test]
    fn declared_platforms() {
        let of = |name: &str, key: &str| sender(&deployment(&[name], true, ""), key);
        assert_eq!(of("aws-alb", "HTTP_X_FORWARDED_PROTO"), Sender::Possible);
        assert_eq!(of("aws-alb", "HTTP_X_FORWARDED_PORT"), Sender::Possible);
        assert_eq!(of("aws-alb", "HTTP_X_FORWARDED_SSL"), Sender::NotDeclared);
        assert_eq!(of("aws-alb", "HTTP_CLOUDFRONT_FORWARDED_PROTO"), Sender::NotDeclared);
        assert_eq!(of("cloudfront", "HTTP_X_FORWARDED_PROTO"), Sender::NotDeclared);
        assert_eq!(of("heroku", "HTTP_FASTLY_SSL"), Sender::NotShown);
        assert_eq!(of("nginx", "HTTP_X_CORP_TLS"), Sender::Unclear);
        assert_eq!(of("nginx", "HTTP_X_FORWADED_PROTO"), Sender::Misspelt("HTTP_X_FORWARDED_PROTO"));
        assert_eq!(of("azure", "HTTP_X_ARR_SSL"), Sender::Possible);
    }

    #[test]
    fn detected_platforms() {
        let of = |names: &[&str], configuration: &str, key: &str| sender(&deployment(names, false, configuration), key);
        assert_eq!(of(&["aws-alb"], "", "HTTP_CLOUDFRONT_FORWARDED_PROTO"), Sender::NotDetected);
        assert_eq!(of(&["aws-alb", "cloudfront"], "", "HTTP_CLOUDFRONT_FORWARDED_PROTO"), Sender::Possible);
        assert_eq!(of(&["heroku"], "", "HTTP_FASTLY_SSL"), Sender::Unclear);
        assert_eq!(of(&["heroku"], "", "HTTP_X_FORWARDED_SSL"), Sender::Unclear);
        assert_eq!(of(&["heroku"], "", "HTTP_X_CORP_TLS"), Sender::NotDetected);
        let nginx = "proxy_set_header X-Forwarded-Proto $scheme;";
        assert_eq!(of(&["nginx"], nginx, "HTTP_X_FORWARDED_PROTOCOL"), Sender::NotSet);
        assert_eq!(of(&["nginx"], "", "HTTP_X_FORWARDED_PROTOCOL"), Sender::Unclear);
    }

    #[test]
    fn nothing_shown() {
        let of = |key: &str| sender(&deployment(&[], false, ""), key);
        assert_eq!(of("HTTP_X_FORWARDED_PROT"), Sender::Misspelt("HTTP_X_FORWARDED_PROTO"));
        assert_eq!(of("HTTP_X_CORP_TLS"), Sender::Unclear);
        assert_eq!(of("HTTP_X_FORWARDED_PROTO"), Sender::Unclear);
    }
}
