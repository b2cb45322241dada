//! From the text of an environment variable to the value of each type, and what each type makes of its default.

use super::values::{Options, Type, class_of_result, is_sequence, single};
use crate::eval::convert;
use crate::eval::heap::Contents;
use crate::eval::literal::literal_eval;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

/// The default as the constructor converts it.
pub(super) fn default(machine: &mut Machine, options: &Options, given: &Object) -> Run<Object> {
    let place = given.origin.or(options.place);
    if machine.possible(given).iter().any(|(_, given)| super::values::is_value(given)) {
        return Ok(Object::unknown("its default is another value", place));
    }
    let call = |machine: &mut Machine, name: &str, given: Option<&Object>| {
        let arguments = Arguments::positional(given.into_iter().cloned().collect());
        machine.call(&Object::symbol(name, place), arguments, place)
    };
    let is_none = matches!(given.kind, Kind::None);
    let given_or_nothing = (!is_none).then_some(given);
    match options.kind {
        Type::Boolean => machine.map(given, |_, given| match &given.kind {
            Kind::Bool(_) | Kind::Int(0 | 1) | Kind::Unknown(_) | Kind::Made(_) | Kind::Symbol(_) => Ok(given.clone()),
            Kind::Float(value) if *value == 0.0 || *value == 1.0 => Ok(given.clone()),
            _ => Err(Exception::new("ValueError", "the default is not a boolean value")),
        }),
        Type::List | Type::NestedList | Type::Tuple | Type::NestedTuple | Type::Set => {
            let function = match options.kind {
                Type::List | Type::NestedList => "builtins.list",
                Type::Set => "builtins.set",
                _ => "builtins.tuple",
            };
            let default = call(machine, function, given_or_nothing)?.at(given.origin);
            match &options.converter {
                None => Ok(default),
                Some(_)
                    if !is_sequence(machine, &default) || options.kind != Type::List && options.kind != Type::Tuple =>
                {
                    Ok(Object::unknown_of(class_of_result(options.kind), "its default is converted", place))
                }
                Some(converter) => converted(machine, converter, &default, options.kind, place),
            }
        }
        Type::Dict => Ok(call(machine, "builtins.dict", given_or_nothing)?.at(given.origin)),
        Type::Secret => machine.map(given, |_, given| match given.kind {
            Kind::None => Ok(given.clone()),
            _ => Err(Exception::new("ValueError", "secret values are only allowed as environment variables")),
        }),
        Type::EmailUrl | Type::Url { .. } => match is_none {
            true => call(machine, "builtins.dict", None),
            false => parsed_url(machine, options, given),
        },
        _ => Ok(given.clone()),
    }
}

/// `to_python`: what the text of a variable stands for.
pub(super) fn to_python(machine: &mut Machine, options: &Options, raw: &Object) -> Run<Object> {
    let place = options.place;
    let kind = options.kind;
    match kind {
        Type::Plain | Type::Validated | Type::Path | Type::Secret => return Ok(raw.clone()),
        Type::Integer => return convert::to_int(machine, raw, place),
        Type::PositiveInteger => {
            let number = convert::to_int(machine, raw, place)?;
            return machine.map(&number, |_, number| match &number.kind {
                Kind::Int(value) if *value < 0 => Err(Exception::new("ValueError", "the number is negative")),
                _ => Ok(number.clone()),
            });
        }
        Type::Float => return convert::to_float(machine, raw, place),
        Type::EmailUrl | Type::Url { .. } => return parsed_url(machine, options, raw),
        _ => {}
    }
    let raw = machine.spelled_out(raw);
    let result = machine.map(&raw, |machine, raw| {
        let origin = raw.origin.or(place);
        let class = class_of_result(kind);
        let text = match &raw.kind {
            Kind::Str(text) => text.clone(),
            Kind::Unknown(unknown) => {
                return Ok(machine.derived(unknown, class, |text| format!("{kind:?}({text})"), origin));
            }
            _ => return Ok(Object::unknown_of(class, "the value is not known", origin)),
        };
        match kind {
            Type::Boolean => match truth(&text) {
                Some(value) => Ok(Object::bool(value, origin)),
                None => Err(Exception::new("ValueError", format!("Cannot interpret boolean value {text:?}"))),
            },
            Type::List => {
                let items = parts(&text, &options.separator, origin);
                Ok(machine.list(items, origin))
            }
            Type::Set => {
                let items = parts(&text, &options.separator, origin);
                let items = machine.distinct(items);
                Ok(machine.set(items, origin))
            }
            Type::Tuple => {
                let items = parts(&text, &options.separator, origin);
                Ok(machine.tuple(items, origin))
            }
            Type::NestedList | Type::NestedTuple => {
                let mut items = Vec::new();
                for part in parts(&text, &options.seq_separator, origin) {
                    let inner = parts(part.object.as_str().map_or("", AsRef::as_ref), &options.separator, origin);
                    items.push(Item::new(match kind {
                        Type::NestedList => machine.list(inner, origin),
                        _ => machine.tuple(inner, origin),
                    }));
                }
                Ok(match kind {
                    Type::NestedList => machine.list(items, origin),
                    _ => machine.tuple(items, origin),
                })
            }
            Type::Dict if text.is_empty() => Ok(machine.dict(Default::default(), origin)),
            Type::Dict => {
                let value = literal_eval(machine, &text, origin)?;
                match &value.kind {
                    Kind::Heap(id) if matches!(machine.contents(*id), Some(Contents::Dict(_))) => Ok(value),
                    Kind::Unknown(unknown) => Ok(Object::unknown_of(class, unknown.why.clone(), origin)),
                    _ => Err(Exception::new("ValueError", format!("Cannot interpret dict value {text:?}"))),
                }
            }
            _ => Ok(Object::unknown_of(class, "how the value is read is not evaluated", origin)),
        }
    })?;
    match &options.converter {
        None => Ok(result),
        Some(converter) if matches!(kind, Type::List | Type::Tuple) => {
            machine.each(&result, |machine, result| match is_sequence(machine, &result) {
                true => converted(machine, converter, &result, kind, place),
                // Unknown items stay unknown when they are converted.
                false => Ok(result),
            })
        }
        Some(_) => Ok(Object::unknown_of(class_of_result(kind), "its items are converted", place)),
    }
}

/// The items of a list or tuple, each converted.
fn converted(
    machine: &mut Machine,
    converter: &Object,
    sequence: &Object,
    kind: Type,
    place: Option<Place>,
) -> Run<Object> {
    let mut items = Vec::new();
    for item in machine.items_or_unknown(sequence)? {
        if let Some(object) = machine.call_with(converter, &item, place)? {
            items.push(Item { object, ..item });
        }
    }
    Ok(match kind {
        Type::Tuple => machine.tuple(items, sequence.origin),
        _ => machine.list(items, sequence.origin),
    })
}

fn parsed_url(machine: &mut Machine, options: &Options, raw: &Object) -> Run<Object> {
    let place = options.place;
    let (function, alias) = match options.kind {
        Type::Url { parse, .. } => (parse, Some(&options.alias)),
        _ => ("dj_email_url.parse", None),
    };
    let parsed = machine.call(&Object::symbol(function, place), Arguments::positional(vec![raw.clone()]), place)?;
    Ok(match alias {
        Some(alias) => single(machine, alias, parsed, raw.origin.or(place)),
        None => parsed,
    })
}

/// The parts between separators, without blanks around them, empty ones left out.
fn parts(text: &str, separator: &str, origin: Option<Place>) -> Vec<Item> {
    let parts = text.trim().split(separator).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Item::new(Object::str(part, origin))).collect()
}

/// What `BooleanValue` reads as true or false; none where it raises.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" | "" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_as_the_library_reads_it() {
        assert_eq!([" Yes ", "Y", "true", "1"].map(truth), [Some(true); 4]);
        assert_eq!(["no", "N", "FALSE", "0", " "].map(truth), [Some(false); 5]);
        assert_eq!(["on", "off", "t", "2", "None"].map(truth), [None; 5]);
    }
}
