//! Origin validators around something that serves no WebSockets.

use crate::project::asgi::application::{Node, Wrapper};
use crate::rule::{Context, Findings};

/// Looks for an origin validator that an HTTP request, or anything else that is no WebSocket, reaches.
pub fn check(context: &Context, findings: &mut Findings) {
    if let Some(application) = context.application() {
        visit(context, findings, &application.node, None);
    }
}

/// `protocol` is what reaches `node`, where a router has decided that already.
fn visit(context: &Context, findings: &mut Findings, node: &Node, protocol: Option<&str>) {
    match node {
        Node::Protocols(protocols) if protocol.is_none() => {
            for branch in &protocols.branches {
                visit(context, findings, &branch.node, Some(branch.protocol.as_ref()));
            }
        }
        Node::Wrapper(wrapper) => {
            if wrapper.is_origin_validator()
                && let Some(what) = refused(wrapper, protocol)
            {
                let place = wrapper.place.unwrap_or_else(|| context.settings().place());
                let name = wrapper.short_name();
                findings
                    .report(
                        place,
                        format!("{what} fails: `{name}` raises `ValueError` for everything that is no WebSocket"),
                    )
                    .help(format!("put `{name}` around the value of the key `\"websocket\"` alone"));
                return;
            }
            visit(context, findings, &wrapper.inner, protocol);
        }
        Node::Either(options) => options.iter().for_each(|(_, node)| visit(context, findings, node, protocol)),
        _ => {}
    }
}

/// What an origin validator refuses although it is meant for what is inside.
fn refused(wrapper: &Wrapper, protocol: Option<&str>) -> Option<String> {
    let every = |protocol: &str| match protocol {
        "http" => "every HTTP request".to_owned(),
        other => format!("everything of the protocol `{other}`"),
    };
    match protocol {
        Some("websocket") => None,
        Some(protocol) => Some(every(protocol)),
        None => {
            let mut found = None;
            wrapper.inner.walk(&mut |node| {
                let served = match node {
                    Node::Django(_) => Some("http"),
                    // A server takes it for an application without lifespan events.
                    Node::Protocols(protocols) => protocols
                        .branches
                        .iter()
                        .map(|branch| branch.protocol.as_ref())
                        .filter(|protocol| !matches!(*protocol, "websocket" | "lifespan"))
                        .min_by_key(|protocol| *protocol != "http"),
                    _ => None,
                };
                found = found.take().or(served.map(every));
                !matches!(node, Node::Protocols(_))
            });
            found
        }
    }
}
