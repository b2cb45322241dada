//! A debug toolbar that gets compressed pages.

use crate::project::middleware::Need;
use crate::python::edit::Beside;
use crate::rule::{Context, Findings, unmet_needs};

const NEED: Need = Need {
    user: &["debug_toolbar.middleware.DebugToolbarMiddleware"],
    needed: &["django.middleware.gzip.GZipMiddleware"],
    word: "gzip",
};

/// Reports the toolbar before `GZipMiddleware`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    for (toolbar, gzip) in unmet_needs(&middleware, &NEED, false, findings) {
        let report = findings
            .report(
                context.place_of(&middleware, toolbar),
                "`DebugToolbarMiddleware` stands before `GZipMiddleware`: it gets compressed pages, and the toolbar does \
                 not appear",
            )
            .setting("MIDDLEWARE", &middleware)
            .related(gzip.and_then(|gzip| gzip.origin), "this compresses pages")
            .help("move `DebugToolbarMiddleware` behind `GZipMiddleware`")
            .unsafe_fix(
                "move `DebugToolbarMiddleware` behind `GZipMiddleware`",
                gzip.and_then(|gzip| context.move_item(toolbar, Beside::After, gzip)),
            );
        if !settings.installed("debug_toolbar").is_yes() {
            report.django_checks(&[]);
        }
    }
}
