//! What a part of a program depends on: the objects and modules that it looked at.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use super::{Cell, Loaded, State};
use crate::eval::object::HeapId;

/// Notes what is looked at, in whatever fork of a program, while something asks for it.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// How many parts of the program, one within the other, are being watched.
    watched: AtomicUsize,
    seen: Mutex<Vec<Seen>>,
}

/// What was looked at while a part of the program ran.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    cells: FxHashSet<HeapId>,
    modules: FxHashSet<Arc<str>>,
}

/// What some part of a program saw as it is in a state: as long as that is the same, it does the same.
#[derive(Debug)]
pub struct Footing {
    cells: Vec<(HeapId, Option<Arc<Cell>>)>,
    modules: Vec<(Arc<str>, Option<Loaded>)>,
    seen: Seen,
}

impl Reads {
    pub fn note(&self, change: impl FnOnce(&mut Seen)) {
        if self.watched.load(Ordering::Relaxed) > 0
            && let Some(seen) = self.seen.lock().unwrap_or_else(PoisonError::into_inner).last_mut()
        {
            change(seen);
        }
    }
}

impl State {
    /// Begins to note what is looked at.
    pub fn watch(&self) {
        let Some(reads) = &self.reads else { return };
        let mut seen = reads.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(Seen::default());
        reads.watched.store(seen.len(), Ordering::Relaxed);
    }

    /// What was looked at since the last [`State::watch`], which ends. It was looked at in what is watched around it, too.
    pub fn watched(&self) -> Seen {
        let Some(reads) = &self.reads else { return Seen::default() };
        let mut seen = reads.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.pop().unwrap_or_default();
        if let Some(outer) = seen.last_mut() {
            outer.add(&last);
        }
        reads.watched.store(seen.len(), Ordering::Relaxed);
        last
    }

    /// How what was seen is here, but for objects made from `until` on and for `other`.
    pub fn footing(&self, seen: Seen, until: HeapId, other: HeapId) -> Footing {
        let cells = seen.cells.iter().filter(|id| **id < until && **id != other);
        let cells = cells.map(|id| (*id, self.heap.get(id).cloned())).collect();
        let modules = seen.modules.iter().map(|name| (name.clone(), self.modules.get(name).cloned())).collect();
        Footing { cells, modules, seen }
    }

    /// Whether all of that is the same here. If it is, it counts as looked at.
    pub fn stands_on(&self, footing: &Footing) -> bool {
        let is_same = |(id, old): &(HeapId, Option<Arc<Cell>>)| match (self.heap.get(id), old) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, old),
            (None, None) => true,
            _ => false,
        };
        let is_loaded = |(name, old): &(Arc<str>, Option<Loaded>)| match (self.modules.get(name), old) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, old),
            (None, None) => true,
            _ => false,
        };
        let is_same = footing.cells.iter().all(is_same) && footing.modules.iter().all(is_loaded);
        if is_same && let Some(reads) = &self.reads {
            reads.note(|seen| seen.add(&footing.seen));
        }
        is_same
    }
}

impl Seen {
    pub(super) fn add_cell(&mut self, id: HeapId) {
        self.cells.insert(id);
    }

    pub(super) fn add_module(&mut self, name: &str) {
        if !self.modules.contains(name) {
            self.modules.insert(name.into());
        }
    }

    fn add(&mut self, other: &Self) {
        self.cells.extend(&other.cells);
        self.modules.extend(other.modules.iter().cloned());
    }
}

impl Footing {
    /// How many things it is about.
    pub fn len(&self) -> usize {
        self.cells.len() + self.modules.len()
    }
}
