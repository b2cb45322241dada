//! `try`, `with` and `raise`.

use super::formula::{Formula, Subject};
use super::heap::{Contents, State};
use super::machine::{Machine, Run, Stop};
use super::models;
use super::object::{Arguments, Class, Item, Kind, Object};
use super::raise::{Catches, Exception};
use crate::python::ast::{Expr, Handler, Stmt, StmtKind};

/// How it begins why the name of an `except` clause is not known.
pub(super) const EXCEPTION: &str = "it is the exception: ";

impl Machine<'_> {
    pub(super) fn run_with(&mut self, items: &[(Expr, Option<Expr>)], body: &[Stmt]) -> Run<()> {
        let mut suppressed = None;
        let mut prefixed = Vec::new();
        let mut managers = Vec::new();
        let marks = self.marks();
        for (context, target) in items {
            let manager = self.eval(context)?;
            self.meet(&manager);
            self.conceal(&manager);
            let place = self.place(context.span);
            let mut is_known = models::files::entered(&manager).is_some();
            if let Kind::Made(made) = &manager.kind
                && made.function.as_ref() == "contextlib.suppress"
            {
                is_known = true;
                let classes = made.arguments.positional.iter().cloned().map(Item::new).collect();
                suppressed = Some(self.tuple(classes, place));
            }
            if let Some(class) = self.class_of_instance(&manager)
                && self.own_method(class, "__exit__").is_some()
            {
                is_known = true;
                // It may suppress whatever is raised.
                let anything = Object::unknown("what it suppresses is not known", place);
                suppressed = Some(self.tuple(vec![Item::new(anything)], place));
            }
            managers.push(manager.clone());
            let entered = models::environs::enter_prefixed(self, &manager);
            if !is_known && entered.is_none() {
                self.may_raise("a context manager")?;
            }
            if let Some(target) = target {
                let value = match &entered {
                    Some((_, env)) => env.clone(),
                    None => self.map(&manager, |machine, manager| {
                        Ok(match &manager.kind {
                            Kind::Unknown(unknown) => {
                                let class = if unknown.class == Class::File { Class::File } else { Class::Any };
                                machine.derived(unknown, class, |text| format!("{text}.__enter__()"), place)
                            }
                            _ => models::files::entered(manager).unwrap_or_else(|| {
                                Object::unknown("what a context manager gives is not evaluated", place)
                            }),
                        })
                    })?,
                };
                self.assign(target, value)?;
            }
            prefixed.extend(entered.map(|(prefixed, _)| prefixed));
        }
        let Some(classes) = suppressed else {
            let ran = self.run_arm(body).map(drop);
            managers.iter().for_each(|manager| self.exit(manager));
            for prefixed in prefixed.iter().rev() {
                models::environs::leave_prefixed(&mut self.state, prefixed);
                self.each_since(marks, |_, state| models::environs::leave_prefixed(state, prefixed));
            }
            return ran;
        };
        self.handlers.enter();
        self.run_block(body);
        let ends = self.left_early();
        let raised = self.end_guarded(&ends);
        let mut rest = Vec::new();
        for (state, exception) in raised {
            match self.catches(&classes, &exception) {
                Catches::No => rest.push((state, exception)),
                Catches::Yes => self.join([state]),
                Catches::Perhaps => {
                    let is_caught = self.fresh("the context manager suppresses it", Subject::Other);
                    let mut caught = state.clone();
                    caught.path = self.formulas.and(state.path, is_caught);
                    let mut raised = state;
                    raised.path = self.formulas.and_not(raised.path, is_caught);
                    self.join([caught]);
                    rest.push((raised, exception));
                }
            }
        }
        self.raise_again(rest);
        managers.iter().for_each(|manager| self.exit(manager));
        if self.is_alive() { Ok(()) } else { Err(Stop) }
    }

    /// Leaves a context manager.
    fn exit(&mut self, manager: &Object) {
        self.meet(manager);
        if let Some(file) = models::files::file_of(manager) {
            models::files::close(self, file);
        }
    }

    /// Runs a `try` statement. However it is left, its `finally` is run on the way.
    pub(super) fn run_try(
        &mut self,
        body: &[Stmt],
        handlers: &[Handler],
        orelse: &[Stmt],
        finalbody: &[Stmt],
    ) -> Run<()> {
        if finalbody.is_empty() {
            return self.run_handled(body, handlers, orelse);
        }
        self.with_finally(may_leave(finalbody), |machine| machine.run_handled(body, handlers, orelse), &mut |machine| {
            machine.run_block(finalbody)
        })
    }

    /// Runs `body`, and `last` on every way out of it. `catches_all` says whether `last` may leave by a `break`, `continue`
    /// or `return`.
    fn with_finally(
        &mut self,
        catches_all: bool,
        body: impl FnOnce(&mut Self) -> Run<()>,
        last: &mut dyn FnMut(&mut Self),
    ) -> Run<()> {
        let marks = self.marks();
        // What nothing catches ends the program, and what is done before that shows nowhere.
        let is_guarded = self.is_guarded() || catches_all;
        if is_guarded {
            self.handlers.enter();
        }
        if body(self).is_err() {
            self.state.path = Formula::FALSE;
        }
        let mut raised = Vec::new();
        if is_guarded {
            let ends = self.left_early();
            raised = self.end_guarded(&ends);
        }
        let left_before = self.take_left_since(marks);
        last(self);
        let here = self.leave();
        for (way_out, left) in left_before {
            self.join(left);
            last(self);
            let state = self.leave();
            self.leave_again(way_out, state);
        }
        for (state, exception) in raised {
            self.state = state;
            last(self);
            let state = self.leave();
            if !state.path.is_false() {
                self.pass_on(state, exception);
            }
        }
        self.state = here;
        if self.is_alive() { Ok(()) } else { Err(Stop) }
    }

    fn run_handled(&mut self, body: &[Stmt], handlers: &[Handler], orelse: &[Stmt]) -> Run<()> {
        self.handlers.enter();
        self.run_block(body);
        let ends = self.left_early();
        let mut raised = self.end_guarded(&ends);
        if self.is_alive() {
            self.run_block(orelse);
        }
        let mut ended = vec![self.leave()];
        for handler in handlers {
            let mut taken: Vec<(State, Exception)> = Vec::new();
            let mut rest = Vec::new();
            // Only one of them is raised in each case: one condition serves all.
            let mut perhaps = None;
            for (state, exception) in raised {
                self.state = state;
                let catches = match &handler.class {
                    None => Catches::Yes,
                    Some(class) => match self.eval(class) {
                        Ok(class) => self.catches(&class, &exception),
                        Err(Stop) => continue,
                    },
                };
                let state = self.leave();
                match catches {
                    Catches::Yes => taken.push((state, exception)),
                    Catches::No => rest.push((state, exception)),
                    Catches::Perhaps => {
                        let caught = *perhaps.get_or_insert_with(|| {
                            self.fresh(format!("{} is caught here", exception.message), Subject::Other)
                        });
                        let (mut yes, mut no) = (state.clone(), state);
                        yes.path = self.formulas.and(yes.path, caught);
                        no.path = self.formulas.and_not(no.path, caught);
                        taken.push((yes, exception.clone()));
                        rest.push((no, exception));
                    }
                }
            }
            raised = rest;
            let Some((_, exception)) = taken.first().cloned() else { continue };
            self.join(taken.into_iter().map(|(state, _)| state));
            self.run_handler(handler, exception);
            ended.push(self.leave());
        }
        self.join(ended);
        self.raise_again(raised);
        if self.is_alive() { Ok(()) } else { Err(Stop) }
    }

    /// Runs the body of a handler. The name of the exception is not bound any more after that, however it is left.
    fn run_handler(&mut self, handler: &Handler, exception: Exception) {
        let raised = Object::unknown(format!("{EXCEPTION}{}", exception.message), self.statement());
        self.exceptions.push(exception);
        let Some(name) = &handler.name else {
            self.run_block(&handler.body);
            self.exceptions.pop();
            return;
        };
        self.bind(name, raised);
        let scope = self.frame().binds_in(name);
        let body = |machine: &mut Self| {
            machine.run_block(&handler.body);
            Ok(())
        };
        // The state tells whether anything goes on.
        let _ = self.with_finally(false, body, &mut |machine| {
            machine.remove_entry(scope, &Object::str(name.clone(), None));
        });
        self.exceptions.pop();
    }

    /// What no handler took goes to the `try` around this one.
    fn raise_again(&mut self, raised: Vec<(State, Exception)>) {
        for (state, exception) in raised {
            self.pass_on(state, exception);
        }
    }

    pub(super) fn run_raise(&mut self, exception: Option<&Expr>, cause: Option<&Expr>) -> Run<()> {
        let Some(expr) = exception else {
            let again = self.exceptions.last().cloned();
            return Err(self.raise(again.unwrap_or_else(|| Exception::of_any_class("an exception"))));
        };
        let value = self.eval(expr)?;
        if let Some(cause) = cause {
            self.eval(cause)?;
        }
        let raised = self.each(&value, |machine, value| {
            let exception = machine.exception_of(&value, expr)?;
            Err(machine.raise(exception))
        });
        raised.map(drop)
    }

    /// Whether an object is neither an exception nor a class of them.
    fn is_no_exception(&mut self, object: &Object) -> bool {
        let class = match &object.kind {
            Kind::Heap(id) => match self.contents(*id) {
                Some(Contents::Class(_)) => *id,
                Some(Contents::Instance(instance)) => instance.class,
                contents => return contents.is_some(),
            },
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Str(_) | Kind::Tuple(_) => return true,
            _ => return false,
        };
        self.resolution_order(class).iter().all(|ancestor| match &ancestor.kind {
            Kind::Heap(_) => true,
            Kind::Symbol(name) => name.as_ref() == "builtins.object",
            _ => false,
        })
    }

    /// The exception that `raise value` raises.
    fn exception_of(&mut self, value: &Object, expr: &Expr) -> Run<Exception> {
        let named = |name: &str| Exception::new(name.strip_prefix("builtins.").unwrap_or(name), "it is raised");
        if self.is_no_exception(value) {
            return Ok(Exception::new("TypeError", "exceptions must derive from BaseException"));
        }
        Ok(match &value.kind {
            Kind::Symbol(name) => named(name),
            Kind::Made(made) => named(&made.function),
            Kind::Heap(id) => match self.contents(*id) {
                Some(Contents::Class(class)) => {
                    let message = class.name.clone();
                    // `raise Class` makes an instance.
                    self.call(value, Arguments::default(), self.place(expr.span))?;
                    Exception::of_own_class(*id, message)
                }
                Some(Contents::Instance(instance)) => {
                    Exception::of_own_class(instance.class, "an exception of the project")
                }
                _ => Exception::of_any_class("an exception"),
            },
            _ => Exception::of_any_class("an exception"),
        })
    }
}

/// Whether some statement leaves a loop or a call, perhaps only one within.
fn may_leave(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match &statement.kind {
        StmtKind::Break | StmtKind::Continue | StmtKind::Return(_) => true,
        StmtKind::If { branches, orelse } => branches.iter().any(|(_, body)| may_leave(body)) || may_leave(orelse),
        StmtKind::For { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
            may_leave(body) || may_leave(orelse)
        }
        StmtKind::With { body, .. } => may_leave(body),
        StmtKind::Try { body, handlers, orelse, finalbody } => {
            [body, orelse, finalbody].into_iter().any(|body| may_leave(body))
                || handlers.iter().any(|handler| may_leave(&handler.body))
        }
        StmtKind::Match { cases, .. } => cases.iter().any(|case| may_leave(&case.body)),
        _ => false,
    })
}
