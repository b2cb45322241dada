//! A required login that finds no user.

use crate::project::middleware::{AUTHENTICATION, LOGIN_REQUIRED, Need};
use crate::rule::{Context, Findings, order_applicability, unmet_needs};

const NEED: Need = Need { user: &[LOGIN_REQUIRED], needed: &[AUTHENTICATION], word: "auth" };

/// Reports `LoginRequiredMiddleware` where no user is on the request yet.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    for (user, needed) in unmet_needs(&middleware, &NEED, true, findings) {
        let what = match needed {
            Some(_) => "stands before `AuthenticationMiddleware`",
            None => "has no `AuthenticationMiddleware` before it",
        };
        findings
            .report(
                context.place_of(&middleware, user),
                format!("`LoginRequiredMiddleware` {what}: there is no `request.user` yet, and every view fails"),
            )
            .setting("MIDDLEWARE", &middleware)
            .related(needed.and_then(|needed| needed.origin), "the authentication")
            .help("put `AuthenticationMiddleware` before `LoginRequiredMiddleware`")
            .fix(
                order_applicability(needed),
                "put `AuthenticationMiddleware` before it",
                context.put_before(user, needed, AUTHENTICATION),
            );
    }
}
