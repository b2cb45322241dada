//! Environment files (`.env`), as each library reads them.
//!
//! Sources: `Env.read_env` of django-environ 0.4 to 0.14, `RepositoryEnv` and `RepositoryIni` of python-decouple 3.4 to
//! 3.8.

use crate::source::Span;

/// A variable in an environment file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its value, without quotes; none where the line has a name alone, or it cannot be told.
    pub value: Option<Vec<Part>>,
    /// Where the value stands.
    pub span: Span,
}

/// A part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text.
    Text(String),
    /// `${NAME}` or `${NAME:-default}`.
    Variable(String, String),
}

/// Which library reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `environ.Env.read_env`: no blanks around names and `=`, no comments after values.
    DjangoEnviron,
    /// The same until 0.7: the first line for a name counts, and every backslash in double quotes is dropped.
    DjangoEnvironOld,
    /// The same where comments after values are dropped: `parse_comments=True`, and always in 0.11.
    DjangoEnvironComments,
    /// `decouple.config`: blanks are stripped, no comments after values, `export` is part of the name.
    Decouple,
    /// The same until 3.4, where all quotes around a value were stripped.
    DecoupleAllQuotes,
    /// `settings.ini` for `decouple.config`.
    DecoupleIni,
    /// `dotenv.load_dotenv` of python-dotenv 1.2.3 and later.
    Dotenv,
    /// The same before.
    DotenvOld,
}

impl Line {
    /// The value, where it is text alone.
    pub fn text(&self) -> Option<String> {
        let parts = self.value.as_ref()?.iter().map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Variable(..) => None,
        });
        parts.collect()
    }
}

/// The variables of an environment file, in order. Lines that the library passes over are left out.
pub fn parse(text: &str, dialect: Dialect) -> Vec<Line> {
    match dialect {
        Dialect::DjangoEnviron | Dialect::DjangoEnvironOld | Dialect::DjangoEnvironComments => {
            lines(text).filter_map(|line| django_environ(line, dialect)).collect()
        }
        Dialect::Decouple => lines(text).filter_map(|line| decouple(line, false)).collect(),
        Dialect::DecoupleAllQuotes => lines(text).filter_map(|line| decouple(line, true)).collect(),
        Dialect::DecoupleIni => ini(text),
        Dialect::Dotenv => super::dotenv_file::parse(text, true),
        Dialect::DotenvOld => super::dotenv_file::parse(text, false),
    }
}

/// Each line, without its end, with its offset. Python also ends lines at `\r`, and `splitlines` at rarer characters.
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
    let value_of = |text| vec![Part::Text(text)];
    let span = Span::new(start as u32, (start + value.len()) as u32);
    Line { name: name.to_owned(), value: known.map(value_of), span }
}

fn django_environ((offset, line): (usize, &str), dialect: Dialect) -> Option<Line> {
    let rest = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = rest.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        return None;
    }
    let keeps = if dialect == Dialect::DjangoEnvironOld { "" } else { "rnt" };
    let plain = match dialect == Dialect::DjangoEnvironComments {
        true => without_comment(value),
        false => Some(unquoted(value, '\'').unwrap_or(value)),
    };
    let text = plain.map(|plain| match unquoted(plain, '"') {
        Some(inner) => unescaped(inner, keeps),
        None => plain.to_owned(),
    });
    Some(spanned(offset, line, value, name, text))
}

/// The value without what follows the first `#`; in single quotes, what stands between them. None where there is more
/// than one pair of quotes.
fn without_comment(value: &str) -> Option<&str> {
    let trimmed = value.trim_start();
    if trimmed.starts_with('\'') && trimmed.matches('\'').count() > 1 {
        let (inner, rest) = trimmed[1..].split_once('\'')?;
        let is_end = rest.trim().is_empty() || rest.trim_start().starts_with('#') && !rest.contains('\'');
        return is_end.then_some(inner);
    }
    Some(value.split_once('#').map_or(value, |(before, _)| before))
}

/// A backslash is dropped, but before one of the characters `keeps`.
fn unescaped(text: &str, keeps: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(next) if keeps.contains(next) => result.extend(['\\', next]),
                Some(next) => result.push(next),
                None => result.push('\\'),
            },
            other => result.push(other),
        }
    }
    result
}

fn decouple((offset, line): (usize, &str), drops_all_quotes: bool) -> Option<Line> {
    let stripped = line.trim();
    if stripped.is_empty() || stripped.starts_with('#') {
        return None;
    }
    let (name, value) = stripped.split_once('=')?;
    let value = value.trim();
    let text = match unquoted(value, '\'').or_else(|| unquoted(value, '"')) {
        Some(_) if drops_all_quotes => value.trim_matches(['\'', '"']),
        Some(inner) => inner,
        None => value,
    };
    Some(spanned(offset, line, value, name.trim(), Some(text.to_owned())))
}

/// The section `[settings]` as `configparser` reads it: names in lower case. A value is none where it goes on over
/// several lines or refers to another, and every value where the file is not a plain one.
fn ini(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut section = "";
    for (offset, line) in lines(text) {
        let stripped = line.trim();
        if stripped.is_empty() || stripped.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let Some(last) = found.last_mut().filter(|_| section == "settings") {
                last.value = None;
            }
            continue;
        }
        if let Some(name) = stripped.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            section = name.0;
            continue;
        }
        if section != "settings" && section != "DEFAULT" {
            continue;
        }
        let at = stripped.find(['=', ':']).unwrap_or(stripped.len());
        let value = stripped.get(at + 1..).unwrap_or_default().trim();
        let name = stripped[..at].trim().to_lowercase();
        let is_known = section == "settings" && at < stripped.len() && !value.contains('%');
        found.push(spanned(offset, line, value, &name, is_known.then(|| value.to_owned())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, dialect: Dialect) -> Vec<(String, Option<String>)> {
        parse(text, dialect).into_iter().map(|line| (line.name.clone(), line.text())).collect()
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
            values(text, Dialect::DjangoEnvironComments),
            [pair("E", "f"), pair("G", "h "), pair("J", "k"), pair("L", "m n"), pair("Q", "a")]
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
    fn a_section_of_settings() {
        let text = "[other]\nA=1\n[settings]\nDEBUG = True ; x\nKEY: a=b\nLONG=a\n  b\nREF=%(debug)s\n";
        assert_eq!(
            values(text, Dialect::DecoupleIni),
            [pair("debug", "True ; x"), pair("key", "a=b"), ("long".into(), None), ("ref".into(), None)]
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
