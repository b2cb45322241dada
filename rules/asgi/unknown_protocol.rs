//! Keys of a `ProtocolTypeRouter` that no server ever sends.

use crate::project::asgi::application::{Application, Node, Protocols};
use crate::project::asgi::protocols::meant_protocol;
use crate::rule::{Context, Findings};

/// Reports each key that is nearly, but not quite, the name of a protocol.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    let mut routers: Vec<&Protocols> = Vec::new();
    application.node.walk(&mut |node| {
        if let Node::Protocols(protocols) = node {
            routers.push(protocols);
        }
        true
    });
    for router in routers {
        for branch in &router.branches {
            let Some(meant) = meant_protocol(&branch.protocol) else { continue };
            let Some(place) = branch.place.or(router.place) else { continue };
            // In a router within another part, what happens depends on that part.
            let is_served = router.branch(meant).is_some() || router.open || !is_outermost(application, router);
            let effect = match (meant, is_served) {
                ("websocket", false) => ", and every WebSocket handshake ends in status 500",
                // Before version 4, Channels itself added what is missing for HTTP.
                ("http", false) if context.settings().is_at_least("channels", "4.0") => {
                    ", and every page ends in status 500"
                }
                _ => ", so what it leads to is never reached",
            };
            let key = &branch.protocol;
            let message = format!("`{key}` is no protocol that a server names: it is called `{meant}`{effect}");
            let report = findings.report(place, message);
            match router.branch(meant).is_some() {
                true => report.help(format!("remove it: `\"{meant}\"` has an entry of its own")),
                false => report.help(format!("write `\"{meant}\"`")).safe_fix(
                    format!("write `\"{meant}\"`"),
                    branch.place.and_then(|place| {
                        context.edit_at(place, |editor, span| editor.replace_string(span, key, meant))
                    }),
                ),
            };
        }
    }
}

fn is_outermost(application: &Application, router: &Protocols) -> bool {
    application.forms().into_iter().any(|form| matches!(form, Node::Protocols(outer) if std::ptr::eq(outer, router)))
}
