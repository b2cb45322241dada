//! dj-email-url 1.0: `config(…)` and `parse(url)`.

use super::Call;
use super::config_url::Library;
use super::plain::{Failure, Plain, is_at_least, set};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::Object;
use crate::eval::raise::Exception;
use crate::eval::url::{SplitUrl, percent_decoded};

const SMTP: &str = "django.core.mail.backends.smtp.EmailBackend";

const LIBRARY: Library = Library {
    parse_name: "dj_email_url.parse",
    config_name: "dj_email_url.config",
    variable: "EMAIL_URL",
    default: None,
    parse,
};

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    LIBRARY.call(machine, call)
}

/// `parse(url)`.
pub(super) fn parse(machine: &Machine, url: &str) -> Result<Plain, Failure> {
    if !is_at_least(machine, "dj-email-url", [1, 0]) {
        return Err(Failure::Unsure("dj-email-url before 1.0 is not evaluated"));
    }
    let split = SplitUrl::parse(url).map_err(|_| invalid())?;
    if !split.is_settled() {
        return Err(Failure::Unsure("Python's versions differ in reading the URL's host"));
    }
    let scheme = split.scheme.as_str();
    let port = split.port().map_err(|_| invalid())?;
    let text = |text: Option<&str>| Plain::optional(text.map(percent_decoded));
    let host = Some(split.host()).filter(|host| !host.is_empty());
    let mut entries = vec![
        ("EMAIL_FILE_PATH".to_owned(), Plain::str(split.path.get(1..).unwrap_or_default())),
        ("EMAIL_HOST_USER".to_owned(), text(split.username())),
        ("EMAIL_HOST_PASSWORD".to_owned(), text(split.password())),
        ("EMAIL_HOST".to_owned(), Plain::optional(host.or_else(|| (scheme == "smtp").then(|| "localhost".into())))),
        ("EMAIL_TIMEOUT".to_owned(), Plain::None),
    ];
    let usual = match scheme {
        "smtp" => Some(25),
        "submission" | "submit" => Some(587),
        _ => None,
    };
    let port = match (port, usual) {
        (None | Some(0), Some(usual)) => Plain::Int(usual),
        (Some(port), _) => Plain::Int(port.into()),
        (None, None) => Plain::None,
    };
    entries.push(("EMAIL_PORT".to_owned(), port));
    let backend = match scheme {
        "smtp" | "submission" | "submit" | "smtps" => Some(SMTP),
        "console" => Some("django.core.mail.backends.console.EmailBackend"),
        "file" => Some("django.core.mail.backends.filebased.EmailBackend"),
        "memory" => Some("django.core.mail.backends.locmem.EmailBackend"),
        "dummy" => Some("django.core.mail.backends.dummy.EmailBackend"),
        _ => None,
    };
    if let Some(backend) = backend {
        entries.push(("EMAIL_BACKEND".to_owned(), Plain::str(backend)));
    }
    let query = split.options();
    let option = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let (mut ssl, mut tls) = (false, matches!(scheme, "smtps" | "submission" | "submit"));
    match (option("ssl"), option("tls")) {
        (Some(value), _) if is_true(value) => (ssl, tls) = (true, false),
        (None, Some(value)) if is_true(value) => (ssl, tls) = (false, true),
        _ => {}
    }
    entries.push(("EMAIL_USE_SSL".to_owned(), Plain::Bool(ssl)));
    entries.push(("EMAIL_USE_TLS".to_owned(), Plain::Bool(tls)));
    if let Some(timeout) = option("timeout") {
        let is_plain = timeout.bytes().all(|byte| byte.is_ascii_digit());
        let timeout = timeout.parse().ok().filter(|_| is_plain);
        set(&mut entries, "EMAIL_TIMEOUT", timeout.map(Plain::Int).ok_or(Failure::Unsure("the timeout is no number"))?);
    }
    for (name, setting) in [("_server_email", "SERVER_EMAIL"), ("_default_from_email", "DEFAULT_FROM_EMAIL")] {
        if let Some(address) = option(name) {
            entries.push((setting.to_owned(), Plain::str(address)));
        }
    }
    Ok(Plain::Dict(entries))
}

fn is_true(text: &str) -> bool {
    const TRUE: [&str; 13] = ["1", "y", "Y", "yes", "Yes", "YES", "t", "T", "true", "True", "TRUE", "on", "On"];
    TRUE.contains(&text) || text == "ON"
}

fn invalid() -> Failure {
    Failure::Raises(Exception::new("ValueError", "it is not a valid URL"))
}
