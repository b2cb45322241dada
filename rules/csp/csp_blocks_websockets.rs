//! WebSockets that no page may open.

use crate::project::csp::{allows_no_websocket, policy};
use crate::rule::{Context, Findings};

/// Reports the directive that allows no WebSocket, where the application serves some.
pub fn check(context: &Context, findings: &mut Findings) {
    let sockets = context.sockets();
    if sockets.is_empty() {
        return;
    }
    let settings = context.settings();
    for name in ["CONTENT_SECURITY_POLICY", "SECURE_CSP"] {
        let resolved = settings.get(name);
        let [(_, value)] = resolved.value.options()[..] else { continue };
        let Some(policy) = policy(settings, name, value) else { continue };
        let Some((directive, sources)) = policy.connections() else { continue };
        let place = context.place_of(&resolved, sources);
        if !findings.is_certain(&allows_no_websocket(sources), name, Some(place)) {
            continue;
        }
        let is_empty =
            sources.sequence().is_none_or(|list| list.items.iter().any(|item| item.value.as_str() == Some("'none'")));
        let edits = sources.origin.filter(|_| directive == "connect-src" && !is_empty).and_then(|place| {
            let own = context.quoted(place.file, "'self'");
            context.edit_at(place, |editor, span| editor.add_item(span, true, &own))
        });
        findings
            .report(
                place,
                format!("`{directive}` allows no WebSocket: browsers do not open those that the application serves"),
            )
            .setting(policy.setting, &resolved)
            .help("add `\"'self'\"` to `connect-src`, or the host of the sockets with `wss://`")
            .unsafe_fix("allow those of the site itself", edits);
    }
}
