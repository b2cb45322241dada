//! A Redis URL with the password where the user name belongs.

use crate::diagnostic::Applicability;
use crate::eval::value::{Kind, Piece, Value};
use crate::project::redis::text::{Credentials, server_url};
use crate::project::redis::urls::RedisUrl;
use crate::project::url::HOLE;
use crate::rule::{Context, Fault, Findings, report_urls};

/// Judges what stands before the `@` of each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    let credentials = Credentials::of(&url.text, url.separators).filter(|credentials| credentials.stray.is_none())?;
    let parts = server_url(&url.text)?;
    let user = credentials.text;
    let named_elsewhere = parts.options().iter().any(|(name, _)| name == "password" || name == "credential_provider");
    if user.is_empty() || user.contains(':') || named_elsewhere || url.options.has_password {
        return None;
    }
    let is_secret = if user.contains(HOLE) { names_a_password(url.value) } else { user != "default" && is_plain(url) };
    is_secret.then(|| {
        let fault = Fault::new(
            format!(
                "{shown} gives a user name before the `@`, and no password: {} logs in as that user with an empty \
                 password, which Redis refuses unless that user needs none",
                url.client.title()
            ),
            "put a colon before the password: `redis://:password@host`",
        );
        let text = url.text.replacen("://", "://:", 1);
        fault.url_becomes(Applicability::Unsafe, "put a colon before the password", text)
    })
}

/// Options that are not known may hold the password.
fn is_plain(url: &RedisUrl) -> bool {
    !url.options.is_open
}

/// Whether all that stands before the `@` is read from a variable that is called a password.
fn names_a_password(value: &Value) -> bool {
    let Kind::Template(template) = &value.kind else { return false };
    template.pieces.windows(3).any(|pieces| match pieces {
        [Piece::Literal(before), Piece::Hole(hole), Piece::Literal(after)] => {
            before.ends_with("://") && after.starts_with('@') && is_password(hole)
        }
        _ => false,
    })
}

fn is_password(hole: &Value) -> bool {
    let variables = match &hole.kind {
        Kind::Unknown(unknown) => &unknown.variables,
        Kind::Either(either) => &either.variables,
        _ => return false,
    };
    let is_secret = |name: &str| ["PASSWORD", "PASSWD", "SECRET"].iter().any(|word| name.to_uppercase().contains(word));
    !variables.is_empty() && variables.iter().all(|name| is_secret(name))
}
