//! Finds session cookies that scripts can read.

use crate::project::security::SESSION_HTTPONLY;
use crate::rule::{Context, Findings, report_session_cookie};

/// Reports a `SESSION_COOKIE_HTTPONLY` that is off.
pub fn check(context: &Context, findings: &mut Findings) {
    let consequence = "a script that gets into a page can read the session cookie and send it away";
    report_session_cookie(context, findings, "SESSION_COOKIE_HTTPONLY", &SESSION_HTTPONLY, consequence);
}
