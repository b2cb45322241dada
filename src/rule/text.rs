//! The texts of rule pages. Those of the rule book are compressed: few runs ask for one.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

/// The pages of the rule book, one after the other. They are much alike, and so compressed as one.
pub struct PackedPages {
    /// A stream of DEFLATE: <https://www.rfc-editor.org/rfc/rfc1951>.
    packed: &'static [u8],
    text: OnceLock<String>,
}

impl PackedPages {
    /// Pages that are unpacked when one of them is first asked for.
    pub const fn new(packed: &'static [u8]) -> Self {
        Self { packed, text: OnceLock::new() }
    }

    /// A page; empty where no page is there. The tests hold all pages sound.
    fn part(&self, range: Range<usize>) -> &str {
        let unpack =
            || miniz_oxide::inflate::decompress_to_vec(self.packed).ok().and_then(|it| String::from_utf8(it).ok());
        self.text.get_or_init(|| unpack().unwrap_or_default()).get(range).unwrap_or_default()
    }
}

/// The text of a page.
#[derive(Clone)]
pub enum PageText {
    /// In the rule book, at these bytes.
    Packed(&'static PackedPages, Range<usize>),
    /// A user's own.
    Own(Arc<str>),
}

impl Deref for PageText {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Packed(pages, range) => pages.part(range.clone()),
            Self::Own(text) => text,
        }
    }
}

impl From<&str> for PageText {
    fn from(text: &str) -> Self {
        Self::Own(text.into())
    }
}

impl fmt::Debug for PageText {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        (**self).fmt(formatter)
    }
}
