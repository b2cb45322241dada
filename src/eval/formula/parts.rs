//! What formulas are made of: their nodes, atoms and ways to hold.

use super::compact::MAX_SIZE;
use super::{Atom, Formula, Formulas, Subject};

/// Which nodes a walk was at, without a set to be made for each walk; and which formulas are known to be large.
#[derive(Debug, Default)]
pub(super) struct Visited {
    walk: u32,
    /// The last walk that was at a node.
    by: Vec<u32>,
    /// The same of an atom.
    atoms_by: Vec<u32>,
    is_large: Vec<Option<bool>>,
}

impl Visited {
    fn begin(&mut self, nodes: usize) {
        if self.walk == u32::MAX {
            self.by.fill(0);
            self.atoms_by.fill(0);
            self.walk = 0;
        }
        self.walk += 1;
        self.by.resize(nodes, 0);
    }

    /// Whether this walk was not there yet. The constants are no nodes.
    fn is_new(&mut self, formula: Formula) -> bool {
        formula.0 > 1 && std::mem::replace(&mut self.by[formula.0 as usize], self.walk) != self.walk
    }

    fn is_new_atom(&mut self, atom: u32) -> bool {
        std::mem::replace(&mut self.atoms_by[atom as usize], self.walk) != self.walk
    }

    /// Forgets nodes that are there no more.
    pub fn forget(&mut self, from: usize) {
        self.by.truncate(from);
        self.is_large.truncate(from);
    }
}

impl Formulas {
    /// Whether a formula is an atom that says that something was changed out of sight, or was not.
    pub fn is_out_of_sight(&self, formula: Formula) -> bool {
        let node = self.nodes[formula.0 as usize];
        formula.0 > 1
            && node.yes.is_true()
            && node.no.is_false()
            && self.atoms[node.atom as usize - 1].subject == Subject::OutOfSight
    }

    /// Whether a formula is too large to be combined further.
    pub fn is_large(&self, formula: Formula) -> bool {
        let at = formula.0 as usize;
        if let Some(Some(known)) = self.visited.borrow().is_large.get(at) {
            return *known;
        }
        let is_large = self.size_up_to(&[formula], MAX_SIZE) >= MAX_SIZE;
        let mut visited = self.visited.borrow_mut();
        if visited.is_large.len() <= at {
            visited.is_large.resize(self.nodes.len(), None);
        }
        visited.is_large[at] = Some(is_large);
        is_large
    }

    /// The number of nodes of some formulas together, counted up to `limit`.
    pub(super) fn size_up_to(&self, formulas: &[Formula], limit: usize) -> usize {
        let mut visited = self.visited.borrow_mut();
        visited.begin(self.nodes.len());
        let mut open = formulas.to_vec();
        let mut size = 0;
        while let Some(formula) = open.pop() {
            if size >= limit {
                return limit;
            }
            if visited.is_new(formula) {
                size += 1;
                let node = self.nodes[formula.0 as usize];
                open.extend([node.yes, node.no]);
            }
        }
        size
    }

    /// The atoms that a formula speaks of.
    pub fn atoms_of(&self, formula: Formula) -> Vec<&Atom> {
        let mut visited = self.visited.borrow_mut();
        visited.begin(self.nodes.len());
        visited.atoms_by.resize(self.atoms.len() + 1, 0);
        let mut open = vec![formula];
        let mut atoms = Vec::new();
        while let Some(formula) = open.pop() {
            if visited.is_new(formula) {
                let node = self.nodes[formula.0 as usize];
                if visited.is_new_atom(node.atom) {
                    atoms.push(node.atom);
                }
                open.extend([node.yes, node.no]);
            }
        }
        atoms.sort_unstable();
        atoms.into_iter().map(|number| &self.atoms[number as usize - 1]).collect()
    }

    /// The formula's ways to hold, each as facts that hold or do not; at most `limit` of them, else none.
    pub fn ways(&self, formula: Formula, limit: usize) -> Option<Vec<Vec<(&Atom, bool)>>> {
        let mut found = Vec::new();
        self.collect_ways(formula, &mut Vec::new(), &mut found, limit).then_some(found)
    }

    fn collect_ways<'a>(
        &'a self,
        formula: Formula,
        facts: &mut Vec<(&'a Atom, bool)>,
        found: &mut Vec<Vec<(&'a Atom, bool)>>,
        limit: usize,
    ) -> bool {
        match formula {
            Formula::FALSE => true,
            Formula::TRUE => {
                found.push(facts.clone());
                found.len() <= limit
            }
            _ => {
                let node = self.nodes[formula.0 as usize];
                for (holds, next) in [(true, node.yes), (false, node.no)] {
                    facts.push((&self.atoms[node.atom as usize - 1], holds));
                    let fits = self.collect_ways(next, facts, found, limit);
                    facts.pop();
                    if !fits {
                        return false;
                    }
                }
                true
            }
        }
    }
}
