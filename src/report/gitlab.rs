//! GitLab's Code Quality report.
//!
//! Source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use serde::Serialize;

use super::Places;
use super::fingerprint::Fingerprints;
use crate::diagnostic::{Finding, Severity};

#[derive(Serialize)]
struct Issue<'r> {
    description: &'r str,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// The report of some findings.
pub fn gitlab<'f>(findings: impl Iterator<Item = &'f Finding>, places: &Places) -> Result<String, serde_json::Error> {
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue> = findings
        .map(|finding| Issue {
            description: &finding.message,
            check_name: &finding.rule,
            fingerprint: fingerprints.next(finding, places),
            severity: match finding.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Advice => "info",
            },
            location: Location {
                path: places.file(finding.place),
                lines: Lines { begin: places.start(finding.place).line, end: places.end(finding.place).line },
            },
        })
        .collect();
    serde_json::to_string_pretty(&issues).map(|text| text + "\n")
}
