//! Simpler formulas in place of larger ones.

use rustc_hash::FxHashMap;

use super::{Atom, Formula, Formulas, Subject};
use crate::python::ast::Name;

/// A formula of more nodes than this is replaced by an atom of its own where it would be combined further.
pub(super) const MAX_SIZE: usize = 96;

impl Formulas {
    /// What is left of `formula` where it matters only under `care`: no atom that `care` decides alone remains.
    pub fn simplified(&mut self, formula: Formula, care: Formula) -> Formula {
        match self.is_large(formula) || self.is_large(care) {
            // Simplifying by a large formula may well make a larger one.
            true if care.is_false() || self.implies(care, formula) => Formula::TRUE,
            true if self.excludes(care, formula) => Formula::FALSE,
            true => formula,
            false => self.simplified_part(formula, care),
        }
    }

    fn simplified_part(&mut self, formula: Formula, care: Formula) -> Formula {
        if care.is_false() || self.implies(care, formula) {
            return Formula::TRUE;
        }
        if self.excludes(care, formula) {
            return Formula::FALSE;
        }
        if let Some(known) = self.simple.get((formula, care)) {
            return known;
        }
        if !self.step() {
            return formula;
        }
        let atom = self.top(formula).max(self.top(care));
        let (care_yes, care_no) = self.halves(care, atom);
        let (yes, no) = self.halves(formula, atom);
        let simple = match (care_yes, care_no) {
            (Formula::FALSE, _) => self.simplified_part(no, care_no),
            (_, Formula::FALSE) => self.simplified_part(yes, care_yes),
            _ if yes == no => {
                let care = self.or(care_yes, care_no);
                self.simplified_part(yes, care)
            }
            _ => {
                let yes = self.simplified_part(yes, care_yes);
                let no = self.simplified_part(no, care_no);
                self.node(atom, yes, no)
            }
        };
        if !self.overflow {
            self.simple.insert((formula, care), simple);
        }
        simple
    }

    /// The formula itself, or an atom that stands for it where it is too large to be combined further.
    ///
    /// What an atom stands for may hold or not independently of all else: nothing is called impossible that is possible,
    /// but that some cases exclude each other is forgotten.
    pub fn compacted(&mut self, formula: Formula) -> Formula {
        if !self.is_large(formula) {
            return formula;
        }
        if let Some(&known) = self.compact.get(&formula) {
            return known;
        }
        let (subject, when_unset) = self.summary(&[formula]);
        let holds_when_unset = when_unset == [Formula::TRUE];
        let atom = self.fresh(Atom { text: "several conditions hold".into(), subject });
        let compact = if holds_when_unset { self.not(atom) } else { atom };
        if !self.overflow {
            self.compact.insert(formula, compact);
        }
        compact
    }

    /// Formulas of which exactly one holds, in place of others of which exactly one holds, where these are too large.
    pub fn compacted_choice(&mut self, choice: &mut [Formula]) {
        if self.size_up_to(choice, 4 * MAX_SIZE) < 4 * MAX_SIZE {
            return;
        }
        let (subject, when_unset) = self.summary(choice);
        // What holds where no variable is set comes last: there all the new atoms are false.
        let last = when_unset.iter().position(|formula| formula.is_true()).unwrap_or(choice.len() - 1);
        let mut rest = Formula::TRUE;
        for index in (0..choice.len()).filter(|&index| index != last) {
            let text = "one of several conditions holds".into();
            let atom = self.fresh(Atom { text, subject: subject.clone() });
            choice[index] = self.and(rest, atom);
            rest = self.and_not(rest, atom);
        }
        choice[last] = rest;
    }

    /// What formulas are about together; where the environment decides all of them, or does where none of its variables
    /// is set, also what is left of each there.
    fn summary(&mut self, formulas: &[Formula]) -> (Subject, Vec<Formula>) {
        const MAX_NAMES: usize = 64;
        let mut names: Vec<Name> = Vec::new();
        let mut is_environment = true;
        for &formula in formulas {
            for atom in self.atoms_of(formula) {
                let variables = atom.subject.variables();
                is_environment &= atom.subject.is_environment();
                names.extend(variables.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
                if names.len() > MAX_NAMES {
                    return (Subject::Other, Vec::new());
                }
            }
        }
        // The names are those of all variables in the formulas.
        let mut done = FxHashMap::default();
        let unset: Vec<Formula> =
            formulas.iter().map(|&formula| self.with_unset(formula, &|_| true, &mut done)).collect();
        let is_decided = unset.iter().all(|formula| formula.is_true() || formula.is_false());
        match (is_environment, is_decided && !names.is_empty()) {
            (true, _) => (Subject::Test(names.into()), unset),
            (false, true) => (Subject::Mixed(names.into()), unset),
            (false, false) => (Subject::Other, Vec::new()),
        }
    }
}
