//! Forking and joining: what happens where a condition is not decided.

use super::formula::{Formula, Formulas};
use super::heap::{Modules, State, either};
use super::machine::{Machine, Run, Stop};
use super::object::Object;
use super::raise::Exception;

impl<'a> Machine<'a> {
    /// Runs `yes` where the formula holds and `no` where it does not, and joins what they did. Their results become
    /// alternatives.
    pub(super) fn branch(
        &mut self,
        formula: Formula,
        yes: impl FnOnce(&mut Self) -> Run<Object>,
        no: impl FnOnce(&mut Self) -> Run<Object>,
    ) -> Run<Object> {
        let formula = self.settled(formula);
        if self.formulas.implies(self.state.path, formula) {
            return yes(self);
        }
        if self.formulas.excludes(self.state.path, formula) {
            return no(self);
        }
        let not = self.formulas.not(formula);
        let mut arms = Arms::begin(self);
        arms.enter(self, formula);
        let result = yes(self);
        arms.leave(self, result);
        arms.enter(self, not);
        let result = no(self);
        arms.leave(self, result);
        arms.join(self)
    }

    /// Runs `work` where the formula holds.
    pub(super) fn branch_to(&mut self, formula: Formula, work: impl FnOnce(&mut Self) -> Run<()>) -> Run<()> {
        let done = |machine: &mut Self| work(machine).map(|()| Object::none(None));
        self.branch(formula, done, |_| Ok(Object::none(None))).map(drop)
    }

    /// Runs `work` with each possible alternative of an object, each in its own case, and joins.
    pub(super) fn each(
        &mut self,
        object: &Object,
        mut work: impl FnMut(&mut Self, Object) -> Run<Object>,
    ) -> Run<Object> {
        let mut possible = self.possible(object);
        if possible.len() == 1 {
            return work(self, possible.swap_remove(0).1);
        }
        let mut arms = Arms::begin(self);
        for (when, object) in possible {
            arms.enter(self, when);
            let result = work(self, object);
            arms.leave(self, result);
        }
        arms.join(self)
    }

    /// Joins states that reached the same point.
    pub(super) fn join(&mut self, states: impl IntoIterator<Item = State>) {
        for state in states {
            let here = std::mem::replace(&mut self.state, State::new());
            self.state = State::join(&mut self.formulas, here, state);
        }
    }

    /// Applies a function without effects to each alternative of an object. Where it raises, so does the program.
    pub(super) fn map(
        &mut self,
        object: &Object,
        mut apply: impl FnMut(&mut Self, &Object) -> Result<Object, Exception>,
    ) -> Run<Object> {
        let possible = self.possible(object);
        let mut results = Vec::with_capacity(possible.len());
        let is_single = possible.len() == 1;
        for (when, object) in possible {
            match apply(self, &object) {
                Ok(result) => results.push((when, result)),
                Err(exception) if is_single => return self.fail(exception),
                Err(exception) => self.raise_when(when, exception)?,
            }
        }
        Ok(self.either_of(&results))
    }

    /// Applies a function without effects to each pair of alternatives that are possible together.
    pub(super) fn map2(
        &mut self,
        left: &Object,
        right: &Object,
        mut apply: impl FnMut(&mut Self, &Object, &Object) -> Result<Object, Exception>,
    ) -> Run<Object> {
        let mut pairs = Vec::new();
        for (in_left, left) in self.possible(left) {
            for (in_right, right) in self.possible(right) {
                let when = self.formulas.and(in_left, in_right);
                if !self.formulas.excludes(self.state.path, when) {
                    pairs.push((when, left.clone(), right));
                }
            }
        }
        let is_single = pairs.len() == 1;
        let mut results = Vec::with_capacity(pairs.len());
        for (when, left, right) in pairs {
            match apply(self, &left, &right) {
                Ok(result) => results.push((when, result)),
                Err(exception) if is_single => return self.fail(exception),
                Err(exception) => self.raise_when(when, exception)?,
            }
        }
        Ok(self.either_of(&results))
    }

    fn either_of(&mut self, results: &[(Formula, Object)]) -> Object {
        let parts: Vec<(Formula, &Object)> = results.iter().map(|(when, object)| (*when, object)).collect();
        either(&mut self.formulas, parts)
    }
}

/// The arms of a branch, being run one after the other from the same state, in cases of their own. What is run stands
/// between calls of `enter` and `leave`, so that all branches of the evaluator share one piece of code.
struct Arms {
    outer: Option<OuterCases>,
    before: State,
    joined: Option<State>,
    results: Vec<(Formula, Object)>,
}

impl Arms {
    fn begin(machine: &mut Machine) -> Self {
        let outer = machine.leave_outer_cases();
        let before = std::mem::replace(&mut machine.state, State::new());
        Self { outer, before, joined: None, results: Vec::new() }
    }

    /// Before an arm.
    fn enter(&mut self, machine: &mut Machine, when: Formula) {
        machine.state = self.before.clone();
        machine.state.path = machine.formulas.and(self.before.path, when);
    }

    /// After an arm, with its result.
    fn leave(&mut self, machine: &mut Machine, result: Run<Object>) {
        let state = std::mem::replace(&mut machine.state, State::new());
        let Ok(result) = result else { return };
        if state.path.is_false() {
            return;
        }
        self.results.push((state.path, result));
        self.joined = Some(match self.joined.take() {
            None => state,
            Some(joined) => State::join(&mut machine.formulas, joined, state),
        });
    }

    /// After all of them.
    fn join(mut self, machine: &mut Machine) -> Run<Object> {
        let result = match self.joined {
            Some(state) => {
                for (when, _) in &mut self.results {
                    *when = machine.formulas.simplified(*when, state.path);
                }
                machine.state = state;
                Ok(machine.either_of(&self.results))
            }
            None => {
                machine.state.path = Formula::FALSE;
                Err(Stop)
            }
        };
        if let Some(outer) = self.outer {
            machine.return_to(outer);
        }
        result
    }
}

/// A way out of statements other than their end.
#[derive(Clone, Copy)]
pub(super) enum WayOut {
    Return,
    Break,
    Continue,
}

/// How many states have left early, by each way out.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    raised: usize,
    vague: usize,
    later: usize,
    returned: usize,
    breaks: usize,
    continues: usize,
}

/// The cases in which something is run that does not carry them along.
struct OuterCases {
    path: Formula,
    lost: Formula,
    ended: Formula,
    marks: Marks,
    modules: Modules,
}

impl Machine<'_> {
    /// Runs `work` without carrying the present cases along, where these are too intricate for it: it then runs in all
    /// cases, and what comes of it, by whichever way out, is put back into these.
    pub(super) fn in_own_cases<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.leave_outer_cases();
        let result = work(self);
        if let Some(outer) = outer {
            self.return_to(outer);
        }
        result
    }

    /// Goes on in all cases, where the present ones are too intricate to be carried along.
    fn leave_outer_cases(&mut self) -> Option<OuterCases> {
        self.formulas.is_large(self.state.path).then(|| OuterCases {
            path: std::mem::replace(&mut self.state.path, Formula::TRUE),
            lost: std::mem::replace(&mut self.lost, Formula::FALSE),
            ended: std::mem::replace(&mut self.ended, Formula::FALSE),
            marks: self.marks(),
            modules: self.state.modules().clone(),
        })
    }

    /// Puts what has come of that back into these cases.
    fn return_to(&mut self, outer: OuterCases) {
        let OuterCases { path: outer, lost, ended, marks, modules } = outer;
        self.state.restrict_modules(&mut self.formulas, &modules, outer);
        self.restrict_since(marks, outer);
        if self.is_alive() {
            // Enough is known of the cases in which the program starts: that it does not in these either is forgotten,
            // or the present cases would become more intricate still.
            self.state.path = self.formulas.or(self.state.path, self.ended);
            self.ended = ended;
        } else {
            let ended_here = self.formulas.and(self.ended, outer);
            self.ended = self.formulas.or(ended, ended_here);
        }
        self.state.path = self.formulas.and(self.state.path, outer);
        let lost_here = self.formulas.and(self.lost, outer);
        self.lost = self.formulas.or(lost, lost_here);
    }

    pub(super) fn marks(&mut self) -> Marks {
        let (raised, vague, later) = self
            .handlers
            .innermost()
            .map_or((0, 0, 0), |guarded| (guarded.raised.len(), guarded.vague.len(), guarded.later.len()));
        let frame = self.frame();
        let (breaks, continues) =
            frame.loops.last().map_or((0, 0), |inner| (inner.breaks.len(), inner.continues.len()));
        let returned = frame.result.as_ref().map_or(0, |(_, states)| states.len());
        Marks { raised, vague, later, returned, breaks, continues }
    }

    /// The states that left the running call by `return`, and its loop by `break` or `continue`.
    pub(super) fn left_early(&mut self) -> Vec<State> {
        let frame = self.frame();
        let mut left: Vec<State> = frame.result.iter().flat_map(|(_, states)| states).cloned().collect();
        if let Some(inner) = frame.loops.last() {
            left.extend(inner.breaks.iter().chain(&inner.continues).cloned());
        }
        left
    }

    /// Takes back the states that left early since, by each way out that any took.
    pub(super) fn take_left_since(&mut self, marks: Marks) -> Vec<(WayOut, Vec<State>)> {
        let frame = self.frame();
        let since = |states: &mut Vec<State>, mark: usize| states.split_off(mark.min(states.len()));
        let mut left = Vec::new();
        if let Some((_, states)) = &mut frame.result {
            left.push((WayOut::Return, since(states, marks.returned)));
        }
        if let Some(inner) = frame.loops.last_mut() {
            left.push((WayOut::Break, since(&mut inner.breaks, marks.breaks)));
            left.push((WayOut::Continue, since(&mut inner.continues, marks.continues)));
        }
        left.retain(|(_, states)| !states.is_empty());
        left
    }

    /// A state leaves early.
    pub(super) fn leave_again(&mut self, way_out: WayOut, state: State) {
        if state.path.is_false() {
            return;
        }
        let frame = self.frame();
        match (way_out, &mut frame.result, frame.loops.last_mut()) {
            (WayOut::Return, Some((_, states)), _) => states.push(state),
            (WayOut::Break, _, Some(inner)) => inner.breaks.push(state),
            (WayOut::Continue, _, Some(inner)) => inner.continues.push(state),
            _ => {}
        }
    }

    fn restrict_since(&mut self, marks: Marks, outer: Formula) {
        self.each_since(marks, |formulas, state| state.path = formulas.and(state.path, outer));
    }

    /// Changes each state that left early since.
    pub(super) fn each_since(&mut self, marks: Marks, mut change: impl FnMut(&mut Formulas, &mut State)) {
        let formulas = &mut self.formulas;
        let mut restrict = |state: &mut State| change(formulas, state);
        if let Some(guarded) = self.handlers.innermost() {
            guarded.raised.iter_mut().skip(marks.raised).for_each(|(state, _)| restrict(state));
            guarded.vague.iter_mut().skip(marks.vague).for_each(&mut restrict);
            guarded.later.iter_mut().skip(marks.later).for_each(&mut restrict);
        }
        let Some(frame) = self.frames.last_mut() else { return };
        if let Some((_, states)) = &mut frame.result {
            states.iter_mut().skip(marks.returned).for_each(&mut restrict);
        }
        if let Some(inner) = frame.loops.last_mut() {
            inner.breaks.iter_mut().skip(marks.breaks).for_each(&mut restrict);
            inner.continues.iter_mut().skip(marks.continues).for_each(&mut restrict);
        }
    }
}
