//! Methods of lists, and those of tuples.

use super::MethodCall;
use crate::eval::formula::Formula;
use crate::eval::heap::{Contents, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{HeapId, Item, Kind, Object};
use crate::eval::operator::int;
use crate::eval::raise::Exception;
use crate::eval::sequences;

pub(super) fn call(machine: &mut Machine, id: HeapId, call: &MethodCall) -> Run<Object> {
    let place = call.place;
    match (call.name, call.arg(0), call.arg(1)) {
        ("append", Some(value), None) => machine.extend_list(id, vec![Item::new(value.clone())]),
        ("extend", Some(values), None) => machine.extend_list_with(id, values)?,
        ("insert", Some(at), Some(value)) => {
            // Each possible index in its own case: there the items before it are certain.
            machine.each(at, |machine, at| {
                if int(&at.kind).is_none() {
                    machine.may_raise("insert()")?;
                }
                insert(machine, id, &at, value);
                Ok(Object::none(None))
            })?;
        }
        _ => return call_copied(machine, id, call),
    }
    Ok(Object::none(place))
}

/// The methods that need all items.
fn call_copied(machine: &mut Machine, id: HeapId, call: &MethodCall) -> Run<Object> {
    let Some(Contents::List(items)) = machine.copied(id) else { return Ok(call.not_evaluated()) };
    let items = machine.narrowed_items(items);
    let place = call.place;
    match (call.name, call.arg(0), call.arg(1)) {
        ("remove", Some(value), None) => return remove(machine, id, items, value, call),
        ("pop", at, None) => return pop(machine, id, items, at, call),
        ("clear", None, _) => replace(machine, id, Vec::new()),
        ("reverse", None, _) => replace(machine, id, items.into_iter().rev().collect()),
        ("sort", None, _) => {
            let sorted = sequences::sorted(machine, items, call.arguments, place)?;
            if let Kind::Heap(sorted) = sorted.kind
                && let Some(Contents::List(items)) = machine.copied(sorted)
            {
                replace(machine, id, items);
            }
        }
        ("copy", None, _) => return Ok(machine.list(items, place)),
        _ => return query(machine, &items, call),
    }
    Ok(Object::none(place))
}

/// The methods that lists and tuples share.
pub(super) fn query(machine: &mut Machine, items: &[Item], call: &MethodCall) -> Run<Object> {
    match (call.name, call.arg(0), call.arg(1)) {
        ("index", Some(value), None) => index(machine, items, value, call),
        ("count", Some(value), None) => {
            let mut count = 0;
            for item in items {
                let equal = machine.same_or_equal(&item.object, value);
                if !item.is_certain() || !(equal.is_true() || equal.is_false()) {
                    return Ok(call.not_evaluated());
                }
                count += i64::from(equal.is_true());
            }
            Ok(Object::int(count, call.place))
        }
        _ => Ok(call.not_evaluated()),
    }
}

fn replace(machine: &mut Machine, id: HeapId, items: Vec<Item>) {
    if let Some(cell) = machine.change(id) {
        cell.contents = Contents::List(items);
    }
}

fn insert(machine: &mut Machine, id: HeapId, at: &Object, value: &Object) {
    let Some(Contents::List(items)) = machine.copied(id) else { return };
    let mut items = machine.narrowed_items(items);
    let prefix = items.iter().take_while(|item| item.is_certain()).count();
    let suffix = items.iter().rev().take_while(|item| item.is_certain()).count();
    let length = items.len() as i64;
    let is_certain = prefix == items.len();
    let index = int(&at.kind).and_then(|at| match at {
        at if at >= 0 && (at as usize) <= prefix => Some(at as usize),
        at if at < 0 && at.unsigned_abs() as usize <= suffix => Some((length + at) as usize),
        at if is_certain => Some(at.clamp(0, length) as usize),
        // Before the beginning is the beginning, however many items there are.
        at if at <= -(10 + length) => Some(0),
        _ => None,
    });
    match index {
        Some(index) => {
            items.insert(index, Item::new(value.clone()));
            replace(machine, id, items);
        }
        None => {
            let list = Object::new(Kind::Heap(id), None);
            machine.conceal(value);
            machine.escape(&list, "an item is inserted at a place that is not known");
        }
    }
}

/// The position of the first item that is equal: an alternative for each item that may be the first.
fn index(machine: &mut Machine, items: &[Item], value: &Object, call: &MethodCall) -> Run<Object> {
    let mut found: Vec<(Formula, Object)> = Vec::new();
    let mut before = vec![(Formula::TRUE, 0i64)];
    let mut missing = Formula::TRUE;
    for item in items {
        if item.repeated || before.len() > 16 {
            machine.may_raise("index()")?;
            return Ok(Object::unknown("the items before it are not all certain", call.place));
        }
        let equal = machine.same_or_equal(&item.object, value);
        let here = machine.formulas.and(item.when, equal);
        let here = machine.formulas.and(here, missing);
        for (when, count) in &before {
            let when = machine.formulas.and(*when, here);
            if !machine.formulas.excludes(machine.state.path, when) {
                found.push((when, Object::int(*count, call.place)));
            }
        }
        missing = machine.formulas.and_not(missing, here);
        if machine.formulas.excludes(machine.state.path, missing) {
            break;
        }
        let absent = machine.formulas.not(item.when);
        let mut next = Vec::with_capacity(before.len() * 2);
        for (when, count) in before {
            for (in_case, count) in [(item.when, count + 1), (absent, count)] {
                let when = machine.formulas.and(when, in_case);
                if !machine.formulas.excludes(machine.state.path, when) {
                    next.push((when, count));
                }
            }
        }
        before = next;
    }
    let exception = Exception::new("ValueError", "the item is not in the list");
    if found.is_empty() {
        return machine.fail(exception);
    }
    machine.raise_when(missing, exception)?;
    Ok(either(&mut machine.formulas, found.iter().map(|(when, object)| (*when, object))))
}

fn remove(machine: &mut Machine, id: HeapId, items: Vec<Item>, value: &Object, call: &MethodCall) -> Run<Object> {
    let mut missing = Formula::TRUE;
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        if item.repeated {
            // It may be among them, and then what follows stays.
            let among = machine.fresh("it is among the items that are not known", crate::eval::formula::Subject::Other);
            missing = machine.formulas.and_not(missing, among);
            kept.push(item);
            continue;
        }
        let equal = machine.same_or_equal(&item.object, value);
        let here = machine.formulas.and(item.when, equal);
        let here = machine.formulas.and(here, missing);
        missing = machine.formulas.and_not(missing, here);
        let when = machine.formulas.and_not(item.when, here);
        if !machine.formulas.excludes(machine.state.path, when) {
            kept.push(Item { when, ..item });
        }
    }
    let exception = Exception::new("ValueError", "list.remove(x): x not in list");
    if machine.formulas.implies(machine.state.path, missing) {
        return machine.fail(exception);
    }
    machine.raise_when(missing, exception)?;
    replace(machine, id, kept);
    Ok(Object::none(call.place))
}

fn pop(machine: &mut Machine, id: HeapId, mut items: Vec<Item>, at: Option<&Object>, call: &MethodCall) -> Run<Object> {
    let index = at.map_or(Some(-1), |at| int(&at.kind));
    let is_certain = items.iter().all(Item::is_certain);
    let position = index.and_then(|index| crate::eval::subscript::position(index, items.len()));
    match position {
        Some(position) if is_certain => {
            let taken = items.remove(position);
            replace(machine, id, items);
            Ok(taken.object)
        }
        None if is_certain && index.is_some() => machine.fail(Exception::new("IndexError", "pop from empty list")),
        _ => {
            let list = Object::new(Kind::Heap(id), None);
            machine.escape(&list, "an item is popped whose place is not known");
            Ok(call.not_evaluated())
        }
    }
}
