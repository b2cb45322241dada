//! A CSRF token in a session that is not there yet.

use crate::project::middleware::{CSRF, Need, SESSION};
use crate::rule::{Context, Findings, order_applicability, unmet_needs};

const SETTING: &str = "CSRF_USE_SESSIONS";
const NEED: Need = Need { user: &[CSRF], needed: &[SESSION], word: "session" };

/// Reports `CsrfViewMiddleware` before the sessions, where it keeps the token in these.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let uses_sessions = settings.get(SETTING);
    if !uses_sessions.is_set
        || !findings.is_certain(&settings.truth(SETTING), SETTING, Some(context.place_of_setting(&uses_sessions)))
    {
        return;
    }
    let middleware = settings.get("MIDDLEWARE");
    for (user, needed) in unmet_needs(&middleware, &NEED, true, findings) {
        let what = match needed {
            Some(_) => "stands before `SessionMiddleware`",
            None => "has no `SessionMiddleware` before it",
        };
        findings
            .report(
                context.place_of(&middleware, user),
                format!("`CsrfViewMiddleware` {what}, but `{SETTING}` is on: every request fails with `ImproperlyConfigured`"),
            )
            .setting("MIDDLEWARE", &middleware)
            .related(Some(context.place_of_setting(&uses_sessions)), "the token is to be in the session")
            .related(needed.and_then(|needed| needed.origin), "the sessions")
            .help("put `SessionMiddleware` before `CsrfViewMiddleware`")
            .fix(
                order_applicability(needed),
                "put `SessionMiddleware` before it",
                context.put_before(user, needed, SESSION),
            );
    }
}
