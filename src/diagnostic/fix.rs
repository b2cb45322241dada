//! Fixes: changes of source that put a finding right.

use crate::source::Place;

/// Whether a fix may be applied without a look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// What works keeps working as it did.
    Safe,
    /// It may change what works, or is one of several answers.
    Unsafe,
}

impl Applicability {
    /// Its name, as it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A change that puts a finding right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "remove the trailing slash".
    pub title: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// The changes, none of which overlaps another; all are made, or none.
    pub edits: Vec<Edit>,
    /// The names of the settings whose values it means to change; all others must stay as they are.
    pub changes: Vec<String>,
}

/// One change of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty where something is put in.
    pub place: Place,
    /// What takes its place, with `\n` as the end of a line, whatever the file has.
    pub content: String,
}
