//! `match` statements: cases and their patterns.

use ruff_python_ast as ruff;

use super::super::ast::*;
use super::super::span;
use super::{Lower, MAX_DEPTH};

impl Lower {
    pub(super) fn case(&mut self, case: &ruff::MatchCase) -> Case {
        Case {
            pattern: self.pattern(&case.pattern),
            guard: case.guard.as_ref().map(|guard| self.expr(guard)),
            body: self.block(&case.body),
        }
    }

    pub(super) fn pattern(&mut self, pattern: &ruff::Pattern) -> Pattern {
        match pattern {
            ruff::Pattern::MatchValue(node) => Pattern::Value(self.expr(&node.value)),
            ruff::Pattern::MatchSingleton(node) => {
                let kind = match node.value {
                    ruff::Singleton::None => ExprKind::None,
                    ruff::Singleton::True => ExprKind::Bool(true),
                    ruff::Singleton::False => ExprKind::Bool(false),
                };
                Pattern::Value(Expr { kind, span: span(node.range) })
            }
            ruff::Pattern::MatchOr(node) => Pattern::Or(node.patterns.iter().map(|part| self.pattern(part)).collect()),
            ruff::Pattern::MatchAs(node) => match (&node.pattern, &node.name) {
                (Some(pattern), Some(name)) => {
                    let name = self.name(name.as_str());
                    Pattern::As(Box::new(self.pattern(pattern)), name)
                }
                (_, name) => Pattern::Capture(name.as_ref().map(|name| self.name(name.as_str()))),
            },
            other => {
                let mut names = Vec::new();
                self.pattern_names(other, &mut names);
                Pattern::Structure(names)
            }
        }
    }

    pub(super) fn pattern_names(&mut self, pattern: &ruff::Pattern, names: &mut Vec<Name>) {
        if self.depth >= MAX_DEPTH {
            self.is_deep = true;
            return;
        }
        self.depth += 1;
        match pattern {
            ruff::Pattern::MatchValue(_) | ruff::Pattern::MatchSingleton(_) => {}
            ruff::Pattern::MatchSequence(node) => {
                node.patterns.iter().for_each(|part| self.pattern_names(part, names));
            }
            ruff::Pattern::MatchOr(node) => node.patterns.iter().for_each(|part| self.pattern_names(part, names)),
            ruff::Pattern::MatchMapping(node) => {
                node.patterns.iter().for_each(|part| self.pattern_names(part, names));
                names.extend(node.rest.as_ref().map(|name| self.name(name.as_str())));
            }
            ruff::Pattern::MatchClass(node) => {
                node.arguments.patterns.iter().for_each(|part| self.pattern_names(part, names));
                node.arguments.keywords.iter().for_each(|part| self.pattern_names(&part.pattern, names));
            }
            ruff::Pattern::MatchStar(node) => names.extend(node.name.as_ref().map(|name| self.name(name.as_str()))),
            ruff::Pattern::MatchAs(node) => {
                node.pattern.iter().for_each(|part| self.pattern_names(part, names));
                names.extend(node.name.as_ref().map(|name| self.name(name.as_str())));
            }
        }
        self.depth -= 1;
    }
}
