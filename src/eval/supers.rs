//! `super()`: what the classes after the one that defines a method have.

use super::attribute::{Found, bound};
use super::heap::Contents;
use super::machine::{Machine, Run};
use super::models;
use super::object::{Arguments, Binding, HeapId, Kind, Object};
use crate::python::ast::Name;
use crate::source::Place;

/// The name of what `super()` gives; its arguments are the instance or class, and the class to look after.
pub(super) const SUPER: &str = "builtins.super";

impl Machine<'_> {
    /// `super()`, and `super(Class, self)`.
    pub(super) fn super_object(&mut self, arguments: &Arguments, place: Option<Place>) -> Object {
        let unknown = || Object::unknown("super() is not evaluated", place);
        let pair = match arguments.positional.as_slice() {
            [] => self.running_method(),
            [class, receiver] => Some((receiver.clone(), class.clone())),
            _ => None,
        };
        let Some((receiver, class)) = pair else { return unknown() };
        match (&receiver.kind, &class.kind) {
            (Kind::Heap(_), Kind::Heap(_)) => models::made(SUPER, Arguments::positional(vec![receiver, class]), place),
            _ => unknown(),
        }
    }

    /// The first argument of the running method, and the class that defines it.
    fn running_method(&mut self) -> Option<(Object, Object)> {
        let frame = self.frame();
        let closure = frame.closure.clone()?;
        let scope = frame.scopes[frame.comprehensions];
        let first = Object::str(closure.function.parameters.first()?.name.clone(), None);
        let receiver = self.dict_of(scope)?.entries.get(&super::heap::Key::of(&first)?)?.value.clone();
        let defines = |machine: &Self, id: HeapId| {
            let Some(Contents::Class(class)) = machine.contents(id) else { return false };
            machine.dict_of(class.namespace).is_some_and(|dict| {
                let is_it = |object: &Object| matches!(&object.kind, Kind::Function(known) if std::sync::Arc::ptr_eq(known, &closure));
                dict.entries.values().any(|entry| is_it(&entry.value))
            })
        };
        let class = self.class_of_receiver(&receiver)?;
        let order = self.resolution_order(class);
        let found = order.into_iter().find(|base| matches!(base.kind, Kind::Heap(id) if defines(self, id)))?;
        Some((receiver, found))
    }

    fn class_of_receiver(&self, receiver: &Object) -> Option<HeapId> {
        let Kind::Heap(id) = receiver.kind else { return None };
        match self.contents(id)? {
            Contents::Class(_) => Some(id),
            Contents::Instance(instance) => Some(instance.class),
            _ => None,
        }
    }

    /// `super().name`.
    pub(super) fn super_attribute(
        &mut self,
        receiver: Option<Object>,
        after: Option<Object>,
        name: &Name,
    ) -> Run<Object> {
        let place = self.statement();
        let unknown = || Object::unknown(format!("super().{name} is not evaluated"), place);
        let Some((receiver, after)) = receiver.zip(after) else { return Ok(unknown()) };
        let Some(class) = self.class_of_receiver(&receiver) else { return Ok(unknown()) };
        let Some(Contents::Class(source)) = self.contents(class).cloned() else { return Ok(unknown()) };
        if !source.is_plain {
            return Ok(unknown());
        }
        let order = self.resolution_order(class);
        let Some(at) = order.iter().position(|base| base.same(&after)) else { return Ok(unknown()) };
        let mut rest = Vec::new();
        for base in &order[at + 1..] {
            match base.kind {
                Kind::Heap(id) if self.copies_attribute(id, name) => rest.extend(self.copying_order(id)),
                _ => rest.push(base.clone()),
            }
        }
        match self.along(rest, name) {
            Found::Here(when, value) if when.is_true() => {
                let value = self.narrowed(&value);
                match receiver.kind {
                    Kind::Heap(id) if id != class => self.bound_to(&receiver, class, &value),
                    // Taken from a class: only class methods are bound.
                    _ => Ok(match &value.kind {
                        Kind::Function(closure) if closure.binding == Binding::Class => bound(receiver, value),
                        _ => value,
                    }),
                }
            }
            Found::Base(base) => Ok(self.base_attribute(receiver, &base, name)),
            Found::Here(..) | Found::Nowhere => Ok(unknown()),
        }
    }
}
