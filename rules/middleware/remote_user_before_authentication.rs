//! A user of the web server's that is compared with none.

use crate::project::middleware::{AUTHENTICATION, Need};
use crate::rule::{Context, Findings, order_applicability, unmet_needs};

const REMOTE_USER: [&str; 2] = [
    "django.contrib.auth.middleware.RemoteUserMiddleware",
    "django.contrib.auth.middleware.PersistentRemoteUserMiddleware",
];
const NEED: Need = Need { user: &REMOTE_USER, needed: &[AUTHENTICATION], word: "auth" };

/// Reports `RemoteUserMiddleware` where no user is on the request yet.
pub fn check(context: &Context, findings: &mut Findings) {
    let middleware = context.settings().get("MIDDLEWARE");
    for (user, needed) in unmet_needs(&middleware, &NEED, true, findings) {
        let name = user.as_str().and_then(|path| path.rsplit('.').next()).unwrap_or_default();
        let what = match needed {
            Some(_) => "stands before `AuthenticationMiddleware`",
            None => "has no `AuthenticationMiddleware` before it",
        };
        findings
            .report(
                context.place_of(&middleware, user),
                format!("`{name}` {what}: every request fails with `ImproperlyConfigured`"),
            )
            .setting("MIDDLEWARE", &middleware)
            .related(needed.and_then(|needed| needed.origin), "the authentication")
            .help(format!("put `AuthenticationMiddleware` before `{name}`"))
            .fix(
                order_applicability(needed),
                "put `AuthenticationMiddleware` before it",
                context.put_before(user, needed, AUTHENTICATION),
            );
    }
}
