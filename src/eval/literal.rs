//! `ast.literal_eval`.

use super::machine::{Frame, Machine};
use super::object::{Module, Object};
use super::raise::Exception;
use crate::python::ast::{self, Expr, ExprKind, StmtKind, UnaryOp};
use crate::source::Place;

/// Longer texts are not looked at.
pub(super) const MAX_TEXT: usize = 100_000;

/// The value of a literal; what is no literal raises.
pub(super) fn literal_eval(machine: &mut Machine, text: &str, origin: Option<Place>) -> Result<Object, Exception> {
    let unknown = || Object::unknown("the literal is not evaluated", origin);
    if text.len() > MAX_TEXT {
        return Ok(unknown());
    }
    let text = without_indent(text);
    let tree = crate::python::parse(text);
    let Some(expr) = only_expression(text, &tree) else {
        return Err(no_expression(text));
    };
    match is_literal(expr) {
        Some(true) => {
            // The text is not that of a file: its parts have no place of their own.
            let module = Module { file: None, ..machine.module() };
            machine.frames.push(Frame::of_module(module));
            let value = machine.eval(expr).unwrap_or_else(|_| unknown());
            machine.frames.pop();
            Ok(value.at(origin))
        }
        Some(false) => Err(Exception::new("ValueError", "malformed node or string")),
        None => Ok(unknown()),
    }
}

/// What Python raises where a text is no expression.
pub(super) fn no_expression(text: &str) -> Exception {
    const MESSAGE: &str = "the text is not an expression";
    // Python's versions differ in what they raise for a null byte, and for a text that is nested too deeply.
    match text.contains('\0') || text.len() > 200 {
        true => Exception::of_any_class(MESSAGE),
        false => Exception::new("SyntaxError", MESSAGE),
    }
}

/// A text without what `eval` takes from its beginning.
pub(super) fn without_indent(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// The expression that a text is.
pub(super) fn only_expression<'t>(text: &str, tree: &'t ast::Module) -> Option<&'t Expr> {
    let [statement] = tree.body.as_slice() else { return None };
    let StmtKind::Expr(expr) = &statement.kind else { return None };
    // The mark of a file's byte order is taken off files alone.
    let is_valid = tree.errors.is_empty() && !text.starts_with('\u{feff}');
    let rest = text.get(statement.span.end as usize..).unwrap_or_default();
    let is_all = !rest.split('#').next().unwrap_or_default().contains(';');
    (is_valid && is_all).then_some(expr)
}

/// Whether an expression is a literal to `ast.literal_eval`; none where that is left open.
fn is_literal(expr: &Expr) -> Option<bool> {
    let all =
        |items: Vec<&Expr>| items.into_iter().try_fold(true, |all, item| is_literal(item).map(|is_one| all && is_one));
    match &expr.kind {
        ExprKind::None
        | ExprKind::Ellipsis
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_) => Some(true),
        ExprKind::List(items) | ExprKind::Tuple(items) | ExprKind::Set(items) => all(items.iter().collect()),
        ExprKind::Dict(entries) => {
            if entries.iter().any(|(key, _)| key.is_none()) {
                return Some(false);
            }
            all(entries.iter().flat_map(|(key, value)| key.iter().chain([value])).collect())
        }
        ExprKind::Unary(UnaryOp::Neg | UnaryOp::Pos, value) => match value.kind {
            ExprKind::Int(_) | ExprKind::Float(_) => Some(true),
            _ => None,
        },
        // Sums are numbers with an imaginary part; `set()` is allowed; wide numbers are not told from other nodes.
        ExprKind::Binary(..) | ExprKind::Call(_) | ExprKind::Suspend(..) | ExprKind::Opaque(_) => None,
        _ => Some(false),
    }
}
