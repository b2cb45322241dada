//! Finds session cookies that are sent over plain HTTP.

use crate::project::security::SESSION_SECURE;
use crate::rule::{Context, Findings, report_session_cookie};

/// Reports a `SESSION_COOKIE_SECURE` that is off.
pub fn check(context: &Context, findings: &mut Findings) {
    let consequence =
        "browsers send the session cookie over plain HTTP too, where who listens can take the session over";
    report_session_cookie(context, findings, "SESSION_COOKIE_SECURE", &SESSION_SECURE, consequence);
}
