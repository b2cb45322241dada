//! Authentication that finds no session.

use crate::project::middleware::{AUTHENTICATION, Need, SESSION};
use crate::rule::{Context, Findings, order_applicability, unmet_needs};

const NEED: Need = Need { user: &[AUTHENTICATION], needed: &[SESSION], word: "session" };

/// Reports `AuthenticationMiddleware` where no session is on the request yet.
pub fn check(context: &Context, findings: &mut Findings) {
    let middleware = context.settings().get("MIDDLEWARE");
    for (user, needed) in unmet_needs(&middleware, &NEED, true, findings) {
        let (what, help) = match needed {
            Some(_) => {
                ("stands before `SessionMiddleware`", "move `SessionMiddleware` before `AuthenticationMiddleware`")
            }
            None => {
                ("has no `SessionMiddleware` before it", "put `SessionMiddleware` before `AuthenticationMiddleware`")
            }
        };
        findings
            .report(
                context.place_of(&middleware, user),
                format!("`AuthenticationMiddleware` {what}: every request fails with `ImproperlyConfigured`"),
            )
            .setting("MIDDLEWARE", &middleware)
            .related(needed.and_then(|needed| needed.origin), "the sessions")
            .help(help)
            .fix(
                order_applicability(needed),
                "put `SessionMiddleware` before it",
                context.put_before(user, needed, SESSION),
            );
    }
}
