//! Suppression comments: what they silence, and what is wrong with them.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Examined, own_finding, own_finding_is_wanted};
use crate::diagnostic::{Finding, Severity};
use crate::eval::Trees;
use crate::python;
use crate::rule::{Suppression, SuppressionScope, Together, continued_lines, line_comments, suppressions};
use crate::source::{FileId, Place, SourceFile, Sources, Span};

/// The rules that are about comments, which no comment silences.
pub const ABOUT_COMMENTS: [&str; 3] = [UNUSED, UNKNOWN, WITHOUT_REASON];
const UNUSED: &str = "unused-suppression";
const UNKNOWN: &str = "unknown-rule-in-suppression";
const WITHOUT_REASON: &str = "suppression-without-reason";

/// Takes away what comments silence, adds what is wrong with the comments, and returns both, in order.
pub fn apply(
    findings: Vec<Finding>,
    examined: &Examined,
    sources: &Sources,
    trees: &Trees,
) -> (Vec<Finding>, Vec<Finding>) {
    let mut files: Vec<FileId> = examined.files.clone();
    let known: FxHashSet<FileId> = files.iter().copied().collect();
    let mut others: Vec<FileId> = findings.iter().map(|finding| finding.place.file).collect();
    others.retain(|file| !known.contains(file));
    others.sort();
    others.dedup();
    files.extend(others);

    let mut comments: Vec<Comment> = Vec::new();
    for file in files {
        let Ok(source) = sources.file(file) else { continue };
        // Most files hold none.
        if memchr::memmem::find(source.text.as_bytes(), b"djudge:").is_none() {
            continue;
        }
        let tree = trees.get(file).filter(|_| source.path.extension().is_some_and(|end| end == "py"));
        let (spans, joined) = match tree {
            Some(tree) => (tree.comments.clone(), python::joined(&source.text)),
            None => (line_comments(&source.text), continued_lines(&source.text)),
        };
        for suppression in suppressions(&source.text, &spans, &Together::new(&joined, source.lines()), source.lines()) {
            let used = vec![false; suppression.rules.len()];
            comments.push(Comment { source: source.clone(), suppression, used });
        }
    }
    let mut left = Vec::with_capacity(findings.len());
    let mut silenced = Vec::new();
    for finding in findings {
        let mut is_silenced = false;
        for comment in comments.iter_mut().filter(|comment| comment.reaches(finding.place)) {
            for (at, (rule, _)) in comment.suppression.rules.iter().enumerate() {
                if rule == finding.rule.as_ref() {
                    comment.used[at] = true;
                    is_silenced = true;
                }
            }
        }
        if is_silenced { silenced.push(finding) } else { left.push(finding) }
    }
    for comment in &comments {
        comment.judge(examined, &mut left);
    }
    (super::distinct(left, sources), silenced)
}

struct Comment {
    source: Arc<SourceFile>,
    suppression: Suppression,
    /// For each rule that it names, whether it silenced anything.
    used: Vec<bool>,
}

impl Comment {
    fn reaches(&self, place: Place) -> bool {
        place.file == self.source.id
            && match self.suppression.scope {
                SuppressionScope::File => true,
                SuppressionScope::Lines(first, last) => {
                    (first..=last).contains(&self.source.lines().line_of(place.span.start))
                }
            }
    }

    fn judge(&self, examined: &Examined, found: &mut Vec<Finding>) {
        let config = examined.config_of(&self.source.path);
        let mut report = |rule: &str, span: Span, message: String, help: String| {
            if own_finding_is_wanted(rule, config) {
                let place = Place::new(self.source.id, span);
                let finding = own_finding(rule, Severity::Warning, place, message);
                found.push(Finding { help: Some(help), ..finding });
            }
        };
        let suppression = &self.suppression;
        if suppression.rules.is_empty() {
            let message = "the comment names no rule, so it suppresses nothing".to_owned();
            let help = "name the rule: `# djudge: ignore[rule] reason`".to_owned();
            report(UNKNOWN, suppression.span, message, help);
            return;
        }
        let mut unused = Vec::new();
        for ((name, span), is_used) in suppression.rules.iter().zip(&self.used) {
            match config.registry.get(name) {
                None => {
                    report(UNKNOWN, *span, format!("there is no rule `{name}`"), config.registry.hint(name));
                }
                // A rule that is switched off has nothing to silence today, and may have tomorrow.
                Some(rule) if !is_used && config.is_selected(rule) => unused.push((name, *span)),
                Some(_) => {}
            }
        }
        for (name, span) in &unused {
            let help = match unused.len() == suppression.rules.len() {
                true => "remove the comment".to_owned(),
                false => format!("remove `{name}` from the list"),
            };
            report(UNUSED, *span, format!("`{name}` finds nothing here, so it needs no suppression"), help);
        }
        if suppression.reason.is_empty() && unused.is_empty() {
            let message = "the suppression does not say why".to_owned();
            let help = "write the reason after the bracket".to_owned();
            report(WITHOUT_REASON, suppression.span, message, help);
        }
    }
}
