//! Comprehensions and generator expressions.

use std::sync::Arc;

use super::changes::Changes;
use super::heap::{Contents, Dict};
use super::iterator::{GENERATOR, Rounds, Visit};
use super::machine::{Frame, Machine, Run};
use super::models;
use super::object::{Arguments, Binding, Closure, HeapId, Item, Kind, Object};
use super::operator::MAX_ITEMS;
use super::scope::Scope;
use crate::python::ast::{Clause, Comprehension, ComprehensionKind, Expr, ExprKind, Function};
use crate::source::Place;

/// What is done for each element of a comprehension, and whether it may leave what is being run.
type Sink<'s, 'a> = &'s mut (dyn FnMut(&mut Machine<'a>, bool) -> Run<()> + 's);

/// How the clauses of a comprehension are run.
#[derive(Clone, Copy)]
struct Pass {
    /// Where its names are bound.
    scope: HeapId,
    rounds: Rounds,
}

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

impl<'a> Machine<'a> {
    pub(super) fn eval_comprehension(&mut self, comprehension: &Comprehension, place: Option<Place>) -> Run<Object> {
        let Some(first) = comprehension.clauses.first() else { return Ok(Object::unknown("no clause", place)) };
        if comprehension.clauses.iter().any(|clause| clause.is_async) {
            return Ok(Object::unknown("an asynchronous comprehension is not evaluated", place));
        }
        let outermost = self.eval(&first.iter)?;
        let scope = self.allocate(Contents::Dict(Dict::scope()));
        let frame = self.frame();
        let was_captured = std::mem::take(&mut frame.is_captured);
        frame.scopes.insert(0, Scope { namespace: scope, names: comprehension.names.clone() });
        frame.comprehensions += 1;
        let target = self.allocate(match comprehension.kind {
            ComprehensionKind::Dict => Contents::Dict(Dict::default()),
            _ => Contents::List(Vec::new()),
        });
        let run = self.fill(comprehension, &outermost, scope, target);
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
        Ok(match comprehension.kind {
            ComprehensionKind::List | ComprehensionKind::Dict => Object::new(Kind::Heap(target), place),
            ComprehensionKind::Set => {
                let items = match self.contents(target) {
                    Some(Contents::List(items)) => items.clone(),
                    _ => Vec::new(),
                };
                let items = self.distinct(items);
                self.set(items, place)
            }
        })
    }

    /// Runs a comprehension's clauses and puts its elements into `target`.
    fn fill(&mut self, comprehension: &Comprehension, outermost: &Object, scope: HeapId, target: HeapId) -> Run<()> {
        let Some((clause, inner)) = comprehension.clauses.split_first() else { return Ok(()) };
        let pass = Pass { scope, rounds: Rounds::All };
        let round: Visit<'_, 'a> = &mut |machine, item, leaves| {
            let sink: Sink<'_, 'a> = &mut |machine, _| machine.add_element(comprehension, target);
            machine.run_round(pass, (clause, inner), item, leaves, sink)
        };
        let unordered = match keeps_keys(comprehension) {
            true => self.unordered_pairs(outermost),
            false => None,
        };
        let Some(pairs) = unordered else { return self.run_over(outermost, Rounds::All, round) };
        if let Some(cell) = self.state.cell_mut(target)
            && let Contents::Dict(dict) = &mut cell.contents
        {
            dict.is_reordered = true;
        }
        self.run_items(pairs, Rounds::All, round)
    }

    fn run_clauses(&mut self, pass: Pass, clauses: &[Clause], leaves: bool, sink: Sink<'_, 'a>) -> Run<()> {
        let Some((clause, inner)) = clauses.split_first() else { return sink(self, leaves) };
        let iter = self.eval(&clause.iter)?;
        self.run_over(&iter, pass.rounds, &mut |machine, item, may_leave| {
            machine.run_round(pass, (clause, inner), item, leaves && may_leave, &mut *sink)
        })
    }

    /// A round of a clause, with the clauses within it.
    fn run_round(
        &mut self,
        pass: Pass,
        (clause, inner): (&Clause, &[Clause]),
        item: Object,
        leaves: bool,
        sink: Sink<'_, 'a>,
    ) -> Run<()> {
        self.assign_in(&clause.target, item, Some(pass.scope))?;
        self.run_filters(pass, &clause.ifs, inner, leaves, sink)
    }

    fn run_filters(
        &mut self,
        pass: Pass,
        filters: &[Expr],
        inner: &[Clause],
        leaves: bool,
        sink: Sink<'_, 'a>,
    ) -> Run<()> {
        let Some((filter, rest)) = filters.split_first() else {
            return self.run_clauses(pass, inner, leaves, sink);
        };
        let holds = self.eval_test(filter)?;
        self.branch_to(holds, |machine| machine.run_filters(pass, rest, inner, leaves, sink))
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
        self.push(target, element)
    }

    /// Puts an item at the end of a list that the program has no name for.
    pub(super) fn push(&mut self, target: HeapId, object: Object) -> Run<()> {
        if let Some(cell) = self.state.cell_mut(target)
            && let Contents::List(items) = &mut cell.contents
        {
            items.push(Item::new(object));
            if items.len() > MAX_ITEMS {
                return Err(self.lose());
            }
        }
        Ok(())
    }

    // --- generator expressions ---

    /// A generator expression: its outermost iterable is evaluated at once, all else when its items are asked for.
    pub(super) fn eval_generator(&mut self, function: &Arc<Function>, place: Option<Place>) -> Run<Object> {
        let Some(comprehension) = function.comprehension() else { return Ok(Object::unknown("no clause", place)) };
        let Some(first) = comprehension.clauses.first() else { return Ok(Object::unknown("no clause", place)) };
        if comprehension.clauses.iter().any(|clause| clause.is_async) {
            return Ok(Object::unknown("an asynchronous comprehension is not evaluated", place));
        }
        let outermost = self.eval(&first.iter)?;
        let source = self.source_of_items(&outermost, place)?;
        let scope = self.allocate(Contents::Dict(Dict::scope()));
        let frame = self.frame();
        frame.is_captured = true;
        let mut scopes = frame.scopes.clone();
        scopes.insert(0, Scope { namespace: scope, names: comprehension.names.clone() });
        let run_in = Frame {
            scopes,
            comprehensions: frame.comprehensions + 1,
            closure: frame.closure.clone(),
            is_class: frame.is_class,
            is_generator: true,
            statement: frame.statement,
            ..Frame::of_module(frame.module.clone())
        };
        let closure = Closure {
            function: function.clone(),
            defaults: Vec::new(),
            scopes: Vec::new(),
            class: run_in.closure.as_ref().and_then(|around| around.class.clone()),
            qualified: format!("{}.{}", run_in.module.name, function.name).into(),
            module: run_in.module.clone(),
            place,
            binding: Binding::Instance,
            generator: Some(run_in),
        };
        let running = self.list(vec![Item::new(Object::bool(false, None))], None);
        let closure = Object::new(Kind::Function(Arc::new(closure)), place);
        Ok(models::made(GENERATOR, Arguments::positional(vec![closure, source, running]), place))
    }

    /// Runs a generator expression over the items of `source`. `running` says whether it was left while it ran.
    pub(super) fn run_generator(
        &mut self,
        closure: &Closure,
        source: &Object,
        running: HeapId,
        rounds: Rounds,
        visit: Visit<'_, 'a>,
    ) -> Run<()> {
        let Some(comprehension) = closure.function.comprehension() else { return Ok(()) };
        let (Some(frame), Some((clause, inner))) = (&closure.generator, comprehension.clauses.split_first()) else {
            return Ok(());
        };
        let pass = Pass { scope: frame.scopes[0].namespace, rounds };
        let was_running = self.only_of(running);
        match was_running.kind {
            Kind::Bool(false) => {}
            // What is raised in a generator ends it.
            Kind::Bool(true) if inner.is_empty() => return Ok(()),
            _ => {
                let unknown = Object::unknown("the generator was left where it is not known", closure.place);
                return self.run_items(vec![Item::any_number(unknown)], rounds, visit);
            }
        }
        self.run_over(source, rounds, &mut |machine, item, leaves| {
            machine.set_only(running, Object::bool(true, None));
            machine.enter_generator(frame.clone());
            let done = machine.run_round(pass, (clause, inner), item, leaves, &mut |machine, leaves| {
                let element = machine.eval(&comprehension.element)?;
                if inner.is_empty() {
                    machine.set_only(running, Object::bool(false, None));
                }
                let frame = machine.leave_generator();
                let done = visit(machine, element, leaves);
                machine.enter_generator(frame);
                done
            });
            machine.leave_generator();
            done?;
            machine.set_only(running, Object::bool(false, None));
            Ok(())
        })
    }

    /// Runs a generator expression where nothing is known of its items but that something may take them.
    pub(super) fn run_generator_with_anything(&mut self, closure: &Closure) -> Run<Object> {
        let (Some(comprehension), Some(frame)) = (closure.function.comprehension(), &closure.generator) else {
            return Ok(Object::none(closure.place));
        };
        let Some((clause, inner)) = comprehension.clauses.split_first() else { return Ok(Object::none(closure.place)) };
        let pass = Pass { scope: frame.scopes[0].namespace, rounds: Rounds::All };
        let unknown = Object::unknown("what the generator is run over is not known", closure.place);
        self.enter_generator(frame.clone());
        let done = self.run_round(pass, (clause, inner), unknown, false, &mut |machine, _| {
            let element = machine.eval(&comprehension.element)?;
            machine.escape_deeply(&element, "it is handed to whoever runs the generator");
            Ok(())
        });
        self.leave_generator();
        done.map(|()| Object::unknown("an item of a generator", closure.place))
    }

    /// Goes on in the frame of a generator expression. The ways out of the statement that runs it stay the same.
    fn enter_generator(&mut self, mut frame: Frame) {
        let runner = self.frame();
        frame.loops = std::mem::take(&mut runner.loops);
        frame.result = std::mem::take(&mut runner.result);
        self.frames.push(frame);
    }

    /// Goes back to whoever runs it.
    fn leave_generator(&mut self) -> Frame {
        let mut frame = match self.frames.pop() {
            Some(frame) => frame,
            None => self.frame().clone(),
        };
        let runner = self.frame();
        runner.loops = std::mem::take(&mut frame.loops);
        runner.result = std::mem::take(&mut frame.result);
        frame
    }
}
