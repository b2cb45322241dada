//! Taking a part of the items of an iterator: `next`, `any`, `in`, unpacking.

use super::formula::Formula;
use super::heap::either;
use super::iterator::{Rounds, is_iterator, is_unbound};
use super::machine::{Loop, Machine, Run, Stop};
use super::object::{Item, Kind, Object};
use super::operator::int;
use super::raise::Exception;
use crate::source::Place;

impl Machine<'_> {
    /// The next item of an iterator; unbound where there is none.
    pub(super) fn pull(&mut self, iterator: &Object) -> Run<Object> {
        if let Some(item) = self.pull_plainly(iterator) {
            self.step()?;
            return Ok(item);
        }
        let unbound = Object::new(Kind::Unbound, None);
        self.until_found(iterator, unbound, |_, item| Ok((Formula::TRUE, item.clone())))
    }

    /// The same for one that nothing but its position tells apart from a list.
    fn pull_plainly(&mut self, iterator: &Object) -> Option<Object> {
        let Kind::Made(made) = &iterator.kind else { return None };
        let (cursor, items, sources) = self.parts_of(made).filter(|(_, _, sources)| sources.is_empty())?;
        let position = int(&self.only_of(cursor).kind)?;
        let item = items.get(usize::try_from(position).ok()?).filter(|item| item.is_certain() && sources.is_empty())?;
        self.set_only(cursor, Object::int(position + 1, None));
        Some(item.object.clone())
    }

    /// Takes items until one is found: what `found` then gives, else `none`. `found` says in which cases one is it.
    pub(super) fn until_found(
        &mut self,
        iterable: &Object,
        none: Object,
        mut found: impl FnMut(&mut Self, &Object) -> Run<(Formula, Object)>,
    ) -> Run<Object> {
        let Kind::Heap(result) = self.list(vec![Item::new(none)], None).kind else { return Err(Stop) };
        self.frame().loops.push(Loop::default());
        let ran = self.run_over(iterable, Rounds::Search, &mut |machine, item, leaves| {
            let (is_found, value) = found(machine, &item)?;
            if !leaves {
                machine.conceal(&value);
                return Ok(());
            }
            machine.branch_to(is_found, |machine| {
                machine.set_only(result, value);
                let state = machine.leave();
                if let Some(innermost) = machine.frame().loops.last_mut() {
                    innermost.breaks.push(state);
                }
                Err(Stop)
            })
        });
        if ran.is_err() {
            self.state.path = Formula::FALSE;
        }
        let left = self.frame().loops.pop().unwrap_or_default();
        self.join(left.breaks);
        if !self.is_alive() {
            return Err(Stop);
        }
        let value = self.only_of(result);
        self.state.forget(result);
        Ok(value)
    }

    /// `next(iterator)`, with its default where there is one.
    pub(super) fn next_of(&mut self, iterator: &Object, default: Option<Object>, place: Option<Place>) -> Run<Object> {
        let iterator = self.narrowed(iterator);
        if let Kind::Either(_) = iterator.kind {
            return self.each(&iterator, |machine, iterator| machine.next_of(&iterator, default.clone(), place));
        }
        if !is_iterator(&iterator) {
            self.meet(&iterator);
            self.escape(&iterator, "an item is taken from it");
            self.run_concealed_iterators();
            self.may_raise("next()")?;
            return Ok(Object::unknown("the next item is not known", place));
        }
        let item = self.pull(&iterator)?;
        let mut ended = Formula::FALSE;
        let mut parts = Vec::new();
        for (when, item) in item.alternatives() {
            match &default {
                Some(default) if is_unbound(&item) => parts.push((when, default.clone())),
                None if is_unbound(&item) => ended = self.formulas.or(ended, when),
                _ => parts.push((when, item)),
            }
        }
        let exception = Exception::new("StopIteration", "there is no further item");
        if parts.is_empty() {
            return self.fail(exception);
        }
        self.raise_when(ended, exception)?;
        let item = either(&mut self.formulas, parts.iter().map(|(when, item)| (*when, item)));
        Ok(self.narrowed(&item))
    }

    /// The first items of an iterator, `most` at most; none where it is not certain how many there are.
    pub(super) fn first_items(&mut self, iterator: &Object, most: usize) -> Run<Option<Vec<Item>>> {
        let mut items = Vec::new();
        while items.len() < most {
            let item = self.pull(iterator)?;
            if is_unbound(&item) {
                break;
            }
            if item.alternatives().iter().any(|(_, item)| is_unbound(item)) {
                self.escape_iterator(iterator, "an item may have been taken from it");
                return Ok(None);
            }
            items.push(Item::new(item));
        }
        Ok(Some(items))
    }
}
