//! How rules ask what of `MIDDLEWARE` runs before what.

use super::findings::Findings;
use crate::diagnostic::Applicability;
use crate::eval::value::Value;
use crate::project::middleware::{Need, Unmet, unmet};
use crate::project::settings::Resolved;

/// The middleware whose need is not met, each with what it needs, where that stands behind it. What is not there at all
/// counts only where `missing_counts` says so. Says where it cannot be known.
pub fn unmet_needs<'v>(
    middleware: &'v Resolved,
    need: &Need,
    missing_counts: bool,
    findings: &mut Findings,
) -> Vec<(&'v Value, Option<&'v Value>)> {
    let mut found = Vec::new();
    for unmet in unmet(&middleware.value, need) {
        match unmet {
            Unmet::Behind { user, needed } => found.push((user, Some(needed))),
            Unmet::Missing { user } if missing_counts => found.push((user, None)),
            Unmet::Open { user, why, may_be_missing } if missing_counts || !may_be_missing => {
                findings.silent(Some("MIDDLEWARE"), why, user.origin);
            }
            Unmet::Missing { .. } | Unmet::Open { .. } => {}
        }
    }
    found
}

/// Whether what is needed may be put before what needs it unseen: it is there, and nothing works as it is.
pub fn order_applicability(needed: Option<&Value>) -> Applicability {
    if needed.is_some() { Applicability::Safe } else { Applicability::Unsafe }
}
