//! Changes of the items of a list, tuple or set, of the entries of a dict, and of the arguments of a call.

use ruff_python_ast::AnyNodeRef;
use ruff_python_ast::token::TokenKind;

use super::{Change, Editor, end, start};
use crate::source::Span;

/// Where an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Before another one.
    Before(Span),
    /// After another one.
    After(Span),
}

/// What holds items.
struct Container {
    /// All of it, brackets included.
    span: Span,
    /// Its items: of a dict, each from the key to the value.
    items: Vec<Span>,
    /// Whether a comma is what makes it, where it has one item.
    is_tuple: bool,
}

impl Container {
    fn of(node: AnyNodeRef) -> Option<Self> {
        fn spans<'n, T: ruff_text_size::Ranged + 'n>(nodes: impl IntoIterator<Item = &'n T>) -> Vec<Span> {
            nodes.into_iter().map(|node| Span::new(start(node), end(node))).collect()
        }
        let (items, is_tuple) = match node {
            AnyNodeRef::ExprList(list) => (spans(&list.elts), false),
            // Without parentheses there is no place for a line of its own.
            AnyNodeRef::ExprTuple(tuple) if tuple.parenthesized => (spans(&tuple.elts), true),
            AnyNodeRef::ExprSet(set) => (spans(&set.elts), false),
            AnyNodeRef::ExprDict(dict) => {
                let entry = |item: &ruff_python_ast::DictItem| {
                    Span::new(item.key.as_ref().map_or_else(|| start(&item.value), start), end(&item.value))
                };
                (dict.items.iter().map(entry).collect(), false)
            }
            AnyNodeRef::Arguments(arguments) => {
                let mut all = spans(&arguments.args);
                all.extend(arguments.keywords.iter().map(|keyword| Span::new(start(keyword), end(keyword))));
                all.sort();
                (all, false)
            }
            _ => return None,
        };
        Some(Self { span: Span::new(start(&node), end(&node)), items, is_tuple })
    }

    /// The item that a range is, or, in a dict, the entry whose key or value it is.
    fn index_of(&self, item: Span) -> Option<usize> {
        self.items.iter().position(|entry| entry.start <= item.start && item.end <= entry.end)
    }
}

impl Editor {
    /// What holds an item, and which one it is there.
    fn container_of(&self, item: Span) -> Option<(Container, usize)> {
        let path = self.path_to(item)?;
        let container = path.iter().rev().skip(1).find_map(|node| match node {
            AnyNodeRef::Keyword(_) => None,
            node => Some(Container::of(*node)),
        })??;
        let index = container.index_of(item)?;
        Some((container, index))
    }

    /// Whether what stands at exactly this range is an item of a list, tuple or set that is written as such, rather than
    /// an argument of what makes one.
    pub fn is_in_list(&self, item: Span) -> bool {
        let path = self.path_to(item).unwrap_or_default();
        let parent = path.iter().rev().nth(1);
        matches!(parent, Some(AnyNodeRef::ExprList(_) | AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprSet(_)))
    }

    /// Whether what stands at exactly this range is a key or value of a dict that is written as such.
    pub fn is_in_dict(&self, part: Span) -> bool {
        let path = self.path_to(part).unwrap_or_default();
        matches!(path.iter().rev().nth(1), Some(AnyNodeRef::ExprDict(_)))
    }

    /// The comma that ends an item, where there is one.
    fn comma_after(&self, container: &Container, index: usize) -> Option<Span> {
        let until = container.items.get(index + 1).map_or(container.span.end, |next| next.start);
        let comma = self.tokens(container.items[index].end, until).find(|token| token.kind() == TokenKind::Comma)?;
        Some(Span::new(start(comma), end(comma)))
    }

    /// Where an item ends with the parentheses around it and its comma.
    fn end_with_comma(&self, container: &Container, index: usize) -> u32 {
        self.comma_after(container, index).map_or_else(|| self.end_of(container, index), |comma| comma.end)
    }

    /// Where an item begins, with the parentheses around it.
    fn start_of(&self, container: &Container, index: usize) -> u32 {
        let from = match index.checked_sub(1) {
            Some(before) => self.end_with_comma(container, before),
            None => container.span.start + u32::from(self.opens_with_bracket(container)),
        };
        let opening = self.tokens(from, container.items[index].start).find(|token| token.kind() == TokenKind::Lpar);
        opening.map_or(container.items[index].start, start)
    }

    /// Where an item ends, with the parentheses around it.
    fn end_of(&self, container: &Container, index: usize) -> u32 {
        let until = match container.items.get(index + 1) {
            Some(next) => self.comma_after(container, index).map_or(next.start, |comma| comma.start),
            None => self
                .comma_after(container, index)
                .map_or(container.span.end - u32::from(self.opens_with_bracket(container)), |comma| comma.start),
        };
        let closing =
            self.tokens(container.items[index].end, until).filter(|token| token.kind() == TokenKind::Rpar).last();
        closing.map_or(container.items[index].end, end)
    }

    fn opens_with_bracket(&self, container: &Container) -> bool {
        self.slice(container.span.start, container.span.end).starts_with(['[', '(', '{'])
    }

    /// Takes an item out of what holds it. A comment on its line keeps it where it is.
    pub fn remove_item(&self, item: Span) -> Option<Vec<Change>> {
        let (container, index) = self.container_of(item)?;
        let (from, to) = (self.start_of(&container, index), self.end_with_comma(&container, index));
        let mut changes = Vec::new();
        if self.is_alone_on_its_lines(from, to) {
            if self.has_comment(self.line_start(from), self.line_end(to)) {
                return None;
            }
            let inside = Span::new(container.span.start + 1, container.span.end.saturating_sub(1));
            if container.items.len() == 1 && self.opens_with_bracket(&container) {
                let is_commented = self.has_comment(inside.start, inside.end);
                return (!is_commented).then(|| vec![Change::delete(inside.start, inside.end)]);
            }
            changes.push(Change::delete(self.line_start(from), self.next_line(to)));
        } else {
            let (from, to) = match (index.checked_sub(1), container.items.get(index + 1)) {
                (_, Some(_)) => (from, self.start_of(&container, index + 1)),
                // The comma before it stays where it makes the tuple.
                (Some(0), None) if container.is_tuple => (self.end_with_comma(&container, 0), to),
                (Some(before), None) => {
                    let end = self.end_of(&container, before);
                    // A trailing comma was one before, too.
                    (end, self.end_of(&container, index))
                }
                (None, None) => (from, to),
            };
            if self.has_comment(from, to) {
                return None;
            }
            changes.push(Change::delete(from, to));
        }
        let is_left_alone = container.is_tuple && container.items.len() == 2;
        if is_left_alone && index == 0 && self.comma_after(&container, 1).is_none() {
            changes.push(Change::insert(self.end_of(&container, 1), ","));
        }
        Some(changes)
    }

    /// Puts an item beside another one.
    pub fn insert_item(&self, beside: Beside, source: &str) -> Option<Vec<Change>> {
        let anchor = match beside {
            Beside::Before(anchor) | Beside::After(anchor) => anchor,
        };
        let (container, index) = self.container_of(anchor)?;
        self.insert_at(&container, index + usize::from(matches!(beside, Beside::After(_))), source)
    }

    /// Puts an item at the beginning or at the end of a list, tuple or set, or an entry into a dict.
    pub fn add_item(&self, container: Span, at_the_end: bool, source: &str) -> Option<Vec<Change>> {
        let path = self.path_to(container)?;
        let container = Container::of(*path.last()?)?;
        self.insert_at(&container, if at_the_end { container.items.len() } else { 0 }, source)
    }

    fn insert_at(&self, container: &Container, index: usize, source: &str) -> Option<Vec<Change>> {
        if container.items.is_empty() {
            let inside = Span::new(container.span.start + 1, container.span.end - 1);
            let comma = if container.is_tuple { "," } else { "" };
            return (!self.has_comment(inside.start, inside.end))
                .then(|| vec![Change::replace(inside, format!("{source}{comma}"))]);
        }
        let Some(before) = index.checked_sub(1) else {
            let first = self.start_of(container, 0);
            let is_alone = self.is_alone_on_its_lines(first, self.end_with_comma(container, 0));
            if is_alone {
                let line = self.line_start(first);
                let indentation = self.indentation(first);
                return Some(vec![Change::insert(line, format!("{indentation}{source},\n"))]);
            }
            let comma = if container.is_tuple && container.items.len() == 1 { "" } else { ", " };
            return match comma {
                // `(a,)` becomes `(b, a,)`.
                "" => Some(vec![Change::insert(first, format!("{source}, "))]),
                _ => Some(vec![Change::insert(first, format!("{source}{comma}"))]),
            };
        };
        let comma = self.comma_after(container, before);
        let (from, to) = (self.start_of(container, before), self.end_with_comma(container, before));
        if !self.is_alone_on_its_lines(from, to) {
            return Some(match comma {
                Some(comma) if index < container.items.len() => vec![Change::insert(comma.end, format!(" {source},"))],
                Some(comma) => vec![Change::insert(comma.start, format!(", {source}"))],
                None => vec![Change::insert(self.end_of(container, before), format!(", {source}"))],
            });
        }
        let indentation = self.indentation(from);
        let mut changes = Vec::new();
        if comma.is_none() {
            changes.push(Change::insert(self.end_of(container, before), ","));
        }
        let comma = if comma.is_some() { "," } else { "" };
        let line_end = self.line_end(to);
        changes.push(Change::insert(line_end, format!("\n{indentation}{source}{comma}")));
        Some(changes)
    }

    /// Puts several items in the place of one.
    pub fn replace_item(&self, item: Span, sources: &[String]) -> Option<Vec<Change>> {
        let (container, index) = self.container_of(item)?;
        let (from, to) = (self.start_of(&container, index), self.end_of(&container, index));
        let is_alone = self.is_alone_on_its_lines(from, self.end_with_comma(&container, index));
        let separator = if is_alone { format!(",\n{}", self.indentation(from)) } else { ", ".to_owned() };
        Some(vec![Change::replace(Span::new(from, to), sources.join(&separator))])
    }

    /// Puts an entry, of which this is the key, one level deeper: into the dict `target`, where there is one, else into
    /// one that is made for it, under the key whose source is `name`.
    pub fn move_entry(&self, key: Span, name: &str, target: Option<Span>) -> Option<Vec<Change>> {
        let AnyNodeRef::ExprDict(_) = self.path_to(key)?.iter().nth_back(1)? else { return None };
        let (container, index) = self.container_of(key)?;
        let entry = Span::new(self.start_of(&container, index), self.end_of(&container, index));
        let Some(target) = target else {
            return Some(vec![Change::insert(entry.start, format!("{name}: {{")), Change::insert(entry.end, "}")]);
        };
        let source = self.slice(entry.start, entry.end);
        let is_around = target.start <= entry.start && entry.end <= target.end;
        if source.contains(['\n', '\r']) || is_around {
            return None;
        }
        let AnyNodeRef::ExprDict(_) = self.path_to(target)?.last()? else { return None };
        let mut changes = self.remove_item(key)?;
        changes.extend(self.add_item(target, true, source)?);
        Some(changes)
    }

    /// Moves an item beside another one of the same list, with the comment on its line.
    pub fn move_item(&self, item: Span, beside: Beside) -> Option<Vec<Change>> {
        let anchor = match beside {
            Beside::Before(anchor) | Beside::After(anchor) => anchor,
        };
        let (container, index) = self.container_of(item)?;
        let (around_anchor, target) = self.container_of(anchor)?;
        if container.span != around_anchor.span || index == target {
            return None;
        }
        let lines = |index: usize| {
            let (from, to) = (self.start_of(&container, index), self.end_with_comma(&container, index));
            self.is_alone_on_its_lines(from, to).then(|| (self.line_start(from), self.next_line(to)))
        };
        let (Some(moved), Some(kept)) = (lines(index), lines(target)) else {
            let source = self.slice(self.start_of(&container, index), self.end_of(&container, index));
            let mut changes = self.remove_item(item)?;
            changes.extend(self.insert_item(beside, source)?);
            return Some(changes);
        };
        let mut source = self.slice(moved.0, moved.1).to_owned();
        let mut changes = vec![Change::delete(moved.0, moved.1)];
        if self.comma_after(&container, index).is_none() {
            let end = self.end_of(&container, index) - moved.0;
            source.insert(end as usize, ',');
        }
        match beside {
            Beside::Before(_) => changes.push(Change::insert(kept.0, source)),
            Beside::After(_) => {
                if self.comma_after(&container, target).is_none() {
                    changes.push(Change::insert(self.end_of(&container, target), ","));
                }
                changes.push(Change::insert(kept.1, source));
            }
        }
        Some(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{at, changed};
    use super::*;

    fn without(text: &str, item: &str) -> String {
        let editor = Editor::new(text).expect("Python");
        editor.remove_item(at(text, item)).map_or_else(|| "kept".to_owned(), |changes| changed(text, &changes))
    }

    #[test]
    fn items_are_removed() {
        assert_eq!(without("A = ['a', 'b', 'c']", "'a'"), "A = ['b', 'c']");
        assert_eq!(without("A = ['a', 'b', 'c']", "'b'"), "A = ['a', 'c']");
        assert_eq!(without("A = ['a', 'b', 'c']", "'c'"), "A = ['a', 'b']");
        assert_eq!(without("A = ['a', 'b',]", "'b'"), "A = ['a',]");
        assert_eq!(without("A = ['a']", "'a'"), "A = []");
        assert_eq!(without("A = ('a', 'b')", "'a'"), "A = ('b',)");
        assert_eq!(without("A = ('a', 'b')", "'b'"), "A = ('a',)");
        assert_eq!(without("A = ['a', ('b'), 'c']", "'b'"), "A = ['a', 'c']");
        assert_eq!(without("A = {'a': 1, 'b': 2}", "'b'"), "A = {'a': 1}");
        assert_eq!(without("A = {'a': 1, 'b': 2}", "1"), "A = {'b': 2}");
        assert_eq!(without("f(a, b=1, c=2)", "1"), "f(a, c=2)");
        assert_eq!(without("A = [\n    'a',\n    'b',\n]\n", "'a'"), "A = [\n    'b',\n]\n");
        assert_eq!(without("A = [\n    'a',\n    'b'\n]\n", "'b'"), "A = [\n    'a',\n]\n");
        assert_eq!(without("A = {\n    'a': 1,\n}\n", "'a'"), "A = {}\n");
        assert_eq!(without("A = {\n    # none\n    'a': 1,\n}\n", "'a'"), "kept");
        assert_eq!(without("A = [\n    'a',  # why\n    'b',\n]\n", "'a'"), "kept");
    }

    fn with(text: &str, beside: impl Fn(Span) -> Beside, anchor: &str) -> String {
        let editor = Editor::new(text).expect("Python");
        let changes = editor.insert_item(beside(at(text, anchor)), "'x'");
        changes.map_or_else(|| "kept".to_owned(), |changes| changed(text, &changes))
    }

    #[test]
    fn items_are_put_in() {
        assert_eq!(with("A = ['a', 'b']", Beside::Before, "'a'"), "A = ['x', 'a', 'b']");
        assert_eq!(with("A = ['a', 'b']", Beside::Before, "'b'"), "A = ['a', 'x', 'b']");
        assert_eq!(with("A = ['a', 'b']", Beside::After, "'b'"), "A = ['a', 'b', 'x']");
        assert_eq!(with("A = ('a',)", Beside::After, "'a'"), "A = ('a', 'x',)");
        assert_eq!(with("A = [\n  'a',  # c\n]\n", Beside::After, "'a'"), "A = [\n  'a',  # c\n  'x',\n]\n");
        assert_eq!(with("A = [\n  'a'\n]\n", Beside::After, "'a'"), "A = [\n  'a',\n  'x'\n]\n");
        assert_eq!(with("A = [\n  'a'\n]\n", Beside::Before, "'a'"), "A = [\n  'x',\n  'a'\n]\n");
    }

    fn moved(text: &str, item: &str, beside: impl Fn(Span) -> Beside, anchor: &str) -> String {
        let editor = Editor::new(text).expect("Python");
        let changes = editor.move_item(at(text, item), beside(at(text, anchor)));
        changes.map_or_else(|| "kept".to_owned(), |changes| changed(text, &changes))
    }

    #[test]
    fn items_are_moved() {
        assert_eq!(moved("A = ['a', 'b', 'c']", "'c'", Beside::Before, "'a'"), "A = ['c', 'a', 'b']");
        assert_eq!(moved("A = ['a', 'b', 'c']", "'a'", Beside::After, "'c'"), "A = ['b', 'c', 'a']");
        let lines = "A = [\n  'a',\n  'b'  # why\n]\n";
        assert_eq!(moved(lines, "'b'", Beside::Before, "'a'"), "A = [\n  'b',  # why\n  'a',\n]\n");
        assert_eq!(moved("A = ['a'] + ['b']", "'b'", Beside::Before, "'a'"), "kept");
    }

    #[test]
    fn items_are_replaced_by_several() {
        let made = |text: &str, item: &str| {
            let changes = Editor::new(text)?.replace_item(at(text, item), &["'x'".to_owned(), "'y'".to_owned()])?;
            Some(changed(text, &changes))
        };
        assert_eq!(made("A = ['a', 'b']", "'a'").as_deref(), Some("A = ['x', 'y', 'b']"));
        assert_eq!(made("A = [\n  'a'  # c\n]", "'a'").as_deref(), Some("A = [\n  'x',\n  'y'  # c\n]"));
    }

    #[test]
    fn what_holds_an_item() {
        let text = "A = f(['a'], 'b', ('c',), {'d': 'e'})";
        let editor = Editor::new(text).expect("Python");
        let spans = ["'a'", "'b'", "'c'", "'d'", "'e'"].map(|item| at(text, item));
        assert_eq!(spans.map(|span| editor.is_in_list(span)), [true, false, true, false, false]);
        assert_eq!(spans.map(|span| editor.is_in_dict(span)), [false, false, false, true, true]);
    }

    #[test]
    fn entries_move_deeper() {
        let moved = |text: &str, key: &str, target: Option<&str>| {
            let editor = Editor::new(text).expect("Python");
            let changes = editor.move_entry(at(text, key), "'O'", target.map(|target| at(text, target)));
            changes.map_or_else(|| "kept".to_owned(), |changes| changed(text, &changes))
        };
        assert_eq!(moved("A = {'a': 1, 'b': [2]}", "'b'", None), "A = {'a': 1, 'O': {'b': [2]}}");
        assert_eq!(moved("A = {'a': 1, 'O': {'c': 3}}", "'a'", Some("{'c': 3}")), "A = {'O': {'c': 3, 'a': 1}}");
        assert_eq!(moved("A = {'O': {}, 'b': f(2)}", "'b'", Some("{}")), "A = {'O': {'b': f(2)}}");
        assert_eq!(
            moved(
                "A = {\n    'b': 2,\n    'O': {\n        'c': 3,\n    },\n}",
                "'b'",
                Some("{\n        'c': 3,\n    }")
            ),
            "A = {\n    'O': {\n        'c': 3,\n        'b': 2,\n    },\n}"
        );
        assert_eq!(moved("A = {'O': {}, 'b': [\n  2]}", "'b'", Some("{}")), "kept");
        assert_eq!(moved("A = dict(b=2)", "b", None), "kept");
        assert_eq!(moved("A = {'O': {'b': 2}}", "'b'", Some("{'b': 2}")), "kept");
    }

    #[test]
    fn entries_are_added() {
        let add = |text: &str, container: &str| {
            let editor = Editor::new(text).expect("Python");
            let changes = editor.add_item(at(text, container), true, "'x': 1");
            changes.map_or_else(|| "kept".to_owned(), |changes| changed(text, &changes))
        };
        assert_eq!(add("A = {}", "{}"), "A = {'x': 1}");
        assert_eq!(add("A = {'a': 2}", "{'a': 2}"), "A = {'a': 2, 'x': 1}");
        let text = "A = {\n    'a': 2,\n}";
        assert_eq!(add(text, &text[4..]), "A = {\n    'a': 2,\n    'x': 1,\n}");
    }
}
