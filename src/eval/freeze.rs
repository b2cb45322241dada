//! From the machine's objects to the values that rules see.

use std::sync::Arc;

use super::formula::{Atom, Formula, Subject};
use super::heap::{Change, Contents, Dict, merged};
use super::machine::{Imports, Machine};
use super::object::{self, HeapId, Kind as ObjectKind, Object};
use super::value::{
    Call, Certainty, Choice, Class, Condition, Either, Entry, Fact, Function, Instance, Item, Kind, Piece, Sequence,
    Template, Unknown, Value,
};

/// More ways than this are not told one by one.
const MAX_WAYS: usize = 8;
const MAX_DEPTH: usize = 40;
/// A list that is in a list many times is many parts.
const MAX_PARTS: usize = 20_000;

/// A value as the program leaves it.
#[derive(Debug, Clone)]
pub struct Frozen {
    /// The value.
    pub value: Value,
    /// Whether it would be another one, were it not for the assumptions about production.
    pub is_assumed: bool,
    /// Where files outside the tree may change the value: what it is if there is none.
    pub from_tree: Option<Value>,
    /// The statements that assigned or changed it, oldest first.
    pub history: Vec<Change>,
}

/// The cases in which a part of a value is looked at.
#[derive(Clone, Copy)]
struct Cases {
    /// Those that the program can end in and that are assumed.
    world: Formula,
    /// Those that the program can end in, assumed or not.
    path: Formula,
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
        let path = machine.state.path;
        Self { world: machine.formulas.and(path, machine.assumed), path }
    }
}

struct Freezer<'m, 'a> {
    machine: &'m mut Machine<'a>,
    is_assumed: bool,
    changes: Vec<Change>,
    open: Vec<HeapId>,
    /// How many parts it may still have.
    parts: usize,
}

impl Machine<'_> {
    /// The value of an object at this point of the program.
    pub fn freeze(&mut self, object: &Object) -> Frozen {
        let cases = Cases::of(self);
        self.freeze_in(object, cases)
    }

    fn freeze_in(&mut self, object: &Object, cases: Cases) -> Frozen {
        let mut freezer =
            Freezer { machine: self, is_assumed: false, changes: Vec::new(), open: Vec::new(), parts: MAX_PARTS };
        let value = freezer.value(object, cases);
        let (is_assumed, history) = (freezer.is_assumed, freezer.changes);
        Frozen { value, is_assumed, from_tree: None, history }
    }

    /// The upper-case names that a module ended with, in order: those that Django takes for settings.
    pub fn freeze_names(&mut self, module: &object::Module) -> Vec<(Arc<str>, Frozen)> {
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
            let mut frozen = self.freeze_in(&object, cases);
            frozen.history = merged(&entry.history, &frozen.history);
            if !tree.world.is_false() && tree.world != cases.world && frozen.value.certainty() > Certainty::Known {
                let value = self.freeze_in(&object, tree).value;
                frozen.from_tree = (value.certainty() < frozen.value.certainty()).then_some(value);
            }
            if !self.formulas.release(mark) {
                frozen.value = unknown("it depends on too many conditions", entry.value.origin);
                frozen.is_assumed = false;
                frozen.from_tree = None;
            }
            names.push((name.clone(), frozen));
        }
        names
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
    pub fn open_names(&self, module: &object::Module) -> Option<Arc<str>> {
        self.dict_of(module.namespace)?.open.clone()
    }

    /// Whether a module holds a class that inherits from something imported whose qualified name `test` accepts.
    pub fn holds_class_of(&mut self, module: &object::Module, test: impl Fn(&str) -> bool) -> bool {
        let Some(scope) = self.dict_of(module.namespace) else { return false };
        let heap_ids = scope.entries.values().filter_map(|entry| match entry.value.kind {
            ObjectKind::Heap(id) => Some(id),
            _ => None,
        });
        let is_class = |id: &HeapId| matches!(self.contents(*id), Some(Contents::Class(_)));
        let classes: Vec<HeapId> = heap_ids.filter(is_class).collect();
        let is_wanted = |ancestor: &Object| matches!(&ancestor.kind, ObjectKind::Symbol(name) if test(name));
        classes.into_iter().any(|class| self.resolution_order(class).iter().any(is_wanted))
    }

    /// Makes a module's names what `django.conf.settings` gives.
    pub fn serve_settings(&mut self, module: &object::Module) {
        self.django_settings = Some(module.namespace);
    }

    /// The value of a name that a module ended with.
    pub fn freeze_name(&mut self, module: &object::Module, name: &str) -> Option<Frozen> {
        let entry = self.dict_of(module.namespace)?.entries.get(&super::heap::Key::str(name)).cloned()?;
        let mut frozen = self.freeze(&entry.value);
        frozen.history = merged(&entry.history, &frozen.history);
        Some(frozen)
    }
}

/// `str.isupper()`: what Django takes for a setting.
fn is_setting_name(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

impl Freezer<'_, '_> {
    /// The value of an object in the cases of `cases`.
    fn value(&mut self, object: &Object, cases: Cases) -> Value {
        if self.open.len() > MAX_DEPTH {
            return unknown("it is nested too deeply", object.origin);
        }
        let Some(parts) = self.parts.checked_sub(1) else {
            return unknown("it has too many parts", object.origin);
        };
        self.parts = parts;
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
            ObjectKind::Path(text) => Kind::Path(Box::new(self.value(text, cases))),
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

    fn within(&mut self, cases: Cases, when: Formula) -> Cases {
        let formulas = &mut self.machine.formulas;
        Cases { world: formulas.and(cases.world, when), path: formulas.and(cases.path, when) }
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
        let rest = self.machine.formulas.simplified(when, cases.world);
        if rest.is_true() {
            if !self.machine.formulas.implies(cases.path, when) {
                self.is_assumed = true;
            }
            return Condition::always();
        }
        let ways = self.machine.formulas.ways(rest, MAX_WAYS).unwrap_or_default();
        let ways = ways.iter().map(|way| way.iter().map(fact).collect()).collect();
        let deciding = self.deciding(&[rest]);
        let when_unset = self.holds_when_unset(when, &deciding.variables, cases);
        Condition { ways, variables: deciding.variables, when_unset }
    }

    /// What decides some formulas.
    fn deciding(&mut self, formulas: &[Formula]) -> Deciding {
        let mut deciding = Deciding { variables: Vec::new(), other: false };
        for atom in formulas.iter().flat_map(|formula| self.machine.formulas.atoms_of(*formula)) {
            let names = atom.subject.variables();
            deciding.other |= names.is_empty();
            let is_new = |name: &&Arc<str>| !deciding.variables.contains(name);
            let new: Vec<Arc<str>> = names.iter().filter(is_new).cloned().collect();
            deciding.variables.extend(new);
        }
        deciding
    }

    /// Whether a formula holds where none of these environment variables is set; none where that is not decided.
    fn holds_when_unset(&mut self, when: Formula, variables: &[Arc<str>], cases: Cases) -> Option<bool> {
        if variables.is_empty() {
            return None;
        }
        let is_variable = |name: &str| variables.iter().any(|variable| variable.as_ref() == name);
        let formulas = &mut self.machine.formulas;
        let world = formulas.with_unset(cases.world, &is_variable);
        let when = formulas.with_unset(when, &is_variable);
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
                let cases = self.within(cases, *when);
                return self.value(only, cases);
            }
            _ => {}
        }
        let mut options = Vec::with_capacity(possible.len());
        let mut rests = Vec::with_capacity(possible.len());
        for (when, object) in &possible {
            rests.push(self.machine.formulas.simplified(*when, cases.world));
            let when_here = self.condition(*when, cases);
            let inner = self.within(cases, *when);
            options.push(Choice { when: when_here, value: self.value(object, inner) });
        }
        let Deciding { mut variables, other } = self.deciding(&rests);
        let holds = |(when, _): &(Formula, &Object)| self.holds_when_unset(*when, &variables, cases) == Some(true);
        let unset = possible.iter().position(holds);
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

    fn sequence(&mut self, items: &[object::Item], cases: Cases) -> Sequence {
        let mut sequence = Sequence::default();
        for item in items {
            if self.is_excluded(item.when, cases) {
                continue;
            }
            if item.repeated {
                let why = match &item.object.kind {
                    ObjectKind::Unknown(unknown) => unknown.why.clone(),
                    _ => "the number of items is not known".into(),
                };
                let when = self.condition(item.when, cases);
                sequence.open_when = match sequence.open {
                    Some(_) => sequence.open_when.or(when),
                    None => when,
                };
                sequence.open = sequence.open.or(Some(why));
                continue;
            }
            let when = self.condition(item.when, cases);
            let inner = self.within(cases, item.when);
            sequence.items.push(Item { value: self.value(&item.object, inner), when });
        }
        sequence
    }

    fn dict(&mut self, dict: &Dict, cases: Cases) -> super::value::Dict {
        let mut frozen =
            super::value::Dict { open: dict.open.clone(), open_when: Condition::always(), ..Default::default() };
        for entry in dict.entries.values() {
            if self.is_excluded(entry.when, cases) {
                continue;
            }
            let when = self.condition(entry.when, cases);
            let inner = self.within(cases, entry.when);
            let key = self.value(&entry.key, inner);
            frozen.entries.push(Entry { key, value: self.value(&entry.value, inner), when });
        }
        frozen
    }

    fn heap(&mut self, id: HeapId, origin: Option<crate::source::Place>, cases: Cases) -> Value {
        if self.open.contains(&id) {
            return unknown("it contains itself", origin);
        }
        let Some(cell) = self.machine.state.cell(id).cloned() else { return unknown("it is gone", origin) };
        self.changes = merged(&self.changes, &cell.changes);
        self.open.push(id);
        let kind = match &cell.contents {
            Contents::List(items) => Kind::List(self.sequence(items, cases)),
            Contents::Set(items) => Kind::Set(self.sequence(items, cases)),
            Contents::Dict(dict) => Kind::Dict(self.dict(dict, cases)),
            Contents::Class(_) => self.class(id, cases),
            Contents::Instance(instance) => {
                let class = self.heap(instance.class, None, cases);
                Kind::Instance(Arc::new(Instance {
                    class,
                    args: instance.arguments.positional.iter().map(|argument| self.value(argument, cases)).collect(),
                    named: self.named(&instance.arguments.named, cases),
                }))
            }
        };
        self.open.pop();
        Value::new(kind, origin)
    }

    fn class(&mut self, id: HeapId, cases: Cases) -> Kind {
        let Some(Contents::Class(class)) = self.machine.contents(id).cloned() else {
            return Kind::Unknown(Unknown::of("it is gone"));
        };
        let order = self.machine.resolution_order(id);
        let ancestors = order.iter().skip(1).map(|ancestor| match ancestor.kind {
            // Only names are needed of a class's own classes; their bases follow in the order.
            ObjectKind::Heap(base) => match self.machine.contents(base) {
                Some(Contents::Class(base)) => {
                    let class = Class {
                        name: base.name.clone(),
                        module: base.module.name.clone(),
                        ancestors: Vec::new(),
                        place: base.place,
                        body: base.module.file.map(|file| crate::source::Place::new(file, base.source.span)),
                    };
                    Value::new(Kind::Class(Arc::new(class)), base.place)
                }
                _ => unknown("a base that is not evaluated", None),
            },
            _ => self.value(ancestor, cases),
        });
        let ancestors = ancestors.collect();
        Kind::Class(Arc::new(Class {
            name: class.name.clone(),
            module: class.module.name.clone(),
            ancestors,
            place: class.place,
            body: class.module.file.map(|file| crate::source::Place::new(file, class.source.span)),
        }))
    }
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
