//! Findings with an excerpt of the source, for people.

use std::fmt;
use std::path::Path;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::Places;
use crate::config::ConfigError;
use crate::diagnostic::{Finding, Related, Severity};
use crate::source::{Place, Span};

/// How a terminal shows an excerpt.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether colours are wanted.
    pub color: bool,
    /// Whether lines may be drawn with more than ASCII.
    pub unicode: bool,
    /// Whether names of rules are links to their pages.
    pub links: bool,
    /// The width to wrap at, in columns.
    pub width: usize,
}

impl Look {
    fn handler(self, path: &Path) -> GraphicalReportHandler {
        let theme = match (self.unicode, self.color) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::unicode_nocolor(),
            (false, true) => {
                GraphicalTheme { characters: miette::ThemeCharacters::ascii(), ..GraphicalTheme::unicode() }
            }
            (false, false) => GraphicalTheme::none(),
        };
        GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_context_lines(context_lines(path))
            .with_links(false)
    }
}

/// A finding with the source around it.
pub fn full(finding: &Finding, places: &Places, look: Look) -> String {
    let excerpt = Excerpt::of_finding(finding, places);
    let mut text = String::new();
    let path = places.sources.path(finding.place.file);
    let rendered = look.handler(&path).render_report(&mut text, &excerpt);
    if rendered.is_err() {
        return super::concise::concise([finding].into_iter(), places);
    }
    text = text.trim_start_matches('\n').to_owned();
    if let Some(fix) = finding.fixes.first() {
        text += &format!("  fix: {} ({})\n", fix.title, super::option_of(fix.applicability));
    }
    let elsewhere = finding.related.iter().filter(|related| related.place.file != finding.place.file);
    for (index, related) in elsewhere.enumerate() {
        let start = if index == 0 { "  see:" } else { "      " };
        text += &format!("{start} {}: {}\n", places.line(related.place), related.message);
    }
    text + "\n"
}

/// An error in a configuration file or a rule page, with the source around it.
pub fn config_error(error: &ConfigError, places: &Places, look: Look) -> String {
    let source = error.place.as_ref().map(|(path, text, _)| NamedSource::new(places.path(path), text.to_string()));
    let label = error.place.as_ref().map(|(_, text, span)| {
        let end = span.end.min(text.len());
        let span = Span::new(span.start.min(end) as u32, end as u32);
        LabeledSpan::new_primary_with_span(None, first_line(span, text))
    });
    let excerpt = Excerpt {
        message: error.message.clone(),
        code: None,
        severity: miette::Severity::Error,
        help: error.help.clone(),
        source,
        labels: label.into_iter().collect(),
    };
    let mut text = String::new();
    let path = error.place.as_ref().map_or(Path::new(""), |(path, ..)| path);
    match look.handler(path).render_report(&mut text, &excerpt) {
        Ok(()) => text.trim_start_matches('\n').to_owned(),
        Err(_) => format!("{}\n", error.message),
    }
}

/// How many lines are shown around the one that is meant. Those of an environment file may hold secrets.
fn context_lines(path: &Path) -> usize {
    usize::from(is_code(path))
}

fn is_code(path: &Path) -> bool {
    path.extension().is_some_and(|end| ["py", "toml", "md"].iter().any(|code| end == *code))
}

#[derive(Debug)]
struct Excerpt {
    message: String,
    code: Option<String>,
    severity: miette::Severity,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
}

impl Excerpt {
    fn of_finding(finding: &Finding, places: &Places) -> Self {
        let same = |related: &&Related| related.place.file == finding.place.file;
        let mut labels = vec![label(finding.place, None, true, places)];
        labels.extend(
            finding
                .related
                .iter()
                .filter(same)
                .map(|related| label(related.place, Some(&related.message), false, places)),
        );
        Self {
            message: finding.message.clone(),
            code: Some(format!("{}[{}]", finding.severity, finding.rule)),
            severity: match finding.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Advice => miette::Severity::Advice,
            },
            help: finding.help.clone(),
            source: source(finding, places),
            labels,
        }
    }
}

/// The text of the file. A secret that an environment file sets is not shown: what CI prints is read by many.
fn source(finding: &Finding, places: &Places) -> Option<NamedSource<String>> {
    let place = finding.place;
    let file = places.sources.file(place.file).ok()?;
    let mut text = file.text.to_string();
    let is_secret = finding.setting.as_deref().is_some_and(|setting| setting.starts_with("SECRET_KEY"));
    let span = place.span.start as usize..place.span.end as usize;
    if is_secret && !is_code(&file.path) && text.get(span.clone()).is_some_and(|secret| !secret.contains('\n')) {
        text.replace_range(span.clone(), &"*".repeat(span.len()));
    }
    Some(NamedSource::new(places.file(place), text))
}

fn label(place: Place, text: Option<&str>, is_primary: bool, places: &Places) -> LabeledSpan {
    let span = match places.sources.file(place.file) {
        Ok(file) => first_line(place.span, &file.text),
        Err(_) => (0, 0).into(),
    };
    match is_primary {
        true => LabeledSpan::new_primary_with_span(text.map(str::to_owned), span),
        false => LabeledSpan::new_with_span(text.map(str::to_owned), span),
    }
}

/// What stands on the first line of a place: an excerpt of a statement of fifty lines would bury the point.
fn first_line(span: Span, text: &str) -> miette::SourceSpan {
    let covered = span.slice(text);
    let line = covered.split(['\n', '\r']).next().unwrap_or_default();
    (span.start as usize, line.len()).into()
}

impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Excerpt {}

impl Diagnostic for Excerpt {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
