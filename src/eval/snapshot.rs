//! A machine between two statements of a module, to go on from more than once.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::budget::Budget;
use super::formula::{Formula, Formulas};
use super::heap::State;
use super::machine::{Assumption, Frame, Machine, Mode};
use super::object::{HeapId, Object};
use super::out_of_sight::OutOfSight;
use super::raise::Handlers;
use super::world::World;

/// What a machine holds that is in no call or `try`, without the world that it runs in.
pub(super) struct Snapshot {
    /// Formulas note how far a walk through them came, which one thread does at a time.
    formulas: Mutex<Formulas>,
    state: State,
    assumed: Formula,
    ended: Formula,
    lost: Formula,
    assumptions: Vec<Assumption>,
    /// The modules that are being run.
    frames: Vec<Frame>,
    environ: HeapId,
    environs: HeapId,
    libraries: HeapId,
    concealed: HeapId,
    written: FxHashSet<PathBuf>,
    orders: FxHashMap<HeapId, Vec<Object>>,
    next_id: u32,
    changes: u32,
    budget: Budget,
}

impl Snapshot {
    /// What a machine holds now.
    pub fn of(machine: &Machine) -> Self {
        Self {
            formulas: Mutex::new(machine.formulas.copy()),
            state: machine.state.clone(),
            assumed: machine.assumed,
            ended: machine.ended,
            lost: machine.lost,
            assumptions: machine.assumptions.clone(),
            frames: machine.frames.clone(),
            environ: machine.environ,
            environs: machine.environs,
            libraries: machine.libraries,
            concealed: machine.concealed,
            written: machine.written.clone(),
            orders: machine.orders.clone(),
            next_id: machine.next_id,
            changes: machine.changes,
            budget: machine.budget.at_top(),
        }
    }

    /// Whether a module has begun in some case.
    pub fn has_loaded(&self, module: &str) -> bool {
        self.state.has_loaded(module)
    }

    /// A machine that goes on from here, in a world that is like the one before. Where production is of no interest, what
    /// was assumed of it is forgotten.
    pub fn resume<'a>(&self, world: &'a World<'a>, mode: Mode) -> Machine<'a> {
        Machine {
            world,
            mode,
            formulas: self.formulas.lock().unwrap_or_else(PoisonError::into_inner).copy(),
            state: self.state.copy(),
            assumed: if mode.production { self.assumed } else { Formula::TRUE },
            ended: self.ended,
            lost: self.lost,
            assumptions: if mode.production { self.assumptions.clone() } else { Vec::new() },
            handlers: Handlers::default(),
            exceptions: Vec::new(),
            frames: self.frames.clone(),
            environ: self.environ,
            environs: self.environs,
            libraries: self.libraries,
            concealed: self.concealed,
            is_escaping: false,
            decorated: Vec::new(),
            unseen: OutOfSight::default(),
            written: self.written.clone(),
            django_settings: None,
            orders: self.orders.clone(),
            next_id: self.next_id,
            changes: self.changes,
            budget: self.budget.clone(),
        }
    }
}
