//! Environment files (`.env`), as each library reads them.
//!
//! Sources: django-environ 0.14 `Env.read_env`, python-decouple 3.8 `RepositoryEnv`, python-dotenv 1.2 `parser.py`.

use crate::source::Span;

/// A variable in an environment file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its value, without quotes; none where it refers to something outside the file.
    pub value: Option<String>,
    /// Where the value stands.
    pub span: Span,
}

/// Which library reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `environ.Env.read_env`: no blanks around names and `=`, no comments after values.
    DjangoEnviron,
    /// `decouple.config`: blanks are stripped, no comments after values, `export` is part of the name.
    Decouple,
    /// `dotenv.load_dotenv`: `export`, comments after values, escapes, several lines within quotes, `${NAME}`.
    Dotenv,
}

/// The variables of an environment file, in order. Lines that the library passes over are left out.
pub fn parse(text: &str, dialect: Dialect) -> Vec<Line> {
    match dialect {
        Dialect::DjangoEnviron => lines(text).filter_map(django_environ).collect(),
        Dialect::Decouple => lines(text).filter_map(decouple).collect(),
        Dialect::Dotenv => dotenv(text),
    }
}

/// Each line, without its end, with its offset.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = offset;
        offset += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

fn unquoted(value: &str, quote: char) -> Option<&str> {
    value.strip_prefix(quote)?.strip_suffix(quote).filter(|_| value.len() >= 2)
}

fn spanned(offset: usize, line: &str, value: &str, name: &str, known: Option<String>) -> Line {
    let start = offset + (value.as_ptr() as usize - line.as_ptr() as usize);
    Line { name: name.to_owned(), value: known, span: Span::new(start as u32, (start + value.len()) as u32) }
}

fn django_environ((offset, line): (usize, &str)) -> Option<Line> {
    let rest = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = rest.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        return None;
    }
    let text = match (unquoted(value, '\''), unquoted(value, '"')) {
        (Some(inner), _) => inner.to_owned(),
        (None, Some(inner)) => unescaped(inner),
        (None, None) => value.to_owned(),
    };
    // A value that begins with `$` names another variable.
    let known = (!text.starts_with('$')).then_some(text);
    Some(spanned(offset, line, value, name, known))
}

/// A backslash before a character other than `r`, `n`, `t` is dropped.
fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(next @ ('r' | 'n' | 't')) => result.extend(['\\', next]),
                Some(next) => result.push(next),
                None => result.push('\\'),
            },
            other => result.push(other),
        }
    }
    result
}

fn decouple((offset, line): (usize, &str)) -> Option<Line> {
    let stripped = line.trim();
    if stripped.is_empty() || stripped.starts_with('#') {
        return None;
    }
    let (name, value) = stripped.split_once('=')?;
    let value = value.trim();
    let text = unquoted(value, '\'').or_else(|| unquoted(value, '"')).unwrap_or(value);
    Some(spanned(offset, line, value, name.trim(), Some(text.to_owned())))
}

fn dotenv(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let line_end = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end);
        let line = &text[at..line_end];
        let (parsed, end) = dotenv_line(text, at, line);
        if let Some(mut parsed) = parsed {
            parsed.value = parsed.value.and_then(|value| expanded(&value, &found));
            found.push(parsed);
        }
        at = end.max(line_end);
        at += text[at..].len() - text[at..].trim_start_matches(['\n', '\r']).len();
    }
    found
}

/// The variable of a line, and the offset where it ends: a quoted value may go on over several lines.
fn dotenv_line(text: &str, start: usize, line: &str) -> (Option<Line>, usize) {
    let end = start + line.len();
    let trimmed = line.trim_start();
    let rest =
        trimmed.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(trimmed).trim_start();
    let Some((name, value)) = rest.split_once('=').filter(|_| !rest.starts_with('#')) else { return (None, end) };
    let name = name.trim_end().trim_matches('\'');
    if name.is_empty() || name.contains([' ', '\t', '#']) {
        return (None, end);
    }
    let value = value.trim_start_matches([' ', '\t']);
    let value_start = start + (value.as_ptr() as usize - line.as_ptr() as usize);
    let line_of = |value: Option<String>, end: usize| Line {
        name: name.to_owned(),
        value,
        span: Span::new(value_start as u32, end as u32),
    };
    if let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
        let Some(length) = quoted_length(&text[value_start + 1..], quote) else { return (None, end) };
        let inner = &text[value_start + 1..value_start + 1 + length];
        let known = match quote {
            '\'' => Some(inner.replace("\\'", "'").replace("\\\\", "\\")),
            _ => c_unescaped(inner),
        };
        let value_end = value_start + length + 2;
        let line_end = text[value_end..].find(['\n', '\r']).map_or(text.len(), |end| value_end + end);
        return (Some(line_of(known, value_end)), line_end);
    }
    let plain = match value.find(" #").or_else(|| value.find("\t#")) {
        Some(comment) => &value[..comment],
        None if value.starts_with('#') => "",
        None => value,
    };
    let plain = plain.trim_end();
    (Some(line_of(Some(plain.to_owned()), value_start + plain.len())), end)
}

/// The length of the text before the closing quote.
fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, character)| {
        let closes = character == quote && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        closes.then_some(at)
    })
}

/// The escapes of double quotes: `\\`, `\'`, `\"` and those of C. None for others, which are rare.
fn c_unescaped(text: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        result.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                same @ ('\\' | '"' | '\'') => same,
                _ => return None,
            },
            other => other,
        });
    }
    Some(result)
}

/// `${NAME}` replaced by a variable of the same file; none where it is not there, since it may be set outside.
fn expanded(value: &str, before: &[Line]) -> Option<String> {
    let mut result = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((start, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}')?;
        if name.contains(":-") {
            return None;
        }
        result.push_str(start);
        result.push_str(before.iter().rev().find(|line| line.name == name)?.value.as_deref()?);
        rest = after;
    }
    result.push_str(rest);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, dialect: Dialect) -> Vec<(String, Option<String>)> {
        parse(text, dialect).into_iter().map(|line| (line.name, line.value)).collect()
    }

    fn pair(name: &str, value: &str) -> (String, Option<String>) {
        (name.to_owned(), Some(value.to_owned()))
    }

    #[test]
    fn each_library_reads_its_own_way() {
        let text = "A = b\n C=d\nexport E=f\nG=h # i\nJ=\"k\"\nL='m n'\n# O=p\nQ=a#b\n";
        assert_eq!(
            values(text, Dialect::DjangoEnviron),
            [pair("E", "f"), pair("G", "h # i"), pair("J", "k"), pair("L", "m n"), pair("Q", "a#b")]
        );
        assert_eq!(
            values(text, Dialect::Decouple),
            [
                pair("A", "b"),
                pair("C", "d"),
                pair("export E", "f"),
                pair("G", "h # i"),
                pair("J", "k"),
                pair("L", "m n"),
                pair("Q", "a#b"),
            ]
        );
        assert_eq!(
            values(text, Dialect::Dotenv),
            [
                pair("A", "b"),
                pair("C", "d"),
                pair("E", "f"),
                pair("G", "h"),
                pair("J", "k"),
                pair("L", "m n"),
                pair("Q", "a#b")
            ]
        );
    }

    #[test]
    fn dotenv_expands_and_spans_lines() {
        let text = "HOST=cache\nURL=redis://${HOST}:6379\nOTHER=${UNSET}\nKEY=\"a\nb\"\nLAST='it\\'s'\n";
        assert_eq!(
            values(text, Dialect::Dotenv),
            [
                pair("HOST", "cache"),
                pair("URL", "redis://cache:6379"),
                ("OTHER".to_owned(), None),
                pair("KEY", "a\nb"),
                pair("LAST", "it's"),
            ]
        );
    }

    #[test]
    fn spans_cover_the_value() {
        let text = "A=1\r\nREDIS_URL=redis://x # note\n";
        let found = parse(text, Dialect::Dotenv);
        assert_eq!(found[1].span.slice(text), "redis://x");
        let found = parse(text, Dialect::Decouple);
        assert_eq!(found[1].span.slice(text), "redis://x # note");
    }
}
