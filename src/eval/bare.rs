//! A bare environment: what the defaults of environment variables are told for.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::formula::Formula;
use super::machine::Machine;

/// The case in which no environment variable is set but those without which the program does not start.
pub(super) struct Bare {
    required: Vec<Arc<str>>,
    /// What is left of the cases that were given.
    pub world: Formula,
    done: FxHashMap<Formula, Formula>,
}

impl Bare {
    /// That case of the cases in `world`.
    pub fn of(machine: &mut Machine, world: Formula) -> Self {
        let formulas = &mut machine.formulas;
        let mut bare = Self { required: formulas.required_variables(world), world, done: FxHashMap::default() };
        bare.world = bare.formula(machine, world);
        if bare.world.is_false() && !world.is_false() {
            // One of several must be set: those that come first are not.
            let names = machine.formulas.variables_of(world);
            let mut unset = Vec::with_capacity(names.len());
            bare.required.clear();
            bare.world = bare.unset(machine, world, &names, &mut unset);
        }
        bare.done.clear();
        bare
    }

    /// Takes as many of the variables for unset as the world allows, and says what is left of it.
    fn unset(
        &mut self,
        machine: &mut Machine,
        world: Formula,
        names: &[Arc<str>],
        unset: &mut Vec<Arc<str>>,
    ) -> Formula {
        if names.is_empty() {
            return world;
        }
        let known = unset.len();
        unset.extend_from_slice(names);
        let is_unset = |name: &str| unset.iter().any(|other| other.as_ref() == name);
        let left = machine.formulas.with_unset(world, &is_unset, &mut FxHashMap::default());
        if !left.is_false() {
            return left;
        }
        unset.truncate(known);
        if names.len() == 1 {
            self.required.extend_from_slice(names);
            return world;
        }
        let (first, rest) = names.split_at(names.len() / 2);
        let world = self.unset(machine, world, first, unset);
        self.unset(machine, world, rest, unset)
    }

    /// The same, of which nothing is worked out yet.
    pub fn fresh(&self) -> Self {
        Self { required: self.required.clone(), world: self.world, done: FxHashMap::default() }
    }

    /// What is left of a formula there.
    pub fn formula(&mut self, machine: &mut Machine, formula: Formula) -> Formula {
        let is_unset = |name: &str| self.required.iter().all(|required| required.as_ref() != name);
        machine.formulas.with_unset(formula, &is_unset, &mut self.done)
    }
}
