//! A comment that silences a finding where it stands.

use crate::diagnostic::{Edit, Finding};
use crate::python;
use crate::rule::{SuppressionScope, line_comments, suppressions};
use crate::source::{LineIndex, Place, SourceFile, Span};

/// What the user puts a reason in the place of.
const REASON: &str = "TODO: the reason";
/// What is wrong with a suppression is not silenced by another one.
const ABOUT_SUPPRESSIONS: [&str; 3] =
    ["unused-suppression", "unknown-rule-in-suppression", "suppression-without-reason"];

/// The change that adds such a comment: to one that is there, at the end of the line, or on a line of its own above it.
/// None where no comment can reach the finding, as within a string of several lines.
pub fn suppression(file: &SourceFile, finding: &Finding) -> Option<Edit> {
    let (text, rule) = (&*file.text, finding.rule.as_ref());
    if rule == "syntax-error" || ABOUT_SUPPRESSIONS.contains(&rule) {
        return None;
    }
    let is_python = file.path.extension().is_some_and(|end| end == "py");
    let lines = file.lines();
    let line = lines.line_of(finding.place.span.start);
    let start = lines.start_of(line);
    let next = if line + 1 < lines.len() { lines.start_of(line + 1) } else { text.len() as u32 };
    let content = Span::new(start, next).slice(text).trim_end_matches(['\r', '\n']);
    let trimmed = content.trim_end();
    let (indent, end) = (content.len() - content.trim_start().len(), start + trimmed.len() as u32);
    let gap = if trimmed.is_empty() { "" } else { "  " };
    let comment = format!("# djudge: ignore[{rule}] {REASON}");
    let insert = |offset: u32, content: String| Edit { place: Place::new(file.id, Span::new(offset, offset)), content };
    let more = comments(text, is_python).into_iter().find_map(|comment| {
        let known = suppressions(text, &[comment], lines).into_iter().next()?;
        let (_, last) = known.rules.last()?;
        (known.scope == SuppressionScope::Line(line)).then(|| insert(last.end, format!(", {rule}")))
    });
    let behind = is_python.then(|| insert(end, format!("{gap}{comment}")));
    let above = insert(start, format!("{}{comment}\n", &content[..indent]));
    let candidates = more.into_iter().chain(behind).chain([above]);
    candidates.into_iter().find(|edit| silences(text, edit, rule, finding.place.span, is_python))
}

fn comments(text: &str, is_python: bool) -> Vec<Span> {
    if is_python { python::parse(text).comments } else { line_comments(text) }
}

/// Whether a comment that is put in reaches a span, and changes nothing else.
fn silences(text: &str, edit: &Edit, rule: &str, span: Span, is_python: bool) -> bool {
    let at = edit.place.span.start;
    let mut changed = text.to_owned();
    changed.insert_str(at as usize, &edit.content);
    if is_python && python::parse(&changed).errors.len() > python::parse(text).errors.len() {
        return false;
    }
    let lines = LineIndex::new(&changed);
    let moved = if at <= span.start { span.start + edit.content.len() as u32 } else { span.start };
    let line = lines.line_of(moved);
    suppressions(&changed, &comments(&changed, is_python), &lines)
        .iter()
        .any(|found| found.scope == SuppressionScope::Line(line) && found.rules.iter().any(|(name, _)| name == rule))
}
