//! Conversions between built-in types.

use super::heap::Contents;
use super::machine::{Machine, Run};
use super::object::{Class, Kind, Object};
use super::raise::Exception;
use crate::source::Place;

/// `int(value)`.
pub(super) fn to_int(machine: &mut Machine, value: &Object, place: Option<Place>) -> Run<Object> {
    let value = machine.spelled_out(value);
    if machine.is_guarded() && is_any_unsure(machine, &value) {
        machine.may_raise("int()")?;
    }
    machine.map(&value, |machine, value| {
        Ok(match &value.kind {
            Kind::Int(value) => Object::int(*value, place),
            Kind::Bool(value) => Object::int(i64::from(*value), place),
            Kind::Float(value) if value.is_finite() && value.abs() < 9e15 => Object::int(value.trunc() as i64, place),
            Kind::Str(text) if text.is_ascii() => match parse_int(text) {
                Some(Some(value)) => Object::int(value, place),
                Some(None) => Object::unknown_of(Class::Int, "the number is wider than 64 bits", place),
                None => return Err(Exception::new("ValueError", format!("invalid literal for int(): {text:?}"))),
            },
            Kind::None => return Err(Exception::new("TypeError", "int() argument must be a string or a number")),
            // It may have an `__int__`.
            Kind::Heap(_) if is_own(machine, value) => Object::unknown_of(Class::Int, "the number is not known", place),
            Kind::Heap(_) | Kind::Tuple(_) => {
                return Err(Exception::new("TypeError", "int() argument must be a number"));
            }
            Kind::Unknown(unknown) => machine.derived(unknown, Class::Int, |text| format!("int({text})"), place),
            _ => Object::unknown_of(Class::Int, "the number is not known", place),
        })
    })
}

/// The number that `int()` reads: surrounding blanks, one sign, digits with single underscores. None where it raises,
/// `Some(None)` where the number is wider than 64 bits.
pub(super) fn parse_int(text: &str) -> Option<Option<i64>> {
    let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let is_number = !digits.is_empty()
        && digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_number.then(|| trimmed.replace('_', "").parse().ok())
}

pub(super) fn to_float(machine: &mut Machine, value: &Object, place: Option<Place>) -> Run<Object> {
    let value = machine.spelled_out(value);
    if machine.is_guarded() && is_any_unsure(machine, &value) {
        machine.may_raise("float()")?;
    }
    machine.map(&value, |machine, value| {
        let float = |value: f64| Object::new(Kind::Float(value), place);
        Ok(match &value.kind {
            Kind::Int(value) if value.abs() <= 1 << 53 => float(*value as f64),
            Kind::Bool(value) => float(f64::from(u8::from(*value))),
            Kind::Float(value) => float(*value),
            Kind::Str(text) if text.is_ascii() => {
                let trimmed = text.trim();
                let is_plain = trimmed
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'-' | b'e' | b'E'));
                match trimmed.parse() {
                    Ok(value) if is_plain => float(value),
                    Err(_) if is_plain => {
                        return Err(Exception::new("ValueError", "could not convert string to float"));
                    }
                    _ => Object::unknown_of(Class::Float, "the number is not known", place),
                }
            }
            Kind::None => return Err(Exception::new("TypeError", "float() argument must be a string or a number")),
            Kind::Unknown(unknown) => machine.derived(unknown, Class::Float, |text| format!("float({text})"), place),
            _ => Object::unknown_of(Class::Float, "the number is not known", place),
        })
    })
}

fn is_any_unsure(machine: &mut Machine, value: &Object) -> bool {
    let is_unsure = |machine: &Machine, value: &Object| {
        matches!(value.kind, Kind::Unknown(_) | Kind::Template(_) | Kind::Made(_) | Kind::Symbol(_))
            || is_own(machine, value)
    };
    machine.possible(value).iter().any(|(_, value)| is_unsure(machine, value))
}

/// Whether a class of the project decides what an object is as a number.
fn is_own(machine: &Machine, value: &Object) -> bool {
    let Kind::Heap(id) = value.kind else { return false };
    matches!(machine.contents(id), Some(Contents::Instance(_) | Contents::Class(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_as_python_reads_them() {
        assert_eq!(parse_int(" 12\n"), Some(Some(12)));
        assert_eq!(parse_int("-1_000"), Some(Some(-1000)));
        assert_eq!(parse_int("+7"), Some(Some(7)));
        assert_eq!(parse_int("99999999999999999999"), Some(None));
        for wrong in ["", " ", "1.0", "1__0", "_1", "0x10", "--1", "1 2"] {
            assert_eq!(parse_int(wrong), None);
        }
    }
}
