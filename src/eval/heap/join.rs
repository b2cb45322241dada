//! What holds where several cases meet.

use std::sync::Arc;

use super::{Cell, Contents, Dict, Entry, Modules, State};
use crate::eval::formula::{Formula, Formulas};
use crate::eval::object::{Class, Item, Kind, Object, same_item};
use crate::eval::text::class_of;

impl State {
    /// The state after two forks: what holds where the one was taken, and where the other was.
    pub fn join(formulas: &mut Formulas, a: Self, b: Self) -> Self {
        if a.path.is_false() {
            return b;
        }
        if b.path.is_false() {
            return a;
        }
        let path = formulas.or(a.path, b.path);
        let mut join = Join { a: formulas.simplified(a.path, path), b: formulas.simplified(b.path, path), formulas };
        let (mut log, changed) = a.log.fork_point(&b.log);
        let modules = join.modules(&a.modules, &b.modules);
        let mut heap = a.heap;
        for id in changed {
            log.push(id);
            match (heap.get(&id), b.heap.get(&id)) {
                (Some(left), Some(right)) if !Arc::ptr_eq(left, right) => {
                    let joined = join.cells(left, right);
                    heap.insert_mut(id, Arc::new(joined));
                }
                (None, Some(right)) => {
                    let right = right.clone();
                    heap.insert_mut(id, right);
                }
                _ => {}
            }
        }
        Self { heap, log, modules, reads: a.reads.or(b.reads), path }
    }
}

/// Two forks being joined, and in which cases each was taken.
struct Join<'a> {
    formulas: &'a mut Formulas,
    a: Formula,
    b: Formula,
}

impl Join<'_> {
    fn cells(&mut self, a: &Cell, b: &Cell) -> Cell {
        let contents = match (&a.contents, &b.contents) {
            (Contents::List(a), Contents::List(b)) => Contents::List(self.items(a, b)),
            (Contents::Set(a), Contents::Set(b)) => Contents::Set(self.items(a, b)),
            (Contents::Dict(a), Contents::Dict(b)) => Contents::Dict(self.dicts(a, b)),
            // Classes and instances never change; their attributes are dicts of their own.
            (a, _) => a.clone(),
        };
        Cell { contents, changes: a.changes.merged(&b.changes) }
    }

    fn items(&mut self, a: &[Item], b: &[Item]) -> Vec<Item> {
        let prefix = a.iter().zip(b).take_while(|(a, b)| same_item(a, b)).count();
        let (rest_a, rest_b) = (&a[prefix..], &b[prefix..]);
        let suffix = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| same_item(a, b)).count();
        let mut items = a[..prefix].to_vec();
        for (side, rest) in [(self.a, rest_a), (self.b, rest_b)] {
            for item in &rest[..rest.len() - suffix] {
                items.push(Item { when: self.formulas.and(item.when, side), ..item.clone() });
            }
        }
        items.extend_from_slice(&rest_a[rest_a.len() - suffix..]);
        items
    }

    fn dicts(&mut self, a: &Dict, b: &Dict) -> Dict {
        // Most entries of most dicts are the same in both: a copy of the whole is cheaper than one of each.
        let mut entries = a.entries.clone();
        let mut is_in_both = vec![false; entries.len()];
        let mut newest = 0;
        let mut is_reordered = a.is_reordered || b.is_reordered;
        for (index, (key, other)) in b.entries.iter().enumerate() {
            // Most are at the same place, too.
            let is_here = entries.get_index(index).is_some_and(|(known, _)| known == key);
            let at = if is_here { Some(index) } else { entries.get_index_of(key) };
            is_reordered |= at.is_some_and(|at| at < newest);
            match at.and_then(|at| entries.get_index_mut(at)) {
                Some((_, entry)) => self.join_entry(entry, other),
                None => {
                    let when = self.formulas.and(other.when, self.b);
                    entries.insert(key.clone(), Entry { when, ..other.clone() });
                }
            }
            newest = at.unwrap_or(entries.len() - 1);
            if let Some(is_in_both) = is_in_both.get_mut(newest) {
                *is_in_both = true;
            }
        }
        for (entry, _) in entries.values_mut().zip(is_in_both).filter(|(_, is_in_both)| !is_in_both) {
            entry.when = self.formulas.and(entry.when, self.a);
        }
        let open_when = match (&a.open, &b.open) {
            _ if a.open_when == b.open_when && a.open.is_some() == b.open.is_some() => a.open_when,
            (Some(_), Some(_)) => self.formulas.choose(self.a, a.open_when, b.open_when),
            (Some(_), None) => self.formulas.and(self.a, a.open_when),
            (None, Some(_)) => self.formulas.and(self.b, b.open_when),
            (None, None) => Formula::TRUE,
        };
        let open = a.open.clone().or_else(|| b.open.clone());
        Dict { entries, open, open_when, is_scope: a.is_scope, is_reordered }
    }

    fn join_entry(&mut self, a: &mut Entry, b: &Entry) {
        if !a.value.same(&b.value) {
            let (in_a, in_b) = (self.formulas.and(self.a, a.when), self.formulas.and(self.b, b.when));
            let replaced = self.replaced(&a.value).or_else(|| self.replaced(&b.value));
            let value = either(self.formulas, [(in_a, &a.value), (in_b, &b.value)]);
            a.value = match replaced {
                Some((replaced, unknown)) => self.replaced_by(value, replaced, &unknown),
                None => value,
            };
        }
        a.when = match () {
            () if a.when == b.when => a.when,
            () if self.formulas.is_out_of_sight(a.when) && b.when.is_true() => a.when,
            () if self.formulas.is_out_of_sight(b.when) && a.when.is_true() => b.when,
            () => self.formulas.choose(self.a, a.when, b.when),
        };
        a.history = a.history.merged(&b.history);
    }

    /// What a value is where something out of sight may have replaced it, in the fork that this is known of.
    fn replaced(&self, value: &Object) -> Option<(Formula, Object)> {
        let Kind::Either(alternatives) = &value.kind else { return None };
        let is_replaced = |(when, object): &&(Formula, Object)| {
            matches!(object.kind, Kind::Unknown(_)) && self.formulas.is_out_of_sight(*when)
        };
        alternatives.iter().find(is_replaced).cloned()
    }

    /// The value where it may have been replaced in either fork: in which one is not told, or the conditions would become
    /// too many.
    fn replaced_by(&mut self, value: Object, replaced: Formula, unknown: &Object) -> Object {
        for (when, alternative) in value.alternatives() {
            if !alternative.is_plain() && self.formulas.implies(when, replaced) {
                return value;
            }
        }
        let kept = self.formulas.not(replaced);
        either(self.formulas, [(kept, &value), (replaced, unknown)])
    }

    fn modules(&mut self, a: &Modules, b: &Modules) -> Modules {
        let mut joined = a.clone();
        for (name, loaded) in b {
            let Some(known) = a.get(name) else {
                joined.insert_mut(name.clone(), loaded.clone());
                continue;
            };
            if Arc::ptr_eq(known, loaded) {
                continue;
            }
            let mut all = known.to_vec();
            for (when, module) in loaded.iter() {
                match all.iter_mut().find(|(_, other)| other.namespace == module.namespace) {
                    Some((known, _)) => *known = self.formulas.or(*known, *when),
                    None => all.push((*when, module.clone())),
                }
            }
            joined.insert_mut(name.clone(), all.into());
        }
        joined
    }
}

/// The object that is each of `parts` where its formula holds.
pub fn either<'a>(formulas: &mut Formulas, parts: impl IntoIterator<Item = (Formula, &'a Object)>) -> Object {
    let mut alternatives: Vec<(Formula, Object)> = Vec::new();
    let mut last = None;
    for (part, object) in parts {
        for (when, object) in object.alternatives() {
            let when = formulas.and(part, when);
            last = Some(object.clone());
            if when.is_false() {
                continue;
            }
            match alternatives.iter_mut().find(|(_, known)| known.same(&object)) {
                Some((known, _)) => *known = formulas.or(*known, when),
                None => alternatives.push((when, object)),
            }
        }
    }
    let most = formulas.most_values();
    if alternatives.iter().filter(|(_, object)| object.is_plain()).count() > most {
        merge_plain(formulas, &mut alternatives);
    }
    match alternatives.len() {
        0 => last.unwrap_or_else(|| Object::new(Kind::Unbound, None)),
        1 => alternatives.swap_remove(0).1,
        _ => {
            let mut choice: Vec<Formula> = alternatives.iter().map(|(when, _)| *when).collect();
            formulas.compacted_choice(&mut choice);
            for ((when, _), compacted) in alternatives.iter_mut().zip(choice) {
                *when = compacted;
            }
            let origin = alternatives[0].1.origin;
            Object::new(Kind::Either(alternatives.into()), origin)
        }
    }
}

/// Makes one value that is not known of all those that nothing can change in place. The others stay, since what is done
/// to the object is done to them.
fn merge_plain(formulas: &mut Formulas, alternatives: &mut Vec<(Formula, Object)>) {
    let (plain, mut merged): (Vec<_>, Vec<_>) = alternatives.drain(..).partition(|(_, object)| object.is_plain());
    let first = class_of(&plain[0].1);
    let is_of_one = plain.iter().all(|(_, object)| class_of(object) == first);
    let class = if is_of_one { first } else { Class::Any };
    let when = plain.iter().fold(Formula::FALSE, |all, (when, _)| formulas.or(all, *when));
    merged.push((when, Object::unknown_of(class, "it can be one of too many values", plain[0].1.origin)));
    *alternatives = merged;
}
