//! Finds projects without `CsrfViewMiddleware`.

use crate::diagnostic::Severity;
use crate::project::security::{CSRF_MIDDLEWARE, SESSION_MIDDLEWARE};
use crate::rule::{Context, Findings, report_missing_middleware};

/// Reports that it is missing; where no session says who someone is, this is advice.
pub fn check(context: &Context, findings: &mut Findings) {
    let has_sessions = !context.settings().uses_middleware(SESSION_MIDDLEWARE).is_no();
    let consequence = match has_sessions {
        true => "every site can post forms in the name of who is logged in, to each view that does not check it itself",
        false => "nothing checks where a form comes from",
    };
    let report = report_missing_middleware(context, findings, CSRF_MIDDLEWARE, &["csrf"], consequence);
    if let Some(report) = report.filter(|_| !has_sessions) {
        report.severity(Severity::Advice);
    }
}
