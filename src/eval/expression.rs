//! Expressions.

use std::sync::Arc;

use super::changes::Changes;
use super::formula::Formula;
use super::heap::{Contents, Dict, Key, either};
use super::iterator::{Rounds, is_iterator};
use super::machine::{Machine, Run};
use super::object::{Binding, Class, Closure, HeapId, Item, Kind, Object, Piece};
use super::raise::Exception;
use super::text;
use crate::python::ast::{self, Expr, ExprKind, FormatPart, Suspension};

impl Machine<'_> {
    /// The value of an expression. Where an operation gives something of which nothing is known, it may as well raise.
    pub(super) fn eval(&mut self, expr: &Expr) -> Run<Object> {
        let value = self.eval_whole(expr)?;
        let is_made = !matches!(expr.kind, ExprKind::Name(_) | ExprKind::Starred(_));
        Ok(if is_made { self.bounded(value) } else { value })
    }

    fn eval_whole(&mut self, expr: &Expr) -> Run<Object> {
        self.step()?;
        let value = self.eval_kind(expr)?;
        let what = match &expr.kind {
            ExprKind::Attribute(..) => "an attribute",
            ExprKind::Subscript(..) => "a subscript",
            ExprKind::Call(_) => "a call",
            ExprKind::Binary(..) | ExprKind::Unary(..) | ExprKind::Compare(..) => "an operator",
            ExprKind::Format(_) => "a format",
            _ => return Ok(value),
        };
        self.unless_raised(value, what)
    }

    /// What an expression gives, in the cases in which evaluating it does not raise.
    fn unless_raised(&mut self, value: Object, what: &str) -> Run<Object> {
        if self.is_guarded() && may_have_raised(&value) {
            self.may_raise(what)?;
        }
        Ok(value)
    }

    /// What a call calls. A method that is called where it is taken is not passed on.
    pub(super) fn eval_callee(&mut self, expr: &Expr) -> Run<Object> {
        let ExprKind::Attribute(object, name) = &expr.kind else { return self.eval(expr) };
        self.step()?;
        let object = self.eval(object)?;
        let found = self.attribute(&object, name)?;
        let found = self.seen_at(found, expr);
        self.unless_raised(found, "an attribute")
    }

    fn eval_kind(&mut self, expr: &Expr) -> Run<Object> {
        let place = self.place(expr.span);
        match &expr.kind {
            ExprKind::None => Ok(Object::none(place)),
            ExprKind::Ellipsis => Ok(Object::new(Kind::Ellipsis, place)),
            ExprKind::Bool(value) => Ok(Object::bool(*value, place)),
            ExprKind::Int(value) => Ok(Object::int(*value, place)),
            ExprKind::Float(value) => Ok(Object::new(Kind::Float(*value), place)),
            ExprKind::Str(text) => Ok(Object::str(text.clone(), place)),
            ExprKind::Bytes(bytes) => Ok(Object::new(Kind::Bytes(bytes.clone()), place)),
            ExprKind::Format(parts) => {
                let pieces = self.format_pieces(parts)?;
                Ok(text::template(pieces, place))
            }
            ExprKind::Name(name) => self.lookup(name),
            ExprKind::Attribute(value, name) => {
                let value = self.eval(value)?;
                let found = self.attribute(&value, name)?;
                self.may_call_taken(&value, name);
                Ok(self.seen_at(found, expr))
            }
            ExprKind::Subscript(value, index) => {
                let value = self.eval(value)?;
                if let ExprKind::Slice(lower, upper, step) = &index.kind {
                    let bounds = [self.eval_bound(lower)?, self.eval_bound(upper)?, self.eval_bound(step)?];
                    return self.slice(&value, &bounds, place);
                }
                let index = self.eval(index)?;
                let found = self.subscript(&value, &index)?;
                Ok(self.seen_at(found, expr))
            }
            ExprKind::Slice(..) => Ok(Object::unknown("a slice object is not evaluated", place)),
            ExprKind::Call(call) => self.eval_call(call, expr.span),
            ExprKind::List(items) => {
                let items = self.eval_items(items)?;
                Ok(self.list(items, place))
            }
            ExprKind::Tuple(items) => {
                let items = self.eval_items(items)?;
                Ok(self.tuple(items, place))
            }
            ExprKind::Set(items) => {
                let items = self.eval_items(items)?;
                items.iter().try_for_each(|item| self.need_hashable_item(item))?;
                let items = self.distinct(items);
                Ok(self.set(items, place))
            }
            ExprKind::Dict(items) => self.eval_dict(items, expr),
            ExprKind::Starred(value) => self.eval(value),
            ExprKind::Binary(left, op, right) => {
                let left = self.eval(left)?;
                let right = self.eval(right)?;
                self.binary(*op, &left, &right, place)
            }
            ExprKind::Unary(op, value) => {
                let value = self.eval(value)?;
                self.unary(*op, &value, place)
            }
            ExprKind::And(parts) => self.eval_and_or(parts, true),
            ExprKind::Or(parts) => self.eval_and_or(parts, false),
            ExprKind::Compare(left, rest) => self.eval_compare(left, rest, place),
            ExprKind::IfElse { test, body, orelse } => {
                let test = self.eval_test(test)?;
                self.branch(test, |machine| machine.eval(body), |machine| machine.eval(orelse))
            }
            ExprKind::Lambda(function) => self.closure(function, Binding::Instance),
            ExprKind::Comprehension(comprehension) => self.eval_comprehension(comprehension, place),
            ExprKind::Generator(function) => self.eval_generator(function, place),
            ExprKind::Walrus(name, value) => {
                let value = self.eval(value)?;
                self.bind(name, value.clone());
                Ok(value)
            }
            ExprKind::Suspend(how, value) => {
                if let Some(value) = value {
                    let handed = self.eval(value)?;
                    if *how == Suspension::YieldFrom {
                        self.items_or_unknown(&handed)?;
                    }
                    self.escape_deeply(&handed, "it is handed to whoever runs the function");
                    self.conceal(&handed);
                }
                let what = if *how == Suspension::Await { "an await" } else { "a yield" };
                Ok(Object::unknown(format!("{what} is not evaluated"), place))
            }
            ExprKind::Opaque(what) => Ok(Object::unknown(format!("{what} is not evaluated"), place)),
        }
    }

    /// In which cases an expression used as a condition holds.
    pub(super) fn eval_test(&mut self, test: &Expr) -> Run<Formula> {
        let value = self.eval(test)?;
        Ok(self.truth(&value))
    }

    /// An unknown is best explained where it is used first; everything else where it was written.
    fn seen_at(&self, object: Object, expr: &Expr) -> Object {
        match object.origin {
            None => object.at(self.place(expr.span)),
            Some(_) => object,
        }
    }

    fn eval_bound(&mut self, bound: &Option<Box<Expr>>) -> Run<Option<Object>> {
        bound.as_ref().map(|bound| self.eval(bound)).transpose()
    }

    // --- functions ---

    /// A function with what it closes over.
    pub(super) fn closure(&mut self, function: &Arc<ast::Function>, binding: Binding) -> Run<Object> {
        let mut defaults = Vec::with_capacity(function.parameters.len());
        for parameter in &function.parameters {
            defaults.push(parameter.default.as_ref().map(|default| self.eval(default)).transpose()?);
        }
        let place = self.place(function.name_span);
        let frame = self.frame();
        frame.is_captured = true;
        let module = frame.module.clone();
        let scopes = frame.seen_within();
        let class = frame.class_cell.clone().or_else(|| frame.closure.as_ref()?.class.clone());
        let qualified = format!("{}.{}", module.name, function.name).into();
        let closure = Closure {
            function: function.clone(),
            defaults,
            scopes,
            class,
            module,
            qualified,
            place,
            binding,
            generator: None,
        };
        Ok(Object::new(Kind::Function(Arc::new(closure)), place))
    }

    // --- displays ---

    /// The items of a list, tuple or set display, with `*` unpacked.
    fn eval_items(&mut self, items: &[Expr]) -> Run<Vec<Item>> {
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                ExprKind::Starred(value) => {
                    let value = self.eval(value)?;
                    found.extend(self.items_or_unknown(&value)?);
                }
                _ => found.push(Item::new(self.eval(item)?)),
            }
        }
        Ok(found)
    }

    fn eval_dict(&mut self, items: &[(Option<Expr>, Expr)], expr: &Expr) -> Run<Object> {
        let place = self.place(expr.span);
        let target = self.allocate(Contents::Dict(Dict::default()));
        for (key, value) in items {
            match key {
                Some(key) => {
                    let key = self.eval(key)?;
                    let value = self.eval(value)?;
                    self.need_hashable(&key)?;
                    self.set_entry(target, &key, value);
                }
                None => {
                    let value = self.eval(value)?;
                    // Pairs will do for `dict.update`, but not for `**`.
                    if !value.alternatives().iter().all(|(_, object)| self.mapping(object).is_some()) {
                        self.may_raise("`**`")?;
                    }
                    self.update_dict(target, &value)?;
                }
            }
        }
        if let Some(cell) = self.state.cell_mut(target) {
            cell.changes = Changes::default();
        }
        Ok(Object::new(Kind::Heap(target), place))
    }

    /// `dict.update` with a mapping.
    pub(super) fn update_dict(&mut self, target: HeapId, from: &Object) -> Run<()> {
        for (when, from) in self.possible(from) {
            let source = match &from.kind {
                Kind::Heap(id) => self.copied(*id),
                _ => None,
            };
            let Some(Contents::Dict(source)) = source else {
                self.update_from_pairs(target, &from, when)?;
                continue;
            };
            self.steps(source.entries.len())?;
            if source.is_reordered
                && let Some(cell) = self.state.cell_mut(target)
                && let Contents::Dict(dict) = &mut cell.contents
            {
                dict.is_reordered = true;
            }
            for entry in source.entries.values() {
                let when = self.formulas.and(when, entry.when);
                self.set_entry_when(target, &entry.key, entry.value.clone(), when);
            }
            if let Some(why) = &source.open {
                self.open_dict(target, why);
            }
        }
        Ok(())
    }

    fn update_from_pairs(&mut self, target: HeapId, from: &Object, when: Formula) -> Run<()> {
        let why = match &from.kind {
            Kind::Unknown(unknown) => unknown.why.to_string(),
            _ => "it is updated with something that is not known".to_owned(),
        };
        if is_iterator(from) {
            // What an iterator gives later may depend on what the dict then holds.
            return self.branch_to(when, |machine| {
                machine.run_over(from, Rounds::All, &mut |machine, pair, _| {
                    machine.update_with_pairs(target, vec![Item::new(pair)], Formula::TRUE, &why)
                })
            });
        }
        match self.items(from)? {
            Some(items) => self.update_with_pairs(target, items, when, &why),
            None => {
                self.may_raise("updating a dict")?;
                self.open_dict(target, &why);
                Ok(())
            }
        }
    }

    fn update_with_pairs(&mut self, target: HeapId, items: Vec<Item>, when: Formula, why: &str) -> Run<()> {
        for item in items {
            let when = self.formulas.and(when, item.when);
            if self.formulas.excludes(self.state.path, when) {
                continue;
            }
            let pair = match self.formulas.implies(self.state.path, when) && !item.repeated {
                true => self.items(&item.object)?,
                // What is no pair raises where it is there.
                false => self.pair_that_may_be_there(&item.object)?,
            };
            match pair.as_deref() {
                Some([key, value]) if key.is_certain() && value.is_certain() && !item.repeated => {
                    self.need_hashable_where(when, &key.object)?;
                    self.set_entry_when(target, &key.object, value.object.clone(), when);
                }
                Some(pair) if !item.repeated && pair.iter().all(Item::is_certain) => {
                    let exception = Exception::new("ValueError", "dictionary update sequence element is not a pair");
                    if self.formulas.implies(self.state.path, when) {
                        self.fail(exception)?;
                        self.open_dict(target, why);
                    } else {
                        self.raise_when(when, exception)?;
                    }
                }
                _ => {
                    self.may_raise("updating a dict")?;
                    self.open_dict(target, why);
                }
            }
        }
        Ok(())
    }

    /// The items of what is a pair, if it is there; none where that is not certain.
    fn pair_that_may_be_there(&mut self, object: &Object) -> Run<Option<Vec<Item>>> {
        match &object.kind {
            Kind::Tuple(_) | Kind::Str(_) => self.items(object),
            Kind::Heap(id) if matches!(self.contents(*id), Some(Contents::List(_))) => self.items(object),
            _ => Ok(None),
        }
    }

    /// Binds `key` in a dict in the cases of `when`, and leaves it as it is in the others.
    pub(super) fn set_entry_when(&mut self, target: HeapId, key: &Object, value: Object, when: Formula) {
        if self.formulas.implies(self.state.path, when) {
            return self.set_entry(target, key, value);
        }
        if self.formulas.excludes(self.state.path, when) {
            return;
        }
        let before = Key::of(key).and_then(|key| self.dict_of(target)?.entries.get(&key).cloned());
        self.set_entry(target, key, value.clone());
        let otherwise = self.formulas.not(when);
        let (merged, present) = match before {
            Some(before) => {
                let kept = self.formulas.and(otherwise, before.when);
                let merged = either(&mut self.formulas, [(when, &value), (kept, &before.value)]);
                (merged, self.formulas.or(when, before.when))
            }
            None => (value, when),
        };
        let Some(found) = Key::of(key) else { return };
        if let Some(cell) = self.state.cell_mut(target)
            && let Contents::Dict(dict) = &mut cell.contents
            && let Some(entry) = dict.entries.get_mut(&found)
        {
            entry.value = merged;
            entry.when = present;
        }
    }

    // --- conditions ---

    /// `a and b`, `a or b`: the first that decides it, else the last.
    fn eval_and_or(&mut self, parts: &[Expr], is_and: bool) -> Run<Object> {
        let Some((first, rest)) = parts.split_first() else { return Ok(Object::none(None)) };
        let value = self.eval(first)?;
        if rest.is_empty() {
            return Ok(value);
        }
        let truth = self.truth(&value);
        let goes_on = if is_and { truth } else { self.formulas.not(truth) };
        self.branch(goes_on, |machine| machine.eval_and_or(rest, is_and), |machine| Ok(machine.narrowed(&value)))
    }

    fn eval_compare(
        &mut self,
        left: &Expr,
        rest: &[(ast::CompareOp, Expr)],
        place: Option<crate::source::Place>,
    ) -> Run<Object> {
        let left = self.eval(left)?;
        self.compare_chain(&left, rest, place)
    }

    /// What stands further right is evaluated only where what stands before it holds.
    fn compare_chain(
        &mut self,
        left: &Object,
        rest: &[(ast::CompareOp, Expr)],
        place: Option<crate::source::Place>,
    ) -> Run<Object> {
        let Some(((op, right), rest)) = rest.split_first() else { return Ok(Object::bool(true, place)) };
        let right = self.eval(right)?;
        let holds = self.compare(*op, left, &right)?;
        if rest.is_empty() {
            return Ok(self.truth_object(holds, place));
        }
        self.branch(holds, |machine| machine.compare_chain(&right, rest, place), |_| Ok(Object::bool(false, place)))
    }

    // --- f-strings ---

    fn format_pieces(&mut self, parts: &[FormatPart]) -> Run<Vec<Piece>> {
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                FormatPart::Literal(text) => pieces.push(Piece::Literal(text.clone())),
                FormatPart::Hole { value, conversion, spec } => {
                    let place = self.place(value.span);
                    let value = self.eval(value)?;
                    let spec = self.format_pieces(spec)?;
                    let spec = text::template(spec, place);
                    let Some(spec) = spec.as_str().cloned() else {
                        pieces.push(Piece::Hole(Object::unknown_of(Class::Str, "its format is not known", place)));
                        continue;
                    };
                    pieces.extend(self.formatted(&value, *conversion, &spec)?);
                }
            }
        }
        Ok(pieces)
    }
}

/// Whether a part of what an operation gave is known so little that it may have raised instead. What depends on an
/// environment variable alone has a term.
pub(super) fn may_have_raised(value: &Object) -> bool {
    match &value.kind {
        Kind::Unknown(unknown) => unknown.term.is_none(),
        Kind::Either(alternatives) => alternatives.iter().any(|(_, value)| may_have_raised(value)),
        Kind::Template(pieces) => {
            pieces.iter().any(|piece| matches!(piece, Piece::Hole(hole) if may_have_raised(hole)))
        }
        _ => false,
    }
}
