//! Iterators: what gives items one by one, when they are asked for and no earlier.
//!
//! An iterator is a [`Kind::Made`] by the name of what made it, of what Python would keep in it. How far it was run is
//! in lists of one on the heap, so that forks and joins keep it.

use std::sync::Arc;

use super::formula::Subject;
use super::heap::{Cell, Contents, either};
use super::iterate::VIEWS;
use super::machine::{Machine, Run, Stop};
use super::methods::view_items;
use super::models;
use super::object::{Arguments, Class, HeapId, Item, Kind, Made, Object, same_item, same_items};
use super::operator::int;
use crate::source::Place;

/// `iter()` of what is no iterator: its items as they were, how far it was run, and what the items are taken from.
pub(super) const ITERATOR: &str = "builtins.iterator";
/// `reversed()`: the same.
pub(super) const REVERSED: &str = "builtins.reversed";
/// A generator expression: its function, the iterator that it is run over, and whether it was left while it ran.
pub(super) const GENERATOR: &str = "builtins.generator";
/// A call of a function with `yield` in it: the function, and what it is called with.
pub(super) const GENERATOR_CALL: &str = "builtins.generator()";
/// `map()`: a function, and iterators.
pub(super) const MAP: &str = "builtins.map";
/// `filter()`: a function, and an iterator.
pub(super) const FILTER: &str = "builtins.filter";
/// `zip()`: iterators.
pub(super) const ZIP: &str = "builtins.zip";
/// `enumerate()`: an iterator, and the next number.
pub(super) const ENUMERATE: &str = "builtins.enumerate";

const ITERATORS: [&str; 8] = [ITERATOR, REVERSED, GENERATOR, GENERATOR_CALL, MAP, FILTER, ZIP, ENUMERATE];

/// Where an iterator is that has no further item.
const END: i64 = -1;

/// What is done with an item, and whether that may leave what is being run, as `break` does.
pub(super) type Visit<'v, 'a> = &'v mut (dyn FnMut(&mut Machine<'a>, Object, bool) -> Run<()> + 'v);

/// What items are taken for: it says what is done about any number of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounds {
    /// All are taken.
    All,
    /// They are taken by a loop, which `break` and `continue` leave.
    Loop,
    /// They are taken until one is found.
    Search,
}

/// Something that is read while it is iterated over, and what it held when that began.
#[derive(Clone)]
pub(super) struct Source {
    id: HeapId,
    /// What it held: items, or keys.
    then: Vec<Item>,
    /// Which view of a dict is iterated over: `keys`, `values` or `items`.
    view: Option<String>,
    /// Whether the items stand in another order than there.
    is_reversed: bool,
    /// What is known to be unchanged.
    seen: Option<Arc<Cell>>,
}

/// Whether an object is an iterator, or may be one.
pub(super) fn is_iterator(object: &Object) -> bool {
    match &object.kind {
        Kind::Made(made) => ITERATORS.contains(&made.function.as_ref()),
        Kind::Either(alternatives) => alternatives.iter().any(|(_, object)| is_iterator(object)),
        _ => false,
    }
}

impl<'a> Machine<'a> {
    // --- making one ---

    /// `iter(object)`.
    pub(super) fn iterator(&mut self, object: &Object, place: Option<Place>) -> Run<Object> {
        let source = self.source_of_items(object, place)?;
        Ok(match is_iterator(&source) {
            true => source,
            false => {
                self.conceal(object);
                Object::unknown("what is iterated over is not known", place)
            }
        })
    }

    /// The same, or the object itself where its items are not known.
    pub(super) fn source_of_items(&mut self, object: &Object, place: Option<Place>) -> Run<Object> {
        if let Kind::Either(_) = &object.kind
            && is_iterator(object)
        {
            return self.each(object, |machine, object| machine.source_of_items(&object, place));
        }
        if is_iterator(object) {
            return Ok(object.clone());
        }
        match self.items(object)? {
            Some(items) => Ok(self.iterator_of(ITERATOR, items, Some(object), place)),
            None => {
                if matches!(super::text::class_of(object), Class::Any | Class::File) {
                    self.may_raise("iter()")?;
                }
                Ok(object.clone())
            }
        }
    }

    /// An iterator over items that are taken from `from`.
    pub(super) fn iterator_of(
        &mut self,
        function: &str,
        items: Vec<Item>,
        from: Option<&Object>,
        place: Option<Place>,
    ) -> Object {
        let cursor = self.list(vec![Item::new(Object::int(0, None))], None);
        let mut parts = vec![Object::new(Kind::Tuple(items.into()), place), cursor];
        for source in from.map(|from| self.sources_of(from)).unwrap_or_default() {
            let shown = Object::new(Kind::Heap(source.id), place);
            parts.push(match &source.view {
                Some(view) => models::made(&format!("builtins.dict_{view}"), Arguments::positional(vec![shown]), place),
                None => shown,
            });
            parts.push(Object::new(Kind::Tuple(source.then.into()), place));
        }
        models::made(function, Arguments::positional(parts), place)
    }

    /// The objects that are read while something is iterated over, as they are now.
    pub(super) fn sources_of(&self, iterable: &Object) -> Vec<Source> {
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

    // --- running one ---

    /// All items of an iterator.
    pub(super) fn collected(&mut self, iterator: &Object) -> Run<Vec<Item>> {
        let Kind::Heap(target) = self.list(Vec::new(), None).kind else { return Ok(Vec::new()) };
        self.run_over(iterator, Rounds::All, &mut |machine, item, _| machine.push(target, item))?;
        let items = match self.contents(target) {
            Some(Contents::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        self.state.forget(target);
        Ok(self.narrowed_items(items))
    }

    /// Visits the items of an object in order, as far as they are asked for.
    pub(super) fn run_over(&mut self, iterable: &Object, rounds: Rounds, visit: Visit<'_, 'a>) -> Run<()> {
        let iterable = self.narrowed(iterable);
        match &iterable.kind {
            Kind::Made(made) if is_iterator(&iterable) => {
                let run = self.deeper(|machine| machine.run_iterator(made, rounds, visit));
                run.unwrap_or_else(|| Err(self.lose()))
            }
            Kind::Either(_) if is_iterator(&iterable) => {
                let done = self.each(&iterable, |machine, object| {
                    machine.run_over(&object, rounds, &mut *visit).map(|()| Object::none(None))
                });
                done.map(drop)
            }
            _ => {
                let sources = self.sources_of(&iterable);
                let items = self.items_or_unknown(&iterable)?;
                self.run_from(None, 0, items, sources, rounds, visit)
            }
        }
    }

    /// Visits items in order.
    pub(super) fn run_items(&mut self, items: Vec<Item>, rounds: Rounds, visit: Visit<'_, 'a>) -> Run<()> {
        self.run_from(None, 0, items, Vec::new(), rounds, visit)
    }

    fn run_iterator(&mut self, made: &Made, rounds: Rounds, visit: Visit<'_, 'a>) -> Run<()> {
        let parts = made.arguments.positional.as_slice();
        match (made.function.as_ref(), parts) {
            (ITERATOR | REVERSED, _) => {
                let Some((cursor, items, sources)) = self.parts_of(made) else { return Ok(()) };
                let place = parts[0].origin;
                let position = self.only_of(cursor);
                let done = self.each(&position, |machine, position| {
                    let ran = match int(&position.kind) {
                        Some(END) => Ok(()),
                        Some(at) => {
                            machine.run_from(Some(cursor), at as usize, items.to_vec(), sources.clone(), rounds, visit)
                        }
                        None => {
                            let unknown = Object::unknown("how far it was iterated over is not known", place);
                            machine.run_items(vec![Item::any_number(unknown)], rounds, visit)
                        }
                    };
                    ran.map(|()| Object::none(None))
                });
                done.map(drop)
            }
            (MAP, [function, source]) => self.run_over(source, rounds, &mut |machine, item, leaves| {
                let result = machine.call(function, Arguments::positional(vec![item]), made_at(made))?;
                visit(machine, result, leaves)
            }),
            (MAP, [function, sources @ ..]) => self.run_rows(sources, false, rounds, &mut |machine, row, leaves| {
                let arguments = match &row.kind {
                    Kind::Tuple(items) => Arguments::positional(items.iter().map(|item| item.object.clone()).collect()),
                    _ => Arguments { open: true, ..Arguments::default() },
                };
                let result = machine.call(function, arguments, made_at(made))?;
                visit(machine, result, leaves)
            }),
            (FILTER, [function, source]) => self.run_over(source, rounds, &mut |machine, item, leaves| {
                let kept = match function.kind {
                    Kind::None => item.clone(),
                    _ => machine.call(function, Arguments::positional(vec![item.clone()]), made_at(made))?,
                };
                let holds = machine.truth(&kept);
                machine.branch_to(holds, |machine| visit(machine, item, leaves))
            }),
            (ENUMERATE, [source, Object { kind: Kind::Heap(counter), .. }]) => {
                let counter = *counter;
                self.run_over(source, rounds, &mut |machine, item, leaves| {
                    let place = item.origin;
                    let number = machine.only_of(counter);
                    let next = match int(&number.kind).and_then(|number| number.checked_add(1)) {
                        Some(next) => Object::int(next, None),
                        None => Object::unknown_of(Class::Int, "the items before it are not all certain", place),
                    };
                    let number = if int(&number.kind).is_some() { number.at(place) } else { next.clone() };
                    machine.set_only(counter, next);
                    let pair = machine.tuple(vec![Item::new(number), Item::new(item)], place);
                    visit(machine, pair, leaves)
                })
            }
            (ZIP, sources) => self.run_rows(sources, !made.arguments.named.is_empty(), rounds, visit),
            (GENERATOR, [Object { kind: Kind::Function(closure), .. }, source, running]) => match running.kind {
                Kind::Heap(running) => self.run_generator(closure, source, running, rounds, visit),
                _ => Ok(()),
            },
            (GENERATOR_CALL, [Object { kind: Kind::Function(closure), .. }, positional @ ..]) => {
                let given = Arguments { positional: positional.to_vec(), ..made.arguments.clone() };
                let why = format!("{} is a generator, whose body is not followed", closure.function.name);
                let unknown = Object::unknown(why, closure.place);
                // What stands before a `yield` in its body, and after it, is done before and after each item.
                self.run_items(vec![Item::any_number(unknown)], rounds, &mut |machine, item, leaves| {
                    let goes_on = machine.fresh("the generator goes on", Subject::Other);
                    machine.branch_to(goes_on, |machine| {
                        machine.bind_and_run(closure, given.clone(), made_at(made)).map(drop)
                    })?;
                    visit(machine, item, leaves)
                })
            }
            _ => Ok(()),
        }
    }

    /// Visits items from `at` on. What they are taken from is looked at again before each; `cursor` says where the next
    /// one is, for whoever takes it.
    fn run_from(
        &mut self,
        cursor: Option<HeapId>,
        mut at: usize,
        mut items: Vec<Item>,
        mut sources: Vec<Source>,
        rounds: Rounds,
        visit: Visit<'_, 'a>,
    ) -> Run<()> {
        loop {
            if !self.is_unchanged(&mut sources, &mut items, at) {
                let unknown = Object::unknown("what is iterated over is changed meanwhile", self.statement());
                self.may_raise("iterating")?;
                self.conceal_sources(&sources);
                if let Some(cursor) = cursor {
                    self.set_only(cursor, unknown.clone());
                }
                return self.run_items(vec![Item::any_number(unknown)], rounds, visit);
            }
            let Some(item) = items.get(at).cloned() else {
                if let Some(cursor) = cursor {
                    self.set_only(cursor, Object::int(END, None));
                }
                return Ok(());
            };
            self.step()?;
            // There may be more of an item that stands for many.
            let next = if item.repeated { at } else { at + 1 };
            if let Some(cursor) = cursor {
                self.set_only(cursor, Object::int(next as i64, None));
            }
            self.branch_to(item.when, |machine| match item.repeated {
                true => machine.any_rounds(&item.object, rounds, &mut *visit),
                false => visit(machine, item.object.clone(), true),
            })?;
            at += 1;
            let Some(cursor) = cursor else { continue };
            let here = self.only_of(cursor);
            match int(&here.kind) {
                Some(END) => return Ok(()),
                Some(here) if here as usize == next => self.set_only(cursor, Object::int(at as i64, None)),
                // Something else took items meanwhile.
                Some(here) => at = here as usize,
                None => {
                    let unknown = Object::unknown("how far it was iterated over is not known", here.origin);
                    self.set_only(cursor, unknown.clone());
                    return self.run_items(vec![Item::any_number(unknown)], rounds, visit);
                }
            }
        }
    }

    /// Visits any number of items.
    fn any_rounds(&mut self, item: &Object, rounds: Rounds, visit: Visit<'_, 'a>) -> Run<()> {
        match rounds {
            Rounds::All => self.any_number_of_times(|machine| visit(machine, item.clone(), true)),
            Rounds::Loop => {
                self.unknown_rounds(|machine| visit(machine, item.clone(), true).map(|()| Object::none(None)));
            }
            Rounds::Search => {
                self.any_number_of_times(|machine| visit(machine, item.clone(), false));
                let is_there = self.fresh("there is a further item", Subject::Other);
                self.branch_to(is_there, |machine| visit(machine, item.clone(), true))?;
            }
        }
        if self.is_alive() { Ok(()) } else { Err(Stop) }
    }

    /// Visits tuples of an item of each of several iterators, until one has none.
    fn run_rows(&mut self, sources: &[Object], is_strict: bool, rounds: Rounds, visit: Visit<'_, 'a>) -> Run<()> {
        let place = sources.first().and_then(|source| source.origin);
        if sources.is_empty() {
            return Ok(());
        }
        'rows: loop {
            self.step()?;
            let mut row = Vec::with_capacity(sources.len());
            for source in sources {
                if !is_iterator(source) {
                    self.items_or_unknown(source)?;
                    break 'rows;
                }
                let item = self.pull(source)?;
                match &item.kind {
                    Kind::Unbound => {
                        if is_strict {
                            self.may_raise("zip()")?;
                        }
                        return Ok(());
                    }
                    Kind::Either(alternatives) if alternatives.iter().any(|(_, item)| is_unbound(item)) => {
                        break 'rows;
                    }
                    _ => row.push(Item::new(item)),
                }
            }
            let row = self.tuple(row, place);
            visit(self, row, true)?;
        }
        sources.iter().for_each(|source| self.escape_iterator(source, "an item may have been taken from it"));
        let unknown = Object::unknown("the items that are paired are not all certain", place);
        self.run_items(vec![Item::any_number(unknown)], rounds, visit)
    }

    // --- out of sight ---

    /// Something may take items of an iterator, any number of them.
    pub(super) fn escape_iterator(&mut self, iterator: &Object, why: &str) {
        let Kind::Made(made) = &iterator.kind else { return };
        if !is_iterator(iterator) {
            return;
        }
        let is_plain = matches!(made.function.as_ref(), ITERATOR | REVERSED);
        for part in &made.arguments.positional[..if is_plain { 2 } else { made.arguments.positional.len() }] {
            match &part.kind {
                Kind::Tuple(items) => items.iter().for_each(|item| self.conceal(&item.object)),
                Kind::Heap(id) if matches!(self.items_in(*id).as_deref(), Some([_])) => {
                    let unknown = Object::unknown(why, part.origin);
                    self.set_only(*id, unknown);
                }
                Kind::Function(_) | Kind::Bound(_) | Kind::Method(_) => self.escape(part, why),
                _ => {
                    self.conceal(part);
                    self.escape_iterator(part, why);
                }
            }
        }
    }

    /// Iterators among the arguments of a call that is not evaluated may be run, now and later.
    pub(super) fn hand_out_iterators(&mut self, arguments: &Arguments) {
        for argument in arguments.all().filter(|argument| is_iterator(argument)) {
            for (_, iterator) in argument.alternatives() {
                self.escape_iterator(&iterator, "it may be run by what it is passed to");
            }
            self.conceal(argument);
        }
    }

    /// Something that is not known is iterated over: it may be an iterator that is known.
    pub(super) fn run_concealed_iterators(&mut self) {
        const WHY: &str = "something that is not known, and may be this, is iterated over";
        let Some(Contents::List(items)) = self.contents(self.concealed) else { return };
        let iterators: Vec<Object> = items
            .iter()
            .map(|item| &item.object)
            .filter(|object| match &object.kind {
                Kind::Function(closure) => closure.generator.is_some() || closure.function.is_generator,
                _ => is_iterator(object),
            })
            .cloned()
            .collect();
        for iterator in iterators {
            match iterator.kind {
                Kind::Function(_) => self.escape(&iterator, WHY),
                _ => self.escape_iterator(&iterator, WHY),
            }
        }
    }

    fn conceal_sources(&mut self, sources: &[Source]) {
        sources.iter().for_each(|source| self.conceal(&Object::new(Kind::Heap(source.id), None)));
    }

    // --- how far it was run ---

    /// The only item of a list that the machine keeps for itself: an alternative for each case.
    pub(super) fn only_of(&mut self, id: HeapId) -> Object {
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
    pub(super) fn set_only(&mut self, id: HeapId, value: Object) {
        let items = value.alternatives().into_iter().map(|(when, object)| Item { object, when, repeated: false });
        let items = items.collect();
        if let Some(cell) = self.state.cell_mut(id) {
            cell.contents = Contents::List(items);
        }
    }

    /// Where a plain iterator is kept, its items, and what they are taken from.
    pub(super) fn parts_of(&self, made: &Made) -> Option<(HeapId, Arc<[Item]>, Vec<Source>)> {
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
    fn is_unchanged(&mut self, sources: &mut [Source], items: &mut Vec<Item>, at: usize) -> bool {
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

/// Whether it stands for no item.
pub(super) fn is_unbound(object: &Object) -> bool {
    matches!(object.kind, Kind::Unbound)
}

/// Where an iterator was made.
fn made_at(made: &Made) -> Option<Place> {
    made.arguments.positional.iter().find_map(|part| part.origin)
}
