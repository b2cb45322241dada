//! Findings that were there before: a file counts them, and a run leaves out as many.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Report;
use crate::diagnostic::Finding;
use crate::source::Sources;

/// How many findings of each rule each file has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: Schema,
    /// By path, relative to the folder of the file, with `/`; then by rule.
    findings: BTreeMap<String, BTreeMap<String, usize>>,
}

/// The form of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Schema;

impl TryFrom<u32> for Schema {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if number == 1 { Ok(Self) } else { Err(format!("schema {number} is not known; this version reads schema 1")) }
    }
}

impl From<Schema> for u32 {
    fn from(_: Schema) -> Self {
        1
    }
}

/// What a baseline counts and is there no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The file, as the baseline names it.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// How many fewer there are.
    pub count: usize,
}

impl Baseline {
    /// Counts all findings of a report, whatever their severity. `folder` is that of the baseline.
    pub fn of(report: &Report, folder: &Path, sources: &Sources) -> Self {
        let mut baseline = Self::default();
        for finding in &report.findings {
            let file = baseline.findings.entry(path_of(finding, folder, sources)).or_default();
            *file.entry(finding.rule.to_string()).or_default() += 1;
        }
        baseline
    }

    /// Takes out of a report what the baseline counts: all findings of a rule in a file where there are no more of them
    /// than it says, and else none, since nothing tells the new one from the others. Gives what was taken out, and what
    /// the baseline counts in vain among the files and rules that were asked about.
    pub fn apply(&self, report: &mut Report, folder: &Path, sources: &Sources) -> (usize, Vec<Stale>) {
        let found = Self::of(report, folder, sources);
        let count = |baseline: &Self, path: &str, rule: &str| -> usize {
            baseline.findings.get(path).and_then(|rules| rules.get(rule)).copied().unwrap_or_default()
        };
        let before = report.findings.len();
        report.findings.retain(|finding| {
            let path = path_of(finding, folder, sources);
            count(&found, &path, &finding.rule) > count(self, &path, &finding.rule)
        });
        let taken_out = before - report.findings.len();
        let mut stale = Vec::new();
        for (path, rules) in &self.findings {
            for (rule, counted) in rules {
                let fewer = counted.saturating_sub(count(&found, path, rule));
                if fewer > 0 && report.asks(&folder.join(path), rule) {
                    stale.push(Stale { path: path.clone(), rule: rule.clone(), count: fewer });
                }
            }
        }
        (taken_out, stale)
    }

    /// The same without what it counts in vain.
    pub fn without(&self, stale: &[Stale]) -> Self {
        let mut pruned = self.clone();
        for Stale { path, rule, count } in stale {
            if let Some(rules) = pruned.findings.get_mut(path) {
                if let Some(counted) = rules.get_mut(rule) {
                    *counted = counted.saturating_sub(*count);
                }
                rules.retain(|_, counted| *counted > 0);
            }
        }
        pruned.findings.retain(|_, rules| !rules.is_empty());
        pruned
    }
}

impl Report {
    /// Whether a rule was asked about a file: the file is within the paths that were given, and the rule is in use.
    fn asks(&self, path: &Path, rule: &str) -> bool {
        let config = self.examined.config_of(path);
        let is_asked = config.registry.get(rule).is_none_or(|rule| config.is_selected(rule));
        is_asked && self.examined.scope.holds_path(path)
    }
}

fn path_of(finding: &Finding, folder: &Path, sources: &Sources) -> String {
    let path: PathBuf = sources.path(finding.place.file);
    path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/")
}
