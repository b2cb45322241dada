//! Names: which scope one is looked up in, and which one an assignment binds it in.
//!
//! Source: `analyze_name` in `Python/symtable.c` of CPython.

use std::sync::Arc;

use super::builtins;
use super::heap::{Key, either};
use super::machine::{Frame, Machine, Run};
use super::object::{HeapId, Object};
use super::raise::Exception;
use crate::eval::formula::Formula;
use crate::python::ast::{Name, Names};

/// What a module, a function's call, a class body or a run of a comprehension has bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Name and value of each.
    pub namespace: HeapId,
    /// What its source does to names; of a module, nothing.
    pub names: Arc<Names>,
}

/// Where a name is looked up.
struct Resolution {
    /// The class body in which it may be bound.
    class: Option<HeapId>,
    /// The function or comprehension that binds it; where there is none the module is asked, then the builtins.
    binder: Option<HeapId>,
}

impl Frame {
    /// The names that the running body binds: a module's, a function's or a class's.
    pub fn body(&self) -> HeapId {
        self.scopes[self.comprehensions].namespace
    }

    /// The scopes that what is defined here sees, innermost first: without class bodies and without the module.
    pub fn seen_within(&self) -> Vec<Scope> {
        let hidden = self.is_class.then(|| self.body());
        let is_seen = |scope: &&Scope| scope.namespace != self.module.namespace && Some(scope.namespace) != hidden;
        self.scopes.iter().filter(is_seen).cloned().collect()
    }

    fn resolve(&self, name: &Name) -> Resolution {
        let (comprehensions, around) = self.scopes.split_at(self.comprehensions);
        if let Some(scope) = comprehensions.iter().find(|scope| scope.names.binds(name)) {
            return Resolution { class: None, binder: Some(scope.namespace) };
        }
        // The names of a class body are not seen by what is nested in it.
        let (class, around) = match around {
            [body, around @ ..] if self.is_class => (comprehensions.is_empty().then_some(body), around),
            around => (None, around),
        };
        let is_own = class.is_some_and(|class| class.names.binds(name) || class.names.is_global(name));
        let binder = if is_own { None } else { binder(around, name) };
        let class = class.filter(|class| !class.names.is_global(name));
        Resolution { class: class.map(|class| class.namespace), binder }
    }

    /// The namespace in which an assignment at this point binds a name.
    pub fn binds_in(&self, name: &Name) -> HeapId {
        let (body, around) = match &self.scopes[self.comprehensions..] {
            [body, around @ ..] => (body, around),
            [] => return self.module.namespace,
        };
        match () {
            () if body.names.is_global(name) => self.module.namespace,
            () if body.names.binds(name) => body.namespace,
            // What a function or class body assigns and does not make its own is declared `nonlocal`.
            () => binder(around, name).unwrap_or(body.namespace),
        }
    }
}

/// The innermost of some scopes that binds a name, if none within it declares that `global`.
fn binder(scopes: &[Scope], name: &Name) -> Option<HeapId> {
    let decides = |scope: &&Scope| scope.names.binds(name) || scope.names.is_global(name);
    scopes.iter().find(decides).filter(|scope| !scope.names.is_global(name)).map(|scope| scope.namespace)
}

impl Machine<'_> {
    /// The object that a name is bound to.
    pub(super) fn lookup(&mut self, name: &Name) -> Run<Object> {
        let frame = self.frame();
        let Resolution { class, binder } = frame.resolve(name);
        let module = frame.module.namespace;
        let is_own = binder == frame.scopes.first().map(|scope| scope.namespace);
        // From 3.12 on list comprehensions are run as a part of the function, and not as one of their own.
        let differs = !is_own && !frame.is_generator && binder == Some(frame.body());
        let key = Key::Str(name.clone());
        let mut found: Vec<(Formula, Object)> = Vec::new();
        let mut rest = Formula::TRUE;
        let mut is_vague = false;
        for namespace in class.into_iter().chain([binder.unwrap_or(module)]) {
            let Some(dict) = self.dict_of(namespace) else { continue };
            if let Some(entry) = dict.entries.get(&key) {
                let (when, value) = (entry.when, entry.value.clone());
                let here = self.formulas.and(rest, when);
                found.push((here, value));
                rest = self.formulas.and_not(rest, when);
            } else if let Some(why) = dict.open.clone().filter(|_| !builtins::is_never_rebound(name)) {
                let place = self.statement();
                found.push((rest, Object::unknown(format!("{name}: {why}"), place)));
                rest = Formula::FALSE;
                is_vague = true;
            }
            if self.formulas.excludes(self.state.path, rest) {
                rest = Formula::FALSE;
                break;
            }
        }
        if !rest.is_false() && binder.is_none() && builtins::exists(name) {
            found.push((rest, Object::symbol(format!("builtins.{name}"), None)));
            rest = Formula::FALSE;
        }
        if !rest.is_false() && binder.is_none() && builtins::UNBOUND_NAMES.contains(&name.as_ref()) {
            let place = self.statement();
            found.push((rest, Object::unknown(format!("{name} is not evaluated"), place)));
            rest = Formula::FALSE;
            is_vague = true;
        }
        if is_vague && !builtins::exists(name) {
            self.may_raise("a name")?;
        }
        let message = format!("name '{name}' is not defined");
        let unbound = match () {
            () if differs => Exception::of_any_class(message),
            () if is_own => Exception::new("UnboundLocalError", message),
            () => Exception::new("NameError", message),
        };
        if found.is_empty() {
            return self.fail(unbound);
        }
        if !rest.is_false() {
            self.raise_when(rest, unbound)?;
        }
        let parts: Vec<(Formula, &Object)> = found.iter().map(|(when, object)| (*when, object)).collect();
        let value = match parts.as_slice() {
            [(_, only)] => (*only).clone(),
            _ => either(&mut self.formulas, parts),
        };
        Ok(self.narrowed(&value))
    }

    /// Binds a name where an assignment at this point binds it.
    pub(super) fn bind(&mut self, name: &Name, value: Object) {
        let frame = self.frame();
        let module = frame.module.namespace;
        let scope = frame.binds_in(name);
        let place = self.statement();
        self.set_entry(scope, &Object::str(name.clone(), place), value.clone());
        if scope == module && name.as_ref() == "DEBUG" {
            self.assume_production(&value);
        }
    }
}
