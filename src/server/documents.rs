//! The documents that are open in the editor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::positions::{Encoding, Positions};
use crate::source::{LineIndex, Span};

/// A document that is open.
#[derive(Debug, Clone)]
pub struct Document {
    /// What the editor calls it.
    pub uri: Uri,
    /// Its version in the editor.
    pub version: i32,
    /// Its text.
    pub text: String,
    /// How its text came to differ from that of which findings are known for certain.
    pub edits: Vec<Replaced>,
}

/// A part of a text that was replaced by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// What was replaced, in bytes.
    pub span: Span,
    /// The length of what took its place, in bytes.
    pub length: u32,
}

impl Replaced {
    /// The part in which two texts differ.
    pub fn between(old: &str, new: &str) -> Self {
        let shared = |a: &mut dyn Iterator<Item = (char, char)>| -> usize {
            a.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
        };
        let start = shared(&mut old.chars().zip(new.chars()));
        let (old, new) = (&old[start..], &new[start..]);
        let end = shared(&mut old.chars().rev().zip(new.chars().rev()));
        let span = Span::new(start as u32, (start + old.len() - end) as u32);
        Self { span, length: (new.len() - end) as u32 }
    }

    /// Where a span lies after the change; none where the change touched it.
    pub fn moved(&self, span: Span) -> Option<Span> {
        if span.end <= self.span.start {
            return Some(span);
        }
        if span.start < self.span.end {
            return None;
        }
        let move_to = |offset: u32| offset - self.span.end + self.span.start + self.length;
        Some(Span::new(move_to(span.start), move_to(span.end)))
    }
}

impl Document {
    /// Applies what the editor changed, in order. Gives whether the text differs from before.
    pub fn change(&mut self, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) -> bool {
        let mut differs = false;
        for change in changes {
            let replaced = match change.range {
                Some(range) => {
                    let lines = LineIndex::new(&self.text);
                    let span = Positions::new(&self.text, &lines, encoding).span(range);
                    Replaced { span, length: change.text.len() as u32 }
                }
                None => Replaced::between(&self.text, &change.text),
            };
            let is_same = match change.range {
                Some(_) => replaced.span.slice(&self.text) == change.text,
                None => self.text == change.text,
            };
            if is_same {
                continue;
            }
            differs = true;
            self.edits.push(replaced);
            match change.range {
                Some(_) => {
                    self.text.replace_range(replaced.span.start as usize..replaced.span.end as usize, &change.text);
                }
                None => self.text = change.text,
            }
        }
        differs
    }

    /// Where a span of the text of which findings are known lies now; none where it was touched since.
    pub fn moved(&self, span: Span) -> Option<Span> {
        self.edits.iter().try_fold(span, |span, edit| edit.moved(span))
    }
}

/// The documents that are open, by path.
#[derive(Debug, Default)]
pub struct Documents {
    open: BTreeMap<PathBuf, Document>,
}

impl Documents {
    /// Takes in a document.
    pub fn open(&mut self, path: PathBuf, document: Document) {
        self.open.insert(path, document);
    }

    /// Lets go of a document.
    pub fn close(&mut self, path: &Path) -> Option<Document> {
        self.open.remove(path)
    }

    /// A document.
    pub fn get(&self, path: &Path) -> Option<&Document> {
        self.open.get(path)
    }

    /// A document, to be changed.
    pub fn get_mut(&mut self, path: &Path) -> Option<&mut Document> {
        self.open.get_mut(path)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&PathBuf, &Document)> {
        self.open.iter()
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&PathBuf, &mut Document)> {
        self.open.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use lsp_types::{Position, Range};

    use super::*;

    fn document(text: &str) -> Document {
        Document { uri: Uri::from_str("file:///a").unwrap(), version: 1, text: text.to_owned(), edits: Vec::new() }
    }

    fn change(range: Option<((u32, u32), (u32, u32))>, text: &str) -> TextDocumentContentChangeEvent {
        let position = |(line, character)| Position::new(line, character);
        let range = range.map(|(start, end)| Range::new(position(start), position(end)));
        TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
    }

    #[test]
    fn changes_apply_in_order() {
        let mut document = document("a = \"😀\"  # x\nb\n");
        let changes = vec![change(Some(((0, 8), (0, 10))), ""), change(Some(((1, 0), (1, 1))), "c\r\nd")];
        assert!(document.change(changes, Encoding::Utf16));
        assert_eq!(document.text, "a = \"😀\"# x\nc\r\nd\n");
        assert!(!document.change(vec![change(Some(((1, 0), (1, 1))), "c")], Encoding::Utf16));
        assert!(document.change(vec![change(None, "e"), change(Some(((9, 9), (9, 9))), "!")], Encoding::Utf16));
        assert_eq!(document.text, "e!");
    }

    #[test]
    fn spans_move_with_the_text_around_them() {
        let mut document = document("aa bb cc");
        document.change(vec![change(Some(((0, 3), (0, 5))), "x")], Encoding::Utf8);
        document.change(vec![change(None, ">aa x cc")], Encoding::Utf8);
        let moved = |start, end| document.moved(Span::new(start, end)).map(|span| span.slice(&document.text));
        assert_eq!((moved(0, 2), moved(3, 5), moved(6, 8)), (Some("aa"), None, Some("cc")));
    }

    #[test]
    fn texts_differ_in_one_part() {
        assert_eq!(Replaced::between("aXb", "aYYb"), Replaced { span: Span::new(1, 2), length: 2 });
        assert_eq!(Replaced::between("aa", "aaa"), Replaced { span: Span::new(2, 2), length: 1 });
        assert_eq!(Replaced::between("é", "è"), Replaced { span: Span::new(0, 2), length: 2 });
    }
}
