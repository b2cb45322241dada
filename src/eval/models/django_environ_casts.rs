//! What django-environ makes of a value from the environment: `Env.parse_value`.

use super::django_environ::DISTRIBUTION;
use super::plain::{Failure, Plain, is_at_least, json, parsed};
use crate::eval::convert;
use crate::eval::heap::Contents;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

/// What a value from the environment is turned into.
#[derive(Clone)]
pub(super) enum Cast {
    /// As it is.
    Nothing,
    Bool,
    Int,
    Float,
    Str,
    List,
    Tuple,
    Dict,
    Json,
    /// `[cast]`: a list of what a function makes of the parts.
    ListOf(Object),
    /// `(cast,)`: a tuple of the same.
    TupleOf(Object),
    /// A function.
    Function(Object),
    /// Something whose result is not known.
    Other,
}

pub(super) fn cast_of(machine: &mut Machine, cast: &Object) -> Cast {
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
            "json.loads" => Cast::Json,
            _ => Cast::Function(cast.clone()),
        },
        Kind::Heap(id) => match machine.contents(*id) {
            Some(Contents::List(items)) if items.iter().all(Item::is_certain) => {
                items.first().map_or(Cast::Other, |first| Cast::ListOf(first.object.clone()))
            }
            Some(Contents::Class(_)) => Cast::Function(cast.clone()),
            _ => Cast::Other,
        },
        Kind::Tuple(items) if items.iter().all(Item::is_certain) => {
            items.first().map_or(Cast::Other, |first| Cast::TupleOf(first.object.clone()))
        }
        Kind::Function(_) | Kind::Bound(_) => Cast::Function(cast.clone()),
        _ => Cast::Other,
    }
}

/// `Env.parse_value(value, cast)` of a string.
pub(super) fn parse(machine: &mut Machine, value: &Object, cast: &Cast, place: Option<Place>) -> Run<Object> {
    let (name, class) = match cast {
        Cast::Nothing | Cast::Str => return Ok(value.clone()),
        Cast::Function(function) => {
            return machine.call(function, Arguments::positional(vec![value.clone()]), place);
        }
        Cast::Int => return convert::to_int(machine, value, place),
        Cast::Bool => return to_bool(machine, value, place),
        Cast::ListOf(inner) => return parts_cast(machine, value, (inner, Cast::List), place),
        Cast::TupleOf(inner) => return parts_cast(machine, value, (inner, Cast::Tuple), place),
        Cast::List => ("env.list", Class::List),
        Cast::Tuple => ("env.tuple", Class::Tuple),
        Cast::Float => ("env.float", Class::Float),
        Cast::Dict => ("env.dict", Class::Dict),
        Cast::Json => ("env.json", Class::Any),
        Cast::Other => ("env.parse", Class::Any),
    };
    let is_old = !is_at_least(machine, DISTRIBUTION, [0, 10]);
    let value = machine.spelled_out(value);
    if let (Cast::Tuple, Some(text)) = (cast, value.as_str()) {
        let items = tuple_parts(text).map(|part| Item::new(Object::str(part, value.origin.or(place)))).collect();
        return Ok(machine.tuple(items, value.origin.or(place)));
    }
    let parse = |_: &mut Machine, text: &str| match cast {
        Cast::List => Ok(Plain::List(list_parts(text).map(Plain::str).collect())),
        Cast::Float => float(text).ok_or(Failure::Unsure("how the number is read is not evaluated")),
        Cast::Dict => dict(text, is_old),
        Cast::Json => json(text).ok_or(Failure::Unsure("how the JSON is read is not evaluated")),
        _ => Err(Failure::Unsure("how the value is parsed is not evaluated")),
    };
    parsed(machine, &value, (name, class), place, parse, |_| Err(Failure::Unsure("the value is not known")))
}

fn list_parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|part| !part.is_empty())
}

fn tuple_parts(text: &str) -> impl Iterator<Item = &str> {
    list_parts(text.trim_matches('(').trim_matches(')'))
}

/// `list(map(inner, …))` and `tuple(map(inner, …))`: the parts are not parsed, but passed to the function.
fn parts_cast(
    machine: &mut Machine,
    value: &Object,
    (inner, whole): (&Object, Cast),
    place: Option<Place>,
) -> Run<Object> {
    machine.each(value, |machine, value| {
        let is_list = matches!(whole, Cast::List);
        let Some(text) = value.as_str().cloned() else {
            machine.may_raise("env.list()")?;
            return parse(machine, &value, &whole, place);
        };
        let parts: Vec<&str> = if is_list { list_parts(&text).collect() } else { tuple_parts(&text).collect() };
        let mut items = Vec::with_capacity(parts.len());
        for part in parts {
            let part = Object::str(part, value.origin.or(place));
            items.push(Item::new(machine.call(inner, Arguments::positional(vec![part]), place)?));
        }
        let origin = value.origin.or(place);
        Ok(if is_list { machine.list(items, origin) } else { machine.tuple(items, origin) })
    })
}

fn to_bool(machine: &mut Machine, value: &Object, place: Option<Place>) -> Run<Object> {
    let strips = is_at_least(machine, DISTRIBUTION, [0, 11]);
    let value = machine.spelled_out(value);
    machine.map(&value, |machine, value| {
        let origin = value.origin.or(place);
        Ok(match &value.kind {
            Kind::Str(text) => match is_true(text, strips) {
                Some(truth) => Object::bool(truth, origin),
                None => Object::unknown_of(Class::Bool, "the number is too long", origin),
            },
            Kind::Unknown(unknown) => machine.derived(unknown, Class::Bool, |text| format!("env.bool({text})"), origin),
            _ => Object::unknown_of(Class::Bool, "the value is not known", origin),
        })
    })
}

/// A number other than zero, or one of the words that mean true; all else is false.
fn is_true(text: &str, strips: bool) -> Option<bool> {
    if !text.is_ascii() {
        return None;
    }
    match convert::parse_int(text) {
        Some(number) => number.map(|number| number != 0),
        None => {
            let lower = text.to_lowercase();
            let word = if strips { lower.trim() } else { &lower };
            Some(matches!(word, "true" | "on" | "ok" | "y" | "yes" | "1"))
        }
    }
}

/// All but digits, commas, dots and minus signs is dropped, and the last comma or dot begins the fraction.
fn float(text: &str) -> Option<Plain> {
    let is_plain = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let is_settled = is_plain(text) && !text.starts_with('-') && text.matches('.').count() < 2 && text != ".";
    text.parse().ok().filter(|_| is_settled).map(Plain::Float)
}

/// `key=value` pairs with commas between them.
fn dict(text: &str, is_old: bool) -> Result<Plain, Failure> {
    let mut entries = Vec::new();
    for pair in list_parts(text) {
        match pair.split_once('=') {
            Some((_, value)) if is_old && value.contains('=') => return Err(Failure::Unsure("two = in one pair")),
            Some((key, value)) => super::plain::set(&mut entries, key, Plain::str(value)),
            None => {
                let message = "dictionary update sequence element has a wrong length";
                return Err(Failure::Raises(Exception::new("ValueError", message)));
            }
        }
    }
    Ok(Plain::Dict(entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_as_django_environ_reads_it() {
        for text in ["1", "2", "-1", "true", "True ", "ok", "ON", "y", " 7 ", "+1"] {
            assert_eq!(is_true(text, true), Some(true), "{text}");
        }
        for text in ["0", "", "t", "enabled", "false", "00", "0_0"] {
            assert_eq!(is_true(text, true), Some(false), "{text}");
        }
        assert_eq!(is_true("true ", false), Some(false));
    }
}
