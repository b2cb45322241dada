//! Conditions that the source does not decide, as formulas over atoms.
//!
//! An atom is one undecided fact: "the environment variable `STAGE` is set", "`STAGE` equals `production`". A formula is
//! a binary decision diagram, reduced and shared: equal formulas have equal numbers, so that equality, implication and
//! contradiction are cheap and exact. Everything that the evaluator forks on is one of these.

mod bounds;
mod compact;
mod memo;
mod parts;

use std::cell::RefCell;
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use self::bounds::{MAX_ATOMS, MAX_VALUES, NODES};
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
    /// Something was changed where the program does not show it. That is never told from its not having been.
    OutOfSight,
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
    most_values: usize,
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
            most_values: MAX_VALUES,
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
