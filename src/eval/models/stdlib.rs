//! Functions of the standard library that settings call for their value.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Call;
use crate::eval::heap::{Contents, Dict, Instance};
use crate::eval::include::Candidate;
use crate::eval::iterator::is_iterator;
use crate::eval::literal::literal_eval;
use crate::eval::machine::{Imports, Machine, Run};
use crate::eval::object::{Class, HeapId, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let place = call.place;
    let first = call.arguments.positional.first();
    Some(match (call.name, first) {
        ("copy.copy" | "copy.deepcopy", Some(value)) => {
            let depth = if call.name == "copy.copy" { 1 } else { 30 };
            machine.meet_deeply(value);
            let mut copies = Copies::default();
            let copy = copied(machine, value, depth, &mut copies);
            if copies.holds_opaque
                && let Err(stop) = machine.may_raise("a copy")
            {
                return Some(Err(stop));
            }
            Ok(copy)
        }
        ("operator.attrgetter()", Some(object)) => {
            machine.may_take_any(object);
            return None;
        }
        ("importlib.import_module", Some(name)) => {
            let package = call.arg(1, "package").and_then(Object::as_str).cloned();
            imported(machine, name, package.as_deref(), place)
        }
        ("urllib.parse.quote" | "urllib.parse.quote_plus", Some(text)) => {
            let is_plus = call.name.ends_with("plus");
            let safe = match call.arg(1, "safe") {
                None => Some(if is_plus { "" } else { "/" }.to_owned()),
                Some(safe) => safe.as_str().map(ToString::to_string),
            };
            machine.map(text, |machine, text| {
                Ok(match (&text.kind, &safe) {
                    (Kind::Str(text), Some(safe)) => Object::str(quoted(text, safe, is_plus), place),
                    (Kind::Unknown(unknown), _) => {
                        machine.derived(unknown, Class::Str, |text| format!("quote({text})"), place)
                    }
                    _ => Object::unknown_of(Class::Str, "the quoted text is not known", place),
                })
            })
        }
        ("distutils.util.strtobool" | "setuptools.distutils.util.strtobool", Some(text)) => {
            machine.map(text, |machine, text| {
                Ok(match &text.kind {
                    Kind::Str(text) => match text.to_lowercase().as_str() {
                        "y" | "yes" | "t" | "true" | "on" | "1" => Object::int(1, place),
                        "n" | "no" | "f" | "false" | "off" | "0" => Object::int(0, place),
                        _ => return Err(Exception::new("ValueError", "invalid truth value")),
                    },
                    Kind::Unknown(unknown) => {
                        machine.derived(unknown, Class::Int, |text| format!("strtobool({text})"), place)
                    }
                    Kind::None | Kind::Bool(_) | Kind::Int(_) => {
                        return Err(Exception::new("AttributeError", "no attribute 'lower'"));
                    }
                    _ => Object::unknown_of(Class::Int, "the value is not known", place),
                })
            })
        }
        ("collections.OrderedDict", first) => {
            let target = machine.allocate(Contents::Dict(Dict::default()));
            let updated = match first {
                Some(from) => machine.update_dict(target, from),
                None => Ok(()),
            };
            for (name, value) in &call.arguments.named {
                machine.set_entry(target, &Object::str(name.clone(), place), value.clone());
            }
            updated.map(|()| Object::new(Kind::Heap(target), place))
        }
        ("inspect.getfile" | "inspect.getsourcefile" | "inspect.getabsfile", Some(frame)) => match &frame.kind {
            Kind::Made(made) if matches!(made.function.as_ref(), "inspect.currentframe" | "sys._getframe") => {
                let file = machine.module().file?;
                Ok(Object::str(machine.path_of(file).to_string_lossy().into_owned(), place))
            }
            _ => return None,
        },
        ("sys.exit", _) => Err(machine.raise(Exception::new("SystemExit", "sys.exit()"))),
        ("ast.literal_eval", Some(text)) => {
            if machine.possible(text).iter().any(|(_, text)| text.as_str().is_none())
                && let Err(stop) = machine.may_raise(call.name)
            {
                return Some(Err(stop));
            }
            machine.map(text, |machine, text| match &text.kind {
                Kind::Str(known) => literal_eval(machine, known, text.origin.or(place)),
                Kind::Unknown(unknown) => {
                    Ok(machine.derived(unknown, Class::Any, |text| format!("literal_eval({text})"), place))
                }
                _ => Ok(Object::unknown("the literal is not known", text.origin.or(place))),
            })
        }
        ("warnings.warn" | "warnings.filterwarnings" | "warnings.simplefilter" | "mimetypes.add_type", _) => {
            Ok(Object::none(place))
        }
        _ => return None,
    })
}

/// `importlib.import_module`.
fn imported(machine: &mut Machine, name: &Object, package: Option<&str>, place: Option<Place>) -> Run<Object> {
    if machine.mode.imports != Imports::Eager {
        return Ok(Object::unknown("the module's name is not known", place));
    }
    let is_known = machine.possible(name).iter().all(|(_, name)| name.as_str().is_some());
    let names = if is_known { Vec::new() } else { machine.world.module_names() };
    machine.each_candidate(name, &names, &mut |machine, candidate| {
        let name = match candidate {
            Candidate::Name(name) => Some(name),
            // Modules of this kind are kept, and this is none of them.
            Candidate::NoneOfThem => {
                return Err(machine.raise(Exception::new("ModuleNotFoundError", "no module of this name")));
            }
            Candidate::Any => None,
        };
        if name == Some("") {
            return Err(machine.raise(Exception::new("ValueError", "an empty name of a module")));
        }
        let absolute = name.and_then(|name| match name.strip_prefix('.') {
            None => Some(name.to_owned()),
            Some(rest) => {
                let below = rest.trim_start_matches('.');
                let parts: Vec<&str> = package?.split('.').collect();
                let kept = parts.len().checked_sub(rest.len() - below.len())?;
                Some([parts.get(..kept)?, &[below]].concat().join("."))
            }
        });
        match absolute {
            Some(name) => {
                machine.import_may_fail(&name, false)?;
                machine.import_module(&name)
            }
            None => {
                machine.may_raise("importing a module")?;
                Ok(Object::unknown("the module's name is not known", place))
            }
        }
    })
}

/// What was copied, by what it is a copy of.
#[derive(Default)]
struct Copies {
    made: FxHashMap<HeapId, HeapId>,
    /// Whether there is something among it that is not evaluated, and may refuse to be copied.
    holds_opaque: bool,
}

/// A copy of lists, dicts and sets, `depth` levels deep. What is there twice is copied once.
fn copied(machine: &mut Machine, value: &Object, depth: usize, copies: &mut Copies) -> Object {
    if depth == 0 {
        return value.clone();
    }
    copies.holds_opaque |= matches!(value.kind, Kind::Made(_) | Kind::Symbol(_) | Kind::Module(_));
    match &value.kind {
        Kind::Heap(id) => {
            if let Some(copy) = copies.made.get(id) {
                return Object::new(Kind::Heap(*copy), value.origin);
            }
            let contents = match machine.contents(*id).cloned() {
                Some(Contents::List(mut items)) => {
                    for item in &mut items {
                        item.object = copied(machine, &item.object, depth - 1, copies);
                    }
                    Contents::List(items)
                }
                Some(Contents::Set(items)) => Contents::Set(items),
                Some(Contents::Dict(mut dict)) => {
                    for entry in dict.entries.values_mut() {
                        entry.value = copied(machine, &entry.value, depth - 1, copies);
                    }
                    Contents::Dict(Dict { is_scope: false, ..dict })
                }
                Some(Contents::Instance(instance)) => return copied_instance(machine, value, &instance, depth, copies),
                _ => return value.clone(),
            };
            let copy = machine.allocate(contents);
            copies.made.insert(*id, copy);
            Object::new(Kind::Heap(copy), value.origin)
        }
        // `copy.copy` gives back the tuple itself.
        Kind::Tuple(items) if depth > 1 => {
            let mut copy = |item: &Item| copied(machine, &item.object, depth - 1, copies);
            let items: Vec<Item> = items.iter().map(|item| Item { object: copy(item), ..item.clone() }).collect();
            Object::new(Kind::Tuple(items.into()), value.origin)
        }
        Kind::Either(_) => {
            let alternatives: Vec<_> = value
                .alternatives()
                .into_iter()
                .map(|(when, object)| (when, copied(machine, &object, depth, copies)))
                .collect();
            crate::eval::heap::either(&mut machine.formulas, alternatives.iter().map(|(when, object)| (*when, object)))
        }
        Kind::Made(_) if is_iterator(value) => {
            machine.escape_iterator(value, "it is copied");
            Object::unknown("a copy of an iterator is not evaluated", value.origin)
        }
        _ => value.clone(),
    }
}

/// The copy of an instance, unless its class says itself how it is copied.
fn copied_instance(
    machine: &mut Machine,
    value: &Object,
    instance: &Instance,
    depth: usize,
    copies: &mut Copies,
) -> Object {
    const HOOKS: [&str; 7] =
        ["__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__slots__"];
    if HOOKS.iter().any(|hook| machine.own_method(instance.class, hook).is_some()) {
        machine.conceal(value);
        return Object::unknown("its class decides what a copy of it is", value.origin);
    }
    // A base that is not the project's own may be copied by being constructed anew.
    if machine.resolution_order(instance.class).iter().any(|base| !matches!(base.kind, Kind::Heap(_))) {
        machine.may_be_constructed(instance.class, "it is copied");
    }
    let (class, arguments) = (instance.class, instance.arguments.clone());
    let attributes = Object::new(Kind::Heap(instance.attributes), None);
    let mut copy = Instance { class, attributes: instance.attributes, arguments };
    if let (Kind::Heap(id), Kind::Heap(of)) = (&value.kind, copied(machine, &attributes, depth, copies).kind) {
        copy.attributes = of;
        if let Some(cell) = machine.state.cell_mut(of)
            && let Contents::Dict(dict) = &mut cell.contents
        {
            dict.is_scope = true;
        }
        let copied = machine.allocate(Contents::Instance(Arc::new(copy)));
        copies.made.insert(*id, copied);
        return Object::new(Kind::Heap(copied), value.origin);
    }
    value.clone()
}

/// `urllib.parse.quote`.
pub(super) fn quoted(text: &str, safe: &str, is_plus: bool) -> String {
    let mut quoted = String::with_capacity(text.len());
    for byte in text.bytes() {
        let character = byte as char;
        if is_plus && character == ' ' {
            quoted.push('+');
        } else if byte.is_ascii_alphanumeric()
            || matches!(character, '_' | '.' | '-' | '~')
            || byte.is_ascii() && safe.contains(character)
        {
            quoted.push(character);
        } else {
            quoted.push_str(&format!("%{byte:02X}"));
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_python_does() {
        assert_eq!(quoted("p#w/é ", "/", false), "p%23w/%C3%A9%20");
        assert_eq!(quoted("p#w/ ", "", true), "p%23w%2F+");
    }
}
