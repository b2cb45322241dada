//! How rules write fixes: changes of source, sought where a value was written.

use super::condition::{Extent, Hit};
use super::context::Context;
use super::findings::Report;
use super::page::{PageFix, Remedy};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::eval::value::{Kind, Value};
use crate::project::middleware::neighbours;
use crate::python::edit::{Beside, Change, Editor, quoted_like};
use crate::source::{FileId, Place, Span};

impl Context<'_> {
    /// The edits that `seek` finds in a file; none where it finds none, or the file is no Python.
    pub fn edit(&self, file: FileId, seek: impl FnOnce(&Editor) -> Option<Vec<Change>>) -> Option<Vec<Edit>> {
        let path = self.source_path(file);
        if path.extension().is_none_or(|end| end != "py") {
            return None;
        }
        let text = self.file_text(file);
        let changes = seek(&Editor::new(&text)?)?;
        // What is moved has the line ends of its file.
        let plain = |content: String| content.replace("\r\n", "\n").replace('\r', "\n");
        let edit = |change: Change| Edit { place: Place::new(file, change.span), content: plain(change.content) };
        Some(changes.into_iter().map(edit).collect())
    }

    /// The same, of the file and the range of a place.
    pub fn edit_at(&self, place: Place, seek: impl FnOnce(&Editor, Span) -> Option<Vec<Change>>) -> Option<Vec<Edit>> {
        self.edit(place.file, |editor| seek(editor, place.span))
    }

    /// Makes a string that is written as one literal hold another text.
    pub fn rewrite_string(&self, value: &Value, new: &str) -> Option<Vec<Edit>> {
        let old = value.as_str()?;
        self.edit_at(value.origin?, |editor, span| editor.replace_string(span, old, new))
    }

    /// Replaces a value that is written as a literal by other source.
    pub fn rewrite(&self, value: &Value, source: &str) -> Option<Vec<Edit>> {
        self.edit_at(value.origin?, |editor, span| editor.replace_literal(span, source))
    }

    /// Writes a string where a list of such strings belongs: `"a"` becomes `["a"]`.
    pub fn put_in_list(&self, value: &Value) -> Option<Vec<Edit>> {
        matches!(value.kind, Kind::Str(_)).then_some(())?;
        self.edit_at(value.origin?, |editor, span| {
            editor.string(span)?;
            editor.wrap(span, "[", "]")
        })
    }

    /// Takes an item out of its list, an entry out of its dict, or an argument out of its call.
    pub fn remove(&self, place: Place) -> Option<Vec<Edit>> {
        self.edit_at(place, |editor, span| editor.remove_item(span))
    }

    /// Gives a setting another value, as source: where a literal is assigned last, or, where nothing sets it, in a line of
    /// its own in the settings module.
    pub fn set(&self, name: &str, source: &str) -> Option<Vec<Edit>> {
        let resolved = self.settings().get(name);
        match resolved.history.last() {
            Some(&statement) => self.edit_at(statement, |editor, span| editor.assign(span, source)),
            None if resolved.is_set => None,
            None => self.edit(self.settings().file, |editor| editor.add_setting(name, source)),
        }
    }

    /// Takes out the one statement that sets a setting, so that its default holds.
    pub fn unset(&self, name: &str) -> Option<Vec<Edit>> {
        match self.settings().get(name).history {
            [statement] => self.edit_at(*statement, |editor, span| editor.remove_statement(span)),
            _ => None,
        }
    }

    /// Puts a class into `MIDDLEWARE` where it belongs among those that are there.
    pub fn add_middleware(&self, path: &str) -> Option<Vec<Edit>> {
        const SETTING: &str = "MIDDLEWARE";
        let (before, behind) = neighbours(path);
        let after = before.into_iter().map(Position::After);
        let mut positions = after.chain(behind.into_iter().map(Position::Before)).chain([Position::Last]);
        positions.find_map(|position| self.add_to_list(SETTING, path, position))
    }

    /// Has a class stand before another one in `MIDDLEWARE`: moves it there, or, where it is missing, puts it there.
    pub fn put_before(&self, user: &Value, needed: Option<&Value>, path: &str) -> Option<Vec<Edit>> {
        match needed {
            Some(needed) => self.move_item(needed, Beside::Before, user),
            None => self.add_to_list("MIDDLEWARE", path, Position::Before(user.as_str()?)),
        }
    }

    /// Puts a string into a list of strings that a setting holds.
    pub fn add_to_list(&self, setting: &str, item: &str, position: Position) -> Option<Vec<Edit>> {
        let resolved = self.settings().get(setting);
        let items = &resolved.value.sequence()?.items;
        let place_of = |anchor: &str| {
            let mut found = items.iter().filter(|item| item.value.as_str() == Some(anchor));
            found.next().filter(|_| found.next().is_none()).and_then(|item| item.value.origin)
        };
        let (anchor, beside): (Place, fn(Span) -> Beside) = match position {
            Position::Before(anchor) => (place_of(anchor)?, Beside::Before),
            Position::After(anchor) => (place_of(anchor)?, Beside::After),
            Position::First => (items.first()?.value.origin?, Beside::Before),
            Position::Last => (items.last()?.value.origin?, Beside::After),
        };
        let quoted = self.quoted(anchor.file, item);
        self.edit_at(anchor, |editor, span| {
            editor.string(span)?;
            editor.insert_item(beside(span), &quoted)
        })
    }

    /// Moves an item of a list beside another one of the same list.
    pub fn move_item(&self, item: &Value, beside: impl Fn(Span) -> Beside, anchor: &Value) -> Option<Vec<Edit>> {
        let (place, anchor) = (item.origin?, anchor.origin?);
        (place.file == anchor.file).then_some(())?;
        self.edit_at(place, |editor, span| editor.move_item(span, beside(anchor.span)))
    }

    /// A string as source, in the quotes that a file has.
    pub fn quoted(&self, file: FileId, string: &str) -> String {
        quoted_like(&self.file_text(file), string)
    }
}

/// Where a new item of a list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position<'a> {
    /// At the beginning.
    First,
    /// At the end.
    Last,
    /// Before the item that is this string.
    Before(&'a str),
    /// After the item that is this string.
    After(&'a str),
}

impl Report<'_> {
    /// How to put it right without a change of what works, where `edits` were found. It may change the setting that the
    /// finding is about, and no other.
    pub fn safe_fix(self, title: impl Into<String>, edits: Option<Vec<Edit>>) -> Self {
        self.fix(Applicability::Safe, title, edits)
    }

    /// The same, where it is one of several answers or may change what works.
    pub fn unsafe_fix(self, title: impl Into<String>, edits: Option<Vec<Edit>>) -> Self {
        self.fix(Applicability::Unsafe, title, edits)
    }

    /// The same, of an applicability that is worked out.
    pub fn fix(self, applicability: Applicability, title: impl Into<String>, edits: Option<Vec<Edit>>) -> Self {
        if let Some(edits) = edits.filter(|edits| !edits.is_empty()) {
            let changes = self.finding.setting.iter().cloned().collect();
            self.finding.fixes.push(Fix { title: title.into(), applicability, edits, changes });
        }
        self
    }

    /// Says that the last fix means to change other settings too.
    pub fn fix_changes(self, settings: &[&str]) -> Self {
        if let Some(fix) = self.finding.fixes.last_mut() {
            fix.changes.extend(settings.iter().map(|name| (*name).to_owned()));
        }
        self
    }
}

impl PageFix {
    /// Adds what it does to a value that a condition hits.
    pub(super) fn add_to(&self, report: Report, context: &Context, hit: &Hit) {
        let name = self.setting.as_ref().unwrap_or(&hit.setting);
        let (title, edits) = match &self.remedy {
            Remedy::Set(value) => {
                let source = source_of(value, |text| context.quoted(hit.place.file, text));
                let at_hit = || context.edit_at(hit.place, |editor, span| editor.replace_literal(span, &source));
                let (target, edits) = match (&self.setting, hit.extent) {
                    (None, Extent::Part) => (String::new(), at_hit()),
                    (None, Extent::Absent) => return,
                    (None, Extent::Whole) => (format!("{name} = "), at_hit().or_else(|| context.set(name, &source))),
                    (Some(_), _) => (format!("{name} = "), context.set(name, &source)),
                };
                (format!("write `{target}{source}`"), edits)
            }
            Remedy::Remove => (format!("remove `{name}`"), context.unset(name)),
            Remedy::AddMiddleware(path) => {
                let title = format!("add `\"{path}\"` to `MIDDLEWARE`");
                report.fix(self.applicability, title, context.add_middleware(path)).fix_changes(&["MIDDLEWARE"]);
                return;
            }
        };
        report.fix(self.applicability, title, edits).fix_changes(self.setting.as_deref().as_slice());
    }
}

/// A value of TOML as Python source.
fn source_of(value: &toml::Value, quote: impl Fn(&str) -> String) -> String {
    match value {
        toml::Value::Boolean(true) => "True".to_owned(),
        toml::Value::Boolean(false) => "False".to_owned(),
        toml::Value::String(text) => quote(text),
        other => other.to_string(),
    }
}
