//! One line a finding: `config/settings.py:12:18: error[rule] message`.

use super::Places;
use crate::diagnostic::Finding;

/// The lines of some findings.
pub fn concise<'f>(findings: impl Iterator<Item = &'f Finding>, places: &Places) -> String {
    findings.map(|finding| line(finding, places)).collect()
}

fn line(finding: &Finding, places: &Places) -> String {
    let start = places.start(finding.place);
    format!(
        "{}:{}:{}: {}[{}] {}\n",
        places.file(finding.place),
        start.line,
        start.column,
        finding.severity,
        finding.rule,
        finding.message
    )
}
