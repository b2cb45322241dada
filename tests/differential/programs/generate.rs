//! Random programs.

use std::sync::LazyLock;

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::expressions::{literals, patterns};
use super::render::NAMES;
use super::statements::{
    ASSIGNMENTS, BOUNDED_ASSIGNMENTS, CHANGES, FAILURES, HANDLERS, IN_LOOPS, LOOPS, MATCHES, TOGETHER,
};
use super::tree::{
    Block, Call, Clause, Expression, Filled, Function, Hole, KINDS, Kind, Layout, Name, Pattern, Program, RESULTS,
    Scope, Statement, Style,
};

/// Patterns, each with the variants that its choices give.
type Group = Vec<Vec<Pattern>>;

struct Grammar {
    expressions: Vec<Group>,
    assignments: Group,
    bounded: Group,
    changes: Group,
    together: Group,
    failures: Group,
    handlers: Group,
    loops: Group,
    in_loops: Group,
    subjects: Group,
    cases: Group,
    /// Heads that are the same everywhere.
    heads: Group,
}

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let group = |texts: &[&str]| texts.iter().map(|text| Pattern::all(text)).collect::<Group>();
    Grammar {
        expressions: KINDS.iter().map(|kind| group(patterns(*kind))).collect(),
        assignments: group(ASSIGNMENTS),
        bounded: group(BOUNDED_ASSIGNMENTS),
        changes: group(CHANGES),
        together: group(TOGETHER),
        failures: group(FAILURES),
        handlers: group(HANDLERS),
        loops: group(LOOPS),
        in_loops: group(IN_LOOPS),
        subjects: group(MATCHES.0),
        cases: group(MATCHES.1),
        heads: group(&[
            "if {bool}:",
            "elif {bool}:",
            "else:",
            "try:",
            "finally:",
            "case _:",
            "with open(os.devnull) as f:",
        ]),
    }
});

const IF: usize = 0;
const ELIF: usize = 1;
const ELSE: usize = 2;
const TRY: usize = 3;
const FINALLY: usize = 4;
const CASE_ANY: usize = 5;
const WITH: usize = 6;

const LAYOUTS: [Layout; 9] = [
    Layout::Single,
    Layout::Star,
    Layout::Absolute,
    Layout::All,
    Layout::Names,
    Layout::Module,
    Layout::Chosen,
    Layout::Update,
    Layout::Missing,
];

const SCOPES: [Scope; 8] = {
    use Scope::{Bare, Global, Local, Nonlocal};
    [Local, Local, Local, Global, Global, Nonlocal, Nonlocal, Bare]
};

/// Where a statement stands.
#[derive(Clone, Copy, Default)]
struct Around {
    depth: usize,
    is_in_loop: bool,
    is_in_function: bool,
    /// Whether it runs more than once.
    is_repeated: bool,
}

/// The program of a seed and a number.
pub fn program(seed: u64, number: u64) -> Program {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let mut generator = Generator { random: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes) };
    generator.program()
}

struct Generator {
    random: TestRng,
}

impl Generator {
    fn below(&mut self, end: usize) -> usize {
        (self.random.next_u32() as usize) % end.max(1)
    }

    fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last + 1 - first)
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<'a, T>(&mut self, options: &'a [T]) -> &'a T {
        &options[self.below(options.len())]
    }

    fn text(&mut self, options: &[&'static str]) -> &'static str {
        options[self.below(options.len())]
    }

    fn program(&mut self) -> Program {
        let layout = if self.percent(60) { Layout::Single } else { *self.one(&LAYOUTS) };
        let most = if layout == Layout::Single { 14 } else { 7 };
        let top_level = Around::default();
        let length = self.between(2, most);
        let base = self.block(top_level, length);
        let length = if layout == Layout::Single { 0 } else { self.between(1, most) };
        let top = self.block(top_level, length);
        let initial = KINDS.iter().flat_map(|kind| [*kind; NAMES as usize]).collect::<Vec<_>>();
        let initial = initial.into_iter().map(|kind| *self.one(literals(kind))).collect();
        Program { layout, initial, base, top }
    }

    fn block(&mut self, around: Around, length: usize) -> Block {
        (0..length).map(|_| self.statement(around)).collect()
    }

    fn inner(&mut self, around: Around) -> Block {
        let length = self.between(1, 3);
        self.block(Around { depth: around.depth + 1, ..around }, length)
    }

    fn statement(&mut self, around: Around) -> Statement {
        let grammar = &*GRAMMAR;
        let assignments = if around.is_repeated { &grammar.bounded } else { &grammar.assignments };
        let choice = self.below(if around.depth > 2 { 60 } else { 100 });
        match choice {
            0..35 => self.simple(assignments),
            35..60 if around.is_in_loop && choice.is_multiple_of(2) => self.simple(&grammar.in_loops),
            35..60 if around.is_repeated => self.simple(assignments),
            35..58 => self.simple(&grammar.changes),
            58..60 => self.simple(&grammar.together),
            60..70 if around.is_in_function && choice < 63 => {
                Statement::Return(Box::new(RESULTS.map(|kind| self.expression(kind, 1))))
            }
            60..72 => self.condition(around),
            72..78 => self.each(around),
            78..80 => self.while_loop(around),
            80..86 => self.attempt(around),
            86..89 => self.matching(around),
            89..90 => self.with(around),
            90..94 if !around.is_repeated || choice == 90 => self.function(around),
            _ if around.is_repeated => self.simple(assignments),
            _ => self.simple(&grammar.together),
        }
    }

    fn simple(&mut self, group: &'static Group) -> Statement {
        Statement::Simple(self.filled(group, 0))
    }

    fn head(&mut self, index: usize) -> Filled {
        let pattern = &GRAMMAR.heads[index][0];
        self.fill(pattern, 0)
    }

    fn clause(&mut self, head: usize, around: Around) -> Clause {
        Clause { head: self.head(head), body: self.inner(around) }
    }

    fn condition(&mut self, around: Around) -> Statement {
        let mut clauses = vec![self.clause(IF, around)];
        if self.percent(30) {
            clauses.push(self.clause(ELIF, around));
        }
        if self.percent(55) {
            clauses.push(self.clause(ELSE, around));
        }
        Statement::Compound(clauses)
    }

    fn each(&mut self, around: Around) -> Statement {
        let within = Around { is_in_loop: true, is_repeated: true, ..around };
        let head = self.filled(&GRAMMAR.loops, 0);
        let mut clauses = vec![Clause { head, body: self.inner(within) }];
        if self.percent(25) {
            clauses.push(self.clause(ELSE, around));
        }
        Statement::Compound(clauses)
    }

    fn while_loop(&mut self, around: Around) -> Statement {
        let within = Around { is_in_loop: true, is_repeated: true, ..around };
        Statement::While {
            times: self.between(0, 4) as u8,
            condition: self.percent(50).then(|| self.expression(Kind::Bool, 1)),
            body: self.inner(within),
            otherwise: self.percent(25).then(|| self.inner(around)),
        }
    }

    fn attempt(&mut self, around: Around) -> Statement {
        let mut body = if self.percent(50) { self.inner(around) } else { Block::new() };
        if self.percent(85) {
            body.push(self.simple(&GRAMMAR.failures));
        }
        if self.percent(50) {
            body.extend(self.inner(around));
        }
        let mut clauses = vec![Clause { head: self.head(TRY), body }];
        let handlers = self.between(0, 2) + usize::from(self.percent(90));
        for _ in 0..handlers {
            let head = self.filled(&GRAMMAR.handlers, 1);
            let mut body = self.inner(around);
            if self.percent(5) {
                body.push(self.simple(&GRAMMAR.failures));
            }
            clauses.push(Clause { head, body });
        }
        if handlers > 0 && self.percent(60) {
            let mut clause = self.clause(TRY, around);
            clause.head = self.fill(&GRAMMAR.handlers[0][0], 1);
            clauses.push(clause);
        }
        if handlers > 0 && self.percent(30) {
            clauses.push(self.clause(ELSE, around));
        }
        if handlers == 0 || self.percent(25) {
            clauses.push(self.clause(FINALLY, around));
        }
        Statement::Compound(clauses)
    }

    fn matching(&mut self, around: Around) -> Statement {
        let head = self.filled(&GRAMMAR.subjects, 0);
        let mut clauses = vec![Clause { head, body: Block::new() }];
        for _ in 0..self.between(1, 4) {
            let head = self.filled(&GRAMMAR.cases, 1);
            clauses.push(Clause { head, body: self.inner(around) });
        }
        if self.percent(60) {
            clauses.push(self.clause(CASE_ANY, around));
        }
        Statement::Compound(clauses)
    }

    fn with(&mut self, around: Around) -> Statement {
        Statement::Compound(vec![self.clause(WITH, around)])
    }

    fn function(&mut self, around: Around) -> Statement {
        let within = Around { is_in_loop: false, is_in_function: true, ..around };
        let parameters = (0..self.between(0, 3)).map(|_| {
            let kind = *self.one(&KINDS);
            let default = self.percent(50).then(|| *self.one(literals(kind)));
            (self.name(kind), default)
        });
        let mut parameters: Vec<_> = parameters.collect();
        parameters.sort_by_key(|(_, default)| default.is_some());
        let calls = (0..self.between(1, 2)).map(|_| Call {
            target: self.number(),
            arguments: parameters.iter().map(|(name, _)| self.expression(name.kind, 1)).collect(),
            by_name: self.percent(30),
            rest: self.text(&["", "*['a', 1]", "z=1", "**{'z': 'a'}"]),
        });
        let calls = calls.collect();
        Statement::Function(Box::new(Function {
            result: self.below(RESULTS.len()),
            has_rest: self.percent(30),
            scope: *self.one(&SCOPES),
            style: *self.one(&[Style::Plain, Style::Plain, Style::Recursive, Style::Generator, Style::Decorated]),
            body: self.inner(within),
            last: Box::new(RESULTS.map(|kind| self.expression(kind, 1))),
            parameters,
            calls,
        }))
    }

    fn number(&mut self) -> u8 {
        self.between(1, usize::from(NAMES)) as u8
    }

    fn name(&mut self, kind: Kind) -> Name {
        Name { kind, number: self.number() }
    }

    fn filled(&mut self, group: &'static Group, depth: usize) -> Filled {
        let variants = self.one(group);
        let pattern = self.one(variants);
        self.fill(pattern, depth)
    }

    fn fill(&mut self, pattern: &'static Pattern, depth: usize) -> Filled {
        let holes = pattern.holes.iter().map(|hole| match hole {
            Hole::Value(kind) => self.expression(*kind, depth),
            Hole::Any => self.any(depth),
            Hole::Name(kind) | Hole::Assigned(kind) => Expression::Name(self.name(*kind)),
            Hole::Literal(kind) => Expression::Literal(self.text(literals(*kind))),
        });
        Filled { pattern, holes: holes.collect() }
    }

    fn any(&mut self, depth: usize) -> Expression {
        // Numbers and strings are what most values are.
        const COMMON: [Kind; 3] = [Kind::Str, Kind::Int, Kind::Bool];
        match self.below(100) {
            0..6 => Expression::Literal("None"),
            6..9 => Expression::Literal("item"),
            9..60 => {
                let kind = *self.one(&COMMON);
                self.expression(kind, depth)
            }
            _ => {
                let kind = *self.one(&KINDS);
                self.expression(kind, depth + 1)
            }
        }
    }

    fn expression(&mut self, kind: Kind, depth: usize) -> Expression {
        let is_leaf = depth > 2 || self.percent(35 + 15 * depth);
        if is_leaf {
            return match self.percent(45) {
                true => Expression::Literal(self.text(literals(kind))),
                false => Expression::Name(self.name(kind)),
            };
        }
        let index = KINDS.iter().position(|other| *other == kind).unwrap_or_default();
        Expression::Pattern(self.filled(&GRAMMAR.expressions[index], depth + 1))
    }
}
