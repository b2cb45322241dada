//! A `runserver` that answers no WebSocket.

use crate::project::settings::Truth;
use crate::rule::{Context, Findings, Position};

/// Reports settings in which Daphne is required but not installed as an app, beside WebSocket consumers.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    // Until version 4, the app `channels` brought a `runserver` of its own.
    if context.sockets().is_empty() || !settings.is_at_least("channels", "4.0") {
        return;
    }
    let apps = settings.get("INSTALLED_APPS");
    let has_daphne = settings.installed("daphne");
    if has_daphne != Truth::No || !apps.is_set {
        if let Truth::Unknown(why) = has_daphne {
            findings.silent(Some("INSTALLED_APPS"), why.to_string(), apps.value.origin);
        }
        return;
    }
    let requirements = &settings.requirements;
    let others = ["uvicorn", "uvicorn-worker", "hypercorn", "granian"];
    if requirements.get("daphne").is_none() {
        return findings.silent(Some("INSTALLED_APPS"), "Daphne is not known to be required", None);
    }
    // Who requires another server too may well develop with that one.
    if let Some(other) = others.iter().find(|name| requirements.get(name).is_some()) {
        return findings.silent(Some("INSTALLED_APPS"), format!("{other} may be what serves a developer"), None);
    }
    findings
        .report(
            context.place_of_setting(&apps),
            "`daphne` is required but not in `INSTALLED_APPS`: `manage.py runserver` is Django's WSGI server, which \
             answers each WebSocket handshake with 404",
        )
        .setting("INSTALLED_APPS", &apps)
        .help("add `\"daphne\"` at the beginning of `INSTALLED_APPS`, and set `ASGI_APPLICATION`")
        .unsafe_fix(
            "add `\"daphne\"` at the beginning of `INSTALLED_APPS`",
            context.add_to_list("INSTALLED_APPS", "daphne", Position::First),
        );
}
