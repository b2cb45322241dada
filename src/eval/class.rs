//! Classes and decorators.

use std::sync::Arc;

use super::heap::{ClassObject, Contents, Dict};
use super::machine::{Frame, Machine, Run, Stop};
use super::object::{Arguments, Binding, Kind, Object};
use crate::python::ast::{self, Expr, ExprKind};

impl Machine<'_> {
    pub(super) fn run_class(&mut self, class: &Arc<ast::Class>, is_decorated: bool) -> Run<Object> {
        let mut bases = Vec::with_capacity(class.bases.len());
        for base in &class.bases {
            bases.push(self.eval(base)?);
        }
        for base in &bases {
            self.call_operators_of(base, |name| name == "__init_subclass__");
        }
        for (_, value) in &class.keywords {
            let value = self.eval(value)?;
            self.call_operators_of(&value, |_| true);
        }
        let place = self.place(class.name_span);
        let namespace = self.allocate(Contents::Dict(Dict::scope()));
        let frame = self.frame();
        frame.is_captured = true;
        let outer = frame.is_class.then(|| frame.scopes[frame.comprehensions]);
        let mut scopes = vec![namespace];
        scopes.extend(frame.scopes.iter().copied().filter(|scope| Some(*scope) != outer));
        let module = frame.module.clone();
        let body = Frame { scopes, is_class: true, ..Frame::of_module(module.clone()) };
        self.frames.push(body);
        self.run_block(&class.body);
        self.frames.pop();
        if !self.is_alive() {
            return Err(Stop);
        }
        let is_plain = !is_decorated && class.keywords.is_empty() && bases.iter().all(|base| self.is_plain_base(base));
        let class =
            ClassObject { name: class.name.clone(), module, bases, namespace, source: class.clone(), place, is_plain };
        let id = self.allocate(Contents::Class(Arc::new(class)));
        Ok(Object::new(Kind::Heap(id), place))
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
            let function = self.eval(decorator)?;
            if is_transparent(&function) {
                continue;
            }
            let place = self.place(decorator.span);
            let is_function = matches!(function.kind, Kind::Function(_));
            // A decorator of a library is taken to call nothing at once.
            let decorated = self.decorated.len();
            if let Kind::Function(closure) = &value.kind {
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

/// How a function binds by its decorators.
pub(super) fn decorated_binding(decorators: &[Expr]) -> Binding {
    let named = decorators.iter().find_map(|decorator| match &decorator.kind {
        ExprKind::Name(name) | ExprKind::Attribute(_, name) => match name.as_ref() {
            "staticmethod" => Some(Binding::Static),
            "classmethod" => Some(Binding::Class),
            "property" | "cached_property" => Some(Binding::Property),
            _ => None,
        },
        _ => None,
    });
    named.unwrap_or(Binding::Instance)
}

/// Whether a decorator gives the function back as it is, as far as its value goes.
fn is_transparent(decorator: &Object) -> bool {
    const NAMES: [&str; 12] = [
        "builtins.staticmethod",
        "builtins.classmethod",
        "builtins.property",
        "functools.lru_cache",
        "functools.cache",
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
