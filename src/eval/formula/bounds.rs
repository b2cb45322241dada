//! How many conditions there may be.

use super::{Formula, Formulas, hash};

/// More values than this are not told apart by their conditions.
pub(super) const MAX_VALUES: usize = 24;

/// How many nodes there may be from the start.
pub(super) const NODES: usize = 3_000;
/// More nodes than this: conditions that no reader could follow either.
const MAX_NODES: usize = 300_000;
/// More steps than this for each node that there may be: what takes longer is not worth the wait. Real settings take up to 2.
const STEPS_PER_NODE: usize = 3;
/// The depth of a formula, and so the depth of every walk through one, is at most this.
pub(super) const MAX_ATOMS: usize = 8_000;

/// How many formulas there were at some point.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    nodes: u32,
    steps: usize,
}

impl Formulas {
    /// Allows further nodes: a larger program may depend on more.
    pub fn allow(&mut self, nodes: usize) {
        self.most_nodes = (self.most_nodes + nodes).min(MAX_NODES);
    }

    /// Whether there were more conditions than can be followed; then no formula says anything.
    pub fn overflowed(&self) -> bool {
        self.overflow
    }

    /// A point to which [`Formulas::release`] can go back.
    pub fn mark(&self) -> Mark {
        Mark { nodes: self.nodes.len() as u32, steps: self.steps }
    }

    /// Forgets the formulas that were made since a mark, where they are many; none of them may be used any more. Says
    /// whether all of them could be followed.
    pub fn release(&mut self, mark: Mark) -> bool {
        // A share of what there may be: what is kept is not there for what is made later.
        const FEW: usize = 20;
        let was_followed = !self.overflow;
        let kept = mark.nodes as usize;
        if was_followed && self.nodes.len() - kept < self.most_nodes / FEW {
            return true;
        }
        for (index, node) in self.nodes.iter().enumerate().skip(kept) {
            let found = self.numbers.find_entry(hash(node), |number| number.0 as usize == index);
            if let Ok(entry) = found {
                entry.remove();
            }
        }
        self.nodes.truncate(kept);
        self.visited.borrow_mut().forget(kept);
        let is_old = |formula: &Formula| formula.0 < mark.nodes;
        self.choices.retain(|(a, b, c), result| [a, b, c, result].into_iter().all(is_old));
        self.simple.retain(|(a, b), result| [a, b, result].into_iter().all(is_old));
        self.compact.retain(|a, result| is_old(a) && is_old(result));
        self.disjoint.retain(|(a, b), _| is_old(a) && is_old(b));
        self.entails.retain(|(a, b), _| is_old(a) && is_old(b));
        self.steps = mark.steps;
        self.overflow = self.atoms.len() >= MAX_ATOMS;
        was_followed
    }

    /// How many values of one object are told apart by their conditions.
    pub fn most_values(&self) -> usize {
        self.most_values
    }

    /// Tells no more than so many values apart from now on; how many were before.
    pub fn tell_apart(&mut self, values: usize) -> usize {
        std::mem::replace(&mut self.most_values, values)
    }

    /// Takes a step; false where there were too many: whatever is answered means nothing then, and is not remembered.
    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        self.overflow |= self.steps >= self.most_nodes * STEPS_PER_NODE;
        !self.overflow
    }
}
