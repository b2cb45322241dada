//! An application that does not answer HTTP.

use crate::diagnostic::Severity;
use crate::project::asgi::application::{Application, Node, Protocols};
use crate::project::deployment::Server;
use crate::rule::{Context, Findings};

/// Servers that answer HTTP by WSGI.
const WSGI_SERVERS: [&str; 8] = ["gunicorn", "uwsgi", "pyuwsgi", "mod-wsgi", "waitress", "cheroot", "bjoern", "zappa"];

/// Reports a `ProtocolTypeRouter` without `"http"`, unless another server may be what answers HTTP.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    // Before version 4, Channels itself added what is missing.
    if !context.settings().is_at_least("channels", "4.0") {
        return;
    }
    let Some(router) = router_without_http(application) else { return };
    let deployment = context.deployment();
    if deployment.wsgi.is_some() {
        return findings.silent(None, "a server that runs the WSGI application may answer HTTP", deployment.wsgi);
    }
    let own = application.server_name();
    if let Some(other) = deployment.applications.iter().find(|started| started.what.as_ref() != own) {
        return findings.silent(None, format!("{} may answer HTTP", other.what), other.place);
    }
    let is_declared = |server: Server| server != Server::Gunicorn;
    let is_started = !deployment.applications.is_empty()
        || deployment.servers.iter().any(|server| server.place.is_none() && is_declared(server.what));
    let requirements = &context.settings().requirements;
    if let Some(server) = WSGI_SERVERS.into_iter().find(|server| requirements.get(server).is_some())
        && !is_started
    {
        return findings.silent(None, format!("{server} is required, and may run the WSGI application"), router.place);
    }
    let Some(place) = router.place else { return };
    let is_channels_4 = requirements.at_least("channels", "4.0") == Some(true);
    // A routing.py is what Channels before version 4 ran, beside an asgi.py.
    if !is_channels_4 && !is_started && !context.file_name(application.file).ends_with("asgi.py") {
        return findings.silent(None, "the version of Channels is not known", Some(place));
    }
    let is_certain = is_started && is_channels_4;
    let edits = context.edit_at(place, |editor, call| {
        let entries = editor.argument(call, 0, "application_mapping")?;
        let imported = editor.import("django.core.asgi", Some("get_asgi_application"))?;
        let entry = format!("{}: {}()", context.quoted(place.file, "http"), imported.name);
        let mut changes = editor.add_item(entries, false, &entry)?;
        changes.extend(imported.changes);
        Some(changes)
    });
    let started = deployment.applications.first().and_then(|started| started.place);
    findings
        .report(
            place,
            "the `ProtocolTypeRouter` has no `http`: every page that this application is asked for ends in status 500",
        )
        .severity(if is_certain { Severity::Error } else { Severity::Warning })
        .related(started, "this starts it")
        .help("add `\"http\": get_asgi_application()`")
        .unsafe_fix("add `\"http\": get_asgi_application()`", edits);
}

/// The router, where it is certain that nothing in the application is for HTTP.
fn router_without_http(application: &Application) -> Option<&Protocols> {
    let routers: Option<Vec<&Protocols>> = application
        .forms()
        .into_iter()
        .map(|form| match form {
            Node::Protocols(router) if router.lacks("http") => Some(router),
            _ => None,
        })
        .collect();
    routers?.first().copied()
}
