//! Built-in functions over sequences: `len`, `range`, `zip`, `map`, `sorted`, `sum`, …

use super::formula::Formula;
use super::heap::{Contents, Key, either};
use super::iterator::ENUMERATE;
use super::machine::{Machine, Run};
use super::models;
use super::object::{Arguments, Class, Item, Kind, Object};
use super::operator::{MAX_ITEMS, int};
use super::raise::Exception;
use super::text::class_of;
use crate::source::Place;

pub(super) fn length(machine: &mut Machine, value: &Object, place: Option<Place>) -> Run<Object> {
    machine.meet(value);
    let value = machine.spelled_out(value);
    machine.each(&value, |machine, value| {
        let number = |length: usize| Ok(Object::int(length as i64, place));
        let items = match &value.kind {
            Kind::Str(text) => return number(text.chars().count()),
            Kind::Bytes(bytes) => return number(bytes.len()),
            Kind::Tuple(items) => items.to_vec(),
            Kind::Heap(id) => match machine.copied(*id) {
                Some(Contents::List(items)) => items,
                Some(Contents::Set(items))
                    if items.iter().all(|item| item.is_certain() && Key::of(&item.object).is_some()) =>
                {
                    items
                }
                Some(Contents::Dict(dict)) if dict.open.is_none() => {
                    let entries = dict.entries.values();
                    entries.map(|entry| Item { object: entry.key.clone(), when: entry.when, repeated: false }).collect()
                }
                _ => return Ok(Object::unknown_of(Class::Int, "its length is not known", place)),
            },
            Kind::Unknown(unknown) => {
                return Ok(machine.derived(unknown, Class::Int, |text| format!("len({text})"), place));
            }
            Kind::None | Kind::Bool(_) | Kind::Int(_) => {
                return machine.fail(Exception::new("TypeError", "object has no len()"));
            }
            _ => return Ok(Object::unknown_of(Class::Int, "its length is not known", place)),
        };
        let items = machine.narrowed_items(items);
        counted(machine, &items, place)
    })
}

/// The number of items, as alternatives where some of them are there in some cases only.
fn counted(machine: &mut Machine, items: &[Item], place: Option<Place>) -> Run<Object> {
    const MAX_UNCERTAIN: usize = 4;
    let uncertain: Vec<&Item> = items.iter().filter(|item| !item.is_certain()).collect();
    if uncertain.len() > MAX_UNCERTAIN || uncertain.iter().any(|item| item.repeated) {
        return Ok(Object::unknown_of(Class::Int, "its length is not known", place));
    }
    let mut counts = vec![(Formula::TRUE, (items.len() - uncertain.len()) as i64)];
    for item in uncertain {
        let absent = machine.formulas.not(item.when);
        let mut next = Vec::new();
        for (when, count) in counts {
            next.push((machine.formulas.and(when, item.when), count + 1));
            next.push((machine.formulas.and(when, absent), count));
        }
        counts = next;
    }
    let objects: Vec<(Formula, Object)> =
        counts.into_iter().map(|(when, count)| (when, Object::int(count, place))).collect();
    Ok(either(&mut machine.formulas, objects.iter().map(|(when, object)| (*when, object))))
}

pub(super) fn range(machine: &mut Machine, arguments: &Arguments, place: Option<Place>) -> Run<Object> {
    let bounds: Option<Vec<i64>> = arguments.positional.iter().map(|bound| int(&bound.kind)).collect();
    let (start, stop, step) = match bounds.as_deref() {
        Some([stop]) => (0, *stop, 1),
        Some([start, stop]) => (*start, *stop, 1),
        Some([start, stop, step]) if *step != 0 => (*start, *stop, *step),
        _ => return Ok(Object::unknown("the bounds of the range are not known", place)),
    };
    let mut items = Vec::new();
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        if items.len() >= MAX_ITEMS {
            return Ok(Object::unknown("the range is too long", place));
        }
        items.push(Item::new(Object::int(at, place)));
        at = at.saturating_add(step);
    }
    machine.steps(items.len())?;
    let list = machine.list(items, place);
    Ok(models::made("builtins.range", Arguments::positional(vec![list]), place))
}

pub(super) fn enumerate(
    machine: &mut Machine,
    value: &Object,
    start: Option<&Object>,
    place: Option<Place>,
) -> Run<Object> {
    let zero = Object::int(0, place);
    let number = machine.each(start.unwrap_or(&zero), |machine, start| {
        if let Some(start) = int(&start.kind) {
            return Ok(Object::int(start, place));
        }
        let is_number = match &start.kind {
            Kind::Unknown(_) | Kind::Template(_) => matches!(class_of(&start), Class::Any | Class::Int | Class::Bool),
            _ => !start.is_plain() && !machine.is_collection(&start),
        };
        if !is_number {
            return machine.fail(Exception::new("TypeError", "object cannot be interpreted as an integer"));
        }
        if class_of(&start) != Class::Int {
            machine.may_raise("enumerate()")?;
        }
        Ok(Object::unknown_of(Class::Int, "where the numbers start is not known", place))
    })?;
    let source = machine.source_of_items(value, place)?;
    let counter = machine.list(vec![Item::new(number)], None);
    Ok(models::made(ENUMERATE, Arguments::positional(vec![source, counter]), place))
}

/// `zip`, and `map` with a function: an iterator over several others.
pub(super) fn combined(
    machine: &mut Machine,
    name: &str,
    function: Option<&Object>,
    arguments: &Arguments,
    place: Option<Place>,
) -> Run<Object> {
    let mut parts: Vec<Object> = function.into_iter().cloned().collect();
    for value in &arguments.positional[parts.len()..] {
        parts.push(machine.source_of_items(value, place)?);
    }
    let named = arguments.named.clone();
    Ok(models::made(name, Arguments { positional: parts, named, open: false }, place))
}

/// `sorted(items, key=, reverse=)`.
pub(super) fn sorted(
    machine: &mut Machine,
    items: Vec<Item>,
    arguments: &Arguments,
    place: Option<Place>,
) -> Run<Object> {
    items.iter().for_each(|item| machine.meet_deeply(&item.object));
    let reverse = arguments.by_name("reverse").map_or(Some(false), |reverse| match reverse.kind {
        Kind::Bool(reverse) => Some(reverse),
        _ => None,
    });
    let key = arguments.by_name("key").filter(|key| !matches!(key.kind, Kind::None)).cloned();
    let objects: Vec<Object> = items.iter().map(|item| item.object.clone()).collect();
    let unknown = |machine: &mut Machine| {
        objects.iter().for_each(|object| machine.conceal(object));
        machine.may_raise("sorting")?;
        let any = Item::any_number(Object::unknown("the order of the items is not known", place));
        Ok(machine.list(vec![any], place))
    };
    let Some(reverse) = reverse else { return unknown(machine) };
    if items.iter().any(|item| item.repeated) {
        return unknown(machine);
    }
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let by = match &key {
            Some(key) => machine.call_with(key, &item, place)?,
            None => Some(item.object.clone()),
        };
        keyed.push((by.as_ref().and_then(sort_key), item));
    }
    let all_of = |is_kind: fn(&SortKey) -> bool| keyed.iter().all(|(key, _)| key.as_ref().is_some_and(is_kind));
    if !all_of(|key| matches!(key, SortKey::Int(_)))
        && !all_of(|key| matches!(key, SortKey::Text(_)))
        && !all_of(|key| matches!(key, SortKey::Texts(_)))
    {
        return unknown(machine);
    }
    keyed.sort_by(|(a, _), (b, _)| if reverse { b.cmp(a) } else { a.cmp(b) });
    let sorted = keyed.into_iter().map(|(_, item)| item).collect();
    Ok(machine.list(sorted, place))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Int(i64),
    Text(std::sync::Arc<str>),
    Texts(Vec<std::sync::Arc<str>>),
}

fn sort_key(object: &Object) -> Option<SortKey> {
    match &object.kind {
        Kind::Str(text) => Some(SortKey::Text(text.clone())),
        Kind::Tuple(items) => {
            let texts = items.iter().map(|item| if item.is_certain() { item.object.as_str().cloned() } else { None });
            texts.collect::<Option<Vec<_>>>().map(SortKey::Texts)
        }
        kind => int(kind).map(SortKey::Int),
    }
}

pub(super) fn extreme(machine: &mut Machine, name: &str, arguments: &Arguments, place: Option<Place>) -> Run<Object> {
    machine.call_back(arguments);
    let items = match arguments.positional.as_slice() {
        [values] => machine.unordered_items(values)?,
        values => values.iter().cloned().map(Item::new).collect(),
    };
    let number = |item: &Item| if item.is_certain() { int(&item.object.kind) } else { None };
    // Of equal ones, as `1` and `True`, it is the first.
    let is_better = |new: i64, old: i64| if name == "min" { new < old } else { new > old };
    let found = items.iter().map(|item| Some((number(item)?, &item.object))).reduce(|best, next| {
        let (best, next) = (best?, next?);
        Some(if is_better(next.0, best.0) { next } else { best })
    });
    match found.flatten() {
        Some((_, object)) if arguments.named.is_empty() => Ok(object.clone()),
        _ => {
            machine.may_raise(name)?;
            items.iter().for_each(|item| machine.conceal(&item.object));
            arguments.by_name("default").into_iter().for_each(|default| machine.conceal(default));
            Ok(Object::unknown(format!("{name}() of it is not evaluated"), place))
        }
    }
}

pub(super) fn sum(machine: &mut Machine, values: &Object, place: Option<Place>) -> Run<Object> {
    let items = machine.unordered_items(values)?;
    let total = items.iter().try_fold(0i64, |total, item| match item.is_certain() {
        true => int(&item.object.kind).and_then(|number| total.checked_add(number)),
        false => None,
    });
    Ok(match total {
        Some(total) => Object::int(total, place),
        None => Object::unknown("sum() of it is not evaluated", place),
    })
}
