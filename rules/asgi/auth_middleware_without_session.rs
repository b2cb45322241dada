//! Parts of Channels' authentication without the part around them that they read from.

use crate::project::asgi::application::{Node, Wrapper, WrapperKind};
use crate::rule::{Context, Findings};

/// Reports `AuthMiddleware` without a session around it, and `SessionMiddleware` without cookies around it.
pub fn check(context: &Context, findings: &mut Findings) {
    if let Some(application) = context.application() {
        visit(context, &application.node, &mut Vec::new(), findings);
    }
}

fn visit<'n>(context: &Context, node: &'n Node, around: &mut Vec<&'n Wrapper>, findings: &mut Findings) {
    match node {
        Node::Protocols(protocols) => {
            protocols.branches.iter().for_each(|branch| visit(context, &branch.node, around, findings))
        }
        Node::Router(router) => router.routes.iter().for_each(|route| visit(context, &route.node, around, findings)),
        Node::Either(options) => options.iter().for_each(|(_, option)| visit(context, option, around, findings)),
        Node::Wrapper(wrapper) => {
            judge(context, wrapper, around, findings);
            around.push(wrapper);
            visit(context, &wrapper.inner, around, findings);
            around.pop();
        }
        Node::Consumer(_) | Node::ChannelNames(_) | Node::Django(_) | Node::Unknown(..) => {}
    }
}

fn judge(context: &Context, wrapper: &Wrapper, around: &[&Wrapper], findings: &mut Findings) {
    let (gives, error, stack) = match wrapper.name.as_ref() {
        "channels.auth.AuthMiddleware" => {
            (["SessionMiddleware", "SessionMiddlewareStack"], "cannot find session in scope", "AuthMiddlewareStack")
        }
        "channels.sessions.SessionMiddleware" => {
            (["CookieMiddleware", "CookieMiddleware"], "No cookies in scope", "SessionMiddlewareStack")
        }
        _ => return,
    };
    let is_given = around.iter().any(|outer| match outer.kind {
        // What is not part of Channels may fill the scope itself.
        WrapperKind::Other => true,
        WrapperKind::Cookies => outer.short_name().ends_with("Stack") || gives.contains(&outer.short_name()),
        WrapperKind::AllowedHosts | WrapperKind::Origins(_) => false,
    });
    let Some(place) = wrapper.place.filter(|_| !is_given) else { return };
    let name = wrapper.short_name();
    let module = if name == "AuthMiddleware" { "channels.auth" } else { "channels.sessions" };
    let what = if name == "AuthMiddleware" { "session" } else { "cookies" };
    findings
        .report(
            place,
            format!(
                "`{name}` has nothing around it that reads the {what}: every connection through it ends in \
                 `ValueError: … {error}` and status 500"
            ),
        )
        .help(format!("use `{stack}`, which brings what it needs"))
        .safe_fix(
            format!("use `{stack}`"),
            context.edit_at(place, |editor, call| editor.call_instead(call, name, (module, stack))),
        );
}
