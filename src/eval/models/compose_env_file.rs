//! Environment files as Docker Compose reads those that `env_file:` names.
//!
//! Source: compose-go 2.13, `dotenv/parser.go` and `template/template.go`.

use rustc_hash::FxHashMap;

use crate::source::Span;

/// Linux starts no process with a longer one: `MAX_ARG_STRLEN`.
const MAX_VALUE: usize = 128 * 1024;

/// A variable in an environment file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Its value; none where it is taken from outside.
    pub value: Option<String>,
    /// Where the value stands.
    pub span: Span,
}

/// What Compose refuses to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Reads several files, of which a later one may refer to the variables of an earlier one.
#[derive(Debug, Default)]
pub struct ComposeReader {
    /// The variables so far; none where the value is not known.
    known: FxHashMap<String, Option<String>>,
}

impl ComposeReader {
    /// The variables that a file sets, in order. A value that refers to a variable of neither this file nor an earlier
    /// one is not known.
    ///
    /// # Errors
    /// Where Compose would refuse the file.
    pub fn read(&mut self, text: &str) -> Result<Vec<Declared>, Malformed> {
        let mut lines = Vec::new();
        let mut at = 0;
        while let Some(start) = statement_start(text, at) {
            let name = name(text, start)?;
            at = name.end;
            let (value, span) = match name.is_assigned {
                true => {
                    let (value, span, end) = self.value(text, at)?;
                    at = end;
                    (value, span)
                }
                // A name alone takes its value from the shell, where that has one.
                false if self.known.contains_key(name.text) => (None, name.span),
                false => continue,
            };
            self.known.insert(name.text.to_owned(), value.clone());
            lines.push(Declared { name: name.text.to_owned(), value, span });
        }
        Ok(lines)
    }

    /// The value that begins at `start`, its place, and the offset behind it.
    fn value(&self, text: &str, start: usize) -> Result<(Option<String>, Span, usize), Malformed> {
        let quote = text[start..].chars().next().filter(|first| matches!(first, '"' | '\''));
        let Some(quote) = quote else {
            let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
            let line = &text[start..end];
            let plain = line.split_once(" #").map_or(line, |(plain, _)| plain).trim_end();
            let span = span(start, start + plain.len());
            return Ok((self.expanded(plain, span)?, span, end));
        };
        let Some((inner, end)) = quoted(text, start + 1, quote) else {
            let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
            return Err(malformed("the quote is not closed", span(start, end)));
        };
        let span = span(start, end);
        let value = match quote {
            '"' => match unescaped(&inner) {
                Some(inner) => self.expanded(&inner, span)?,
                None => None,
            },
            _ => Some(inner),
        };
        Ok((value, span, end))
    }

    /// A value with its references to other variables replaced; none where one of them is not known.
    fn expanded(&self, value: &str, span: Span) -> Result<Option<String>, Malformed> {
        let invalid = || malformed("a `$` that begins no reference to a variable is written `$$`", span);
        let mut result = Some(String::with_capacity(value.len()));
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('$') {
            push(&mut result, Some(before));
            let (part, after) = match after.chars().next() {
                Some('$') => (Some("$"), &after[1..]),
                Some('{') => {
                    let end = closing_brace(after).ok_or_else(invalid)?;
                    (self.braced(&after[1..end]).ok_or_else(invalid)?, &after[end + 1..])
                }
                _ => {
                    let (name, after) = after.split_at(name_length(after));
                    (self.of(Some(name).filter(|name| !name.is_empty()).ok_or_else(invalid)?), after)
                }
            };
            push(&mut result, part);
            if result.as_ref().is_some_and(|text| text.len() > MAX_VALUE) {
                return Err(malformed("the value is longer than the 128 KiB that Linux allows", span));
            }
            rest = after;
        }
        push(&mut result, Some(rest));
        Ok(result)
    }

    /// What `${…}` stands for: none where it is malformed, and none within where it is not known.
    fn braced(&self, inner: &str) -> Option<Option<&str>> {
        let (name, rest) = inner.split_at(name_length(inner));
        if name.is_empty() {
            return None;
        }
        let value = self.of(name);
        match rest {
            "" => Some(value),
            _ if rest.starts_with(":-") || rest.starts_with(":?") => Some(value.filter(|value| !value.is_empty())),
            _ if rest.starts_with(['-', '?']) => Some(value),
            _ if rest.starts_with(":+") || rest.starts_with('+') => Some(None),
            _ => None,
        }
    }

    fn of(&self, name: &str) -> Option<&str> {
        self.known.get(name)?.as_deref()
    }
}

struct Name<'t> {
    text: &'t str,
    span: Span,
    /// Whether a value follows.
    is_assigned: bool,
    /// The offset of what follows.
    end: usize,
}

/// Where the next line begins that is neither blank nor a comment.
fn statement_start(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += text[at..].find(|c: char| !c.is_whitespace())?;
        if !text[at..].starts_with('#') {
            return Some(at);
        }
        at += text[at..].find('\n')?;
    }
}

fn name(text: &str, start: usize) -> Result<Name<'_>, Malformed> {
    let exported =
        text[start..].strip_prefix("export").filter(|rest| rest.starts_with(['\t', '\n', '\x0c', '\r', ' ']));
    let start = exported.map_or(start, |rest| text.len() - rest.trim_start_matches(is_blank).len());
    let is_wrong = |c: char| !is_blank(c) && !c.is_alphanumeric() && !matches!(c, '_' | '.' | '-' | '[' | ']');
    let end = text[start..].find(is_wrong).map_or(text.len(), |end| start + end);
    let name = text[start..end].trim_end();
    let place = span(start, start + name.len());
    let next = text[end..].chars().next();
    if let Some(wrong) = next.filter(|next| !matches!(next, '=' | ':' | '\n')) {
        let line_end = text[start..].find('\n').map_or(text.len(), |end| start + end);
        return Err(malformed(&format!("{wrong:?} is in no name of a variable"), span(start, line_end)));
    }
    let is_assigned = matches!(next, Some('=' | ':'));
    if name.contains(char::is_whitespace) {
        return Err(malformed("a name of a variable holds no blank", place));
    }
    if name.is_empty() && is_assigned {
        return Err(malformed("the name of the variable is missing", span(start, end + 1)));
    }
    let after = (end + 1).min(text.len());
    let end = text.len() - text[after..].trim_start_matches(is_blank).len();
    Ok(Name { text: name, span: place, is_assigned, end })
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\x0b' | '\x0c' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The text up to the closing quote, with escaped quotes alone replaced, and the offset behind the quote.
fn quoted(text: &str, start: usize, quote: char) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut is_escaped = false;
    for (at, character) in text[start..].char_indices() {
        match (character == quote, is_escaped) {
            (true, false) => return Some((inner, start + at + 1)),
            (false, false) if character == '\\' => {
                is_escaped = true;
                continue;
            }
            (false, true) => inner.push('\\'),
            _ => {}
        }
        inner.push(character);
        is_escaped = false;
    }
    None
}

/// The escapes between double quotes; those that mean nothing stay. None for octal numbers, which are rare.
fn unescaped(text: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        result.push_str(before);
        let escaped = match after.chars().next() {
            Some('a') => "\x07",
            Some('b') => "\x08",
            Some('f') => "\x0c",
            Some('n') => "\n",
            Some('r') => "\r",
            Some('t') => "\t",
            Some('v') => "\x0b",
            // Not a reference to a variable.
            Some('$') => "$$",
            Some('"') => "\"",
            Some('\\') => "\\",
            Some('0') => return None,
            _ => {
                result.push('\\');
                rest = after;
                continue;
            }
        };
        result.push_str(escaped);
        rest = &after[1..];
    }
    result.push_str(rest);
    Some(result)
}

/// The offset of the brace that closes the first one.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0;
    text.char_indices().find_map(|(at, character)| {
        match character {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}

/// The length of the name that a text begins with.
fn name_length(text: &str) -> usize {
    let is_outside = |(at, c): &(usize, char)| !(c.is_ascii_alphabetic() || *c == '_' || *at > 0 && c.is_ascii_digit());
    text.char_indices().find(is_outside).map_or(text.len(), |(at, _)| at)
}

fn push(result: &mut Option<String>, part: Option<&str>) {
    match (result.as_mut(), part) {
        (Some(text), Some(part)) => text.push_str(part),
        _ => *result = None,
    }
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

fn malformed(message: &str, span: Span) -> Malformed {
    Malformed { message: message.to_owned(), span }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, Option<String>)>, Malformed> {
        let lines = ComposeReader::default().read(text)?;
        Ok(lines.into_iter().map(|line| (line.name, line.value)).collect())
    }

    /// The value of `A`, which the text sets.
    fn value(text: &str) -> Option<String> {
        let lines = read(text).expect("the file is well-formed");
        lines.into_iter().rfind(|(name, _)| name == "A").expect("A is set").1
    }

    #[test]
    fn values_as_compose_reads_them() {
        for (text, expected) in [
            ("A=b", "b"),
            ("A =  b  \r\n", "b"),
            ("export A=b", "b"),
            ("A: b", "b"),
            ("A=", ""),
            ("A=\nB=c", ""),
            ("A=b # c", "b"),
            ("A=b#c", "b#c"),
            ("A=b\t# c", "b\t# c"),
            ("A=#b", "#b"),
            ("A= # b", "# b"),
            ("A=b\\nc", "b\\nc"),
            ("A=\"b # c\" # d", "b # c"),
            ("A=\"b\\nc\\\"d\\\\e\\q\"", "b\nc\"d\\e\\q"),
            ("A=\"b\nc\"", "b\nc"),
            ("A='b\\nc'", "b\\nc"),
            ("A='it\\'s'", "it's"),
            ("A='$B ${C}'", "$B ${C}"),
            ("A=b'c'", "b'c'"),
            ("A=b$$c", "b$c"),
            ("A=\"b\\$c\"", "b$c"),
            ("B=x\nA=${B}y$B", "xyx"),
            ("B=x\nA=\"${B:-y}\"", "x"),
            ("B=\nA=${B-y}", ""),
            ("A=b\nA=c", "c"),
            ("A=b=c", "b=c"),
            ("# A=x\n\n  A=b", "b"),
            ("A='b' B=c", "b"),
        ] {
            assert_eq!(value(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_the_shell_decides_is_not_known() {
        for text in ["A=$HOME", "A=${B:-c}", "B=\nA=${B:-c}", "B=c\nA=${B:+d}", "A=b\nA\n", "A=\"\\012\""] {
            assert_eq!(value(text), None, "{text:?}");
        }
        assert_eq!(read("A\nB\n"), Ok(Vec::new()));
    }

    #[test]
    fn a_later_file_sees_an_earlier_one() {
        let mut reader = ComposeReader::default();
        reader.read("HOST=cache\n").expect("well-formed");
        let lines = reader.read("URL=redis://$HOST:6379\n").expect("well-formed");
        assert_eq!(lines[0].value.as_deref(), Some("redis://cache:6379"));
    }

    #[test]
    fn what_compose_refuses_is_told_with_its_place() {
        for (text, part) in [
            ("A=1\nB C=2\n", "B C"),
            ("A=1\n=2\n", "="),
            ("A=1\nB\"=2\n", "B\"=2"),
            ("A=\"b\nc\n", "\"b"),
            ("A=b$ c\n", "b$ c"),
            ("A=${B\n", "${B"),
            ("A=${B!c}\n", "${B!c}"),
            ("A=$5\n", "$5"),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!(error.span.slice(text), part, "{text:?}: {}", error.message);
        }
    }

    #[test]
    fn values_that_double_are_bounded() {
        let doubled: String = (0..64).map(|_| "A=${A}${A}\n").collect();
        assert!(read(&format!("A=abcdefgh\n{doubled}")).is_err());
    }

    #[test]
    fn spans_cover_the_value() {
        let text = "A=1\r\nURL=redis://x # note\r\nB='c'\n";
        let lines = ComposeReader::default().read(text).expect("well-formed");
        let parts: Vec<&str> = lines.iter().map(|line| line.span.slice(text)).collect();
        assert_eq!(parts, ["1", "redis://x", "'c'"]);
    }
}
