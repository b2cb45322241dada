//! What environs 9 to 15 makes of a value: the fields of marshmallow 3 and 4, and its own.

use super::plain::{Failure, Plain, is_at_least, json, parsed};
use super::{Call, dj_database_url, dj_email_url, django_cache_url};
use crate::eval::convert;
use crate::eval::heap::Contents;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

/// How a variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Raw,
    Bool,
    Int,
    Float,
    Str,
    List,
    Dict,
    Json,
    Path,
    LogLevel,
    /// Read by dj-database-url, dj-email-url, django-cache-url.
    DatabaseUrl,
    EmailUrl,
    CacheUrl,
    /// Something whose value is not modelled.
    Other(&'static str),
}

impl Field {
    /// The field of a method; none where it is no method that comes with the library.
    pub fn of(method: &str) -> Option<Self> {
        Some(match method {
            "" => Self::Raw,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "str" => Self::Str,
            "list" => Self::List,
            "dict" => Self::Dict,
            "json" => Self::Json,
            "path" => Self::Path,
            "log_level" => Self::LogLevel,
            "dj_db_url" => Self::DatabaseUrl,
            "dj_email_url" => Self::EmailUrl,
            "dj_cache_url" => Self::CacheUrl,
            "decimal" => Self::Other("decimal"),
            "datetime" => Self::Other("datetime"),
            "date" => Self::Other("date"),
            "time" => Self::Other("time"),
            "timedelta" => Self::Other("timedelta"),
            "uuid" => Self::Other("uuid"),
            "url" => Self::Other("url"),
            "enum" => Self::Other("enum"),
            _ => return None,
        })
    }

    /// Whether it reads the default too, in every release.
    pub fn is_function(self, machine: &Machine) -> bool {
        match self {
            Self::DatabaseUrl | Self::EmailUrl | Self::CacheUrl => true,
            Self::Other("enum") => !is_at_least(machine, "environs", [14, 0]),
            _ => false,
        }
    }
}

fn invalid(message: &str) -> Exception {
    Exception::new("environs.EnvValidationError", message)
}

/// What a field makes of a value. With `eager` off, one that is not valid gives `None`, or what it was.
pub(super) fn deserialize(
    machine: &mut Machine,
    field: Field,
    value: &Object,
    eager: bool,
    call: &Call,
) -> Run<Object> {
    let place = call.place;
    if !eager && !matches!(field, Field::Raw | Field::Str) {
        machine.may_raise("env()")?;
        return Ok(lazily(machine, value, field));
    }
    let value = machine.spelled_out(value);
    match field {
        Field::Raw => Ok(value),
        Field::Str => machine.map(&value, |_, value| match &value.kind {
            Kind::Str(_) | Kind::Template(_) => Ok(value.clone()),
            Kind::Unknown(unknown) if unknown.class == Class::Str => Ok(value.clone()),
            Kind::Unknown(_) | Kind::Bytes(_) => Ok(Object::unknown_of(Class::Str, "the value is not known", place)),
            _ => Err(invalid("Not a valid string.")),
        }),
        Field::Bool | Field::Int | Field::Float | Field::LogLevel => number(machine, field, &value, place),
        Field::List => list(machine, &value, call),
        Field::Path => path(machine, &value, place),
        Field::Dict => {
            const PLAIN: [&str; 3] = ["name", "default", "validate"];
            let is_plain = call.arguments.named.iter().all(|(name, _)| PLAIN.contains(&name.as_ref()))
                && call.arguments.positional.len() <= 2;
            let is_dict = |machine: &Machine, object: &Object| match object.kind {
                Kind::Heap(id) => matches!(machine.contents(id), Some(Contents::Dict(_))),
                _ => true,
            };
            let is_plain = is_plain && machine.possible(&value).iter().all(|(_, object)| is_dict(machine, object));
            let read = |_: &mut Machine, text: &str| match is_plain {
                true => dict(text),
                false => Err(Failure::Unsure("how the pairs are read is not evaluated")),
            };
            parsed(machine, &value, ("env.dict", Class::Dict), place, read, |other| kept(other, is_plain))
        }
        Field::Json => parsed(
            machine,
            &value,
            ("env.json", Class::Any),
            place,
            |_, text| match json(text) {
                // `null` is valid only where the default is `None`.
                None | Some(Plain::None) => Err(Failure::Unsure("how the JSON is read is not evaluated")),
                Some(value) => Ok(value),
            },
            |_| Err(Failure::Unsure("the value is no text")),
        ),
        Field::DatabaseUrl | Field::EmailUrl | Field::CacheUrl => url(machine, field, &value, call),
        Field::Other(name) => {
            machine.may_raise("env()")?;
            machine.map(&value, |machine, value| {
                Ok(match &value.kind {
                    Kind::Unknown(unknown) => {
                        machine.derived(unknown, Class::Any, |text| format!("env.{name}({text})"), place)
                    }
                    _ => Object::unknown(format!("env.{name}() is not evaluated"), place),
                })
            })
        }
    }
}

/// What is no text: a dict stays as it is.
fn kept(value: &Object, is_plain: bool) -> Result<Plain, Failure> {
    match &value.kind {
        Kind::Heap(_) if is_plain => Ok(Plain::Object(value.clone())),
        _ => Err(Failure::Unsure("the value is not evaluated")),
    }
}

fn lazily(machine: &mut Machine, value: &Object, field: Field) -> Object {
    let why = "env reads lazily, so that a value that is not valid does not raise here";
    match machine.possible(value).as_slice() {
        [(_, Object { kind: Kind::Unknown(unknown), origin })] => {
            machine.derived(unknown, Class::Any, |text| format!("env.{field:?}({text})"), *origin)
        }
        _ => Object::unknown(why, value.origin),
    }
}

/// Words for true and false of marshmallow's `Boolean`.
fn boolean(text: &str) -> Option<bool> {
    const TRUE: [&str; 14] = ["t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1"];
    const FALSE: [&str; 14] =
        ["f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO", "0"];
    if TRUE.contains(&text) { Some(true) } else { FALSE.contains(&text).then_some(false) }
}

fn log_level(name: &str) -> Option<i64> {
    Some(match name.to_uppercase().as_str() {
        "CRITICAL" | "FATAL" => 50,
        "ERROR" => 40,
        "WARNING" | "WARN" => 30,
        "INFO" => 20,
        "DEBUG" => 10,
        "NOTSET" => 0,
        _ => return None,
    })
}

fn number(machine: &mut Machine, field: Field, value: &Object, place: Option<Place>) -> Run<Object> {
    let is_unsure = |kind: &Kind| matches!(kind, Kind::Unknown(_) | Kind::Template(_));
    if machine.possible(value).iter().any(|(_, value)| is_unsure(&value.kind)) {
        machine.may_raise("env()")?;
    }
    let (name, class) = match field {
        Field::Bool => ("bool", Class::Bool),
        Field::Float => ("float", Class::Float),
        _ => ("int", Class::Int),
    };
    machine.map(value, |machine, value| {
        let origin = value.origin.or(place);
        let unknown = |why| Ok(Object::unknown_of(class, why, origin));
        match (&value.kind, field) {
            (Kind::Unknown(from), _) => Ok(machine.derived(from, class, |text| format!("env.{name}({text})"), origin)),
            (Kind::None, _) => Ok(value.clone()),
            (Kind::Str(text), Field::Bool) => {
                boolean(text).map(|truth| Object::bool(truth, origin)).ok_or_else(|| invalid("Not a valid boolean."))
            }
            (Kind::Bool(_), Field::Bool) => Ok(value.clone()),
            (Kind::Int(number @ (0 | 1)), Field::Bool) => Ok(Object::bool(*number == 1, origin)),
            (Kind::Str(text), Field::Int | Field::LogLevel) if text.is_ascii() => match convert::parse_int(text) {
                Some(Some(number)) => Ok(Object::int(number, origin)),
                Some(None) => unknown("the number is wider than 64 bits"),
                None if field == Field::Int => Err(invalid("Not a valid integer.")),
                None => log_level(text).map(|level| Object::int(level, origin)).ok_or_else(|| invalid("Not a level.")),
            },
            (Kind::Int(_), Field::Int | Field::LogLevel) => Ok(value.clone()),
            (Kind::Int(number), Field::Float) if number.abs() <= 1 << 53 => {
                Ok(Object::new(Kind::Float(*number as f64), origin))
            }
            (Kind::Float(_), Field::Float) => Ok(value.clone()),
            (Kind::Str(text), Field::Float) => {
                let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                match text.parse() {
                    Ok(number) if is_plain => Ok(Object::new(Kind::Float(number), origin)),
                    _ => unknown("how the number is read is not evaluated"),
                }
            }
            _ => unknown("how the value is read is not evaluated"),
        }
    })
}

fn path(machine: &mut Machine, value: &Object, place: Option<Place>) -> Run<Object> {
    machine.each(value, |machine, value| match &value.kind {
        Kind::Path(_) | Kind::None => Ok(value),
        Kind::Str(_) | Kind::Unknown(_) | Kind::Template(_) => {
            let class = Object::symbol("pathlib.Path", place);
            machine.call(&class, Arguments::positional(vec![value]), place)
        }
        _ => Ok(Object::unknown_of(Class::Path, "the path is not known", place)),
    })
}

/// `env.list(…)`: parts are not stripped.
fn list(machine: &mut Machine, value: &Object, call: &Call) -> Run<Object> {
    let place = call.place;
    let delimiter = match call.arguments.by_name("delimiter") {
        None => Some(",".into()),
        Some(delimiter) => delimiter.as_str().filter(|delimiter| !delimiter.is_empty()).cloned(),
    };
    let subcast = call.arg(2, "subcast").filter(|subcast| !matches!(subcast.kind, Kind::None)).cloned();
    // Delimiters, and functions that are no types, came with one of the releases of 9.
    let is_own = subcast.as_ref().is_some_and(|subcast| !matches!(subcast.kind, Kind::Symbol(_)));
    if !is_at_least(machine, "environs", [9, 5]) && (is_own || call.arguments.by_name("delimiter").is_some()) {
        machine.may_raise("env.list()")?;
        return Ok(Object::unknown_of(Class::List, "how an old environs reads the list is not evaluated", place));
    }
    machine.each(value, |machine, value| {
        let origin = value.origin.or(place);
        let items = match (&value.kind, &delimiter) {
            (Kind::None, _) => return Ok(value),
            (Kind::Str(text), Some(_)) if text.is_empty() => Vec::new(),
            (Kind::Str(text), Some(delimiter)) => {
                text.split(delimiter.as_ref()).map(|part| Item::new(Object::str(part, origin))).collect()
            }
            (Kind::Heap(id), _) => match machine.contents(*id).cloned() {
                Some(Contents::List(items)) => items,
                _ => return Ok(Object::unknown_of(Class::List, "the list is not evaluated", place)),
            },
            (Kind::Unknown(unknown), _) => {
                let unknown = unknown.clone();
                machine.may_raise("env.list()")?;
                return Ok(machine.derived(&unknown, Class::List, |text| format!("env.list({text})"), origin));
            }
            _ => {
                machine.may_raise("env.list()")?;
                return Ok(Object::unknown_of(Class::List, "the list is not evaluated", place));
            }
        };
        let Some(subcast) = &subcast else { return Ok(machine.list(items, origin)) };
        let mut cast = Vec::with_capacity(items.len());
        for item in items {
            let object = subcast_item(machine, subcast, &item.object, place)?;
            cast.push(Item { object, ..item });
        }
        Ok(machine.list(cast, origin))
    })
}

/// An item of a list: types have a field, other functions are called.
fn subcast_item(machine: &mut Machine, subcast: &Object, item: &Object, place: Option<Place>) -> Run<Object> {
    let Kind::Symbol(name) = &subcast.kind else {
        // Since 15 only strings are passed to a function.
        return match item.as_str() {
            Some(_) => machine.call(subcast, Arguments::positional(vec![item.clone()]), place),
            None => Ok(Object::unknown("how the item is cast is not evaluated", place)),
        };
    };
    match name.as_ref() {
        "builtins.str" if item.as_str().is_some() => Ok(item.clone()),
        "builtins.int" => number(machine, Field::Int, item, place),
        "builtins.float" => number(machine, Field::Float, item, place),
        "builtins.bool" => number(machine, Field::Bool, item, place),
        _ => {
            machine.may_raise("env.list()")?;
            Ok(Object::unknown("how the item is cast is not evaluated", place))
        }
    }
}

/// `key=value` pairs with commas between them, both stripped.
fn dict(text: &str) -> Result<Plain, Failure> {
    let mut entries = Vec::new();
    if text.is_empty() {
        return Ok(Plain::Dict(entries));
    }
    for pair in text.split(',') {
        let Some((key, value)) = pair.split_once('=') else {
            let message = "not enough values to unpack (expected 2, got 1)";
            return Err(Failure::Raises(Exception::new("ValueError", message)));
        };
        super::plain::set(&mut entries, key.trim(), Plain::str(value.trim()));
    }
    Ok(Plain::Dict(entries))
}

fn url(machine: &mut Machine, field: Field, value: &Object, call: &Call) -> Run<Object> {
    let place = call.place;
    if field == Field::DatabaseUrl {
        // Further arguments are those of `dj_database_url.parse`.
        let mut arguments = Arguments::positional(vec![value.clone()]);
        let is_own = |name: &str| matches!(name, "name" | "default" | "subcast");
        arguments.named = call.arguments.named.iter().filter(|(name, _)| !is_own(name)).cloned().collect();
        let parse = Call { name: "dj_database_url.parse", receiver: None, arguments: &arguments, place };
        return dj_database_url::call(machine, &parse)
            .unwrap_or_else(|| Ok(Object::unknown_of(Class::Dict, "the URL is not evaluated", place)));
    }
    parsed(
        machine,
        value,
        (if field == Field::EmailUrl { "env.dj_email_url" } else { "env.dj_cache_url" }, Class::Dict),
        place,
        |machine, text| match field {
            Field::EmailUrl => dj_email_url::parse(machine, text),
            _ => django_cache_url::parse(machine, text),
        },
        |_| Err(Failure::Unsure("the URL is not a string")),
    )
}
