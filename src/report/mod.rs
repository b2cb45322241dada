//! What a run found, in the formats that people and tools read. Lines and columns exist here and in `server` alone.

pub mod concise;
mod fingerprint;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod links;
mod paint;
pub mod routes;
pub mod sarif;
pub mod settings_text;
pub mod summary;
pub mod value_json;
pub mod value_text;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Applicability, Finding, Severity};
use crate::source::{LineColumn, Place, Sources};

/// How places are shown.
pub struct Places<'a> {
    /// Where their text is.
    pub sources: &'a Sources<'a>,
    /// The folder that paths are shown relative to, where they lie below it.
    pub base: PathBuf,
}

impl Places<'_> {
    /// A path as it is shown: with `/`, relative where it can be.
    pub fn path(&self, path: &Path) -> String {
        let shown = path.strip_prefix(&self.base).ok().filter(|rest| !rest.as_os_str().is_empty()).unwrap_or(path);
        shown.to_string_lossy().replace('\\', "/")
    }

    /// The file of a place.
    pub fn file(&self, place: Place) -> String {
        self.path(&self.sources.path(place.file))
    }

    /// Where a place begins.
    pub fn start(&self, place: Place) -> LineColumn {
        self.position(place, place.span.start)
    }

    /// Where a place ends.
    pub fn end(&self, place: Place) -> LineColumn {
        self.position(place, place.span.end)
    }

    fn position(&self, place: Place, offset: u32) -> LineColumn {
        const START: LineColumn = LineColumn { line: 1, column: 1 };
        self.sources.file(place.file).map_or(START, |file| file.position(offset))
    }

    /// File and line: `config/settings.py:12`.
    pub fn line(&self, place: Place) -> String {
        format!("{}:{}", self.file(place), self.start(place).line)
    }
}

/// The findings that are at least this bad.
pub fn shown(findings: &[Finding], min_severity: Severity) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(move |finding| finding.severity >= min_severity)
}

/// The option of the command line that applies such fixes.
fn option_of(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "--fix",
        Applicability::Unsafe => "--unsafe-fixes",
    }
}

/// So many of something: "1 file", "2 fixes".
pub fn amount(count: usize, what: &str) -> String {
    let ending = match (count, what.ends_with('x')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{count} {what}{ending}")
}
