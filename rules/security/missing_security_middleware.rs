//! Finds projects without `SecurityMiddleware`.

use crate::diagnostic::Severity;
use crate::project::security::{OF_SECURITY_MIDDLEWARE, SECURITY_MIDDLEWARE};
use crate::rule::{Context, Findings, report_missing_middleware};

/// Reports that it is missing; what is set for it in vain makes that a warning.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let is_on = |name: &&str| settings.names.contains_key(*name) && !settings.truth(name).is_no();
    let in_vain: Vec<&str> = OF_SECURITY_MIDDLEWARE.into_iter().filter(is_on).collect();
    let shown: Vec<String> = in_vain.iter().take(3).map(|name| format!("`{name}`")).collect();
    let consequence = match shown.as_slice() {
        [] => "no page is sent with `nosniff`, a referrer policy and an opener policy".to_owned(),
        [one] => format!("{one} has no effect"),
        [first @ .., last] => format!("{} and {last} have no effect", first.join(", ")),
    };
    let places: Vec<_> = in_vain.iter().map(|name| settings.get(name).history.last().copied()).collect();
    let Some(mut report) =
        report_missing_middleware(context, findings, SECURITY_MIDDLEWARE, &["security"], &consequence)
    else {
        return;
    };
    if in_vain.is_empty() {
        report = report.severity(Severity::Advice);
    }
    for (name, place) in in_vain.iter().zip(places) {
        report = report.related(place, format!("`{name}` is set for it"));
    }
}
