//! What a test that holds says of a name.

use std::sync::Arc;

use super::heap::Key;
use super::machine::Machine;
use super::object::{Class, HeapId, Kind, Object, Piece};
use super::text;
use crate::python::ast::{Expr, ExprKind, Name};

impl Machine<'_> {
    /// Takes a test that holds here for what it says of the names in it: a string that `startswith` tells the beginning
    /// of has that beginning.
    pub(super) fn narrow_by(&mut self, test: &Expr) {
        match &test.kind {
            ExprKind::And(tests) => tests.iter().for_each(|test| self.narrow_by(test)),
            ExprKind::Call(call) => {
                if let ExprKind::Attribute(receiver, method) = &call.function.kind
                    && method.as_ref() == "startswith"
                    && let ExprKind::Name(name) = &receiver.kind
                    && let [beginning] = call.args.as_slice()
                    && call.keywords.is_empty()
                    && let Some(beginning) = self.constant_text(beginning)
                {
                    self.begin_with(name, &beginning);
                }
            }
            _ => {}
        }
    }

    /// A string that is written out, or a name of one.
    fn constant_text(&mut self, expr: &Expr) -> Option<Arc<str>> {
        match &expr.kind {
            ExprKind::Str(text) => Some(text.clone()),
            ExprKind::Name(name) => self.local_value(name)?.1.as_str().cloned(),
            _ => None,
        }
    }

    /// A string of which nothing else is known, not even which variables it is read from, begins with `beginning`.
    fn begin_with(&mut self, name: &Name, beginning: &Arc<str>) {
        let Some((scope, Object { kind: Kind::Unknown(unknown), origin })) = self.local_value(name) else { return };
        if unknown.class != Class::Str || unknown.term.is_some() || beginning.is_empty() {
            return;
        }
        let rest = Object::unknown_of(Class::Str, unknown.why.clone(), origin);
        let known = text::template(vec![Piece::Literal(beginning.clone()), Piece::Hole(rest)], origin);
        self.set_entry(scope, &Object::str(name.clone(), None), known);
    }

    /// The value of a name that is bound for certain in the scope that runs, and the namespace of that.
    fn local_value(&mut self, name: &Name) -> Option<(HeapId, Object)> {
        let scope = self.frame().scopes.first()?.namespace;
        let entry = self.dict_of(scope)?.entries.get(&Key::Str(name.clone()))?.clone();
        self.formulas.implies(self.state.path, entry.when).then(|| (scope, self.narrowed(&entry.value)))
    }
}
