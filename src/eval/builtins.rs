//! Built-in functions.

use super::changes::Changes;
use super::class::PROPERTY;
use super::formula::{Formula, Subject};
use super::heap::{Contents, Dict};
use super::iterator::{FILTER, MAP, REVERSED, ZIP, is_iterator};
use super::machine::{Imports, Machine, Run};
use super::models;
use super::object::{Arguments, Class, Item, Kind, Object};
use super::operator::int;
use super::raise::{self, Exception};
use super::text::class_of;
use super::{convert, instance, methods, sequences};
use crate::source::Place;

/// Functions and types, without exceptions.
const NAMES: [&str; 69] = [
    "__import__",
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
];

/// Whether a name is built in.
pub(super) fn exists(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
        || raise::is_builtin(name)
        || matches!(
            name,
            "vars"
                | "zip"
                | "IOError"
                | "EnvironmentError"
                | "Warning"
                | "DeprecationWarning"
                | "UserWarning"
                | "RuntimeWarning"
                | "ResourceWarning"
                | "FutureWarning"
                | "PendingDeprecationWarning"
                | "ImportWarning"
                | "ConnectionError"
                | "TimeoutError"
                | "BaseExceptionGroup"
                | "ExceptionGroup"
                | "StopAsyncIteration"
                | "GeneratorExit"
                | "SystemError"
                | "MemoryError"
                | "BufferError"
                | "FloatingPointError"
                | "ReferenceError"
                | "Ellipsis"
                | "NotImplemented"
                | "__debug__"
                | "copyright"
                | "credits"
                | "license"
                | "__build_class__"
                | "SyntaxWarning"
                | "BytesWarning"
                | "UnicodeWarning"
                | "EncodingWarning"
                | "ConnectionRefusedError"
                | "ConnectionResetError"
                | "ConnectionAbortedError"
                | "BrokenPipeError"
                | "BlockingIOError"
                | "ChildProcessError"
                | "InterruptedError"
                | "ProcessLookupError"
                | "UnicodeTranslateError"
                | "IndentationError"
                | "TabError"
                | "aiter"
                | "anext"
        )
}

/// Whether a name is a built-in function that no module which is not known binds anew: they are about names.
pub(super) fn is_never_rebound(name: &str) -> bool {
    matches!(
        name,
        "globals" | "locals" | "vars" | "dir" | "getattr" | "setattr" | "hasattr" | "__import__" | "exec" | "eval"
    )
}

/// Built-in functions that call none of the methods that operators stand for, or are evaluated down to these.
const LOOKING: [&str; 11] = [
    "callable",
    "delattr",
    "getattr",
    "globals",
    "hasattr",
    "id",
    "isinstance",
    "issubclass",
    "setattr",
    "super",
    "type",
];

/// Whether an argument by name of a built-in function is evaluated.
fn takes_named(function: &str, argument: &str) -> bool {
    match function {
        "dict" | "print" => true,
        "__import__" => matches!(argument, "name" | "globals" | "locals" | "fromlist" | "level"),
        "compile" => matches!(argument, "source" | "filename" | "mode" | "flags" | "dont_inherit" | "optimize"),
        "enumerate" => matches!(argument, "iterable" | "start"),
        "exec" => matches!(argument, "globals" | "locals" | "closure"),
        "max" | "min" => matches!(argument, "key" | "default"),
        "open" => {
            matches!(argument, "file" | "mode" | "buffering" | "encoding" | "errors" | "newline" | "closefd" | "opener")
        }
        "sorted" => matches!(argument, "key" | "reverse"),
        "zip" => argument == "strict",
        _ => false,
    }
}

/// Whether a name is a built-in function or type, and no exception.
fn is_function(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok() || name == "zip"
}

/// Calls a built-in function.
pub(super) fn call(machine: &mut Machine, name: &str, arguments: Arguments, place: Option<Place>) -> Run<Object> {
    if !LOOKING.contains(&name) {
        arguments.all().for_each(|argument| machine.meet(argument));
    }
    let open = arguments.open;
    let first = arguments.positional.first().cloned();
    let second = arguments.positional.get(1).cloned();
    let count = arguments.positional.len();
    match (name, first, second) {
        ("globals", None, _) => {
            let module = machine.module();
            Ok(Object::new(Kind::Heap(module.namespace), place))
        }
        ("locals" | "vars", None, _) => {
            let frame = machine.frame();
            frame.is_captured = true;
            let scope = frame.body();
            Ok(Object::new(Kind::Heap(scope), place))
        }
        ("vars", Some(object), _) => machine.map(&object, |machine, object| {
            let has_slots = machine.class_of_instance(object).is_some_and(|class| {
                ["__slots__", "__getattribute__"].iter().any(|name| machine.own_method(class, name).is_some())
            });
            if has_slots {
                return Ok(Object::unknown("its class decides what its attributes are", place));
            }
            Ok(match &object.kind {
                Kind::Module(module) => Object::new(Kind::Heap(module.namespace), place),
                Kind::Heap(id) => match machine.contents(*id) {
                    Some(Contents::Instance(instance)) => Object::new(Kind::Heap(instance.attributes), place),
                    _ => Object::unknown("vars() of it is not evaluated", place),
                },
                _ => Object::unknown("vars() of it is not evaluated", place),
            })
        }),
        ("dir", None, _) => names_of(machine, None, place),
        ("dir", Some(object), None) => machine.each(&object, |machine, object| names_of(machine, Some(&object), place)),
        ("print" | "help" | "breakpoint", ..) => {
            if !arguments.named.is_empty() {
                machine.may_raise(name)?;
            }
            Ok(Object::none(place))
        }
        ("exit" | "quit", ..) => Err(machine.raise(Exception::new("SystemExit", "exit"))),
        ("object", None, _) => Ok(Object::unknown("an object", place)),
        _ if open || is_function(name) && !arguments.named.iter().all(|(argument, _)| takes_named(name, argument)) => {
            machine.call_back(&arguments);
            machine.hand_out_iterators(&arguments);
            machine.may_raise(name)?;
            Ok(Object::unknown(format!("{name}() is called with arguments that are not known"), place))
        }
        ("bool", None, _) => Ok(Object::bool(false, place)),
        ("bool", Some(value), _) => {
            let truth = machine.truth(&value);
            Ok(machine.truth_object(truth, place))
        }
        ("str", None, _) => Ok(Object::str("", place)),
        ("str", Some(value), None) => Ok(machine.str_of(&value)?.at(value.origin.or(place))),
        ("repr", Some(value), _) => machine.map(&value, |machine, value| Ok(machine.repr(value))),
        ("int", None, _) => Ok(Object::int(0, place)),
        ("int", Some(value), None) => convert::to_int(machine, &value, place),
        ("float", Some(value), None) => convert::to_float(machine, &value, place),
        ("list", None, _) => Ok(machine.list(Vec::new(), place)),
        ("list", Some(value), None) => {
            let items = machine.items_or_unknown(&value)?;
            Ok(machine.list(items, place))
        }
        ("tuple", None, _) => Ok(machine.tuple(Vec::new(), place)),
        ("tuple", Some(value), None) => {
            let items = machine.items_or_unknown(&value)?;
            Ok(machine.tuple(items, place))
        }
        ("set", None, _) => Ok(machine.set(Vec::new(), place)),
        ("set", Some(value), None) => {
            let items = machine.unordered_items(&value)?;
            items.iter().try_for_each(|item| machine.need_hashable_item(item))?;
            let items = machine.distinct(items);
            Ok(machine.set(items, place))
        }
        ("dict", ..) => to_dict(machine, arguments, place),
        ("dict.fromkeys", Some(keys), value) if count <= 2 && arguments.named.is_empty() && !open => {
            from_keys(machine, &keys, &value.unwrap_or_else(|| Object::none(place)), place)
        }
        ("len", Some(value), None) => sequences::length(machine, &value, place),
        ("range", Some(_), _) => sequences::range(machine, &arguments, place),
        ("enumerate", Some(value), _) => sequences::enumerate(machine, &value, arguments.get(1, "start"), place),
        ("zip", ..) => sequences::combined(machine, ZIP, None, &arguments, place),
        ("reversed", Some(value), None) if is_irreversible(machine, &value) => {
            machine.fail(Exception::new("TypeError", "object is not reversible"))
        }
        ("reversed", Some(value), None) => {
            let mut items = machine.items_or_unknown(&value)?;
            items.reverse();
            Ok(machine.iterator_of(REVERSED, items, Some(&value), place))
        }
        ("map", Some(function), Some(_)) => sequences::combined(machine, MAP, Some(&function), &arguments, place),
        ("filter", Some(function), Some(_)) if count == 2 => {
            sequences::combined(machine, FILTER, Some(&function), &arguments, place)
        }
        ("sorted", Some(values), None) => {
            let items = machine.unordered_items(&values)?;
            sequences::sorted(machine, items, &arguments, place)
        }
        ("any" | "all", Some(values), None) if is_iterator(&values) => {
            let is_any = name == "any";
            let [found, none] = [is_any, !is_any].map(|result| Object::bool(result, place));
            machine.until_found(&values, none, |machine, item| {
                let truth = machine.truth(item);
                let is_found = if is_any { truth } else { machine.formulas.not(truth) };
                Ok((is_found, found.clone()))
            })
        }
        ("any" | "all", Some(values), None) => {
            let mut any = Formula::FALSE;
            for item in machine.unordered_items(&values)? {
                let mut truth = match item.repeated {
                    true => machine.fresh("an item is true", Subject::Other),
                    false => machine.truth(&item.object),
                };
                if name == "all" {
                    truth = machine.formulas.not(truth);
                }
                let there = machine.formulas.and(item.when, truth);
                any = machine.formulas.or(any, there);
            }
            let result = if name == "any" { any } else { machine.formulas.not(any) };
            Ok(machine.truth_object(result, place))
        }
        ("min" | "max", Some(_), _) => sequences::extreme(machine, name, &arguments, place),
        ("sum", Some(values), None) => sequences::sum(machine, &values, place),
        ("abs", Some(value), None) => machine.map(&value, |_, value| {
            Ok(match &value.kind {
                Kind::Int(value) if *value != i64::MIN => Object::int(value.abs(), place),
                Kind::Float(value) => Object::new(Kind::Float(value.abs()), place),
                _ => Object::unknown("abs() of it is not evaluated", place),
            })
        }),
        ("property", Some(getter), None) => Ok(models::made(PROPERTY, Arguments::positional(vec![getter]), place)),
        ("property", Some(getter), Some(setter)) if count == 2 => {
            let mut functions = Arguments::positional(vec![getter]);
            functions.named.push(("setter".into(), setter));
            Ok(models::made(PROPERTY, functions, place))
        }
        ("isinstance", Some(value), Some(class)) => {
            let holds = instance::is_instance(machine, &value, &class);
            if !class.alternatives().iter().all(|(_, class)| instance::is_class(machine, class)) {
                machine.may_raise(name)?;
            }
            Ok(machine.truth_object(holds, place))
        }
        ("callable", Some(value), None) => {
            let holds = match &value.kind {
                Kind::Function(_) | Kind::Bound(_) => Formula::TRUE,
                Kind::Str(_) | Kind::Int(_) | Kind::None | Kind::Bool(_) | Kind::Tuple(_) => Formula::FALSE,
                _ => machine.fresh("it is callable", Subject::Other),
            };
            Ok(machine.truth_object(holds, place))
        }
        ("getattr", Some(object), Some(name)) => getattr(machine, &object, &name, arguments.positional.get(2), place),
        ("hasattr", Some(object), Some(name)) => match name.as_str() {
            Some(name) => {
                let has = machine.has_attribute(&object, &name.clone())?;
                Ok(machine.truth_object(has, place))
            }
            None => Ok(Object::unknown_of(Class::Bool, "the attribute's name is not known", place)),
        },
        ("setattr", Some(object), Some(name)) => {
            let Some(value) = arguments.positional.get(2) else { return Ok(Object::none(place)) };
            match name.as_str() {
                Some(name) => machine.set_attribute(&object, &name.clone(), value.clone())?,
                None => {
                    escape_names(machine, &object, "an attribute is set whose name is not known");
                    machine.may_raise("setattr()")?;
                }
            }
            Ok(Object::none(place))
        }
        ("delattr", Some(object), Some(name)) => match name.as_str().cloned() {
            Some(name) => machine.each(&object, |machine, object| machine.delete_attribute(&object, &name)),
            None => {
                escape_names(machine, &object, "an attribute is deleted whose name is not known");
                machine.may_raise("delattr()")?;
                Ok(Object::none(place))
            }
        },
        ("type", Some(value), None) => machine.each(&value, |machine, value| {
            Ok(match (machine.class_of_instance(&value), instance::builtin_class(machine, &value)) {
                (Some(class), _) => Object::new(Kind::Heap(class), place),
                (None, Some(class)) if !matches!(class, "Path" | "NoneType") => {
                    Object::symbol(format!("builtins.{class}"), place)
                }
                _ => {
                    machine.conceal(&value);
                    Object::unknown("its class is not known", place)
                }
            })
        }),
        ("iter", Some(value), None) => machine.iterator(&value, place),
        ("next", Some(iterator), default) => machine.next_of(&iterator, default, place),
        ("__import__", Some(name), _) => match name.as_str() {
            Some(name) if machine.mode.imports == Imports::Eager => machine.import_module(&name.clone()),
            _ => Ok(Object::unknown("the module's name is not known", place)),
        },
        ("exec", ..) => machine.run_exec(&arguments, place),
        ("eval", ..) => machine.run_eval(&arguments, place),
        // Compiled code is known by its source.
        ("compile", Some(source), Some(_)) => {
            machine.each(&source, |machine, source| match models::files::whole_file(machine, &source) {
                Some(_) => Ok(source),
                None => {
                    machine.may_raise("compile()")?;
                    Ok(Object::unknown("compile() is not evaluated", place))
                }
            })
        }
        ("chr", Some(value), None) => Ok(match int(&value.kind).and_then(|code| char::from_u32(code as u32)) {
            Some(character) => Object::str(character.to_string(), place),
            None => Object::unknown_of(Class::Str, "the character is not known", place),
        }),
        (method, Some(receiver), _) if method_of(machine, method, &receiver).is_some() => {
            let name = method_of(machine, method, &receiver).unwrap_or_default();
            let mut arguments = arguments;
            arguments.positional.remove(0);
            methods::call(machine, &receiver, &name.into(), arguments, place)
        }
        ("super", ..) => Ok(machine.super_object(&arguments, place)),
        ("open", ..) => models::files::open(machine, &arguments, place),
        (class, ..) if raise::is_builtin(class) || class.ends_with("Error") || class.ends_with("Warning") => {
            Ok(models::made(&format!("builtins.{class}"), arguments, place))
        }
        _ => {
            match name {
                _ if name.contains('.') => machine.escape_all(&arguments, "a method of a built-in class may change it"),
                "delattr" | "iter" => machine.escape_all(&arguments, "a built-in function may change it"),
                _ => machine.call_back(&arguments),
            }
            machine.hand_out_iterators(&arguments);
            arguments.all().for_each(|argument| machine.conceal(argument));
            machine.may_raise(name)?;
            Ok(Object::unknown(format!("{name}() is not evaluated"), place))
        }
    }
}

/// The name of the method that a function taken from a built-in class is, where `receiver` is of that class.
fn method_of<'n>(machine: &Machine, function: &'n str, receiver: &Object) -> Option<&'n str> {
    let (class, method) = function.split_once('.')?;
    let is_one = |object: &Object| match (&object.kind, class) {
        (Kind::Heap(id), "list") => matches!(machine.contents(*id), Some(Contents::List(_))),
        (Kind::Heap(id), "dict") => matches!(machine.contents(*id), Some(Contents::Dict(dict)) if !dict.is_scope),
        (Kind::Heap(id), "set") => matches!(machine.contents(*id), Some(Contents::Set(_))),
        (_, "str") => class_of(object) == Class::Str,
        _ => false,
    };
    receiver.alternatives().iter().all(|(_, object)| is_one(object)).then_some(method)
}

/// Whether an object is a set or an iterator for certain.
fn is_irreversible(machine: &Machine, object: &Object) -> bool {
    match &object.kind {
        Kind::Heap(id) => matches!(machine.contents(*id), Some(Contents::Set(_))),
        Kind::Made(_) => is_iterator(object),
        _ => false,
    }
}

/// Names that a module may have though its source does not bind them.
pub(super) const UNBOUND_NAMES: [&str; 9] = [
    "__annotate__",
    "__annotations__",
    "__builtins__",
    "__cached__",
    "__conditional_annotations__",
    "__loader__",
    "__path__",
    "__spec__",
    "__warningregistry__",
];

/// `dir()`, and `dir(module)`.
fn names_of(machine: &mut Machine, object: Option<&Object>, place: Option<Place>) -> Run<Object> {
    let scope = match object.map(|object| &object.kind) {
        None => {
            let frame = machine.frame();
            Some(frame.body())
        }
        Some(Kind::Module(module)) => Some(module.namespace),
        Some(_) => None,
    };
    let Some(dict) = scope.and_then(|scope| machine.dict_of(scope).cloned()) else {
        return Ok(Object::unknown_of(Class::List, "dir() of it is not evaluated", place));
    };
    if dict.entries.contains_key(&super::heap::Key::str("__dir__")) {
        return Ok(Object::unknown_of(Class::List, "the module says itself what it holds", place));
    }
    let mut names: Vec<Item> = dict
        .entries
        .values()
        .filter(|entry| entry.key.as_str().is_some())
        .map(|entry| Item { object: entry.key.clone().at(place), when: entry.when, repeated: false })
        .collect();
    for name in UNBOUND_NAMES.iter().filter(|name| !dict.entries.contains_key(&super::heap::Key::str(**name))) {
        let when = machine.fresh(format!("the module has a name {name}"), Subject::Other);
        names.push(Item { object: Object::str(*name, place), when, repeated: false });
    }
    names.sort_by(|a, b| a.object.as_str().cmp(&b.object.as_str()));
    if let Some(why) = dict.open {
        names = vec![Item::any_number(Object::unknown_of(Class::Str, why, place))];
    }
    Ok(machine.list(names, place))
}

fn to_dict(machine: &mut Machine, arguments: Arguments, place: Option<Place>) -> Run<Object> {
    if arguments.positional.len() > 1 {
        return machine.fail(Exception::new("TypeError", "dict expected at most 1 argument"));
    }
    let target = machine.allocate(Contents::Dict(Dict::default()));
    if let Some(from) = arguments.positional.first() {
        machine.update_dict(target, from)?;
    }
    for (name, value) in arguments.named {
        machine.set_entry(target, &Object::str(name, place), value);
    }
    if let Some(cell) = machine.state.cell_mut(target) {
        cell.changes = Changes::default();
        // A copy has none of the original's history.
        if let Contents::Dict(dict) = &mut cell.contents {
            dict.is_scope = false;
        }
    }
    Ok(Object::new(Kind::Heap(target), place))
}

/// `dict.fromkeys(keys, value)`.
fn from_keys(machine: &mut Machine, keys: &Object, value: &Object, place: Option<Place>) -> Run<Object> {
    let items = machine.items_or_unknown(keys)?;
    let target = machine.allocate(Contents::Dict(Dict::default()));
    for item in items {
        machine.need_hashable_item(&item)?;
        match item.repeated {
            true => {
                machine.conceal(value);
                machine.open_dict(target, "not all of its keys are known");
            }
            false => machine.set_entry_when(target, &item.object, value.clone(), item.when),
        }
    }
    Ok(Object::new(Kind::Heap(target), place))
}

fn getattr(
    machine: &mut Machine,
    object: &Object,
    name: &Object,
    default: Option<&Object>,
    place: Option<Place>,
) -> Run<Object> {
    let Some(name) = name.as_str().cloned() else {
        machine.conceal(object);
        match default {
            Some(default) => machine.conceal(default),
            None => machine.may_raise("getattr()")?,
        }
        return Ok(Object::unknown("the attribute's name is not known", place));
    };
    let Some(default) = default else { return machine.attribute(object, &name) };
    let has = machine.has_attribute(object, &name)?;
    machine.branch(has, |machine| machine.attribute(object, &name), |_| Ok(default.clone()))
}

fn escape_names(machine: &mut Machine, object: &Object, why: &str) {
    match &object.kind {
        Kind::Module(module) => machine.open_dict(module.namespace, why),
        _ => machine.escape(object, why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.is_sorted());
    }
}
