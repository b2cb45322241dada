//! environs 9 to 15: `env = Env()`, `env("NAME")`, `env.bool("NAME")`, `env.read_env()`, `env.prefixed("NAME_")`.

use std::path::{Path, PathBuf};

use super::environs_fields::{Field, deserialize};
use super::plain::is_at_least;
use super::{Call, dotenv, loading, os, variables};
use crate::eval::changes::Changes;
use crate::eval::formula::Formula;
use crate::eval::heap::{Contents, Dict, Entry, Key, State, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, HeapId, Kind, Object};
use crate::eval::raise::Exception;
use crate::python::ast::Name;
use crate::source::Place;

const DISTRIBUTION: &str = "environs";
/// The entry of an `Env`'s dict that holds its prefix; variables are there as `$NAME`.
const PREFIX: &str = "_prefix";

/// An `Env` object.
struct Env {
    /// The dict of its prefix, and of the variables that it read from a file itself.
    own: HeapId,
    /// What it was made with.
    made: Arguments,
    is_file_aware: bool,
}

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let method = match call.name {
        "environs.Env" | "environs.FileAwareEnv" => return Some(Ok(constructed(machine, call))),
        "environs.Env.read_env" | "environs.FileAwareEnv.read_env" => return Some(read_env_of_class(machine, call)),
        "environs.env" | "environs.Env()" | "environs.FileAwareEnv()" => "",
        name => {
            let prefixes = ["environs.env.", "environs.Env().", "environs.FileAwareEnv()."];
            prefixes.iter().find_map(|prefix| name.strip_prefix(prefix))?
        }
    };
    let env = Env::of(machine, call)?;
    match method {
        "read_env" => Some(env.read_env(machine, call)),
        "seal" => Some(machine.may_raise("env.seal()").map(|()| Object::none(call.place))),
        "prefixed" => {
            let mut arguments = call.arguments.clone();
            arguments.named.extend(call.receiver.map(|env| ("self".into(), env.clone())));
            Some(Ok(super::made(call.name, arguments, call.place)))
        }
        _ => Some(env.get(machine, Field::of(method)?, call)),
    }
}

/// What runs before and after the body of `with env.prefixed("NAME_")`: the dict of the object, and its prefix before.
pub(in crate::eval) struct Prefixed {
    own: HeapId,
    before: Object,
}

/// Begins `with env.prefixed("NAME_") as env`, where the context manager is that. Also gives what it binds.
pub(in crate::eval) fn enter_prefixed(machine: &mut Machine, manager: &Object) -> Option<(Prefixed, Object)> {
    let Kind::Made(made) = &manager.kind else { return None };
    let env = match made.function.as_ref() {
        "environs.env.prefixed" => Object::symbol("environs.env", manager.origin),
        "environs.Env().prefixed" | "environs.FileAwareEnv().prefixed" => made.arguments.by_name("self")?.clone(),
        _ => return None,
    };
    let own = match &env.kind {
        Kind::Symbol(_) => machine.environs,
        Kind::Made(made) => own_dict(&made.arguments)?,
        _ => return None,
    };
    let before = prefix(machine, own);
    let added = made.arguments.get(0, "prefix").cloned().unwrap_or_else(|| Object::unknown("no prefix", None));
    let joined = match (before.as_str(), added.as_str()) {
        (Some(before), Some(added)) => Object::str(format!("{before}{added}"), None),
        _ => Object::unknown_of(Class::Str, "the prefix is not known", None),
    };
    machine.set_entry(own, &Object::str(PREFIX, None), joined);
    Some((Prefixed { own, before }, env))
}

/// Ends it, in a state that leaves the body.
pub(in crate::eval) fn leave_prefixed(state: &mut State, prefixed: &Prefixed) {
    let Some(Contents::Dict(dict)) = state.cell_mut(prefixed.own).map(|cell| &mut cell.contents) else { return };
    let key = Object::str(PREFIX, None);
    let entry = Entry { key, value: prefixed.before.clone(), when: Formula::TRUE, history: Changes::default() };
    dict.entries.insert(Key::str(PREFIX), entry);
}

/// `Env(…)`: a record with a dict for what the object holds.
fn constructed(machine: &mut Machine, call: &Call) -> Object {
    let own = machine.allocate(Contents::Dict(Dict::scope()));
    if let Some(prefix) = call.arguments.by_name("prefix").filter(|prefix| !matches!(prefix.kind, Kind::None)) {
        machine.set_entry(own, &Object::str(PREFIX, None), prefix.clone());
    }
    let mut arguments = call.arguments.clone();
    arguments.positional = vec![Object::new(Kind::Heap(own), call.place)];
    super::made(call.name, arguments, call.place)
}

fn own_dict(arguments: &Arguments) -> Option<HeapId> {
    match arguments.positional.first() {
        Some(Object { kind: Kind::Heap(id), .. }) => Some(*id),
        _ => None,
    }
}

/// The prefix that is set now; an empty string where there is none.
fn prefix(machine: &mut Machine, own: HeapId) -> Object {
    let entry = machine.dict_of(own).and_then(|dict| dict.entries.get(&Key::str(PREFIX)).cloned());
    match entry {
        None => Object::str("", None),
        Some(entry) if machine.formulas.implies(machine.state.path, entry.when) => machine.narrowed(&entry.value),
        Some(_) => Object::unknown_of(Class::Str, "the prefix is set in some cases only", None),
    }
}

impl Env {
    fn of(machine: &Machine, call: &Call) -> Option<Self> {
        let is_file_aware = call.name.contains("FileAwareEnv");
        match call.made_with() {
            Some(made) => Some(Self { own: own_dict(made)?, made: made.clone(), is_file_aware }),
            None => Some(Self { own: machine.environs, made: Arguments::default(), is_file_aware }),
        }
    }

    /// A switch of the constructor; none where it is not known.
    fn switch(&self, name: &str, default: bool) -> Option<bool> {
        match self.made.by_name(name).map(|value| &value.kind) {
            None => (!self.made.open).then_some(default),
            Some(Kind::Bool(value)) => Some(*value),
            Some(_) => None,
        }
    }

    fn get(&self, machine: &mut Machine, field: Field, call: &Call) -> Run<Object> {
        let place = call.place;
        let prefix = prefix(machine, self.own);
        let (Some(prefix), Some(eager), Some(expands), false) = (
            prefix.as_str().cloned(),
            self.switch("eager", true),
            self.switch("expand_vars", false),
            call.arguments.open,
        ) else {
            machine.may_raise("env()")?;
            return Ok(Object::unknown("how env reads the variable is not known", place));
        };
        let Some(name) = call.arg(0, "name").cloned() else {
            return machine.fail(Exception::new("TypeError", "missing 1 required positional argument: 'name'"));
        };
        // A dict is read with delimiters and casts of its own, and a value that is checked may raise.
        let is_checked = call.arguments.by_name("validate").is_some();
        let default = call.arg(1, "default").filter(|default| !is_missing(default)).cloned();
        machine.each(&name, |machine, name| {
            let Some(name) = name.as_str().cloned() else {
                machine.may_raise("env()")?;
                return Ok(Object::unknown("the name of the variable is not known", place));
            };
            let name: Name = format!("{prefix}{name}").into();
            if is_checked {
                machine.may_raise("env()")?;
            }
            let (present, raw) = self.look_up(machine, &name, place);
            let raw = if expands { unexpanded(machine, &raw)? } else { raw };
            machine.branch(
                present,
                |machine| {
                    let raw = machine.narrowed(&raw);
                    deserialize(machine, field, &raw, eager, call)
                },
                |machine| match &default {
                    Some(default) => self.default(machine, field, default, expands, call),
                    None if eager => {
                        let missing = not_set(machine, &name);
                        Err(machine.raise(missing))
                    }
                    None if is_at_least(machine, DISTRIBUTION, [9, 5]) => Ok(Object::none(place)),
                    None => Ok(Object::unknown("what an old environs gives lazily is not evaluated", place)),
                },
            )
        })
    }

    /// What a default gives: as it is since 14.0, and read like a variable before.
    fn default(
        &self,
        machine: &mut Machine,
        field: Field,
        default: &Object,
        expands: bool,
        call: &Call,
    ) -> Run<Object> {
        let is_class = |name: &Name| matches!(name.as_ref(), "enum" | "type");
        if matches!(field, Field::Other("enum")) && !call.arguments.named.iter().any(|(name, _)| is_class(name)) {
            machine.may_raise("env.enum() without a class")?;
            return Ok(Object::unknown("env.enum() without a class", call.place));
        }
        let is_raw = is_at_least(machine, DISTRIBUTION, [14, 0]) && !field.is_function(machine);
        // `None` was allowed where it was the default, but for what was taken apart before.
        let is_none = matches!(default.kind, Kind::None);
        if is_raw
            || is_none
                && !field.is_function(machine)
                && !matches!(field, Field::Dict | Field::Json | Field::Other("url"))
        {
            return Ok(default.clone());
        }
        let default = if expands { unexpanded(machine, default)? } else { default.clone() };
        deserialize(machine, field, &default, true, call)
    }

    /// In which cases a variable is set, and what it holds there: the environment, then what `read_env` read.
    fn look_up(&self, machine: &mut Machine, name: &Name, place: Option<Place>) -> (Formula, Object) {
        let outside = variables::look_up(machine, name, place);
        let key = Key::str(format!("${name}"));
        let own = machine.dict_of(self.own).and_then(|dict| dict.entries.get(&key).cloned());
        let (mut present, mut value) = (outside.present, outside.value);
        if let Some(own) = own {
            let otherwise = machine.formulas.and_not(own.when, present);
            value = either(&mut machine.formulas, [(present, &value), (otherwise, &own.value)]);
            present = machine.formulas.or(present, own.when);
        }
        if self.is_file_aware {
            let suffix = match self.made.by_name("file_suffix") {
                None => Some("_FILE".into()),
                Some(suffix) => suffix.as_str().cloned(),
            };
            let Some(suffix) = suffix else {
                let file = machine.fresh("a file holds the variable", crate::eval::formula::Subject::Other);
                let unknown = Object::unknown_of(Class::Str, "the file that holds it is not read", place);
                return (machine.formulas.or(present, file), unknown);
            };
            let file = variables::look_up(machine, &format!("{name}{suffix}").into(), place);
            let has_path = machine.truth(&file.value);
            let from_file = machine.formulas.and(file.present, has_path);
            let direct = machine.formulas.and_not(present, from_file);
            let content = match &file.value.kind {
                Kind::Unknown(unknown) => {
                    machine.derived(unknown, Class::Str, |text| format!("open({text}).read()"), place)
                }
                _ => Object::unknown_of(Class::Str, "the file that holds it is not read", place),
            };
            value = either(&mut machine.formulas, [(from_file, &content), (direct, &value)]);
            present = machine.formulas.or(present, from_file);
        }
        (present, value)
    }

    fn read_env(&self, machine: &mut Machine, call: &Call) -> Run<Object> {
        if !is_at_least(machine, DISTRIBUTION, [15, 0]) {
            return read_env_of_class(machine, call);
        }
        let overrides = call.arguments.by_name("override").is_some_and(|it| !matches!(it.kind, Kind::Bool(false)));
        let result = Object::unknown("whether a .env file is there is not known", call.place);
        let recurse = call.arguments.by_name("recurse");
        with_file(machine, call, recurse, |machine, path| {
            let values = dotenv::file_values(machine, path);
            self.take(machine, values, overrides);
            Ok(())
        })?;
        Ok(result)
    }

    /// Remembers what a file sets; without `overrides`, what is there already stays.
    fn take(&self, machine: &mut Machine, values: Option<loading::Values>, overrides: bool) {
        for (name, value) in values.into_iter().flatten() {
            let Some(value) = value else { continue };
            let name = Object::str(format!("${name}"), value.origin);
            let known = Key::of(&name).and_then(|key| machine.dict_of(self.own)?.entries.get(&key).cloned());
            let held = match known.filter(|_| !overrides) {
                None => value,
                Some(known) => {
                    let absent = machine.formulas.not(known.when);
                    either(&mut machine.formulas, [(known.when, &known.value), (absent, &value)])
                }
            };
            machine.set_entry(self.own, &name, held);
        }
    }
}

/// `Env.read_env(…)` until 14: a file is put into the environment.
fn read_env_of_class(machine: &mut Machine, call: &Call) -> Run<Object> {
    if is_at_least(machine, DISTRIBUTION, [15, 0]) {
        return machine.fail(Exception::new("TypeError", "read_env() is a method of an Env since environs 15"));
    }
    let overrides = call.arg(3, "override").cloned().unwrap_or_else(|| Object::bool(false, None));
    let overrides = machine.truth(&overrides);
    let result = Object::unknown("whether a .env file is there is not known", call.place);
    let none = Object::none(call.place);
    let load = |machine: &mut Machine, overrides: bool| {
        with_file(machine, call, call.arg(1, "recurse"), |machine, path| dotenv::load_file(machine, path, overrides))
            .map(|()| none.clone())
    };
    machine.branch(overrides, |machine| load(machine, true), |machine| load(machine, false))?;
    Ok(result)
}

/// Reads the file that is meant: the one at the path, or the nearest of its name above. Without a path, `.env` from the
/// folder of the calling file.
fn with_file(
    machine: &mut Machine,
    call: &Call,
    recurse: Option<&Object>,
    mut read: impl FnMut(&mut Machine, &Path) -> Run<()>,
) -> Run<()> {
    let given = call.arg(0, "path").filter(|path| !matches!(path.kind, Kind::None)).cloned();
    let start = match given {
        Some(path) => match os::as_text(&path, call.place).as_str() {
            Some(path) if !path.starts_with('/') => return loading::at_path(machine, path, read),
            Some(path) => PathBuf::from(os::normalized(path)),
            None => return Ok(()),
        },
        None => match machine.module().file {
            Some(file) => machine.path_of(file).with_file_name(".env"),
            None => return Ok(()),
        },
    };
    let Some(name) = start.file_name() else { return Ok(()) };
    let recurses = !matches!(recurse.map(|it| &it.kind), Some(Kind::Bool(false)));
    let mut folders = start.ancestors().skip(1).take(if recurses { usize::MAX } else { 1 });
    match folders.find_map(|folder| Some(folder.join(name)).filter(|path| machine.is_committed(path))) {
        Some(path) => read(machine, &path),
        None => Ok(()),
    }
}

fn not_set(machine: &Machine, name: &str) -> Exception {
    let is_new = is_at_least(machine, DISTRIBUTION, [15, 1]);
    let class = if is_new { "environs.EnvNotSetError" } else { "environs.EnvError" };
    Exception::new(class, format!("Environment variable \"{name}\" not set"))
}

/// A value with `expand_vars`: a text with `$` in it is not evaluated.
fn unexpanded(machine: &mut Machine, value: &Object) -> Run<Object> {
    let value = machine.spelled_out(value);
    machine.map(&value, |_, value| {
        Ok(match &value.kind {
            Kind::Str(text) if text.contains('$') => {
                Object::unknown_of(Class::Str, "a variable within the value is not expanded", value.origin)
            }
            _ => value.clone(),
        })
    })
}

/// Whether it is `...` or `marshmallow.missing`, which mean that there is no default.
fn is_missing(object: &Object) -> bool {
    match &object.kind {
        Kind::Ellipsis => true,
        Kind::Symbol(name) => matches!(name.as_ref(), "marshmallow.missing" | "marshmallow.utils.missing"),
        _ => false,
    }
}
