//! What iterating over an object gives.

use super::formula::Formula;
use super::heap::{Contents, Dict};
use super::iterator::is_iterator;
use super::machine::{Machine, Run};
use super::methods::view_items;
use super::models;
use super::object::{Class, HeapId, Item, Kind, Object};
use super::raise::Exception;

/// A `range`, with a list of its numbers.
pub(super) const RANGE: &str = "builtins.range";
/// `dict.keys()`, with the dict.
pub(super) const KEYS: &str = "builtins.dict_keys";
/// `dict.items()`, with the dict.
pub(super) const PAIRS: &str = "builtins.dict_items";
/// Iterables that can be iterated over again; their only argument is the list or dict that they show.
pub(super) const VIEWS: [&str; 4] = [RANGE, KEYS, "builtins.dict_values", PAIRS];

impl Machine<'_> {
    /// What iterating over an object gives; none where the object is not known.
    pub(super) fn items(&mut self, object: &Object) -> Run<Option<Vec<Item>>> {
        let object = self.spelled_out(object);
        let possible = self.possible(&object);
        if let [(_, only)] = possible.as_slice() {
            let only = only.clone();
            return self.items_of(&only);
        }
        if is_iterator(&object) {
            return self.collected(&object).map(Some);
        }
        let mut all: Vec<Item> = Vec::new();
        let mut unknown: Vec<usize> = Vec::new();
        for (when, object) in possible {
            if let Some(exception) = not_iterable(&object) {
                self.raise_when(when, exception)?;
                continue;
            }
            let items = self.items_of(&object)?;
            let is_known = items.is_some();
            if !is_known {
                if matches!(super::text::class_of(&object), Class::Any | Class::File) {
                    self.may_raise("iterating")?;
                }
                self.conceal(&object);
            }
            for item in items.unwrap_or_else(|| vec![Item::any_number(unknown_item(&object))]) {
                let when = self.formulas.and(when, item.when);
                if self.formulas.excludes(self.state.path, when) {
                    continue;
                }
                // Any number of something, or else any number of something else of which no more is known: one such item
                // serves both cases, and what is done with it is done once.
                let as_unknown = |at: &&usize| !is_known && all[**at].object.is_as_unknown(&item.object);
                match unknown.iter().find(as_unknown).copied() {
                    Some(at) => all[at].when = self.formulas.or(all[at].when, when),
                    None => {
                        unknown.extend((!is_known).then_some(all.len()));
                        all.push(Item { when, ..item });
                    }
                }
            }
        }
        Ok(Some(all))
    }

    /// The items of a set in no order, or of anything else that is iterated over where the order does not matter.
    pub(super) fn unordered_items(&mut self, object: &Object) -> Run<Vec<Item>> {
        match object.kind {
            Kind::Heap(id) => match self.copied(id) {
                Some(Contents::Set(items)) => Ok(self.narrowed_items(items)),
                _ => self.items_or_unknown(object),
            },
            _ => self.items_or_unknown(object),
        }
    }

    /// The pairs of `dict.items()`, in no order.
    pub(super) fn unordered_pairs(&mut self, object: &Object) -> Option<Vec<Item>> {
        let Kind::Made(made) = &object.kind else { return None };
        let shown = made.arguments.positional.first().filter(|_| made.function.as_ref() == PAIRS)?;
        let Kind::Heap(id) = shown.kind else { return None };
        let dict = self.dict_of(id).filter(|dict| dict.is_reordered)?.clone();
        let mut pairs = Vec::with_capacity(dict.entries.len());
        for entry in dict.entries.values() {
            let value = self.narrowed(&entry.value);
            let pair = self.tuple(vec![Item::new(entry.key.clone()), Item::new(value)], object.origin);
            pairs.push(Item { object: pair, when: entry.when, repeated: false });
        }
        if let Some(why) = &dict.open {
            let further = Object::unknown(why.clone(), object.origin);
            pairs.push(Item { when: dict.open_when, ..Item::any_number(further) });
        }
        Some(self.narrowed_items(pairs))
    }

    /// The same, with any number of unknown items for an object that is not known.
    pub(super) fn items_or_unknown(&mut self, object: &Object) -> Run<Vec<Item>> {
        let items = self.items(object)?;
        if items.is_none() && matches!(super::text::class_of(object), Class::Any | Class::File) {
            self.may_raise("iterating")?;
        }
        if items.is_none() {
            self.conceal(object);
            self.conceal_class(object);
            self.run_concealed_iterators();
        }
        Ok(items.unwrap_or_else(|| vec![Item::any_number(unknown_item(object))]))
    }

    pub(super) fn items_of(&mut self, object: &Object) -> Run<Option<Vec<Item>>> {
        self.meet(object);
        if let Some(exception) = not_iterable(object) {
            self.fail(exception)?;
            return Ok(None);
        }
        let items = match &object.kind {
            Kind::Tuple(items) => items.to_vec(),
            Kind::Str(text) => {
                text.chars().map(|character| Item::new(Object::str(character.to_string(), object.origin))).collect()
            }
            Kind::Heap(id) => match self.copied(*id) {
                Some(Contents::List(items)) => items,
                Some(Contents::Set(items)) if items.len() > 1 => {
                    let why = "the order of a set differs from run to run";
                    self.conceal_items(*id);
                    vec![Item::any_number(Object::unknown(why, object.origin))]
                }
                Some(Contents::Set(items)) => items,
                Some(Contents::Dict(dict)) => keys_of(&dict),
                _ => return Ok(None),
            },
            Kind::Made(_) if is_iterator(object) => return self.collected(object).map(Some),
            Kind::Made(made) if VIEWS.contains(&made.function.as_ref()) => {
                let Some(Object { kind: Kind::Heap(id), .. }) = made.arguments.positional.first() else {
                    return Ok(None);
                };
                match made.function.strip_prefix("builtins.dict_") {
                    Some(part) => view_items(self, *id, part, object.origin),
                    None => self.items_in(*id).unwrap_or_default(),
                }
            }
            Kind::Made(made) => match models::made_items(object) {
                Some(items) => items,
                None => return Ok(models::items(self, &made.function.clone())),
            },
            Kind::Symbol(name) => return Ok(models::items(self, &name.clone())),
            _ => return Ok(None),
        };
        self.steps(items.len())?;
        Ok(Some(self.narrowed_items(items)))
    }

    /// The items that are possible here, each with the part of its condition that is not decided here.
    pub(super) fn narrowed_items(&mut self, items: Vec<Item>) -> Vec<Item> {
        let path = self.state.path;
        let mut narrowed = Vec::with_capacity(items.len());
        for item in items {
            if item.when.is_true() {
                narrowed.push(item);
            } else if !self.formulas.excludes(path, item.when) {
                let when = if self.formulas.implies(path, item.when) { Formula::TRUE } else { item.when };
                narrowed.push(Item { when, ..item });
            }
        }
        narrowed
    }

    /// What a list or set holds now, or the keys of a dict.
    pub(super) fn items_in(&self, id: HeapId) -> Option<Vec<Item>> {
        match self.contents(id)? {
            Contents::List(items) | Contents::Set(items) => Some(items.clone()),
            Contents::Dict(dict) => {
                let mut keys: Vec<Item> = entries_of(dict).collect();
                if dict.open.is_some() {
                    // One that is equal to itself, unlike what is not known.
                    let further = Object::new(Kind::Ellipsis, None);
                    keys.push(Item { when: dict.open_when, ..Item::any_number(further) });
                }
                Some(keys)
            }
            _ => None,
        }
    }
}

fn entries_of(dict: &Dict) -> impl Iterator<Item = Item> {
    dict.entries.values().map(|entry| Item { object: entry.key.clone(), when: entry.when, repeated: false })
}

fn keys_of(dict: &Dict) -> Vec<Item> {
    if dict.is_reordered {
        return vec![in_some_order()];
    }
    let mut items: Vec<Item> = entries_of(dict).collect();
    if let Some(why) = &dict.open {
        items.push(Item { when: dict.open_when, ..Item::any_number(Object::unknown(why.clone(), None)) });
    }
    items
}

/// What iterating over a dict gives whose order differs from case to case.
pub(super) fn in_some_order() -> Item {
    Item::any_number(Object::unknown("the order of the dict differs from case to case", None))
}

fn not_iterable(object: &Object) -> Option<Exception> {
    match &object.kind {
        Kind::Unknown(unknown) if !matches!(unknown.class, Class::Bool | Class::Int | Class::Float | Class::Path) => {
            None
        }
        Kind::Unknown(_) => Some(Exception::new("TypeError", "object is not iterable")),
        Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Function(_) | Kind::Path(_) => {
            Some(Exception::new("TypeError", "object is not iterable"))
        }
        _ => None,
    }
}

pub(super) fn unknown_item(object: &Object) -> Object {
    match &object.kind {
        Kind::Unknown(unknown) => Object::unknown(unknown.why.clone(), object.origin),
        Kind::Template(_) => Object::unknown_of(Class::Str, "the text is not known", object.origin),
        _ => Object::unknown("what is iterated over is not known", object.origin),
    }
}
