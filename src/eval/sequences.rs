//! Built-in functions over sequences: `len`, `range`, `zip`, `map`, `sorted`, `sum`, …

use super::formula::Formula;
use super::heap::{Contents, Key, either};
use super::machine::{Machine, Run};
use super::object::{Arguments, Class, Item, Kind, Object};
use super::operator::{MAX_ITEMS, int};
use super::raise::Exception;
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
    Ok(machine.iterable("builtins.range", items, &[], place))
}

pub(super) fn enumerate(
    machine: &mut Machine,
    value: &Object,
    start: Option<i64>,
    place: Option<Place>,
) -> Run<Object> {
    let items = machine.items_or_unknown(value)?;
    let mut numbered = Vec::with_capacity(items.len());
    let mut is_certain = true;
    for (index, item) in items.into_iter().enumerate() {
        let number = match start.and_then(|start| start.checked_add(index as i64)) {
            // An item that stands for many has many numbers.
            Some(number) if is_certain && !item.repeated => Object::int(number, place),
            _ => Object::unknown_of(Class::Int, "the items before it are not all certain", place),
        };
        is_certain &= item.is_certain();
        let pair = machine.tuple(vec![Item::new(number), Item::new(item.object.clone())], place);
        numbered.push(Item { object: pair, ..item });
    }
    Ok(machine.iterable("builtins.enumerate", numbered, std::slice::from_ref(value), place))
}

pub(super) fn zip(machine: &mut Machine, values: &[Object], place: Option<Place>) -> Run<Object> {
    let mut columns = Vec::with_capacity(values.len());
    for value in values {
        columns.push(machine.items_or_unknown(value)?);
    }
    if columns.iter().flatten().any(|item| !item.is_certain()) {
        let unknown = Item::any_number(Object::unknown("the items that are paired are not all certain", place));
        return Ok(machine.iterable("builtins.zip", vec![unknown], values, place));
    }
    let length = columns.iter().map(Vec::len).min().unwrap_or(0);
    let rows = (0..length).map(|row| {
        let items: Vec<Item> = columns.iter().map(|column| column[row].clone()).collect();
        Item::new(Object::new(Kind::Tuple(items.into()), place))
    });
    let rows = rows.collect();
    Ok(machine.iterable("builtins.zip", rows, values, place))
}

pub(super) fn map(machine: &mut Machine, function: &Object, values: &Object, place: Option<Place>) -> Run<Object> {
    let items = machine.items_or_unknown(values)?;
    let mut mapped = Vec::with_capacity(items.len());
    for item in items {
        let mut result = None;
        if item.repeated {
            machine.any_number_of_times(|machine| {
                let value = machine.call(function, Arguments::positional(vec![item.object.clone()]), place)?;
                result = Some(value);
                Ok(())
            });
            result = Some(Object::unknown("the items are not known", place));
        } else {
            let value = machine.branch(
                item.when,
                |machine| machine.call(function, Arguments::positional(vec![item.object.clone()]), place),
                |_| Ok(Object::none(None)),
            )?;
            let value = match &value.kind {
                Kind::Either(alternatives) => {
                    let formulas = &mut machine.formulas;
                    let there: Vec<(Formula, Object)> =
                        alternatives.iter().filter(|(when, _)| !formulas.excludes(*when, item.when)).cloned().collect();
                    either(formulas, there.iter().map(|(when, object)| (*when, object)))
                }
                _ => value,
            };
            result = Some(value);
        }
        if let Some(object) = result {
            mapped.push(Item { object, ..item });
        }
    }
    Ok(machine.iterable("builtins.map", mapped, std::slice::from_ref(values), place))
}

pub(super) fn filter(machine: &mut Machine, function: &Object, values: &Object, place: Option<Place>) -> Run<Object> {
    let mut kept = Vec::new();
    for item in machine.items_or_unknown(values)? {
        let holds = match (&function.kind, item.repeated) {
            (_, true) => Formula::TRUE,
            (Kind::None, _) => machine.truth(&item.object),
            _ => {
                let result = machine.call(function, Arguments::positional(vec![item.object.clone()]), place)?;
                machine.truth(&result)
            }
        };
        let when = machine.formulas.and(item.when, holds);
        if !when.is_false() {
            kept.push(Item { when, ..item });
        }
    }
    Ok(machine.iterable("builtins.filter", kept, std::slice::from_ref(values), place))
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
    let unknown = |machine: &mut Machine| {
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
            Some(key) => machine.call(key, Arguments::positional(vec![item.object.clone()]), place)?,
            None => item.object.clone(),
        };
        keyed.push((sort_key(&by), item));
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
