//! django-environ 0.14: `env = environ.Env(…)`, `env("NAME")`, `env.bool("NAME")`, `read_env`.

use std::path::{Path, PathBuf};

use super::env_file::{self, Dialect};
use super::{Call, os, variables};
use crate::eval::convert;
use crate::eval::heap::either;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::eval::text::class_of;
use crate::source::Place;

/// What a value from the environment is turned into.
#[derive(Clone)]
enum Cast {
    /// As it is.
    Nothing,
    Bool,
    Int,
    Float,
    Str,
    List,
    Tuple,
    Dict,
    /// `[cast]`: a list whose items are cast.
    ListOf(Box<Cast>),
    /// A function.
    Function(Object),
    /// Something whose result is not known.
    Other,
}

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    // `from environ.environ import Env` and `FileAwareEnv` read alike.
    let name = call.name.replace("environ.environ.", "environ.").replace("FileAwareEnv", "Env");
    let method = match name.as_str() {
        "environ.Env.read_env" | "environ.Env().read_env" => return Some(read_env(machine, call)),
        "environ.Env()" => "",
        "environ.Path" | "environ.Path()" => {
            return Some(Ok(Object::unknown("environ.Path is not evaluated", call.place)));
        }
        other => other.strip_prefix("environ.Env().")?,
    };
    let cast = match method {
        "" | "get_value" => call.arg(1, "cast").map(|cast| cast_of(machine, cast)),
        "bool" => Some(Cast::Bool),
        "int" => Some(Cast::Int),
        "float" => Some(Cast::Float),
        "str" | "unicode" => Some(Cast::Str),
        "list" => Some(match call.by_name("cast") {
            Some(inner) => Cast::ListOf(Box::new(cast_of(machine, inner))),
            None => Cast::List,
        }),
        "tuple" => Some(Cast::Tuple),
        "dict" => Some(Cast::Dict),
        "json" | "bytes" | "path" | "url" | "db" | "db_url" | "cache" | "cache_url" | "email" | "email_url"
        | "search_url" | "channels" | "channels_url" => Some(Cast::Other),
        _ => return None,
    };
    Some(value(machine, call, method, cast))
}

impl Call<'_> {
    fn by_name(&self, name: &str) -> Option<&Object> {
        self.arguments.by_name(name)
    }
}

fn cast_of(machine: &mut Machine, cast: &Object) -> Cast {
    match &cast.kind {
        Kind::None => Cast::Nothing,
        Kind::Symbol(name) => match name.as_ref() {
            "builtins.bool" => Cast::Bool,
            "builtins.int" => Cast::Int,
            "builtins.float" => Cast::Float,
            "builtins.str" => Cast::Str,
            "builtins.list" => Cast::List,
            "builtins.tuple" => Cast::Tuple,
            "builtins.dict" => Cast::Dict,
            _ => Cast::Function(cast.clone()),
        },
        Kind::Heap(_) => match machine.items(cast).ok().flatten().as_deref() {
            Some([only]) => Cast::ListOf(Box::new(cast_of(machine, &only.object.clone()))),
            _ => Cast::Other,
        },
        Kind::Function(_) => Cast::Function(cast.clone()),
        _ => Cast::Other,
    }
}

/// `Env.get_value`.
fn value(machine: &mut Machine, call: &Call, method: &str, cast: Option<Cast>) -> Run<Object> {
    let place = call.place;
    let Some(variable) = call.arg(0, "var").cloned() else {
        return Ok(Object::unknown("the name of the variable is not known", place));
    };
    let default_at = if matches!(method, "" | "get_value") { 2 } else { 1 };
    let default = call.arg(default_at, "default").cloned();
    let parses_default = call.by_name("parse_default").is_some();
    let schema = call.made_with().cloned().unwrap_or_default();
    machine.each(&variable, |machine, variable| {
        let Some(name) = variable.as_str().cloned() else {
            return Ok(Object::unknown("the name of the variable is not known", place));
        };
        let (mut cast, mut default) = (cast.clone(), default.clone());
        if let Some(declared) = schema.by_name(&name) {
            let (by_schema, default_by_schema) = declaration(machine, declared);
            cast = cast.or(by_schema);
            default = default.or(default_by_schema);
        }
        if schema.open || parses_default {
            return Ok(Object::unknown(format!("how {name} is read is not known"), place));
        }
        let cast = match (cast, &default) {
            (Some(cast), _) => cast,
            (None, Some(default)) => cast_by_default(machine, default),
            (None, None) => Cast::Nothing,
        };
        let found = variables::look_up(machine, &name, place);
        let absent = machine.formulas.not(found.present);
        let Some(default) = default else {
            let message = format!("Set the {name} environment variable");
            machine.raise_when(absent, Exception::new("django.core.exceptions.ImproperlyConfigured", message))?;
            let present = machine.narrowed(&found.value);
            return parse(machine, &present, &cast, place);
        };
        if default.as_str().is_some_and(|text| text.starts_with('$')) {
            return Ok(Object::unknown("a default that begins with $ names another variable", place));
        }
        let mut present = parse(machine, &found.value, &cast, place)?;
        if matches!(default.kind, Kind::None) {
            present = none_for_empty(machine, &found.value, &present);
        }
        Ok(either(&mut machine.formulas, [(found.present, &present), (absent, &default)]))
    })
}

/// What the constructor's `NAME=(cast, default)` or `NAME=cast` says.
fn declaration(machine: &mut Machine, declared: &Object) -> (Option<Cast>, Option<Object>) {
    match &declared.kind {
        Kind::Tuple(items) => match items.as_ref() {
            [cast, default] => (Some(cast_of(machine, &cast.object.clone())), Some(default.object.clone())),
            _ => (Some(Cast::Other), None),
        },
        _ => (Some(cast_of(machine, declared)), None),
    }
}

/// Without a cast, the type of the default is one.
fn cast_by_default(machine: &Machine, default: &Object) -> Cast {
    match &default.kind {
        Kind::None => Cast::Nothing,
        Kind::Heap(id) => match machine.contents(*id) {
            Some(crate::eval::heap::Contents::List(_)) => Cast::List,
            Some(crate::eval::heap::Contents::Dict(_)) => Cast::Dict,
            _ => Cast::Other,
        },
        _ => match class_of(default) {
            Class::Bool => Cast::Bool,
            Class::Int => Cast::Int,
            Class::Float => Cast::Float,
            Class::Str => Cast::Str,
            Class::Tuple => Cast::Tuple,
            _ => Cast::Other,
        },
    }
}

/// With a default of `None`, an empty value is `None` too.
fn none_for_empty(machine: &mut Machine, raw: &Object, parsed: &Object) -> Object {
    let place = parsed.origin;
    let has_text = machine.truth(raw);
    let empty = machine.formulas.not(has_text);
    let none = Object::none(place);
    either(&mut machine.formulas, [(has_text, parsed), (empty, &none)])
}

/// `Env.parse_value`.
fn parse(machine: &mut Machine, value: &Object, cast: &Cast, place: Option<Place>) -> Run<Object> {
    let class = match cast {
        Cast::Nothing | Cast::Str => return Ok(value.clone()),
        Cast::Function(function) => {
            let arguments = Arguments::positional(vec![value.clone()]);
            return machine.call(function, arguments, place);
        }
        Cast::Int => return convert::to_int(machine, value, place),
        Cast::Bool => Class::Bool,
        Cast::Float => Class::Float,
        Cast::List | Cast::ListOf(_) => Class::List,
        Cast::Tuple => Class::Tuple,
        Cast::Dict => Class::Dict,
        Cast::Other => Class::Any,
    };
    machine.map(value, |machine, value| {
        let origin = value.origin.or(place);
        let text = match &value.kind {
            Kind::Str(text) => text,
            Kind::Unknown(unknown) => {
                let name = match class {
                    Class::Bool => "bool",
                    Class::Float => "float",
                    Class::List => "list",
                    Class::Tuple => "tuple",
                    Class::Dict => "dict",
                    _ => "parse",
                };
                return Ok(machine.derived(unknown, class, |text| format!("env.{name}({text})"), origin));
            }
            _ => return Ok(Object::unknown_of(class, "the value is not known", origin)),
        };
        let parts = |text: &str| -> Vec<Item> {
            text.split(',').filter(|part| !part.is_empty()).map(|part| Item::new(Object::str(part, origin))).collect()
        };
        Ok(match cast {
            Cast::Bool => Object::bool(is_true(text), origin),
            Cast::List => {
                let items = parts(text);
                machine.list(items, origin)
            }
            Cast::ListOf(inner) => {
                let mut items = Vec::new();
                for item in parts(text) {
                    let object = parse(machine, &item.object, inner, place).unwrap_or(item.object);
                    items.push(Item::new(object));
                }
                machine.list(items, origin)
            }
            Cast::Tuple => {
                let items = parts(text.trim_matches('(').trim_matches(')'));
                machine.tuple(items, origin)
            }
            _ => Object::unknown_of(class, "how the value is parsed is not evaluated", origin),
        })
    })
}

/// A number other than zero, or one of the words that mean true; all else is false.
fn is_true(text: &str) -> bool {
    match text.trim().parse::<i64>() {
        Ok(number) => number != 0,
        Err(_) => matches!(text.to_lowercase().trim(), "true" | "on" | "ok" | "y" | "yes" | "1"),
    }
}

/// `Env.read_env`: puts what a file holds into the environment, where it is not set already.
fn read_env(machine: &mut Machine, call: &Call) -> Run<Object> {
    let none = Object::none(call.place);
    let file = call.arg(0, "env_file").cloned();
    let path = match &file {
        Some(file) if !matches!(file.kind, Kind::None) => {
            let text = os::as_text(file, call.place);
            text.as_str().map(|text| PathBuf::from(text.as_ref()))
        }
        // Without a path: beside the file that calls.
        _ => machine.module().file.and_then(|file| machine.path_of(file).parent().map(|folder| folder.join(".env"))),
    };
    let overwrites = call.arg(1, "overwrite").is_some_and(|overwrite| !matches!(overwrite.kind, Kind::Bool(false)));
    let has_comments = call.arg(2, "parse_comments").is_some();
    load(machine, path.as_deref().filter(|_| !has_comments), Dialect::DjangoEnviron, overwrites)?;
    Ok(none)
}

/// Puts the variables of a file that version control keeps into the environment. Another file, or one that is not
/// known, may hold anything.
pub(super) fn load(machine: &mut Machine, path: Option<&Path>, dialect: Dialect, overwrites: bool) -> Run<()> {
    let path = path.map(|path| PathBuf::from(os::normalized(&path.to_string_lossy())));
    let Some(path) = path.filter(|path| machine.is_committed(path)) else {
        if overwrites {
            variables::replace_any(machine, "an environment file that is not in the project may replace it");
        }
        return Ok(());
    };
    let sources = machine.world.trees.sources;
    let id = sources.id(&path);
    let Ok(file) = sources.file(id) else { return Ok(()) };
    for line in env_file::parse(&file.text, dialect) {
        let place = Some(Place::new(id, line.span));
        let name = Object::str(line.name.as_str(), place);
        let value = match line.value {
            Some(value) => Object::str(value, place),
            None => Object::unknown_of(Class::Str, "it refers to another variable", place),
        };
        match overwrites {
            true => variables::assign(machine, &name, value),
            false => {
                variables::set_default(machine, &name, &value)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_as_django_environ_reads_it() {
        for text in ["1", "2", "-1", "true", "True ", "ok", "ON", "y"] {
            assert!(is_true(text), "{text}");
        }
        for text in ["0", "", "t", "enabled", "false", "00"] {
            assert!(!is_true(text), "{text}");
        }
    }
}
