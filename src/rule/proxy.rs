//! What the rules about proxies share: the headers that `SECURE_PROXY_SSL_HEADER` names, and what follows where Django
//! does not learn that a request came over HTTPS.
//!
//! Middleware never sees a WebSocket, so nothing of it is about handshakes. Source: `django/core/handlers/asgi.py`,
//! `ASGIHandler.__call__`; `django/middleware/security.py`; `django/middleware/csrf.py`, `_origin_verified`.

use super::context::Context;
use super::findings::Findings;
use crate::project::proxy::secure_header::{SETTING, Written, written};
use crate::project::settings::{Resolved, Truth};
use crate::source::Place;

/// Every header that `SECURE_PROXY_SSL_HEADER` names. Where it may name others, says why they are not judged.
pub fn written_headers<'v>(resolved: &'v Resolved, findings: &mut Findings) -> Vec<Written<'v>> {
    let (found, open) = written(&resolved.value);
    if let Some(why) = open {
        findings.silent(Some(SETTING), why.to_string(), resolved.value.origin);
    }
    found
}

/// What follows, and the place that has to do with it.
pub struct Consequence {
    /// The end of a sentence: "Django takes every request for plain HTTP and …".
    pub text: String,
    /// Where `SECURE_SSL_REDIRECT` is assigned, where it plays a part.
    pub redirect: Option<Place>,
}

/// What is said of that place.
pub const REDIRECT_NOTE: &str = "this redirects whatever Django takes for plain HTTP";

impl Context<'_> {
    /// What follows where the header that Django asks for is never there, so that the server's word counts.
    pub fn without_header(&self) -> Consequence {
        let unless = match self.deployment().servers_without_scheme() {
            Some(_) => "",
            None => ", unless the server itself goes by what the proxy says",
        };
        self.taken_for_http(unless)
    }

    /// What follows where the header is there and never has the expected value, whatever the server knows.
    pub fn with_wrong_value(&self) -> Consequence {
        self.taken_for_http("")
    }

    fn taken_for_http(&self, unless: &str) -> Consequence {
        let settings = self.settings();
        let redirects = settings
            .truth("SECURE_SSL_REDIRECT")
            .and(settings.uses_middleware("django.middleware.security.SecurityMiddleware"));
        let effect = match redirects {
            Truth::Yes => "`SECURE_SSL_REDIRECT` redirects each page, login and token request to itself for ever",
            Truth::Unknown(_) => "each page is redirected to itself for ever where `SECURE_SSL_REDIRECT` is on",
            Truth::No if settings.is_at_least("django", "4.0") => {
                "the CSRF check takes https pages for foreign ones, and HSTS is never sent"
            }
            Truth::No => "HSTS is never sent, and the absolute URLs that it builds begin with `http://`",
        };
        let place = settings.get("SECURE_SSL_REDIRECT").history.last().copied();
        Consequence {
            text: format!("Django takes every request for plain HTTP{unless}: {effect}"),
            redirect: place.filter(|_| !redirects.is_no()),
        }
    }
}
