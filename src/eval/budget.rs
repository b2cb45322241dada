//! Bounds: how far a program is followed before it is given up.

use rustc_hash::FxHashMap;

use super::formula::Formula;
use super::machine::{Machine, Run, Stop};
use crate::source::FileId;

/// How many steps a program may take, and how many more for each byte of its modules. Real settings take up to 1.5 a byte.
const FUEL: u64 = 2_000;
const FUEL_PER_BYTE: u64 = 3;
/// How many more nodes of formulas there may be for each byte. Real settings have up to 0.6 a byte, and 1.5 when all of
/// them are told.
const NODES_PER_BYTE: usize = 2;
/// How deep calls and imports may nest.
const MAX_DEPTH: usize = 100;
/// How many objects may be made.
const MAX_OBJECTS: u32 = 400_000;

/// Why nothing is known in the cases that are lost.
pub(super) const TOO_FAR: &str = "it goes further than it can be followed";

/// What a program may still take.
#[derive(Clone)]
pub(super) struct Budget {
    fuel: u64,
    depth: usize,
    /// The modules that it was given steps for, with their bytes, and all those steps.
    granted: FxHashMap<FileId, usize>,
    granted_fuel: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { fuel: FUEL, depth: 0, granted: FxHashMap::default(), granted_fuel: FUEL }
    }
}

impl Budget {
    /// The same where no call or import is being run.
    pub fn at_top(&self) -> Self {
        Self { depth: 0, ..self.clone() }
    }

    /// All steps again, for another part of the program.
    pub fn renew(&mut self) {
        self.fuel = self.granted_fuel;
    }

    fn grant(&mut self, fuel: u64) {
        // What is used up stays so.
        if self.fuel > 0 {
            self.fuel += fuel;
        }
        self.granted_fuel += fuel;
    }
}

/// Runs `work` with stack enough for a walk through the deepest formula and some levels of nested statements.
pub fn with_stack<T>(work: impl FnOnce() -> T) -> T {
    const WALK: usize = 8 * 1024 * 1024;
    stacker::maybe_grow(WALK, 4 * WALK, work)
}

impl Machine<'_> {
    /// Why the program was given up, where it was. What it then holds means nothing.
    pub fn exhaustion(&self) -> Option<&'static str> {
        match () {
            () if self.formulas.overflowed() => Some("it depends on too many conditions"),
            () if self.next_id >= MAX_OBJECTS => Some("it makes too many objects"),
            () if self.budget.fuel == 0 => Some("it takes too many steps"),
            () if self.lost.is_true() => Some(TOO_FAR),
            () => None,
        }
    }

    /// Whether the program was given up.
    pub fn is_exhausted(&self) -> bool {
        self.budget.fuel == 0 || self.next_id >= MAX_OBJECTS || self.formulas.overflowed() || self.lost.is_true()
    }

    /// Gives up on the present cases: what the program does in them is not known any more.
    pub(super) fn lose(&mut self) -> Stop {
        self.lost = self.formulas.or(self.lost, self.state.path);
        self.state.path = Formula::FALSE;
        Stop
    }

    /// Gives the program what it may take for a module, however often that runs. One that has become longer gives more.
    pub(super) fn grant(&mut self, file: FileId) {
        let bytes = self.world.trees.sources.file(file).map_or(0, |source| source.text.len());
        let granted = self.budget.granted.entry(file).or_default();
        if bytes > *granted {
            let more = bytes - std::mem::replace(granted, bytes);
            self.budget.grant(more as u64 * FUEL_PER_BYTE);
            self.formulas.allow(more * NODES_PER_BYTE);
        }
    }

    /// How many steps the program has taken.
    pub(super) fn steps_taken(&self) -> u64 {
        self.budget.granted_fuel - self.budget.fuel
    }

    /// Takes a step; stops when there are none left.
    pub(super) fn step(&mut self) -> Run<()> {
        self.steps(1)
    }

    /// Takes `count` steps.
    pub(super) fn steps(&mut self, count: usize) -> Run<()> {
        self.charge(count);
        if self.is_exhausted() || !self.is_alive() {
            self.state.path = Formula::FALSE;
            return Err(Stop);
        }
        Ok(())
    }

    /// Runs `work` one level deeper, where the nesting allows it.
    pub(super) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.budget.depth >= MAX_DEPTH {
            return None;
        }
        self.budget.depth += 1;
        let result = with_stack(|| work(self));
        self.budget.depth -= 1;
        Some(result)
    }

    /// Takes `count` steps, of which the next one will be told.
    pub(super) fn charge(&mut self, count: usize) {
        self.budget.fuel = self.budget.fuel.saturating_sub(count as u64);
    }
}
