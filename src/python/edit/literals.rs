//! Changes of literals.

use ruff_python_ast::ExprRef;

use super::{Change, Editor, end, span};
use crate::source::Span;

impl Editor {
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

    /// Makes a list of an expression; where parentheses show that it was to be a tuple, the comma is put in that makes it
    /// one.
    pub fn put_in_list(&self, place: Span) -> Option<Vec<Change>> {
        let before = self.slice(0, place.start).trim_end();
        let is_before = before.strip_suffix('(').is_some_and(|before| before.trim_end().ends_with(['=', ':']));
        let is_after = self.slice(place.end, self.text.len() as u32).trim_start().starts_with(')');
        match is_before && is_after {
            true => self.wrap(place, "", ","),
            false => self.wrap(place, "[", "]"),
        }
    }

    /// Makes the string literal that stands at exactly this range, and holds `old`, hold `new`; prefix and quotes stay.
    pub fn replace_string(&self, place: Span, old: &str, new: &str) -> Option<Vec<Change>> {
        let ExprRef::StringLiteral(literal) = self.expression(place)? else { return None };
        let [part] = literal.value.as_slice() else { return None };
        let content = part.content_range();
        let raw = span(content).slice(&self.text);
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

    /// The same for one part of a string literal that is a list with commas: `"a,b"`.
    pub fn replace_part(&self, place: Span, old: &str, new: &str) -> Option<Vec<Change>> {
        let text = self.string(place)?;
        let is_part = |part: &&str| part.trim() == old;
        if text.split(',').filter(is_part).count() != 1 || new.contains(',') || text.trim() == old {
            return None;
        }
        let with = |part: &str| if is_part(&part) { part.replacen(old, new, 1) } else { part.to_owned() };
        let changed: Vec<String> = text.split(',').map(with).collect();
        self.replace_string(place, &text, &changed.join(","))
    }

    /// Writes commas between the literals that Python joins to one string.
    pub fn part_string(&self, place: Span) -> Option<Vec<Change>> {
        let ExprRef::StringLiteral(literal) = self.expression(place)? else { return None };
        let (_, before) = literal.value.as_slice().split_last()?;
        (!before.is_empty()).then(|| before.iter().map(|part| Change::insert(end(part), ",")).collect())
    }

    /// What the literal that stands at exactly this range says: the text of a string, or a number as it is written.
    pub fn literal_text(&self, place: Span) -> Option<String> {
        match self.expression(place)? {
            ExprRef::NumberLiteral(_) => Some(place.slice(&self.text).to_owned()),
            _ => self.string(place),
        }
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
    fn lists_are_made() {
        let made = |text: &str, literal: &str| {
            let start = text.find(literal)? as u32;
            let place = Span::new(start, start + literal.len() as u32);
            Some(changed(text, &Editor::new(text)?.put_in_list(place)?))
        };
        assert_eq!(made("A = 'a'  # why", "'a'").as_deref(), Some("A = ['a']  # why"));
        assert_eq!(made("A = ('a')", "'a'").as_deref(), Some("A = ('a',)"));
        assert_eq!(made("A = {'b': (\n  'a'\n)}", "'a'").as_deref(), Some("A = {'b': (\n  'a',\n)}"));
        assert_eq!(made("A = f('a')", "'a'").as_deref(), Some("A = f(['a'])"));
    }

    #[test]
    fn parts_of_strings_are_replaced() {
        let text = "A = 'a/, b/,ab/'.split(',')";
        let made = |old, new| {
            let changes = Editor::new(text)?.replace_part(Span::new(4, 16), old, new)?;
            Some(changed(text, &changes))
        };
        assert_eq!(made("b/", "b").as_deref(), Some("A = 'a/, b,ab/'.split(',')"));
        assert_eq!(made("a/", "a").as_deref(), Some("A = 'a, b/,ab/'.split(',')"));
        assert_eq!(made("/", ""), None);
        assert_eq!(made("a/", "a,b"), None);
    }

    #[test]
    fn joined_strings_are_parted() {
        let text = "A = [\n    'a'  # first\n    \"b\" 'c',\n]\n";
        let start = text.find("'a'").unwrap_or_default() as u32;
        let end = text.find(",\n]").unwrap_or_default() as u32;
        let editor = Editor::new(text).expect("Python");
        let changes = editor.part_string(Span::new(start, end)).expect("parts");
        assert_eq!(changed(text, &changes), "A = [\n    'a',  # first\n    \"b\", 'c',\n]\n");
        assert_eq!(editor.part_string(Span::new(start, start + 3)), None);
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
