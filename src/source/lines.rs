//! From byte offsets to lines and columns.

/// A position for people: both numbers count from 1, the column in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// Where each line of a text begins.
///
/// A line ends at `\n`, `\r\n` or a lone `\r`, as Python's tokenizer has it; form feeds do not end a line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_first_of_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !is_first_of_crlf {
                starts.push(at as u32 + 1);
            }
        }
        Self { starts }
    }

    /// The line, counted from 0, that holds `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// The offset at which `line`, counted from 0, begins; the last line's beginning when there is no such line.
    pub fn start_of(&self, line: usize) -> u32 {
        self.starts[line.min(self.starts.len() - 1)]
    }

    /// How many lines there are; an empty text has one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: even an empty text has a line.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The position of `offset` in `text`, which must be the text that was indexed.
    pub fn position(&self, text: &str, offset: u32) -> LineColumn {
        let offset = offset.min(text.len() as u32);
        let line = self.line_of(offset);
        let before = text.get(self.starts[line] as usize..offset as usize).unwrap_or_default();
        LineColumn { line: line as u32 + 1, column: before.chars().count() as u32 + 1 }
    }
}

/// How the first line of a text ends.
pub fn line_end_of(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_of_every_ending_and_columns_in_code_points() {
        let text = "a\r\nb\rcé😀d\n";
        let index = LineIndex::new(text);
        assert_eq!(index.len(), 4);
        let d = text.find('d').unwrap_or_default() as u32;
        assert_eq!(index.position(text, d), LineColumn { line: 3, column: 4 });
        assert_eq!(index.position(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(index.position(text, text.len() as u32), LineColumn { line: 4, column: 1 });
    }
}
