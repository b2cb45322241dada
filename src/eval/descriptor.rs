//! Descriptors: what a class has a say in when an attribute of an instance is taken or set.

use super::attribute::{Found, bound};
use super::class::{CACHED, PROPERTY};
use super::heap::Contents;
use super::machine::{Machine, Run};
use super::object::{Arguments, Binding, HeapId, Kind, Object};
use super::raise::Exception;
use crate::python::ast::Name;

impl Machine<'_> {
    /// What taking a class's attribute from an instance gives: a bound method, or what a property returns.
    pub(super) fn bound_to(&mut self, object: &Object, class: HeapId, value: &Object) -> Run<Object> {
        let place = self.statement();
        self.each(value, |machine, value| match &value.kind {
            Kind::Function(closure) => match closure.binding {
                Binding::Instance => Ok(bound(object.clone(), value)),
                Binding::Class => Ok(bound(Object::new(Kind::Heap(class), None), value)),
                Binding::Static => Ok(value),
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
            _ => Ok(machine.described(value)),
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
        let Found::Here(_, found) = self.along_bases(class, name) else { return false };
        found.alternatives().iter().any(|(_, found)| match &found.kind {
            Kind::Made(made) => made.function.as_ref() == PROPERTY,
            Kind::Function(closure) => closure.binding == Binding::Property,
            _ => self.class_of_instance(found).is_some_and(|class| self.own_method(class, "__set__").is_some()),
        })
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
                Kind::Function(closure) if closure.binding == Binding::Property => {
                    self.may_raise("setting a property")?;
                    return Ok(false);
                }
                _ => {
                    let Some(class) = self.class_of_instance(found) else { continue };
                    if self.own_method(class, "__set__").is_some() {
                        self.call_operators(class, |name| name == "__set__");
                        self.conceal(value);
                        self.may_raise("setting an attribute")?;
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }
}
