//! Methods of built-in types.

mod bytes;
mod dict;
mod format;
mod list;
mod names;
mod set;
mod str;

pub(super) use dict::view_items;
pub(super) use names::{are_known, has_attribute};

use super::class::CACHED;
use super::heap::Contents;
use super::iterator::is_iterator;
use super::machine::{Machine, Run};
use super::models;
use super::object::{Arguments, Class, Kind, Object, Unknown};
use super::raise::Exception;
use super::text;
use crate::python::ast::Name;
use crate::source::Place;

/// A call of a method: on what, by which name, with what.
pub(super) struct MethodCall<'a> {
    pub name: &'a str,
    pub arguments: &'a Arguments,
    pub place: Option<Place>,
}

impl MethodCall<'_> {
    /// The argument at `index`, of a method that takes it by position alone.
    pub fn arg(&self, index: usize) -> Option<&Object> {
        self.arguments.positional.get(index)
    }

    /// What the method gives for an unknown: a term of it, where the arguments are constants.
    pub fn of_unknown(&self, machine: &Machine, unknown: &Unknown, class: Class, origin: Option<Place>) -> Object {
        let origin = origin.or(self.place);
        let literals: Option<Vec<String>> =
            self.arguments.all().map(|argument| super::compare::literal_text(&argument.kind)).collect();
        match literals {
            Some(literals) if !self.arguments.open => {
                let text = |term: &str| format!("{term}.{}({})", self.name, literals.join(", "));
                machine.derived(unknown, class, text, origin)
            }
            _ => Object::unknown_of(class, unknown.why.clone(), origin),
        }
    }

    /// Unknown, for want of a model of the method.
    pub fn not_evaluated(&self) -> Object {
        Object::unknown(format!("{}() is not evaluated", self.name), self.place)
    }
}

/// Calls a method of a built-in type, or of something that is not evaluated.
pub(super) fn call(
    machine: &mut Machine,
    receiver: &Object,
    name: &Name,
    arguments: Arguments,
    place: Option<Place>,
) -> Run<Object> {
    let call = MethodCall { name, arguments: &arguments, place };
    if text::class_of(receiver) == Class::Str {
        return str::call(machine, receiver, &call);
    }
    machine.each(receiver, |machine, receiver| call_single(machine, &receiver, &call))
}

fn call_single(machine: &mut Machine, receiver: &Object, call: &MethodCall) -> Run<Object> {
    match &receiver.kind {
        Kind::Str(_) | Kind::Template(_) => str::call(machine, receiver, call),
        Kind::Unknown(unknown) if unknown.class == Class::Str => str::call(machine, receiver, call),
        Kind::Heap(id) => match machine.contents(*id) {
            Some(_) if call.name.starts_with("__") => {
                // The methods behind operators: some change the object, and some give what it holds.
                machine.escape(receiver, "a method of it is not evaluated");
                machine.escape_all(call.arguments, "it is passed to a method that is not evaluated");
                machine.conceal(receiver);
                machine.may_raise(call.name)?;
                Ok(call.not_evaluated())
            }
            Some(Contents::List(_)) => list::call(machine, *id, call),
            Some(Contents::Set(_)) => set::call(machine, *id, call),
            Some(Contents::Dict(_)) => dict::call(machine, *id, call),
            _ => Ok(call.not_evaluated()),
        },
        Kind::Tuple(items) => {
            let items = items.to_vec();
            list::query(machine, &items, call)
        }
        Kind::Path(path) => models::pathlib::call(machine, &path.as_ref().clone(), call),
        Kind::Bytes(bytes) => bytes::call(machine, &bytes.clone(), receiver.origin, call),
        Kind::Made(_) if is_iterator(receiver) && models::files::file_of(receiver).is_none() => match call.name {
            "__next__" => machine.next_of(receiver, None, call.place),
            "__iter__" => Ok(receiver.clone()),
            _ => {
                machine.escape_iterator(receiver, "a method of the iterator is not evaluated");
                machine.escape_all(call.arguments, "it is passed to an iterator");
                machine.may_raise(call.name)?;
                Ok(call.not_evaluated())
            }
        },
        Kind::Made(made) if made.function.as_ref() == CACHED => {
            made.arguments.positional.iter().skip(1).for_each(|results| machine.escape(results, "it may be forgotten"));
            Ok(call.not_evaluated())
        }
        Kind::Made(made) => {
            if models::gives_arguments(&made.function) {
                machine.escape_deeply(receiver, "it may be what a method changes");
            }
            let name = format!("{}().{}", made.function, call.name);
            machine.call_foreign(&name, Some(receiver), call.arguments.clone(), call.place)
        }
        Kind::Unknown(unknown) => {
            machine.escape_all(call.arguments, "it is passed to a method of something that is not known");
            // What is of one of these classes leads to nothing that can be changed.
            if !matches!(
                unknown.class,
                Class::Bool | Class::Int | Class::Float | Class::Bytes | Class::Path | Class::File
            ) {
                machine.escape_concealed_by(call.name);
            }
            machine.may_raise(call.name)?;
            let literals: Option<Vec<String>> =
                call.arguments.all().map(|argument| super::compare::literal_text(&argument.kind)).collect();
            let class = str::class_of_result(call.name, unknown.class);
            Ok(match literals {
                Some(literals) if !call.arguments.open => {
                    let text = |term: &str| format!("{term}.{}({})", call.name, literals.join(", "));
                    machine.derived(unknown, class, text, receiver.origin.or(call.place))
                }
                _ => Object::unknown_of(class, unknown.why.clone(), receiver.origin.or(call.place)),
            })
        }
        Kind::None if call.name.starts_with("__") => {
            machine.may_raise(call.name)?;
            Ok(call.not_evaluated())
        }
        Kind::None => {
            let message = format!("'NoneType' object has no attribute '{}'", call.name);
            machine.fail(Exception::new("AttributeError", message))
        }
        _ => {
            machine.escape_all(call.arguments, "it is passed to a method that is not evaluated");
            machine.escape_opaque(receiver, "a method that is not evaluated may change it");
            Ok(call.not_evaluated())
        }
    }
}
