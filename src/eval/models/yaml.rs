//! PyYAML's `safe_load`: YAML 1.1, on the events of a parser of YAML 1.2.
//!
//! Source: `resolver.py` and `constructor.py` of PyYAML 6.0.3. Where the two versions of YAML may take a text apart
//! differently, nothing is known.

use std::sync::OnceLock;

use regex::Regex;
use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks};

use super::Call;
use super::data::{self, Datum, MAX_DEPTH, Node, Wrong};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};
use crate::source::Span;

/// More brackets than this in a text are not looked at.
const MAX_BRACKETS: usize = 10_000;

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let given = call.arguments.positional.first()?.clone();
    let is_safe = match call.name {
        "yaml.safe_load" => call.arguments.positional.len() == 1 && call.arguments.named.is_empty(),
        "yaml.load" => {
            let loader = call.arg(1, "Loader").map(|loader| &loader.kind);
            matches!(loader, Some(Kind::Symbol(name)) if matches!(name.as_ref(), "yaml.SafeLoader" | "yaml.CSafeLoader"))
        }
        _ => return None,
    };
    Some(data::load(machine, call, &given, is_safe, parse, "yaml.YAMLError"))
}

/// A document.
fn parse(text: &str) -> Result<Node, Wrong> {
    let is_told_apart = text.contains(['\t', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'])
        || text.lines().any(|line| line.starts_with('%') || line.starts_with("..."))
        // A block scalar that the end of the text ends has a line end to one of them alone.
        || text.contains(['|', '>']) && !text.ends_with('\n')
        || text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() > MAX_BRACKETS;
    if is_told_apart {
        return Err(Wrong::Undecided);
    }
    let offsets: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
    let mut composer = Composer { parser: Parser::new_from_str(text), offsets };
    composer.document().ok_or(Wrong::Undecided)
}

struct Composer<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    /// The byte at which each character begins.
    offsets: Vec<u32>,
}

impl<'t> Composer<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Marks)> {
        self.parser.next()?.ok()
    }

    fn span(&self, marks: Marks) -> Span {
        let at = |index: usize| self.offsets.get(index).or(self.offsets.last()).copied().unwrap_or_default();
        let (start, end) = (at(marks.start.index()), at(marks.end.index()));
        Span::new(start, end.max(start))
    }

    /// The one document of a stream; none where it is not told apart.
    fn document(&mut self) -> Option<Node> {
        let mut found = None;
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _) => {}
                (Event::StreamEnd, _) => {
                    return Some(found.unwrap_or(Node { datum: Datum::Null, span: Span::default() }));
                }
                _ if found.is_some() => return None,
                (event, marks) => found = Some(self.node(event, marks, 0)?),
            }
        }
    }

    fn node(&mut self, event: Event<'t>, marks: Marks, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut span = self.span(marks);
        let datum = match event {
            Event::Scalar(text, style, anchor, tag) => match style {
                _ if tag.is_some() || anchor != 0 && style != ScalarStyle::Plain => {
                    Datum::Unknown(Class::Any, "tags and anchors of YAML are not evaluated")
                }
                ScalarStyle::Plain => plain(&text),
                _ => Datum::Str(text.into_owned()),
            },
            Event::Alias(_) => Datum::Unknown(Class::Any, "aliases of YAML are not evaluated"),
            Event::SequenceStart(_, tag) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, marks) => items.push(self.node(event, marks, depth + 1)?),
                    }
                }
                match tag {
                    None => Datum::List(items),
                    Some(_) => Datum::Unknown(Class::Any, "tags of YAML are not evaluated"),
                }
            }
            Event::MappingStart(_, tag) => {
                let mut entries = Vec::new();
                let mut is_simple = tag.is_none();
                loop {
                    let key = match self.next()? {
                        (Event::MappingEnd, _) => break,
                        (event, marks) => {
                            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(text.as_ref(), "<<" | "="));
                            is_simple &= !is_merge;
                            // A key that is left out is an error to PyYAML in some places.
                            let is_left_out =
                                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty());
                            if is_left_out {
                                return None;
                            }
                            self.node(event, marks, depth + 1)?
                        }
                    };
                    is_simple &= !matches!(key.datum, Datum::List(_) | Datum::Dict(_) | Datum::Unknown(..));
                    let (event, marks) = self.next()?;
                    let value = self.node(event, marks, depth + 1)?;
                    entries.push((key, value));
                }
                if let Some((key, _)) = entries.first() {
                    span = Span::new(key.span.start, span.end.max(key.span.end));
                }
                match is_simple {
                    true => Datum::Dict(entries),
                    false => Datum::Unknown(Class::Any, "tags and merged keys of YAML are not evaluated"),
                }
            }
            _ => return None,
        };
        Some(Node { datum, span })
    }
}

/// What a plain scalar is to PyYAML's implicit resolvers.
fn plain(text: &str) -> Datum {
    const FLOAT: &str = r"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$";
    const INT: &str = r"^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$";
    const SEXAGESIMAL: &str = r"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$";
    const DATE: &str = r"^[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt ]|$)";
    static PATTERNS: OnceLock<Option<[Regex; 4]>> = OnceLock::new();
    let patterns = PATTERNS.get_or_init(|| {
        Some([Regex::new(FLOAT).ok()?, Regex::new(INT).ok()?, Regex::new(SEXAGESIMAL).ok()?, Regex::new(DATE).ok()?])
    });
    let Some([float, int, sexagesimal, date]) = patterns else {
        return Datum::Unknown(Class::Any, "the scalar is not evaluated");
    };
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Datum::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Datum::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Datum::Bool(false),
        "<<" | "=" => return Datum::Unknown(Class::Any, "a special scalar of YAML"),
        _ => {}
    }
    let lower = text.trim_start_matches(['-', '+']).to_lowercase();
    if date.is_match(text) || sexagesimal.is_match(text) || matches!(lower.as_str(), ".inf" | ".nan") {
        return Datum::Unknown(Class::Any, "dates and special numbers of YAML are not evaluated");
    }
    let digits = text.replace('_', "");
    if float.is_match(text) {
        return digits.parse().map_or(Datum::Unknown(Class::Float, "the number is not evaluated"), Datum::Float);
    }
    if int.is_match(text) {
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", digits.trim_start_matches('+')),
        };
        let (radix, digits) = match digits {
            "0" => (10, digits),
            _ if digits.starts_with("0b") => (2, &digits[2..]),
            _ if digits.starts_with("0x") => (16, &digits[2..]),
            _ if digits.starts_with('0') => (8, digits),
            _ => (10, digits),
        };
        let number = i64::from_str_radix(&format!("{sign}{digits}"), radix);
        return number.map_or(Datum::Unknown(Class::Int, "the number is not evaluated"), Datum::Int);
    }
    Datum::Str(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_as_pyyaml_resolves_them() {
        for (text, expected) in [
            ("", Datum::Null),
            ("~", Datum::Null),
            ("yes", Datum::Bool(true)),
            ("Off", Datum::Bool(false)),
            ("12", Datum::Int(12)),
            ("-1_000", Datum::Int(-1000)),
            ("010", Datum::Int(8)),
            ("0x1F", Datum::Int(31)),
            ("0b11", Datum::Int(3)),
            ("0", Datum::Int(0)),
            ("1.5", Datum::Float(1.5)),
            ("1.", Datum::Float(1.0)),
            (".5", Datum::Float(0.5)),
            ("1.5e+3", Datum::Float(1500.0)),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
        for text in ["y", "1e3", "1.5e3", "08", "0o17", "a b", "yEs", "1.2.3", "127.0.0.1", "-"] {
            assert_eq!(plain(text), Datum::Str(text.to_owned()), "{text}");
        }
        for text in ["12:30", "190:20:30.15", "2001-01-01", "2001-1-1 10:00:00", ".inf", "-.INF", "<<", "="] {
            assert!(matches!(plain(text), Datum::Unknown(..)), "{text}");
        }
    }

    #[test]
    fn documents() {
        let node = parse("a:\n  - é\n  - 'yes'\nb: {c: 1, c: 2}\n").unwrap();
        let Datum::Dict(entries) = node.datum else { unreachable!() };
        let Datum::List(items) = &entries[0].1.datum else { unreachable!() };
        assert_eq!(items[0].datum, Datum::Str("é".into()));
        assert_eq!(items[0].span, Span::new(7, 9));
        assert_eq!(items[1].datum, Datum::Str("yes".into()));
        assert_eq!(parse("").unwrap().datum, Datum::Null);
        for text in ["a: 1\n---\nb: 2\n", "a:\t1", "%YAML 1.1\n---\na: 1", "[1, 2", "a: b: c"] {
            assert_eq!(parse(text), Err(Wrong::Undecided), "{text}");
        }
    }
}
