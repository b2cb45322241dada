//! A cache of pages that is asked before the language is known.

use crate::project::middleware::{FETCH_FROM_CACHE, Need, UPDATE_CACHE};
use crate::python::edit::Beside;
use crate::rule::{Context, Findings, unmet_needs};

const NEED: Need = Need { user: &[FETCH_FROM_CACHE], needed: &["django.middleware.locale.LocaleMiddleware"], word: "" };

/// Reports `FetchFromCacheMiddleware` before `LocaleMiddleware`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    let unmet = unmet_needs(&middleware, &NEED, false, findings);
    if unmet.is_empty()
        || !findings.is_certain(&settings.truth("USE_I18N"), "USE_I18N", settings.get("USE_I18N").value.origin)
        || !findings.is_certain(&settings.uses_middleware(UPDATE_CACHE), "MIDDLEWARE", None)
    {
        return;
    }
    for (fetch, locale) in unmet {
        findings
            .report(
                context.place_of(&middleware, fetch),
                "`FetchFromCacheMiddleware` stands before `LocaleMiddleware`: it looks for a page in the language of the \
                 request before, and visitors get pages in a language that is not theirs",
            )
            .setting("MIDDLEWARE", &middleware)
            .related(locale.and_then(|locale| locale.origin), "this finds the language")
            .help("move `FetchFromCacheMiddleware` to the end of `MIDDLEWARE`")
            .unsafe_fix(
                "move `FetchFromCacheMiddleware` behind `LocaleMiddleware`",
                locale.and_then(|locale| context.move_item(fetch, Beside::After, locale)),
            );
    }
}
