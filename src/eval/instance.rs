//! `isinstance`.

use super::formula::{Formula, Subject};
use super::heap::Contents;
use super::machine::Machine;
use super::object::{Class, HeapId, Kind, Object};
use super::text::class_of;

/// Abstract classes of `collections.abc` and `numbers` by the built-in classes that are among them. Source: the
/// registrations in CPython's `_collections_abc.py` and `numbers.py`.
const ABSTRACT: [(&str, &[&str]); 18] = [
    ("Callable", &["type"]),
    ("Collection", CONTAINERS),
    ("Complex", NUMBERS),
    ("Container", CONTAINERS),
    ("Integral", &["int", "bool"]),
    ("Iterable", CONTAINERS),
    ("Iterator", &[]),
    ("Mapping", &["dict"]),
    ("MutableMapping", &["dict"]),
    ("MutableSequence", &["list"]),
    ("MutableSet", &["set"]),
    ("Number", NUMBERS),
    ("Rational", &["int", "bool"]),
    ("Real", NUMBERS),
    ("Reversible", &["list", "tuple", "str", "bytes", "dict"]),
    ("Sequence", &["list", "tuple", "str", "bytes"]),
    ("Set", &["set"]),
    ("Sized", CONTAINERS),
];
const CONTAINERS: &[&str] = &["list", "tuple", "str", "bytes", "dict", "set"];
const NUMBERS: &[&str] = &["int", "bool", "float"];

/// Whether an object is of a class, or of one of a tuple of classes.
pub(super) fn is_instance(machine: &mut Machine, value: &Object, class: &Object) -> Formula {
    let mut any = Formula::FALSE;
    for (in_class, class) in machine.possible(class) {
        let classes: Vec<Object> = match &class.kind {
            Kind::Tuple(items) => items.iter().map(|item| item.object.clone()).collect(),
            _ => vec![class],
        };
        for (in_value, value) in machine.possible(value) {
            let when = machine.formulas.and(in_class, in_value);
            for class in &classes {
                let is_one = match class.kind {
                    // A tuple within a tuple.
                    Kind::Tuple(_) | Kind::Either(_) => is_instance(machine, &value, class),
                    _ => match is_one(machine, &value, class) {
                        Some(true) => Formula::TRUE,
                        Some(false) => Formula::FALSE,
                        None => machine.fresh("it is of a class", Subject::Other),
                    },
                };
                let both = machine.formulas.and(when, is_one);
                any = machine.formulas.or(any, both);
            }
        }
    }
    any
}

/// Whether an object is a class, or a tuple of classes.
pub(super) fn is_class(machine: &Machine, object: &Object) -> bool {
    match &object.kind {
        // By its name, as far as that tells: one in capitals alone may be a constant.
        Kind::Symbol(name) => {
            let last = name.rsplit('.').next().unwrap_or(name);
            let is_capitalized = last.starts_with(|first: char| first.is_ascii_uppercase());
            name.as_ref() == format!("builtins.{last}")
                || is_capitalized && last.contains(|letter: char| letter.is_ascii_lowercase())
        }
        Kind::Heap(id) => matches!(machine.contents(*id), Some(Contents::Class(_))),
        Kind::Tuple(items) => items.iter().all(|item| is_class(machine, &item.object)),
        _ => false,
    }
}

/// Whether an object is of a class; none where that is not known.
fn is_one(machine: &mut Machine, value: &Object, class: &Object) -> Option<bool> {
    if let Kind::Heap(id) = value.kind
        && let Some(Contents::Instance(instance)) = machine.contents(id)
    {
        let own = instance.class;
        return is_of_own_class(machine, own, class);
    }
    let actual = builtin_class(machine, value)?;
    match &class.kind {
        // Nothing built in is of a class of the project, unless that is abstract and says so.
        Kind::Heap(class) => match machine.contents(*class)? {
            Contents::Class(class) => class.is_plain.then_some(false),
            _ => None,
        },
        Kind::Symbol(name) => {
            let (module, name) = name.rsplit_once('.')?;
            match module {
                "builtins" => Some(name == actual || name == "int" && actual == "bool" || name == "object"),
                "collections.abc" | "typing" | "numbers" => {
                    let (_, members) = ABSTRACT.iter().find(|(class, _)| *class == name)?;
                    Some(members.contains(&actual))
                }
                "pathlib" if name.starts_with("Pure") || name == "Path" => {
                    // Of which of them a path is made is not kept.
                    (actual != "Path" || name == "PurePath").then_some(actual == "Path")
                }
                // An abstract class of a library may well include it.
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether an instance of a class of the project is of another class.
fn is_of_own_class(machine: &mut Machine, own: HeapId, class: &Object) -> Option<bool> {
    let order = machine.resolution_order(own);
    if is_object(class) {
        return Some(true);
    }
    let is_found = order.iter().any(|ancestor| match (&ancestor.kind, &class.kind) {
        (Kind::Heap(a), Kind::Heap(b)) => a == b,
        (Kind::Symbol(a), Kind::Symbol(b)) => a == b,
        _ => false,
    });
    let is_wanted_plain = match &class.kind {
        Kind::Heap(id) => matches!(machine.contents(*id), Some(Contents::Class(class)) if class.is_plain),
        Kind::Symbol(name) => name.starts_with("builtins."),
        _ => false,
    };
    let is_own = |ancestor: &Object| matches!(ancestor.kind, Kind::Heap(_)) || is_object(ancestor);
    match is_found {
        true if is_wanted_plain => Some(true),
        false if is_wanted_plain && order.iter().all(is_own) => Some(false),
        _ => None,
    }
}

fn is_object(class: &Object) -> bool {
    matches!(&class.kind, Kind::Symbol(name) if name.as_ref() == "builtins.object")
}

/// The class of what is no instance of the project's own classes; that of a path is `pathlib`'s.
pub(super) fn builtin_class(machine: &Machine, value: &Object) -> Option<&'static str> {
    Some(match &value.kind {
        Kind::Heap(id) => match machine.contents(*id)? {
            Contents::List(_) => "list",
            Contents::Dict(_) => "dict",
            Contents::Set(_) => "set",
            Contents::Class(_) => "type",
            Contents::Instance(_) => return None,
        },
        Kind::None => "NoneType",
        _ => match class_of(value) {
            Class::Bool => "bool",
            Class::Int => "int",
            Class::Float => "float",
            Class::Str => "str",
            Class::Bytes => "bytes",
            Class::Tuple => "tuple",
            Class::List => "list",
            Class::Dict => "dict",
            Class::Set => "set",
            Class::Path => "Path",
            Class::File | Class::Any => return None,
        },
    })
}
