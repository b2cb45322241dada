//! From text to a syntax tree. This module alone knows which parser does it.
//!
//! Parsing never fails: a text that is not Python gives the errors, and the tree of what could be read.

pub mod ast;
pub mod edit;
mod lower;
pub mod names;
mod nesting;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, PySourceType, Stmt};
use ruff_python_parser::parse_unchecked_source;
use ruff_text_size::{Ranged, TextRange};

use crate::source::Span;
use ast::{Module, SyntaxError};

/// Parses a module.
pub fn parse(text: &str) -> Module {
    if let Some(span) = nesting::too_deep(text) {
        let message = "too many nested parentheses".to_owned();
        return Module { errors: vec![SyntaxError { message, span }], ..Module::default() };
    }
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    let errors = parsed
        .errors()
        .iter()
        .map(|error| SyntaxError { message: error.error.to_string(), span: span(error.location) })
        .collect();
    let comments =
        parsed.tokens().iter().filter(|token| token.kind().is_comment()).map(|token| span(token.range())).collect();
    let lowered = lower::module(parsed.suite());
    if lowered.is_deep {
        // Dropping a tree of unknown depth could overflow the stack. Nobody writes such a file; it may leak.
        std::mem::forget(parsed);
    }
    Module { body: lowered.body, errors, comments }
}

/// The string literals that stand side by side in an expression that is nothing else, and that Python joins; none where
/// it is one literal, or something else.
pub fn adjacent_strings(text: &str) -> Vec<String> {
    if nesting::too_deep(text).is_some() {
        return Vec::new();
    }
    let parsed = parse_unchecked_source(&format!("({text})"), PySourceType::Python);
    let literals = match parsed.suite().as_slice() {
        [Stmt::Expr(statement)] if parsed.errors().is_empty() => match statement.value.as_ref() {
            Expr::StringLiteral(strings) if strings.value.is_implicit_concatenated() => {
                strings.value.iter().map(|literal| literal.value.to_string()).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    if lower::module(parsed.suite()).is_deep {
        std::mem::forget(parsed);
    }
    literals
}

/// A text with blanks for its comments and for what stands in its strings, so that what is found in it is code. Every
/// other byte stays where it is.
pub fn code_only(text: &str) -> String {
    let mut code = text.as_bytes().to_vec();
    if nesting::too_deep(text).is_some() {
        return String::new();
    }
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    for token in parsed.tokens().iter() {
        let kind = token.kind();
        if kind.is_comment() || matches!(kind, TokenKind::String | TokenKind::FStringMiddle) {
            let range = token.range();
            let bytes = code.get_mut(range.start().to_usize()..range.end().to_usize()).unwrap_or_default();
            bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
    }
    if lower::module(parsed.suite()).is_deep {
        std::mem::forget(parsed);
    }
    String::from_utf8(code).unwrap_or_default()
}

/// The parts of a text that hold ends of lines at which no comment can stand, in order: strings of several lines, and
/// from the code before a backslash to the code after it.
pub fn joined(text: &str) -> Vec<Span> {
    let mut joined = Vec::new();
    let mut open: Vec<u32> = Vec::new();
    let mut last_end = 0;
    for (kind, span) in tokens(text) {
        let before = Span::new(last_end, span.start);
        if before.slice(text).contains('\\') {
            joined.push(before);
        }
        last_end = span.end;
        match kind {
            TokenKind::String => joined.push(span),
            TokenKind::FStringStart | TokenKind::TStringStart => open.push(span.start),
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                joined.extend(open.pop().map(|start| Span::new(start, span.end)));
            }
            _ => {}
        }
    }
    joined.retain(|span| span.slice(text).contains(['\n', '\r']));
    joined.sort();
    joined
}

/// Whether two texts are the same code, whatever their comments and the blank lines between.
pub fn is_same_code(a: &str, b: &str) -> bool {
    let code = |text| {
        let is_code = |kind: TokenKind| !kind.is_comment() && !matches!(kind, TokenKind::NonLogicalNewline);
        tokens(text).into_iter().filter(|(kind, _)| is_code(*kind)).collect::<Vec<_>>()
    };
    let (of_a, of_b) = (code(a), code(b));
    // The end of a text without a last line break is one too.
    let is_same = |one: &(TokenKind, Span), other: &(TokenKind, Span)| {
        one.0 == other.0 && (one.0 == TokenKind::Newline || one.1.slice(a) == other.1.slice(b))
    };
    of_a.len() == of_b.len() && of_a.iter().zip(&of_b).all(|(one, other)| is_same(one, other))
}

fn tokens(text: &str) -> Vec<(TokenKind, Span)> {
    if nesting::too_deep(text).is_some() {
        return Vec::new();
    }
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    let found = parsed.tokens().iter().map(|token| (token.kind(), span(token.range()))).collect();
    if lower::module(parsed.suite()).is_deep {
        std::mem::forget(parsed);
    }
    found
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

#[cfg(test)]
mod tests {
    use super::ast::{ExprKind, StmtKind};
    use super::*;

    #[test]
    fn broken_text_keeps_the_rest() {
        let module = parse("A = 1\nB = [\nC = 3\n");
        assert!(!module.errors.is_empty());
        assert!(
            matches!(&module.body[0].kind, StmtKind::Assign { value, .. } if matches!(value.kind, ExprKind::Int(1)))
        );
    }

    #[test]
    fn hostile_nesting_ends() {
        for text in [
            format!("x = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
            format!("x = {}1", "not ".repeat(100_000)),
            format!("x = 1{}", " + 1".repeat(100_000)),
            format!("x = a{}", ".b".repeat(100_000)),
            format!("x = a{}", "()".repeat(100_000)),
            format!("if a:\n pass\n{}", "elif b:\n pass\n".repeat(20_000)),
            (0..2_000).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect::<String>(),
        ] {
            let module = parse(&text);
            assert!(module.body.len() <= 1);
        }
    }

    #[test]
    fn strings_and_comments_are_no_code() {
        let text = "a.b('a.b')  # a.b\n\"\"\"ü\na.b\"\"\"\n";
        let code = code_only(text);
        assert_eq!((code.len(), code.matches("a.b").count()), (text.len(), 1));
    }

    #[test]
    fn lines_are_joined_by_strings_and_backslashes() {
        let text = "a = 'b' \\\n  'c'\nd = f'''{\n'e'}''' + \"\"\"\n\"\"\"  # \\\nx = '\\n'\n";
        let found: Vec<&str> = joined(text).iter().map(|span| span.slice(text)).collect();
        assert_eq!(found, [" \\\n  ", "f'''{\n'e'}'''", "\"\"\"\n\"\"\""]);
    }

    #[test]
    fn same_code_but_for_comments() {
        assert!(is_same_code("a = [1]\n", "# b\n\na = [1]  # c"));
        assert!(!is_same_code("a = '''\n'''", "a = '''\n# b'''"));
        assert!(!is_same_code("if a:\n  b\n  c\n", "if a:\n  b\nc\n"));
    }

    #[test]
    fn comments_are_found_outside_strings() {
        let text = "x = '# no'  # yes\n# and\n";
        let found: Vec<&str> = parse(text).comments.iter().map(|span| span.slice(text)).collect();
        assert_eq!(found, ["# yes", "# and"]);
    }
}
