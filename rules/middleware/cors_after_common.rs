//! CORS headers that are missing on redirects.

use crate::project::middleware::{COMMON, Need};
use crate::rule::{Context, Findings, unmet_needs};

const NEED: Need = Need { user: &[COMMON], needed: &["corsheaders.middleware.CorsMiddleware"], word: "cors" };

/// Reports `CorsMiddleware` behind `CommonMiddleware`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    let unmet = unmet_needs(&middleware, &NEED, false, findings);
    let redirects = settings.truth("APPEND_SLASH").or(settings.truth("PREPEND_WWW"));
    if unmet.is_empty() || !findings.is_certain(&redirects, "APPEND_SLASH", None) {
        return;
    }
    for (common, cors) in unmet {
        let Some(cors) = cors else { continue };
        findings
            .report(
                context.place_of(&middleware, cors),
                "`CorsMiddleware` stands after `CommonMiddleware`: the redirects that this sends have no CORS headers, and \
                 browsers do not follow them from another origin",
            )
            .setting("MIDDLEWARE", &middleware)
            .related(common.origin, "this redirects to the address with a slash at its end")
            .help("move `CorsMiddleware` before `CommonMiddleware`, as high as possible")
            .unsafe_fix("move `CorsMiddleware` before `CommonMiddleware`", context.put_before(common, Some(cors), ""));
    }
}
