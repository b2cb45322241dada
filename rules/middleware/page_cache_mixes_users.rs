//! A cache of pages that does not tell users apart.

use crate::project::middleware::{CSRF, FETCH_FROM_CACHE, Need, SESSION, UPDATE_CACHE};
use crate::rule::{Context, Findings, unmet_needs};

const AFTER_SESSIONS: Need = Need { user: &[SESSION], needed: &[UPDATE_CACHE], word: "" };
const AFTER_CSRF: Need = Need { user: &[CSRF], needed: &[UPDATE_CACHE], word: "" };

/// Reports `UpdateCacheMiddleware` behind the middleware that says for whom a page is.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    let unmet = [AFTER_SESSIONS, AFTER_CSRF].iter().find_map(|need| {
        let unmet = unmet_needs(&middleware, need, false, findings);
        unmet.iter().any(|(_, cache)| cache.is_some()).then_some(unmet)
    });
    let fetches = settings.uses_middleware(FETCH_FROM_CACHE);
    let Some(unmet) = unmet else { return };
    if !findings.is_certain(&fetches, "MIDDLEWARE", None) {
        return;
    }
    for (user, cache) in unmet {
        let Some(cache) = cache else { continue };
        let (name, what) = match user.as_str() {
            Some(SESSION) => ("SessionMiddleware", "a page of one user is given to others"),
            _ => ("CsrfViewMiddleware", "the CSRF token of one user is given to others"),
        };
        findings
            .report(
                context.place_of(&middleware, cache),
                format!(
                    "`UpdateCacheMiddleware` stands after `{name}`, so that it keeps pages before `Vary: Cookie` is on \
                     them: {what}"
                ),
            )
            .setting("MIDDLEWARE", &middleware)
            .related(user.origin, "this adds `Vary: Cookie`, when the page is kept already")
            .help("move `UpdateCacheMiddleware` to the beginning of `MIDDLEWARE`");
    }
}
