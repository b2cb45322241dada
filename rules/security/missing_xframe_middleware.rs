//! Finds projects without `XFrameOptionsMiddleware`.

use crate::project::security::CLICKJACKING_MIDDLEWARE;
use crate::rule::{Context, Findings, report_missing_middleware};

/// Reports that it is missing.
pub fn check(context: &Context, findings: &mut Findings) {
    let consequence = "every site may show the pages in a frame of its own";
    report_missing_middleware(
        context,
        findings,
        CLICKJACKING_MIDDLEWARE,
        &["xframe", "x_frame", "frameoptions", "clickjack", "csp", "contentsecuritypolicy"],
        consequence,
    );
}
