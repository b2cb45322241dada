//! Which statements assigned a name, or changed an object in place.

use std::ops::Deref;
use std::sync::Arc;

use super::formula::Formula;
use crate::source::Place;

/// A statement that assigned or changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// When, counted over the whole run.
    pub order: u32,
    /// The statement.
    pub place: Place,
    /// In which cases it was reached; none where it ran several times in different ones.
    pub path: Option<Formula>,
}

/// Statements that changed one thing, in order. Copies share what they hold, since a join copies far more than differs.
#[derive(Debug, Clone, Default)]
pub struct Changes(Option<Arc<Vec<Change>>>);

impl Changes {
    /// More than this are not noted one by one.
    const MAX: usize = 500;

    /// Notes a change; a statement that runs again, in a loop, counts once.
    pub fn note(&mut self, change: Option<Change>) {
        let Some(change) = change else { return };
        let changes = Arc::make_mut(self.0.get_or_insert_default());
        match changes.iter().position(|known| known.place == change.place) {
            Some(at) if changes[at].path != change.path => changes[at].path = None,
            Some(_) => {}
            None => {
                changes.push(change);
                limit(changes);
            }
        }
    }

    /// The changes of two forks, in order.
    pub fn merged(&self, other: &Self) -> Self {
        let (Some(a), Some(b)) = (&self.0, &other.0) else { return if self.is_empty() { other } else { self }.clone() };
        if Arc::ptr_eq(a, b) || a == b {
            return self.clone();
        }
        let mut all: Vec<Change> = Vec::with_capacity(a.len() + b.len());
        let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
        // Both are in order.
        while let Some(next) = match (a.peek(), b.peek()) {
            (Some(left), Some(right)) if left.order <= right.order => a.next(),
            (Some(_), None) => a.next(),
            _ => b.next(),
        } {
            match all.last_mut().filter(|last| last.order == next.order) {
                Some(last) if last.path != next.path => last.path = None,
                Some(_) => {}
                None => all.push(*next),
            }
        }
        limit(&mut all);
        Self(Some(Arc::new(all)))
    }
}

impl Deref for Changes {
    type Target = [Change];

    fn deref(&self) -> &[Change] {
        self.0.as_ref().map_or(&[], |changes| changes.as_slice())
    }
}

impl FromIterator<Change> for Changes {
    fn from_iter<I: IntoIterator<Item = Change>>(changes: I) -> Self {
        let changes: Vec<Change> = changes.into_iter().collect();
        Self((!changes.is_empty()).then(|| Arc::new(changes)))
    }
}

/// Leaves the oldest changes and the newest one, which is what a reader looks for.
fn limit(changes: &mut Vec<Change>) {
    if changes.len() > Changes::MAX {
        changes.drain(Changes::MAX - 1..changes.len() - 1);
    }
}
