//! Changes of a text that leave all else as it was written: quotes, comments, layout.
//!
//! Every function gives none where the source is written in a way in which the change cannot be made with care.

mod calls;
mod imports;
mod items;
mod literals;
mod statements;

use std::sync::Arc;

use ruff_python_ast::find_node::covering_node;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{AnyNodeRef, Expr, ModModule, PySourceType, Stmt};
use ruff_python_parser::{Parsed, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{lower, nesting, span};
use crate::source::Span;

pub use imports::Imported;
pub use items::Beside;
pub use literals::quoted_like;

/// What takes the place of a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced; empty where something is put in.
    pub span: Span,
    /// What takes its place.
    pub content: String,
}

/// A text that is Python, in which changes are sought.
pub struct Editor {
    text: Arc<str>,
    parsed: Parsed<ModModule>,
}

impl Change {
    fn replace(span: Span, content: impl Into<String>) -> Self {
        Self { span, content: content.into() }
    }

    fn insert(at: u32, content: impl Into<String>) -> Self {
        Self::replace(Span::new(at, at), content)
    }

    fn delete(start: u32, end: u32) -> Self {
        Self::replace(Span::new(start, end), "")
    }
}

impl Editor {
    /// Reads a text; none where it is not Python, or too deeply nested to be walked.
    pub fn new(text: impl Into<Arc<str>>) -> Option<Self> {
        let text = text.into();
        if nesting::too_deep(&text).is_some() {
            return None;
        }
        let parsed = parse_unchecked_source(&text, PySourceType::Python);
        if lower::module(parsed.suite()).is_deep {
            // As in `parse`: dropping such a tree could overflow the stack.
            std::mem::forget(parsed);
            return None;
        }
        parsed.errors().is_empty().then_some(Self { text, parsed })
    }

    /// The nodes around a range, outermost first, the last of which is of exactly that range.
    fn path_to(&self, span: Span) -> Option<Vec<AnyNodeRef<'_>>> {
        let wanted = range(span);
        let root = AnyNodeRef::from(self.parsed.syntax());
        if span.start >= span.end || !root.range().contains_range(wanted) {
            return None;
        }
        let path: Vec<_> = covering_node(root, wanted).ancestors().collect();
        // A literal is the only node within its expression; both are of the same range.
        let at = path.iter().rposition(|node| node.range() == wanted)?;
        Some(path[at..].iter().rev().copied().collect())
    }

    /// The expression of exactly this range.
    fn expression(&self, span: Span) -> Option<ruff_python_ast::ExprRef<'_>> {
        self.path_to(span)?.last()?.as_expr_ref()
    }

    fn body(&self) -> &[Stmt] {
        self.parsed.suite()
    }

    fn tokens(&self, start: u32, end: u32) -> impl Iterator<Item = &Token> {
        let wanted = TextRange::new(start.into(), end.into());
        self.parsed.tokens().iter().filter(move |token| wanted.contains_range(token.range()))
    }

    fn has_comment(&self, start: u32, end: u32) -> bool {
        self.tokens(start, end).any(|token| token.kind() == TokenKind::Comment)
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        Span::new(start, end).slice(&self.text)
    }

    /// Where the line that holds an offset begins.
    fn line_start(&self, offset: u32) -> u32 {
        let before = self.slice(0, offset);
        before.rfind(['\n', '\r']).map_or(0, |at| at as u32 + 1)
    }

    /// Where the line that holds an offset ends, without its line break.
    fn line_end(&self, offset: u32) -> u32 {
        let rest = self.slice(offset, self.text.len() as u32);
        offset + rest.find(['\n', '\r']).unwrap_or(rest.len()) as u32
    }

    /// Where the line after that of an offset begins; the end of the text where there is none.
    fn next_line(&self, offset: u32) -> u32 {
        let end = self.line_end(offset);
        let rest = self.slice(end, self.text.len() as u32);
        end + if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) as u32 }
    }

    /// The blanks that the line of an offset begins with.
    fn indentation(&self, offset: u32) -> &str {
        let line = self.slice(self.line_start(offset), self.line_end(offset));
        &line[..line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len()]
    }

    /// Whether a range begins its first line and ends its last one, but for a comma and a comment.
    fn is_alone_on_its_lines(&self, start: u32, end: u32) -> bool {
        let before = self.slice(self.line_start(start), start);
        let after = self.slice(end, self.line_end(end)).trim_start();
        let after = after.strip_prefix(',').unwrap_or(after).trim_start();
        before.trim().is_empty() && (after.is_empty() || after.starts_with('#'))
    }
}

fn range(span: Span) -> TextRange {
    TextRange::new(TextSize::from(span.start), TextSize::from(span.end))
}

fn start(node: &impl Ranged) -> u32 {
    node.start().to_u32()
}

fn end(node: &impl Ranged) -> u32 {
    node.end().to_u32()
}

/// Whether an expression is a value as it stands: a literal, or a display of literals.
fn is_literal(expression: &Expr) -> bool {
    match expression {
        Expr::UnaryOp(unary) => matches!(unary.operand.as_ref(), Expr::NumberLiteral(_)),
        Expr::List(list) => list.elts.iter().all(is_literal),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_literal),
        Expr::Set(set) => set.elts.iter().all(is_literal),
        Expr::Dict(dict) => {
            dict.items.iter().all(|item| item.key.as_ref().is_some_and(is_literal) && is_literal(&item.value))
        }
        other => other.is_literal_expr(),
    }
}

/// The text with changes made, of which none overlaps another.
#[cfg(test)]
fn changed(text: &str, changes: &[Change]) -> String {
    let mut changes = changes.to_vec();
    changes.sort_by_key(|change| change.span);
    let mut made = text.to_owned();
    for change in changes.iter().rev() {
        made.replace_range(change.span.start as usize..change.span.end as usize, &change.content);
    }
    made
}

/// Where a part of a text stands first.
#[cfg(test)]
fn at(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap_or_default() as u32;
    Span::new(start, start + part.len() as u32)
}
