//! From text back to the bytes of a Python source file, in the encoding that the file has.

use encoding_rs::{EncoderResult, Encoding};

use super::decode::{DecodeError, UTF8_MARK, coding_cookie, decode, encoding_of};

/// Why a text cannot be written into a file in the file's own encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The file itself is no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The encoding has no such character.
    #[error("the character {character:?} does not exist in {encoding}, the encoding of the file")]
    NoSuchCharacter {
        /// The character.
        character: char,
        /// The encoding, as the file's coding comment names it.
        encoding: String,
    },
    /// Written anew, other parts of the file would become other bytes, or the text would be read differently.
    #[error("the file could not be read again as it was written; change it by hand")]
    NotFaithful,
}

/// How the bytes of a text file stand for characters.
pub(super) enum Form {
    Utf8,
    Ascii,
    Latin1,
    Other(&'static Encoding),
}

/// The bytes of `text` as a new content of the file whose bytes are `original`: with its byte order mark, if it has one,
/// and in the encoding that its coding comment names. Line ends are left as they are.
///
/// # Errors
/// Where the encoding lacks a character, and where the bytes would not be read as `text` again.
pub fn encode(text: &str, original: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let before = decode(original)?;
    let (body, mark) = match original.strip_prefix(UTF8_MARK) {
        Some(body) => (body, UTF8_MARK),
        None => (original, [].as_slice()),
    };
    let cookie = coding_cookie(body);
    let form = encoding_of(cookie.as_deref())?;
    let name = cookie.as_deref().unwrap_or("utf-8");
    let written = |text: &str| -> Result<Vec<u8>, EncodeError> {
        let no_such = |character| EncodeError::NoSuchCharacter { character, encoding: name.to_owned() };
        let mut bytes = mark.to_vec();
        bytes.extend(form.bytes_of(text).map_err(no_such)?);
        Ok(bytes)
    };
    let bytes = written(text)?;
    let is_faithful = written(&before)? == original && decode(&bytes).as_deref() == Ok(text);
    if is_faithful { Ok(bytes) } else { Err(EncodeError::NotFaithful) }
}

impl Form {
    /// The bytes of a text, or the first character that there are none for.
    fn bytes_of(&self, text: &str) -> Result<Vec<u8>, char> {
        let below = |limit: u32| -> Result<Vec<u8>, char> {
            text.chars()
                .map(|character| match u8::try_from(u32::from(character)) {
                    Ok(byte) if u32::from(byte) < limit => Ok(byte),
                    _ => Err(character),
                })
                .collect()
        };
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Ascii => below(0x80),
            Self::Latin1 => below(0x100),
            Self::Other(encoding) => {
                let mut encoder = encoding.new_encoder();
                let longest = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
                let mut bytes = Vec::with_capacity(longest.unwrap_or_default());
                match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true).0 {
                    EncoderResult::Unmappable(character) => Err(character),
                    EncoderResult::InputEmpty | EncoderResult::OutputFull => Ok(bytes),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_kept() {
        for original in [
            "x = 'é'\r\n".as_bytes(),
            b"\xef\xbb\xbfx = 1",
            b"# coding: latin-1\nx = '\xe9'\n",
            b"# coding: cp1252\nx = '\x80'\n",
            b"# coding: iso-8859-15\nx = '\xa4'\n",
            b"# coding: shift_jis\nx = '\x83\x65\x83\x58\x83\x67'\n",
            b"# coding: ascii\nx = 'e'\r",
        ] {
            let text = decode(original).expect("text");
            assert_eq!(encode(&text, original).as_deref(), Ok(original));
            let more = format!("{text}# more\n");
            assert_eq!(decode(&encode(&more, original).expect("bytes")).as_deref(), Ok(more.as_str()));
        }
    }

    #[test]
    fn character_without_a_byte_err() {
        let no_such =
            |character, encoding: &str| Err(EncodeError::NoSuchCharacter { character, encoding: encoding.to_owned() });
        assert_eq!(encode("# coding: latin-1\n# €", b"# coding: latin-1\n"), no_such('€', "latin-1"));
        assert_eq!(encode("# coding: ascii\n# é", b"# coding: ascii\n"), no_such('é', "ascii"));
        assert_eq!(encode("# coding: cp1252\n# Ж", b"# coding: cp1252\n"), no_such('Ж', "cp1252"));
    }

    #[test]
    fn lost_cookie_err() {
        let original = b"# coding: latin-1\nx = '\xe9'\n";
        assert_eq!(encode("a = 1\nb = 2\n# coding: latin-1\nx = 'é'\n", original), Err(EncodeError::NotFaithful));
    }
}
