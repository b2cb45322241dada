//! The JSON of `check`, schema 1; and its findings alone, one a line.

use serde::Serialize;

use super::{Places, shown};
use crate::diagnostic::{Finding, Fix, Severity, Silent};
use crate::engine::Report;
use crate::source::{LineColumn, Place};

#[derive(Serialize)]
struct Document<'r> {
    schema: u32,
    findings: Vec<FindingJson<'r>>,
    silent: Vec<SilentJson<'r>>,
    summary: Summary,
}

#[derive(Serialize)]
struct FindingJson<'r> {
    rule: &'r str,
    severity: &'static str,
    confidence: &'static str,
    message: &'r str,
    help: Option<&'r str>,
    path: String,
    start: Position,
    end: Position,
    setting: Option<&'r str>,
    settings_module: Option<&'r str>,
    django_checks: &'r [String],
    related: Vec<RelatedJson<'r>>,
    fixes: Vec<FixJson<'r>>,
}

#[derive(Serialize)]
struct FixJson<'r> {
    title: &'r str,
    applicability: &'static str,
    edits: Vec<EditJson<'r>>,
}

#[derive(Serialize)]
struct EditJson<'r> {
    path: String,
    start: Position,
    end: Position,
    content: &'r str,
}

#[derive(Serialize)]
struct RelatedJson<'r> {
    path: String,
    start: Position,
    end: Position,
    message: &'r str,
}

#[derive(Serialize)]
struct SilentJson<'r> {
    rule: &'r str,
    setting: Option<&'r str>,
    why: &'r str,
    path: String,
    start: Position,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    settings_modules: usize,
    error: usize,
    warning: usize,
    advice: usize,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

impl From<LineColumn> for Position {
    fn from(position: LineColumn) -> Self {
        Self { line: position.line, column: position.column }
    }
}

/// The document. It lists what is at least as bad as `min_severity`; the summary counts everything.
pub fn json(report: &Report, min_severity: Severity, places: &Places) -> Result<String, serde_json::Error> {
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let document = Document {
        schema: 1,
        findings: shown(&report.findings, min_severity).map(|finding| finding_json(finding, places)).collect(),
        silent: report.silent.iter().map(|silent| silent_json(silent, places)).collect(),
        summary: Summary {
            files: report.examined.files.len(),
            settings_modules: report.examined.modules().count(),
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            advice: count(Severity::Advice),
        },
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

/// Each finding as a JSON object on a line of its own.
pub fn jsonl<'f>(findings: impl Iterator<Item = &'f Finding>, places: &Places) -> Result<String, serde_json::Error> {
    findings.map(|finding| serde_json::to_string(&finding_json(finding, places)).map(|line| line + "\n")).collect()
}

fn range(place: Place, places: &Places) -> (Position, Position) {
    (places.start(place).into(), places.end(place).into())
}

fn finding_json<'r>(finding: &'r Finding, places: &Places) -> FindingJson<'r> {
    let (start, end) = range(finding.place, places);
    let related = finding.related.iter().map(|related| {
        let (start, end) = range(related.place, places);
        RelatedJson { path: places.file(related.place), start, end, message: &related.message }
    });
    FindingJson {
        rule: &finding.rule,
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        message: &finding.message,
        help: finding.help.as_deref(),
        path: places.file(finding.place),
        start,
        end,
        setting: finding.setting.as_deref(),
        settings_module: finding.settings_module.as_deref(),
        django_checks: &finding.django_checks,
        related: related.collect(),
        fixes: finding.fixes.iter().map(|fix| fix_json(fix, places)).collect(),
    }
}

fn fix_json<'r>(fix: &'r Fix, places: &Places) -> FixJson<'r> {
    let edits = fix.edits.iter().map(|edit| {
        let (start, end) = range(edit.place, places);
        EditJson { path: places.file(edit.place), start, end, content: &edit.content }
    });
    FixJson { title: &fix.title, applicability: fix.applicability.name(), edits: edits.collect() }
}

fn silent_json<'r>(silent: &'r Silent, places: &Places) -> SilentJson<'r> {
    SilentJson {
        rule: &silent.rule,
        setting: silent.setting.as_deref(),
        why: &silent.why,
        path: places.file(silent.place),
        start: places.start(silent.place).into(),
    }
}
