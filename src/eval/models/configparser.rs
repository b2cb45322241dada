//! `configparser`: files of sections, read as CPython 3.13 does.

use super::{Call, files, made, os, pathlib};
use crate::eval::heap::{Contents, Dict, Key, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, HeapId, Item, Kind, Made, Object};
use crate::eval::raise::Exception;
use crate::eval::{convert, formula::Formula};
use crate::source::{FileId, Place, Span};

const RAW: &str = "configparser.RawConfigParser";
const BASIC: &str = "configparser.ConfigParser";
/// A section of a parser; its arguments are the parser and the section's name.
const SECTION: &str = "configparser.SectionProxy";
const DEFAULT: &str = "DEFAULT";
const OPEN: &str = "a file is read that is not in this project";

/// The name of a class, or of a method of an instance.
pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    if call.name == RAW || call.name == BASIC {
        return Some(Ok(construct(machine, call)));
    }
    let receiver = call.receiver?;
    let Kind::Made(made) = &receiver.kind else { return None };
    if let Some(method) = call.name.strip_prefix(SECTION).and_then(|rest| rest.strip_prefix("().")) {
        let (parser, section) = (made.arguments.get(0, "")?, made.arguments.get(1, "")?.as_str()?.clone());
        let Kind::Made(parser) = &parser.kind else { return None };
        let parser = Parser::of(parser)?;
        let option = call.arguments.positional.first()?.as_str()?.clone();
        let fallback = call.arg(1, "fallback").cloned().unwrap_or_else(|| Object::none(call.place));
        return matches!(method, "get" | "getint" | "getfloat" | "getboolean")
            .then(|| parser.get(machine, method, &section, &option, Some(fallback), call.place));
    }
    let method = call.name.strip_prefix(made.function.as_ref())?.strip_prefix("().")?;
    let parser = Parser::of(made)?;
    let text = |index: usize| call.arguments.positional.get(index).and_then(Object::as_str).cloned();
    match (method, text(0), text(1)) {
        ("read", ..) => Some(parser.read(machine, call)),
        ("read_file" | "read_string", ..) => {
            let given = call.arguments.positional.first()?.clone();
            Some(machine.each(&given, |machine, given| {
                let text = match files::file_of(&given) {
                    Some(file) => files::read_all(machine, file),
                    None => Some(given),
                };
                parser.add(machine, text.as_ref(), call.place)
            }))
        }
        ("get" | "getint" | "getfloat" | "getboolean", Some(section), Some(option)) => {
            let is_plain = |(name, value): &(_, Object)| match AsRef::<str>::as_ref(name) {
                "fallback" => true,
                "raw" => matches!(value.kind, Kind::Bool(raw) if !raw || parser.is_raw),
                "vars" => matches!(value.kind, Kind::None),
                _ => false,
            };
            let arguments = call.arguments;
            if arguments.positional.len() != 2 || arguments.open || !arguments.named.iter().all(is_plain) {
                return None;
            }
            // What the library itself gives where nothing is given.
            let is_given = |fallback: &&Object| !matches!(&fallback.kind, Kind::Symbol(name) if name.as_ref() == "configparser._UNSET");
            let fallback = arguments.by_name("fallback").filter(is_given).cloned();
            Some(parser.get(machine, method, &section, &option, fallback, call.place))
        }
        ("has_section", Some(section), None) if section.as_ref() != DEFAULT => {
            Some(parser.truth(machine, &section, None, call.place))
        }
        ("has_option", Some(section), Some(option)) => {
            Some(parser.truth(machine, &section, Some(&option.to_lowercase()), call.place))
        }
        ("_convert_to_boolean", Some(text), None) => Some(match boolean(&text) {
            Some(value) => Ok(Object::bool(value, call.place)),
            None => machine.fail(Exception::new("ValueError", format!("Not a boolean: {text}"))),
        }),
        ("sections", None, None) => {
            let state = machine.dict_of(parser.state)?.clone();
            let elsewhere = parser.elsewhere(machine);
            if state.open.is_some() || state.is_reordered || !elsewhere.is_false() {
                return None;
            }
            let sections =
                state.entries.values().filter(|entry| entry.key.as_str().is_some_and(|key| key.as_ref() != DEFAULT));
            let items = sections.map(|entry| Item { object: entry.key.clone(), when: entry.when, repeated: false });
            let items = items.collect();
            Some(Ok(machine.list(items, call.place)))
        }
        (
            "set" | "add_section" | "remove_option" | "remove_section" | "read_dict" | "clear" | "update" | "pop"
            | "popitem" | "setdefault",
            ..,
        ) => {
            machine.open_dict(parser.state, "it is changed in a way that is not evaluated");
            None
        }
        _ => None,
    }
}

/// `BOOLEAN_STATES`.
fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "yes" | "true" | "on" => Some(true),
        "0" | "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

fn construct(machine: &mut Machine, call: &Call) -> Object {
    let is_plain = call.arguments.positional.is_empty()
        && !call.arguments.open
        && call.arguments.named.iter().all(|(name, value)| match name.as_ref() {
            "interpolation" => matches!(value.kind, Kind::None),
            _ => false,
        });
    if !is_plain {
        return Object::unknown("how the file is read is not known", call.place);
    }
    let is_raw = call.name == RAW || call.arguments.by_name("interpolation").is_some();
    let state = machine.dict(Dict::default(), call.place);
    made(if is_raw { RAW } else { BASIC }, Arguments::positional(vec![state]), call.place)
}

/// `parser[section]`, and `parser[section][option]`.
pub(super) fn subscript(machine: &mut Machine, made: &Made, object: &Object, index: &Object) -> Option<Run<Object>> {
    let place = machine.statement();
    let index = index.as_str()?.clone();
    if made.function.as_ref() == SECTION {
        let (parser, section) = (made.arguments.get(0, "")?, made.arguments.get(1, "")?.as_str()?.clone());
        let Kind::Made(parser) = &parser.kind else { return None };
        return Some(Parser::of(parser)?.get(machine, "get", &section, &index, None, place));
    }
    let parser = Parser::of(made)?;
    let proxy =
        super::made(SECTION, Arguments::positional(vec![object.clone(), Object::str(index.clone(), place)]), place);
    let is_there = index.as_ref() == DEFAULT;
    let elsewhere = parser.elsewhere(machine);
    let found = machine.branch(
        elsewhere,
        |machine| machine.may_raise("a subscript").map(|()| proxy.clone()),
        |machine| {
            match parser.has(machine, &index, None) {
                Some(has) if !is_there => {
                    let missing = machine.formulas.not(has);
                    machine.raise_when(missing, Exception::new("KeyError", index.clone()))?;
                }
                _ if !is_there => machine.may_raise("a subscript")?,
                _ => {}
            }
            Ok(proxy.clone())
        },
    );
    Some(found)
}

struct Parser {
    state: HeapId,
    is_raw: bool,
}

impl Parser {
    fn of(made: &Made) -> Option<Self> {
        let is_raw = match made.function.as_ref() {
            RAW => true,
            BASIC => false,
            _ => return None,
        };
        match made.arguments.positional.first()?.kind {
            Kind::Heap(state) => Some(Self { state, is_raw }),
            _ => None,
        }
    }

    /// `read(filenames)`: what is not there is passed over.
    fn read(&self, machine: &mut Machine, call: &Call) -> Run<Object> {
        let place = call.place;
        let result = Object::unknown_of(Class::List, "which files are there is not known", place);
        let Some(given) = call.arg(0, "filenames").cloned() else { return Ok(result) };
        machine.each(&given, |machine, given| self.read_files(machine, &given, call).map(|()| Object::none(place)))?;
        Ok(result)
    }

    fn read_files(&self, machine: &mut Machine, given: &Object, call: &Call) -> Run<()> {
        let place = call.place;
        let names = match &given.kind {
            Kind::Str(_) | Kind::Template(_) | Kind::Path(_) | Kind::Unknown(_) => vec![Item::new(given.clone())],
            _ => machine.items_or_unknown(given)?,
        };
        for item in names {
            if !item.is_certain() {
                self.note_elsewhere(machine, place);
                continue;
            }
            let encoding = call.arg(1, "encoding").cloned();
            machine.each(&item.object, |machine, path| {
                let text = os::as_text(&path, place);
                match files::committed(machine, &text) {
                    Some(file) => {
                        let content = files::content(machine, file, encoding.as_ref(), place);
                        self.add(machine, content.as_ref(), place)
                    }
                    None => {
                        let there = pathlib::exists(machine, &text, "exists");
                        machine.branch(
                            there,
                            |machine| {
                                self.note_elsewhere(machine, place);
                                Ok(Object::none(place))
                            },
                            |_| Ok(Object::none(place)),
                        )
                    }
                }
            })?;
        }
        Ok(())
    }

    /// Adds what a text holds.
    fn add(&self, machine: &mut Machine, text: Option<&Object>, place: Option<Place>) -> Run<Object> {
        let none = Object::none(place);
        let parsed = text.and_then(|text| text.as_str()).and_then(|text| parse(text));
        let (Some(text), Some(lines)) = (text, parsed) else {
            self.note_elsewhere(machine, place);
            machine.may_raise("reading a configuration file")?;
            return Ok(none);
        };
        let file = files::whole_file(machine, text);
        let part = |span: Span| file.map(|file: FileId| Place::new(file, span)).or(text.origin).or(place);
        for line in lines {
            let section = self.section(machine, &line.section);
            if let (Some(section), Some((option, value, span))) = (section, line.option) {
                machine.set_entry(section, &Object::str(option, part(span)), Object::str(value, part(span)));
            }
        }
        Ok(none)
    }

    /// The dict of a section, made now if there is none for certain.
    fn section(&self, machine: &mut Machine, name: &str) -> Option<HeapId> {
        let known = machine.dict_of(self.state)?.entries.get(&Key::str(name)).cloned();
        match known {
            Some(entry) if machine.formulas.implies(machine.state.path, entry.when) => match entry.value.kind {
                Kind::Heap(id) => Some(id),
                _ => None,
            },
            Some(_) => {
                machine.open_dict(self.state, "a section is there in some cases only");
                None
            }
            None => {
                let section = machine.dict(Dict::default(), None);
                machine.set_entry(self.state, &Object::str(name, None), section.clone());
                match section.kind {
                    Kind::Heap(id) => Some(id),
                    _ => None,
                }
            }
        }
    }

    /// In the present cases the parser holds what nobody knows.
    fn note_elsewhere(&self, machine: &mut Machine, place: Option<Place>) {
        machine.set_entry(self.state, &Object::none(None), Object::bool(true, place));
    }

    /// In which cases a file was read that is not in this project.
    fn elsewhere(&self, machine: &Machine) -> Formula {
        let state = machine.dict_of(self.state);
        state.and_then(|state| state.entries.get(&Key::None)).map_or(Formula::FALSE, |entry| entry.when)
    }

    /// In which cases a section has an option; none where that is not known.
    fn has(&self, machine: &mut Machine, section: &str, option: Option<&str>) -> Option<Formula> {
        let state = machine.dict_of(self.state)?.clone();
        let elsewhere = self.elsewhere(machine);
        if state.open.is_some() || !machine.formulas.excludes(machine.state.path, elsewhere) {
            return None;
        }
        let Some(entry) = state.entries.get(&Key::str(section)) else { return Some(Formula::FALSE) };
        let Some(option) = option else { return Some(entry.when) };
        let Kind::Heap(id) = entry.value.kind else { return None };
        let own = machine.dict_of(id)?.entries.get(&Key::str(option)).map_or(Formula::FALSE, |entry| entry.when);
        let default = state.entries.get(&Key::str(DEFAULT)).and_then(|default| match default.value.kind {
            Kind::Heap(id) => machine.dict_of(id)?.entries.get(&Key::str(option)).map(|entry| entry.when),
            _ => None,
        });
        let any = machine.formulas.or(own, default.unwrap_or(Formula::FALSE));
        Some(machine.formulas.and(entry.when, any))
    }

    /// Whether there is a section, or an option in it.
    fn truth(&self, machine: &mut Machine, section: &str, option: Option<&str>, place: Option<Place>) -> Run<Object> {
        let unknown = Object::unknown_of(Class::Bool, OPEN, place);
        let elsewhere = self.elsewhere(machine);
        machine.branch(
            elsewhere,
            |_| Ok(unknown.clone()),
            |machine| {
                Ok(match self.has(machine, section, option) {
                    Some(has) => machine.truth_object(has, place),
                    None => unknown.clone(),
                })
            },
        )
    }

    /// `get(section, option, fallback=…)` and its casts.
    fn get(
        &self,
        machine: &mut Machine,
        method: &str,
        section: &str,
        option: &str,
        fallback: Option<Object>,
        place: Option<Place>,
    ) -> Run<Object> {
        let elsewhere = self.elsewhere(machine);
        machine.branch(
            elsewhere,
            |machine| {
                machine.may_raise("reading an option")?;
                Ok(Object::unknown(OPEN, place))
            },
            |machine| self.get_here(machine, method, section, option, fallback, place),
        )
    }

    fn get_here(
        &self,
        machine: &mut Machine,
        method: &str,
        section: &str,
        option: &str,
        fallback: Option<Object>,
        place: Option<Place>,
    ) -> Run<Object> {
        let option = option.to_lowercase();
        let Some(has) = self.has(machine, section, Some(&option)) else {
            machine.may_raise("reading an option")?;
            return Ok(Object::unknown(OPEN, place));
        };
        let absent = machine.formulas.not(has);
        if fallback.is_none() {
            let exception = Exception::of_any_class(format!("no option {option:?} in section {section:?}"));
            if machine.formulas.implies(machine.state.path, absent) {
                return machine.fail(exception);
            }
            machine.raise_when(absent, exception)?;
        }
        let found = self.value(machine, section, &option, place);
        let fallback = fallback.unwrap_or_else(|| Object::none(place));
        machine.branch(
            has,
            |machine| match method {
                "getint" => convert::to_int(machine, &found, place),
                "getfloat" => convert::to_float(machine, &found, place),
                "getboolean" => machine.map(&found, |_, found| match &found.kind {
                    Kind::Str(text) => match boolean(text) {
                        Some(value) => Ok(Object::bool(value, found.origin)),
                        None => Err(Exception::new("ValueError", format!("Not a boolean: {text}"))),
                    },
                    _ => Ok(Object::unknown_of(Class::Bool, "the value is not known", found.origin)),
                }),
                _ => Ok(found.clone()),
            },
            |_| Ok(fallback.clone()),
        )
    }

    /// The value of an option that is there, with what it refers to put in.
    fn value(&self, machine: &mut Machine, section: &str, option: &str, place: Option<Place>) -> Object {
        let value = self.raw(machine, section, option, place);
        if self.is_raw {
            return value;
        }
        let result = machine.map(&value, |_, value| {
            Ok(match value.as_str() {
                Some(text) if !text.contains('%') => value.clone(),
                Some(text) if !text.replace("%%", "").contains('%') => {
                    Object::str(text.replace("%%", "%"), value.origin)
                }
                _ => Object::unknown("it refers to another option", value.origin),
            })
        });
        result.unwrap_or(value)
    }

    fn raw(&self, machine: &mut Machine, section: &str, option: &str, place: Option<Place>) -> Object {
        let mut parts = Vec::new();
        let mut rest = Formula::TRUE;
        for name in [section, DEFAULT] {
            let entry = machine.dict_of(self.state).and_then(|state| state.entries.get(&Key::str(name)).cloned());
            let Some(Kind::Heap(id)) = entry.map(|entry| entry.value.kind) else { continue };
            if !matches!(machine.contents(id), Some(Contents::Dict(dict)) if dict.open.is_none()) {
                return Object::unknown(OPEN, place);
            }
            let entry = machine.dict_of(id).and_then(|dict| dict.entries.get(&Key::str(option)).cloned());
            if let Some(entry) = entry {
                parts.push((machine.formulas.and(rest, entry.when), entry.value));
                rest = machine.formulas.and_not(rest, entry.when);
            }
        }
        match parts.is_empty() {
            true => Object::unknown("the option is not there", place),
            false => either(&mut machine.formulas, parts.iter().map(|(when, value)| (*when, value))),
        }
    }
}

/// A section header, or an option with its value and place.
#[derive(Debug, PartialEq)]
struct Line {
    section: String,
    option: Option<(String, String, Span)>,
}

/// The lines of a file; none where it raises, or where a value goes on over several lines.
fn parse(text: &str) -> Option<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut section: Option<String> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches('\n');
        let stripped = line.trim();
        if stripped.is_empty() || stripped.starts_with(['#', ';']) {
            continue;
        }
        // Indented lines go on with the value before them.
        if line.starts_with(char::is_whitespace) {
            return None;
        }
        if let Some(name) = stripped.strip_prefix('[') {
            let name = &name[..name.rfind(']').filter(|at| *at > 0)?];
            let is_seen = lines.iter().any(|line| line.section == name && line.option.is_none());
            if is_seen && name != DEFAULT {
                return None;
            }
            section = Some(name.to_owned());
            lines.push(Line { section: name.to_owned(), option: None });
            continue;
        }
        let section = section.clone()?;
        let (option, value) = stripped.split_at(stripped.find(['=', ':'])?);
        let option = option.trim_end().to_lowercase();
        let value = value[1..].trim();
        let is_seen = lines
            .iter()
            .any(|line| line.section == section && line.option.as_ref().is_some_and(|(known, ..)| *known == option));
        if option.is_empty() || is_seen {
            return None;
        }
        let span = Span::new(start as u32, (start + line.trim_end().len()) as u32);
        lines.push(Line { section, option: Some((option, value.to_owned(), span)) });
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_as_python_reads_them() {
        let lines = parse("# c\n[A b]\nKey = v # w\nurl: http://x:1\n; d\nempty =\n[DEFAULT]\nz=1\n").unwrap();
        let options: Vec<_> = lines
            .iter()
            .filter_map(|line| Some((line.section.as_str(), line.option.as_ref()?)))
            .map(|(section, (option, value, _))| (section, option.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            options,
            [("A b", "key", "v # w"), ("A b", "url", "http://x:1"), ("A b", "empty", ""), ("DEFAULT", "z", "1")]
        );
        for text in ["a = 1", "[a]\nb", "[a]\nb = 1\n c", "[a]\nb=1\nB=2", "[a]\n[a]", "[a\n", "[]\na=1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
