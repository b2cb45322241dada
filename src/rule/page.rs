//! A rule's page: one Markdown file with prose, metadata, examples.

use std::borrow::Cow;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use super::condition::Condition;
use super::pattern::Pattern;
use super::text::PageText;
use super::when::When;
use crate::diagnostic::{Applicability, Severity};

/// A rule's page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its id: `allowed-hosts-empty`, or `local/…` for a user's own.
    pub id: Arc<str>,
    /// The folder that it stands in: `hosts`.
    pub group: String,
    /// The usual severity of its findings.
    pub severity: Severity,
    /// Which settings modules it applies to.
    pub applies_to: AppliesTo,
    /// The ids of Django's own checks that report the same.
    pub django_checks: Vec<String>,
    /// What to do, for a rule by condition.
    pub help: Option<String>,
    /// When it reports something, for a rule by condition.
    pub condition: Option<Condition>,
    /// How to put it right, for a rule by condition.
    pub fix: Option<PageFix>,
    /// Whether it is the engine that reports it: a syntax error, a suppression.
    pub by_engine: bool,
    /// What is wrong, without a full stop.
    pub message: Cow<'static, str>,
    /// All of its text.
    pub text: PageText,
    /// Where it stands, for a user's own.
    pub path: Option<PathBuf>,
}

/// Which settings modules a rule applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum AppliesTo {
    /// Those that are deployed.
    #[default]
    Deployed,
    /// All that are judged, a developer's own too.
    All,
}

/// How to put right what a condition finds.
#[derive(Debug, Clone)]
pub struct PageFix {
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// The setting that it changes, where that is another one than the condition hits.
    pub setting: Option<String>,
    /// What it does to the value.
    pub remedy: Remedy,
}

/// What a fix does to the value that a condition hits.
#[derive(Debug, Clone)]
pub enum Remedy {
    /// It becomes this, as Python source.
    Set(toml::Value),
    /// Where the text of a string, or a number, matches, a string of another text takes its place, or other source.
    Rewrite {
        /// What must match.
        pattern: Pattern,
        /// What takes its place, with `$1` for the first group.
        with: String,
        /// Whether that is source, rather than the text of a string.
        is_source: bool,
    },
    /// What sets it is taken out.
    Remove,
    /// A class is put into `MIDDLEWARE`.
    AddMiddleware(String),
}

/// What is wrong with a page.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct PageError {
    /// What is wrong.
    pub message: String,
    /// Where in the page, in bytes.
    pub span: Range<usize>,
}

impl PageError {
    fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Header {
    group: String,
    severity: String,
    #[serde(default)]
    applies_to: AppliesTo,
    #[serde(default)]
    django_checks: Vec<String>,
    help: Option<String>,
    when: Option<When>,
    fix: Option<FixHeader>,
    #[serde(default)]
    by_engine: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FixHeader {
    setting: Option<String>,
    set: Option<toml::Value>,
    #[serde(rename = "match")]
    pattern: Option<String>,
    text: Option<String>,
    source: Option<String>,
    #[serde(default)]
    remove: bool,
    add_middleware: Option<String>,
    applicability: FixApplicability,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FixApplicability {
    Safe,
    Unsafe,
}

impl FixHeader {
    fn read(self) -> Result<PageFix, String> {
        const ONE: &str =
            "a [fix] has one of `set`, `match` with `text` or `source`, `remove = true` and `add-middleware`";
        let rewrite =
            |pattern: String, with, is_source| Remedy::Rewrite { pattern: Pattern::new(&pattern), with, is_source };
        let remedies = [
            self.set.map(Remedy::Set),
            self.remove.then_some(Remedy::Remove),
            self.add_middleware.map(Remedy::AddMiddleware),
            match (self.pattern, self.text, self.source) {
                (None, None, None) => None,
                (Some(pattern), Some(text), None) => Some(rewrite(pattern, text, false)),
                (Some(pattern), None, Some(source)) => Some(rewrite(pattern, source, true)),
                _ => return Err(ONE.to_owned()),
            },
        ];
        let mut given = remedies.into_iter().flatten();
        let (Some(remedy), None) = (given.next(), given.next()) else { return Err(ONE.to_owned()) };
        if self.setting.is_some() && matches!(remedy, Remedy::Rewrite { .. }) {
            return Err("a [fix] with `match` is for the value that [when] finds, and no other `setting`".to_owned());
        }
        let applicability = match self.applicability {
            FixApplicability::Safe => Applicability::Safe,
            FixApplicability::Unsafe => Applicability::Unsafe,
        };
        Ok(PageFix { applicability, setting: self.setting, remedy })
    }
}

impl Page {
    /// Reads a page. Only its metadata are looked at; prose and examples are read when someone asks for them.
    pub fn parse(stem: &str, text: &str, path: Option<PathBuf>) -> Result<Self, PageError> {
        let name = name_of(stem);
        let title_end = text.find('\n').unwrap_or(text.len());
        let title = text[..title_end].trim_end();
        if title != format!("# {name}") {
            return Err(PageError::new(
                format!("the first line must be \"# {name}\", as the file is named"),
                0..title_end,
            ));
        }
        let Some(block) = first_toml_block(text) else {
            return Err(PageError::new("a page needs a ```toml block with its group and severity", 0..title_end));
        };
        let in_block = |span: Option<Range<usize>>| {
            span.map_or(block.clone(), |span| block.start + span.start..block.start + span.end)
        };
        let header: Header = toml::from_str(&text[block.clone()])
            .map_err(|error| PageError::new(error.message().to_owned(), in_block(error.span())))?;
        let at = in_block(None);
        let in_fix = header.fix.iter().filter_map(|fix| fix.pattern.as_deref());
        for pattern in header.when.iter().flat_map(When::patterns).chain(in_fix) {
            Pattern::check(pattern).map_err(|message| PageError::new(message, at.clone()))?;
        }
        let message = message_of(text);
        if message.is_empty() {
            return Err(PageError::new("a sentence that says what is wrong must follow the title", 0..title_end));
        }
        Self::of(name, header, message.into(), text.into(), path).map_err(|message| PageError::new(message, at))
    }

    /// A page of the rule book, with its message and its metadata, as JSON: the build took them out.
    pub fn embedded(stem: &str, message: &'static str, header: &str, text: PageText) -> Result<Self, PageError> {
        let wrong = |message| PageError::new(message, 0..0);
        let header = serde_json::from_str(header).map_err(|error| wrong(error.to_string()))?;
        Self::of(name_of(stem), header, message.into(), text, None).map_err(wrong)
    }

    fn of(
        name: String,
        header: Header,
        message: Cow<'static, str>,
        text: PageText,
        path: Option<PathBuf>,
    ) -> Result<Self, String> {
        let fix = header.fix.map(FixHeader::read).transpose()?;
        if fix.is_some() && header.when.is_none() {
            return Err("a [fix] belongs to a [when]; a function writes its own".to_owned());
        }
        let id = if path.is_some() { format!("local/{name}") } else { name };
        Ok(Self {
            id: id.into(),
            group: header.group,
            severity: header.severity.parse()?,
            applies_to: header.applies_to,
            django_checks: header.django_checks,
            help: header.help,
            condition: header.when.map(|when| when.compile()).transpose()?,
            fix,
            by_engine: header.by_engine,
            message,
            text,
            path,
        })
    }

    /// The page for a reader: without the block of metadata.
    pub fn prose(&self) -> String {
        let Some(block) = first_toml_block(&self.text) else { return self.text.to_string() };
        let before = self.text[..block.start].trim_end().trim_end_matches("```toml").trim_end();
        let after = self.text[block.end..].trim_start().trim_start_matches("```").trim_start();
        format!("{before}\n\n{after}")
    }
}

/// The name of the rule whose page a file is.
fn name_of(stem: &str) -> String {
    stem.replace('_', "-")
}

/// What is wrong: the paragraph after the title, without its full stop.
fn message_of(text: &str) -> String {
    let after_title = text.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    let paragraph = after_title.split("\n\n").next().unwrap_or_default();
    let is_prose = !paragraph.starts_with("```") && !paragraph.starts_with('#');
    let sentence = if is_prose { paragraph.split_whitespace().collect::<Vec<_>>().join(" ") } else { String::new() };
    sentence.trim_end_matches('.').to_owned()
}

/// The inside of the first ```` ```toml ```` block.
fn first_toml_block(text: &str) -> Option<Range<usize>> {
    const OPEN: &str = "```toml\n";
    let start = text.find(OPEN)? + OPEN.len();
    let end = start + text[start..].find("\n```")? + 1;
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# a-rule\n\nSomething is\nwrong.\n\n```toml\ngroup = \"g\"\nseverity = \"warning\"\n```\n\nProse.\n\n## Wrong\n";

    #[test]
    fn a_page_ok() {
        let page = Page::parse("a_rule", PAGE, None).unwrap();
        assert_eq!((page.id.as_ref(), page.severity), ("a-rule", Severity::Warning));
        assert_eq!(page.message, "Something is wrong");
        assert_eq!(page.prose(), "# a-rule\n\nSomething is\nwrong.\n\nProse.\n\n## Wrong\n");
        assert_eq!(Page::parse("a_rule", PAGE, Some("x.md".into())).unwrap().id.as_ref(), "local/a-rule");
    }

    #[test]
    fn broken_pages_err() {
        let error = |text: String| Page::parse("a_rule", &text, None).unwrap_err();
        assert!(error(PAGE.replace("# a-rule", "# other")).message.contains("first line"));
        let unknown = error(PAGE.replace("severity", "severety"));
        assert_eq!(&PAGE.replace("severity", "severety")[unknown.span], "severety");
        assert!(error(PAGE.replace("warning", "fatal")).message.contains("no severity"));
        assert!(error("# a-rule\n\nText.\n".into()).message.contains("```toml"));
        assert!(error(PAGE.replace("Something is\nwrong.\n\n", "")).message.contains("sentence"));
    }
}
