//! Classes and decorators.

use std::sync::Arc;

use super::attribute::bound;
use super::heap::{ClassObject, Contents, Dict, Key};
use super::machine::{Frame, Machine, Run, Stop};
use super::models;
use super::object::{Arguments, Binding, ClassCell, HeapId, Kind, Object};
use super::raise::Exception;
use super::scope::Scope;
use crate::python::ast::{self, Expr, ExprKind};

/// A function that is called once for the same arguments: the function, a dict of what it gave, and how
/// many results it remembers.
pub(super) const CACHED: &str = "functools.lru_cache()";
/// A property with further functions than that which is called where it is read: that, and the others by name.
pub(super) const PROPERTY: &str = "builtins.property";

impl Machine<'_> {
    pub(super) fn run_class(&mut self, class: &Arc<ast::Class>, is_decorated: bool) -> Run<Object> {
        let mut bases = Vec::with_capacity(class.bases.len());
        for base in &class.bases {
            bases.push(self.eval(base)?);
        }
        let mut keywords = Arguments::default();
        for (name, value) in &class.keywords {
            let value = self.eval(value)?;
            match name {
                Some(name) if name.as_ref() != "metaclass" => keywords.named.push((name.clone(), value)),
                _ => {
                    self.call_metaclass(&value);
                    keywords.open = true;
                }
            }
        }
        let place = self.place(class.name_span);
        let namespace = self.allocate(Contents::Dict(Dict::scope()));
        let frame = self.frame();
        frame.is_captured = true;
        let mut scopes = vec![Scope { namespace, names: class.names.clone() }];
        scopes.extend(frame.seen_within());
        let module = frame.module.clone();
        let class_cell = ClassCell::default();
        let body =
            Frame { scopes, is_class: true, class_cell: Some(class_cell.clone()), ..Frame::of_module(module.clone()) };
        self.frames.push(body);
        self.run_block(&class.body);
        self.frames.pop();
        if !self.is_alive() {
            return Err(Stop);
        }
        let is_named = self.name_attributes(namespace);
        let is_plain = !is_decorated && !is_named && !keywords.open;
        let is_plain = is_plain && bases.iter().all(|base| self.is_plain_base(base));
        let class =
            ClassObject { name: class.name.clone(), module, bases, namespace, source: class.clone(), place, is_plain };
        let id = self.allocate(Contents::Class(Arc::new(class)));
        class_cell.get_or_init(|| id);
        let class = Object::new(Kind::Heap(id), place);
        self.tell_bases(id, &class, keywords)?;
        Ok(class)
    }

    /// Calls the `__init_subclass__` that a new class inherits, if the project has it.
    fn tell_bases(&mut self, id: HeapId, class: &Object, keywords: Arguments) -> Run<()> {
        let place = self.statement();
        for base in self.resolution_order(id).iter().skip(1) {
            let Kind::Heap(base) = base.kind else {
                // What a library's base passes on is not known, but nothing is asked for that was not found above it.
                self.call_operators(id, |name| name == "__init_subclass__");
                return Ok(());
            };
            let Some(dict) = self.dict_of(base) else { continue };
            let Some(entry) = dict.entries.get(&Key::str("__init_subclass__")).cloned() else { continue };
            return match &entry.value.kind {
                Kind::Function(closure) if closure.binding == Binding::Class && entry.when.is_true() => {
                    let method = bound(class.clone(), entry.value.clone());
                    self.call(&method, keywords, place).map(drop)
                }
                _ => {
                    self.escape(&entry.value, "it is told of the classes that inherit from it");
                    self.may_raise("__init_subclass__")
                }
            };
        }
        match keywords.named.is_empty() {
            true => Ok(()),
            false => self.fail(Exception::new("TypeError", "__init_subclass__() takes no keyword arguments")).map(drop),
        }
    }

    /// The attributes of a class are told their names; whether one of them may then change the class.
    fn name_attributes(&mut self, namespace: HeapId) -> bool {
        let Some(dict) = self.dict_of(namespace) else { return false };
        let values: Vec<Object> = dict.entries.values().map(|entry| entry.value.clone()).collect();
        let mut is_named = false;
        for (_, value) in values.iter().flat_map(Object::alternatives) {
            let Some(class) = self.class_of_instance(&value) else { continue };
            if self.own_method(class, "__set_name__").is_some() {
                self.call_operators(class, |name| name == "__set_name__");
                is_named = true;
            }
        }
        is_named
    }

    /// The class of the project that an object is an instance of.
    pub(super) fn class_of_instance(&self, object: &Object) -> Option<HeapId> {
        let Kind::Heap(id) = object.kind else { return None };
        match self.contents(id)? {
            Contents::Instance(instance) => Some(instance.class),
            _ => None,
        }
    }

    /// A metaclass may have any of its methods called, now and whenever something is done to the class.
    fn call_metaclass(&mut self, class: &Object) {
        self.call_operators_of(class, |_| true);
        let Kind::Heap(id) = class.kind else { return };
        if !matches!(self.contents(id), Some(Contents::Class(_))) {
            return;
        }
        for base in self.resolution_order(id) {
            let Kind::Heap(base) = base.kind else { continue };
            let Some(dict) = self.dict_of(base) else { continue };
            let values: Vec<Object> = dict.entries.values().map(|entry| entry.value.clone()).collect();
            for method in values {
                self.escape(&method, "a metaclass may call it");
                self.conceal(&method);
            }
        }
    }

    /// Something that is not known may be what a class holds that is not as its body says.
    pub(super) fn conceal_class(&mut self, object: &Object) {
        let Kind::Heap(id) = object.kind else { return };
        if !matches!(self.contents(id), Some(Contents::Class(class)) if !class.is_plain) {
            return;
        }
        let Some(dict) = self.dict_of(id) else { return };
        let values: Vec<Object> = dict.entries.values().map(|entry| entry.value.clone()).collect();
        values.iter().filter(|value| !matches!(value.kind, Kind::Function(_))).for_each(|value| self.conceal(value));
    }

    /// Whether a base leaves the attributes of the class body as they are.
    fn is_plain_base(&mut self, base: &Object) -> bool {
        const PLAIN: [&str; 7] = [
            "builtins.object",
            "channels.",
            "configurations.",
            "django.apps.",
            "django.utils.deprecation.",
            "abc.ABC",
            "typing.",
        ];
        match &base.kind {
            Kind::Symbol(name) => PLAIN.iter().any(|plain| name.starts_with(plain)),
            Kind::Heap(id) => matches!(self.contents(*id), Some(Contents::Class(class)) if class.is_plain),
            _ => false,
        }
    }

    pub(super) fn decorate(&mut self, decorators: &[Expr], mut value: Object) -> Run<Object> {
        for decorator in decorators.iter().rev() {
            if let Some(part) = property_part(decorator) {
                let ExprKind::Attribute(property, _) = &decorator.kind else { continue };
                let property = self.eval(property)?;
                value = self.property_with(&property, part, value);
                continue;
            }
            let function = self.eval(decorator)?;
            if is_transparent(&function) {
                continue;
            }
            if is_cache(&function) {
                let results = self.dict(Dict::default(), None);
                let most = match &function.kind {
                    Kind::Made(made) => made.arguments.get(0, "maxsize").cloned(),
                    _ => Some(Object::none(None)),
                };
                let most = most.unwrap_or_else(|| Object::int(128, None));
                let parts = Arguments::positional(vec![value, results, most]);
                value = models::made(CACHED, parts, self.place(decorator.span));
                continue;
            }
            let place = self.place(decorator.span);
            let is_function = matches!(function.kind, Kind::Function(_));
            // A decorator of a library is taken to call nothing at once. One of the project is followed, but out of
            // sight not with what it is given.
            let decorated = self.decorated.len();
            if let Kind::Function(closure) = &value.kind
                && !(is_function && self.is_out_of_sight())
            {
                self.decorated.push(closure.function.clone());
            }
            let result = self.call(&function, Arguments::positional(vec![value.clone()]), place);
            self.decorated.truncate(decorated);
            let result = result?;
            // A decorator of a library most often returns the class or function, changed or not.
            value = match (&value.kind, is_function) {
                (Kind::Heap(_), false) => value,
                _ => result,
            };
        }
        Ok(value)
    }
}

impl Machine<'_> {
    /// A property with a further function: what is called where it is set, or deleted.
    fn property_with(&mut self, property: &Object, part: &str, function: Object) -> Object {
        let mut arguments = match &property.kind {
            Kind::Made(made) if made.function.as_ref() == PROPERTY => made.arguments.clone(),
            _ => Arguments::positional(vec![property.clone()]),
        };
        match part {
            "getter" => arguments.positional = vec![function],
            _ => arguments.named.push((part.into(), function)),
        }
        models::made(PROPERTY, arguments, property.origin)
    }
}

/// Which function of a property a decorator sets.
fn property_part(decorator: &Expr) -> Option<&str> {
    match &decorator.kind {
        ExprKind::Attribute(_, name) if matches!(name.as_ref(), "setter" | "deleter" | "getter") => Some(name),
        _ => None,
    }
}

/// How a function binds by its name and its decorators.
pub(super) fn binding_of(name: &str, decorators: &[Expr], is_in_class: bool) -> Binding {
    let named = decorators.iter().find_map(|decorator| match &decorator.kind {
        ExprKind::Name(name) | ExprKind::Attribute(_, name) => match name.as_ref() {
            "staticmethod" => Some(Binding::Static),
            "classmethod" => Some(Binding::Class),
            "property" => Some(Binding::Property),
            "cached_property" => Some(Binding::CachedProperty),
            _ => None,
        },
        _ => None,
    });
    // These are class methods without being declared so.
    let is_class_method = is_in_class && matches!(name, "__init_subclass__" | "__class_getitem__");
    named.unwrap_or(if is_class_method { Binding::Class } else { Binding::Instance })
}

/// Whether a decorator remembers what a function gave.
fn is_cache(decorator: &Object) -> bool {
    match &decorator.kind {
        Kind::Symbol(name) => matches!(name.as_ref(), "functools.lru_cache" | "functools.cache"),
        Kind::Made(made) => made.function.as_ref() == "functools.lru_cache",
        _ => false,
    }
}

/// Whether a decorator gives the function back as it is, as far as its value goes.
fn is_transparent(decorator: &Object) -> bool {
    const NAMES: [&str; 10] = [
        "builtins.staticmethod",
        "builtins.classmethod",
        "builtins.property",
        "functools.wraps",
        "functools.cached_property",
        "django.utils.functional.cached_property",
        "typing.no_type_check",
        "typing.final",
        "typing.override",
        "abc.abstractmethod",
    ];
    match &decorator.kind {
        Kind::Symbol(name) => NAMES.contains(&name.as_ref()),
        Kind::Made(made) => NAMES.contains(&made.function.as_ref()),
        _ => false,
    }
}
