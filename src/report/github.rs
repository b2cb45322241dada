//! Annotations of GitHub Actions: workflow commands, one line a finding.
//!
//! Source: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>, and for what is escaped
//! `toCommandValue` and `escapeProperty` of `actions/toolkit`, `packages/core/src/command.ts`.

use super::Places;
use crate::diagnostic::{Finding, Severity};

/// The commands of some findings.
pub fn github<'f>(findings: impl Iterator<Item = &'f Finding>, places: &Places) -> String {
    findings.map(|finding| command(finding, places)).collect()
}

fn command(finding: &Finding, places: &Places) -> String {
    let (start, end) = (places.start(finding.place), places.end(finding.place));
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    // Columns are shown for findings of one line alone.
    let columns = match start.line == end.line {
        true => format!(",col={},endColumn={}", start.column, end.column),
        false => String::new(),
    };
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    format!(
        "::{level} file={},line={},endLine={}{columns},title={}::{}\n",
        property(&places.file(finding.place)),
        start.line,
        end.line,
        property(&format!("djudge {}", finding.rule)),
        data(&message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
