//! What is said of a setting, or of a route or consumer of the ASGI application, when a pointer rests on it.

use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind, Range};

use super::connection::connection_at;
use super::names::{Module, Named};
use super::state::{At, State};
use crate::diagnostic::Finding;
use crate::eval::value::Value;
use crate::report::Places;
use crate::report::full::Look;
use crate::report::settings_text::{Settings, near, walk};
use crate::source::Place;

/// The width to wrap at.
const WIDTH: usize = 100;

/// Answers a request.
pub fn hover(state: &mut State, params: HoverParams) -> Option<Hover> {
    let at = state.at(&params.text_document_position_params)?;
    let (parts, range) = match at.setting() {
        Some(named) => (of_setting(&at, &named), at.view.positions(&at.file).range(named.span)),
        None => {
            let connection = connection_at(&at)?;
            (vec![Part::Code(connection.text)], at.view.positions(&at.file).range(connection.span))
        }
    };
    (!parts.is_empty()).then(|| shown(&parts, range, at.view.client.shows_markdown))
}

enum Part {
    /// Text in columns.
    Code(String),
    /// What is wrong.
    Verdict(String),
}

fn shown(parts: &[Part], range: Range, is_markdown: bool) -> Hover {
    let texts = parts.iter().map(|part| match (part, is_markdown) {
        (Part::Code(text), true) => format!("```text\n{}\n```", text.trim_end().replace("```", "'''")),
        (Part::Verdict(text), true) => format!("- {}", escaped(text)),
        (Part::Code(text) | Part::Verdict(text), false) => text.trim_end().to_owned(),
    });
    let value = texts.collect::<Vec<String>>().join("\n\n");
    let kind = if is_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Hover { contents: HoverContents::Markup(MarkupContent { kind, value }), range: Some(range) }
}

/// A text whose code between backticks is Markdown, and nothing else.
fn escaped(text: &str) -> String {
    let plain = |text: &str| text.replace('\\', "\\\\").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_");
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 0 { plain(part) } else { part.to_owned() });
    parts.collect::<Vec<String>>().join("`")
}

/// What `djudge show` prints of a setting in each settings module, and what is wrong with it.
fn of_setting(at: &At, named: &Named) -> Vec<Part> {
    let places = Places { sources: at.view.sources(), base: at.folder.path.clone() };
    let look = Look { color: false, unicode: true, links: false, width: WIDTH };
    let mut parts = Vec::new();
    for Module { module, judged } in at.modules() {
        let settings = Settings { module, judged, places: &places, look };
        let said = match judged.settings.names.get(named.name.as_str()) {
            Some(setting) => settings.full(&named.name, setting),
            None => settings.absent(&named.name, near(judged, &named.name).as_deref()),
        };
        parts.push(Part::Code(format!("{}\n{said}", settings.head())));
        parts.extend(verdicts(at, &named.name, Module { module, judged }).into_iter().map(Part::Verdict));
    }
    parts
}

/// The findings about a setting in a settings module.
fn verdicts(at: &At, name: &str, module: Module) -> Vec<String> {
    let Some(known) = &at.folder.known else { return Vec::new() };
    let setting = module.judged.settings.names.get(name);
    let history = setting.map_or(&[][..], |setting| &setting.history);
    let value = setting.map(|setting| &setting.value);
    let concerns = |finding: &&Finding| {
        let is_module = finding.settings_module.as_ref() == Some(&module.module.name);
        let is_about = is_module && finding.setting.as_deref() == Some(name);
        let is_written_here = || history.iter().any(|statement| statement.holds(finding.place));
        // A value may be a part of another setting, about which the finding is.
        is_about || is_written_here() || value.is_some_and(|value| holds(value, finding.place))
    };
    let said = |finding: &Finding| {
        let help = finding.help.as_ref().map_or(String::new(), |help| format!(" (help: {help})"));
        format!("{} `{}`: {}{help}", finding.severity, finding.rule, finding.message)
    };
    known.findings.iter().filter(concerns).map(said).collect()
}

/// Whether a value, or a part of it, was written at a place.
fn holds(value: &Value, place: Place) -> bool {
    let mut found = false;
    walk(value, &mut |part| found |= part.origin == Some(place));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_alone_is_markdown() {
        assert_eq!(escaped("a_b <c> `*_<d>` *"), "a\\_b &lt;c> `*_<d>` \\*");
    }
}
