//! Functions that something may call where the program does not show it: any number of times, with anything.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::formula::Formula;
use super::heap::{Cell, Contents, Footing, State};
use super::machine::Machine;
use super::object::{Closure, HeapId, Item};

/// What runs out of sight, and what did.
#[derive(Default)]
pub(super) struct OutOfSight {
    /// The functions that are being run, each called by the one before.
    running: Vec<Running>,
    /// The last run of each function, by the function's address.
    ran: FxHashMap<usize, Ran>,
}

struct Running {
    closure: Arc<Closure>,
    before: State,
    /// How many functions were being decorated then.
    decorated: usize,
    /// Whether it hangs on what runs around it what it does.
    depends_on_outer: bool,
}

/// A run after which another one changes nothing more, as long as nothing has changed that it depended on.
struct Ran {
    /// Keeps the address from being another function's.
    _closure: Arc<Closure>,
    footing: Footing,
    path: Formula,
    concealed: Option<Arc<Cell>>,
    files_written: usize,
    is_escaping: bool,
}

impl Machine<'_> {
    /// A function may be called, any number of times and with anything.
    pub(super) fn may_be_called(&mut self, closure: &Arc<Closure>) {
        if let Some(at) = self.decorated.iter().position(|function| Arc::ptr_eq(function, &closure.function)) {
            let running = self.unseen.running.iter_mut();
            running.filter(|running| at < running.decorated).for_each(|running| running.depends_on_outer = true);
            return;
        }
        self.call_out_of_sight(closure);
    }

    /// Whether what runs is not shown by the program.
    pub(super) fn is_out_of_sight(&self) -> bool {
        !self.unseen.running.is_empty()
    }

    /// A function is called out of sight, any number of times and with anything.
    pub(super) fn call_out_of_sight(&mut self, closure: &Arc<Closure>) {
        if self.is_called_again(closure) || self.would_change_nothing(closure) {
            return;
        }
        let (before, path, until, lost) = (self.state.clone(), self.state.path, HeapId(self.next_id), self.lost);
        let decorated = self.decorated.len();
        self.unseen.running.push(Running { closure: closure.clone(), before, decorated, depends_on_outer: false });
        self.state.watch();
        self.out_of_sight(|machine| {
            let result = machine.call_with_anything(closure)?;
            machine.conceal(&result);
            Ok(())
        });
        let seen = self.state.watched();
        let running = self.unseen.running.pop();
        if self.lost != lost || running.is_none_or(|running| running.depends_on_outer) {
            return;
        }
        let ran = Ran {
            _closure: closure.clone(),
            footing: self.state.footing(seen, until, self.concealed),
            path,
            concealed: self.state.shared(self.concealed).cloned(),
            files_written: self.written.len(),
            is_escaping: self.is_escaping,
        };
        self.charge(ran.footing.len());
        self.unseen.ran.insert(Arc::as_ptr(closure).addr(), ran);
    }

    /// Whether a function has been run, and all is as it was after that.
    pub(super) fn would_change_nothing(&mut self, closure: &Arc<Closure>) -> bool {
        let Some(ran) = self.unseen.ran.get(&Arc::as_ptr(closure).addr()) else { return false };
        let steps = 1 + ran.footing.len() / 16;
        let concealed = self.state.shared(self.concealed).cloned();
        let would_change_nothing = (self.is_escaping || !ran.is_escaping)
            && ran.files_written == self.written.len()
            && is_concealed(concealed.as_deref(), ran.concealed.as_deref(), self.is_escaping)
            && self.formulas.implies(self.state.path, ran.path)
            && self.state.stands_on(&ran.footing);
        self.charge(steps);
        would_change_nothing
    }

    /// Whether a function is called that is being run out of sight. It is not run anew: all that it has changed so far is
    /// unknown then, and what else it changes is so since a former round.
    pub(super) fn is_called_again(&mut self, closure: &Arc<Closure>) -> bool {
        let is_it = |running: &Running| {
            let other = &running.closure;
            Arc::ptr_eq(&other.function, &closure.function) && other.scopes == closure.scopes
        };
        let Some(at) = self.unseen.running.iter().position(is_it) else { return false };
        self.unseen.running.iter_mut().skip(at + 1).for_each(|running| running.depends_on_outer = true);
        let before = self.unseen.running[at].before.clone();
        self.blur_since(&before);
        true
    }

    /// What was called before runs in another way from now on.
    pub(super) fn forget_runs(&mut self) {
        self.unseen.ran.clear();
    }
}

/// Whether the same is concealed as before, or more, where that makes no difference.
fn is_concealed(now: Option<&Cell>, before: Option<&Cell>, or_more: bool) -> bool {
    let (Some(Contents::List(now)), Some(Contents::List(before))) =
        (now.map(|cell| &cell.contents), before.map(|cell| &cell.contents))
    else {
        return false;
    };
    let is_same = |(a, b): (&Item, &Item)| a.object.same(&b.object);
    std::ptr::eq(now, before)
        || (now.len() == before.len() || or_more && now.len() > before.len()) && now.iter().zip(before).all(is_same)
}
