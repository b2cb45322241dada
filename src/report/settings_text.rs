//! Settings for people: what each resolves to, how certain that is, and which statements made it so.

use std::sync::Arc;

use super::Places;
use super::full::Look;
use super::paint::Paint;
use super::value_text::{columns, cut, fallback, has_conditions, value_line, value_lines, wrapped};
use crate::eval::value::{Certainty, Condition, Kind, Piece, Value};
use crate::eval::{Deed, Step, django_settings};
use crate::project::discover::SettingsModule;
use crate::project::judged::Judged;
use crate::project::settings::Setting;
use crate::project::spelling::nearest;
use crate::python::code_only;
use crate::source::Place;

/// Places longer than this stand in no column.
const MAX_PLACE: usize = 56;
/// An excerpt that is cut shorter than this says nothing.
const MIN_EXCERPT: usize = 16;
/// More variables than these are counted where little is said.
const MAX_NAMED: usize = 4;

/// How much is said of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Short,
    Full,
}

/// The settings of a module.
pub struct Settings<'a> {
    /// The module.
    pub module: &'a SettingsModule,
    /// What is known of it.
    pub judged: &'a Judged,
    /// How places are shown.
    pub places: &'a Places<'a>,
    /// How the terminal looks.
    pub look: Look,
}

impl Settings<'_> {
    /// What goes before the settings: the module, what was assumed, and why there may be more.
    pub fn head(&self) -> String {
        let paint = self.paint();
        let deployed = if self.module.is_deployed { "deployed" } else { "not deployed" };
        let django = match self.judged.deployment.requirements.pinned_version("django") {
            Some(version) => format!("Django {version}"),
            None => "the newest Django, as none is pinned".to_owned(),
        };
        let file = self.places.path(&self.places.sources.path(self.module.file));
        let mut text = format!("{} {}\n", paint.strong(&self.module.name), paint.faint(&format!("({file})")));
        text += &self.indented(&format!("{deployed}, {django}"), 2);
        for assumption in self.judged.settings.shown_assumptions() {
            let place = assumption.place.map_or(String::new(), |place| format!(" ({})", self.places.line(place)));
            text += &self.indented(&format!("assumed: {}{place}", assumption.text), 2);
        }
        if let Some(why) = &self.judged.settings.open {
            text += &paint.doubtful(&self.indented(&format!("may hold more settings: {why}"), 2));
        }
        text
    }

    /// A setting in few lines.
    pub fn short(&self, name: &str, setting: &Setting) -> String {
        let room = self.look.width.saturating_sub(columns(name) + 3);
        let (value, says_certainty) = self.said(setting.shown(), room);
        let certainty = if says_certainty { String::new() } else { self.certainty(setting, Detail::Short) };
        format!("{} {value}\n{certainty}{}", self.paint().strong(name), self.steps(name, setting, Detail::Short))
    }

    /// A setting with all that is known of it.
    pub fn full(&self, name: &str, setting: &Setting) -> String {
        let head = columns(name) + 3;
        let room = self.look.width.saturating_sub(head);
        let plain = match &setting.shown().kind {
            Kind::Either(either) => fallback(either).map_or(setting.shown(), |(_, unset)| unset),
            _ => setting.shown(),
        };
        let is_whole = !has_conditions(plain) && value_line(plain, room) == value_line(plain, usize::MAX);
        let (value, says_certainty) = match is_whole {
            true => self.said(setting.shown(), room),
            false => (format!("= {}", value_lines(setting.shown(), head, self.look.width)), false),
        };
        let certainty = if says_certainty { String::new() } else { self.certainty(setting, Detail::Full) };
        let steps = self.steps(name, setting, Detail::Full);
        let default = self.judged.settings.default_of(name).map_or(String::new(), |default| {
            let default = value_line(default, self.look.width.saturating_sub(22));
            self.paint().faint(&self.indented(&format!("Django's default: {default}"), 4))
        });
        format!("{} {value}\n{certainty}{steps}{default}", self.paint().strong(name))
    }

    /// What is said of a setting that no statement assigns. `near` is a name that may be meant.
    pub fn absent(&self, name: &str, near: Option<&str>) -> String {
        let meant = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        let capitals = name.to_uppercase();
        let said = match (self.judged.settings.default_of(name), &self.judged.settings.open) {
            _ if name != capitals => format!("is no setting, for Django takes names in capitals alone; try {capitals}"),
            (_, Some(why)) => format!("is not known: {why}{meant}"),
            (Some(default), None) => {
                let room = self.look.width.saturating_sub(columns(name) + 3).max(MIN_EXCERPT);
                let value = value_lines(default, columns(name) + 3, self.look.width);
                let value = if columns(&value) > room && !value.contains('\n') { cut(&value, room) } else { value };
                let note = self.paint().faint(&self.indented("not set: this is Django's default", 4));
                return format!("{} = {value}\n{note}", self.paint().strong(name));
            }
            (None, None) => format!("is not set, and Django has no such setting{meant}"),
        };
        let lines = self.indented(&format!("{name} {said}"), 0);
        lines.replacen(name, &self.paint().strong(name), 1)
    }

    /// How many settings were shown, and how certain they are.
    pub fn last_line(&self, shown: &[&Setting], is_changed_only: bool) -> String {
        let count = |certainty: Certainty| shown.iter().filter(|setting| setting.certainty == certainty).count();
        let counts = [
            (Certainty::Known, "known"),
            (Certainty::Assumed, "assumed"),
            (Certainty::Depends, "that depend on the environment or on what is not decided"),
            (Certainty::Unknown, "not known in full"),
        ];
        let counts = counts.into_iter().map(|(certainty, said)| (count(certainty), said));
        let counts: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, said)| format!("{count} {said}")).collect();
        let hidden = self.judged.settings.names.len() - shown.len();
        let hidden = match is_changed_only {
            true => format!("; {hidden} hidden, which have Django's default or are not Django's own"),
            false => String::new(),
        };
        let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
        self.indented(&format!("{}{counts}{hidden}", super::amount(shown.len(), "setting")), 0)
    }

    fn paint(&self) -> Paint {
        Paint { color: self.look.color }
    }

    fn indented(&self, text: &str, indent: usize) -> String {
        let room = self.look.width.saturating_sub(indent + 2).max(MIN_EXCERPT);
        let lines = wrapped(text, room).into_iter().enumerate();
        lines.map(|(at, line)| format!("{}{line}\n", " ".repeat(if at == 0 { indent } else { indent + 2 }))).collect()
    }

    /// A value on one line with what goes before it, and whether that tells how certain it is.
    fn said(&self, value: &Value, room: usize) -> (String, bool) {
        let unless = |value: &Value, variables: &str| {
            let note = format!("unless {variables} is set");
            let line = value_line(value, room);
            let line = match value.kind {
                Kind::Missing => "is not set".to_owned(),
                _ => format!("= {line}"),
            };
            match columns(&line) + columns(&note) <= room {
                true => format!("{line}{}", self.paint().faint(&format!(", {note}"))),
                false => format!("{line}\n{}", self.paint().faint(self.indented(&note, 4).trim_end())),
            }
        };
        match &value.kind {
            Kind::Unknown(unknown) if unknown.variables.is_empty() => {
                let why = format!("is not known: {}", unknown.why);
                let lines = match columns(&why) < room + 2 {
                    true => why,
                    false => format!("is not known\n{}", self.indented(&unknown.why, 4).trim_end()),
                };
                (self.paint().doubtful(&lines), true)
            }
            Kind::Unknown(unknown) => {
                let kind = unknown.type_name.filter(|name| *name != "str");
                let kind = kind.map_or(String::new(), |name| format!(" ({name})"));
                (format!("is what {} says{kind}", named(&unknown.variables)), true)
            }
            Kind::Either(either) => match fallback(either) {
                Some((variables, unset)) => (unless(unset, &variables), unset.certainty() == Certainty::Known),
                None => (format!("= {}", value_line(value, room)), false),
            },
            Kind::Template(template) => {
                let variables = variables_of(value);
                match &template.unset {
                    Some(unset) if !variables.is_empty() => (unless(unset, &listed(&variables, "or", MAX_NAMED)), true),
                    _ => (format!("= {}", value_line(value, room)), false),
                }
            }
            _ => (format!("= {}", value_line(value, room)), false),
        }
    }

    /// How certain a value is, where it is not known, and why.
    fn certainty(&self, setting: &Setting, detail: Detail) -> String {
        let variables = variables_of(setting.shown());
        let said = match setting.certainty {
            Certainty::Known => return String::new(),
            Certainty::Assumed => "holds only with what is assumed above".to_owned(),
            Certainty::Depends if variables.is_empty() => "depends on what the source does not decide".to_owned(),
            Certainty::Depends if detail == Detail::Full => {
                format!("depends on {}", listed(&variables, "and", usize::MAX))
            }
            Certainty::Depends => format!("depends on {}", named(&variables)),
            Certainty::Unknown => match reason(setting.shown()) {
                Some(why) => format!("not known in full: {why}"),
                None => "not known in full".to_owned(),
            },
        };
        self.paint().doubtful(&self.indented(&said, 4))
    }

    /// The statements that had to do with a setting, each with what it did.
    fn steps(&self, name: &str, setting: &Setting, detail: Detail) -> String {
        let places: Vec<String> = setting.steps.iter().map(|step| self.places.line(step.place)).collect();
        let widest = places.iter().map(|place| columns(place)).max().unwrap_or(0);
        let width = if widest <= MAX_PLACE { widest } else { 0 };
        let is_alone = setting.steps.len() == 1;
        let mut text = self.paint().faint(&self.env_files(setting.shown()));
        for (step, place) in setting.steps.iter().zip(&places) {
            let deed = if is_alone { "" } else { self.deed(name, step) };
            let start = match is_alone {
                true => format!("{place:width$}  "),
                false => format!("{place:width$}  {deed:9}  "),
            };
            let excerpt = self.excerpt(name, setting, step, is_alone);
            let room = self.look.width.saturating_sub(4 + columns(&start));
            let line = match (room < columns(&excerpt), detail) {
                (true, Detail::Full) => {
                    format!("    {}\n        {}\n", start.trim_end(), cut(&excerpt, self.look.width - 8))
                }
                (true, Detail::Short) if room < MIN_EXCERPT => format!("    {}\n", start.trim_end()),
                _ => format!("    {}\n", format!("{start}{}", cut(&excerpt, room)).trim_end()),
            };
            text += &self.paint().faint(&line);
            let is_said = step.when.is_always() || is_alone && setting.certainty == Certainty::Depends;
            if !is_said {
                let when = step.when.describe();
                let when = if step.deed == Deed::Nothing { format!("only {when}") } else { when };
                let when = if detail == Detail::Short { cut(&when, self.look.width - 10) } else { when };
                text += &self.paint().faint(&self.indented(&when, 8));
            }
        }
        text
    }

    /// Where environment files set what is in a value.
    fn env_files(&self, value: &Value) -> String {
        let mut found: Vec<Place> = Vec::new();
        walk(value, &mut |value| found.extend(value.origin));
        found.retain(|place| self.places.sources.path(place.file).extension().is_none_or(|end| end != "py"));
        found.sort_by_cached_key(|place| (self.places.file(*place), place.span));
        let mut lines: Vec<String> = found.into_iter().map(|place| self.places.line(place)).collect();
        lines.dedup();
        if lines.is_empty() { String::new() } else { self.indented(&format!("set in {}", lines.join(", ")), 4) }
    }

    fn deed(&self, name: &str, step: &Step) -> &'static str {
        match step.deed {
            Deed::Sets | Deed::Replaces if self.is_import(step) => "imports",
            Deed::Sets => "sets",
            Deed::Changes => "changes",
            Deed::Replaces if self.mentions_itself(name, step) => "changes",
            Deed::Replaces => "overrides",
            Deed::Nothing => "not run",
        }
    }

    fn is_import(&self, step: &Step) -> bool {
        let text = self.places.sources.text_at(step.place);
        text.starts_with("from ") || text.starts_with("import ")
    }

    /// Whether a statement builds a setting's value from the one that it had: `X += …`, `X = [*X, …]`.
    fn mentions_itself(&self, name: &str, step: &Step) -> bool {
        let text = code_only(&self.places.sources.text_at(step.place));
        let Some((target, value)) = text.split_once('=') else { return false };
        let is_augmented = target.trim_end().ends_with(|c: char| c.is_ascii_punctuation() && !")]_".contains(c));
        let is_word = |word: &str| word == name;
        is_augmented || value.split(|c: char| !c.is_alphanumeric() && c != '_').any(is_word)
    }

    /// The first line of a statement, where it tells more than the value does.
    fn excerpt(&self, name: &str, setting: &Setting, step: &Step, is_alone: bool) -> String {
        let source = self.places.sources.text_at(step.place);
        let mut lines = source.lines();
        let first = lines.next().unwrap_or_default().trim();
        let goes_on = lines.next().is_some();
        let says_value = || {
            let plain = |text: &str| text.replace('\'', "\"").replace(' ', "");
            let Some((target, written)) = first.split_once('=') else { return false };
            let written = written.trim().trim_start_matches(['r', 'R']);
            target.starts_with(name) && plain(written) == plain(&value_line(setting.shown(), usize::MAX))
        };
        match (is_alone, goes_on) {
            (true, true) => String::new(),
            (true, false) if says_value() => String::new(),
            (_, true) => format!("{first} …"),
            (_, false) => first.to_owned(),
        }
    }
}

/// The setting that a name may be meant for: of those that are set, or of Django's own.
pub fn near(judged: &Judged, name: &str) -> Option<String> {
    let mut names: Vec<&str> = django_settings().collect();
    names.extend(judged.settings.names.keys().map(|name| -> &str { name }));
    nearest(name, names, |known| known.len() / 5 + 1).filter(|near| *near != name).map(str::to_owned)
}

/// "$A, $B and $C".
fn named(variables: &[Arc<str>]) -> String {
    listed(variables, "and", MAX_NAMED)
}

fn listed(variables: &[Arc<str>], last: &str, most: usize) -> String {
    let mut names: Vec<String> = variables.iter().take(most).map(|name| format!("${name}")).collect();
    if variables.len() > most {
        return format!("{} and {} more", names.join(", "), variables.len() - most);
    }
    let end = names.pop().unwrap_or_default();
    if names.is_empty() { end } else { format!("{} {last} {end}", names.join(", ")) }
}

/// The environment variables that have a part in a value, in order.
fn variables_of(value: &Value) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    walk(value, &mut |value| match &value.kind {
        Kind::Unknown(unknown) => found.extend(unknown.variables.iter().cloned()),
        Kind::Either(either) => {
            found.extend(either.variables.iter().cloned());
            either.options.iter().for_each(|choice| found.extend(facts_of(&choice.when)));
        }
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
            items.items.iter().for_each(|item| found.extend(facts_of(&item.when)));
        }
        Kind::Dict(dict) => dict.entries.iter().for_each(|entry| found.extend(facts_of(&entry.when))),
        _ => {}
    });
    let mut seen = Vec::with_capacity(found.len());
    for name in found {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The environment variables of which a condition says whether they are set.
fn facts_of(when: &Condition) -> impl Iterator<Item = Arc<str>> {
    when.ways.iter().flatten().filter_map(|fact| fact.variable.clone())
}

/// Why a part of a value is not known, the first of several reasons.
fn reason(value: &Value) -> Option<Arc<str>> {
    let mut found: Option<Arc<str>> = None;
    walk(value, &mut |value| {
        let here = match &value.kind {
            Kind::Unknown(unknown) if unknown.variables.is_empty() => Some(unknown.why.clone()),
            Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => items.open.clone(),
            Kind::Dict(dict) => dict.open.clone(),
            Kind::Call(call) => Some(format!("{} is not evaluated", call.function).into()),
            Kind::Symbol(name) => Some(format!("{name} is not evaluated").into()),
            Kind::Instance(_) => Some("an instance of a class is not evaluated".into()),
            _ => None,
        };
        found = found.take().or(here);
    });
    found
}

/// Visits a value and its parts.
pub fn walk(value: &Value, visit: &mut dyn FnMut(&Value)) {
    visit(value);
    match &value.kind {
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
            items.items.iter().for_each(|item| walk(&item.value, visit));
        }
        Kind::Dict(dict) => dict.entries.iter().for_each(|entry| {
            walk(&entry.key, visit);
            walk(&entry.value, visit);
        }),
        Kind::Either(either) => either.options.iter().for_each(|choice| walk(&choice.value, visit)),
        Kind::Template(template) => template.pieces.iter().for_each(|piece| {
            if let Piece::Hole(hole) = piece {
                walk(hole, visit);
            }
        }),
        Kind::Path(path) => walk(path, visit),
        _ => {}
    }
}
