//! Methods of dicts.

use super::MethodCall;
use crate::eval::heap::{Contents, Dict, Key, either};
use crate::eval::iterate::in_some_order;
use crate::eval::machine::{Machine, Run};
use crate::eval::models;
use crate::eval::object::{Arguments, HeapId, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

pub(super) fn call(machine: &mut Machine, id: HeapId, call: &MethodCall) -> Run<Object> {
    let Some(dict) = machine.dict_of(id).cloned() else { return Ok(call.not_evaluated()) };
    let place = call.place;
    let none = Object::none(place);
    if let ("get" | "setdefault" | "pop", Some(key)) = (call.name, call.arg(0)) {
        need_hashable(machine, &dict, call.name, key)?;
    }
    match (call.name, call.arg(0), call.arg(1)) {
        ("get", Some(key), default) => get(machine, &dict, key, default.unwrap_or(&none), call),
        ("setdefault", Some(key), default) => {
            let default = default.cloned().unwrap_or(none);
            setdefault(machine, id, &dict, key, default)
        }
        ("pop", Some(key), default) => pop(machine, id, key, default),
        ("update", from, None) => {
            if let Some(from) = from {
                machine.update_dict(id, from)?;
            }
            for (name, value) in &call.arguments.named {
                machine.set_entry(id, &Object::str(name.clone(), place), value.clone());
            }
            if call.arguments.open {
                machine.open_dict(id, "it is updated with arguments that are not known");
            }
            Ok(none)
        }
        ("clear", None, _) => {
            if let Some(cell) = machine.change(id) {
                cell.contents = Contents::Dict(Dict { is_scope: dict.is_scope, ..Dict::default() });
            }
            Ok(none)
        }
        ("copy", None, _) => Ok(machine.dict(Dict { is_scope: false, ..dict }, place)),
        ("keys" | "values" | "items", None, _) => {
            let shown = Arguments::positional(vec![Object::new(Kind::Heap(id), place)]);
            Ok(models::made(&format!("builtins.dict_{}", call.name), shown, place))
        }
        ("popitem", None, _) => popitem(machine, id, call),
        _ => {
            machine.conceal(&Object::new(Kind::Heap(id), place));
            call.arguments.all().for_each(|argument| machine.conceal(argument));
            machine.may_raise(call.name)?;
            Ok(call.not_evaluated())
        }
    }
}

/// Raises where a method does not take a key that is not hashable.
fn need_hashable(machine: &mut Machine, dict: &Dict, method: &str, key: &Object) -> Run<()> {
    let path = machine.state.path;
    // From an empty dict nothing is taken out, by whatever key.
    if method == "pop" && !dict.entries.values().any(|entry| machine.formulas.implies(path, entry.when)) {
        if dict.open.is_none() && dict.entries.is_empty() {
            return Ok(());
        }
        if Key::of(key).is_none() {
            machine.may_raise("pop()")?;
        }
    }
    machine.need_hashable(key)
}

fn get(machine: &mut Machine, dict: &Dict, key: &Object, default: &Object, call: &MethodCall) -> Run<Object> {
    let key = machine.spelled_out(key);
    machine.map(&key, |machine, key| {
        let Some(found) = Key::of(key) else {
            return Ok(match dict.entries.is_empty() && dict.open.is_none() {
                true => default.clone(),
                false => machine.any_value_or(dict, Some(default), "the key is not known", call.place),
            });
        };
        let absent = absent(machine, dict, default, call.place);
        Ok(match dict.entries.get(&found) {
            Some(entry) => {
                let missing = machine.formulas.not(entry.when);
                either(&mut machine.formulas, [(entry.when, &entry.value), (missing, &absent)])
            }
            None => absent,
        })
    })
}

/// What a key gives that is not among the known ones.
fn absent(machine: &mut Machine, dict: &Dict, default: &Object, place: Option<Place>) -> Object {
    let Some(why) = &dict.open else { return default.clone() };
    let unknown = machine.any_of(&[default], why, place);
    let closed = machine.formulas.not(dict.open_when);
    either(&mut machine.formulas, [(dict.open_when, &unknown), (closed, default)])
}

fn setdefault(machine: &mut Machine, id: HeapId, dict: &Dict, key: &Object, default: Object) -> Run<Object> {
    let Some(found) = Key::of(key) else {
        machine.open_dict(id, "a key is set that is not known");
        return Ok(machine.any_value_or(dict, Some(&default), "the key is not known", default.origin));
    };
    match dict.entries.get(&found) {
        Some(entry) if machine.formulas.implies(machine.state.path, entry.when) => Ok(machine.narrowed(&entry.value)),
        Some(entry) => {
            let missing = machine.formulas.not(entry.when);
            let otherwise = absent(machine, dict, &default, default.origin);
            let value = either(&mut machine.formulas, [(entry.when, &entry.value), (missing, &otherwise)]);
            machine.set_entry(id, key, value.clone());
            Ok(value)
        }
        None if dict.open.is_some() => {
            let value = machine.any_of(&[&default], "the entry may be there already", default.origin);
            machine.set_entry(id, key, value.clone());
            Ok(value)
        }
        None => {
            machine.set_entry(id, key, default.clone());
            Ok(default)
        }
    }
}

fn pop(machine: &mut Machine, id: HeapId, key: &Object, default: Option<&Object>) -> Run<Object> {
    machine.each(key, |machine, key| {
        let Some(dict) = machine.dict_of(id).cloned() else { return Ok(Object::none(None)) };
        let text = crate::eval::compare::literal_text(&key.kind).unwrap_or_default();
        let missing = Exception::new("KeyError", text);
        let entry = Key::of(&key).and_then(|key| dict.entries.get(&key).cloned());
        let value = match (entry, default, &dict.open) {
            (Some(entry), Some(default), _) => {
                let missing = machine.formulas.not(entry.when);
                let otherwise = absent(machine, &dict, default, None);
                either(&mut machine.formulas, [(entry.when, &entry.value), (missing, &otherwise)])
            }
            (Some(entry), None, Some(why)) => {
                let missing = machine.formulas.not(entry.when);
                if !machine.formulas.excludes(machine.state.path, missing) {
                    machine.may_raise("pop()")?;
                }
                let unknown = Object::unknown(why.clone(), None);
                either(&mut machine.formulas, [(entry.when, &entry.value), (missing, &unknown)])
            }
            (Some(entry), None, None) => {
                let absent = machine.formulas.not(entry.when);
                machine.raise_when(absent, missing)?;
                entry.value
            }
            (None, Some(default), Some(_)) if Key::of(&key).is_some() => absent(machine, &dict, default, None),
            (None, Some(default), None) if Key::of(&key).is_some() => return Ok(default.clone()),
            (None, None, None) if Key::of(&key).is_some() => return machine.fail(missing),
            (None, _, open) => {
                if default.is_none() {
                    machine.may_raise("pop()")?;
                }
                let why = open.clone().unwrap_or_else(|| "the key is not known".into());
                machine.any_value_or(&dict, default, &why, None)
            }
        };
        machine.remove_entry(id, &key);
        Ok(value)
    })
}

/// The last entry as a pair, where it is certain which one that is.
fn popitem(machine: &mut Machine, id: HeapId, call: &MethodCall) -> Run<Object> {
    let Some(Contents::Dict(mut dict)) = machine.copied(id) else { return Ok(call.not_evaluated()) };
    let path = machine.state.path;
    dict.entries.retain(|_, entry| !machine.formulas.excludes(path, entry.when));
    if dict.open.is_none() && !dict.is_reordered {
        match dict.entries.last() {
            None => return machine.fail(Exception::new("KeyError", "popitem(): dictionary is empty")),
            Some((_, last)) if machine.formulas.implies(path, last.when) => {
                let pair = vec![Item::new(last.key.clone()), Item::new(machine.narrowed(&last.value))];
                let key = last.key.clone();
                machine.remove_entry(id, &key);
                return Ok(machine.tuple(pair, call.place));
            }
            Some(_) => {}
        }
    }
    let dict = Object::new(Kind::Heap(id), None);
    machine.conceal(&dict);
    machine.escape(&dict, "it is not known which entry popitem() takes");
    machine.may_raise("popitem()")?;
    Ok(call.not_evaluated())
}

/// The items of `dict.keys()`, `dict.values()` or `dict.items()`, by which of these it is.
pub(in crate::eval) fn view_items(machine: &mut Machine, id: HeapId, part: &str, place: Option<Place>) -> Vec<Item> {
    let Some(Contents::Dict(dict)) = machine.copied(id) else { return Vec::new() };
    if dict.is_reordered {
        machine.conceal(&Object::new(Kind::Heap(id), place));
        return vec![in_some_order()];
    }
    let mut items = Vec::with_capacity(dict.entries.len());
    for entry in dict.entries.values() {
        let object = match part {
            "keys" => entry.key.clone(),
            "values" => machine.narrowed(&entry.value),
            _ => {
                let value = machine.narrowed(&entry.value);
                machine.tuple(vec![Item::new(entry.key.clone()), Item::new(value)], place)
            }
        };
        items.push(Item { object, when: entry.when, repeated: false });
    }
    if let Some(why) = &dict.open {
        items.push(Item { when: dict.open_when, ..Item::any_number(Object::unknown(why.clone(), place)) });
    }
    machine.narrowed_items(items)
}
