//! Statements.

use super::formula::Formula;
use super::heap::{Contents, State};
use super::iterator::{Rounds, is_iterator};
use super::machine::{Machine, Run, Stop};
use super::object::{Class, Item, Kind, Object};
use super::raise::Exception;
use crate::python::ast::{self, Expr, Name, Stmt, StmtKind};

impl Machine<'_> {
    /// Runs statements in order, as far as they are reached.
    pub(super) fn run_block(&mut self, body: &[Stmt]) {
        for statement in body {
            if !self.is_alive() {
                return;
            }
            self.frame().statement = statement.span;
            if self.run(statement).is_err() {
                self.state.path = Formula::FALSE;
            }
        }
    }

    /// Runs a block as an arm of a branch.
    pub(super) fn run_arm(&mut self, body: &[Stmt]) -> Run<Object> {
        self.run_block(body);
        if self.is_alive() { Ok(Object::none(None)) } else { Err(Stop) }
    }

    fn run(&mut self, statement: &Stmt) -> Run<()> {
        self.step()?;
        match &statement.kind {
            StmtKind::Expr(value) => self.eval(value).map(drop),
            StmtKind::Assign { targets, value } => {
                let value = self.eval(value)?;
                targets.iter().try_for_each(|target| self.assign(target, value.clone()))
            }
            StmtKind::AugAssign { target, op, value } => self.run_aug_assign(target, *op, value),
            StmtKind::Delete(targets) => targets.iter().try_for_each(|target| self.delete(target)),
            StmtKind::If { branches, orelse } => self.run_if(branches, orelse),
            StmtKind::For { target, iter, body, orelse, is_async } => {
                if *is_async {
                    self.any_number_of_times(|machine| machine.run_arm(body).map(drop));
                    return Ok(());
                }
                let iter = self.eval(iter)?;
                self.run_for(target, &iter, body, orelse)
            }
            StmtKind::While { test, body, orelse } => self.run_while(test, body, orelse),
            StmtKind::With { items, body } => self.run_with(items, body),
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                self.in_own_cases(|machine| machine.run_try(body, handlers, orelse, finalbody))
            }
            StmtKind::Match { subject, cases } => {
                let subject = self.eval(subject)?;
                self.run_cases(&subject, cases)
            }
            StmtKind::Raise { exception, cause } => self.run_raise(exception.as_ref(), cause.as_ref()),
            StmtKind::Assert { test, message } => {
                let holds = self.eval_test(test)?;
                let exception = Exception::new("AssertionError", "an assertion fails");
                match message.as_ref().filter(|_| self.is_guarded()) {
                    Some(message) => {
                        let raise = |machine: &mut Self| {
                            machine.eval(message)?;
                            Err(machine.raise(exception))
                        };
                        self.branch(holds, |_| Ok(Object::none(None)), raise).map(drop)
                    }
                    None => {
                        let fails = self.formulas.not(holds);
                        self.raise_when(fails, exception)
                    }
                }
            }
            StmtKind::Return(value) => self.run_return(value.as_ref()),
            StmtKind::Import(aliases) => aliases.iter().try_for_each(|alias| self.run_import(alias)),
            StmtKind::ImportFrom { level, module, names } => self.run_import_from(*level, module, names),
            StmtKind::Function { function, decorators } => {
                let is_in_class = self.frame().is_class;
                let binding = super::class::binding_of(&function.name, decorators, is_in_class);
                let value = self.closure(function, binding)?;
                let value = self.decorate(decorators, value)?;
                self.bind(&function.name, value);
                Ok(())
            }
            StmtKind::Class { class, decorators } => {
                let value = self.run_class(class, !decorators.is_empty())?;
                let value = self.decorate(decorators, value)?;
                self.bind(&class.name, value);
                Ok(())
            }
            StmtKind::Break => {
                let state = self.leave();
                if let Some(innermost) = self.frame().loops.last_mut() {
                    innermost.breaks.push(state);
                }
                Err(Stop)
            }
            StmtKind::Continue => {
                let state = self.leave();
                if let Some(innermost) = self.frame().loops.last_mut() {
                    innermost.continues.push(state);
                }
                Err(Stop)
            }
            StmtKind::Global(_) | StmtKind::Nonlocal(_) | StmtKind::Annotate(_) | StmtKind::Pass => Ok(()),
        }
    }

    /// Takes the state away: this point ends, and the state goes on elsewhere.
    pub(super) fn leave(&mut self) -> State {
        let state = std::mem::replace(&mut self.state, State::new());
        self.state.path = Formula::FALSE;
        state
    }

    fn run_return(&mut self, value: Option<&Expr>) -> Run<()> {
        let value = match value {
            Some(value) => self.eval(value)?,
            None => Object::none(self.statement()),
        };
        let Some(result) = self.frame().result.as_ref().map(|(result, _)| *result) else { return Err(Stop) };
        let value = self.narrowed(&value);
        let items = value.alternatives().into_iter().map(|(when, object)| Item { object, when, repeated: false });
        let items = items.collect();
        if let Some(cell) = self.state.cell_mut(result) {
            cell.contents = Contents::List(items);
        }
        let state = self.leave();
        if let Some((_, states)) = &mut self.frame().result {
            states.push(state);
        }
        Err(Stop)
    }

    /// Extends a list with what an object gives. An iterator is asked for one item after the other, and may see the list.
    pub(super) fn extend_list_with(&mut self, id: super::object::HeapId, values: &Object) -> Run<()> {
        if is_iterator(values) {
            return self.run_over(values, Rounds::All, &mut |machine, item, _| {
                machine.extend_list(id, vec![Item::new(item)]);
                if machine.is_alive() { Ok(()) } else { Err(Stop) }
            });
        }
        let new = self.items_or_unknown(values)?;
        self.extend_list(id, new);
        Ok(())
    }

    /// Extends a list with items, as `+=` and `extend` do.
    pub(super) fn extend_list(&mut self, id: super::object::HeapId, new: Vec<Item>) {
        let Some(Contents::List(items)) = self.contents(id) else { return };
        if items.len() + new.len() > super::operator::MAX_ITEMS {
            self.lose();
            return;
        }
        if let Some(cell) = self.change(id)
            && let Contents::List(items) = &mut cell.contents
        {
            items.extend(new);
        }
    }

    /// What production is assumed to set `DEBUG` to, where the source does not decide it.
    pub(super) fn assume_production(&mut self, debug: &Object) {
        if !self.mode.production
            || matches!(debug.kind, Kind::Unknown(ref unknown) if unknown.class != Class::Any && unknown.term.is_none())
        {
            return;
        }
        let truth = self.truth(debug);
        let on = self.formulas.and(self.state.path, truth);
        let off = self.formulas.and_not(self.state.path, truth);
        if !on.is_false() && !off.is_false() {
            let assumed = self.formulas.not(on);
            self.assume(assumed, "DEBUG is False");
        }
    }
}

/// The name that an `import` without `as` binds: the first part of a dotted one.
pub(super) fn bound_by_import(alias: &ast::Alias) -> Name {
    match &alias.asname {
        Some(name) => name.clone(),
        None => alias.name.split('.').next().unwrap_or_default().into(),
    }
}
