//! What happens out of sight to objects that were passed on, or that something unknown may be.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::descriptor::members_of;
use super::heap::{Contents, Dict, Key, State};
use super::machine::Machine;
use super::models;
use super::object::{Arguments, HeapId, Item, Kind, Object};

/// How many objects are looked at in the time of a step.
const LOOKS_PER_STEP: usize = 8;

/// The methods that calling a class may call.
const CONSTRUCTORS: [&str; 6] =
    ["__new__", "__init__", "__post_init__", "__setattr__", "__getattr__", "__getattribute__"];

impl Machine<'_> {
    /// Anything may have been done to what `object` refers to. A function may have been called.
    pub(super) fn escape(&mut self, object: &Object, why: &str) {
        for (_, object) in object.alternatives() {
            let id = match &object.kind {
                Kind::Heap(id) => *id,
                Kind::Module(module) => module.namespace,
                Kind::Symbol(name) => {
                    models::escape(self, name, why);
                    continue;
                }
                Kind::Function(closure) => {
                    self.may_be_called(closure);
                    continue;
                }
                // A method may be called, which changes what it was taken from.
                Kind::Bound(bound) => {
                    self.escape(&bound.0, why);
                    self.may_use_class_of(&bound.0);
                    self.escape_deeply(&bound.1, why);
                    continue;
                }
                Kind::Method(method) => {
                    self.escape(&method.0, why);
                    continue;
                }
                // What an iterator has left.
                Kind::Made(_) => {
                    self.escape_iterator(&object, why);
                    continue;
                }
                _ => continue,
            };
            match self.contents(id) {
                Some(Contents::Dict(dict)) => {
                    if !dict.is_scope {
                        self.thin_dict(id, |machine, key| machine.is_left(id, key));
                    }
                    self.open_dict(id, why);
                }
                Some(Contents::List(_)) => self.replace_items(id, Contents::List, why),
                Some(Contents::Set(_)) => self.replace_items(id, Contents::Set, why),
                Some(Contents::Instance(instance)) => self.open_dict(instance.attributes, why),
                // It may be called.
                Some(Contents::Class(_)) => {
                    self.may_be_constructed(id, why);
                }
                None => {}
            }
        }
    }

    /// The same for what it holds, too, and what that holds.
    pub(super) fn escape_deeply(&mut self, object: &Object, why: &str) {
        let mut reached = Reached::default();
        reached.add(&self.state, object);
        self.charge(reached.steps / LOOKS_PER_STEP);
        for object in reached.objects {
            self.escape(&object, why);
        }
    }

    /// The same without calling anything: what a function or constructor may change is among what can be seen where it can
    /// be called.
    pub(super) fn escape_data(&mut self, objects: &[Object], why: &str) {
        let mut reached = Reached::default();
        objects.iter().for_each(|object| reached.add(&self.state, object));
        self.charge(reached.steps / LOOKS_PER_STEP);
        for object in reached.objects {
            let is_data = match &object.kind {
                Kind::Heap(id) => !matches!(self.contents(*id), Some(Contents::Class(_))),
                Kind::Symbol(_) => true,
                _ => false,
            };
            if is_data {
                self.escape(&object, why);
            }
        }
    }

    /// The same for the arguments of a call, and for the modules that they name.
    pub(super) fn escape_all(&mut self, arguments: &Arguments, why: &str) {
        for argument in arguments.all() {
            self.escape_deeply(argument, why);
            if let Kind::Str(text) = &argument.kind {
                self.escape_named(text, why);
            }
        }
    }

    /// Names may have been set in a module that is being run and is given by its name, as by
    /// `DjangoDynaconf(__name__)`.
    fn escape_named(&mut self, name: &str, why: &str) {
        if let Some(module) = self.module_in_progress(name) {
            self.open_dict(module.namespace, &why.replacen("it is passed", "its name is passed", 1));
        }
    }

    /// The functions among the arguments of a call may have been called.
    pub(super) fn call_back(&mut self, arguments: &Arguments) {
        for argument in arguments.all() {
            for (_, object) in argument.alternatives() {
                if matches!(object.kind, Kind::Function(_) | Kind::Bound(_)) {
                    self.escape(&object, "a method of it may be called");
                }
            }
        }
    }

    /// A class may be called in a way that the program does not show.
    pub(super) fn may_be_constructed(&mut self, class: HeapId, why: &str) {
        for method in self.constructors(class) {
            self.escape(&method, why);
        }
    }

    /// A constructor that is not the project's own makes an instance of a class of the project: it may do to that what
    /// operators stand for.
    pub(super) fn run_foreign_constructor(&mut self, class: HeapId) {
        self.may_be_constructed(class, "its constructor is not evaluated");
        self.call_operators(class, |_| true);
    }

    /// What calling a class may call.
    fn constructors(&mut self, class: HeapId) -> Vec<Object> {
        let members = self.members(class).into_iter();
        let called =
            members.filter(|(name, _)| name.as_str().is_some_and(|name| CONSTRUCTORS.contains(&name.as_ref())));
        called.map(|(_, method)| method).collect()
    }

    fn replace_items(&mut self, id: HeapId, wrap: fn(Vec<Item>) -> Contents, why: &str) {
        self.conceal_items(id);
        let place = self.statement();
        if let Some(cell) = self.change(id) {
            cell.contents = wrap(vec![Item::any_number(Object::unknown(why, place))]);
        }
    }

    /// Something that is not known may be one of the items of an object from now on.
    pub(super) fn conceal_items(&mut self, id: HeapId) {
        if let Some(Contents::List(items) | Contents::Set(items)) = self.contents(id) {
            let items: Vec<Object> = items.iter().map(|item| item.object.clone()).collect();
            items.iter().for_each(|item| self.conceal(item));
        }
    }

    /// Something that is not known may be this object from now on, or lead to it: what is done to anything that is not
    /// known may be done to it.
    pub(super) fn conceal(&mut self, object: &Object) {
        let alternatives = object.alternatives();
        self.charge(alternatives.len());
        let leading = alternatives.into_iter().map(|(_, object)| object).filter(|object| leads_somewhere(object, 0));
        self.note_concealed(leading.collect());
    }

    /// The same for what exists since before `since`, of what `object` leads to where the program stands in `state`.
    /// What `object` itself is does not count. Whether that is new.
    pub(super) fn conceal_held(&mut self, state: &State, object: &Object, since: HeapId) -> bool {
        let mut reached = Reached { since: Some(since), ..Reached::default() };
        for (_, object) in object.alternatives() {
            reached.add_held(state, &object);
        }
        self.charge(reached.steps / LOOKS_PER_STEP);
        self.note_concealed(reached.objects)
    }

    /// Notes objects as concealed; whether any was not.
    pub(super) fn note_concealed(&mut self, objects: Vec<Object>) -> bool {
        let Some(Contents::List(known)) = self.contents(self.concealed) else { return false };
        let known: Vec<Item> = known.clone();
        self.charge(known.len() / 4 * objects.len());
        let mut new: Vec<Item> = Vec::new();
        for object in objects {
            if !known.iter().chain(&new).any(|item| is_one(&item.object, &object)) {
                new.push(Item::new(object));
            }
        }
        if new.is_empty() {
            return false;
        }
        if let Some(cell) = self.state.cell_mut(self.concealed)
            && let Contents::List(items) = &mut cell.contents
        {
            items.extend(new);
        }
        true
    }

    /// Anything may have been done to something that is not known.
    pub(super) fn escape_concealed(&mut self) {
        self.escape_concealed_by("");
    }

    /// The same, and `method` may have been called.
    pub(super) fn escape_concealed_by(&mut self, method: &str) {
        const WHY: &str = "something that is not known, and may be this, may be changed";
        // What one function changes or conceals, another one may take up.
        const MOST_ROUNDS: usize = 6;
        // What is called meanwhile may do the same again, but no more.
        if std::mem::replace(&mut self.is_escaping, true) {
            return;
        }
        for round in 0.. {
            let escaping = self.not_escaped(method);
            if round == MOST_ROUNDS && !escaping.is_empty() {
                self.lose();
            }
            let before = self.state.clone();
            escaping.iter().for_each(|object| self.escape(object, WHY));
            if before.is_unchanged_in(&self.state) || !self.is_alive() || self.is_exhausted() {
                break;
            }
        }
        self.is_escaping = false;
    }

    /// What is concealed, and what that leads to, as far as it makes a difference that anything may be done to it.
    fn not_escaped(&mut self, method: &str) -> Vec<Object> {
        let Some(Contents::List(items)) = self.contents(self.concealed) else { return Vec::new() };
        let concealed: Vec<Object> = items.iter().map(|item| item.object.clone()).collect();
        let is_called = |object: &Object| matches!(object.kind, Kind::Function(_) | Kind::Bound(_));
        let (mut functions, others): (Vec<Object>, Vec<Object>) = concealed.into_iter().partition(is_called);
        let mut reached = Reached::default();
        others.iter().for_each(|object| reached.add(&self.state, object));
        self.charge(reached.steps / LOOKS_PER_STEP);
        if !method.is_empty() {
            let name = Key::str(method);
            for object in &reached.objects {
                methods_of(&self.state, object, &name, &mut functions);
            }
        }
        reached.objects.append(&mut functions);
        reached.objects.retain(|object| !self.is_escaped(object));
        reached.objects
    }

    /// Whether that anything may be done to an object makes no difference any more.
    pub(super) fn is_escaped(&mut self, object: &Object) -> bool {
        let id = match &object.kind {
            Kind::Heap(id) => *id,
            Kind::Module(module) => module.namespace,
            Kind::Symbol(name) if models::can_change(name) => self.environ,
            Kind::Function(closure) => return self.would_change_nothing(closure),
            Kind::Bound(bound) => {
                let mut reached = Reached::default();
                reached.add(&self.state, &bound.1);
                let run = self.run_by_attributes(&bound.0);
                return run.iter().chain(&reached.objects).chain([&bound.0]).all(|object| self.is_escaped(object));
            }
            _ => return true,
        };
        match self.contents(id) {
            Some(Contents::List(items) | Contents::Set(items)) => match items.as_slice() {
                [item] => item.repeated && item.when.is_true() && matches!(item.object.kind, Kind::Unknown(_)),
                _ => false,
            },
            Some(Contents::Dict(dict)) => {
                let is_open = dict.open.is_some() && dict.open_when.is_true();
                let values: Vec<Object> = dict.entries.values().map(|entry| entry.value.clone()).collect();
                is_open && values.iter().all(|value| self.may_be_replaced(value))
            }
            Some(Contents::Instance(instance)) => {
                let attributes = Object::new(Kind::Heap(instance.attributes), None);
                self.is_escaped(&attributes)
            }
            Some(Contents::Class(_)) => {
                let constructors = self.constructors(id);
                constructors.iter().all(|method| self.is_escaped(method))
            }
            None => true,
        }
    }
}

impl Machine<'_> {
    /// Anything may have been done to something that is not evaluated, or to an attribute of it.
    pub(super) fn escape_opaque(&mut self, object: &Object, why: &str) {
        match &object.kind {
            Kind::Unknown(_) => self.escape_concealed(),
            Kind::Method(method) => {
                let receiver = method.0.clone();
                self.escape_opaque(&receiver, why);
            }
            Kind::Made(_) => self.escape_deeply(object, why),
            _ => {}
        }
    }

    /// An object is changed in some way, whether it is known or not.
    pub(super) fn escape_changed(&mut self, object: &Object, why: &str) {
        self.escape(object, why);
        object.alternatives().iter().for_each(|(_, object)| self.escape_opaque(object, why));
    }

    /// An operator meets an object: it may call those methods of a class of the project that operators stand for.
    pub(super) fn meet(&mut self, object: &Object) {
        if !matches!(object.kind, Kind::Heap(_) | Kind::Either(_)) {
            return;
        }
        for (_, object) in object.alternatives() {
            let Kind::Heap(id) = object.kind else { continue };
            if let Some(Contents::Instance(instance)) = self.contents(id) {
                self.call_operators(instance.class, |name| name != "__new__");
            }
        }
    }

    /// The same for what an object holds, too.
    pub(super) fn meet_deeply(&mut self, object: &Object) {
        let mut reached = Reached::default();
        reached.add(&self.state, object);
        self.charge(reached.steps / LOOKS_PER_STEP);
        for object in reached.objects {
            self.meet(&object);
        }
    }

    /// The same as [`Self::call_operators`] for an object, where that is a class.
    pub(super) fn call_operators_of(&mut self, object: &Object, is_called: impl Fn(&str) -> bool) {
        for (_, object) in object.alternatives() {
            if let Kind::Heap(id) = object.kind
                && matches!(self.contents(id), Some(Contents::Class(_)))
            {
                self.call_operators(id, &is_called);
            }
        }
    }

    /// The methods with names of Python's own that a class of the project has may be called, but for `__init__`.
    pub(super) fn call_operators(&mut self, class: HeapId, is_called: impl Fn(&str) -> bool) {
        let is_operator = |name: &str| name.starts_with("__") && name.ends_with("__") && name != "__init__";
        for (name, method) in self.members(class) {
            if name.as_str().is_some_and(|name| is_operator(name) && is_called(name)) {
                self.escape(&method, "an operator may call it");
            }
        }
    }
}

/// Whether two objects are one; each round of a loop makes the functions in it anew.
fn is_one(a: &Object, b: &Object) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Function(a), Kind::Function(b)) => Arc::ptr_eq(&a.function, &b.function),
        (Kind::Made(a), Kind::Made(b)) => {
            Arc::ptr_eq(a, b) || members_of(a).is_some() && members_of(a) == members_of(b)
        }
        (Kind::Bound(a), Kind::Bound(b)) => is_one(&a.0, &b.0) && is_one(&a.1, &b.1),
        _ => a.same(b),
    }
}

/// Whether an object may be changed, or hold what may be.
fn leads_somewhere(object: &Object, depth: usize) -> bool {
    const MAX_DEPTH: usize = 4;
    let leads = |object: &Object| leads_somewhere(object, depth + 1);
    match &object.kind {
        Kind::Heap(_) | Kind::Module(_) | Kind::Function(_) => true,
        Kind::Symbol(name) => models::can_change(name),
        Kind::Tuple(_) | Kind::Bound(_) | Kind::Method(_) | Kind::Made(_) | Kind::Either(_) if depth > MAX_DEPTH => {
            true
        }
        Kind::Tuple(items) => items.iter().any(|item| leads(&item.object)),
        Kind::Bound(pair) => leads(&pair.0) || leads(&pair.1),
        Kind::Method(method) => leads(&method.0),
        Kind::Made(made) => made.arguments.all().any(leads),
        Kind::Either(alternatives) => alternatives.iter().any(|(_, object)| leads(object)),
        _ => false,
    }
}

/// Objects that can be changed, or that change others, among what some object leads to.
#[derive(Default)]
struct Reached {
    objects: Vec<Object>,
    seen: FxHashSet<HeapId>,
    /// Where the parts are that may be shared: what is in many others is looked at once.
    seen_parts: FxHashSet<usize>,
    /// If given, what was made later is not among the objects, and what was made before is where the search ends.
    since: Option<HeapId>,
    /// How many objects were looked at.
    steps: usize,
}

impl Reached {
    /// Adds an object and what it leads to.
    fn add(&mut self, state: &State, object: &Object) {
        // An explicit stack: data may be nested deeply.
        let mut open = vec![object.clone()];
        while let Some(object) = open.pop() {
            self.steps += 1;
            let is_new = match &object.kind {
                Kind::Heap(id) => self.seen.insert(*id),
                Kind::Module(module) => self.seen.insert(module.namespace),
                Kind::Tuple(part) => self.is_new_part(part.as_ptr().addr()),
                Kind::Either(part) => self.is_new_part(part.as_ptr().addr()),
                Kind::Bound(part) => self.is_new_part(Arc::as_ptr(part).addr()),
                Kind::Method(part) => self.is_new_part(Arc::as_ptr(part).addr()),
                Kind::Made(part) => self.is_new_part(Arc::as_ptr(part).addr()),
                Kind::Function(closure) => self.is_new_part(Arc::as_ptr(&closure.function).addr()),
                Kind::Symbol(name) => models::can_change(name),
                _ => false,
            };
            if !is_new {
                continue;
            }
            let is_object = matches!(
                object.kind,
                Kind::Heap(_) | Kind::Module(_) | Kind::Function(_) | Kind::Symbol(_) | Kind::Bound(_)
            );
            let (is_end, is_counted) = match (&object.kind, self.since) {
                (Kind::Heap(id), Some(since)) => (*id < since, *id < since),
                _ => (false, is_object),
            };
            if !is_end {
                held_by(state, &object, &mut open);
            }
            if is_counted {
                self.objects.push(object);
            }
        }
    }

    fn is_new_part(&mut self, address: usize) -> bool {
        self.seen_parts.insert(address)
    }

    /// Adds what an object leads to, but not the object.
    fn add_held(&mut self, state: &State, object: &Object) {
        if let Kind::Heap(id) = &object.kind
            && self.since.is_some_and(|since| *id < since)
        {
            return;
        }
        let mut held = Vec::new();
        held_by(state, object, &mut held);
        for object in held {
            self.add(state, &object);
        }
    }
}

/// Shows `visit` the names of a class and of those of its bases that the project has.
fn along_classes(state: &State, class: HeapId, mut visit: impl FnMut(&Dict)) {
    let mut open = vec![class];
    while let Some(class) = open.pop() {
        let Some(Contents::Class(class)) = state.cell(class).map(|cell| &cell.contents) else { continue };
        let bases = class.bases.iter().flat_map(Object::alternatives);
        open.extend(bases.filter_map(|(_, base)| if let Kind::Heap(id) = base.kind { Some(id) } else { None }));
        if let Some(Contents::Dict(dict)) = state.cell(class.namespace).map(|cell| &cell.contents) {
            visit(dict);
        }
    }
}

/// Adds what a class and its bases hold. Their methods are not taken for something that they hold.
fn held_by_class(state: &State, class: HeapId, held: &mut Vec<Object>) {
    let is_method = |object: &Object| matches!(object.kind, Kind::Function(_) | Kind::Bound(_) | Kind::Method(_));
    along_classes(state, class, |dict| {
        let values = dict.entries.values().flat_map(|entry| entry.value.alternatives());
        held.extend(values.map(|(_, value)| value).filter(|value| !is_method(value)));
    });
}

/// Adds the methods of a name that an instance or a class has.
fn methods_of(state: &State, object: &Object, name: &Key, methods: &mut Vec<Object>) {
    let Kind::Heap(id) = object.kind else { return };
    let class = match state.cell(id).map(|cell| &cell.contents) {
        Some(Contents::Instance(instance)) => instance.class,
        Some(Contents::Class(_)) => id,
        _ => return,
    };
    along_classes(state, class, |dict| {
        let values = dict.entries.get(name).into_iter().flat_map(|entry| entry.value.alternatives());
        methods.extend(values.map(|(_, value)| value).filter(|value| matches!(value.kind, Kind::Function(_))));
    });
}

/// Adds what an object holds, one level deep.
fn held_by(state: &State, object: &Object, held: &mut Vec<Object>) {
    match &object.kind {
        Kind::Either(alternatives) => held.extend(alternatives.iter().map(|(_, object)| object.clone())),
        Kind::Tuple(items) => held.extend(items.iter().map(|item| item.object.clone())),
        Kind::Bound(pair) => held.extend([pair.0.clone(), pair.1.clone()]),
        Kind::Method(method) => held.push(method.0.clone()),
        Kind::Made(made) => held.extend(made.arguments.all().cloned()),
        Kind::Heap(id) => match state.cell(*id).map(|cell| &cell.contents) {
            Some(Contents::List(items) | Contents::Set(items)) => {
                held.extend(items.iter().map(|item| item.object.clone()));
            }
            Some(Contents::Dict(dict)) => held.extend(dict.entries.values().map(|entry| entry.value.clone())),
            Some(Contents::Instance(instance)) => {
                held.push(Object::new(Kind::Heap(instance.attributes), None));
                held_by_class(state, instance.class, held);
            }
            Some(Contents::Class(_)) => held_by_class(state, *id, held),
            None => {}
        },
        _ => {}
    }
}
