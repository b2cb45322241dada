//! Iterators: what gives items one by one, when they are asked for and no earlier.
//!
//! An iterator is a [`Kind::Made`] by the name of what made it, of what Python would keep in it. How far it was run is
//! in lists of one on the heap, so that forks and joins keep it.

mod position;

use self::position::Source;
use super::formula::Subject;
use super::heap::Contents;
use super::machine::{Machine, Run, Stop};
use super::models;
use super::models::files::FILE;
use super::object::{Arguments, Class, HeapId, Item, Kind, Made, Object};
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

const ITERATORS: [&str; 9] = [ITERATOR, REVERSED, GENERATOR, GENERATOR_CALL, MAP, FILTER, ZIP, ENUMERATE, FILE];

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
                let kept = machine.each(function, |machine, function| match function.kind {
                    Kind::None => Ok(item.clone()),
                    _ => machine.call(&function, Arguments::positional(vec![item.clone()]), made_at(made)),
                })?;
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
            (FILE, _) => loop {
                self.step()?;
                match models::files::read_line(self, made) {
                    Some(line) if line.as_str().is_some_and(|line| line.is_empty()) => return Ok(()),
                    Some(line) => visit(self, line, true)?,
                    None => {
                        let unknown = Object::unknown("how far the file is read is not known", made_at(made));
                        self.may_raise("reading a file")?;
                        return self.run_items(vec![Item::any_number(unknown)], rounds, visit);
                    }
                }
            },
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
        for (_, iterator) in iterator.alternatives().iter().filter(|(_, iterator)| is_iterator(iterator)) {
            if let Kind::Made(made) = &iterator.kind {
                self.escape_parts(made, why);
            }
        }
    }

    fn escape_parts(&mut self, made: &Made, why: &str) {
        let is_plain = matches!(made.function.as_ref(), ITERATOR | REVERSED);
        for part in &made.arguments.positional[..if is_plain { 2 } else { made.arguments.positional.len() }] {
            match &part.kind {
                Kind::Tuple(items) => items.iter().for_each(|item| self.conceal(&item.object)),
                Kind::Heap(id) if matches!(self.items_in(*id).as_deref(), Some([_])) => {
                    let unknown = Object::unknown(why, part.origin);
                    self.set_only(*id, unknown);
                }
                _ => {
                    for (_, part) in part.alternatives() {
                        match part.kind {
                            Kind::Function(_) | Kind::Bound(_) | Kind::Method(_) => self.escape(&part, why),
                            _ => self.conceal(&part),
                        }
                    }
                    self.escape_iterator(part, why);
                }
            }
        }
    }

    /// Iterators among the arguments of a call that is not evaluated may be run, now and later.
    pub(super) fn hand_out_iterators(&mut self, arguments: &Arguments) {
        for argument in arguments.all().filter(|argument| is_iterator(argument)) {
            self.escape_iterator(argument, "it may be run by what it is passed to");
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
}

/// Whether it stands for no item.
pub(super) fn is_unbound(object: &Object) -> bool {
    matches!(object.kind, Kind::Unbound)
}

/// Where an iterator was made.
fn made_at(made: &Made) -> Option<Place> {
    made.arguments.positional.iter().find_map(|part| part.origin)
}
