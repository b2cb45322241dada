//! `super()`: what the classes after the one that defines a method have.

use super::attribute::bound;
use super::heap::Contents;
use super::machine::{Machine, Run};
use super::models;
use super::object::{Arguments, Binding, Closure, HeapId, Kind, Object};
use super::resolution::Found;
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
        let Some((receiver, class)) = pair else {
            let class = self.frame().closure.as_deref().and_then(Self::class_with);
            return match class.map(|class| Object::new(Kind::Heap(class), None)) {
                Some(class) => models::made(SUPER, Arguments::positional(vec![Object::none(None), class]), place),
                None => unknown(),
            };
        };
        match (&receiver.kind, &class.kind) {
            (_, Kind::Heap(_)) => models::made(SUPER, Arguments::positional(vec![receiver, class]), place),
            _ => unknown(),
        }
    }

    /// The class whose body defines a method.
    pub(super) fn class_with(method: &Closure) -> Option<HeapId> {
        method.class.as_ref()?.get().copied()
    }

    /// The first argument of the running method, and the class that defines it.
    fn running_method(&mut self) -> Option<(Object, Object)> {
        let frame = self.frame();
        let closure = frame.closure.clone()?;
        let scope = frame.body();
        let first = Object::str(closure.function.parameters.first()?.name.clone(), None);
        let receiver = self.dict_of(scope)?.entries.get(&super::heap::Key::of(&first)?)?.value.clone();
        let class = self.class_of_receiver(&receiver)?;
        let order = self.resolution_order(class);
        let defines = Self::class_with(&closure)?;
        let found = order.into_iter().find(|base| matches!(base.kind, Kind::Heap(id) if id == defines))?;
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
        let Some(class) = self.class_of_receiver(&receiver) else {
            self.conceal_above(&after, name);
            self.may_raise("an attribute")?;
            return Ok(unknown());
        };
        let is_plain = matches!(self.contents(class), Some(Contents::Class(source)) if source.is_plain);
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
            Found::Here(when, value) if when.is_true() && is_plain => self.bound_to_receiver(receiver, class, &value),
            Found::Here(_, value) => {
                self.any_number_of_times(|machine| {
                    let given = machine.bound_to_receiver(receiver.clone(), class, &value)?;
                    machine.conceal(&given);
                    Ok(())
                });
                self.may_raise("an attribute")?;
                Ok(unknown())
            }
            Found::Base(base) => {
                if name.as_ref() == "__init__" {
                    self.run_foreign_constructor(class);
                }
                Ok(self.base_attribute(receiver, &base, name))
            }
            Found::Nowhere => {
                if !is_plain {
                    self.run_foreign_constructor(class);
                }
                self.conceal(&receiver);
                Ok(unknown())
            }
        }
    }

    /// What the bases of a class have under a name may be what something that is not known gives.
    fn conceal_above(&mut self, class: &Object, name: &Name) {
        let Kind::Heap(id) = class.kind else { return };
        let above = self.resolution_order(id).into_iter().skip(1).collect();
        if let Found::Here(_, value) = self.along(above, name) {
            self.may_use(&value);
        }
    }

    /// What taking an attribute that a class has gives, where it is taken from an instance of it, or from a class.
    fn bound_to_receiver(&mut self, receiver: Object, class: HeapId, value: &Object) -> Run<Object> {
        let value = self.narrowed(value);
        match receiver.kind {
            Kind::Heap(id) if id != class => self.bound_to(&receiver, class, &value),
            // Taken from a class: only class methods are bound.
            _ => Ok(match &value.kind {
                Kind::Function(closure) if closure.binding == Binding::Class => bound(receiver, value),
                _ => value,
            }),
        }
    }
}
