//! Methods of bytes.

use std::sync::Arc;

use super::MethodCall;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

pub(super) fn call(machine: &mut Machine, bytes: &Arc<[u8]>, origin: Option<Place>, call: &MethodCall) -> Run<Object> {
    match call.name {
        "decode" => decode(machine, bytes, origin, call),
        _ => Ok(call.not_evaluated()),
    }
}

/// `bytes.decode(encoding="utf-8", errors="strict")`.
fn decode(machine: &mut Machine, bytes: &[u8], origin: Option<Place>, call: &MethodCall) -> Run<Object> {
    let strict = || Object::str("strict", None);
    let encoding = call.arguments.get(0, "encoding").cloned().unwrap_or_else(|| Object::str("utf-8", None));
    let errors = call.arguments.get(1, "errors").cloned().unwrap_or_else(strict);
    let codec = encoding.as_str().and_then(|name| Codec::of(name)).filter(|_| !call.arguments.open);
    let Some(codec) = codec else {
        machine.may_raise("decode()")?;
        return Ok(Object::unknown_of(Class::Str, "the codec is not known", call.place));
    };
    match (codec.decoded(bytes), errors.as_str().map(AsRef::as_ref)) {
        (Some(text), _) => Ok(Object::str(text, origin)),
        (None, Some("strict")) => {
            machine.fail(Exception::new("UnicodeDecodeError", "the bytes are not of this encoding"))
        }
        (None, _) => {
            machine.may_raise("decode()")?;
            Ok(Object::unknown_of(Class::Str, "how wrong bytes are decoded is not evaluated", call.place))
        }
    }
}

/// An encoding that is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Ascii,
    Latin1,
    Utf8,
}

impl Codec {
    /// The codec of a name.
    ///
    /// Source: <https://docs.python.org/3/library/codecs.html#standard-encodings>
    pub fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().replace(['_', ' '], "-").as_str() {
            "ascii" | "us-ascii" | "646" => Self::Ascii,
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "latin" | "l1" => Self::Latin1,
            "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Self::Utf8,
            _ => return None,
        })
    }

    /// The text of bytes that are of this encoding.
    fn decoded(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Ascii if !bytes.is_ascii() => None,
            Self::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
            Self::Ascii | Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
        }
    }

    /// The bytes of a text that this encoding can hold.
    pub fn encoded(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Ascii if !text.is_ascii() => None,
            Self::Latin1 => text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect(),
            Self::Ascii | Self::Utf8 => Some(text.as_bytes().to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_as_python_has_them() {
        assert_eq!(Codec::of("UTF_8"), Some(Codec::Utf8));
        assert_eq!(Codec::of("utf-16"), None);
        assert_eq!(Codec::Latin1.decoded(b"\xc7\x85").as_deref(), Some("\u{c7}\u{85}"));
        assert_eq!(Codec::Ascii.decoded(b"\xc7"), None);
        assert_eq!(Codec::Latin1.encoded("\u{e9}").as_deref(), Some(b"\xe9".as_slice()));
        assert_eq!(Codec::Latin1.encoded("\u{1c5}"), None);
    }
}
