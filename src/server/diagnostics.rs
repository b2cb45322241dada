//! Findings as the protocol's diagnostics, sent to the client or asked for by it.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Range,
};
use rustc_hash::FxHasher;

use super::folder::Folder;
use super::state::View;
use crate::config::ConfigError;
use crate::diagnostic::{Finding, Severity};
use crate::report::shown;
use crate::source::{LineIndex, Place, Span};

/// The diagnostics of files, by path. A file that is not there has none.
pub type ByFile = BTreeMap<PathBuf, Vec<Diagnostic>>;

/// All that is to be shown of a folder.
pub fn all_of(folder: &Folder, view: &View) -> ByFile {
    let mut files = ByFile::new();
    if let Some(known) = &folder.known {
        let configured = known.examined.config.min_severity;
        let least = view.options.min_severity.or(configured).unwrap_or(Severity::Warning);
        for finding in shown(&known.findings, least) {
            let path = view.sources().path(finding.place.file);
            files.entry(path).or_default().extend(diagnostic(finding, view));
        }
        for (path, why) in &known.examined.unreadable {
            let message = format!("djudge cannot read this file: {why}");
            files.entry(path.clone()).or_default().push(plain(Range::default(), message));
        }
    }
    if let Some(error) = &folder.error {
        let (path, diagnostic) = of_configuration(error, folder, view);
        files.entry(path).or_default().push(diagnostic);
    }
    files
}

/// What tells whether the diagnostics of a file are still the same.
pub fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn diagnostic(finding: &Finding, view: &View) -> Option<Diagnostic> {
    let severity = match finding.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Advice => DiagnosticSeverity::INFORMATION,
    };
    let message = match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    let related = finding.related.iter().filter_map(|related| {
        let location = view.location(related.place)?;
        Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    let is_superfluous = finding.rule.as_ref() == "unused-suppression";
    Some(Diagnostic {
        range: visible(finding.place, view)?,
        severity: Some(severity),
        code: Some(NumberOrString::String(finding.rule.to_string())),
        source: Some("djudge".to_owned()),
        message,
        related_information: (view.client.shows_related && !related.is_empty()).then_some(related),
        tags: is_superfluous.then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    })
}

/// The range of a place. What is wrong with a file as a whole is shown on its first line.
fn visible(place: Place, view: &View) -> Option<Range> {
    let is_whole_file = place.span == Span::default();
    let file = view.sources().file(place.file).ok()?;
    let first_line = file.text.lines().next().unwrap_or_default().len() as u32;
    let span = if is_whole_file { Span::new(0, first_line) } else { place.span };
    Some(view.positions(&file).range(span))
}

/// What is wrong with a configuration, in the file where it is, else in the folder's `djudge.toml`.
fn of_configuration(error: &ConfigError, folder: &Folder, view: &View) -> (PathBuf, Diagnostic) {
    let message = match &error.help {
        Some(help) => format!("{error}\nhelp: {help}"),
        None => error.to_string(),
    };
    match &error.place {
        Some((path, text, bytes)) => {
            let lines = LineIndex::new(text);
            let span = Span::new(bytes.start as u32, bytes.end as u32);
            (path.clone(), plain(view.positions_in(text, &lines).range(span), message))
        }
        None => (folder.path.join("djudge.toml"), plain(Range::default(), message)),
    }
}

fn plain(range: Range, message: String) -> Diagnostic {
    let (severity, source) = (Some(DiagnosticSeverity::ERROR), Some("djudge".to_owned()));
    Diagnostic { range, severity, source, message, ..Diagnostic::default() }
}

/// The diagnostics of a file among those of a folder.
pub fn of_file<'d>(all: &'d ByFile, path: &Path) -> &'d [Diagnostic] {
    all.get(path).map_or(&[], Vec::as_slice)
}

impl View<'_> {
    /// A place as the client names it.
    pub fn location(&self, place: Place) -> Option<Location> {
        let file = self.sources().file(place.file).ok()?;
        Some(Location::new(self.uri(&file.path)?, self.positions(&file).range(place.span)))
    }
}
