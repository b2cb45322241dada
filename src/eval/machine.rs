//! The abstract machine: it runs a program's modules in every case at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::budget::Budget;
use super::changes::Change;
use super::compare::may_equal;
use super::formula::{Atom, Formula, Formulas, Subject};
use super::heap::{Cell, Contents, Dict, Entry, Key, State, either};
use super::models::variables;
use super::object::{Class, ClassCell, Closure, HeapId, Item, Kind, Module, Object, Term, Unknown};
use super::out_of_sight::OutOfSight;
use super::raise::{Exception, Handlers};
use super::scope::Scope;
use super::world::World;
use crate::python::ast::Name;
use crate::source::{FileId, Place, Span};

/// This point of the program is not reached in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// What running something gives.
pub type Run<T> = Result<T, Stop>;

/// How first-party modules are imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imports {
    /// At once, as Python does: what a settings module needs.
    Eager,
    /// When something asks for a name of theirs. An application imports half the project; only what its tree is made of
    /// is looked at.
    Lazy,
}

/// How a program is run.
#[derive(Debug, Clone, Copy)]
pub struct Mode {
    /// How modules are imported.
    pub imports: Imports,
    /// Whether to note the assumptions of production: DEBUG off, a production stage, no test run.
    pub production: bool,
    /// Whether to follow one case alone: that no environment variable is set but those that every process has, and that
    /// no file is there that is not in the tree.
    pub bare: bool,
}

/// Something that is assumed, for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// `DEBUG is False`.
    pub text: String,
    /// Where it was needed first.
    pub place: Option<Place>,
}

/// The machine.
pub struct Machine<'a> {
    /// What surrounds the program.
    pub world: &'a World<'a>,
    /// How it is run.
    pub mode: Mode,
    /// The conditions that the source does not decide.
    pub(super) formulas: Formulas,
    /// Where the program stands.
    pub(super) state: State,
    /// What is assumed of production.
    pub(super) assumed: Formula,
    /// The cases in which nothing catches what was raised, as far as they are not forgotten.
    pub(super) ended: Formula,
    /// The cases in which the program went further than it can be followed: nothing is known there.
    pub(super) lost: Formula,
    /// The same for the reader.
    pub assumptions: Vec<Assumption>,
    /// The `try` statements that the program is in.
    pub(super) handlers: Handlers,
    /// The exceptions whose `except` clauses are being run, innermost last.
    pub(super) exceptions: Vec<Exception>,
    /// The calls and modules that the program is in.
    pub(super) frames: Vec<Frame>,
    /// The dict of variables that the program itself sets.
    pub(super) environ: HeapId,
    /// What `environs.env`, which the library makes itself, holds.
    pub(super) environs: HeapId,
    /// What other libraries remember from their first call on, by the name of what remembers.
    pub(super) libraries: HeapId,
    /// Files that the program writes to: what they hold when they are read is not what version control keeps.
    pub(super) written: FxHashSet<PathBuf>,
    /// `django.conf.settings`, where an application is run.
    pub(super) django_settings: Option<HeapId>,
    /// What may be reached through values that are not known: a list of objects.
    pub(super) concealed: HeapId,
    /// Whether all of that is being taken for changed.
    pub(super) is_escaping: bool,
    /// Functions that are being decorated, which are not taken to be called where they are passed on.
    pub(super) decorated: Vec<Arc<crate::python::ast::Function>>,
    pub(super) unseen: OutOfSight,
    /// The classes that each class looks attributes up in; a class never changes its bases.
    pub(super) orders: FxHashMap<HeapId, Vec<Object>>,
    pub(super) next_id: u32,
    pub(super) changes: u32,
    pub(super) budget: Budget,
}

/// A call, a class body or a module that is being run.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Scopes that names are looked up in, innermost first. The first takes assignments.
    pub scopes: Vec<Scope>,
    /// How many of them, from the first, belong to comprehensions.
    pub comprehensions: usize,
    /// Whether something outlives the frame that refers to its scopes.
    pub is_captured: bool,
    /// The function, where it is a call.
    pub closure: Option<Arc<Closure>>,
    /// Whether it is a class body.
    pub is_class: bool,
    /// The class that the body makes, where it is one.
    pub class_cell: Option<ClassCell>,
    /// Whether a generator expression is being run, which sees the names of the frame that it was made in.
    pub is_generator: bool,
    /// The module.
    pub module: Module,
    /// The statement being run.
    pub statement: Span,
    /// Where `return` puts its value, and the states it left in.
    pub result: Option<(HeapId, Vec<State>)>,
    /// The loops being run: the states that `break` and `continue` left in.
    pub loops: Vec<Loop>,
}

/// States that left a loop's body early.
#[derive(Debug, Clone, Default)]
pub struct Loop {
    /// By `break`.
    pub breaks: Vec<State>,
    /// By `continue`.
    pub continues: Vec<State>,
}

impl<'a> Machine<'a> {
    /// A machine that has run nothing yet.
    pub fn new(world: &'a World<'a>, mode: Mode) -> Self {
        let mut machine = Self {
            world,
            mode,
            formulas: Formulas::default(),
            state: State::begin(),
            assumed: Formula::TRUE,
            ended: Formula::FALSE,
            lost: Formula::FALSE,
            assumptions: Vec::new(),
            handlers: Handlers::default(),
            exceptions: Vec::new(),
            frames: Vec::new(),
            environ: HeapId(0),
            environs: HeapId(0),
            libraries: HeapId(0),
            concealed: HeapId(0),
            is_escaping: false,
            decorated: Vec::new(),
            unseen: OutOfSight::default(),
            written: FxHashSet::default(),
            django_settings: None,
            orders: FxHashMap::default(),
            next_id: 0,
            changes: 0,
            budget: Budget::default(),
        };
        let environment = variables::declared(&world.environment);
        machine.environ = machine.allocate(Contents::Dict(environment));
        machine.environs = machine.allocate(Contents::Dict(Dict::scope()));
        machine.libraries = machine.allocate(Contents::Dict(Dict::scope()));
        machine.concealed = machine.allocate(Contents::List(Vec::new()));
        machine
    }

    /// Begins another part of the program, with all its steps: the entry point after the settings.
    pub fn begin(&mut self, imports: Imports) {
        self.mode.imports = imports;
        self.forget_runs();
        self.budget.renew();
    }

    /// Whether this point is reached in some case.
    pub fn is_alive(&self) -> bool {
        !self.state.path.is_false()
    }

    // --- where the program stands ---

    pub(super) fn frame(&mut self) -> &mut Frame {
        // A machine runs statements only within a frame; `run_module` and calls push one.
        if self.frames.is_empty() {
            let namespace = self.allocate(Contents::Dict(Dict::scope()));
            let module = Module { name: "".into(), file: None, is_package: false, namespace };
            self.frames.push(Frame::of_module(module));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// The module whose code is running.
    pub(super) fn module(&mut self) -> Module {
        self.frame().module.clone()
    }

    /// The place of `span` in the file that is running.
    pub(super) fn place(&self, span: Span) -> Option<Place> {
        let file = self.frames.last()?.module.file?;
        Some(Place::new(file, span))
    }

    /// The statement that is running.
    pub(super) fn statement(&self) -> Option<Place> {
        self.place(self.frames.last()?.statement)
    }

    /// The statement that is running, as a change that it makes.
    pub(super) fn now(&mut self) -> Option<Change> {
        let place = self.statement()?;
        self.changes = self.changes.saturating_add(1);
        Some(Change { order: self.changes, place, path: Some(self.state.path) })
    }

    // --- the heap ---

    pub(super) fn allocate(&mut self, contents: Contents) -> HeapId {
        let id = HeapId(self.next_id);
        self.next_id = self.next_id.saturating_add(1);
        self.state.insert(id, contents);
        id
    }

    /// A new list.
    pub(super) fn list(&mut self, items: Vec<Item>, origin: Option<Place>) -> Object {
        let id = self.allocate(Contents::List(items));
        Object::new(Kind::Heap(id), origin)
    }

    /// A new set.
    pub(super) fn set(&mut self, items: Vec<Item>, origin: Option<Place>) -> Object {
        let id = self.allocate(Contents::Set(items));
        Object::new(Kind::Heap(id), origin)
    }

    /// A new dict.
    pub(super) fn dict(&mut self, dict: Dict, origin: Option<Place>) -> Object {
        let id = self.allocate(Contents::Dict(dict));
        Object::new(Kind::Heap(id), origin)
    }

    /// A new tuple.
    pub(super) fn tuple(&mut self, items: Vec<Item>, origin: Option<Place>) -> Object {
        Object::new(Kind::Tuple(items.into()), origin)
    }

    /// What an object on the heap holds.
    pub(super) fn contents(&self, id: HeapId) -> Option<&Contents> {
        self.state.cell(id).map(|cell| &cell.contents)
    }

    /// A copy of what an object on the heap holds. A long one takes steps.
    pub(super) fn copied(&mut self, id: HeapId) -> Option<Contents> {
        // Copying so many items takes as long as a step.
        const ITEMS: usize = 4;
        let contents = self.contents(id)?.clone();
        let length = match &contents {
            Contents::List(items) | Contents::Set(items) => items.len(),
            Contents::Dict(dict) => dict.entries.len(),
            Contents::Class(_) | Contents::Instance(_) => 0,
        };
        self.charge(length / ITEMS);
        Some(contents)
    }

    /// A dict on the heap; the attributes of an instance and of a class are dicts too.
    pub(super) fn dict_of(&self, id: HeapId) -> Option<&Dict> {
        match self.contents(id)? {
            Contents::Dict(dict) => Some(dict),
            Contents::Class(class) => self.dict_of(class.namespace),
            Contents::Instance(instance) => self.dict_of(instance.attributes),
            Contents::List(_) | Contents::Set(_) => None,
        }
    }

    /// The dict that an object is; none for a class or an instance.
    pub(super) fn mapping(&self, object: &Object) -> Option<&Dict> {
        let Kind::Heap(id) = object.kind else { return None };
        match self.contents(id)? {
            Contents::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Whether an object is a list, a set or a dict.
    pub(super) fn is_collection(&self, object: &Object) -> bool {
        let Kind::Heap(id) = object.kind else { return false };
        matches!(self.contents(id), Some(Contents::List(_) | Contents::Set(_) | Contents::Dict(_)))
    }

    /// Changes an object in place and remembers which statement did.
    pub(super) fn change(&mut self, id: HeapId) -> Option<&mut Cell> {
        let now = self.now();
        let cell = self.state.cell_mut(id)?;
        cell.changes.note(now);
        Some(cell)
    }

    /// Binds `key` in a dict.
    pub(super) fn set_entry(&mut self, id: HeapId, key: &Object, value: Object) {
        let now = self.now();
        let Some(found) = Key::of(key) else {
            let why = "an entry is set whose key is not known";
            self.conceal(&value);
            match &key.kind {
                Kind::Template(pieces) => {
                    self.open_dict_where(id, why, |key| key.as_str().is_some_and(|key| may_equal(pieces, key)))
                }
                _ => self.open_dict(id, why),
            }
            return;
        };
        // Where the key was there before, the entry keeps its place; else it comes last.
        let known = self.dict_of(id).and_then(|dict| {
            let (index, _, entry) = dict.entries.get_full(&found)?;
            (!dict.is_scope && index + 1 < dict.entries.len()).then_some(entry.when)
        });
        let is_moved = known.is_some_and(|when| !self.formulas.implies(self.state.path, when));
        let Some(Cell { contents: Contents::Dict(dict), .. }) = self.change(id) else { return };
        let is_after_unknown = dict.open.is_some() && !dict.is_scope && !dict.entries.contains_key(&found);
        dict.is_reordered |= is_moved || is_after_unknown;
        match dict.entries.get_mut(&found) {
            Some(entry) => {
                entry.value = value;
                entry.when = Formula::TRUE;
                entry.history.note(now);
            }
            None => {
                let history = now.into_iter().collect();
                dict.entries.insert(found, Entry { key: key.clone(), value, when: Formula::TRUE, history });
            }
        }
    }

    // --- conditions ---

    /// The formula of something that is asked here and nowhere else.
    pub(super) fn fresh(&mut self, text: impl Into<Arc<str>>, subject: Subject) -> Formula {
        self.formulas.fresh(Atom { text: text.into(), subject })
    }

    /// The formula of a test on what a term stands for. The same test on the same term is the same formula.
    pub(super) fn test(&mut self, term: &Term, text: String) -> Formula {
        let subject = Subject::Test(term.variables.clone());
        let describe = || Atom { text: text.as_str().into(), subject };
        self.formulas.atom(&text, describe)
    }

    /// The formula "the environment variable is set".
    pub(super) fn is_set(&mut self, variable: &Name) -> Formula {
        if self.mode.bare && !variables::is_everywhere(variable) {
            return Formula::FALSE;
        }
        let describe = || Atom { text: format!("{variable} is set").into(), subject: Subject::Set(variable.clone()) };
        self.formulas.atom(&format!("set:{variable}"), describe)
    }

    /// Notes that production is assumed to be a case in which `formula` holds; a contradiction to what is assumed
    /// already is left alone.
    pub(super) fn assume(&mut self, formula: Formula, text: impl Into<String>) {
        if !self.mode.production {
            return;
        }
        let together = self.formulas.and(self.assumed, formula);
        if together.is_false() || together == self.assumed {
            return;
        }
        self.assumed = together;
        let text = text.into();
        if self.assumptions.iter().all(|known| known.text != text) {
            let place = self.statement();
            self.assumptions.push(Assumption { text, place });
        }
    }

    /// What is left of a formula here: a constant where this point decides it, and never more than can be combined
    /// further.
    pub(super) fn settled(&mut self, formula: Formula) -> Formula {
        let rest = self.formulas.simplified(formula, self.state.path);
        match self.formulas.is_large(rest) {
            true => self.formulas.compacted(formula),
            false => rest,
        }
    }

    /// The alternatives of an object that are possible here, each with its formula.
    pub(super) fn possible(&mut self, object: &Object) -> Vec<(Formula, Object)> {
        match &object.kind {
            Kind::Either(alternatives) => {
                let path = self.state.path;
                let formulas = &mut self.formulas;
                alternatives.iter().filter(|(when, _)| !formulas.excludes(path, *when)).cloned().collect()
            }
            _ => vec![(Formula::TRUE, object.clone())],
        }
    }

    /// The object as it is here: without the alternatives that this point excludes.
    pub(super) fn narrowed(&mut self, object: &Object) -> Object {
        let Kind::Either(alternatives) = &object.kind else { return object.clone() };
        let possible = self.possible(object);
        if possible.len() == alternatives.len() {
            return object.clone();
        }
        let origin = object.origin;
        let parts: Vec<(Formula, &Object)> = possible.iter().map(|(when, object)| (*when, object)).collect();
        let narrowed = either(&mut self.formulas, parts);
        if narrowed.origin.is_none() { narrowed.at(origin) } else { narrowed }
    }

    /// `True` where the formula holds here, `False` where it does not.
    pub(super) fn truth_object(&mut self, formula: Formula, origin: Option<Place>) -> Object {
        if self.formulas.implies(self.state.path, formula) {
            return Object::bool(true, origin);
        }
        if self.formulas.excludes(self.state.path, formula) {
            return Object::bool(false, origin);
        }
        let not = self.formulas.not(formula);
        let (yes, no) = (Object::bool(true, origin), Object::bool(false, origin));
        either(&mut self.formulas, [(formula, &yes), (not, &no)])
    }

    // --- unknowns ---

    /// What the environment variable holds where it is set.
    pub(super) fn environment_value(&self, variable: &Name, origin: Option<Place>) -> Object {
        let term = Term { text: format!("${variable}").into(), variables: Arc::new([variable.clone()]) };
        let why = format!("the environment variable {variable} decides it");
        let unknown = Unknown { why: why.into(), class: Class::Str, term: Some(term) };
        Object::new(Kind::Unknown(Arc::new(unknown)), origin)
    }

    /// What a function without effects gives for an unknown: unknown for the same reason, of type `class`, and a term
    /// where the argument is one.
    pub(super) fn derived(
        &self,
        from: &Unknown,
        class: Class,
        call: impl FnOnce(&str) -> String,
        origin: Option<Place>,
    ) -> Object {
        const MAX_TERM: usize = 200;
        let term = from.term.as_ref().and_then(|term| {
            let text = call(&term.text);
            (text.len() <= MAX_TERM).then(|| Term { text: text.into(), variables: term.variables.clone() })
        });
        Object::new(Kind::Unknown(Arc::new(Unknown { why: from.why.clone(), class, term })), origin)
    }

    // --- files ---

    /// The path of a file.
    pub(super) fn path_of(&self, file: FileId) -> std::path::PathBuf {
        self.world.trees.sources.path(file)
    }

    /// Whether a path is of the project as version control keeps it.
    pub(super) fn is_committed(&self, path: &Path) -> bool {
        self.world.committed.contains(path)
    }
}

impl Frame {
    /// The frame of a module's own statements.
    pub fn of_module(module: Module) -> Self {
        Self {
            scopes: vec![Scope { namespace: module.namespace, names: Arc::default() }],
            comprehensions: 0,
            is_captured: false,
            closure: None,
            is_class: false,
            class_cell: None,
            is_generator: false,
            module,
            statement: Span::default(),
            result: None,
            loops: Vec::new(),
        }
    }
}
