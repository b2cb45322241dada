//! Environment files as python-dotenv reads them: `parser.py` and `variables.py` of 0.20 to 1.2.

use super::env_file::{Line, Part};
use crate::source::Span;

/// The variables of a file, in order. `is_new` says whether it is 1.2.3 or later that reads.
pub(super) fn parse(text: &str, is_new: bool) -> Vec<Line> {
    let text_start = if is_new && text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader { text, at: text_start, is_new };
    let mut found = Vec::new();
    while reader.at < text.len() {
        match reader.binding() {
            Some(line) => found.extend(line),
            None => reader.rest_of_line(),
        }
    }
    found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    is_new: bool,
}

/// `[^\S\r\n]`
fn is_blank(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\r' | '\n')
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Reads while `test` holds.
    fn take(&mut self, test: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !test(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn rest_of_line(&mut self) {
        self.take(|c| !matches!(c, '\r' | '\n'));
        if matches!(self.peek(), Some('\r' | '\n')) {
            self.at += 1;
        }
    }

    /// A line; none where it is in error, and `Some(None)` where it holds no variable.
    fn binding(&mut self) -> Option<Option<Line>> {
        self.take(char::is_whitespace);
        if self.rest().is_empty() {
            return Some(None);
        }
        if let Some(after) = self.rest().strip_prefix("export")
            && after.starts_with(is_blank)
        {
            self.at += "export".len();
            self.take(is_blank);
        }
        let name = self.name()?;
        self.take(is_blank);
        let mut line = None;
        if self.peek() == Some('=') {
            self.at += 1;
            let has_blank = !self.take(is_blank).is_empty();
            let start = self.at;
            let value = match self.peek() {
                Some('#') if has_blank && self.is_new => String::new(),
                _ => self.value()?,
            };
            let span = Span::new(start as u32, self.at as u32);
            line = name.map(|name| Line { name, value: Some(parts(&value)), span });
        } else if let Some(name) = name {
            let span = Span::new(self.at as u32, self.at as u32);
            line = Some(Line { name, value: None, span });
        }
        self.take(is_blank);
        if self.peek() == Some('#') {
            self.take(|c| !matches!(c, '\r' | '\n'));
        }
        match self.peek() {
            None => {}
            Some('\r') if self.rest().starts_with("\r\n") => self.at += 2,
            Some('\r' | '\n') => self.at += 1,
            Some(_) => return None,
        }
        Some(line)
    }

    /// The name; `Some(None)` before a comment.
    fn name(&mut self) -> Option<Option<String>> {
        match self.peek() {
            Some('#') => Some(None),
            Some('\'') => {
                let (name, _) = self.rest()[1..].split_once('\'').filter(|(name, _)| !name.is_empty())?;
                self.at += name.len() + 2;
                Some(Some(name.to_owned()))
            }
            _ => {
                let name = self.take(|c| !matches!(c, '=' | '#') && !c.is_whitespace());
                (!name.is_empty()).then(|| Some(name.to_owned()))
            }
        }
    }

    fn value(&mut self) -> Option<String> {
        match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                let inner = self.quoted(quote)?;
                Some(decoded(inner, if quote == '"' { "\\'\"abfnrtv" } else { "\\'" }))
            }
            None | Some('\r' | '\n') => Some(String::new()),
            Some(_) => {
                let start = self.at;
                let line = self.take(|c| !matches!(c, '\r' | '\n'));
                let value = without_comment(line).trim_end();
                // The comment is read again, by who reads the end of the line.
                self.at = start + value.len();
                Some(value.to_owned())
            }
        }
    }

    /// What stands before the closing quote.
    fn quoted(&mut self, quote: char) -> Option<&'a str> {
        let inner = &self.rest()[1..];
        let mut characters = inner.char_indices().peekable();
        // Where the closing quote is missing, the older expression takes an escaped one for it.
        let mut escaped = None;
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' if self.is_new => {
                    characters.next();
                }
                '\\' if characters.peek().is_some_and(|(_, next)| *next == quote) => {
                    escaped = characters.next().map(|(at, _)| at);
                }
                _ if character == quote => {
                    self.at += at + 2;
                    return Some(&inner[..at]);
                }
                _ => {}
            }
        }
        let end = escaped?;
        self.at += end + 2;
        Some(&inner[..end])
    }
}

/// `re.sub(r"\s+#.*", "", line)`
fn without_comment(line: &str) -> &str {
    let comment = line.match_indices('#').find(|(at, _)| line[..*at].ends_with(char::is_whitespace));
    comment.map_or(line, |(at, _)| line[..at].trim_end())
}

/// Each backslash before one of `escapes` with what it stands for.
fn decoded(text: &str, escapes: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match characters.peek().copied().filter(|next| character == '\\' && escapes.contains(*next)) {
            Some(next) => {
                characters.next();
                result.push(match next {
                    'a' => '\x07',
                    'b' => '\x08',
                    'f' => '\x0c',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\x0b',
                    same => same,
                });
            }
            None => result.push(character),
        }
    }
    result
}

/// The text and the variables of a value: `\$\{[^}:]*(:-[^}]*)?\}`.
fn parts(value: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let inner = &rest[start + 2..];
        let name = &inner[..inner.find(['}', ':']).unwrap_or(inner.len())];
        let after = &inner[name.len()..];
        let default = after.strip_prefix(":-").and_then(|after| after.split_once('}')).map(|(default, _)| default);
        let length = match (after.starts_with('}'), default) {
            (true, _) => name.len() + 1,
            (false, Some(default)) => name.len() + 2 + default.len() + 1,
            (false, None) => {
                text.push_str(&rest[..start + 2]);
                rest = inner;
                continue;
            }
        };
        text.push_str(&rest[..start]);
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text)));
        }
        parts.push(Part::Variable(name.to_owned(), default.unwrap_or_default().to_owned()));
        rest = &inner[length..];
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, is_new: bool) -> Vec<(String, Option<String>)> {
        parse(text, is_new).into_iter().map(|line| (line.name.clone(), line.text())).collect()
    }

    fn pair(name: &str, value: &str) -> (String, Option<String>) {
        (name.to_owned(), Some(value.to_owned()))
    }

    #[test]
    fn quotes_comments_and_lines() {
        let text =
            "KEY=\"a\nb\" # c\nLAST='it\\'s'\nBAD=\"x\" y\nNAME\n'Q K'=1\nE= # c\nF=#x\nG=a\\nb\nH=\"a\\nb\"\nI=\n";
        let new = values(text, true);
        let expected = [
            pair("KEY", "a\nb"),
            pair("LAST", "it's"),
            ("NAME".to_owned(), None),
            pair("Q K", "1"),
            pair("E", ""),
            pair("F", "#x"),
            pair("G", "a\\nb"),
            pair("H", "a\nb"),
            pair("I", ""),
        ];
        assert_eq!(new, expected);
        assert_eq!(values(text, false)[4], pair("E", "# c"));
    }

    #[test]
    fn variables_and_their_defaults() {
        let text = |text: &str| Part::Text(text.to_owned());
        let variable = |name: &str, default: &str| Part::Variable(name.to_owned(), default.to_owned());
        assert_eq!(parts("redis://${HOST}:6379"), [text("redis://"), variable("HOST", ""), text(":6379")]);
        assert_eq!(parts("${A:-b:c}$D"), [variable("A", "b:c"), text("$D")]);
        assert_eq!(parts("a${"), [text("a${")]);
        assert_eq!(parts(""), []);
    }
}
