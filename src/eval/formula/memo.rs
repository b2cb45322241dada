//! Answers that were worked out before.

use std::hash::{BuildHasher, Hash};

use rustc_hash::FxBuildHasher;

/// Remembers each answer in the one slot that its question falls into, where a newer one takes the place of an older: what
/// is forgotten is worked out again. Decision diagrams are commonly worked on with tables that keep less than everything,
/// because one that stays in the processor's cache is faster than one that knows all.
///
/// The default question must never be asked: it marks empty slots.
#[derive(Debug)]
pub(super) struct Memo<Q, A> {
    slots: Vec<(Q, A)>,
    /// How many answers came since the last growth.
    answers: usize,
}

impl<Q, A> Default for Memo<Q, A> {
    fn default() -> Self {
        Self { slots: Vec::new(), answers: 0 }
    }
}

impl<Q: Copy + Default + Eq + Hash, A: Copy + Default> Memo<Q, A> {
    const FEWEST: usize = 1 << 8;
    /// Half a megabyte of the largest slots.
    const MOST: usize = 1 << 15;

    /// The answer to a question, where it is remembered.
    pub fn get(&self, question: Q) -> Option<A> {
        let slot = self.slots.get(self.slot(&question))?;
        (slot.0 == question).then_some(slot.1)
    }

    /// Remembers an answer.
    pub fn insert(&mut self, question: Q, answer: A) {
        if self.answers >= self.slots.len() && self.slots.len() < Self::MOST {
            self.grow();
        }
        self.answers += 1;
        let slot = self.slot(&question);
        self.slots[slot] = (question, answer);
    }

    /// Forgets what `keep` does not accept.
    pub fn retain(&mut self, keep: impl Fn(&Q, &A) -> bool) {
        for slot in &mut self.slots {
            if !keep(&slot.0, &slot.1) {
                *slot = Default::default();
            }
        }
    }

    fn grow(&mut self) {
        let larger = (self.slots.len() * 2).max(Self::FEWEST);
        let known = std::mem::replace(&mut self.slots, vec![Default::default(); larger]);
        self.answers = 0;
        for (question, answer) in known.into_iter().filter(|(question, _)| *question != Q::default()) {
            let slot = self.slot(&question);
            self.slots[slot] = (question, answer);
        }
    }

    /// The slot of a question. There are none at first, or a power of two.
    fn slot(&self, question: &Q) -> usize {
        FxBuildHasher.hash_one(question) as usize & self.slots.len().wrapping_sub(1)
    }
}
