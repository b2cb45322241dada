//! Changes of literals.

use ruff_python_ast::ExprRef;

use super::{Change, Editor, span};
use crate::source::Span;

impl Editor<'_> {
    /// Replaces an expression, which stands at exactly this range, by other source.
    pub fn replace(&self, place: Span, source: &str) -> Option<Vec<Change>> {
        self.expression(place)?;
        Some(vec![Change::replace(place, source)])
    }

    /// Replaces a literal, a display of literals included, by other source; none where the expression computes something.
    pub fn replace_literal(&self, place: Span, source: &str) -> Option<Vec<Change>> {
        let path = self.path_to(place)?;
        let is_literal = path.last()?.as_expr_ref().is_some_and(|expression| match expression {
            ExprRef::UnaryOp(unary) => super::is_literal(&unary.operand),
            ExprRef::List(list) => list.elts.iter().all(super::is_literal),
            ExprRef::Tuple(tuple) => tuple.elts.iter().all(super::is_literal),
            other => other.is_literal_expr(),
        });
        if !is_literal || self.has_comment(place.start, place.end) {
            return None;
        }
        Some(vec![Change::replace(place, source)])
    }

    /// Puts source around an expression.
    pub fn wrap(&self, place: Span, before: &str, after: &str) -> Option<Vec<Change>> {
        self.expression(place)?;
        Some(vec![Change::insert(place.start, before), Change::insert(place.end, after)])
    }

    /// Makes the string literal that stands at exactly this range, and holds `old`, hold `new`; prefix and quotes stay.
    pub fn replace_string(&self, place: Span, old: &str, new: &str) -> Option<Vec<Change>> {
        let ExprRef::StringLiteral(literal) = self.expression(place)? else { return None };
        let [part] = literal.value.as_slice() else { return None };
        let content = part.content_range();
        let raw = span(content).slice(self.text);
        // What is escaped in the source is not what the string holds, and the other way round.
        let is_plain = |text: &str| text.chars().all(|c| !c.is_control() && !matches!(c, '"' | '\''));
        let may_escape = part.flags.prefix().is_raw() || !raw.contains('\\') && !new.contains('\\');
        if raw != old || !is_plain(new) || !may_escape || new.ends_with('\\') {
            return None;
        }
        let same = |a: &mut dyn Iterator<Item = (char, char)>| {
            a.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>()
        };
        let head = same(&mut old.chars().zip(new.chars()));
        let tail = same(&mut old[head..].chars().rev().zip(new[head..].chars().rev()));
        let start = content.start().to_u32();
        let changed = Span::new(start + head as u32, start + (old.len() - tail) as u32);
        Some(vec![Change::replace(changed, &new[head..new.len() - tail])])
    }

    /// What the string literal that stands at exactly this range holds.
    pub fn string(&self, place: Span) -> Option<String> {
        match self.expression(place)? {
            ExprRef::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
            _ => None,
        }
    }
}

/// A string as source, in the quotes that a text uses more often.
pub fn quoted_like(text: &str, string: &str) -> String {
    let single = text.matches('\'').count() > text.matches('"').count();
    let quote = if single { '\'' } else { '"' };
    let escaped = string.replace('\\', "\\\\").replace(quote, &format!("\\{quote}"));
    format!("{quote}{escaped}{quote}")
}

#[cfg(test)]
mod tests {
    use super::super::changed;
    use super::*;

    fn replaced(text: &str, literal: &str, old: &str, new: &str) -> Option<String> {
        let start = text.find(literal)? as u32;
        let place = Span::new(start, start + literal.len() as u32);
        Some(changed(text, &Editor::new(text)?.replace_string(place, old, new)?))
    }

    #[test]
    fn strings_keep_prefix_and_quotes() {
        let made = |text, literal, old, new| replaced(text, literal, old, new).unwrap_or_default();
        assert_eq!(made("A = ['/static']", "'/static'", "/static", "/static/"), "A = ['/static/']");
        assert_eq!(made("A = r'^/x\\d'", "r'^/x\\d'", "^/x\\d", "^x\\d"), "A = r'^x\\d'");
        assert_eq!(made("A = \"\"\"abc\"\"\"", "\"\"\"abc\"\"\"", "abc", "añc"), "A = \"\"\"añc\"\"\"");
    }

    #[test]
    fn other_strings_are_left_alone() {
        assert_eq!(replaced("A = 'a' 'b'", "'a' 'b'", "ab", "c"), None);
        assert_eq!(replaced("A = '\\x61'", "'\\x61'", "a", "c"), None);
        assert_eq!(replaced("A = 'a'", "'a'", "b", "c"), None);
        assert_eq!(replaced("A = 'a'", "'a'", "a", "it's"), None);
        assert_eq!(replaced("A = f'a'", "f'a'", "a", "c"), None);
    }
}
