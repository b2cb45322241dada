//! Subscripts and slices.

use super::formula::Formula;
use super::heap::{Contents, Dict, Key, either};
use super::iterate::{KEYS, PAIRS, RANGE, VIEWS};
use super::machine::{Machine, Run};
use super::models;
use super::object::{Class, HeapId, Item, Kind, Object, Piece};
use super::operator::int;
use super::raise::Exception;
use super::text::class_of;
use crate::source::Place;

impl Machine<'_> {
    /// `object[index]`.
    pub(super) fn subscript(&mut self, object: &Object, index: &Object) -> Run<Object> {
        let index = self.spelled_out(index);
        let object = self.resolved(object)?;
        let object = self.narrowed(&object);
        let index = self.narrowed(&index);
        self.each(&object, |machine, object| {
            machine.each(&index, |machine, index| machine.subscript_of(&object, &index))
        })
    }

    fn subscript_of(&mut self, object: &Object, index: &Object) -> Run<Object> {
        let place = self.statement();
        self.meet(index);
        match &object.kind {
            Kind::Heap(id) => match self.copied(*id) {
                Some(Contents::Dict(dict)) => {
                    self.need_hashable(index)?;
                    self.entry(&dict, index)
                }
                Some(Contents::List(items)) => self.item_at(items, index),
                _ => {
                    self.meet(object);
                    self.call_operators_of(object, |name| name == "__class_getitem__");
                    self.conceal(object);
                    self.conceal_class(object);
                    Ok(Object::unknown("the subscript is not evaluated", place))
                }
            },
            Kind::Tuple(items) => {
                let items = items.to_vec();
                self.item_at(items, index)
            }
            Kind::Made(made) if made.function.as_ref() == RANGE => {
                let items = self.items_of(object)?.unwrap_or_default();
                self.item_at(items, index)
            }
            Kind::Str(text) => match int(&index.kind) {
                Some(index) => {
                    let characters: Vec<char> = text.chars().collect();
                    match position(index, characters.len()) {
                        Some(at) => Ok(Object::str(characters[at].to_string(), object.origin)),
                        None => self.fail(Exception::new("IndexError", "string index out of range")),
                    }
                }
                None => Ok(Object::unknown_of(Class::Str, "the index is not known", place)),
            },
            Kind::Symbol(name) => models::subscript(self, &name.clone(), index),
            Kind::Made(made) if VIEWS.contains(&made.function.as_ref()) => {
                self.fail(Exception::new("TypeError", "object is not subscriptable"))
            }
            Kind::Made(made) => match models::made_subscript(self, made, object, index) {
                Some(value) => value,
                None => {
                    self.conceal(object);
                    Ok(Object::unknown("the subscript is not evaluated", place))
                }
            },
            Kind::Unknown(unknown) => {
                if let Kind::Str(name) = &index.kind
                    && unknown.term.as_ref().is_some_and(|term| term.text.as_ref() == "sys.modules")
                    && let Some(module) = self.module_by_name(name, place)?
                {
                    return Ok(module);
                }
                let index_text = super::compare::literal_text(&index.kind);
                let found = self.derived(
                    unknown,
                    Class::Any,
                    |text| format!("{text}[{}]", index_text.clone().unwrap_or_default()),
                    place,
                );
                self.may_raise("a subscript")?;
                Ok(match (index_text, found.kind) {
                    (Some(_), kind) => Object::new(kind, object.origin),
                    (None, _) => Object::unknown(unknown.why.clone(), object.origin),
                })
            }
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Function(_) => {
                self.fail(Exception::new("TypeError", "object is not subscriptable"))
            }
            _ => {
                self.conceal(object);
                Ok(Object::unknown("the subscript is not evaluated", place))
            }
        }
    }

    /// `dict[key]`.
    pub(super) fn entry(&mut self, dict: &Dict, key: &Object) -> Run<Object> {
        let place = self.statement();
        let text = super::compare::literal_text(&key.kind).unwrap_or_else(|| "…".into());
        let Some(found) = Key::of(key) else {
            self.may_raise("a subscript")?;
            return Ok(self.any_value(dict, "the key is not known", place));
        };
        let missing = Exception::new("KeyError", text.clone());
        match (dict.entries.get(&found).cloned(), dict.open.clone()) {
            (Some(entry), None) => {
                let absent = self.formulas.not(entry.when);
                self.raise_when(absent, missing)?;
                Ok(self.narrowed(&entry.value))
            }
            (Some(entry), Some(why)) => {
                let absent = self.formulas.not(entry.when);
                if !self.formulas.excludes(self.state.path, absent) {
                    self.may_raise("a subscript")?;
                }
                let unknown = Object::unknown(why, place);
                let value = either(&mut self.formulas, [(entry.when, &entry.value), (absent, &unknown)]);
                Ok(self.narrowed(&value))
            }
            (None, Some(why)) => {
                self.may_raise("a subscript")?;
                Ok(Object::unknown(why, place))
            }
            (None, None) => self.fail(missing),
        }
    }

    /// What is not known, but may be any value of a dict.
    pub(super) fn any_value(&mut self, dict: &Dict, why: &str, place: Option<Place>) -> Object {
        self.any_value_or(dict, None, why, place)
    }

    /// The same, or a default.
    pub(super) fn any_value_or(
        &mut self,
        dict: &Dict,
        default: Option<&Object>,
        why: &str,
        place: Option<Place>,
    ) -> Object {
        let values: Vec<&Object> = dict.entries.values().map(|entry| &entry.value).chain(default).collect();
        self.any_of(&values, why, place)
    }

    /// What is not known, but may be any of these.
    pub(super) fn any_of(&mut self, objects: &[&Object], why: &str, place: Option<Place>) -> Object {
        // More than these as alternatives of their own would make too many conditions.
        const MOST: usize = 2;
        let unknown = Object::unknown(why, place);
        let held = self.held_in(objects.iter().copied());
        let is_few = held.len() <= MOST;
        for (_, object) in objects.iter().flat_map(|object| object.alternatives()) {
            if !is_few || !matches!(object.kind, Kind::Heap(_) | Kind::Function(_)) {
                self.conceal(&object);
            }
        }
        if is_few { self.one_of_held(&unknown, &held) } else { unknown }
    }

    /// What is not known, but may be any of these items.
    fn item_of(&mut self, items: &[Item], why: &str, place: Option<Place>) -> Object {
        let objects: Vec<&Object> = items.iter().map(|item| &item.object).collect();
        self.any_of(&objects, why, place)
    }

    fn item_at(&mut self, items: Vec<Item>, index: &Object) -> Run<Object> {
        let place = self.statement();
        let items = self.narrowed_items(items);
        let Some(index) = int(&index.kind) else {
            if matches!(index.kind, Kind::Str(_) | Kind::None) {
                return self.fail(Exception::new("TypeError", "list indices must be integers"));
            }
            return Ok(self.item_of(&items, "the index is not known", place));
        };
        let certain_prefix = items.iter().take_while(|item| item.is_certain()).count();
        let certain_suffix = items.iter().rev().take_while(|item| item.is_certain()).count();
        let is_certain = certain_prefix == items.len();
        if index >= 0 && (index as usize) < certain_prefix {
            return Ok(items[index as usize].object.clone());
        }
        if index < 0 && index.unsigned_abs() as usize <= certain_suffix {
            return Ok(items[items.len() - index.unsigned_abs() as usize].object.clone());
        }
        if is_certain {
            return self.fail(Exception::new("IndexError", "list index out of range"));
        }
        self.may_raise("a subscript")?;
        Ok(self.item_of(&items, "the items before it are not all certain", place))
    }

    /// `object[lower:upper:step]`.
    pub(super) fn slice(&mut self, object: &Object, bounds: &[Option<Object>; 3], place: Option<Place>) -> Run<Object> {
        let object = self.spelled_out(object);
        let object = self.narrowed(&object);
        let known: Option<Vec<Option<i64>>> = bounds
            .iter()
            .map(|bound| match bound {
                None => Some(None),
                Some(Object { kind: Kind::None, .. }) => Some(None),
                Some(bound) => int(&bound.kind).map(Some),
            })
            .collect();
        self.each(&object, |machine, object| {
            let class = class_of(&object);
            let whole = object.clone();
            let unknown = |machine: &mut Self, class| {
                machine.conceal(&whole);
                Ok(Object::unknown_of(class, "the slice is not known", place))
            };
            let items = match &object.kind {
                Kind::Str(_) | Kind::Tuple(_) => machine.items_of(&object)?,
                Kind::Heap(id) => match machine.copied(*id) {
                    Some(Contents::List(items)) => Some(machine.narrowed_items(items)),
                    _ => None,
                },
                Kind::Symbol(name) => models::items(machine, &name.clone()),
                Kind::Template(pieces) => {
                    return match without_beginning(pieces, known.as_deref()) {
                        Some(pieces) => Ok(super::text::template(pieces, place)),
                        None => unknown(machine, Class::Str),
                    };
                }
                _ => None,
            };
            let (Some(items), Some(known)) = (items, &known) else { return unknown(machine, class) };
            if items.iter().any(|item| !item.is_certain()) {
                return match known.as_slice() {
                    // The whole, as a copy.
                    [None, None, None | Some(1)] => Ok(machine.list(items, place)),
                    _ => unknown(machine, class),
                };
            }
            let Some(indices) = slice_indices(known[0], known[1], known[2], items.len()) else {
                return machine.fail(Exception::new("ValueError", "slice step cannot be zero"));
            };
            let taken: Vec<Item> = indices.into_iter().map(|index| items[index].clone()).collect();
            Ok(match &object.kind {
                Kind::Str(_) => {
                    let text: String = taken
                        .iter()
                        .filter_map(|item| item.object.as_str().cloned())
                        .map(|text| text.to_string())
                        .collect();
                    Object::str(text, place)
                }
                Kind::Tuple(_) => machine.tuple(taken, place),
                _ => machine.list(taken, place),
            })
        })
    }

    /// `object[index] = value`.
    pub(super) fn set_subscript(&mut self, object: &Object, index: &Object, value: Object) -> Run<()> {
        let object = self.resolved(object)?;
        let index = self.spelled_out(index);
        self.each(&object, |machine, object| {
            machine.each(&index, |machine, index| {
                match &object.kind {
                    Kind::Heap(id) => machine.set_item(*id, &index, value.clone())?,
                    Kind::Symbol(name) => models::set_subscript(machine, &name.clone(), &index, value.clone())?,
                    _ => {
                        machine.conceal(&value);
                        machine.escape_opaque(&object, "an item of something that is not known is set");
                        machine.may_raise("setting an item")?;
                    }
                }
                Ok(Object::none(None))
            })
        })?;
        Ok(())
    }

    fn set_item(&mut self, id: HeapId, index: &Object, value: Object) -> Run<()> {
        if matches!(self.contents(id), Some(Contents::Dict(_))) {
            self.need_hashable(index)?;
            self.set_entry(id, index, value);
            return Ok(());
        }
        let Some(Contents::List(items)) = self.copied(id) else {
            let object = Object::new(Kind::Heap(id), None);
            self.meet(&object);
            self.escape(&object, "an item of it is set");
            self.conceal(&value);
            return self.may_raise("setting an item");
        };
        let items = self.narrowed_items(items);
        let certain = items.iter().take_while(|item| item.is_certain()).count();
        let at = int(&index.kind).and_then(|index| position(index, items.len()));
        match at {
            Some(at) if certain == items.len() || at < certain && int(&index.kind) >= Some(0) => {
                let mut items = items;
                items[at] = Item::new(value);
                if let Some(cell) = self.change(id) {
                    cell.contents = Contents::List(items);
                }
            }
            _ => {
                if certain == items.len() && int(&index.kind).is_some() {
                    self.fail(Exception::new("IndexError", "list assignment index out of range"))?;
                }
                let object = Object::new(Kind::Heap(id), None);
                self.conceal(&value);
                self.escape(&object, "an item is set whose place is not known");
                self.may_raise("setting an item")?;
            }
        }
        Ok(())
    }

    /// `del object[index]`.
    pub(super) fn delete_subscript(&mut self, object: &Object, index: &Object) -> Run<()> {
        let object = self.resolved(object)?;
        self.each(&object, |machine, object| {
            machine.each(index, |machine, index| {
                if let Kind::Symbol(name) = &object.kind {
                    models::delete_subscript(machine, name, &index)?;
                }
                let Kind::Heap(id) = object.kind else {
                    machine.escape_opaque(&object, "an item of something that is not known is deleted");
                    machine.may_raise("a deletion")?;
                    return Ok(Object::none(None));
                };
                match machine.copied(id) {
                    Some(Contents::Dict(dict)) => {
                        machine.entry(&dict, &index)?;
                        machine.remove_entry(id, &index);
                    }
                    Some(Contents::List(items)) => {
                        let items = machine.narrowed_items(items);
                        let is_certain = items.iter().all(Item::is_certain);
                        match int(&index.kind).and_then(|index| position(index, items.len())).filter(|_| is_certain) {
                            Some(at) => {
                                let mut items = items;
                                items.remove(at);
                                if let Some(cell) = machine.change(id) {
                                    cell.contents = Contents::List(items);
                                }
                            }
                            None if is_certain && int(&index.kind).is_some() => {
                                return machine
                                    .fail(Exception::new("IndexError", "list assignment index out of range"));
                            }
                            None => {
                                machine.escape(&object, "an item is deleted whose place is not known");
                                machine.may_raise("a deletion")?;
                            }
                        }
                    }
                    _ => {
                        machine.meet(&object);
                        machine.may_raise("a deletion")?;
                    }
                }
                Ok(Object::none(None))
            })
        })?;
        Ok(())
    }

    /// Raises where an object cannot be a key of a dict or an item of a set, because it can be changed.
    pub(super) fn need_hashable(&mut self, object: &Object) -> Run<()> {
        self.need_hashable_where(Formula::TRUE, object)
    }

    /// The same for an item, which may not be there.
    pub(super) fn need_hashable_item(&mut self, item: &Item) -> Run<()> {
        match item.repeated {
            true => self.may_raise("hashing"),
            false => self.need_hashable_where(item.when, &item.object),
        }
    }

    /// The same in the cases in which it is there.
    pub(super) fn need_hashable_where(&mut self, there: Formula, object: &Object) -> Run<()> {
        self.meet(object);
        let mut may_be_wrong = false;
        let wrong = self.unhashable(object, &mut may_be_wrong);
        let wrong = self.formulas.and(wrong, there);
        if may_be_wrong {
            self.may_raise("hashing")?;
        }
        if self.formulas.excludes(self.state.path, wrong) {
            return Ok(());
        }
        let exception = Exception::new("TypeError", "unhashable type");
        match self.formulas.implies(self.state.path, wrong) {
            true => self.fail(exception).map(drop),
            false => self.raise_when(wrong, exception),
        }
    }

    /// In which cases an object cannot be hashed, as far as it is known; `may_be` says whether it may be so in others.
    fn unhashable(&mut self, object: &Object, may_be: &mut bool) -> Formula {
        match &object.kind {
            Kind::Heap(id) => {
                let is_changed_in_place =
                    |contents: &Contents| matches!(contents, Contents::List(_) | Contents::Set(_) | Contents::Dict(_));
                match self.contents(*id).is_some_and(is_changed_in_place) {
                    true => Formula::TRUE,
                    false => Formula::FALSE,
                }
            }
            Kind::Tuple(items) => {
                let mut any = Formula::FALSE;
                for item in items.iter() {
                    let wrong = self.unhashable(&item.object, may_be);
                    let wrong = self.formulas.and(item.when, wrong);
                    match item.repeated {
                        true => *may_be |= !wrong.is_false(),
                        false => any = self.formulas.or(any, wrong),
                    }
                }
                any
            }
            Kind::Either(alternatives) => {
                let mut any = Formula::FALSE;
                for (when, object) in alternatives.iter() {
                    if self.formulas.excludes(self.state.path, *when) {
                        continue;
                    }
                    let wrong = self.unhashable(object, may_be);
                    let wrong = self.formulas.and(*when, wrong);
                    any = self.formulas.or(any, wrong);
                }
                any
            }
            Kind::Made(made) if [KEYS, PAIRS].contains(&made.function.as_ref()) => Formula::TRUE,
            Kind::Unknown(unknown) => match unknown.class {
                Class::List | Class::Set | Class::Dict => Formula::TRUE,
                Class::Any | Class::Tuple => {
                    *may_be = true;
                    Formula::FALSE
                }
                _ => Formula::FALSE,
            },
            Kind::Method(_) if object.is_unknown_attribute() => {
                *may_be = true;
                Formula::FALSE
            }
            _ => Formula::FALSE,
        }
    }

    /// Removes a key that is there.
    pub(super) fn remove_entry(&mut self, id: HeapId, key: &Object) {
        let Some(found) = Key::of(key) else {
            return self.thin_dict(id, |machine, _| machine.fresh("it is not removed", super::formula::Subject::Other));
        };
        if let Some(cell) = self.change(id)
            && let Contents::Dict(dict) = &mut cell.contents
        {
            dict.entries.shift_remove(&found);
        }
    }
}

/// The index as Python counts, from the end where it is negative.
pub(super) fn position(index: i64, length: usize) -> Option<usize> {
    let at = if index < 0 { index.checked_add(length as i64)? } else { index };
    usize::try_from(at).ok().filter(|&at| at < length)
}

/// `range(*slice(lower, upper, step).indices(length))`; none for a step of zero.
/// `text[bound:]` of a string whose beginning is known, as far as that reaches.
fn without_beginning(pieces: &[Piece], bounds: Option<&[Option<i64>]>) -> Option<Vec<Piece>> {
    let [Some(from), None, None | Some(1)] = bounds? else { return None };
    let (Piece::Literal(beginning), rest) = pieces.split_first()? else { return None };
    let from = usize::try_from(*from).ok()?;
    let length = beginning.chars().count();
    if from > length {
        return None;
    }
    let left: String = beginning.chars().skip(from).collect();
    Some([&[Piece::Literal(left.into())], rest].concat())
}

fn slice_indices(lower: Option<i64>, upper: Option<i64>, step: Option<i64>, length: usize) -> Option<Vec<usize>> {
    let (length, step) = (length as i64, step.unwrap_or(1));
    if step == 0 {
        return None;
    }
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let clamp = |bound: i64| {
        let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
        bound.clamp(lowest, highest)
    };
    let start = lower.map_or(if step > 0 { 0 } else { length - 1 }, clamp);
    let stop = upper.map_or(if step > 0 { length } else { -1 }, clamp);
    let mut indices = Vec::new();
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        indices.push(at as usize);
        at = at.saturating_add(step);
    }
    Some(indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_as_python_takes_them() {
        let taken = |lower, upper, step| slice_indices(lower, upper, step, 5).unwrap();
        assert_eq!(taken(None, None, None), [0, 1, 2, 3, 4]);
        assert_eq!(taken(Some(-2), None, None), [3, 4]);
        assert_eq!(taken(None, None, Some(-1)), [4, 3, 2, 1, 0]);
        assert_eq!(taken(Some(10), None, None), [] as [usize; 0]);
        assert_eq!(taken(Some(-100), Some(2), None), [0, 1]);
        assert_eq!(taken(Some(3), Some(0), Some(-2)), [3, 1]);
        assert!(slice_indices(None, None, Some(0), 5).is_none());
    }
}
