//! The method resolution order of classes, and what they have along it.

use super::formula::Formula;
use super::heap::{Contents, Key, either};
use super::machine::Machine;
use super::models;
use super::object::{HeapId, Kind, Object};
use crate::python::ast::Name;

/// What looking an attribute up along a class's bases gave.
pub(super) enum Found {
    /// In the cases of the formula, this.
    Here(Formula, Object),
    /// A base that is not evaluated may define it.
    Base(Object),
    /// No class has it.
    Nowhere,
}

impl Machine<'_> {
    /// Looks an attribute up in a class and its bases, in Python's method resolution order.
    pub(super) fn along_bases(&mut self, id: HeapId, name: &Name) -> Found {
        let order = match self.copies_attribute(id, name) {
            true => self.copying_order(id),
            false => self.resolution_order(id),
        };
        self.along(order, name)
    }

    /// Looks an attribute up in some classes, first one first.
    pub(super) fn along(&mut self, order: Vec<Object>, name: &Name) -> Found {
        let key = Key::Str(name.clone());
        let mut found: Vec<(Formula, Object)> = Vec::new();
        let mut rest = Formula::TRUE;
        for base in order {
            let otherwise = match &base.kind {
                Kind::Heap(id) => {
                    let Some(dict) = self.dict_of(*id) else { continue };
                    if let Some(entry) = dict.entries.get(&key) {
                        let (when, value) = (entry.when, entry.value.clone());
                        found.push((self.formulas.and(rest, when), value));
                        rest = self.formulas.and_not(rest, when);
                        match self.formulas.excludes(self.state.path, rest) {
                            true => break,
                            false => continue,
                        }
                    }
                    if dict.open.is_none() {
                        continue;
                    }
                    Object::unknown("the class body is not known", base_place(self, *id))
                }
                // One of several classes.
                Kind::Either(alternatives) => {
                    let mut values = Vec::new();
                    for (_, class) in alternatives.iter() {
                        if let Kind::Heap(id) = class.kind
                            && let Found::Here(_, value) = self.along_bases(id, name)
                        {
                            values.push(value);
                        }
                    }
                    if !values.is_empty() {
                        let unknown = Object::unknown("one of several classes decides it", base.origin);
                        found.push((rest, self.one_of_held(&unknown, &values)));
                        break;
                    }
                    base
                }
                Kind::Symbol(symbol) if symbol.as_ref() == "builtins.object" => continue,
                Kind::Symbol(symbol) if models::lacks_attribute(symbol, name) => continue,
                _ => base,
            };
            if found.is_empty() {
                return Found::Base(otherwise);
            }
            let unknown = Object::unknown(format!("a base class decides {name}"), otherwise.origin);
            found.push((rest, unknown));
            rest = Formula::FALSE;
            break;
        }
        if found.is_empty() {
            return Found::Nowhere;
        }
        let parts = found.iter().map(|(when, object)| (*when, object));
        let value = either(&mut self.formulas, parts);
        let when = match self.formulas.excludes(self.state.path, rest) {
            true => Formula::TRUE,
            false => self.formulas.not(rest),
        };
        Found::Here(when, value)
    }

    /// The classes that attributes are looked up in: C3 linearization, with bases that are not evaluated as leaves.
    pub(super) fn resolution_order(&mut self, id: HeapId) -> Vec<Object> {
        self.linearized(&Object::new(Kind::Heap(id), None), 0)
    }

    fn linearized(&mut self, class: &Object, depth: usize) -> Vec<Object> {
        const MAX_DEPTH: usize = 50;
        const MAX_CLASSES: usize = 200;
        let Kind::Heap(id) = class.kind else { return vec![class.clone()] };
        let Some(Contents::Class(source)) = self.copied(id) else { return vec![class.clone()] };
        if let Some(known) = self.orders.get(&id) {
            return known.clone();
        }
        let others = || Object::unknown("a class inherits from too many others", None);
        if depth > MAX_DEPTH {
            return vec![class.clone(), others()];
        }
        let resolved: Vec<Option<Object>> = source.bases.iter().map(|base| self.resolved(base).ok()).collect();
        let is_settled = resolved.iter().all(Option::is_some);
        let bases: Vec<Object> = resolved
            .into_iter()
            .zip(&source.bases)
            .map(|(found, base)| found.unwrap_or_else(|| base.clone()))
            .collect();
        let mut lists: Vec<Vec<Object>> = bases.iter().map(|base| self.linearized(base, depth + 1)).collect();
        lists.push(bases);
        let mut order = vec![class.clone()];
        if let [single, _] = lists.as_slice() {
            order.extend(single.iter().cloned());
            lists.clear();
        }
        loop {
            lists.retain(|list| !list.is_empty());
            let in_no_tail =
                |candidate: &Object| lists.iter().all(|list| list[1..].iter().all(|other| !other.same(candidate)));
            let Some(next) = lists.iter().map(|list| &list[0]).find(|first| in_no_tail(first)).cloned() else { break };
            for list in &mut lists {
                if list[0].same(&next) {
                    list.remove(0);
                }
            }
            order.push(next);
        }
        if order.len() > MAX_CLASSES {
            order.truncate(MAX_CLASSES);
            order.push(others());
        }
        if is_settled {
            self.orders.insert(id, order.clone());
        }
        order
    }
}

fn base_place(machine: &Machine, id: HeapId) -> Option<crate::source::Place> {
    match machine.contents(id) {
        Some(Contents::Class(class)) => class.place,
        _ => None,
    }
}
