//! Attributes: of modules, classes, instances, paths, and of what is not evaluated.

use std::sync::Arc;

use super::formula::{Formula, Subject};
use super::guard::EXCEPTION;
use super::heap::{ClassObject, Contents, Instance, Key, either};
use super::machine::{Machine, Run};
use super::methods;
use super::models;
use super::object::{Binding, Class, HeapId, Kind, Module, Object};
use super::raise::Exception;
use super::resolution::Found;
use super::text;
use crate::python::ast::Name;
use crate::source::Place;

impl Machine<'_> {
    /// `object.name`.
    pub(super) fn attribute(&mut self, object: &Object, name: &Name) -> Run<Object> {
        let object = self.resolved(object)?;
        if let Kind::Either(alternatives) = &object.kind
            && alternatives.iter().all(|(_, object)| has_only_methods(object) && self.may_have(object, name))
        {
            return self.method_of(&object, name);
        }
        self.each(&object, |machine, object| machine.attribute_of(&object, name))
    }

    /// Whether an object may have an attribute: false for a built-in type that has none of this name.
    fn may_have(&self, object: &Object, name: &Name) -> bool {
        methods::has_attribute(self.built_in_class(object), name)
    }

    /// The built-in class of an object, where it is of one.
    fn built_in_class(&self, object: &Object) -> Class {
        match &object.kind {
            Kind::Heap(id) => match self.contents(*id) {
                Some(Contents::List(_)) => Class::List,
                Some(Contents::Set(_)) => Class::Set,
                Some(Contents::Dict(_)) => Class::Dict,
                _ => Class::Any,
            },
            _ => text::class_of(object),
        }
    }

    fn attribute_of(&mut self, object: &Object, name: &Name) -> Run<Object> {
        let place = self.statement();
        if !self.may_have(object, name) {
            let message = format!("the object has no attribute '{name}'");
            return self.fail(Exception::new("AttributeError", message));
        }
        match &object.kind {
            Kind::Module(module) => self.module_attribute(module, name),
            Kind::Symbol(symbol) => {
                let full = format!("{symbol}.{name}");
                if let Some(value) = models::attribute(self, &full) {
                    return Ok(value);
                }
                if !takes_any_attribute(symbol) {
                    self.may_raise("an attribute")?;
                }
                let member = Object::symbol(full, object.origin);
                self.resolved(&member)
            }
            Kind::Heap(id) => match self.copied(*id) {
                Some(Contents::Class(class)) => self.class_attribute(*id, &class, name),
                Some(Contents::Instance(instance)) => self.instance_attribute(object, &instance, name),
                _ => self.method_of(object, name),
            },
            Kind::Made(made) if made.function.as_ref() == super::supers::SUPER => {
                let (receiver, class) = (made.arguments.get(0, "").cloned(), made.arguments.get(1, "").cloned());
                self.super_attribute(receiver, class, name)
            }
            Kind::Path(path) => match models::pathlib::attribute(self, path, name, object.origin) {
                Some(value) => value,
                None => {
                    self.may_raise("an attribute")?;
                    Ok(method(object, name))
                }
            },
            Kind::Function(closure) if name.as_ref() == "__name__" => Ok(own_name(&closure.function.name, place)),
            Kind::Function(_) | Kind::Bound(_) => {
                self.may_raise("an attribute")?;
                Ok(Object::unknown("attributes of functions are not evaluated", place))
            }
            Kind::None if name.starts_with("__") => self.method_of(object, name),
            Kind::None | Kind::Unbound => {
                let message = format!("'NoneType' object has no attribute '{name}'");
                self.fail(Exception::new("AttributeError", message))
            }
            _ => self.method_of(object, name),
        }
    }

    /// An attribute of what has methods alone, as far as it is known.
    fn method_of(&mut self, object: &Object, name: &Name) -> Run<Object> {
        /// What an exception has that an `except` clause names, of which no more is known.
        const OF_EXCEPTIONS: [&str; 4] = ["args", "errno", "filename", "strerror"];
        let is_known = match &object.kind {
            Kind::Unknown(unknown) if unknown.why.starts_with(EXCEPTION) => OF_EXCEPTIONS.contains(&name.as_ref()),
            Kind::Made(made) => !models::is_standard_library(made.function.split('.').next().unwrap_or_default()),
            _ => methods::are_known(self.built_in_class(object)),
        };
        if !is_known || name.starts_with("__") && name.as_ref() != "__class__" {
            self.may_raise("an attribute")?;
        }
        Ok(method(object, name))
    }

    fn module_attribute(&mut self, module: &Module, name: &Name) -> Run<Object> {
        if name.as_ref() == "__dict__" {
            return Ok(Object::new(Kind::Heap(module.namespace), self.statement()));
        }
        let key = Key::Str(name.clone());
        let dict = self.dict_of(module.namespace);
        let entry = dict.and_then(|dict| dict.entries.get(&key).cloned());
        let open = dict.and_then(|dict| dict.open.clone());
        let (bound, value) = match entry {
            Some(entry) => (entry.when, Some(entry.value)),
            None => (Formula::FALSE, None),
        };
        let missing = self.formulas.not(bound);
        if self.formulas.excludes(self.state.path, missing)
            && let Some(value) = &value
        {
            return Ok(self.narrowed(value));
        }
        let full = format!("{}.{name}", module.name);
        if bound.is_false() && self.world.module(&full).is_some() {
            // A submodule that something imported, or that is imported when it is asked for.
            if self.mode.imports == super::machine::Imports::Lazy || self.state.has_loaded(&full) {
                return self.import_module(&full);
            }
        }
        let place = self.statement();
        let hook = Key::str("__getattr__");
        let has_hook = self.dict_of(module.namespace).is_some_and(|dict| dict.entries.contains_key(&hook));
        let otherwise = match (open, has_hook) {
            (Some(why), _) => Object::unknown(format!("{full}: {why}"), place),
            (None, true) => Object::unknown(format!("{full} comes from the module's __getattr__"), place),
            (None, false) => {
                let message = format!("module '{}' has no attribute '{name}'", module.name);
                let exception = Exception::new("AttributeError", message);
                return match value {
                    Some(value) => {
                        self.raise_when(missing, exception)?;
                        Ok(self.narrowed(&value))
                    }
                    None => self.fail(exception),
                };
            }
        };
        Ok(match value {
            Some(value) => either(&mut self.formulas, [(bound, &value), (missing, &otherwise)]),
            None => otherwise,
        })
    }

    fn class_attribute(&mut self, id: HeapId, class: &Arc<ClassObject>, name: &Name) -> Run<Object> {
        let place = self.statement();
        let receiver = Object::new(Kind::Heap(id), class.place);
        match self.along_bases(id, name) {
            Found::Here(when, value) if class.is_plain => {
                let missing = self.formulas.not(when);
                self.raise_when(missing, Exception::new("AttributeError", format!("no attribute '{name}'")))?;
                let value = self.narrowed(&value);
                Ok(match &value.kind {
                    Kind::Function(closure) if closure.binding == Binding::Class => bound(receiver, value),
                    Kind::Function(closure)
                        if matches!(closure.binding, Binding::Property | Binding::CachedProperty) =>
                    {
                        self.conceal(&value);
                        Object::unknown("a property itself", place)
                    }
                    _ => self.described(value),
                })
            }
            Found::Here(_, value) => {
                self.described(value.clone());
                self.conceal(&value);
                let why = format!("{}.{name} may be changed by a base class or a decorator", class.name);
                Ok(Object::unknown(why, place))
            }
            Found::Base(_) if name.as_ref() == "__name__" => Ok(own_name(&class.name, place)),
            Found::Base(base) => {
                self.may_raise("an attribute")?;
                Ok(self.base_attribute(receiver, &base, name))
            }
            Found::Nowhere => match name.as_ref() {
                "__name__" => Ok(own_name(&class.name, place)),
                "__module__" => Ok(Object::str(class.module.name.clone(), place)),
                _ if name.starts_with("__") => {
                    self.may_raise("an attribute")?;
                    Ok(Object::unknown("a special attribute", place))
                }
                // A metaclass may have it, as `type` has `mro`.
                _ if !class.is_plain || name.as_ref() == "mro" => {
                    self.may_raise("an attribute")?;
                    Ok(Object::unknown(format!("{}.{name} is not evaluated", class.name), place))
                }
                _ => {
                    let message = format!("type object '{}' has no attribute '{name}'", class.name);
                    self.fail(Exception::new("AttributeError", message))
                }
            },
        }
    }

    fn instance_attribute(&mut self, object: &Object, instance: &Arc<Instance>, name: &Name) -> Run<Object> {
        let place = self.statement();
        if self.own_method(instance.class, "__getattribute__").is_some() {
            self.meet(object);
            self.conceal(object);
            return Ok(Object::unknown(format!("{name} comes from the class's __getattribute__"), place));
        }
        let key = Key::Str(name.clone());
        let attributes = self.dict_of(instance.attributes);
        let is_open = attributes.is_some_and(|dict| dict.open.is_some());
        let why_open = format!("the attribute {name} is set by something that is not known");
        if let Some(entry) = attributes.and_then(|dict| dict.entries.get(&key).cloned()) {
            if self.is_set_by_class(instance.class, name) {
                return self.vague_attribute(object, name, why_open);
            }
            if self.formulas.implies(self.state.path, entry.when) {
                return Ok(self.narrowed(&entry.value));
            }
            // Where the instance has none of its own, it has that of its class.
            return self.branch(
                entry.when,
                |machine| Ok(machine.narrowed(&entry.value)),
                |machine| match is_open {
                    true => machine.vague_attribute(object, name, why_open),
                    false => machine.attribute_of_class(object, instance, name),
                },
            );
        }
        if is_open {
            return self.vague_attribute(object, name, why_open);
        }
        self.attribute_of_class(object, instance, name)
    }

    /// What an instance has from its class.
    fn attribute_of_class(&mut self, object: &Object, instance: &Arc<Instance>, name: &Name) -> Run<Object> {
        let place = self.statement();
        let Some(Contents::Class(class)) = self.contents(instance.class).cloned() else {
            return Ok(Object::unknown("its class is not known", place));
        };
        if name.as_ref() == "__class__" && class.is_plain {
            return Ok(Object::new(Kind::Heap(instance.class), place));
        }
        let is_plain = class.is_plain || models::pydantic::is_settings_class(self, instance.class);
        let why = format!("{}.{name} is not evaluated", class.name);
        match self.along_bases(instance.class, name) {
            Found::Here(when, value) if is_plain => {
                let missing = self.formulas.not(when);
                self.raise_when(missing, Exception::new("AttributeError", format!("no attribute '{name}'")))?;
                let value = self.narrowed(&value);
                self.bound_to(object, instance.class, &value)
            }
            Found::Nowhere if class.is_plain && !name.starts_with("__") => {
                let has_hook = matches!(self.along_bases(instance.class, &"__getattr__".into()), Found::Here(..));
                if has_hook {
                    self.meet(object);
                    return Ok(Object::unknown(format!("{name} comes from the class's __getattr__"), place));
                }
                let message = format!("'{}' object has no attribute '{name}'", class.name);
                self.fail(Exception::new("AttributeError", message))
            }
            Found::Base(base) if class.is_plain => match &base.kind {
                Kind::Symbol(symbol) => match models::attribute(self, &format!("{symbol}.{name}")) {
                    Some(value) => Ok(value),
                    None => self.vague_attribute(object, name, why),
                },
                _ => self.vague_attribute(object, name, why),
            },
            _ => self.vague_attribute(object, name, why),
        }
    }

    /// An attribute that a class has from a base which is not evaluated.
    pub(super) fn base_attribute(&mut self, receiver: Object, base: &Object, name: &Name) -> Object {
        let place = self.statement();
        let Kind::Symbol(symbol) = &base.kind else {
            return Object::unknown(format!("a base class decides {name}"), place);
        };
        let full = format!("{symbol}.{name}");
        models::attribute(self, &full).unwrap_or_else(|| bound(receiver, Object::symbol(full, place)))
    }

    /// `del object.name`.
    pub(super) fn delete_attribute(&mut self, object: &Object, name: &Name) -> Run<Object> {
        if let Some(class) = self.class_of_instance(object)
            && self.own_method(class, "__delattr__").is_some()
        {
            self.meet(object);
            self.escape(object, "its class decides what deleting an attribute does");
            self.may_raise("deleting an attribute")?;
            return Ok(Object::none(None));
        }
        let own = match &object.kind {
            Kind::Module(module) => Some(module.namespace),
            Kind::Heap(id) => match self.contents(*id) {
                Some(Contents::Class(class)) => Some(class.namespace),
                Some(Contents::Instance(instance)) => Some(instance.attributes),
                _ => None,
            },
            _ => None,
        };
        let key = Object::str(name.clone(), None);
        match own.map(|own| (own, self.dict_of(own).cloned())) {
            Some((own, Some(dict))) => {
                let missing = Exception::new("AttributeError", format!("there is no attribute '{name}'"));
                match (dict.entries.get(&Key::str(name.clone())), &dict.open) {
                    (Some(entry), None) => {
                        let absent = self.formulas.not(entry.when);
                        self.raise_when(absent, missing)?;
                    }
                    (_, Some(_)) => self.may_raise("deleting an attribute")?,
                    (None, None) => return self.fail(missing),
                }
                self.remove_entry(own, &key);
            }
            _ => {
                self.escape(object, "an attribute of it is deleted");
                self.may_raise("deleting an attribute")?;
            }
        }
        Ok(Object::none(None))
    }

    /// `object.name = value`.
    pub(super) fn set_attribute(&mut self, object: &Object, name: &Name, value: Object) -> Run<()> {
        let object = self.resolved(object)?;
        self.each(&object, |machine, object| {
            let key = Object::str(name.clone(), machine.statement());
            match &object.kind {
                Kind::Module(module) => machine.set_entry(module.namespace, &key, value.clone()),
                Kind::Heap(id) => match machine.copied(*id) {
                    Some(Contents::Class(class)) => machine.set_entry(class.namespace, &key, value.clone()),
                    Some(Contents::Instance(instance)) => {
                        if machine.own_method(instance.class, "__setattr__").is_some() {
                            machine.call_operators(instance.class, |name| name == "__setattr__");
                            machine.conceal(&value);
                            machine.open_dict(instance.attributes, "its class decides what setting an attribute does");
                        } else if !machine.set_by_class(&object, instance.class, name, &value)? {
                            machine.set_entry(instance.attributes, &key, value.clone());
                        }
                    }
                    _ => machine.may_raise("setting an attribute")?,
                },
                Kind::Made(made) => {
                    models::set_attribute(machine, &made.clone(), &key, value.clone());
                    machine.may_raise("setting an attribute")?;
                }
                _ => {
                    machine.conceal(&value);
                    machine.escape_opaque(&object, "an attribute of something that is not known is set");
                    let takes_any = match &object.kind {
                        Kind::Function(_) => true,
                        Kind::Symbol(symbol) => takes_any_attribute(symbol),
                        _ => false,
                    };
                    if !takes_any {
                        machine.may_raise("setting an attribute")?;
                    }
                }
            }
            Ok(Object::none(None))
        })?;
        Ok(())
    }

    /// `hasattr(object, name)`, as a formula.
    pub(super) fn has_attribute(&mut self, object: &Object, name: &Name) -> Run<Formula> {
        let object = self.resolved(object)?;
        let mut any = Formula::FALSE;
        for (when, object) in self.possible(&object) {
            let key = Key::Str(name.clone());
            let dict = match &object.kind {
                Kind::Module(module) => self.dict_of(module.namespace).cloned(),
                _ => None,
            };
            let has = match (&object.kind, dict) {
                (Kind::Module(_), Some(dict)) if dict.open.is_none() => {
                    dict.entries.get(&key).map_or(Formula::FALSE, |entry| entry.when)
                }
                (Kind::None, _) => Formula::FALSE,
                _ if !self.may_have(&object, name) => Formula::FALSE,
                _ => {
                    self.may_take(&object, name);
                    self.fresh(format!("it has an attribute {name}"), Subject::Other)
                }
            };
            let both = self.formulas.and(when, has);
            any = self.formulas.or(any, both);
        }
        Ok(any)
    }
}

/// Whether what a library holds under a name has each attribute that is asked for, and takes each that is set: a module that
/// can be imported does, but a class or a constant may not.
fn takes_any_attribute(symbol: &str) -> bool {
    let last = symbol.rsplit('.').next().unwrap_or(symbol);
    !symbol.starts_with("builtins.") && !last.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Whether an attribute of an object can only be a method, whatever its name.
fn has_only_methods(object: &Object) -> bool {
    matches!(
        object.kind,
        Kind::Str(_)
            | Kind::Template(_)
            | Kind::Bytes(_)
            | Kind::Int(_)
            | Kind::Bool(_)
            | Kind::Float(_)
            | Kind::Tuple(_)
    ) || matches!(&object.kind, Kind::Unknown(unknown) if !matches!(unknown.class, Class::Any | Class::Path | Class::File))
}

fn method(object: &Object, name: &Name) -> Object {
    Object::new(Kind::Method(Arc::new((object.clone(), name.clone()))), object.origin)
}

pub(super) fn bound(receiver: Object, function: Object) -> Object {
    let origin = function.origin;
    Object::new(Kind::Bound(Arc::new((receiver, function))), origin)
}

/// Used where a path's attribute is text that is not known.
pub(super) fn unknown_text(origin: Option<Place>) -> Object {
    Object::unknown_of(Class::Str, "the path is not known", origin)
}

/// `__name__` of a function or class. A private one of a class is bound by another name.
fn own_name(name: &Name, place: Option<Place>) -> Object {
    match name.starts_with('_') && name.contains("__") {
        true => Object::unknown_of(Class::Str, "the name is private", place),
        false => Object::str(name.clone(), place),
    }
}
