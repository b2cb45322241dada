//! python-decouple 3.8: `config(…)`, `Csv`, and the `.env` beside or above the settings.

use std::path::{Path, PathBuf};

use super::env_file::{self, Dialect};
use super::{Call, variables};
use crate::eval::convert;
use crate::eval::heap::either;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::python::ast::Name;
use crate::source::Place;

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name {
        "decouple.config"
        | "decouple.AutoConfig()"
        | "decouple.Config()"
        | "decouple.config.get"
        | "decouple.Config().get" => Some(config(machine, call)),
        "decouple.Csv()" => Some(csv(machine, call.arg(0, "value")?, call.made_with()?, call.place)),
        _ => None,
    }
}

fn config(machine: &mut Machine, call: &Call) -> Run<Object> {
    let Some(option) = call.arg(0, "option").cloned() else {
        return Ok(Object::unknown("config() without a name", call.place));
    };
    let default = call.arg(1, "default").cloned();
    let cast = call.arg(2, "cast").cloned();
    machine.each(&option, |machine, option| {
        let Some(name) = option.as_str().cloned() else {
            return Ok(Object::unknown("the name of the variable is not known", call.place));
        };
        let variable = variables::look_up(machine, &name, call.place);
        let absent = machine.formulas.not(variable.present);
        let elsewhere = match from_file(machine, call, &name) {
            FromFile::Value(value) => Some(value),
            FromFile::Nothing => default.clone(),
        };
        let value = match elsewhere {
            Some(elsewhere) => {
                either(&mut machine.formulas, [(variable.present, &variable.value), (absent, &elsewhere)])
            }
            None => {
                let exception = Exception::new("decouple.UndefinedValueError", format!("{name} not found"));
                machine.raise_when(absent, exception)?;
                machine.narrowed(&variable.value)
            }
        };
        match &cast {
            None => Ok(value),
            Some(cast) => cast_value(machine, cast, &value, call.place),
        }
    })
}

enum FromFile {
    Value(Object),
    Nothing,
}

/// The variable as the nearest `.env` upwards has it. A `settings.ini` hides the `.env` beside it.
fn from_file(machine: &mut Machine, call: &Call, name: &Name) -> FromFile {
    let is_default_search = call.made_with().is_none_or(|made| made.positional.is_empty() && made.named.is_empty());
    let Some(file) = machine.module().file.filter(|_| is_default_search) else { return FromFile::Nothing };
    let path = machine.path_of(file);
    let mut folder = path.parent().map(Path::to_path_buf);
    while let Some(at) = folder {
        if machine.is_committed(&at.join("settings.ini")) {
            return FromFile::Value(Object::unknown("settings.ini decides it", call.place));
        }
        if machine.is_committed(&at.join(".env")) {
            return read(machine, &at.join(".env"), name);
        }
        folder = at.parent().map(PathBuf::from).filter(|parent| parent.parent().is_some());
    }
    FromFile::Nothing
}

fn read(machine: &mut Machine, path: &Path, name: &Name) -> FromFile {
    let sources = machine.world.trees.sources;
    let id = sources.id(path);
    let Ok(file) = sources.file(id) else { return FromFile::Nothing };
    // A later line replaces an earlier one.
    let found = env_file::parse(&file.text, Dialect::Decouple).into_iter().rfind(|line| line.name == name.as_ref());
    match found {
        Some(line) => FromFile::Value(Object::str(line.value.unwrap_or_default(), Some(Place::new(id, line.span)))),
        None => FromFile::Nothing,
    }
}

fn cast_value(machine: &mut Machine, cast: &Object, value: &Object, place: Option<Place>) -> Run<Object> {
    match &cast.kind {
        Kind::Symbol(name) if name.as_ref() == "builtins.bool" => machine.map(value, |machine, value| {
            Ok(match &value.kind {
                Kind::Str(text) => match strtobool(text) {
                    Some(value) => Object::bool(value, place),
                    None => return Err(Exception::new("ValueError", format!("Invalid truth value: {text}"))),
                },
                Kind::Bool(value) => Object::bool(*value, place),
                Kind::Int(number @ (0 | 1)) => Object::bool(*number == 1, place),
                Kind::None | Kind::Int(_) | Kind::Float(_) => {
                    return Err(Exception::new("ValueError", "Invalid truth value"));
                }
                Kind::Unknown(unknown) => machine.derived(unknown, Class::Bool, |text| format!("bool({text})"), place),
                _ => Object::unknown_of(Class::Bool, "the value is not known", place),
            })
        }),
        Kind::Symbol(name) if name.as_ref() == "builtins.int" => convert::to_int(machine, value, place),
        _ => machine.call(cast, Arguments::positional(vec![value.clone()]), place),
    }
}

/// `bool(strtobool(value))`, where an empty string is false. None where it raises.
fn strtobool(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "" | "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
        "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
        _ => None,
    }
}

/// `Csv(cast=str, delimiter=",", strip=whitespace, post_process=list)(value)`.
fn csv(machine: &mut Machine, value: &Object, made: &Arguments, place: Option<Place>) -> Run<Object> {
    let cast = made.get(0, "cast").cloned();
    let delimiter = match made.get(1, "delimiter") {
        None => Some(",".into()),
        Some(delimiter) => delimiter.as_str().cloned(),
    };
    let strips_blanks = made.get(2, "strip").is_none();
    let post_process = made.get(3, "post_process").cloned();
    let parsed = machine.map(value, |machine, value| {
        Ok(match (&value.kind, &delimiter) {
            (Kind::None, _) => machine.list(Vec::new(), place),
            // Quotes, escapes and comments are left to shlex.
            (Kind::Str(text), Some(delimiter)) if strips_blanks && !text.contains(['"', '\'', '\\', '#']) => {
                let parts = text.split(|c| delimiter.contains(c)).filter(|part| !part.is_empty());
                let items = parts.map(|part| Item::new(Object::str(part.trim(), value.origin))).collect();
                machine.list(items, value.origin)
            }
            (Kind::Unknown(unknown), _) => {
                machine.derived(unknown, Class::List, |text| format!("Csv()({text})"), value.origin)
            }
            (Kind::Heap(_) | Kind::Tuple(_), _) => {
                return Err(Exception::new("AttributeError", "a list has no attribute 'read'"));
            }
            _ => Object::unknown_of(Class::List, "the value is not known", value.origin),
        })
    })?;
    let is_str = |cast: &Object| matches!(&cast.kind, Kind::Symbol(name) if name.as_ref() == "builtins.str");
    let parsed = match cast.filter(|cast| !is_str(cast)) {
        None => parsed,
        Some(cast) => {
            let items = machine.items_or_unknown(&parsed)?;
            let mut converted = Vec::with_capacity(items.len());
            for item in items {
                let object = machine.call(&cast, Arguments::positional(vec![item.object.clone()]), place)?;
                converted.push(Item { object, ..item });
            }
            machine.list(converted, place)
        }
    };
    match post_process {
        None => Ok(parsed),
        Some(process) => machine.call(&process, Arguments::positional(vec![parsed]), place),
    }
}
