//! The examples on a rule's page, which are its tests.
//!
//! Under `## Wrong`, `## Right` and `## Unknown` stand code blocks with `file=…`. The blocks under one heading, or under
//! one `###` heading below it, are the files of one small project. In a wrong example each line that is marked with
//! `# error` must be hit, and no other; right and unknown ones must be silent. In files other than Python a line
//! `# error` marks the next one. A block with `fixed=…` holds what the fix of the rule makes of the file of that path.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

/// A small project on a rule's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Under which heading it stands.
    pub kind: CaseKind,
    /// The `###` heading above it, where there is one.
    pub title: Option<String>,
    /// Its files.
    pub files: Vec<ExampleFile>,
    /// Files as the fix of the rule leaves them, each by its path.
    pub fixed: Vec<(String, String)>,
}

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseKind {
    /// The rule reports it.
    Wrong,
    /// The rule does not.
    Right,
    /// The rule cannot know, and does not.
    Unknown,
}

/// A file of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFile {
    /// Its path in the project.
    pub path: String,
    /// Its text, without the marks.
    pub text: String,
    /// The lines, counted from 1, that a finding must be on.
    pub marked: Vec<u32>,
}

/// Where findings and marks differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// A marked line without a finding.
    Missing {
        /// The file.
        path: String,
        /// The line.
        line: u32,
    },
    /// A finding on a line without a mark.
    Unexpected {
        /// The file.
        path: String,
        /// The line.
        line: u32,
        /// What it says.
        message: String,
    },
}

/// The examples of a page, in order.
pub fn examples(page: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut kind = None;
    let mut title: Option<String> = None;
    let mut heading: Option<(HeadingLevel, String)> = None;
    let mut block: Option<(Option<Role>, String)> = None;
    let mut is_new = true;
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, text)) = heading.take() {
                    match level {
                        HeadingLevel::H2 => (kind, title) = (kind_of(&text), None),
                        HeadingLevel::H3 => title = Some(text),
                        _ => {}
                    }
                    is_new = true;
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => block = Some((role_of(&info), String::new())),
            Event::End(TagEnd::CodeBlock) => {
                if let (Some((Some(role), text)), Some(kind)) = (block.take(), kind) {
                    if is_new {
                        found.push(Example { kind, title: title.clone(), files: Vec::new(), fixed: Vec::new() });
                        is_new = false;
                    }
                    match (found.last_mut(), role) {
                        (Some(example), Role::File(path)) => example.files.push(file(path, &text)),
                        (Some(example), Role::Fixed(path)) => example.fixed.push((path, text)),
                        (None, _) => {}
                    }
                }
            }
            Event::Text(text) | Event::Code(text) => match (&mut block, &mut heading) {
                (Some((_, block)), _) => block.push_str(&text),
                (None, Some((_, heading))) => heading.push_str(&text),
                _ => {}
            },
            _ => {}
        }
    }
    found
}

fn kind_of(heading: &str) -> Option<CaseKind> {
    match heading {
        "Wrong" => Some(CaseKind::Wrong),
        "Right" => Some(CaseKind::Right),
        "Unknown" => Some(CaseKind::Unknown),
        _ => None,
    }
}

/// What a block of an example is, with its path.
enum Role {
    File(String),
    Fixed(String),
}

/// `python file=config/settings.py`; `toml config` is djudge's own configuration.
fn role_of(info: &str) -> Option<Role> {
    let words: Vec<&str> = info.split_whitespace().collect();
    if words == ["toml", "config"] {
        return Some(Role::File("djudge.toml".to_owned()));
    }
    words.iter().find_map(|word| {
        let file = word.strip_prefix("file=").map(|path| Role::File(path.to_owned()));
        file.or_else(|| word.strip_prefix("fixed=").map(|path| Role::Fixed(path.to_owned())))
    })
}

fn file(path: String, text: &str) -> ExampleFile {
    let is_python = path.ends_with(".py");
    let mut plain = String::with_capacity(text.len());
    let mut marked = Vec::new();
    let mut line = 0;
    for written in text.lines() {
        let is_mark = |text: &str| {
            let text = text.trim_end();
            text == "# error" || text.starts_with("# error:")
        };
        if !is_python && is_mark(written.trim_start()) {
            marked.push(line + 1);
            continue;
        }
        line += 1;
        match written.rfind("# error").filter(|&at| is_python && is_mark(&written[at..])) {
            Some(at) => {
                marked.push(line);
                plain.push_str(written[..at].trim_end());
            }
            None => plain.push_str(written),
        }
        plain.push('\n');
    }
    ExampleFile { path, text: plain, marked }
}

/// Where the findings of an example, each with its path and line, differ from its marks.
pub fn mismatches(example: &Example, findings: &[(String, u32, String)]) -> Vec<Mismatch> {
    let marks = || example.files.iter().flat_map(|file| file.marked.iter().map(|line| (file.path.as_str(), *line)));
    let missing = marks()
        .filter(|(path, line)| !findings.iter().any(|(found, at, _)| found == path && at == line))
        .map(|(path, line)| Mismatch::Missing { path: path.to_owned(), line });
    let unexpected =
        findings.iter().filter(|(path, line, _)| !marks().any(|(marked, at)| marked == path && at == *line)).map(
            |(path, line, message)| Mismatch::Unexpected { path: path.clone(), line: *line, message: message.clone() },
        );
    missing.chain(unexpected).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# r\n\nx\n\n```toml\ngroup = 'g'\n```\n\n## Wrong\n\n```python file=a.py\nA = 1  # error\nB = 2\n```\n\n```env file=.env\n# error\nX=1\n```\n\n### Another\n\n```python file=a.py\nC = 3  # error: why\n```\n\n## Right\n\n```python file=a.py\nA = 2\n```\n\n## See also\n\n```python file=a.py\nno\n```\n";

    #[test]
    fn examples_of_a_page() {
        let all = examples(PAGE);
        assert_eq!(all.len(), 3);
        assert_eq!(
            all[0].files[0],
            ExampleFile { path: "a.py".into(), text: "A = 1\nB = 2\n".into(), marked: vec![1] }
        );
        assert_eq!(all[0].files[1], ExampleFile { path: ".env".into(), text: "X=1\n".into(), marked: vec![1] });
        assert_eq!((all[1].title.as_deref(), all[1].files[0].text.as_str()), (Some("Another"), "C = 3\n"));
        assert_eq!(all[2].kind, CaseKind::Right);
    }

    #[test]
    fn differences_are_told() {
        let example = &examples(PAGE)[1];
        assert_eq!(mismatches(example, &[("a.py".into(), 1, "m".into())]), []);
        assert_eq!(mismatches(example, &[]), [Mismatch::Missing { path: "a.py".into(), line: 1 }]);
        assert_eq!(mismatches(example, &[("a.py".into(), 1, "m".into()), ("b.py".into(), 2, "n".into())]).len(), 1);
    }
}
