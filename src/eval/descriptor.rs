//! Descriptors: what a class has a say in when an attribute of an instance is taken or set.

use std::sync::Arc;

use super::attribute::bound;
use super::class::{CACHED, PROPERTY};
use super::heap::Contents;
use super::machine::{Machine, Run};
use super::models;
use super::object::{Arguments, Binding, Class, HeapId, Kind, Made, Object};
use super::raise::Exception;
use super::resolution::Found;
use crate::python::ast::Name;

/// What stands for all that a class has, after the class itself.
const MEMBERS: &str = "members";
/// How many values of a class are looked at in the time of a step.
const MEMBERS_PER_STEP: usize = 8;

/// The class of which an object stands for all that it has, and how much that is.
pub(super) fn members_of(made: &Made) -> Option<(HeapId, usize)> {
    match made.arguments.positional.first() {
        Some(Object { kind: Kind::Heap(class), .. }) if made.function.as_ref() == MEMBERS => {
            Some((*class, made.arguments.positional.len()))
        }
        _ => None,
    }
}

impl Machine<'_> {
    /// What taking a class's attribute from an instance gives: a bound method, or what a property returns.
    pub(super) fn bound_to(&mut self, object: &Object, class: HeapId, value: &Object) -> Run<Object> {
        let place = self.statement();
        self.each(value, |machine, value| match &value.kind {
            Kind::Function(closure) => match closure.binding {
                Binding::Instance => Ok(bound(object.clone(), value)),
                Binding::Class => Ok(bound(Object::new(Kind::Heap(class), None), value)),
                Binding::Static => Ok(value),
                // There is nowhere to keep what it gives.
                Binding::CachedProperty if machine.own_method(class, "__slots__").is_some() => {
                    machine.escape(&value, "it is taken of an instance with slots");
                    machine.may_raise("an attribute")?;
                    Ok(Object::unknown("a cached property of an instance with slots", place))
                }
                Binding::Property | Binding::CachedProperty => {
                    let arguments = Arguments::positional(vec![object.clone()]);
                    let result = machine.call(&value, arguments, place)?;
                    if closure.binding == Binding::CachedProperty
                        && let Kind::Heap(id) = object.kind
                        && let Some(Contents::Instance(instance)) = machine.contents(id).cloned()
                    {
                        let name = Object::str(closure.function.name.clone(), place);
                        machine.set_entry(instance.attributes, &name, result.clone());
                    }
                    Ok(result)
                }
            },
            Kind::Made(made) if made.function.as_ref() == CACHED => Ok(bound(object.clone(), value)),
            Kind::Made(made) if made.function.as_ref() == PROPERTY => match made.arguments.positional.first() {
                Some(getter) => machine.call(getter, Arguments::positional(vec![object.clone()]), place),
                None => Ok(Object::unknown("what the property gives is not known", place)),
            },
            _ => {
                if let Kind::Made(made) = &value.kind
                    && made.arguments.all().any(|argument| matches!(argument.kind, Kind::Function(_)))
                {
                    // What a library has made of a method may be called with the instance.
                    machine.conceal(object);
                }
                Ok(machine.described(value))
            }
        })
    }

    /// What an attribute of a class gives that is no function: where it is a descriptor of the project, what that says.
    pub(super) fn described(&mut self, value: Object) -> Object {
        let is_descriptor = |machine: &mut Self, value: &Object| {
            let class = machine.class_of_instance(value);
            class.filter(|class| machine.own_method(*class, "__get__").is_some())
        };
        let mut is_any = false;
        for (_, value) in value.alternatives() {
            if let Some(class) = is_descriptor(self, &value) {
                self.call_operators(class, |name| name == "__get__");
                self.conceal(&value);
                is_any = true;
            }
        }
        match is_any {
            true => Object::unknown("a descriptor decides it", self.statement()),
            false => value,
        }
    }

    /// Whether a class has a say in what setting an attribute of an instance does, and so in what taking it gives, whatever
    /// the instance has itself.
    pub(super) fn is_set_by_class(&mut self, class: HeapId, name: &Name) -> bool {
        // Its fields are no attributes of the class.
        if models::pydantic::is_settings_class(self, class) {
            return false;
        }
        let Found::Here(_, found) = self.along_bases(class, name) else { return false };
        found.alternatives().iter().any(|(_, found)| self.may_be_data_descriptor(found))
    }

    /// Sets an attribute of an instance, where its class has a say in that; whether it had.
    pub(super) fn set_by_class(&mut self, object: &Object, class: HeapId, name: &Name, value: &Object) -> Run<bool> {
        if self.own_method(class, "__slots__").is_some() {
            self.may_raise("setting an attribute")?;
        }
        let Found::Here(_, found) = self.along_bases(class, name) else { return Ok(false) };
        let place = self.statement();
        let alternatives = found.alternatives();
        for (_, found) in &alternatives {
            match &found.kind {
                Kind::Made(made) if made.function.as_ref() == PROPERTY && alternatives.len() == 1 => {
                    match made.arguments.by_name("setter").cloned() {
                        Some(setter) => {
                            self.call(&setter, Arguments::positional(vec![object.clone(), value.clone()]), place)?
                        }
                        None => self.fail(Exception::new("AttributeError", "the property has no setter"))?,
                    };
                    return Ok(true);
                }
                Kind::Function(closure) if closure.binding == Binding::Property && alternatives.len() == 1 => {
                    self.fail(Exception::new("AttributeError", "the property has no setter"))?;
                    return Ok(true);
                }
                _ if self.may_be_data_descriptor(found) => {
                    if let Some(class) = self.class_of_instance(found) {
                        self.call_operators(class, |name| name == "__set__");
                    }
                    // A property's setter is among them.
                    self.may_be_taken(found);
                    self.conceal(value);
                    self.open_attributes(object, "its class decides what setting an attribute does");
                    self.may_raise("setting an attribute")?;
                    return Ok(true);
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// An attribute of an instance that may be what its class says, or something else.
    pub(super) fn vague_attribute(&mut self, object: &Object, name: &Name, why: String) -> Run<Object> {
        self.conceal(object);
        match name.as_ref() {
            "__class__" => self.may_use_class_of(object),
            _ => self.may_take(object, name),
        }
        self.may_raise("an attribute")?;
        Ok(Object::unknown(why, self.statement()))
    }

    /// An attribute of an object may be taken, if it is an instance that has it from its class.
    pub(super) fn may_take(&mut self, object: &Object, name: &Name) {
        let Some(class) = self.class_of_instance(object) else {
            if let Kind::Heap(id) = object.kind
                && matches!(self.contents(id), Some(Contents::Class(_)))
                && let Found::Here(_, value) = self.along_bases(id, name)
            {
                self.described(value);
            }
            return;
        };
        match self.along_bases(class, name) {
            Found::Here(_, value) => self.may_bind(object, class, &value),
            _ if self.own_method(class, "__getattr__").is_some() => self.meet(object),
            _ => {}
        }
        if self.own_method(class, "__getattribute__").is_some() {
            self.meet(object);
        }
    }

    /// A method is taken and not called there. Of a class of which not all is known what it is is not known either, so
    /// that it may be called from now on.
    pub(super) fn may_call_taken(&mut self, object: &Object, name: &Name) {
        for (_, object) in object.alternatives() {
            let Kind::Heap(id) = object.kind else { continue };
            let class = self.class_of_instance(&object).unwrap_or(id);
            if !matches!(self.contents(class), Some(Contents::Class(class)) if !class.is_plain) {
                continue;
            }
            let Found::Here(_, value) = self.along_bases(class, name) else { continue };
            for (_, value) in value.alternatives() {
                if matches!(value.kind, Kind::Function(_)) {
                    self.escape(&value, "it may be called");
                }
            }
        }
    }

    /// Any attribute of an object may be taken.
    pub(super) fn may_take_any(&mut self, object: &Object) {
        for (_, object) in object.alternatives() {
            let Some(class) = self.class_of_instance(&object) else { continue };
            self.meet(&object);
            for (_, value) in self.members(class) {
                self.may_bind(&object, class, &value);
            }
        }
    }

    /// What a class has may be taken from an instance of it.
    fn may_bind(&mut self, object: &Object, class: HeapId, value: &Object) {
        if value.is_plain() {
            return;
        }
        self.any_number_of_times(|machine| {
            let given = machine.bound_to(object, class, value)?;
            machine.conceal(&given);
            Ok(())
        });
    }

    fn open_attributes(&mut self, object: &Object, why: &str) {
        if let Kind::Heap(id) = object.kind
            && let Some(Contents::Instance(instance)) = self.contents(id)
        {
            self.open_dict(instance.attributes, why);
        }
    }

    /// A method of an instance may be called: what its class has may be used.
    pub(super) fn may_use_class_of(&mut self, object: &Object) {
        for (_, object) in object.alternatives() {
            if let Some(class) = self.class_of_instance(&object) {
                self.meet(&object);
                self.may_use_class(class);
            }
        }
    }

    /// What a class has may be used of an instance that is not known: its methods where something is called that is not
    /// known, its properties and descriptors at once.
    fn may_use_class(&mut self, class: HeapId) {
        let members: Vec<Object> = self.members(class).into_iter().map(|(_, value)| value).collect();
        for value in &members {
            self.may_be_taken(value);
        }
        let held = members.into_iter().filter(|value| !value.is_plain());
        let all = [Object::new(Kind::Heap(class), None)].into_iter().chain(held).collect();
        let all = Made { function: MEMBERS.into(), arguments: Arguments::positional(all) };
        self.note_concealed(vec![Object::new(Kind::Made(Arc::new(all)), None)]);
    }

    /// The same for one of the values that a class has.
    pub(super) fn may_use(&mut self, value: &Object) {
        self.may_be_taken(value);
        self.conceal(value);
    }

    fn may_be_taken(&mut self, value: &Object) {
        for function in self.run_when_taken(value) {
            self.escape(&function, "it is run where an attribute is taken");
        }
    }

    /// The functions that are run where an attribute of a class is taken from an instance.
    fn run_when_taken(&mut self, value: &Object) -> Vec<Object> {
        match &value.kind {
            Kind::Function(closure) if matches!(closure.binding, Binding::Property | Binding::CachedProperty) => {
                vec![value.clone()]
            }
            Kind::Made(made) if made.function.as_ref() == PROPERTY => made.arguments.all().cloned().collect(),
            _ => {
                let class = self.class_of_instance(value);
                class.and_then(|class| self.own_method(class, "__get__")).into_iter().collect()
            }
        }
    }

    /// All that are run where attributes of an instance are taken.
    pub(super) fn run_by_attributes(&mut self, object: &Object) -> Vec<Object> {
        let Some(class) = self.class_of_instance(object) else { return Vec::new() };
        self.members(class).iter().flat_map(|(_, value)| self.run_when_taken(value)).collect()
    }

    /// What a class and its bases hold by name, as far as they are the project's own.
    pub(super) fn members(&mut self, class: HeapId) -> Vec<(Object, Object)> {
        let mut members = Vec::new();
        let mut open = self.resolution_order(class);
        open.reverse();
        while let Some(base) = open.pop() {
            match &base.kind {
                Kind::Heap(id) => {
                    let entries = self.dict_of(*id).into_iter().flat_map(|dict| dict.entries.values());
                    for entry in entries {
                        let alternatives = entry.value.alternatives();
                        members.extend(alternatives.into_iter().map(|(_, value)| (entry.key.clone(), value)));
                    }
                }
                // One of several classes.
                Kind::Either(alternatives) => {
                    let classes = alternatives.iter().filter_map(|(_, class)| match class.kind {
                        Kind::Heap(id) => Some(id),
                        _ => None,
                    });
                    for class in classes.collect::<Vec<_>>() {
                        open.extend(self.resolution_order(class));
                    }
                }
                _ => {}
            }
        }
        self.charge(members.len() / MEMBERS_PER_STEP);
        members
    }

    /// Whether an attribute of a class may have a say in what setting it on an instance does.
    fn may_be_data_descriptor(&mut self, value: &Object) -> bool {
        match &value.kind {
            Kind::Made(_) | Kind::Symbol(_) => true,
            Kind::Unknown(unknown) => unknown.class == Class::Any && unknown.term.is_none(),
            Kind::Function(closure) => closure.binding == Binding::Property,
            _ => self.class_of_instance(value).is_some_and(|class| {
                let Some(Contents::Class(source)) = self.contents(class) else { return true };
                !source.is_plain || self.own_method(class, "__set__").is_some()
            }),
        }
    }
}
