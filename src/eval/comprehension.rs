//! Comprehensions and generator expressions.

use super::changes::Changes;
use super::heap::{Contents, Dict};
use super::machine::{Machine, Run};
use super::object::{HeapId, Item, Kind, Object};
use super::operator::MAX_ITEMS;
use crate::python::ast::{Clause, Comprehension, ComprehensionKind, Expr, ExprKind};
use crate::source::Place;

/// `{key: value for key, value in …}`, where no key stands for two: the order of the items matters to the dict's alone.
fn keeps_keys(comprehension: &Comprehension) -> bool {
    let [clause] = comprehension.clauses.as_slice() else { return false };
    let (ComprehensionKind::Dict, ExprKind::Tuple(targets)) = (comprehension.kind, &clause.target.kind) else {
        return false;
    };
    let [key, value] = targets.as_slice() else { return false };
    let is_same = |target: &Expr, element: &Expr| match (&target.kind, &element.kind) {
        (ExprKind::Name(target), ExprKind::Name(element)) => target == element,
        _ => false,
    };
    let kept = comprehension.value.as_ref().is_some_and(|kept| is_same(value, kept));
    kept && is_same(key, &comprehension.element) && !is_same(key, value)
}

impl Machine<'_> {
    pub(super) fn eval_comprehension(&mut self, comprehension: &Comprehension, place: Option<Place>) -> Run<Object> {
        let Some(first) = comprehension.clauses.first() else { return Ok(Object::unknown("no clause", place)) };
        if comprehension.clauses.iter().any(|clause| clause.is_async) {
            return Ok(Object::unknown("an asynchronous comprehension is not evaluated", place));
        }
        let outermost = self.eval(&first.iter)?;
        let scope = self.allocate(Contents::Dict(Dict::scope()));
        let frame = self.frame();
        let was_captured = std::mem::take(&mut frame.is_captured);
        frame.scopes.insert(0, scope);
        frame.comprehensions += 1;
        let target = self.allocate(match comprehension.kind {
            ComprehensionKind::Dict => Contents::Dict(Dict::default()),
            _ => Contents::List(Vec::new()),
        });
        let run = self.run_clauses(comprehension, &comprehension.clauses, Some(outermost), scope, target);
        let frame = self.frame();
        frame.scopes.remove(0);
        frame.comprehensions -= 1;
        let is_captured = frame.is_captured;
        frame.is_captured |= was_captured;
        run?;
        if !is_captured {
            self.state.forget(scope);
        }
        if let Some(cell) = self.state.cell_mut(target) {
            cell.changes = Changes::default();
        }
        let built = Object::new(Kind::Heap(target), place);
        let items = match self.contents(target) {
            Some(Contents::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        Ok(match comprehension.kind {
            ComprehensionKind::List | ComprehensionKind::Dict => built,
            ComprehensionKind::Set => {
                let items = self.distinct(items);
                self.set(items, place)
            }
            ComprehensionKind::Generator => self.iterable("builtins.generator", items, &[], place),
        })
    }

    fn run_clauses(
        &mut self,
        comprehension: &Comprehension,
        clauses: &[Clause],
        iter: Option<Object>,
        scope: HeapId,
        target: HeapId,
    ) -> Run<()> {
        let Some((clause, inner)) = clauses.split_first() else {
            return self.add_element(comprehension, target);
        };
        let iter = match iter {
            Some(iter) => iter,
            None => self.eval(&clause.iter)?,
        };
        let unordered = match keeps_keys(comprehension) {
            true => self.unordered_pairs(&iter),
            false => None,
        };
        let items = match unordered {
            Some(pairs) => {
                if let Some(cell) = self.state.cell_mut(target)
                    && let Contents::Dict(dict) = &mut cell.contents
                {
                    dict.is_reordered = true;
                }
                pairs
            }
            None => self.items_or_unknown(&iter)?,
        };
        for item in items {
            self.step()?;
            let run = |machine: &mut Self| -> Run<()> {
                machine.assign_in(&clause.target, item.object.clone(), Some(scope))?;
                machine.run_filters(comprehension, &clause.ifs, inner, scope, target)
            };
            let done = self.branch(
                item.when,
                |machine| {
                    match item.repeated {
                        true => machine.any_number_of_times(|machine| run(machine)),
                        false => run(machine)?,
                    }
                    Ok(Object::none(None))
                },
                |_| Ok(Object::none(None)),
            );
            done?;
        }
        Ok(())
    }

    fn run_filters(
        &mut self,
        comprehension: &Comprehension,
        filters: &[crate::python::ast::Expr],
        inner: &[Clause],
        scope: HeapId,
        target: HeapId,
    ) -> Run<()> {
        let Some((filter, rest)) = filters.split_first() else {
            return self.run_clauses(comprehension, inner, None, scope, target);
        };
        let holds = self.eval_test(filter)?;
        self.branch(
            holds,
            |machine| machine.run_filters(comprehension, rest, inner, scope, target).map(|()| Object::none(None)),
            |_| Ok(Object::none(None)),
        )?;
        Ok(())
    }

    fn add_element(&mut self, comprehension: &Comprehension, target: HeapId) -> Run<()> {
        let element = self.eval(&comprehension.element)?;
        if let Some(value) = &comprehension.value {
            let value = self.eval(value)?;
            self.need_hashable(&element)?;
            self.set_entry(target, &element, value);
            return Ok(());
        }
        if comprehension.kind == ComprehensionKind::Set {
            self.need_hashable(&element)?;
        }
        if let Some(cell) = self.state.cell_mut(target)
            && let Contents::List(items) = &mut cell.contents
        {
            items.push(Item::new(element));
            if items.len() > MAX_ITEMS {
                return Err(self.lose());
            }
        }
        Ok(())
    }
}
