//! Comments that suppress findings: `# djudge: ignore[rule] reason`, `# djudge: ignore-file[rule] reason`.

use crate::source::{LineIndex, Span};

/// A comment that suppresses findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// What it reaches.
    pub scope: SuppressionScope,
    /// The rules that it names, each with where.
    pub rules: Vec<(String, Span)>,
    /// Why, in the writer's words; empty where nothing is said.
    pub reason: String,
    /// The comment.
    pub span: Span,
}

/// What a suppression reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionScope {
    /// These lines, counted from 0, the last included: one, or those that hang together.
    Lines(usize, usize),
    /// The whole file.
    File,
}

/// The suppressions in comments. `comments` are in order, each from `#` to the end of its line.
pub fn suppressions(text: &str, comments: &[Span], together: &Together, lines: &LineIndex) -> Vec<Suppression> {
    comments.iter().filter_map(|&comment| suppression(text, comment, together, lines)).collect()
}

/// Lines that hang together, since no comment can stand at the ends between them.
#[derive(Debug, Clone, Default)]
pub struct Together(Vec<(usize, usize)>);

impl Together {
    /// Those of a text. `joined` are the parts of it that hold such ends of lines, in order.
    pub fn new(joined: &[Span], lines: &LineIndex) -> Self {
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for span in joined {
            let (first, last) = (lines.line_of(span.start), lines.line_of(span.end));
            match groups.last_mut() {
                Some(group) if first <= group.1 => group.1 = group.1.max(last),
                _ => groups.push((first, last)),
            }
        }
        Self(groups)
    }

    /// The first and the last of the lines that hang together with `line`; all count from 0.
    pub fn around(&self, line: usize) -> (usize, usize) {
        let at = self.0.partition_point(|(_, last)| *last < line);
        self.0.get(at).copied().filter(|(first, _)| *first <= line).unwrap_or((line, line))
    }
}

/// The parts of a file that is not Python in which a line goes on after a backslash.
pub fn continued_lines(text: &str) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let goes_on = content.ends_with('\\') && !content.trim_start().starts_with('#') && content.len() < line.len();
        if goes_on {
            joined.push(Span::new((offset + content.len()) as u32, (offset + line.len()) as u32));
        }
        offset += line.len();
    }
    joined
}

/// The comments of a file that is not Python: whatever follows a `#` at the beginning of a line.
pub fn line_comments(text: &str) -> Vec<Span> {
    let mut comments = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let start = content.len() - content.trim_start().len();
        if content[start..].starts_with('#') {
            comments.push(Span::new((offset + start) as u32, (offset + content.len()) as u32));
        }
        offset += line.len();
    }
    comments
}

fn suppression(text: &str, comment: Span, together: &Together, lines: &LineIndex) -> Option<Suppression> {
    let written = comment.slice(text);
    let directive_at = written.find("djudge:")?;
    // Other tools' comments may stand before it, as in `# noqa: E501  # djudge: ignore[…]`.
    let before = written[..directive_at].trim_end();
    if !before.ends_with('#') {
        return None;
    }
    let body_at = directive_at + "djudge:".len();
    let body = &written[body_at..];
    let trimmed = body.trim_start();
    let (is_file, rest) = match trimmed.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix("ignore")?),
    };
    let (list, reason) = match rest.strip_prefix('[') {
        Some(inner) => inner.split_once(']').unwrap_or((inner, "")),
        None => ("", rest),
    };
    let mut rules = Vec::new();
    for name in list.split(',') {
        let trimmed = name.trim();
        if trimmed.is_empty() {
            continue;
        }
        let offset = trimmed.as_ptr() as usize - written.as_ptr() as usize;
        let start = comment.start + offset as u32;
        rules.push((trimmed.to_owned(), Span::new(start, start + trimmed.len() as u32)));
    }
    let line = lines.line_of(comment.start);
    let line_start = lines.start_of(line);
    let stands_alone = Span::new(line_start, comment.start).slice(text).trim().is_empty();
    let reached = if stands_alone { next_code_line(text, lines, line) } else { line };
    let scope = match (is_file, together.around(reached)) {
        (true, _) => SuppressionScope::File,
        (false, (first, last)) => SuppressionScope::Lines(first, last),
    };
    let reason = reason.trim().trim_start_matches([':', '-']).trim().to_owned();
    Some(Suppression { scope, rules, reason, span: comment })
}

/// The line after `line` that holds more than a comment.
fn next_code_line(text: &str, lines: &LineIndex, line: usize) -> usize {
    let is_code = |line: usize| {
        let start = lines.start_of(line);
        let end = if line + 1 < lines.len() { lines.start_of(line + 1) } else { text.len() as u32 };
        let content = Span::new(start, end).slice(text).trim();
        !content.is_empty() && !content.starts_with('#')
    };
    (line + 1..lines.len()).find(|&line| is_code(line)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Suppression> {
        let comments = crate::python::parse(text).comments;
        let lines = LineIndex::new(text);
        suppressions(text, &comments, &Together::new(&crate::python::joined(text), &lines), &lines)
    }

    #[test]
    fn comments_ok() {
        let text = "A = 1  # djudge: ignore[a-rule, b-rule] because\n# djudge: ignore[c]\n# more\nB = 2\n# djudge: ignore-file[d]: whole\n";
        let all = found(text);
        assert_eq!(all[0].scope, SuppressionScope::Lines(0, 0));
        assert_eq!(all[0].rules.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a-rule", "b-rule"]);
        assert_eq!(all[0].rules[1].1.slice(text), "b-rule");
        assert_eq!(all[0].reason, "because");
        assert_eq!((all[1].scope, all[1].reason.as_str()), (SuppressionScope::Lines(3, 3), ""));
        assert_eq!((all[2].scope, all[2].reason.as_str()), (SuppressionScope::File, "whole"));
    }

    #[test]
    fn lines_that_hang_together_ok() {
        let text = "# djudge: ignore[a] x\nA = '''\n# b\n''' + \\\n  f(\n 1)  # djudge: ignore[b] x\n";
        let all = found(text);
        assert_eq!(all[0].scope, SuppressionScope::Lines(1, 4));
        assert_eq!(all[1].scope, SuppressionScope::Lines(5, 5));
        let shell = "daphne \\\n  -p 80 \\\n  a\n# no \\\nb\n";
        let together = Together::new(&continued_lines(shell), &LineIndex::new(shell));
        assert_eq!([0, 1, 2, 3, 4].map(|line| together.around(line)), [(0, 2), (0, 2), (0, 2), (3, 3), (4, 4)]);
    }

    #[test]
    fn other_comments_ok() {
        assert_eq!(found("x = 1  # see djudge: ignore\ny = '# djudge: ignore[a]'\n# djudge: nothing\n"), []);
        assert_eq!(found("x = 1  # noqa  # djudge: ignore[a] b\n").len(), 1);
    }

    #[test]
    fn without_rules_err() {
        let all = found("x = 1  # djudge: ignore this\n");
        assert_eq!((all[0].rules.len(), all[0].reason.as_str()), (0, "this"));
    }

    #[test]
    fn comments_of_other_files() {
        let text = "# one\nA=1 # no\n  # two\n";
        assert_eq!(line_comments(text).iter().map(|span| span.slice(text)).collect::<Vec<_>>(), ["# one", "# two"]);
    }
}
