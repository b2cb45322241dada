//! From the machine's objects to the values that rules see.

mod contents;

use std::sync::Arc;

use super::bare::Bare;
use super::budget::TOO_FAR;
use super::changes::Changes;
use super::formula::{Atom, Formula, Subject};
use super::heap::{Contents, Dict};
use super::history::Step;
use super::machine::{Imports, Machine};
use super::object::{self, HeapId, Kind as ObjectKind, Object};
use super::value::{
    Call, Certainty, Choice, Condition, Either, Fact, Function, Kind, Piece, Sequence, Template, Unknown, Value,
};
use crate::python::names::names_of_body;

/// More ways than this are not told one by one.
const MAX_WAYS: usize = 8;
const MAX_DEPTH: usize = 80;
/// A value of more parts is called unknown.
const MAX_PARTS: usize = 100_000;

/// A value as the program leaves it.
#[derive(Debug, Clone)]
pub struct Frozen {
    /// The value.
    pub value: Value,
    /// Whether it would be another one, were it not for the assumptions about production.
    pub is_assumed: bool,
    /// Where files outside the tree may change the value: what it is if there is none.
    pub from_tree: Option<Value>,
    /// The statements that changed it in place, oldest first.
    pub changes: Changes,
}

/// The cases in which a part of a value is looked at.
#[derive(Clone, Copy)]
struct Cases {
    /// Those that the program can end in and that are assumed.
    world: Formula,
    /// Those that the program can end in, assumed or not.
    path: Formula,
    /// What narrows them down within the value.
    within: Formula,
}

/// What decides in which cases something holds.
struct Deciding {
    /// Environment variables.
    variables: Vec<Arc<str>>,
    /// Something else as well.
    other: bool,
}

impl Cases {
    fn of(machine: &mut Machine) -> Self {
        let path = machine.formulas.or(machine.state.path, machine.lost);
        Self { world: machine.formulas.and(path, machine.assumed), path, within: Formula::TRUE }
    }
}

struct Freezer<'m, 'a> {
    machine: &'m mut Machine<'a>,
    is_assumed: bool,
    changes: Changes,
    open: Vec<HeapId>,
    bare: Bare,
    depth: usize,
    /// How many parts were taken, those that are shared each time.
    parts: usize,
}

impl Machine<'_> {
    /// The value of an object at this point of the program.
    pub fn freeze(&mut self, object: &Object) -> Frozen {
        let cases = Cases::of(self);
        let bare = Bare::of(self, cases.world);
        self.freeze_in(object, cases, bare)
    }

    fn freeze_in(&mut self, object: &Object, cases: Cases, bare: Bare) -> Frozen {
        let followed = self.formulas.not(self.lost);
        let lost = Object::unknown(TOO_FAR, None);
        let object = &super::heap::either(&mut self.formulas, [(followed, object), (self.lost, &lost)]);
        let (changes, open) = (Changes::default(), Vec::new());
        let mut freezer = Freezer { machine: self, is_assumed: false, changes, open, bare, depth: 0, parts: 0 };
        let mut value = freezer.value(object, cases);
        if freezer.parts > MAX_PARTS {
            value = unknown("it holds too many values", object.origin);
        }
        let (is_assumed, changes) = (freezer.is_assumed, freezer.changes);
        Frozen { value, is_assumed, from_tree: None, changes }
    }

    /// The upper-case names that a module ended with, in order: those that Django takes for settings.
    pub fn freeze_names(&mut self, module: &object::Module) -> Vec<(Arc<str>, Frozen, Vec<Step>)> {
        let entries = self.dict_of(module.namespace).map(|dict| dict.entries.clone()).unwrap_or_default();
        // Each case may set `DEBUG` to a constant, and one of them turn it on.
        if let Some(debug) = entries.get(&super::heap::Key::str("DEBUG"))
            && self.possible(&debug.value).iter().all(|(_, object)| matches!(object.kind, ObjectKind::Bool(_)))
        {
            self.assume_production(&debug.value);
        }
        let cases = Cases::of(self);
        let nothing_untracked = self.formulas.nothing_untracked();
        let tree = Cases { world: self.formulas.and(cases.world, nothing_untracked), ..cases };
        let (bare, bare_tree) = (Bare::of(self, cases.world), Bare::of(self, tree.world));
        let mut names = Vec::new();
        for entry in entries.values() {
            let Some(name) = entry.key.as_str().filter(|name| is_setting_name(name)) else { continue };
            // What is worked out to tell one value is of no use for the next.
            let mark = self.formulas.mark();
            if self.formulas.excludes(cases.world, entry.when) {
                continue;
            }
            let absent = self.formulas.not(entry.when);
            let missing = Object::new(ObjectKind::Unbound, None);
            let object = super::heap::either(&mut self.formulas, [(entry.when, &entry.value), (absent, &missing)]);
            let mut frozen = self.freeze_in(&object, cases, bare.fresh());
            if !tree.world.is_false() && tree.world != cases.world && frozen.value.certainty() > Certainty::Known {
                let value = self.freeze_in(&object, tree, bare_tree.fresh()).value;
                frozen.from_tree = (value.certainty() < frozen.value.certainty()).then_some(value);
            }
            if !self.formulas.release(mark) {
                frozen.value = unknown("it depends on too many conditions", entry.value.origin);
                frozen.is_assumed = false;
                frozen.from_tree = None;
            }
            let steps = self.steps_of(&entry.history, &frozen.changes);
            names.push((name.clone(), frozen, steps));
        }
        if !self.formulas.excludes(cases.world, self.lost) {
            let missing = Object::new(ObjectKind::Unbound, None);
            for name in self.bound_names(module) {
                if is_setting_name(&name) && names.iter().all(|(known, ..)| *known != name) {
                    names.push((name, self.freeze_in(&missing, cases, bare.fresh()), Vec::new()));
                }
            }
        }
        names
    }

    /// The names that a module's own source binds: what it binds in the cases that are lost is not known otherwise.
    fn bound_names(&self, module: &object::Module) -> Vec<Arc<str>> {
        let tree = module.file.and_then(|file| self.world.trees.get(file));
        tree.map(|tree| names_of_body(&tree.body).bound).unwrap_or_default()
    }
}

impl Machine<'_> {
    /// The object of a value in which nothing is undecided, such as one of Django's defaults.
    pub(super) fn thawed(&mut self, value: &Value) -> Object {
        let kind = match &value.kind {
            Kind::None => ObjectKind::None,
            Kind::Bool(value) => ObjectKind::Bool(*value),
            Kind::Int(value) => ObjectKind::Int(*value),
            Kind::Float(value) => ObjectKind::Float(*value),
            Kind::Str(text) => ObjectKind::Str(text.clone()),
            Kind::List(items) => {
                let items = self.thawed_items(items);
                return self.list(items, None);
            }
            Kind::Tuple(items) => ObjectKind::Tuple(self.thawed_items(items).into()),
            Kind::Dict(dict) => {
                let id = self.allocate(Contents::Dict(Dict::default()));
                for entry in &dict.entries {
                    let (key, value) = (self.thawed(&entry.key), self.thawed(&entry.value));
                    self.set_entry(id, &key, value);
                }
                ObjectKind::Heap(id)
            }
            _ => return Object::unknown("the default is not evaluated", None),
        };
        Object::new(kind, None)
    }

    fn thawed_items(&mut self, items: &Sequence) -> Vec<object::Item> {
        items.items.iter().map(|item| object::Item::new(self.thawed(&item.value))).collect()
    }

    /// Why a scope may hold more names than it shows, where it may.
    pub fn open_names(&mut self, module: &object::Module) -> Option<Arc<str>> {
        let world = self.formulas.and(self.lost, self.assumed);
        let lost = (!world.is_false()).then(|| TOO_FAR.into());
        self.dict_of(module.namespace)?.open.clone().or(lost)
    }

    /// A formula for a reader who knows that one of the cases of `world` holds.
    pub(super) fn told(&mut self, when: Formula, world: Formula) -> Condition {
        let rest = self.formulas.simplified(when, world);
        let ways = self.formulas.ways(rest, MAX_WAYS).unwrap_or_default();
        // What is tested is set, where the test holds.
        let possible = ways.iter().filter(|way| !way.iter().any(|fact| is_tested(fact, way, false)));
        let told = possible.map(|way| way.iter().filter(|fact| !is_tested(fact, way, true)).map(fact).collect());
        Condition { ways: told.collect(), ..Condition::default() }
    }

    /// The environment file that a place is in, relative to the import root where it lies below one.
    fn env_file_of(&self, place: Option<crate::source::Place>) -> Option<Arc<str>> {
        let path = self.world.trees.sources.path(place?.file);
        // A value is written in a Python file or in an environment file.
        if path.extension().is_some_and(|end| end == "py") {
            return None;
        }
        let below = self.world.roots.iter().find_map(|root| path.strip_prefix(root).ok());
        let shown = below.or_else(|| path.file_name().map(std::path::Path::new)).unwrap_or(&path);
        Some(shown.to_string_lossy().replace('\\', "/").into())
    }

    /// Makes a module's names what `django.conf.settings` gives.
    pub fn serve_settings(&mut self, module: &object::Module) {
        self.django_settings = Some(module.namespace);
    }

    /// The value of a name that a module ended with.
    pub fn freeze_name(&mut self, module: &object::Module, name: &str) -> Option<Frozen> {
        let entry = self.dict_of(module.namespace)?.entries.get(&super::heap::Key::str(name)).cloned()?;
        Some(self.freeze(&entry.value))
    }

    /// The same where nothing is assumed of production: assumptions choose among the cases that were followed, and
    /// change none of them.
    pub fn freeze_unassumed(&mut self, module: &object::Module, name: &str) -> Option<Frozen> {
        let assumed = std::mem::replace(&mut self.assumed, Formula::TRUE);
        let frozen = self.freeze_name(module, name);
        self.assumed = assumed;
        frozen
    }
}

/// `str.isupper()`: what Django takes for a setting.
fn is_setting_name(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

impl Freezer<'_, '_> {
    /// The value of an object in the cases of `cases`.
    fn value(&mut self, object: &Object, cases: Cases) -> Value {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return unknown("it holds too many values", object.origin);
        }
        if self.depth > MAX_DEPTH {
            return unknown("it is nested too deeply", object.origin);
        }
        self.depth += 1;
        let value = self.value_within(object, cases);
        self.depth -= 1;
        value
    }

    fn value_within(&mut self, object: &Object, cases: Cases) -> Value {
        let object = match self.machine.mode.imports {
            // A name of the project's own that nothing asked for yet.
            Imports::Lazy if matches!(object.kind, ObjectKind::Symbol(_)) => {
                self.machine.resolved(object).unwrap_or_else(|_| object.clone())
            }
            _ => object.clone(),
        };
        let origin = object.origin;
        let kind = match &object.kind {
            ObjectKind::None => Kind::None,
            ObjectKind::Ellipsis => Kind::Ellipsis,
            ObjectKind::Bool(value) => Kind::Bool(*value),
            ObjectKind::Int(value) => Kind::Int(*value),
            ObjectKind::Float(value) => Kind::Float(*value),
            ObjectKind::Str(text) => Kind::Str(text.clone()),
            ObjectKind::Bytes(bytes) => Kind::Bytes(bytes.clone()),
            ObjectKind::Template(pieces) => return self.template(pieces, origin, cases),
            ObjectKind::Tuple(items) => Kind::Tuple(self.sequence(items, cases)),
            ObjectKind::Path(text) => {
                let mut text = self.value(text, cases);
                if let Kind::Template(template) = &mut text.kind {
                    template.unset =
                        template.unset.take().map(|unset| Box::new(super::models::pathlib::as_path(*unset)));
                }
                Kind::Path(Box::new(text))
            }
            ObjectKind::Heap(id) => return self.heap(*id, origin, cases),
            ObjectKind::Module(module) => Kind::Module(module.name.clone()),
            ObjectKind::Function(closure) => Kind::Function(Function {
                name: closure.qualified.clone(),
                place: closure.place,
                is_async: closure.function.is_async,
            }),
            ObjectKind::Bound(bound) => match &bound.1.kind {
                ObjectKind::Symbol(name) => Kind::Symbol(name.clone()),
                ObjectKind::Function(closure) => Kind::Function(Function {
                    name: closure.qualified.clone(),
                    place: closure.place,
                    is_async: closure.function.is_async,
                }),
                _ => return unknown("a bound method", origin),
            },
            ObjectKind::Method(_) => return unknown("an attribute that is not evaluated", origin),
            ObjectKind::Symbol(name) => Kind::Symbol(name.clone()),
            ObjectKind::Made(made) => {
                let arguments = made.arguments.clone();
                Kind::Call(Arc::new(Call {
                    function: made.function.clone(),
                    args: arguments.positional.iter().map(|argument| self.value(argument, cases)).collect(),
                    named: self.named(&arguments.named, cases),
                    open: arguments.open,
                }))
            }
            ObjectKind::Either(alternatives) => return self.either(&alternatives.clone(), origin, cases),
            ObjectKind::Unbound => Kind::Missing,
            ObjectKind::Unknown(reason) => Kind::Unknown(Unknown {
                why: reason.why.clone(),
                variables: reason.term.as_ref().map(|term| term.variables.to_vec()).unwrap_or_default(),
                type_name: reason.class.name(),
            }),
        };
        Value::new(kind, origin)
    }

    /// The value of an object that is there in the cases of `when`.
    fn value_where(&mut self, when: Formula, object: &Object, cases: Cases) -> Value {
        let has_parts = matches!(
            &object.kind,
            ObjectKind::Tuple(_)
                | ObjectKind::Heap(_)
                | ObjectKind::Path(_)
                | ObjectKind::Template(_)
                | ObjectKind::Made(_)
                | ObjectKind::Either(_)
                | ObjectKind::Symbol(_)
        );
        if !has_parts || when.is_true() {
            // It is the same in all cases.
            return self.value(object, cases);
        }
        let formulas = &mut self.machine.formulas;
        let narrowed = Cases {
            world: formulas.and(cases.world, when),
            path: formulas.and(cases.path, when),
            within: formulas.and(cases.within, when),
        };
        self.value(object, narrowed)
    }

    fn named(&mut self, named: &[(Arc<str>, Object)], cases: Cases) -> Vec<(Arc<str>, Value)> {
        named.iter().map(|(name, object)| (name.clone(), self.value(object, cases))).collect()
    }

    /// Whether something that holds in the cases of `when` can be left out, because production excludes it.
    fn is_excluded(&mut self, when: Formula, cases: Cases) -> bool {
        let formulas = &mut self.machine.formulas;
        if !formulas.excludes(cases.world, when) {
            return false;
        }
        // Excluded by an assumption alone?
        if !formulas.excludes(cases.path, when) {
            self.is_assumed = true;
        }
        true
    }

    fn condition(&mut self, when: Formula, cases: Cases) -> Condition {
        let mut told = self.machine.told(when, cases.world);
        if told.is_always() {
            self.is_assumed |= !self.machine.formulas.implies(cases.path, when);
            return told;
        }
        let rest = self.machine.formulas.simplified(when, cases.world);
        told.variables = self.deciding(&[rest]).variables;
        if !told.variables.is_empty() {
            told.when_unset = self.holds_when_unset(when, cases);
        }
        told
    }

    /// What decides some formulas.
    fn deciding(&mut self, formulas: &[Formula]) -> Deciding {
        let mut deciding = Deciding { variables: Vec::new(), other: false };
        for atom in formulas.iter().flat_map(|formula| self.machine.formulas.atoms_of(*formula)) {
            let names = atom.subject.variables();
            deciding.other |= !atom.subject.is_environment();
            let is_new = |name: &&Arc<str>| !deciding.variables.contains(name);
            let new: Vec<Arc<str>> = names.iter().filter(is_new).cloned().collect();
            deciding.variables.extend(new);
        }
        deciding
    }

    /// Whether a formula holds where no environment variable is set; none where that is not decided.
    fn holds_when_unset(&mut self, when: Formula, cases: Cases) -> Option<bool> {
        let within = self.bare.formula(self.machine, cases.within);
        let when = self.bare.formula(self.machine, when);
        let formulas = &mut self.machine.formulas;
        let world = formulas.and(self.bare.world, within);
        match (formulas.excludes(world, when), formulas.implies(world, when)) {
            (true, false) => Some(false),
            (false, true) => Some(true),
            _ => None,
        }
    }

    fn either(
        &mut self,
        alternatives: &[(Formula, Object)],
        origin: Option<crate::source::Place>,
        cases: Cases,
    ) -> Value {
        let mut possible = Vec::with_capacity(alternatives.len());
        for (when, object) in alternatives {
            if !self.is_excluded(*when, cases) {
                possible.push((*when, object));
            }
        }
        match possible.as_slice() {
            [] => return unknown("no value is possible", origin),
            [(when, only)] => {
                return self.value_where(*when, only, cases);
            }
            _ => {}
        }
        let mut options = Vec::with_capacity(possible.len());
        let mut rests = Vec::with_capacity(possible.len());
        for (when, object) in &possible {
            rests.push(self.machine.formulas.simplified(*when, cases.world));
            // Conditions are dearer than values.
            self.parts += 20;
            let env_file = self.machine.env_file_of(object.origin);
            let when_here = Condition { env_file, ..self.condition(*when, cases) };
            options.push(Choice { when: when_here, value: self.value_where(*when, object, cases) });
        }
        let Deciding { mut variables, other } = self.deciding(&rests);
        let unset = match variables.is_empty() {
            true => None,
            false => possible.iter().position(|(when, _)| self.holds_when_unset(*when, cases) == Some(true)),
        };
        if other && unset.is_none() {
            variables.clear();
        }
        Value::new(Kind::Either(Either { options, variables, unset }), origin)
    }

    fn template(&mut self, pieces: &Arc<[object::Piece]>, origin: Option<crate::source::Place>, cases: Cases) -> Value {
        let mut frozen = Vec::with_capacity(pieces.len());
        for piece in pieces.iter() {
            let piece = match piece {
                object::Piece::Literal(text) => Piece::Literal(text.clone()),
                object::Piece::Hole(hole) => Piece::Hole(self.value(hole, cases)),
            };
            match (frozen.last_mut(), &piece) {
                // A hole that production fills for certain is no hole.
                (Some(Piece::Literal(before)), Piece::Hole(Value { kind: Kind::Str(text), .. }))
                | (Some(Piece::Literal(before)), Piece::Literal(text)) => *before = format!("{before}{text}").into(),
                (None, Piece::Hole(Value { kind: Kind::Str(text), .. })) => frozen.push(Piece::Literal(text.clone())),
                (Some(Piece::Hole(_)), Piece::Hole(Value { kind: Kind::Str(text), .. })) => {
                    frozen.push(Piece::Literal(text.clone()));
                }
                _ => frozen.push(piece),
            }
        }
        if let [Piece::Literal(text)] = frozen.as_slice() {
            return Value::new(Kind::Str(text.clone()), origin);
        }
        let unset = super::unset::text(&frozen).map(|text| Box::new(Value::new(Kind::Str(text.into()), origin)));
        Value::new(Kind::Template(Template { pieces: frozen, unset }), origin)
    }
}

/// Whether a fact says that a variable is set, or that it is not, of which another fact of the same way says more.
fn is_tested((atom, holds): &(&Atom, bool), way: &[(&Atom, bool)], is_set: bool) -> bool {
    let Subject::Set(name) = &atom.subject else { return false };
    let tests = |(other, holds): &(&Atom, bool)| {
        *holds && matches!(&other.subject, Subject::Test(names) if names.as_ref() == std::slice::from_ref(name))
    };
    *holds == is_set && way.iter().any(tests)
}

fn fact((atom, holds): &(&Atom, bool)) -> Fact {
    Fact {
        text: atom.text.clone(),
        holds: *holds,
        variable: match &atom.subject {
            Subject::Set(name) => Some(name.clone()),
            _ => None,
        },
    }
}

fn unknown(why: &str, origin: Option<crate::source::Place>) -> Value {
    Value::new(Kind::Unknown(Unknown::of(why)), origin)
}
