//! From the bytes of a Python source file to text, as CPython decodes them.
//!
//! Source: PEP 263 and the tokenizer of CPython 3.11: a UTF-8 byte order mark wins, else a coding cookie on the first
//! or second line (the second only after a blank or comment line), else UTF-8.

use encoding_rs::Encoding;

use super::encode::Form;

/// The byte order mark of UTF-8.
pub(super) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why the bytes of a file are no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No cookie, and not UTF-8.
    #[error(
        "not UTF-8 (byte 0x{byte:02x} at offset {offset}); name the encoding in a comment such as \"# -*- coding: latin-1 -*-\" on the first line"
    )]
    NotUtf8 {
        /// The first byte that does not fit.
        byte: u8,
        /// Its offset.
        offset: usize,
    },
    /// The cookie names an encoding that Python does not know.
    #[error("unknown encoding {0:?} in the coding comment")]
    UnknownEncoding(String),
    /// The bytes are not of the encoding that the cookie names.
    #[error("the text is not {0}, which its coding comment names")]
    Malformed(String),
    /// A byte order mark of UTF-8, and a cookie that names another encoding.
    #[error("a UTF-8 byte order mark, but the coding comment names {0:?}")]
    MarkAgainstCookie(String),
}

/// The text of a Python file. A byte order mark is left out.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    let (body, has_mark) = match bytes.strip_prefix(UTF8_MARK) {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    match coding_cookie(body) {
        None => utf8(body),
        Some(name) if is_utf8_name(&name) => utf8(body),
        Some(name) if has_mark => Err(DecodeError::MarkAgainstCookie(name)),
        Some(name) => decode_as(body, &name),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, DecodeError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let offset = error.valid_up_to();
            Err(DecodeError::NotUtf8 { byte: bytes[offset], offset })
        }
    }
}

/// The name in a comment such as `# -*- coding: <name> -*-` on the first two lines.
pub(super) fn coding_cookie(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let first = lines.next()?;
    if let Some(name) = cookie_in_line(first) {
        return Some(name);
    }
    let is_blank_or_comment =
        first.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c' | b'\r')).is_none_or(|&byte| byte == b'#');
    if is_blank_or_comment { lines.next().and_then(cookie_in_line) } else { None }
}

/// `^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)` of PEP 263.
fn cookie_in_line(line: &[u8]) -> Option<String> {
    let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))?;
    let comment = line[start..].strip_prefix(b"#")?;
    let mut rest = comment;
    while let Some(at) = memchr::memmem::find(rest, b"coding") {
        rest = &rest[at + b"coding".len()..];
        let Some((b':' | b'=', value)) = rest.split_first() else { continue };
        let name: String = value
            .iter()
            .skip_while(|byte| matches!(byte, b' ' | b'\t'))
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .map(|&byte| byte as char)
            .collect();
        if !name.is_empty() {
            return Some(name);
        }
    }
    None
}

fn normalized(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

fn is_utf8_name(name: &str) -> bool {
    let name = normalized(name);
    matches!(name.as_str(), "utf-8" | "utf8" | "u8" | "utf" | "cp65001") || name.starts_with("utf-8-")
}

/// What a coding cookie stands for; UTF-8 where there is none.
pub(super) fn encoding_of(cookie: Option<&str>) -> Result<Form, DecodeError> {
    let Some(name) = cookie.filter(|name| !is_utf8_name(name)) else { return Ok(Form::Utf8) };
    match normalized(name).as_str() {
        // The browser's tables, which encoding_rs holds, read these two as windows-1252. Python does not.
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" => Ok(Form::Latin1),
        "ascii" | "us-ascii" | "646" => Ok(Form::Ascii),
        other => {
            let label = other.strip_prefix("cp125").map(|digit| format!("windows-125{digit}"));
            let label = label.as_deref().unwrap_or(other);
            let encoding = Encoding::for_label(label.as_bytes());
            encoding.map(Form::Other).ok_or_else(|| DecodeError::UnknownEncoding(name.to_owned()))
        }
    }
}

fn decode_as(bytes: &[u8], name: &str) -> Result<String, DecodeError> {
    let text = match encoding_of(Some(name))? {
        Form::Utf8 => return utf8(bytes),
        Form::Latin1 => Some(bytes.iter().map(|&byte| byte as char).collect()),
        Form::Ascii => bytes.is_ascii().then(|| utf8(bytes)).transpose()?,
        Form::Other(encoding) => {
            encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
        }
    };
    text.ok_or_else(|| DecodeError::Malformed(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookie_ok() {
        assert_eq!(
            decode(b"# -*- coding: latin-1 -*-\nx = '\xe9'\n").as_deref(),
            Ok("# -*- coding: latin-1 -*-\nx = 'é'\n")
        );
        assert_eq!(
            decode(b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'").as_deref(),
            Ok("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'€'")
        );
        assert_eq!(decode(b"\xef\xbb\xbfx = 1").as_deref(), Ok("x = 1"));
        assert_eq!(decode(b"# coding: utf8\nx = '\xc3\xa9'").as_deref(), Ok("# coding: utf8\nx = 'é'"));
    }

    #[test]
    fn cookie_after_code_is_no_cookie() {
        assert_eq!(decode(b"x = 1\n# coding: latin-1\n'\xe9'"), Err(DecodeError::NotUtf8 { byte: 0xe9, offset: 25 }));
    }

    #[test]
    fn undecodable_err() {
        assert_eq!(decode(b"# coding: klingon\n"), Err(DecodeError::UnknownEncoding("klingon".into())));
        assert_eq!(decode(b"# coding: ascii\n'\xe9'"), Err(DecodeError::Malformed("ascii".into())));
        assert_eq!(decode(b"\xef\xbb\xbf# coding: latin-1\n"), Err(DecodeError::MarkAgainstCookie("latin-1".into())));
    }
}
