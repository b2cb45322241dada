//! Brackets nested deeper than Python allows.

use crate::source::Span;

/// CPython refuses more: "too many nested parentheses" (`MAXLEVEL` in its `Parser/lexer/state.h`).
const MAX_DEPTH: u32 = 200;

/// The first bracket that is nested too deeply.
///
/// Strings and comments are passed over. The holes of f-strings are not looked into: they cannot be deep
/// without being deep in brackets of their own line.
pub fn too_deep(text: &str) -> Option<Span> {
    let bytes = text.as_bytes();
    let mut depth = 0u32;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(Span::new(at as u32, at as u32 + 1));
                }
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b'#' => at += memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at),
            quote @ (b'"' | b'\'') => at = end_of_string(bytes, at, quote),
            _ => at += 1,
        }
    }
    None
}

/// The offset after the string literal that begins at `start`.
fn end_of_string(bytes: &[u8], start: usize, quote: u8) -> usize {
    let is_triple = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if is_triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' | b'\r' if !is_triple => return at,
            byte if byte == quote && !is_triple => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_ok() {
        assert_eq!(too_deep(&format!("x = {}{}", "[".repeat(200), "]".repeat(200))), None);
        assert_eq!(too_deep(&format!("x = '{}'\n# {}", "[".repeat(300), "(".repeat(300))), None);
        assert_eq!(too_deep(&format!("x = '''\n{}'''", "{".repeat(300))), None);
    }

    #[test]
    fn more_err() {
        assert_eq!(too_deep(&format!("x = {}", "[".repeat(201))), Some(Span::new(204, 205)));
    }
}
