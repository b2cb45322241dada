//! Plain data that a library computes from a known text, and its way onto the heap.

use pep440_rs::Version;

use crate::eval::heap::Dict;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

/// A value of built-in types.
#[derive(Debug, Clone)]
pub(super) enum Plain {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    List(Vec<Plain>),
    /// A dict with keys that are strings, in order.
    Dict(Vec<(String, Plain)>),
    /// Something that cannot be known, and why.
    Unknown(&'static str),
    /// What the program passed.
    Object(Object),
}

/// Why a library does not give a value for a text.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    /// It raises.
    Raises(Exception),
    /// What it gives is not known, for this reason.
    Unsure(&'static str),
}

impl Plain {
    /// A string.
    pub fn str(text: impl Into<String>) -> Self {
        Self::Str(text.into())
    }

    /// A string, or `None` for none.
    pub fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::None, |text| Self::Str(text.into()))
    }

    /// The value as an object, read from what is written at `origin`.
    pub fn into_object(self, machine: &mut Machine, origin: Option<Place>) -> Object {
        match self {
            Self::None => Object::none(origin),
            Self::Bool(value) => Object::bool(value, origin),
            Self::Int(value) => Object::int(value, origin),
            Self::Float(value) => Object::new(Kind::Float(value), origin),
            Self::Str(text) => Object::str(text, origin),
            Self::List(items) => {
                let items = items.into_iter().map(|item| Item::new(item.into_object(machine, origin))).collect();
                machine.list(items, origin)
            }
            Self::Dict(entries) => {
                let dict = machine.dict(Dict::default(), origin);
                if let Kind::Heap(id) = dict.kind {
                    for (key, value) in entries {
                        let value = value.into_object(machine, origin);
                        machine.set_entry(id, &Object::str(key, origin), value);
                    }
                }
                dict
            }
            Self::Unknown(why) => Object::unknown_of(Class::Any, why, origin),
            Self::Object(object) => object,
        }
    }
}

/// What `parse` makes of a text from the environment, in each of its cases. `call` names the function for a term.
///
/// A text that is not known gives something unknown of type `class`; `otherwise` says what what is no text gives.
pub(super) fn parsed(
    machine: &mut Machine,
    value: &Object,
    (call, class): (&str, Class),
    place: Option<Place>,
    mut parse: impl FnMut(&mut Machine, &str) -> Result<Plain, Failure>,
    mut otherwise: impl FnMut(&Object) -> Result<Plain, Failure>,
) -> Run<Object> {
    let value = machine.spelled_out(value);
    let is_only = machine.possible(&value).len() == 1;
    machine.each(&value, |machine, value| {
        let origin = value.origin.or(place);
        let result = match &value.kind {
            Kind::Str(text) => parse(machine, text),
            Kind::Unknown(unknown) => {
                machine.may_raise(call)?;
                return Ok(machine.derived(unknown, class, |text| format!("{call}({text})"), origin));
            }
            Kind::Template(_) => {
                machine.may_raise(call)?;
                Err(Failure::Unsure("part of the text is not known"))
            }
            _ => otherwise(&value),
        };
        match result {
            Ok(plain) => Ok(plain.into_object(machine, origin)),
            Err(Failure::Raises(exception)) if is_only => machine.fail(exception),
            Err(Failure::Raises(exception)) => Err(machine.raise(exception)),
            Err(Failure::Unsure(why)) => {
                machine.may_raise(call)?;
                Ok(Object::unknown_of(class, why, origin))
            }
        }
    })
}

/// Whether the installed version of a distribution is this one or a later one. One that is not known is the newest.
pub(super) fn is_at_least<const N: usize>(machine: &Machine, distribution: &str, release: [u64; N]) -> bool {
    match machine.world.packages.get(distribution) {
        Some(Some(version)) => *version >= Version::new(release),
        _ => true,
    }
}

/// `dict[key] = value`: an entry that is there keeps its place.
pub(super) fn set(entries: &mut Vec<(String, Plain)>, key: impl Into<String>, value: Plain) {
    let key = key.into();
    match entries.iter_mut().find(|(known, _)| *known == key) {
        Some((_, known)) => *known = value,
        None => entries.push((key, value)),
    }
}

/// `ast.literal_eval(text)`, or the text itself where that raises. None where it would take a parser to tell.
pub(super) fn literal_or_text(text: &str) -> Option<Plain> {
    match text {
        "True" => return Some(Plain::Bool(true)),
        "False" => return Some(Plain::Bool(false)),
        "None" => return Some(Plain::None),
        _ => {}
    }
    if let Some(number) = decimal(text) {
        return Some(Plain::Int(number));
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | ':' | '-');
    let is_text = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_word);
    is_text.then(|| Plain::str(text))
}

/// A decimal number as Python's grammar has it: without leading zeros.
fn decimal(text: &str) -> Option<i64> {
    let is_number = text == "0" || !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// `int(text) if text.isdigit() else text`. None where the text has digits beyond ASCII, or too many.
pub(super) fn digits_or_text(text: &str) -> Option<Plain> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Plain::Int);
    }
    let may_be_digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || !c.is_ascii());
    (!may_be_digits).then(|| Plain::str(text))
}

/// What `json.loads` gives. None where the text is not JSON, or JSON of which Python's reading is not certain.
pub(super) fn json(text: &str) -> Option<Plain> {
    fn plain(value: &serde_json::Value) -> Option<Plain> {
        Some(match value {
            serde_json::Value::Null => Plain::None,
            serde_json::Value::Bool(value) => Plain::Bool(*value),
            serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => Plain::Int(value),
                // Longer numbers may be integers that are wider than 64 bits, or rounded otherwise than in Python.
                (None, Some(value)) if value != 0.0 && value.abs() < 1e9 && value.to_string().len() < 12 => {
                    Plain::Float(value)
                }
                _ => return None,
            },
            serde_json::Value::String(text) => Plain::str(text),
            serde_json::Value::Array(items) => Plain::List(items.iter().map(plain).collect::<Option<_>>()?),
            serde_json::Value::Object(entries) => Plain::Dict(
                entries.iter().map(|(key, value)| Some((key.clone(), plain(value)?))).collect::<Option<_>>()?,
            ),
        })
    }
    plain(&serde_json::from_str(text).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_as_python_reads_them() {
        assert!(matches!(literal_or_text("600"), Some(Plain::Int(600))));
        assert!(matches!(literal_or_text("None"), Some(Plain::None)));
        assert!(matches!(literal_or_text("django_redis.client"), Some(Plain::Str(_))));
        for unsure in ["'a'", "1.5", "007", "[1]", "-1", "1_0", "", " 1"] {
            assert!(literal_or_text(unsure).is_none(), "{unsure}");
        }
        assert!(matches!(digits_or_text("007"), Some(Plain::Int(7))));
        assert!(matches!(digits_or_text("-1"), Some(Plain::Str(_))));
        assert!(digits_or_text("٣").is_none());
    }

    #[test]
    fn json_as_python_reads_it() {
        assert!(matches!(json("1"), Some(Plain::Int(1))));
        assert!(matches!(json("1.0"), Some(Plain::Float(_))));
        assert!(matches!(json("{\"a\": [null]}"), Some(Plain::Dict(_))));
        for unsure in ["NaN", "", "99999999999999999999", "'a'", "1e400"] {
            assert!(json(unsure).is_none(), "{unsure}");
        }
    }
}
