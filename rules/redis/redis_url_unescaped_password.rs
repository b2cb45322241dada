//! A password in a Redis URL with a character that ends it.

use crate::diagnostic::Applicability;
use crate::project::redis::text::{Credentials, Scheme, python_error};
use crate::project::redis::urls::RedisUrl;
use crate::project::url::UrlError;
use crate::rule::{Context, Fault, Findings, report_urls};

/// Looks for a delimiter in the credentials of each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let is_server = matches!(Scheme::of(&url.text).name().as_deref(), Some("redis" | "rediss"));
    let credentials = Credentials::of(&url.text, url.separators).filter(|_| is_server)?;
    let stray = credentials.stray?;
    let client = url.client.title();
    let effect = match (url.separators.contains(&stray), python_error(&url.text)) {
        (true, _) => format!("{client} cuts the setting there and takes each half for a URL"),
        (false, Some(UrlError::Bracket)) => "Python refuses it with `ValueError: Invalid IPv6 URL`".to_owned(),
        (false, Some(_)) => {
            "it ends the part with the host, and Python raises `ValueError` for the port that is left".to_owned()
        }
        (false, None) if stray == '/' && !url.client.is_redis_py() => {
            format!(
                "it ends the part with the host, and {client} raises `ValueError`, since what follows is no database"
            )
        }
        (false, None) => {
            format!("it ends the part with the host, and {client} looks for the server in what stands before it")
        }
    };
    let fault = Fault::new(
        format!("{shown} has a `{stray}` in the user name or password that is not encoded: {effect}"),
        format!(
            "write `%{:02X}` for it, or build the URL with `urllib.parse.quote(password, safe=\"\")`",
            u32::from(stray)
        ),
    );
    // What is encoded already may be meant so, or not.
    let applicability = if credentials.text.contains('%') { Applicability::Unsafe } else { Applicability::Safe };
    let (scheme, _) = url.text.split_once("://")?;
    let text = format!("{scheme}://{}@{}", encoded(credentials.text, url.separators), credentials.after);
    Some(fault.url_becomes(applicability, "encode the password", text))
}

/// Credentials without the characters that end them.
fn encoded(credentials: &str, separators: &[char]) -> String {
    let is_delimiter = |c: char| matches!(c, '/' | '?' | '#' | '[' | ']' | '@') || separators.contains(&c);
    let encoded = credentials.chars().map(|c| match is_delimiter(c) && c.is_ascii() {
        true => format!("%{:02X}", u32::from(c)),
        false => c.to_string(),
    });
    encoded.collect()
}
