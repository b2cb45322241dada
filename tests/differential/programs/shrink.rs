//! Smaller programs, so that a contradiction is printed with little around it.

use super::expressions::literals;
use super::tree::{Block, Clause, Expression, Filled, Function, Hole, Kind, Layout, Program, RESULTS, Statement};

impl Program {
    /// Programs that are a step smaller, the boldest steps first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut found = Vec::new();
        if self.layout != Layout::Single {
            let joined: Block = self.base.iter().chain(&self.top).cloned().collect();
            found.push(Self { layout: Layout::Single, base: joined, top: Block::new(), ..self.clone() });
            if self.layout != Layout::Star {
                found.push(Self { layout: Layout::Star, ..self.clone() });
            }
        }
        found.extend(blocks(&self.base).into_iter().map(|base| Self { base, ..self.clone() }));
        found.extend(blocks(&self.top).into_iter().map(|top| Self { top, ..self.clone() }));
        for (index, literal) in self.initial.iter().enumerate() {
            let kind = super::tree::KINDS[index / usize::from(super::render::NAMES)];
            for simpler in literals(kind).iter().take_while(|simpler| *simpler != literal).take(3) {
                let mut smaller = self.clone();
                smaller.initial[index] = simpler;
                found.push(smaller);
            }
        }
        found
    }
}

fn blocks(block: &[Statement]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut length = block.len();
    while length > 0 {
        for start in (0..block.len()).step_by(length) {
            let end = (start + length).min(block.len());
            found.push(block[..start].iter().chain(&block[end..]).cloned().collect());
        }
        length /= 2;
    }
    for (index, statement) in block.iter().enumerate() {
        for instead in statements(statement) {
            found.push(
                block[..index].iter().cloned().chain(instead).chain(block[index + 1..].iter().cloned()).collect(),
            );
        }
    }
    found
}

/// What may stand instead of a statement.
fn statements(statement: &Statement) -> Vec<Block> {
    let one = |statement: Statement| vec![statement];
    match statement {
        Statement::Simple(filled) => {
            self::filled(filled).into_iter().map(|filled| one(Statement::Simple(filled))).collect()
        }
        Statement::Compound(clauses) => {
            let mut found: Vec<Block> = clauses.iter().map(|clause| clause.body.clone()).collect();
            // The first clause carries the others, and a lone `try` is none.
            let is_try = clauses[0].head.pattern.holes.is_empty();
            for index in 1..clauses.len() {
                if !(is_try && clauses.len() == 2) {
                    found.push(one(Statement::Compound(without(clauses, index))));
                }
            }
            for (index, clause) in clauses.iter().enumerate() {
                let heads = self::filled(&clause.head).into_iter().map(|head| Clause { head, ..clause.clone() });
                let bodies = blocks(&clause.body).into_iter().map(|body| Clause { body, ..clause.clone() });
                found.extend(heads.chain(bodies).map(|clause| {
                    let mut clauses = clauses.clone();
                    clauses[index] = clause;
                    one(Statement::Compound(clauses))
                }));
            }
            found
        }
        Statement::While { times, condition, body, otherwise } => {
            let mut found = vec![body.clone()];
            let with = |times: u8, condition: &Option<Expression>, body: Block, otherwise: &Option<Block>| {
                let (condition, otherwise) = (condition.clone(), otherwise.clone());
                one(Statement::While { times, condition, body, otherwise })
            };
            if condition.is_some() {
                found.push(with(*times, &None, body.clone(), otherwise));
            }
            if otherwise.is_some() {
                found.push(with(*times, condition, body.clone(), &None));
            }
            if *times > 1 {
                found.push(with(times - 1, condition, body.clone(), otherwise));
            }
            found.extend(blocks(body).into_iter().map(|body| with(*times, condition, body, otherwise)));
            for inner in otherwise.iter().flat_map(|otherwise| blocks(otherwise)) {
                found.push(with(*times, condition, body.clone(), &Some(inner)));
            }
            for inner in condition.iter().flat_map(|condition| expressions(condition, Hole::Value(Kind::Bool))) {
                found.push(with(*times, &Some(inner), body.clone(), otherwise));
            }
            found
        }
        Statement::Function(function) => functions(function),
        Statement::Return(values) => {
            values_smaller(values).into_iter().map(|values| one(Statement::Return(Box::new(values)))).collect()
        }
    }
}

fn values_smaller(values: &[Expression; 3]) -> Vec<[Expression; 3]> {
    let mut found = Vec::new();
    for (index, kind) in RESULTS.iter().enumerate() {
        for smaller in expressions(&values[index], Hole::Value(*kind)) {
            let mut values = values.clone();
            values[index] = smaller;
            found.push(values);
        }
    }
    found
}

fn functions(function: &Function) -> Vec<Block> {
    let mut found = vec![function.body.clone()];
    let mut push = |smaller: Function| found.push(vec![Statement::Function(Box::new(smaller))]);
    for body in blocks(&function.body) {
        push(Function { body, ..function.clone() });
    }
    for last in values_smaller(&function.last) {
        push(Function { last: Box::new(last), ..function.clone() });
    }
    push(Function { style: super::tree::Style::Plain, ..function.clone() });
    push(Function { has_rest: false, ..function.clone() });
    for index in 0..function.calls.len() {
        push(Function { calls: without(&function.calls, index), ..function.clone() });
        for (place, (name, _)) in function.parameters.iter().enumerate() {
            for smaller in expressions(&function.calls[index].arguments[place], Hole::Value(name.kind)) {
                let mut calls = function.calls.clone();
                calls[index].arguments[place] = smaller;
                push(Function { calls, ..function.clone() });
            }
        }
    }
    for index in 0..function.parameters.len() {
        let mut calls = function.calls.clone();
        for call in &mut calls {
            call.arguments.remove(index);
        }
        push(Function { parameters: without(&function.parameters, index), calls, ..function.clone() });
    }
    found
}

fn without<T: Clone>(items: &[T], index: usize) -> Vec<T> {
    let mut items = items.to_vec();
    items.remove(index);
    items
}

fn filled(filled: &Filled) -> Vec<Filled> {
    let mut found = Vec::new();
    for (index, hole) in filled.pattern.holes.iter().enumerate() {
        for smaller in expressions(&filled.holes[index], *hole) {
            let mut filled = filled.clone();
            filled.holes[index] = smaller;
            found.push(filled);
        }
    }
    found
}

fn expressions(expression: &Expression, hole: Hole) -> Vec<Expression> {
    let kind = match hole {
        Hole::Value(kind) => Some(kind),
        Hole::Any => None,
        Hole::Name(_) | Hole::Assigned(_) | Hole::Literal(_) => return Vec::new(),
    };
    let constants = kind.map_or(&["None", "1", "'a'"][..], literals);
    let position = match expression {
        Expression::Literal(text) => constants.iter().position(|other| other == text).unwrap_or(3),
        _ => 3,
    };
    let mut found: Vec<Expression> =
        constants.iter().take(position.min(3)).map(|text| Expression::Literal(text)).collect();
    if let Expression::Pattern(inner) = expression {
        for (part, hole) in inner.holes.iter().zip(&inner.pattern.holes) {
            let is_alike = match hole {
                Hole::Value(other) | Hole::Name(other) => kind.is_none_or(|kind| kind == *other),
                Hole::Any => kind.is_none(),
                Hole::Assigned(_) | Hole::Literal(_) => false,
            };
            if is_alike {
                found.push(part.clone());
            }
        }
        found.extend(self::filled(inner).into_iter().map(Expression::Pattern));
    }
    found
}
