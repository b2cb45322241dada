//! Conditions that the source does not decide, as formulas over atoms.
//!
//! An atom is one undecided fact: "the environment variable `STAGE` is set", "`STAGE` equals `production`". A formula is
//! a binary decision diagram, reduced and shared: equal formulas have equal numbers, so that equality, implication and
//! contradiction are cheap and exact. Everything that the evaluator forks on is one of these.

mod memo;
mod parts;

use std::cell::RefCell;
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use self::memo::Memo;
use self::parts::Visited;

use crate::python::ast::Name;

/// A formula, by its number in [`Formulas`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula(u32);

impl Formula {
    /// Holds in no case.
    pub const FALSE: Self = Self(0);
    /// Holds in every case.
    pub const TRUE: Self = Self(1);

    /// Whether it holds in no case.
    pub fn is_false(self) -> bool {
        self == Self::FALSE
    }

    /// Whether it holds in every case.
    pub fn is_true(self) -> bool {
        self == Self::TRUE
    }
}

/// An undecided fact.
#[derive(Debug, Clone)]
pub struct Atom {
    /// What it says, as a reader would write it: `STAGE == "production"`.
    pub text: Arc<str>,
    /// What kind of fact it is.
    pub subject: Subject,
}

/// What an atom is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The environment variable is set.
    Set(Name),
    /// A test on the values of environment variables; false where none of them is set.
    Test(Arc<[Name]>),
    /// The same, but where some of them are set something else decides as well.
    Mixed(Arc<[Name]>),
    /// A package that is not the project's can be imported.
    Importable,
    /// A file or module that is not in the tree is there where the program runs.
    Untracked,
    /// Anything else.
    Other,
}

impl Subject {
    /// The environment variables without which it is false.
    pub fn variables(&self) -> &[Name] {
        match self {
            Self::Set(name) => std::slice::from_ref(name),
            Self::Test(names) | Self::Mixed(names) => names,
            _ => &[],
        }
    }

    /// Whether the environment alone decides it.
    pub fn is_environment(&self) -> bool {
        matches!(self, Self::Set(_) | Self::Test(_))
    }
}

/// A choice by one atom. Newer atoms stand above older ones, so that a formula over new facts, joined with the long
/// formula of how the program got here, shares all of the latter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    /// The atom's number, from 1; 0 for the constants.
    atom: u32,
    yes: Formula,
    no: Formula,
}

/// A formula of more nodes than this is replaced by an atom of its own where it would be combined further.
const MAX_SIZE: usize = 96;

/// How many nodes there may be from the start.
const NODES: usize = 3_000;
/// More nodes than this: conditions that no reader could follow either.
const MAX_NODES: usize = 300_000;
/// More steps than this for each node that there may be: what takes longer is not worth the wait. Real settings take up to 2.
const STEPS_PER_NODE: usize = 3;
/// The depth of a formula, and so the depth of every walk through one, is at most this.
const MAX_ATOMS: usize = 8_000;

/// How many formulas there were at some point.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    nodes: u32,
    steps: usize,
}

/// The formulas and atoms of one evaluation.
#[derive(Debug)]
pub struct Formulas {
    atoms: Vec<Atom>,
    keys: FxHashMap<Arc<str>, u32>,
    nodes: Vec<Node>,
    most_nodes: usize,
    /// The numbers of all nodes, to be found by what they say.
    numbers: HashTable<Formula>,
    choices: Memo<(Formula, Formula, Formula), Formula>,
    simple: Memo<(Formula, Formula), Formula>,
    compact: FxHashMap<Formula, Formula>,
    disjoint: Memo<(Formula, Formula), bool>,
    entails: Memo<(Formula, Formula), bool>,
    /// How many questions were answered that had no remembered answer.
    steps: usize,
    overflow: bool,
    visited: RefCell<Visited>,
}

impl Default for Formulas {
    fn default() -> Self {
        // The first two numbers are the constants; their nodes are never looked at.
        let constant = Node { atom: 0, yes: Formula::FALSE, no: Formula::FALSE };
        Self {
            atoms: Vec::new(),
            keys: FxHashMap::default(),
            nodes: vec![constant, constant],
            most_nodes: NODES,
            numbers: HashTable::default(),
            choices: Memo::default(),
            simple: Memo::default(),
            compact: FxHashMap::default(),
            disjoint: Memo::default(),
            entails: Memo::default(),
            steps: 0,
            overflow: false,
            visited: RefCell::default(),
        }
    }
}

impl Formulas {
    /// The same formulas, with hardly any of the answers that are remembered.
    pub fn copy(&self) -> Self {
        Self {
            atoms: self.atoms.clone(),
            keys: self.keys.clone(),
            nodes: self.nodes.clone(),
            numbers: self.numbers.clone(),
            compact: self.compact.clone(),
            most_nodes: self.most_nodes,
            steps: self.steps,
            overflow: self.overflow,
            ..Self::default()
        }
    }

    /// The formula "`key` holds". The same key is the same atom; `describe` says what it is when it is new.
    pub fn atom(&mut self, key: &str, describe: impl FnOnce() -> Atom) -> Formula {
        let number = match self.keys.get(key) {
            Some(&number) => number,
            None => self.push(key.into(), describe()),
        };
        self.node(number, Formula::TRUE, Formula::FALSE)
    }

    /// The environment variables that a formula is about, oldest first.
    pub fn variables_of(&self, formula: Formula) -> Vec<Name> {
        let mut seen = rustc_hash::FxHashSet::default();
        let names = self.atoms_of(formula).into_iter().flat_map(|atom| atom.subject.variables());
        names.filter(|name| seen.insert(*name)).cloned().collect()
    }

    /// The environment variables that are set wherever the formula holds.
    pub fn required_variables(&mut self, formula: Formula) -> Vec<Name> {
        let names = self.atoms_of(formula).into_iter().filter_map(|atom| match &atom.subject {
            Subject::Set(name) => Some(name.clone()),
            _ => None,
        });
        let names: Vec<Name> = names.collect();
        let is_required = |name: &Name| {
            let set = self.keys.get(format!("set:{name}").as_str()).copied();
            set.is_some_and(|number| {
                let set = self.node(number, Formula::TRUE, Formula::FALSE);
                self.implies(formula, set)
            })
        };
        names.into_iter().filter(is_required).collect()
    }

    /// The case in which nothing is there that is not in the tree.
    pub fn nothing_untracked(&mut self) -> Formula {
        let untracked = self.atoms.iter().enumerate().filter(|(_, atom)| atom.subject == Subject::Untracked);
        let numbers: Vec<u32> = untracked.map(|(index, _)| index as u32 + 1).collect();
        let mut none = Formula::TRUE;
        for number in numbers {
            let absent = self.node(number, Formula::FALSE, Formula::TRUE);
            none = self.and(none, absent);
        }
        none
    }

    /// The formula of an atom that is like no other.
    pub fn fresh(&mut self, atom: Atom) -> Formula {
        let key = format!("#{}", self.atoms.len());
        let number = self.push(key.into(), atom);
        self.node(number, Formula::TRUE, Formula::FALSE)
    }

    fn push(&mut self, key: Arc<str>, atom: Atom) -> u32 {
        self.atoms.push(atom);
        let number = self.atoms.len() as u32;
        self.keys.insert(key, number);
        number
    }

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

    /// `a` and `b`.
    pub fn and(&mut self, a: Formula, b: Formula) -> Formula {
        self.choose(a, b, Formula::FALSE)
    }

    /// `a` or `b`.
    pub fn or(&mut self, a: Formula, b: Formula) -> Formula {
        self.choose(a, Formula::TRUE, b)
    }

    /// Not `a`.
    pub fn not(&mut self, a: Formula) -> Formula {
        self.choose(a, Formula::FALSE, Formula::TRUE)
    }

    /// `a` and not `b`.
    pub fn and_not(&mut self, a: Formula, b: Formula) -> Formula {
        let not_b = self.not(b);
        self.and(a, not_b)
    }

    /// Whether `b` holds wherever `a` does.
    pub fn implies(&mut self, a: Formula, b: Formula) -> bool {
        // Nothing is built: the answer is needed far more often than a conjunction.
        match (a, b) {
            (Formula::FALSE, _) | (_, Formula::TRUE) => return true,
            (_, Formula::FALSE) | (Formula::TRUE, _) => return false,
            _ if a == b => return true,
            _ => {}
        }
        if let Some(known) = self.entails.get((a, b)) {
            return known;
        }
        if !self.step() {
            return false;
        }
        let atom = self.top(a).max(self.top(b));
        let (a_yes, a_no) = self.halves(a, atom);
        let (b_yes, b_no) = self.halves(b, atom);
        let implies = self.implies(a_yes, b_yes) && self.implies(a_no, b_no);
        if !self.overflow {
            self.entails.insert((a, b), implies);
        }
        implies
    }

    /// Whether `a` and `b` never hold together.
    pub fn excludes(&mut self, a: Formula, b: Formula) -> bool {
        match (a, b) {
            (Formula::FALSE, _) | (_, Formula::FALSE) => return true,
            (Formula::TRUE, _) | (_, Formula::TRUE) => return false,
            _ if a == b => return false,
            _ => {}
        }
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        if let Some(known) = self.disjoint.get((a, b)) {
            return known;
        }
        if !self.step() {
            return false;
        }
        let atom = self.top(a).max(self.top(b));
        let (a_yes, a_no) = self.halves(a, atom);
        let (b_yes, b_no) = self.halves(b, atom);
        let excludes = self.excludes(a_yes, b_yes) && self.excludes(a_no, b_no);
        if !self.overflow {
            self.disjoint.insert((a, b), excludes);
        }
        excludes
    }

    /// `a` where `test` holds, else `b`.
    pub fn choose(&mut self, test: Formula, a: Formula, b: Formula) -> Formula {
        match (test, a, b) {
            (Formula::TRUE, _, _) => return a,
            (Formula::FALSE, _, _) => return b,
            (_, Formula::TRUE, Formula::FALSE) => return test,
            _ if a == b => return a,
            _ => {}
        }
        if let Some(known) = self.choices.get((test, a, b)) {
            return known;
        }
        if !self.step() {
            return Formula::FALSE;
        }
        let atom = [test, a, b].iter().map(|&part| self.top(part)).max().unwrap_or_default();
        let (test_yes, test_no) = self.halves(test, atom);
        let (a_yes, a_no) = self.halves(a, atom);
        let (b_yes, b_no) = self.halves(b, atom);
        let yes = self.choose(test_yes, a_yes, b_yes);
        let no = self.choose(test_no, a_no, b_no);
        let chosen = self.node(atom, yes, no);
        if !self.overflow {
            self.choices.insert((test, a, b), chosen);
        }
        chosen
    }

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

    /// The formula where the environment variables that `unset` accepts are not set. `done` holds what was worked out
    /// before, for the same variables.
    pub fn with_unset(
        &mut self,
        formula: Formula,
        unset: &dyn Fn(&str) -> bool,
        done: &mut FxHashMap<Formula, Formula>,
    ) -> Formula {
        if formula.0 < 2 {
            return formula;
        }
        if let Some(&known) = done.get(&formula) {
            return known;
        }
        let node = self.nodes[formula.0 as usize];
        let variables = self.atoms[node.atom as usize - 1].subject.variables();
        let is_unset = !variables.is_empty() && variables.iter().all(|name| unset(name));
        let no = self.with_unset(node.no, unset, done);
        let result = match is_unset {
            true => no,
            false => {
                let yes = self.with_unset(node.yes, unset, done);
                self.node(node.atom, yes, no)
            }
        };
        done.insert(formula, result);
        result
    }

    /// Takes a step; false where there were too many: whatever is answered means nothing then, and is not remembered.
    fn step(&mut self) -> bool {
        self.steps += 1;
        self.overflow |= self.steps >= self.most_nodes * STEPS_PER_NODE;
        !self.overflow
    }

    fn top(&self, formula: Formula) -> u32 {
        self.nodes[formula.0 as usize].atom
    }

    fn halves(&self, formula: Formula, atom: u32) -> (Formula, Formula) {
        let node = self.nodes[formula.0 as usize];
        if node.atom == atom && formula.0 > 1 { (node.yes, node.no) } else { (formula, formula) }
    }

    fn node(&mut self, atom: u32, yes: Formula, no: Formula) -> Formula {
        if yes == no {
            return yes;
        }
        let node = Node { atom, yes, no };
        let hashed = hash(&node);
        if let Some(&known) = self.numbers.find(hashed, |number| self.nodes[number.0 as usize] == node) {
            return known;
        }
        if self.nodes.len() >= self.most_nodes || self.atoms.len() >= MAX_ATOMS {
            self.overflow = true;
            return Formula::TRUE;
        }
        let number = Formula(self.nodes.len() as u32);
        self.nodes.push(node);
        self.numbers.insert_unique(hashed, number, |number| hash(&self.nodes[number.0 as usize]));
        number
    }
}

fn hash(node: &Node) -> u64 {
    FxBuildHasher.hash_one(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(formulas: &mut Formulas, name: &str) -> Formula {
        let describe = || Atom { text: name.into(), subject: Subject::Set(name.into()) };
        formulas.atom(name, describe)
    }

    #[test]
    fn equal_formulas_are_one() {
        let f = &mut Formulas::default();
        let (a, b) = (atom(f, "a"), atom(f, "b"));
        let (not_a, not_b) = (f.not(a), f.not(b));
        let nand = f.and(a, b);
        let nand = f.not(nand);
        assert_eq!(nand, f.or(not_a, not_b));
        assert!(f.excludes(a, not_a));
        let either = f.or(a, not_a);
        assert!(either.is_true());
        assert_eq!(atom(f, "a"), a);
    }

    #[test]
    fn simplified_drops_what_is_given() {
        let f = &mut Formulas::default();
        let (a, b) = (atom(f, "a"), atom(f, "b"));
        let both = f.and(a, b);
        assert_eq!(f.simplified(both, a), b);
        assert_eq!(f.simplified(a, a), Formula::TRUE);
        let not_a = f.not(a);
        assert_eq!(f.simplified(a, not_a), Formula::FALSE);
    }

    #[test]
    fn unset_variables_leave_the_rest() {
        let f = &mut Formulas::default();
        let (a, b) = (atom(f, "a"), atom(f, "b"));
        let not_a = f.not(a);
        let mixed = f.and(not_a, b);
        assert_eq!(f.with_unset(mixed, &|name| name == "a", &mut FxHashMap::default()), b);
        assert_eq!(f.with_unset(a, &|_| true, &mut FxHashMap::default()), Formula::FALSE);
    }
}
