//! Findings: plain data about what is wrong, where, and what to do.

mod fix;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

pub use fix::{Applicability, Edit, Fix};

use crate::source::{FileId, Place};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Advice,
    /// Very likely wrong in production.
    Warning,
    /// It breaks, or lets someone in, for certain.
    Error,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Self; 3] = [Self::Advice, Self::Warning, Self::Error];

    /// Its name, as it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|severity| severity.name() == text);
        found.ok_or_else(|| format!("{text:?} is no severity: it is one of error, warning and advice"))
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It hangs on something that was guessed, such as the platform by its files.
    Medium,
    /// It follows from the source.
    High,
}

impl Confidence {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule that found it.
    pub rule: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do, as a command.
    pub help: Option<String>,
    /// Where it is.
    pub place: Place,
    /// The setting that it is about.
    pub setting: Option<String>,
    /// The settings module in which it shows.
    pub settings_module: Option<String>,
    /// The ids of Django's own checks that report the same.
    pub django_checks: Vec<String>,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
    /// What would put it right; the first is the one that `--fix` takes.
    pub fixes: Vec<Fix>,
    /// The files that it stems from, beside those of its places.
    pub stems_from: Vec<FileId>,
}

/// A place that has to do with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub place: Place,
    /// What it has to do with it.
    pub message: String,
}

impl Finding {
    /// Whether it is in a file, or stems from it.
    pub fn concerns(&self, file: FileId) -> bool {
        self.place.file == file
            || self.related.iter().any(|related| related.place.file == file)
            || self.stems_from.contains(&file)
    }
}

/// A rule that said nothing because something is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// The id of the rule.
    pub rule: Arc<str>,
    /// The setting that it looked at.
    pub setting: Option<String>,
    /// Why it said nothing.
    pub why: String,
    /// Where the unknown stands.
    pub place: Place,
}
