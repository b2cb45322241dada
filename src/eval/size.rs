//! How large an object may become that is made of others.
//!
//! Every walk over an object is recursive and walks what is shared each time that it reaches it, so that both its
//! nesting and its parts, counted as those of a tree, are bounded where an expression makes it.

use rustc_hash::FxHashMap;

use super::machine::Machine;
use super::object::{Kind, Object, Piece};

const MAX_NESTING: u32 = 60;
/// As many as the longest tuple of pairs has, and some more.
const MAX_PARTS: u64 = 200_000;

/// The measures of an object.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    nesting: u32,
    parts: u64,
}

/// What was measured already, by address: all of it is alive while an object that it is a part of is measured.
type Measured = FxHashMap<*const (), Size>;

impl Machine<'_> {
    /// The object, where it is not too large to be looked at.
    pub(super) fn bounded(&self, object: Object) -> Object {
        let size = size(&object, &mut Measured::default());
        match () {
            () if size.nesting > MAX_NESTING => Object::unknown("it is nested too deeply", object.origin),
            () if size.parts > MAX_PARTS => Object::unknown("it holds too many values", object.origin),
            () => object,
        }
    }
}

fn size(object: &Object, measured: &mut Measured) -> Size {
    let (address, parts): (*const (), Vec<&Object>) = match &object.kind {
        Kind::Tuple(items) => (items.as_ptr().cast(), items.iter().map(|item| &item.object).collect()),
        Kind::Either(options) => (options.as_ptr().cast(), options.iter().map(|(_, object)| object).collect()),
        Kind::Template(pieces) => {
            let holes = pieces.iter().filter_map(|piece| match piece {
                Piece::Hole(object) => Some(object),
                Piece::Literal(_) => None,
            });
            (pieces.as_ptr().cast(), holes.collect())
        }
        Kind::Path(text) => (std::sync::Arc::as_ptr(text).cast(), vec![text]),
        Kind::Made(made) => (std::sync::Arc::as_ptr(made).cast(), made.arguments.all().collect()),
        Kind::Bound(bound) => (std::sync::Arc::as_ptr(bound).cast(), vec![&bound.0, &bound.1]),
        Kind::Method(method) => (std::sync::Arc::as_ptr(method).cast(), vec![&method.0]),
        Kind::Function(closure) => {
            (std::sync::Arc::as_ptr(closure).cast(), closure.defaults.iter().flatten().collect())
        }
        _ => return Size { nesting: 0, parts: 1 },
    };
    if let Some(known) = measured.get(&address) {
        return *known;
    }
    let mut whole = Size { nesting: 0, parts: 1 };
    for part in parts {
        let part = size(part, measured);
        whole.nesting = whole.nesting.max(part.nesting);
        whole.parts = whole.parts.saturating_add(part.parts);
    }
    whole.nesting += 1;
    measured.insert(address, whole);
    whole
}
