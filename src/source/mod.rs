//! Text and where it stands: files, byte ranges, line numbers, and where files come from.
//!
//! This layer knows nothing of Python or Django. Everywhere above it, a place is a [`Place`]:
//! a byte range in a file. Only `report` and `server` turn places into lines and columns.

mod decode;
mod encode;
mod file_system;
mod files;
mod ignored;
mod lines;
mod tree;
mod walk;
mod write;

pub use decode::{DecodeError, decode};
pub use encode::{EncodeError, encode};
pub use file_system::{Disk, FileSystem, Memory, Overlay, absolute};
pub use files::{FileId, ReadError, SourceFile, Sources};
pub use lines::{LineColumn, LineIndex, line_end_of};
pub use tree::{FileTree, is_python};
pub use walk::{Visitor, Walk};
pub use write::replace_files;

/// A byte range in some text, `start` included and `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, but without, `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Whether `offset` lies inside the range.
    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The text that the range covers; empty where the range does not fit the text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A byte range in a file: where something was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The range of bytes in its text.
    pub span: Span,
}

impl Place {
    /// `span` in `file`.
    pub fn new(file: FileId, span: Span) -> Self {
        Self { file, span }
    }

    /// Whether `inner` lies within it.
    pub fn holds(self, inner: Self) -> bool {
        self.file == inner.file && self.span.start <= inner.span.start && inner.span.end <= self.span.end
    }
}
