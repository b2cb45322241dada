//! Methods of sets.

use super::MethodCall;
use crate::eval::formula::Formula;
use crate::eval::heap::Contents;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{HeapId, Item, Kind, Object};
use crate::eval::operator::Taken;
use crate::python::ast::BinaryOp;

pub(super) fn call(machine: &mut Machine, id: HeapId, call: &MethodCall) -> Run<Object> {
    let Some(Contents::Set(items)) = machine.copied(id) else { return Ok(call.not_evaluated()) };
    let place = call.place;
    match (call.name, call.arg(0), call.arg(1)) {
        ("add", Some(value), None) => {
            machine.need_hashable(value)?;
            add(machine, id, items, vec![Item::new(value.clone())]);
        }
        ("update", Some(values), None) => {
            let new = machine.unordered_items(values)?;
            new.iter().try_for_each(|item| machine.need_hashable_item(item))?;
            add(machine, id, items, new);
        }
        ("discard", Some(value), None) => {
            machine.need_hashable_but_set(value)?;
            let mut kept = Vec::with_capacity(items.len());
            for item in items {
                let equal = if item.repeated { Formula::FALSE } else { machine.same_or_equal(&item.object, value) };
                let when = machine.formulas.and_not(item.when, equal);
                if !when.is_false() {
                    kept.push(Item { when, ..item });
                }
            }
            replace(machine, id, kept);
        }
        ("clear", None, _) => replace(machine, id, Vec::new()),
        ("copy", None, _) => return Ok(machine.set(items, place)),
        // Of equal items it takes those of what is iterated over, unless that is a set.
        ("intersection", Some(other), None) if !is_set(machine, other) => {
            let other = machine.unordered_items(other)?;
            let other = machine.distinct(other);
            let items = machine.common(&items, &other, Taken::Second);
            return Ok(machine.set(items, place));
        }
        ("union" | "difference" | "intersection", Some(other), None) => {
            let other = machine.unordered_items(other)?;
            other.iter().try_for_each(|item| machine.need_hashable_item(item))?;
            let left = machine.set(items, place);
            let right = machine.set(other, place);
            let op = match call.name {
                "union" => BinaryOp::BitOr,
                "difference" => BinaryOp::Sub,
                _ => BinaryOp::BitAnd,
            };
            return machine.binary(op, &left, &right, place);
        }
        _ => {
            let set = Object::new(Kind::Heap(id), None);
            machine.escape(&set, "a method of the set is not evaluated");
            return Ok(call.not_evaluated());
        }
    }
    Ok(Object::none(place))
}

fn is_set(machine: &Machine, object: &Object) -> bool {
    matches!(object.kind, Kind::Heap(id) if matches!(machine.contents(id), Some(Contents::Set(_))))
}

fn add(machine: &mut Machine, id: HeapId, mut items: Vec<Item>, new: Vec<Item>) {
    items.extend(new);
    let items = machine.distinct(items);
    replace(machine, id, items);
}

fn replace(machine: &mut Machine, id: HeapId, items: Vec<Item>) {
    if let Some(cell) = machine.change(id) {
        cell.contents = Contents::Set(items);
    }
}
