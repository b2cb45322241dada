//! `str.format` with plain fields: `{}`, `{0}`, `{name}`, each perhaps with a conversion and a format.

use super::MethodCall;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Object, Piece};
use crate::eval::raise::Exception;
use crate::eval::text;

/// What stands between braces: `name!conversion:spec`.
struct Field<'t> {
    name: &'t str,
    conversion: Option<&'t str>,
    spec: &'t str,
}

impl<'t> Field<'t> {
    fn of(text: &'t str) -> Self {
        let (field, spec) = text.split_once(':').unwrap_or((text, ""));
        let (name, conversion) = field.split_once('!').map_or((field, None), |(name, letter)| (name, Some(letter)));
        Self { name, conversion, spec }
    }

    /// Whether its name is empty or a number.
    fn is_positional(&self) -> bool {
        self.name.bytes().all(|byte| byte.is_ascii_digit())
    }
}

pub(super) fn call(machine: &mut Machine, receiver: &Object, call: &MethodCall) -> Run<Object> {
    let unknown = || Ok(Object::unknown_of(Class::Str, "the format string is not evaluated", call.place));
    let wrong = |machine: &mut Machine, why: &str| machine.fail(Exception::new("ValueError", why));
    let Some(text) = receiver.as_str().cloned() else { return unknown() };
    let mut pieces = Vec::new();
    let (mut automatic, mut is_numbered) = (0, false);
    let mut rest = text.as_ref();
    while let Some(at) = rest.find(['{', '}']) {
        pieces.push(Piece::Literal(rest[..at].into()));
        let brace = &rest[at..at + 1];
        rest = &rest[at + 1..];
        if rest.starts_with(brace) {
            pieces.push(Piece::Literal(brace.into()));
            rest = &rest[1..];
            continue;
        }
        if brace == "}" {
            return wrong(machine, "Single '}' encountered in format string");
        }
        let Some((field, after)) = rest.split_once('}') else {
            return wrong(machine, "expected '}' before end of string");
        };
        rest = after;
        let field = Field::of(field);
        if field.spec.contains('{') || field.name.contains(['.', '[', '{']) {
            return unknown();
        }
        if field.conversion.is_some_and(|letters| letters.chars().count() != 1) {
            return wrong(machine, "a conversion is one letter");
        }
        is_numbered |= field.is_positional() && !field.name.is_empty();
        if is_numbered && (automatic > 0 || field.name.is_empty()) {
            return wrong(machine, "fields are numbered both by hand and in order");
        }
        let value = match field.name {
            "" => {
                automatic += 1;
                call.arg(automatic - 1)
            }
            number if field.is_positional() => number.parse().ok().and_then(|index| call.arg(index)),
            name => call.arguments.by_name(name),
        };
        let Some(value) = value.cloned() else {
            let class = if field.is_positional() { "IndexError" } else { "KeyError" };
            return machine.fail(Exception::new(class, format!("the format field {:?} has no argument", field.name)));
        };
        let conversion = field.conversion.and_then(|letter| letter.chars().next());
        if conversion.is_some_and(|letter| !matches!(letter, 'r' | 's' | 'a')) {
            return wrong(machine, "unknown conversion in a format string");
        }
        pieces.extend(machine.formatted(&value, conversion, field.spec)?);
    }
    pieces.push(Piece::Literal(rest.into()));
    Ok(text::template(pieces, receiver.origin.or(call.place)))
}
