//! The URLs of settings, as far as their text is known.

pub use crate::eval::url::{HOLE, SplitUrl, UrlError, percent_decoded};
use crate::eval::value::{Kind, Piece, Value};

/// The text of a string, with [`HOLE`] for what is not known; none for what is no string, or not known at all.
pub fn text_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Template(template) => {
            let text = template.pieces.iter().map(|piece| match piece {
                Piece::Literal(text) => text.to_string(),
                // A hole with a default is judged by the default, where that is the only thing that is known of it.
                Piece::Hole(hole) => hole
                    .when_unset()
                    .and_then(|default| match &default.kind {
                        Kind::Str(text) => Some(text.to_string()),
                        Kind::Int(number) => Some(number.to_string()),
                        _ => None,
                    })
                    .unwrap_or_else(|| HOLE.to_string()),
            });
            Some(text.collect())
        }
        _ => None,
    }
}
