//! How rules write fixes: changes of source, sought where a value was written.

use super::condition::{Extent, Hit};
use super::context::Context;
use super::findings::Report;
use super::page::{PageFix, Remedy};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::eval::is_django_setting;
use crate::eval::value::{Dict, Entry, Kind, Value};
use crate::project::middleware::neighbours;
use crate::project::settings::Resolved;
use crate::python::edit::{Beside, Change, Editor, quoted_like};
use crate::source::{FileId, Place, Span};

impl Context<'_> {
    /// The edits that `seek` finds in a file; none where it finds none, or the file is no Python.
    pub fn edit(&self, file: FileId, seek: impl FnOnce(&Editor) -> Option<Vec<Change>>) -> Option<Vec<Edit>> {
        let changes = seek(&*self.editor(file)?)?;
        // What is moved has the line ends of its file.
        let plain = |content: String| content.replace("\r\n", "\n").replace('\r', "\n");
        let edit = |change: Change| Edit { place: Place::new(file, change.span), content: plain(change.content) };
        Some(changes.into_iter().map(edit).collect())
    }

    /// The same, of the file and the range of a place.
    pub fn edit_at(&self, place: Place, seek: impl FnOnce(&Editor, Span) -> Option<Vec<Change>>) -> Option<Vec<Edit>> {
        self.edit(place.file, |editor| seek(editor, place.span))
    }

    /// Makes a string that is written as one literal, or as a part of one with commas, hold another text.
    pub fn rewrite_string(&self, value: &Value, new: &str) -> Option<Vec<Edit>> {
        let old = value.as_str()?;
        self.edit_at(value.origin?, |editor, span| {
            editor.replace_string(span, old, new).or_else(|| editor.replace_part(span, old, new))
        })
    }

    /// Replaces a value that is written as a literal by other source.
    pub fn rewrite(&self, value: &Value, source: &str) -> Option<Vec<Edit>> {
        self.edit_at(value.origin?, |editor, span| editor.replace_literal(span, source))
    }

    /// Writes a string where a list of such strings belongs: `"a"` becomes `["a"]`. None where it is empty, or may be
    /// several in one.
    pub fn put_in_list(&self, value: &Value) -> Option<Vec<Edit>> {
        let text = value.as_str()?;
        let is_one = !text.is_empty() && !text.contains(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
        is_one.then_some(())?;
        self.edit_at(value.origin?, |editor, span| {
            editor.string(span)?;
            editor.put_in_list(span)
        })
    }

    /// The same for all of a setting, where it is written in the statement that sets it.
    pub fn put_setting_in_list(&self, setting: &Resolved) -> Option<Vec<Edit>> {
        let is_written = |statement: &Place| setting.value.origin.is_some_and(|origin| statement.holds(origin));
        setting.history.last().filter(|statement| is_written(statement))?;
        self.put_in_list(&setting.value)
    }

    /// Puts source around a value as it is written.
    pub fn wrap(&self, value: &Value, before: &str, after: &str) -> Option<Vec<Edit>> {
        self.edit_at(value.origin?, |editor, span| editor.wrap(span, before, after))
    }

    /// Makes several items of one that holds them with commas between, where all are `right`.
    pub fn split_item(&self, item: &Value, right: impl Fn(&str) -> bool) -> Option<Vec<Edit>> {
        let place = item.origin?;
        let parts: Vec<&str> = item.as_str()?.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let are_several = parts.len() > 1 && parts.iter().all(|part| right(part));
        let source: Vec<String> = parts.iter().map(|part| self.quoted(place.file, part)).collect();
        self.edit_at(place, |editor, span| {
            (are_several && editor.is_in_list(span)).then(|| editor.replace_item(span, &source))?
        })
    }

    /// Takes an item out of its list; none where it is a part of what the list is made of.
    pub fn remove_from_list(&self, item: &Value) -> Option<Vec<Edit>> {
        self.edit_at(item.origin?, |editor, span| editor.is_in_list(span).then(|| editor.remove_item(span))?)
    }

    /// The same for an entry of a dict.
    pub fn remove_entry(&self, entry: &Entry) -> Option<Vec<Edit>> {
        self.edit_at(entry.key.origin?, |editor, span| editor.is_in_dict(span).then(|| editor.remove_item(span))?)
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

    /// Gives a setting that one statement sets another value: what `change` makes of the source of its value.
    pub fn change_source(&self, setting: &Resolved, change: impl Fn(&str) -> Option<String>) -> Option<Vec<Edit>> {
        let [statement] = setting.history else { return None };
        self.edit_at(*statement, |editor, span| {
            let value = editor.assigned_value(span)?;
            let source = change(&self.text_at(Place::new(statement.file, value)))?;
            editor.replace(value, &source)
        })
    }

    /// Takes out the one statement that sets a setting, so that its default holds.
    pub fn unset(&self, name: &str) -> Option<Vec<Edit>> {
        match self.settings().get(name).history {
            [statement] => self.edit_at(*statement, |editor, span| editor.remove_statement(span)),
            _ => None,
        }
    }

    /// Gives a setting another name, in every statement that sets it; none where the new one is set already.
    pub fn rename_setting(&self, old: &str, new: &str) -> Option<Vec<Edit>> {
        let settings = self.settings();
        let is_free = !settings.names.contains_key(new);
        is_free.then(|| self.rename(settings.get(old).history, new))?
    }

    /// Has statements, each of which assigns to one name, assign to another one.
    pub fn rename(&self, statements: &[Place], new: &str) -> Option<Vec<Edit>> {
        let renamed = |statement: &Place| self.edit_at(*statement, |editor, span| editor.rename(span, new));
        let edits: Option<Vec<Vec<Edit>>> = statements.iter().map(renamed).collect();
        Some(edits?.concat())
    }

    /// Gives an entry of a dict another key; none where that is there already.
    pub fn rename_key(&self, dict: &Dict, entry: &Entry, new: &str) -> Option<Vec<Edit>> {
        dict.get(new).is_none().then(|| self.rewrite_string(&entry.key, new))?
    }

    /// Puts an entry at the beginning or at the end of a dict that is written as such.
    pub fn add_entry(&self, dict: &Value, at_the_end: bool, key: &str, source: &str) -> Option<Vec<Edit>> {
        let place = dict.origin?;
        let entry = format!("{}: {source}", self.quoted(place.file, key));
        self.edit_at(place, |editor, span| editor.add_item(span, at_the_end, &entry))
    }

    /// Puts an entry of a dict one level deeper, under another key of that dict. Of several that are to go to a place
    /// that is not there yet, the first one makes it.
    pub fn move_entry(&self, dict: &Dict, entry: &Entry, under: &str, is_first: bool) -> Option<Vec<Edit>> {
        let place = entry.key.origin?;
        let target = match dict.get(under) {
            Some(target) => {
                let held = target.value.as_dict().filter(|_| target.when.is_always())?;
                let is_free = entry.key.as_str().is_some_and(|key| held.get(key).is_none());
                let origin = target.value.origin.filter(|origin| origin.file == place.file);
                Some(origin.filter(|_| is_free)?.span)
            }
            None if is_first && dict.open.is_none() => None,
            None => return None,
        };
        let name = self.quoted(place.file, under);
        self.edit_at(place, |editor, span| editor.move_entry(span, &name, target))
    }

    /// The names that are those of no setting, as far as that can be told, and that a fix changes where they are assigned:
    /// `APPS` in `INSTALLED_APPS = APPS + […]`.
    pub(super) fn helpers_changed_by(&self, fix: &Fix) -> Vec<String> {
        /// What the names of packages' settings begin with.
        const PACKAGES: [&str; 11] = [
            "ACCOUNT_",
            "AWS_",
            "CELERY_",
            "CHANNEL_",
            "CONTENT_SECURITY_POLICY",
            "CORS_",
            "CSP_",
            "REST_",
            "SIMPLE_JWT",
            "SOCIALACCOUNT_",
            "WHITENOISE_",
        ];
        let is_setting = |name: &str| is_django_setting(name) || PACKAGES.iter().any(|begin| name.starts_with(begin));
        let names = &self.settings().names;
        let is_edited = |statements: &[Place]| {
            statements.iter().any(|statement| fix.edits.iter().any(|edit| statement.holds(edit.place)))
        };
        let mut modules: Vec<Place> = Vec::new();
        for place in names.values().flat_map(|setting| &setting.history) {
            if !modules.iter().any(|module| module.file == place.file) {
                let length = self.file_text(place.file).len() as u32;
                modules.push(Place::new(place.file, Span::new(0, length)));
            }
        }
        let helpers = names.iter().filter(|(name, setting)| !is_setting(name) && is_edited(&setting.history));
        helpers.map(|(name, _)| name.to_string()).filter(|name| !self.is_named_outside(name, &modules)).collect()
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
            editor.is_in_list(span).then_some(())?;
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
                let at_hit = || {
                    context.edit_at(hit.place, |editor, span| {
                        // A string keeps its quotes.
                        let text = value.as_str().zip(editor.string(span));
                        let kept = text.and_then(|(new, old)| editor.replace_string(span, &old, new));
                        kept.or_else(|| editor.replace_literal(span, &source))
                    })
                };
                let (target, edits) = match (&self.setting, hit.extent) {
                    (None, Extent::Part) => (String::new(), at_hit()),
                    (None, Extent::Absent) => {
                        let Some(key) = &hit.missing_key else { return };
                        let quoted = context.quoted(hit.place.file, key);
                        let dict = Value::new(Kind::Missing, Some(hit.place));
                        (format!("{quoted}: "), context.add_entry(&dict, false, key, &source))
                    }
                    (None, Extent::Whole) => (format!("{name} = "), at_hit().or_else(|| context.set(name, &source))),
                    (Some(_), _) => (format!("{name} = "), context.set(name, &source)),
                };
                (format!("write `{target}{source}`"), edits)
            }
            // Another type for the default of a variable is none for what the variable holds.
            Remedy::Rewrite { is_source: true, .. } if !hit.case.unset_variables().is_empty() => return,
            Remedy::Rewrite { pattern, with, is_source } => {
                let mut new = String::new();
                let edits = context.edit_at(hit.place, |editor, span| {
                    let old = editor.literal_text(span)?;
                    pattern.regex()?.captures(&old)?.expand(with, &mut new);
                    match is_source {
                        true => editor.replace_literal(span, &new),
                        false => editor.replace_string(span, &old, &new),
                    }
                });
                (format!("write `{new}`"), edits)
            }
            Remedy::Remove if self.setting.is_none() && hit.extent == Extent::Part => {
                let edits = context.edit_at(hit.place, |editor, span| {
                    let is_item = editor.is_in_list(span) || editor.is_in_dict(span);
                    is_item.then(|| editor.remove_item(span))?
                });
                ("remove it".to_owned(), edits)
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
