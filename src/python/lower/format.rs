//! f-strings.

use ruff_python_ast as ruff;

use super::super::ast::*;
use super::super::span;
use super::{HALF, Lower};
use crate::source::Span;

impl Lower {
    pub(super) fn format_string(&mut self, node: &ruff::ExprFString) -> Vec<FormatPart> {
        let mut parts = Vec::new();
        for part in node.value.as_slice() {
            match part {
                ruff::FStringPart::Literal(literal) => parts.push(format_literal(&literal.value, span(literal.range))),
                ruff::FStringPart::FString(part) => self.format_elements(&part.elements, &mut parts),
            }
        }
        parts
    }

    pub(super) fn format_elements(
        &mut self,
        elements: &[ruff::InterpolatedStringElement],
        parts: &mut Vec<FormatPart>,
    ) {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => {
                    parts.push(format_literal(&literal.value, span(literal.range)));
                }
                ruff::InterpolatedStringElement::Interpolation(hole) => {
                    let value = match hole.debug_text {
                        // `{value=}` writes its own source text, which nobody configures anything with.
                        Some(_) => {
                            Expr { kind: ExprKind::Opaque("a self-documenting f-string"), span: span(hole.range) }
                        }
                        None => self.expr(&hole.expression),
                    };
                    let mut spec = Vec::new();
                    if let Some(format) = &hole.format_spec {
                        self.format_elements(&format.elements, &mut spec);
                    }
                    parts.push(FormatPart::Hole { value, conversion: hole.conversion.to_byte().map(char::from), spec });
                }
            }
        }
    }
}

/// A part of a format string as it is written.
fn format_literal(text: &str, span: Span) -> FormatPart {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        let value = Expr { kind: ExprKind::Opaque(HALF), span };
        return FormatPart::Hole { value, conversion: None, spec: Vec::new() };
    }
    FormatPart::Literal(text.into())
}
