//! Branches, loops and `match`.

use super::formula::{Formula, Subject};
use super::heap::State;
use super::iterator::Rounds;
use super::machine::{Loop, Machine, Run, Stop};
use super::object::Object;
use crate::python::ast::{self, CompareOp, Expr, ExprKind, Pattern, Stmt};

/// Rounds of a `while` loop whose condition is not decided.
const MAX_UNDECIDED_ROUNDS: usize = 8;

impl Machine<'_> {
    pub(super) fn run_if(&mut self, branches: &[(Expr, Vec<Stmt>)], orelse: &[Stmt]) -> Run<()> {
        let Some(((test, body), rest)) = branches.split_first() else {
            return self.run_arm(orelse).map(drop);
        };
        let statement = self.frame().statement;
        let holds = self.eval_test(test)?;
        let done = self.branch(
            holds,
            |machine| {
                machine.narrow_by(test);
                machine.run_arm(body)
            },
            |machine| {
                machine.frame().statement = statement;
                machine.run_if(rest, orelse).map(|()| Object::none(None))
            },
        );
        done.map(drop)
    }

    pub(super) fn run_for(&mut self, target: &Expr, iter: &Object, body: &[Stmt], orelse: &[Stmt]) -> Run<()> {
        let statement = self.frame().statement;
        self.frame().loops.push(Loop::default());
        let ran = self.run_over(iter, Rounds::Loop, &mut |machine, item, _| {
            machine.frame().statement = statement;
            let _ = machine.assign(target, item).and_then(|()| machine.run_arm(body));
            machine.end_round();
            if machine.is_alive() { Ok(()) } else { Err(Stop) }
        });
        if ran.is_err() {
            self.state.path = Formula::FALSE;
        }
        self.end_loop(orelse)
    }

    /// Ends the innermost loop: its `else` is run where no `break` left it.
    fn end_loop(&mut self, orelse: &[Stmt]) -> Run<()> {
        let ended = self.frame().loops.pop().unwrap_or_default();
        self.run_block(orelse);
        self.join(ended.breaks);
        if self.is_alive() { Ok(()) } else { Err(Stop) }
    }

    /// Runs a round any number of times.
    pub(super) fn unknown_rounds(&mut self, mut round: impl FnMut(&mut Self) -> Run<Object>) {
        let take_breaks = |machine: &mut Self| {
            machine.frame().loops.last_mut().map(|innermost| std::mem::take(&mut innermost.breaks)).unwrap_or_default()
        };
        let earlier = take_breaks(self);
        let mut may_have_broken = false;
        self.any_number_of_times(|machine| {
            // Whether it continues or ends, a round of an unknown number of rounds is over.
            let done = round(machine).map(drop);
            machine.end_round();
            let breaks = take_breaks(machine);
            may_have_broken |= !breaks.is_empty();
            machine.join(breaks);
            if machine.is_alive() { Ok(()) } else { done }
        });
        let mut left = self.state.clone();
        if may_have_broken {
            let is_left = self.fresh("the loop is left early", Subject::Other);
            left.path = self.formulas.and(self.state.path, is_left);
            self.state.path = self.formulas.and_not(self.state.path, is_left);
        }
        if let Some(innermost) = self.frame().loops.last_mut() {
            innermost.breaks = earlier;
            if may_have_broken {
                innermost.breaks.push(left);
            }
        }
    }

    /// What `continue` left joins what reached the end of the body.
    fn end_round(&mut self) {
        let continues = self.frame().loops.last_mut().map(|innermost| std::mem::take(&mut innermost.continues));
        self.join(continues.unwrap_or_default());
    }

    pub(super) fn run_while(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Run<()> {
        let statement = self.frame().statement;
        let mut left: Vec<State> = Vec::new();
        let mut undecided = 0;
        self.frame().loops.push(Loop::default());
        loop {
            self.frame().statement = statement;
            let Ok(holds) = self.eval_test(test) else { break };
            let leaving = self.formulas.and_not(self.state.path, holds);
            let staying = self.formulas.and(self.state.path, holds);
            if !leaving.is_false() {
                let mut state = self.state.clone();
                state.path = leaving;
                left.push(state);
                undecided += 1;
            }
            self.state.path = staying;
            if staying.is_false() {
                break;
            }
            if undecided > MAX_UNDECIDED_ROUNDS {
                self.unknown_rounds(|machine| machine.run_arm(body));
                let state = self.leave();
                left.push(state);
                break;
            }
            self.run_block(body);
            self.end_round();
            if self.step().is_err() {
                break;
            }
            // `break`, `return` or `raise` left it in some cases.
            undecided += usize::from(self.state.path != staying);
        }
        self.state.path = Formula::FALSE;
        self.join(left);
        self.end_loop(orelse)
    }

    pub(super) fn run_cases(&mut self, subject: &Object, cases: &[ast::Case]) -> Run<()> {
        let Some((case, rest)) = cases.split_first() else { return Ok(()) };
        let matches = self.matches(&case.pattern, subject)?;
        let done = self.branch(
            matches,
            |machine| {
                machine.bind_pattern(&case.pattern, subject);
                let Some(guard) = &case.guard else { return machine.run_arm(&case.body) };
                let holds = machine.eval_test(guard)?;
                machine.branch(
                    holds,
                    |machine| machine.run_arm(&case.body),
                    |machine| machine.run_cases(subject, rest).map(|()| Object::none(None)),
                )
            },
            |machine| machine.run_cases(subject, rest).map(|()| Object::none(None)),
        );
        done.map(drop)
    }

    fn matches(&mut self, pattern: &Pattern, subject: &Object) -> Run<Formula> {
        Ok(match pattern {
            Pattern::Value(value) => {
                let is_constant = matches!(value.kind, ExprKind::None | ExprKind::Bool(_));
                let value = self.eval(value)?;
                match is_constant {
                    true => self.compare(CompareOp::Is, subject, &value)?,
                    false => self.equal(subject, &value),
                }
            }
            Pattern::Or(patterns) => {
                let mut any = Formula::FALSE;
                for pattern in patterns {
                    let matches = self.matches(pattern, subject)?;
                    any = self.formulas.or(any, matches);
                }
                any
            }
            Pattern::Capture(_) => Formula::TRUE,
            Pattern::As(pattern, _) => self.matches(pattern, subject)?,
            Pattern::Structure(_) => {
                self.may_take_any(subject);
                self.fresh("the pattern matches", Subject::Other)
            }
        })
    }

    fn bind_pattern(&mut self, pattern: &Pattern, subject: &Object) {
        match pattern {
            Pattern::Capture(Some(name)) => self.bind(name, subject.clone()),
            Pattern::As(inner, name) => {
                self.bind_pattern(inner, subject);
                self.bind(name, subject.clone());
            }
            Pattern::Structure(names) => {
                for name in names {
                    let place = self.statement();
                    self.bind(name, Object::unknown("structural patterns are not evaluated", place));
                }
            }
            Pattern::Or(patterns) => patterns.iter().for_each(|pattern| self.bind_pattern(pattern, subject)),
            Pattern::Value(_) | Pattern::Capture(None) => {}
        }
    }
}
