//! Membership: `in`.

use super::formula::{Formula, Subject};
use super::heap::{Contents, Dict, Key};
use super::iterate::KEYS;
use super::iterator::is_iterator;
use super::machine::{Machine, Run};
use super::object::{Class, Item, Kind, Object, Piece};
use super::raise::Exception;
use super::text::class_of;
use super::truth::readable;

impl Machine<'_> {
    /// In which cases `item in container` holds.
    pub(super) fn contains(&mut self, container: &Object, item: &Object) -> Run<Formula> {
        let container = self.spelled_out(container);
        let mut possible = self.possible(&container);
        if possible.len() == 1 {
            return self.contains_single(&possible.swap_remove(0).1, item);
        }
        // What raises with one of them goes on with another.
        let found = self.each(&container, |machine, container| {
            let holds = machine.contains_single(&container, item)?;
            Ok(machine.truth_object(holds, None))
        })?;
        Ok(self.truth(&found))
    }

    fn contains_single(&mut self, container: &Object, item: &Object) -> Run<Formula> {
        match &container.kind {
            Kind::Str(_) | Kind::Template(_) => {
                let item = self.spelled_out(item);
                let found = self.map(&item, |machine, item| match (&container.kind, &item.kind) {
                    (Kind::Str(text), Kind::Str(part)) => Ok(Object::bool(text.contains(part.as_ref()), None)),
                    (Kind::Template(pieces), Kind::Str(part))
                        if pieces
                            .iter()
                            .any(|piece| matches!(piece, Piece::Literal(text) if text.contains(part.as_ref()))) =>
                    {
                        Ok(Object::bool(true, None))
                    }
                    (_, Kind::Unknown(unknown)) => {
                        Ok(machine.derived(unknown, Class::Bool, |text| format!("{text} in a string"), None))
                    }
                    (_, Kind::Str(_) | Kind::Template(_) | Kind::Symbol(_) | Kind::Made(_) | Kind::Method(_)) => {
                        Ok(Object::unknown_of(Class::Bool, "the string is not known", None))
                    }
                    _ => Err(Exception::new("TypeError", "requires a string")),
                })?;
                if class_of(&item) != Class::Str {
                    self.may_raise("`in`")?;
                }
                Ok(self.truth(&found))
            }
            Kind::Heap(id) => match self.copied(*id) {
                Some(Contents::Dict(dict)) => {
                    self.need_hashable(item)?;
                    Ok(self.dict_contains(&dict, item))
                }
                Some(Contents::Set(items)) => {
                    self.need_hashable_but_set(item)?;
                    Ok(self.any_equal(&items, item))
                }
                Some(Contents::List(items)) => Ok(self.any_equal(&items, item)),
                _ => {
                    self.may_raise("`in`")?;
                    Ok(self.fresh("the object contains it", Subject::Other))
                }
            },
            Kind::Tuple(items) => {
                let items = items.clone();
                Ok(self.any_equal(&items, item))
            }
            Kind::Symbol(name) => {
                let name = name.clone();
                super::models::contains(self, &name, item)
            }
            Kind::Unknown(unknown) => Ok(match (&unknown.term, item.as_str()) {
                (Some(term), Some(part)) => {
                    let text = format!("{part:?} in {}", readable(&term.text));
                    let formula = self.test(term, text);
                    self.note_stage(term, std::slice::from_ref(part), formula);
                    formula
                }
                _ => {
                    self.may_raise("`in`")?;
                    self.fresh("the value contains it", Subject::Other)
                }
            }),
            _ if is_iterator(container) => {
                let [found, none] = [true, false].map(|result| Object::bool(result, None));
                let result = self.until_found(container, none, |machine, other| {
                    Ok((machine.same_or_equal(other, item), found.clone()))
                })?;
                Ok(self.truth(&result))
            }
            Kind::Made(made) if made.function.as_ref() == KEYS => {
                self.need_hashable(item)?;
                let items = self.items(container)?.unwrap_or_default();
                Ok(self.any_equal(&items, item))
            }
            _ => match self.items(container)? {
                Some(items) => Ok(self.any_equal(&items, item)),
                None => {
                    self.may_raise("`in`")?;
                    Ok(self.fresh("the value contains it", Subject::Other))
                }
            },
        }
    }

    /// Raises where an object cannot be asked for in a set: of another set, a frozen one is asked for.
    pub(super) fn need_hashable_but_set(&mut self, item: &Object) -> Run<()> {
        for (when, item) in self.possible(item) {
            let is_set = match &item.kind {
                Kind::Heap(id) => matches!(self.contents(*id), Some(Contents::Set(_))),
                Kind::Unknown(unknown) => unknown.class == Class::Set,
                _ => false,
            };
            if !is_set {
                self.need_hashable_where(when, &item)?;
            }
        }
        Ok(())
    }

    fn dict_contains(&mut self, dict: &Dict, item: &Object) -> Formula {
        let mut any = Formula::FALSE;
        for (when, item) in self.possible(item) {
            let there = match Key::of(&item) {
                Some(key) => match (dict.entries.get(&key), &dict.open) {
                    (Some(entry), None) => entry.when,
                    (None, None) => Formula::FALSE,
                    (entry, Some(_)) => {
                        let known = entry.map_or(Formula::FALSE, |entry| entry.when);
                        let more = self.fresh("there is such an entry", Subject::Other);
                        let more = self.formulas.and(dict.open_when, more);
                        self.formulas.or(known, more)
                    }
                },
                None if dict.entries.is_empty() && dict.open.is_none() => Formula::FALSE,
                None => self.fresh("there is such an entry", Subject::Other),
            };
            let both = self.formulas.and(when, there);
            any = self.formulas.or(any, both);
        }
        any
    }

    fn any_equal(&mut self, items: &[Item], wanted: &Object) -> Formula {
        self.charge(items.len());
        let mut any = Formula::FALSE;
        if let Kind::Either(_) = wanted.kind {
            for (when, wanted) in self.possible(wanted) {
                let equal = self.any_equal(items, &wanted);
                let both = self.formulas.and(when, equal);
                any = self.formulas.or(any, both);
            }
            return self.settled(any);
        }
        if let Some(one_of) = self.one_of(items, wanted) {
            return one_of;
        }
        // Of all that are not known one condition says whether any of them is equal.
        let mut unclear = Formula::FALSE;
        for item in items {
            if item.repeated || is_unclear(&item.object, wanted) {
                unclear = self.formulas.or(unclear, item.when);
                continue;
            }
            let equal = self.same_or_equal(&item.object, wanted);
            let there = self.formulas.and(item.when, equal);
            any = self.formulas.or(any, there);
            any = self.settled(any);
            if self.formulas.implies(self.state.path, any) {
                return any;
            }
        }
        if unclear.is_false() {
            return any;
        }
        let equal = self.fresh("one of the items is equal", Subject::Other);
        let there = self.formulas.and(unclear, equal);
        let any = self.formulas.or(any, there);
        self.settled(any)
    }

    /// `term in (constants)` as one test, where it is one.
    fn one_of(&mut self, items: &[Item], wanted: &Object) -> Option<Formula> {
        let Kind::Unknown(unknown) = &wanted.kind else { return None };
        let term = unknown.term.as_ref().filter(|_| items.len() > 1)?;
        let constant = |item: &Item| item.object.as_str().filter(|_| item.is_certain()).cloned();
        let constants = items.iter().map(constant).collect::<Option<Vec<_>>>()?;
        let literals: Vec<String> = constants.iter().map(|text| format!("{text:?}")).collect();
        let text = format!("{} in ({})", readable(&term.text), literals.join(", "));
        let formula = self.test(term, text);
        self.note_stage(term, &constants, formula);
        Some(formula)
    }
}

/// Whether nothing says if two objects are equal.
fn is_unclear(a: &Object, b: &Object) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => unknown.term.is_none(),
        (Kind::Symbol(_) | Kind::Made(_), Kind::Str(_)) | (Kind::Str(_), Kind::Symbol(_) | Kind::Made(_)) => true,
        _ => false,
    }
}
