//! Finds databases whose connections are kept open where an ASGI server runs the application.

use crate::project::databases::{certain, databases, keeps_connections};
use crate::project::deployment::Server;
use crate::rule::{Context, Findings};

/// Reports each database that keeps connections in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let servers = &context.deployment().servers;
    let is_asgi = |server: Server| matches!(server, Server::Daphne | Server::Uvicorn | Server::Hypercorn);
    let Some(server) = servers.iter().find(|server| is_asgi(server.what)) else { return };
    if servers.iter().any(|server| !is_asgi(server.what)) {
        return;
    }
    let resolved = context.settings().get("DATABASES");
    for database in databases(context.settings()) {
        let Some(age) = database.get("CONN_MAX_AGE") else { continue };
        let place = context.place_of(&resolved, &age.value);
        if !findings.is_certain(&certain(&database, keeps_connections(&database)), "DATABASES", Some(place)) {
            continue;
        }
        findings
            .report(
                place,
                format!(
                    "`{}` keeps connections open, and under {} no request ever uses that of another",
                    database.title(),
                    server.what.title()
                ),
            )
            .setting("DATABASES", &resolved)
            .related(server.place, "the server is started here")
            .help("set `CONN_MAX_AGE` to 0, and use the pool of the engine: `\"OPTIONS\": {\"pool\": True}`")
            .unsafe_fix("set it to 0", context.rewrite(&age.value, "0"));
    }
}
