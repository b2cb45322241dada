//! Between byte offsets and the protocol's positions, whose characters are counted as the client and the server agreed.

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::{LineIndex, Span};

/// What a column counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what every client knows.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The one to use among those that a client knows: bytes, which cost nothing, else its first choice.
    pub fn among<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let known: Vec<Self> = names.filter_map(Self::of).collect();
        match known.contains(&Self::Utf8) {
            true => Self::Utf8,
            false => known.first().copied().unwrap_or_default(),
        }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Utf8, Self::Utf16, Self::Utf32].into_iter().find(|encoding| encoding.kind().as_str() == name)
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text with its lines, as a client counts in it.
#[derive(Clone, Copy)]
pub struct Positions<'t> {
    text: &'t str,
    lines: &'t LineIndex,
    encoding: Encoding,
}

impl<'t> Positions<'t> {
    /// Positions in `text`, of which `lines` is the index.
    pub fn new(text: &'t str, lines: &'t LineIndex, encoding: Encoding) -> Self {
        Self { text, lines, encoding }
    }

    /// The position of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.text.len() as u32);
        let line = self.lines.line_of(offset);
        let before = Span::new(self.lines.start_of(line), offset).slice(self.text);
        let character: usize = before.chars().map(|c| self.encoding.width(c)).sum();
        Position::new(line as u32, character as u32)
    }

    /// The range of a span.
    pub fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    /// The byte offset of a position; the end of the line, or of the text, where it lies beyond that.
    pub fn offset(&self, position: Position) -> u32 {
        let line = position.line as usize;
        if line >= self.lines.len() {
            return self.text.len() as u32;
        }
        let start = self.lines.start_of(line);
        let mut offset = start;
        let mut left = position.character as usize;
        for c in self.line(line).chars() {
            let width = self.encoding.width(c);
            if left < width {
                break;
            }
            left -= width;
            offset += c.len_utf8() as u32;
        }
        offset
    }

    /// The span of a range.
    pub fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(start.min(end), start.max(end))
    }

    /// A line, counted from 0, without its end.
    fn line(&self, line: usize) -> &'t str {
        let end = if line + 1 < self.lines.len() { self.lines.start_of(line + 1) } else { self.text.len() as u32 };
        Span::new(self.lines.start_of(line), end).slice(self.text).trim_end_matches(['\r', '\n'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_what_was_agreed() {
        let text = "a = 1\r\nb = \"é😀\"  # x\r\n";
        let lines = LineIndex::new(text);
        let at = text.find('#').unwrap() as u32;
        for (encoding, column) in [(Encoding::Utf8, 14), (Encoding::Utf16, 11), (Encoding::Utf32, 10)] {
            let positions = Positions::new(text, &lines, encoding);
            let position = Position::new(1, column);
            assert_eq!(positions.position(at), position, "{encoding:?}");
            assert_eq!(positions.offset(position), at, "{encoding:?}");
        }
    }

    #[test]
    fn what_lies_beyond_is_the_end() {
        let text = "ab\r\ncd";
        let lines = LineIndex::new(text);
        let positions = Positions::new(text, &lines, Encoding::Utf16);
        assert_eq!(positions.offset(Position::new(0, 99)), 2);
        assert_eq!(positions.offset(Position::new(9, 0)), 6);
    }

    #[test]
    fn bytes_go_before_what_a_client_prefers() {
        let among = |names: &[&str]| Encoding::among(names.iter().copied());
        assert_eq!(among(&["utf-16", "utf-8"]), Encoding::Utf8);
        assert_eq!(among(&["utf-32", "utf-16"]), Encoding::Utf32);
        assert_eq!(among(&["utf-7"]), Encoding::Utf16);
    }
}
