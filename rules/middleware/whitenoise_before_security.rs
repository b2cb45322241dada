//! Static files that the security headers do not reach.

use crate::project::middleware::{Need, SECURITY};
use crate::python::edit::Beside;
use crate::rule::{Context, Findings, unmet_needs};

const NEED: Need =
    Need { user: &["whitenoise.middleware.WhiteNoiseMiddleware"], needed: &[SECURITY], word: "security" };

/// Reports WhiteNoise before `SecurityMiddleware`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    let redirects = match settings.truth("SECURE_SSL_REDIRECT").is_yes() {
        true => ", and over plain HTTP",
        false => "",
    };
    for (whitenoise, security) in unmet_needs(&middleware, &NEED, false, findings) {
        findings
            .report(
                context.place_of(&middleware, whitenoise),
                format!(
                    "`WhiteNoiseMiddleware` stands before `SecurityMiddleware`: static files come without its security \
                     headers{redirects}"
                ),
            )
            .setting("MIDDLEWARE", &middleware)
            .related(security.and_then(|security| security.origin), "this adds them")
            .help("move `WhiteNoiseMiddleware` directly behind `SecurityMiddleware`")
            .unsafe_fix(
                "move `WhiteNoiseMiddleware` behind `SecurityMiddleware`",
                security.and_then(|security| context.move_item(whitenoise, Beside::After, security)),
            );
    }
}
