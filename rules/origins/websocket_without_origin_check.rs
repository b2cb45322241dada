//! Sockets that a cookie logs in and that pages of other origins can open.

use std::sync::Arc;

use crate::diagnostic::{Confidence, Severity};
use crate::eval::value::{Class, Kind, Value};
use crate::project::asgi::application::{Wrapper, WrapperKind};
use crate::project::asgi::sockets::{End, Socket, bodies, reads_identity};
use crate::rule::{Context, Findings};

/// Packages whose wrappers check no origin: they report errors, trace, or serve files.
const HARMLESS: [&str; 7] =
    ["channels.", "django.", "sentry_sdk.", "opentelemetry.", "whitenoise.", "servestatic.", "newrelic."];

/// What a cookie's `SameSite` lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SameSite {
    /// `"None"`: every site's handshakes carry it.
    None,
    /// No attribute: the browser decides.
    Absent,
    /// `"Lax"`, `"Strict"`, or not known.
    Kept,
}

/// Looks for a consumer that a handshake reaches through a cookie middleware and through no origin check.
pub fn check(context: &Context, findings: &mut Findings) {
    let sockets = context.sockets();
    let open: Vec<&Socket> =
        sockets.iter().filter(|socket| socket.cookies().is_some() && socket.validators().next().is_none()).collect();
    let is_undecided = open.len() < sockets.len() || open.iter().any(|socket| socket.consumer().is_none());
    let mut exposed = Vec::new();
    let mut doubts = Vec::new();
    for socket in open {
        let differs = || (!socket.is_certain && is_undecided).then(|| "the application differs by case".to_owned());
        match doubt(context, socket).or_else(differs) {
            Some(why) => doubts.push((why, socket.cookies().and_then(|cookies| cookies.place))),
            None => exposed.push(socket),
        }
    }
    let worst = exposed.iter().find(|socket| may_read_identity(context, socket));
    match worst.or(exposed.first()) {
        Some(socket) => report(context, findings, socket, worst.is_some()),
        None => doubts.into_iter().for_each(|(why, place)| findings.silent(None, why, place)),
    }
}

/// Whether who the cookie belongs to may make a difference to what happens on a socket.
fn may_read_identity(context: &Context, socket: &Socket) -> bool {
    let Some(class) = socket.consumer().and_then(|consumer| consumer.class.as_ref()) else { return true };
    socket.wrappers.iter().any(|wrapper| is_foreign(wrapper))
        || !class.ancestors.iter().all(is_harmless_base)
        || bodies(class).into_iter().any(|body| reads_identity(&context.text_at(body)))
}

/// Whether a wrapper is none of those whose work is known.
fn is_foreign(wrapper: &Wrapper) -> bool {
    matches!(wrapper.kind, WrapperKind::Other) && !HARMLESS.iter().any(|package| wrapper.name.starts_with(package))
}

/// Why a socket may be guarded nevertheless.
fn doubt(context: &Context, socket: &Socket) -> Option<String> {
    let consumer = match socket.end {
        End::Consumer(consumer) => consumer,
        End::Unknown(why, _) => return Some(why.to_owned()),
    };
    let wrapper = socket.wrappers.iter().find_map(|wrapper| match wrapper.kind {
        WrapperKind::Other => wrapper_doubt(context, wrapper),
        _ => None,
    });
    let mentions = consumer.class.as_ref().is_some_and(|class| mentions_origin(context, class))
        || consumer.name.to_lowercase().contains("origin");
    wrapper.or_else(|| mentions.then(|| format!("{} mentions the origin itself", consumer.name)))
}

fn wrapper_doubt(context: &Context, wrapper: &Wrapper) -> Option<String> {
    let name = &wrapper.name;
    match &wrapper.class {
        Some(class) if mentions_origin(context, class) => Some(format!("{name} mentions the origin itself")),
        Some(class) if class.ancestors.iter().all(is_harmless_base) => None,
        None if HARMLESS.iter().any(|package| name.starts_with(package)) => None,
        _ => Some(format!("{name} may check the origin")),
    }
}

fn mentions_origin(context: &Context, class: &Arc<Class>) -> bool {
    context.class_mentions(class, "origin")
}

fn is_harmless_base(base: &Value) -> bool {
    match &base.kind {
        Kind::Class(_) => true,
        Kind::Symbol(name) => !name.contains('.') || name.starts_with("channels.") || name.starts_with("builtins."),
        _ => false,
    }
}

fn report(context: &Context, findings: &mut Findings, socket: &Socket, reads_identity: bool) {
    let Some(cookies) = socket.cookies() else { return };
    let samesite = context.settings().get("SESSION_COOKIE_SAMESITE");
    let kind = same_site(&samesite.value);
    let consequence = match kind {
        SameSite::None => {
            "any web site can open one with its visitor's session, for `SESSION_COOKIE_SAMESITE` is `\"None\"`"
        }
        SameSite::Absent => {
            "a page on another subdomain, and in some browsers any web site, can open one with its visitor's session"
        }
        SameSite::Kept => "a page on another subdomain of the site can open one with its visitor's session",
    };
    let name = cookies.short_name();
    let place = cookies.place.or(socket.branch).unwrap_or_else(|| context.settings().place());
    let has_other = socket.wrappers.iter().any(|wrapper| is_foreign(wrapper));
    let is_own = socket.consumer().is_some_and(|consumer| consumer.class.is_some());
    let report = findings
        .report(place, format!("nothing checks the `Origin` of the WebSockets in this `{name}`: {consequence}"))
        .severity(match (reads_identity, kind) {
            (false, _) => Severity::Advice,
            (true, SameSite::None) => Severity::Error,
            (true, _) => Severity::Warning,
        })
        .confidence(if has_other || !is_own { Confidence::Medium } else { Confidence::High })
        .help(format!(
            "put `AllowedHostsOriginValidator` of `channels.security.websocket` around `{name}(…)`, or \
             `OriginValidator` where pages of other hosts are to connect"
        ))
        .unsafe_fix(
            format!("put `AllowedHostsOriginValidator` around `{name}(…)`"),
            context.edit_at(place, |editor, span| {
                editor.called(span)?;
                editor.wrap_in_call(span, ("channels.security.websocket", "AllowedHostsOriginValidator"))
            }),
        );
    let report = report.related(socket.branch, "the WebSocket part of the application");
    if samesite.is_set {
        let place = context.place_of(&samesite, &samesite.value);
        report.setting("SESSION_COOKIE_SAMESITE", &samesite).related(Some(place), "who else's pages send the cookie");
    }
}

/// Source: `django/http/response.py`, `HttpResponseBase.set_cookie`: a false value sends no attribute.
fn same_site(value: &Value) -> SameSite {
    let of = |value: &Value| match &value.kind {
        Kind::Str(text) if text.eq_ignore_ascii_case("none") => SameSite::None,
        Kind::Str(text) if text.is_empty() => SameSite::Absent,
        Kind::None | Kind::Bool(false) => SameSite::Absent,
        _ => SameSite::Kept,
    };
    let mut options = value.options().into_iter().map(|(_, option)| of(option));
    let first = options.next().unwrap_or(SameSite::Kept);
    if options.all(|option| option == first) { first } else { SameSite::Kept }
}
