//! An application that answers no WebSocket, in a project that has routes to WebSocket consumers.

use crate::diagnostic::Severity;
use crate::project::asgi::application::{Application, Node};
use crate::rule::{Context, Findings};
use crate::source::{FileId, Place, Span};

/// Reports an application without `"websocket"` where nothing else of the project serves the routes that it has.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    let Some((what, place)) = without_websocket(application) else { return };
    let Some(&routes) = context.websocket_routes().first() else { return };
    let settings = context.settings();
    let is_django_alone = application.forms().iter().all(|form| matches!(form, Node::Django(_)));
    if is_django_alone && !settings.installed("channels").or(settings.installed("daphne")).is_yes() {
        return findings.silent(None, "neither Channels nor Daphne is known to be installed", Some(place));
    }
    let beginning = |file: FileId| Place::new(file, Span::default());
    let others = || context.websocket_applications().iter().copied().filter(|file| *file != application.file);
    let severity = match others().next() {
        None => Severity::Error,
        Some(_) if is_left_behind(context, application, others()) => Severity::Warning,
        Some(other) => {
            let why = format!("{} puts another application together, which a server may run", context.file_name(other));
            return findings.silent(None, why, Some(beginning(other)));
        }
    };
    let name = context.file_name(routes);
    let mut report = findings
        .report(
            place,
            format!("{what}, but `{name}` has routes to WebSocket consumers: every handshake ends in status 500"),
        )
        .severity(severity)
        .related(Some(beginning(routes)), "these routes are served by nothing")
        .help(match is_django_alone {
            true => {
                "make it a `ProtocolTypeRouter` that has `\"http\"` and, with a `URLRouter` of these routes, `\"websocket\"`"
            }
            false => {
                "add `\"websocket\": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(…)))` with these routes"
            }
        });
    for other in others() {
        report = report.related(Some(beginning(other)), "this puts another application together");
    }
}

/// What the application is, and where, if it is certain that it answers no WebSocket.
fn without_websocket(application: &Application) -> Option<(&'static str, Place)> {
    let mut found = None;
    for form in application.forms() {
        let this = match form {
            Node::Protocols(router) if router.lacks("websocket") => {
                ("the `ProtocolTypeRouter` has no `websocket`", router.place)
            }
            Node::Django(place) => ("the application is Django alone, which answers no WebSocket", *place),
            _ => return None,
        };
        found = found.or(this.1.map(|place| (this.0, place)));
    }
    found
}

/// Whether `ASGI_APPLICATION` says that this application is the one to run, and all others are a `routing.py` that no
/// command starts: what Channels 2 ran.
fn is_left_behind(context: &Context, application: &Application, mut others: impl Iterator<Item = FileId>) -> bool {
    let own = application.server_name();
    let is_named = context.entry().is_some_and(|entry| entry.named_at.is_some() && entry.module == application.module);
    let is_started_alone = context.deployment().applications.iter().all(|started| started.what.as_ref() == own);
    is_named
        && is_started_alone
        && context.settings().installed("daphne").is_yes()
        && others.all(|other| context.file_name(other).ends_with("routing.py"))
}
