//! Comments that silence findings, for a project that begins to use djudge.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saphyr_parser::Parser;

use super::suppress::ABOUT_COMMENTS;
use crate::diagnostic::Finding;
use crate::python;
use crate::rule::{Suppression, SuppressionScope, Together, continued_lines, line_comments, suppressions};
use crate::source::{FileId, LineIndex, Place, SourceFile, Sources, Span, encode};

/// What lines have room for, in columns: a longer one would be broken by Black or Ruff, which moves the comment away
/// from what it is about.
const MAX_WIDTH: usize = 88;

/// What is written to silence findings.
#[derive(Debug, Default)]
pub struct Ignores {
    /// The files with their new bytes, in order.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// How many findings the comments silence.
    pub count: usize,
    /// The findings that no comment can silence: where, the rule, and why.
    pub impossible: Vec<(Place, Arc<str>, String)>,
}

/// The comments that silence `findings`, with a reason of one line. `may_write` says of a path whether it is within
/// what may be written to.
pub fn comments<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    reason: &str,
    sources: &Sources,
    may_write: &dyn Fn(&Path) -> bool,
) -> Ignores {
    let mut by_file: BTreeMap<PathBuf, (FileId, Vec<&Finding>)> = BTreeMap::new();
    let mut found = Ignores::default();
    for finding in findings {
        match ABOUT_COMMENTS.contains(&finding.rule.as_ref()) {
            true => found.refuse([finding], "it is about a comment: change that"),
            false => {
                let file = finding.place.file;
                by_file.entry(sources.path(file)).or_insert_with(|| (file, Vec::new())).1.push(finding);
            }
        }
    }
    for (path, (file, findings)) in by_file {
        let Ok(source) = sources.file(file) else { continue };
        match may_write(&path) {
            true => found.add(&source, findings, reason, sources),
            false => found.refuse(findings, "the file lies outside of the project"),
        }
    }
    found
}

impl Ignores {
    fn refuse<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>, why: &str) {
        let refused = findings.into_iter().map(|finding| (finding.place, finding.rule.clone(), why.to_owned()));
        self.impossible.extend(refused);
    }

    fn add(&mut self, source: &SourceFile, findings: Vec<&Finding>, reason: &str, sources: &Sources) {
        let Some(language) = Language::of(&source.path) else {
            return self.refuse(findings, "such files have no comments that djudge reads; per-file-ignores works");
        };
        let file = Commented::new(&source.text, language);
        let mut by_target: BTreeMap<Target, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            // What is not there is found at the beginning of the file.
            let target = match finding.place.span.end {
                0 => Target::File,
                _ => file.lines_around(finding.place.span.start),
            };
            by_target.entry(target).or_default().push(finding);
        }
        let mut edits = Vec::new();
        let mut silenced = Vec::new();
        for (target, findings) in by_target {
            let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.as_ref()).collect();
            match file.comment(target, &rules, reason) {
                Some(comment) => {
                    edits.extend(comment);
                    silenced.extend(findings);
                }
                None => self.refuse(findings, "no comment can stand there; per-file-ignores works"),
            }
        }
        if silenced.is_empty() {
            return;
        }
        let original = sources.file_system().read(&source.path).unwrap_or_default();
        match encode(&edited(&source.text, edits), &original) {
            Ok(bytes) => {
                self.count += silenced.len();
                self.files.push((source.path.clone(), bytes));
            }
            Err(error) => self.refuse(silenced, &error.to_string()),
        }
    }
}

/// A text put in place of some bytes.
type Edit = (Span, String);

/// A text after edits, of which no two touch the same bytes.
fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort();
    let mut text = text.to_owned();
    for (span, content) in edits.into_iter().rev() {
        text.replace_range(span.start as usize..span.end as usize, &content);
    }
    text
}

/// What a comment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// The whole file.
    File,
    /// The first and the last of lines that hang together, counted from 0.
    Lines(usize, usize),
}

fn comment(directive: &str, rules: &BTreeSet<&str>, reason: &str) -> String {
    format!("# djudge: {directive}[{}] {reason}", rules.iter().copied().collect::<Vec<_>>().join(", "))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Python,
    Yaml,
    Toml,
    /// Lines, of which those that begin with `#` are comments.
    Lines,
}

impl Language {
    /// The language of a file; none where it has no comments that begin with `#`.
    fn of(path: &Path) -> Option<Self> {
        match path.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("py") => Some(Self::Python),
            Some("yml" | "yaml") => Some(Self::Yaml),
            Some("toml") => Some(Self::Toml),
            Some("json" | "html" | "htm" | "xml" | "md" | "rst" | "js" | "ts" | "css") => None,
            _ => Some(Self::Lines),
        }
    }

    /// Whether two texts say the same but for their comments, as far as can be told.
    fn is_same(self, before: &str, after: &str) -> bool {
        match self {
            Self::Python => python::is_same_code(before, after),
            Self::Yaml => {
                let mut after = Parser::new_from_str(after);
                Parser::new_from_str(before).all(|event| match (event, after.next()) {
                    (Ok((one, _)), Some(Ok((other, _)))) => one == other,
                    _ => false,
                })
            }
            Self::Toml => {
                let value = |text: &str| toml::from_str::<toml::Table>(text).ok();
                value(before).is_some_and(|before| value(after) == Some(before))
            }
            Self::Lines => true,
        }
    }
}

/// A text with its comments.
struct Commented<'t> {
    text: &'t str,
    language: Language,
    lines: LineIndex,
    together: Together,
    suppressions: Vec<Suppression>,
}

impl<'t> Commented<'t> {
    fn new(text: &'t str, language: Language) -> Self {
        let (comments, joined) = match language {
            Language::Python => (python::parse(text).comments, python::joined(text)),
            Language::Yaml | Language::Toml | Language::Lines => (line_comments(text), continued_lines(text)),
        };
        let lines = LineIndex::new(text);
        let together = Together::new(&joined, &lines);
        let suppressions = suppressions(text, &comments, &together, &lines);
        Self { text, language, lines, together, suppressions }
    }

    fn lines_around(&self, offset: u32) -> Target {
        let (first, last) = self.together.around(self.lines.line_of(offset));
        Target::Lines(first, last)
    }

    /// The edits that silence rules; none where no comment can do that.
    fn comment(&self, target: Target, rules: &BTreeSet<&str>, reason: &str) -> Option<Vec<Edit>> {
        let does = |edits: &Vec<Edit>, line: Option<usize>| {
            let text = edited(self.text, edits.clone());
            self.language.is_same(self.text, &text) && Commented::new(&text, self.language).silences(rules, line)
        };
        match target {
            Target::File => {
                let merged = self.merged(None, rules, reason).filter(|edits| does(edits, None));
                merged.or_else(|| Some(self.at_the_top(rules, reason)).filter(|edits| does(edits, None)))
            }
            Target::Lines(first, last) => {
                let merged = self.merged(Some(first), rules, reason).filter(|edits| does(edits, Some(first)));
                let on_the_line = || self.on_the_line(last, rules, reason).filter(|edits| does(edits, Some(last)));
                let above = || Some(self.above(first, rules, reason)).filter(|edits| does(edits, Some(first + 1)));
                merged.or_else(on_the_line).or_else(above)
            }
        }
    }

    /// Whether comments about a line, or the file, silence all of the rules.
    fn silences(&self, rules: &BTreeSet<&str>, line: Option<usize>) -> bool {
        rules
            .iter()
            .all(|rule| self.about(line).any(|suppression| suppression.rules.iter().any(|(named, _)| named == rule)))
    }

    /// The suppressions that reach a line, or those of the whole file.
    fn about(&self, line: Option<usize>) -> impl Iterator<Item = &Suppression> {
        self.suppressions.iter().filter(move |suppression| match (suppression.scope, line) {
            (SuppressionScope::File, line) => line.is_none(),
            (SuppressionScope::Lines(first, last), line) => line.is_some_and(|line| (first..=last).contains(&line)),
        })
    }

    /// The rules and the reason added to a comment of ours that is about the same already.
    fn merged(&self, line: Option<usize>, rules: &BTreeSet<&str>, reason: &str) -> Option<Vec<Edit>> {
        let ours = self.about(line).find(|suppression| !suppression.rules.is_empty())?;
        let last_rule = ours.rules.last()?.1.end;
        let is_named = |rule: &str| ours.rules.iter().any(|(named, _)| named == rule);
        let more = rules.iter().filter(|rule| !is_named(rule)).map(|rule| format!(", {rule}")).collect();
        let mut edits = vec![(Span::new(last_rule, last_rule), more)];
        if !ours.reason.contains(reason) {
            let between = if ours.reason.is_empty() { " " } else { "; " };
            let end = ours.span.start + ours.span.slice(self.text).trim_end().len() as u32;
            edits.push((Span::new(end, ours.span.end), format!("{between}{reason}")));
        }
        Some(edits)
    }

    /// A comment about the whole file, below the comments that it begins with.
    fn at_the_top(&self, rules: &BTreeSet<&str>, reason: &str) -> Vec<Edit> {
        let is_comment = |line: &usize| self.line(*line).slice(self.text).starts_with('#');
        let comments = (0..self.lines.len()).take_while(is_comment).count();
        let comment = comment("ignore-file", rules, reason);
        let (at, text) = match comments < self.lines.len() {
            true => (self.lines.start_of(comments), comment + self.line_end()),
            false => (self.text.len() as u32, self.line_end().to_owned() + &comment),
        };
        vec![(Span::new(at, at), text)]
    }

    /// A comment at the end of a line that has room for it.
    fn on_the_line(&self, line: usize, rules: &BTreeSet<&str>, reason: &str) -> Option<Vec<Edit>> {
        let span = self.line(line);
        let content = span.slice(self.text).trim_end();
        let comment = format!("  {}", comment("ignore", rules, reason));
        let has_room = content.chars().count() + comment.chars().count() <= MAX_WIDTH;
        let end = span.start + content.len() as u32;
        (self.language == Language::Python && has_room).then(|| vec![(Span::new(end, span.end), comment)])
    }

    /// A comment on a line of its own above a line.
    fn above(&self, line: usize, rules: &BTreeSet<&str>, reason: &str) -> Vec<Edit> {
        let span = self.line(line);
        let content = span.slice(self.text);
        let indent = &content[..content.len() - content.trim_start().len()];
        let text = format!("{indent}{}{}", comment("ignore", rules, reason), self.line_end());
        vec![(Span::new(span.start, span.start), text)]
    }

    /// A line without its end.
    fn line(&self, line: usize) -> Span {
        let start = self.lines.start_of(line);
        let end = if line + 1 < self.lines.len() { self.lines.start_of(line + 1) } else { self.text.len() as u32 };
        let content = Span::new(start, end).slice(self.text).trim_end_matches(['\n', '\r']);
        Span::new(start, start + content.len() as u32)
    }

    /// How the first line of the text ends.
    fn line_end(&self) -> &'static str {
        match self.text.find(['\n', '\r']).map(|at| &self.text[at..]) {
            Some(end) if end.starts_with("\r\n") => "\r\n",
            Some(end) if end.starts_with('\r') => "\r",
            _ => "\n",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text after comments about lines of it, counted from 1, or about all of it, at 0.
    fn commented(text: &str, language: Language, about: &[(usize, &str)]) -> String {
        let file = Commented::new(text, language);
        let comment = |(line, rule): &(usize, &str)| {
            let target = match line.checked_sub(1) {
                None => Target::File,
                Some(line) => file.lines_around(file.lines.start_of(line)),
            };
            file.comment(target, &BTreeSet::from([*rule]), "why").unwrap_or_default()
        };
        edited(text, about.iter().flat_map(comment).collect())
    }

    fn python(text: &str, line: usize) -> String {
        commented(text, Language::Python, &[(line, "a-rule")])
    }

    #[test]
    fn on_the_line_or_above_ok() {
        assert_eq!(python("X = 1\r\nY = 2", 1), "X = 1  # djudge: ignore[a-rule] why\r\nY = 2");
        assert_eq!(python("X = 1  # noqa", 1), "X = 1  # noqa  # djudge: ignore[a-rule] why");
        let long = format!("X = [\r    '{}',\r]\r", "x".repeat(60));
        assert_eq!(python(&long, 2), long.replace("    '", "    # djudge: ignore[a-rule] why\r    '"));
        let both = commented("X = 1\nY = 2\n", Language::Python, &[(1, "a"), (2, "b")]);
        assert_eq!(both, "X = 1  # djudge: ignore[a] why\nY = 2  # djudge: ignore[b] why\n");
    }

    #[test]
    fn a_comment_of_ours_is_added_to() {
        let added = "X = 1  # djudge: ignore[b, a-rule] known; why\n";
        assert_eq!(python("X = 1  # djudge: ignore[b] known\n", 1), added);
        assert_eq!(python("# djudge: ignore[b]\n\nX = 1\n", 3), "# djudge: ignore[b, a-rule] why\n\nX = 1\n");
        assert_eq!(python("X = 1  # djudge: ignore[b] why\n", 1), "X = 1  # djudge: ignore[b, a-rule] why\n");
        // One that names no rule is left for its own finding.
        let broken = "X = 1  # djudge: ignore\n";
        assert_eq!(python(broken, 1), format!("# djudge: ignore[a-rule] why\n{broken}"));
    }

    #[test]
    fn the_whole_file_ok() {
        let ours = "# djudge: ignore-file[a-rule] why";
        assert_eq!(python("X = 1\n", 0), format!("{ours}\nX = 1\n"));
        assert_eq!(
            python("#!/bin/x\n# coding: utf-8\n\nX = 1\n", 0),
            format!("#!/bin/x\n# coding: utf-8\n{ours}\n\nX = 1\n")
        );
        assert_eq!(python("# only", 0), format!("# only\n{ours}"));
        assert_eq!(python("", 0), format!("{ours}\n"));
        assert_eq!(python("# djudge: ignore-file[b] x\n", 0), "# djudge: ignore-file[b, a-rule] x; why\n");
    }

    #[test]
    fn strings_and_backslashes_ok() {
        let text = "X = '''\n# bad\n'''\nY = 1 + \\\n  2\n";
        assert_eq!(python(text, 2), text.replace("'''\nY", "'''  # djudge: ignore[a-rule] why\nY"));
        assert_eq!(python(text, 4), text.replace("  2\n", "  2  # djudge: ignore[a-rule] why\n"));
    }

    #[test]
    fn other_files() {
        let yaml = "web:\n  command: a\n  script: |\n    b\n";
        let above = "web:\n  # djudge: ignore[a] why\n  command: a\n  script: |\n    b\n";
        assert_eq!(commented(yaml, Language::Yaml, &[(2, "a")]), above);
        assert_eq!(commented(yaml, Language::Yaml, &[(4, "a")]), yaml, "a comment would be a part of the text");
        let shell = "RUN x\nCMD daphne \\\n  a:b\n";
        let above = "RUN x\n# djudge: ignore[a] why\nCMD daphne \\\n  a:b\n";
        assert_eq!(commented(shell, Language::Lines, &[(3, "a")]), above);
        let toml = "a = '''\nb\n'''\n";
        assert_eq!(commented(toml, Language::Toml, &[(2, "a")]), toml);
    }
}
