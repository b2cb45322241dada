//! What functions, class bodies and comprehensions do to names, as Python's compiler decides.
//!
//! Nested functions and classes bind their own; of a comprehension in a body only its walrus targets count.
//!
//! Source: `Python/symtable.c` of CPython.

use super::ast::{Clause, Comprehension, Expr, ExprKind, FormatPart, Function, Name, Names, Parameter, Pattern};
use super::ast::{Stmt, StmtKind};

/// What a function does to names.
pub fn names_of_function(parameters: &[Parameter], body: &[Stmt]) -> Names {
    let mut found = Found::default();
    found.names.extend(parameters.iter().map(|parameter| parameter.name.clone()));
    found.block(body);
    found.finish()
}

/// What a class body does to names.
pub fn names_of_body(body: &[Stmt]) -> Names {
    names_of_function(&[], body)
}

/// What the clauses of a comprehension bind.
pub fn names_of_clauses(clauses: &[Clause]) -> Names {
    let mut found = Found::default();
    clauses.iter().for_each(|clause| found.target(&clause.target));
    found.finish()
}

#[derive(Default)]
struct Found {
    names: Vec<Name>,
    global: Vec<Name>,
    nonlocal: Vec<Name>,
}

impl Found {
    fn finish(mut self) -> Names {
        self.names.retain(|name| !self.global.contains(name) && !self.nonlocal.contains(name));
        for names in [&mut self.names, &mut self.global] {
            names.sort();
            names.dedup();
        }
        Names { bound: self.names, global: self.global }
    }

    fn block(&mut self, body: &[Stmt]) {
        for statement in body {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::Expr(value) => self.expression(value),
            StmtKind::Assert { test, message } => {
                self.expression(test);
                message.iter().for_each(|message| self.expression(message));
            }
            StmtKind::Assign { targets, value } => {
                targets.iter().for_each(|target| self.target(target));
                self.expression(value);
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.target(target);
                self.expression(value);
            }
            StmtKind::Delete(targets) => targets.iter().for_each(|target| self.target(target)),
            StmtKind::If { branches, orelse } => {
                for (test, body) in branches {
                    self.expression(test);
                    self.block(body);
                }
                self.block(orelse);
            }
            StmtKind::For { target, iter, body, orelse, .. } => {
                self.target(target);
                self.expression(iter);
                self.block(body);
                self.block(orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.expression(test);
                self.block(body);
                self.block(orelse);
            }
            StmtKind::With { items, body } => {
                for (context, target) in items {
                    self.expression(context);
                    target.iter().for_each(|target| self.target(target));
                }
                self.block(body);
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                self.block(body);
                for handler in handlers {
                    self.names.extend(handler.name.clone());
                    self.block(&handler.body);
                }
                self.block(orelse);
                self.block(finalbody);
            }
            StmtKind::Match { subject, cases } => {
                self.expression(subject);
                for case in cases {
                    self.pattern(&case.pattern);
                    case.guard.iter().for_each(|guard| self.expression(guard));
                    self.block(&case.body);
                }
            }
            StmtKind::Raise { exception, cause } => {
                exception.iter().chain(cause).for_each(|value| self.expression(value));
            }
            StmtKind::Return(value) => {
                value.iter().for_each(|value| self.expression(value));
            }
            StmtKind::Import(aliases) => {
                for alias in aliases {
                    let first = alias.name.split('.').next().unwrap_or_default();
                    self.names.push(alias.asname.clone().unwrap_or_else(|| first.into()));
                }
            }
            StmtKind::ImportFrom { names, .. } => {
                self.names.extend(names.iter().map(|alias| alias.asname.clone().unwrap_or_else(|| alias.name.clone())));
            }
            StmtKind::Function { function, decorators } => {
                decorators.iter().for_each(|decorator| self.expression(decorator));
                self.defaults(function);
                self.names.push(function.name.clone());
            }
            StmtKind::Class { class, decorators } => {
                decorators.iter().chain(&class.bases).for_each(|value| self.expression(value));
                class.keywords.iter().for_each(|(_, value)| self.expression(value));
                self.names.push(class.name.clone());
            }
            StmtKind::Annotate(name) => self.names.push(name.clone()),
            StmtKind::Global(names) => self.global.extend(names.iter().cloned()),
            StmtKind::Nonlocal(names) => self.nonlocal.extend(names.iter().cloned()),
            StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
        }
    }

    /// The defaults of a nested function are evaluated outside it.
    fn defaults(&mut self, function: &Function) {
        let defaults = function.parameters.iter().filter_map(|parameter| parameter.default.as_ref());
        defaults.for_each(|default| self.expression(default));
    }

    fn target(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.names.push(name.clone()),
            ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().for_each(|item| self.target(item)),
            ExprKind::Starred(item) => self.target(item),
            _ => self.expression(target),
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Value(_) => {}
            Pattern::Or(patterns) => patterns.iter().for_each(|pattern| self.pattern(pattern)),
            Pattern::Capture(name) => self.names.extend(name.clone()),
            Pattern::As(pattern, name) => {
                self.pattern(pattern);
                self.names.push(name.clone());
            }
            Pattern::Structure(names) => self.names.extend(names.iter().cloned()),
        }
    }

    /// Looks for walrus targets.
    fn expression(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Walrus(name, value) => {
                self.names.push(name.clone());
                self.expression(value);
            }
            ExprKind::Attribute(value, _) | ExprKind::Starred(value) | ExprKind::Unary(_, value) => {
                self.expression(value);
            }
            ExprKind::Subscript(left, right) | ExprKind::Binary(left, _, right) => {
                self.expression(left);
                self.expression(right);
            }
            ExprKind::Slice(lower, upper, step) => {
                [lower, upper, step].into_iter().flatten().for_each(|part| self.expression(part));
            }
            ExprKind::Call(call) => {
                self.expression(&call.function);
                call.args.iter().for_each(|arg| self.expression(arg));
                call.keywords.iter().for_each(|(_, value)| self.expression(value));
            }
            ExprKind::List(items)
            | ExprKind::Tuple(items)
            | ExprKind::Set(items)
            | ExprKind::And(items)
            | ExprKind::Or(items) => items.iter().for_each(|item| self.expression(item)),
            ExprKind::Dict(items) => {
                for (key, value) in items {
                    key.iter().for_each(|key| self.expression(key));
                    self.expression(value);
                }
            }
            ExprKind::Compare(left, rest) => {
                self.expression(left);
                rest.iter().for_each(|(_, right)| self.expression(right));
            }
            ExprKind::IfElse { test, body, orelse } => {
                [test, body, orelse].into_iter().for_each(|part| self.expression(part));
            }
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension),
            ExprKind::Generator(function) => {
                function.comprehension().into_iter().for_each(|comprehension| self.comprehension(comprehension));
            }
            ExprKind::Lambda(function) => self.defaults(function),
            ExprKind::Format(parts) => self.format(parts),
            _ => {}
        }
    }

    fn comprehension(&mut self, comprehension: &Comprehension) {
        self.expression(&comprehension.element);
        comprehension.value.iter().for_each(|value| self.expression(value));
        comprehension.clauses.iter().flat_map(|clause| &clause.ifs).for_each(|test| self.expression(test));
    }

    fn format(&mut self, parts: &[FormatPart]) {
        for part in parts {
            if let FormatPart::Hole { value, spec, .. } = part {
                self.expression(value);
                self.format(spec);
            }
        }
    }
}
