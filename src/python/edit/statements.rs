//! Changes of statements.

use ruff_python_ast::{AnyNodeRef, Expr, Stmt};

use super::{Change, Editor, end, is_literal, start};
use crate::source::Span;

impl Editor {
    /// The name and the value of an assignment to one name, which stands at exactly this range.
    fn assignment(&self, statement: Span) -> Option<(&ruff_python_ast::ExprName, &Expr)> {
        let (target, value) = match self.path_to(statement)?.last()? {
            AnyNodeRef::StmtAssign(assign) => match assign.targets.as_slice() {
                [target] => (target, assign.value.as_ref()),
                _ => return None,
            },
            AnyNodeRef::StmtAnnAssign(assign) => (assign.target.as_ref(), assign.value.as_deref()?),
            _ => return None,
        };
        match target {
            Expr::Name(name) => Some((name, value)),
            _ => None,
        }
    }

    /// Gives the name that a statement assigns a literal to another value.
    pub fn assign(&self, statement: Span, source: &str) -> Option<Vec<Change>> {
        let (_, value) = self.assignment(statement)?;
        let place = Span::new(start(value), end(value));
        let may_change = is_literal(value) && !self.has_comment(place.start, place.end);
        may_change.then(|| vec![Change::replace(place, source)])
    }

    /// Whether a statement is one of the module itself, and no part of another one.
    pub fn is_at_top(&self, statement: Span) -> bool {
        self.body().iter().any(|top| (start(top), end(top)) == (statement.start, statement.end))
    }

    /// Where the value stands that a statement assigns to a name.
    pub fn assigned_value(&self, statement: Span) -> Option<Span> {
        let (_, value) = self.assignment(statement)?;
        Some(Span::new(start(value), end(value)))
    }

    /// Has a statement assign to another name.
    pub fn rename(&self, statement: Span, new: &str) -> Option<Vec<Change>> {
        let (name, _) = self.assignment(statement)?;
        Some(vec![Change::replace(Span::new(start(name), end(name)), new)])
    }

    /// Takes out a statement that has its lines to itself; none where it is alone in its block, or has a comment.
    pub fn remove_statement(&self, statement: Span) -> Option<Vec<Change>> {
        let path = self.path_to(statement)?;
        let parent = path.iter().rev().nth(1)?;
        let is_top = matches!(parent, AnyNodeRef::ModModule(_));
        let (from, to) = self.lines_of(statement)?;
        if !is_top || self.has_comment(from, to) {
            return None;
        }
        Some(vec![Change::delete(from, to)])
    }

    /// The lines of a statement, line break included, where nothing else but a comment stands on them.
    pub(super) fn lines_of(&self, statement: Span) -> Option<(u32, u32)> {
        let after = self.slice(statement.end, self.line_end(statement.end)).trim_start();
        let before = self.slice(self.line_start(statement.start), statement.start);
        let is_alone = before.trim().is_empty() && (after.is_empty() || after.starts_with('#'));
        is_alone.then(|| (self.line_start(statement.start), self.next_line(statement.end)))
    }

    /// Puts an assignment of a setting where a person would: below those that are named alike, else below the last one.
    pub fn add_setting(&self, name: &str, source: &str) -> Option<Vec<Change>> {
        let line = format!("{name} = {source}");
        let mut nearest: Option<(usize, &Stmt)> = None;
        for statement in self.body() {
            let Some(other) = assigned(statement) else { continue };
            let kinship = kinship(name, other);
            if nearest.is_none_or(|(best, _)| kinship >= best) {
                nearest = Some((kinship, statement));
            }
        }
        let (kinship, after) = match nearest {
            Some((kinship, statement)) => (kinship, Some(statement)),
            None => (0, self.body().last()),
        };
        let Some(after) = after else {
            let has_text = !self.text.trim().is_empty();
            let end = self.text.len() as u32;
            let gap = if has_text && !self.text.ends_with('\n') { "\n" } else { "" };
            return Some(vec![Change::insert(end, format!("{gap}{line}\n"))]);
        };
        self.lines_of(Span::new(start(after), end(after)))?;
        let at = self.line_end(end(after));
        let gap = if kinship > 0 || assigned(after).is_some() { "\n" } else { "\n\n" };
        Some(vec![Change::insert(at, format!("{gap}{line}"))])
    }
}

/// The setting that a statement assigns.
fn assigned(statement: &Stmt) -> Option<&str> {
    let target = match statement {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [target] => target,
            _ => return None,
        },
        Stmt::AnnAssign(assign) => assign.target.as_ref(),
        _ => return None,
    };
    match target {
        Expr::Name(name) if name.id.chars().all(|c| !c.is_lowercase()) => Some(name.id.as_str()),
        _ => None,
    }
}

/// How many words two names begin with alike. What has to do with HTTPS and cookies is one family.
fn kinship(a: &str, b: &str) -> usize {
    const FAMILY: [&str; 3] = ["SECURE", "SESSION", "CSRF"];
    let common = a.split('_').zip(b.split('_')).take_while(|(a, b)| a == b).count();
    let is_of_family = |name: &str| FAMILY.iter().any(|word| name.split('_').next() == Some(word));
    // Two words in common weigh more than one and the family, and that more than the family alone.
    2 * common + usize::from(is_of_family(a) && is_of_family(b))
}

#[cfg(test)]
mod tests {
    use super::super::{at, changed};
    use super::*;

    fn added(text: &str, name: &str) -> String {
        let editor = Editor::new(text).expect("Python");
        editor.add_setting(name, "True").map_or_else(|| "none".to_owned(), |changes| changed(text, &changes))
    }

    #[test]
    fn a_setting_goes_to_its_relatives() {
        let text =
            "from .base import *\n\nDEBUG = False\n\nSECURE_SSL_REDIRECT = True\nSESSION_COOKIE_AGE = 60\n\nA = 1\n";
        assert_eq!(
            added(text, "SESSION_COOKIE_SECURE"),
            text.replace("AGE = 60\n", "AGE = 60\nSESSION_COOKIE_SECURE = True\n")
        );
        assert_eq!(
            added(text, "SECURE_HSTS_PRELOAD"),
            text.replace("REDIRECT = True\n", "REDIRECT = True\nSECURE_HSTS_PRELOAD = True\n")
        );
        assert_eq!(
            added(text, "CSRF_COOKIE_SECURE"),
            text.replace("AGE = 60\n", "AGE = 60\nCSRF_COOKIE_SECURE = True\n")
        );
        assert_eq!(added(text, "USE_TZ"), format!("{text}USE_TZ = True\n"));
    }

    #[test]
    fn a_setting_finds_its_place_in_any_module() {
        assert_eq!(added("from .base import *\n", "USE_TZ"), "from .base import *\n\nUSE_TZ = True\n");
        assert_eq!(added("A = 1", "USE_TZ"), "A = 1\nUSE_TZ = True");
        assert_eq!(added("A = [\n    1,\n]  # why\n", "USE_TZ"), "A = [\n    1,\n]  # why\nUSE_TZ = True\n");
        assert_eq!(added("", "USE_TZ"), "USE_TZ = True\n");
        assert_eq!(added("# empty\n", "USE_TZ"), "# empty\nUSE_TZ = True\n");
    }

    #[test]
    fn statements_are_changed() {
        let text = "A = 1\nB: int = 2  # two\nC = f()\nif A:\n    D = 1\n";
        let editor = Editor::new(text).expect("Python");
        let made = |changes: Option<Vec<Change>>| changes.map(|changes| changed(text, &changes));
        assert_eq!(made(editor.assign(at(text, "B: int = 2"), "3")), Some(text.replace("= 2", "= 3")));
        assert_eq!(made(editor.assign(at(text, "C = f()"), "3")), None);
        assert_eq!(editor.assigned_value(at(text, "C = f()")), Some(at(text, "f()")));
        assert_eq!(made(editor.rename(at(text, "C = f()"), "E")), Some(text.replace("C =", "E =")));
        assert_eq!(made(editor.remove_statement(at(text, "A = 1"))), Some(text.replacen("A = 1\n", "", 1)));
        assert_eq!(made(editor.remove_statement(at(text, "B: int = 2"))), None);
        assert_eq!(made(editor.remove_statement(at(text, "D = 1"))), None);
    }
}
