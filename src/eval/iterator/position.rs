//! How far iterators were run, and what their items are taken from.

use std::sync::Arc;

use super::{ITERATOR, REVERSED};
use crate::eval::heap::{Cell, Contents, either};
use crate::eval::iterate::VIEWS;
use crate::eval::machine::Machine;
use crate::eval::methods::view_items;
use crate::eval::object::{HeapId, Item, Kind, Made, Object, same_item, same_items};

/// Something that is read while it is iterated over, and what it held when that began.
#[derive(Clone)]
pub(in crate::eval) struct Source {
    pub id: HeapId,
    /// What it held: items, or keys.
    pub then: Vec<Item>,
    /// Which view of a dict is iterated over: `keys`, `values` or `items`.
    pub view: Option<String>,
    /// Whether the items stand in another order than there.
    is_reversed: bool,
    /// What is known to be unchanged.
    seen: Option<Arc<Cell>>,
}

impl Machine<'_> {
    /// The objects that are read while something is iterated over, as they are now.
    pub(in crate::eval) fn sources_of(&self, iterable: &Object) -> Vec<Source> {
        let source = |id: HeapId, view: Option<&str>| {
            let then = self.items_in(id)?;
            let view = view.map(str::to_owned);
            Some(Source { id, then, view, is_reversed: false, seen: self.state.shared(id).cloned() })
        };
        match &iterable.kind {
            Kind::Heap(id) => source(*id, None).into_iter().collect(),
            Kind::Either(alternatives) => alternatives.iter().flat_map(|(_, object)| self.sources_of(object)).collect(),
            Kind::Made(made) => match (view_of(made), made.arguments.positional.first()) {
                (Some(view), Some(Object { kind: Kind::Heap(id), .. })) => {
                    source(*id, Some(view)).into_iter().collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The only item of a list that the machine keeps for itself: an alternative for each case.
    pub(in crate::eval) fn only_of(&mut self, id: HeapId) -> Object {
        let items = match self.contents(id) {
            Some(Contents::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        if items.is_empty() || items.iter().any(|item| item.repeated) {
            return Object::unknown("what was done to it is not known", None);
        }
        let value = either(&mut self.formulas, items.iter().map(|item| (item.when, &item.object)));
        self.narrowed(&value)
    }

    /// Sets it.
    pub(in crate::eval) fn set_only(&mut self, id: HeapId, value: Object) {
        let items = value.alternatives().into_iter().map(|(when, object)| Item { object, when, repeated: false });
        let items = items.collect();
        if let Some(cell) = self.state.cell_mut(id) {
            cell.contents = Contents::List(items);
        }
    }

    /// Where a plain iterator is kept, its items, and what they are taken from.
    pub(in crate::eval) fn parts_of(&self, made: &Made) -> Option<(HeapId, Arc<[Item]>, Vec<Source>)> {
        if !matches!(made.function.as_ref(), ITERATOR | REVERSED) {
            return None;
        }
        let [Object { kind: Kind::Tuple(items), .. }, Object { kind: Kind::Heap(cursor), .. }, pairs @ ..] =
            made.arguments.positional.as_slice()
        else {
            return None;
        };
        let source = |pair: &[Object]| {
            let Kind::Tuple(then) = &pair[1].kind else { return None };
            let (id, view) = match &pair[0].kind {
                Kind::Heap(id) => (*id, None),
                Kind::Made(shown) => match shown.arguments.positional.first()?.kind {
                    Kind::Heap(id) => (id, view_of(shown)),
                    _ => return None,
                },
                _ => return None,
            };
            let view = view.map(str::to_owned);
            let is_reversed = made.function.as_ref() == REVERSED;
            Some(Source { id, then: then.to_vec(), view, is_reversed, seen: None })
        };
        Some((*cursor, items.clone(), pairs.chunks_exact(2).filter_map(source).collect()))
    }

    /// Whether what is iterated over gives the items from `at` on that it gave, or certain others, which `items` then
    /// are.
    pub(super) fn is_unchanged(&mut self, sources: &mut [Source], items: &mut Vec<Item>, at: usize) -> bool {
        let is_only = sources.len() == 1;
        for source in sources {
            let Some(now) = self.state.shared(source.id).cloned() else { return false };
            if source.seen.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, &now)) {
                continue;
            }
            let Some(held) = self.items_in(source.id) else { return false };
            self.charge(held.len() / 4);
            let is_same = same_items(&source.then, &held);
            match (&now.contents, &source.view) {
                // The values may be others.
                _ if is_same && source.view.as_deref().is_none_or(|view| view == "keys") => {}
                _ if source.is_reversed => return false,
                (_, Some(view)) if is_same && view != "keys" => {
                    let shown = view_items(self, source.id, view, None);
                    if shown.len() != items.len() || !is_only && !same_items(&shown, items) {
                        return false;
                    }
                    for (item, shown) in items.iter_mut().zip(shown).filter(|(item, shown)| !same_item(item, shown)) {
                        *item = shown;
                    }
                }
                // A list is read by position.
                (Contents::List(_), None)
                    if is_only
                        && held.iter().chain(&source.then[..at.min(source.then.len())]).all(Item::is_certain) =>
                {
                    *items = held.clone();
                    source.then = held;
                }
                _ => return false,
            }
            source.seen = Some(now);
        }
        true
    }
}

/// Which view of a dict it is.
fn view_of(made: &Made) -> Option<&str> {
    made.function.strip_prefix("builtins.dict_").filter(|_| VIEWS.contains(&made.function.as_ref()))
}
