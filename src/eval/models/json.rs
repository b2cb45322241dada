//! `json`: documents as Python's decoder reads them.

use super::Call;
use super::data::{self, Datum, MAX_DEPTH, Node, Wrong};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Object};
use crate::source::Span;

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let given = call.arguments.positional.first()?.clone();
    let is_plain = call.arguments.positional.len() == 1 && call.arguments.named.is_empty();
    match call.name {
        "json.load" | "json.loads" => {
            machine.call_back(call.arguments);
            Some(data::load(machine, call, &given, is_plain, parse, "json.JSONDecodeError"))
        }
        _ => None,
    }
}

/// A document.
fn parse(text: &str) -> Result<Node, Wrong> {
    let mut parser = Parser { text, at: 0, is_undecided: false };
    parser.blanks();
    let node = parser.value(0);
    parser.blanks();
    match node {
        _ if parser.is_undecided => Err(Wrong::Undecided),
        Some(node) if parser.at == text.len() => Ok(node),
        _ => Err(Wrong::Document),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    is_undecided: bool,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn eats(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            self.is_undecided = true;
            return None;
        }
        let start = self.at;
        let datum = match self.rest().chars().next()? {
            '"' => Datum::Str(self.string()?),
            '[' => Datum::List(self.list(depth)?),
            '{' => Datum::Dict(self.dict(depth)?),
            _ if self.eats("null") => Datum::Null,
            _ if self.eats("true") => Datum::Bool(true),
            _ if self.eats("false") => Datum::Bool(false),
            _ if self.eats("NaN") => Datum::Float(f64::NAN),
            _ if self.eats("Infinity") => Datum::Float(f64::INFINITY),
            _ if self.eats("-Infinity") => Datum::Float(f64::NEG_INFINITY),
            _ => self.number()?,
        };
        Some(Node { datum, span: Span::new(start as u32, self.at as u32) })
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Node>> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.eats("]") {
            return Some(items);
        }
        loop {
            self.blanks();
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.eats("]") {
                return Some(items);
            }
            self.eats(",").then_some(())?;
        }
    }

    fn dict(&mut self, depth: usize) -> Option<Vec<(Node, Node)>> {
        self.at += 1;
        let mut entries = Vec::new();
        self.blanks();
        if self.eats("}") {
            return Some(entries);
        }
        loop {
            self.blanks();
            let start = self.at;
            self.rest().starts_with('"').then_some(())?;
            let key = Datum::Str(self.string()?);
            let key = Node { datum: key, span: Span::new(start as u32, self.at as u32) };
            self.blanks();
            self.eats(":").then_some(())?;
            self.blanks();
            entries.push((key, self.value(depth + 1)?));
            self.blanks();
            if self.eats("}") {
                return Some(entries);
            }
            self.eats(",").then_some(())?;
        }
    }

    fn number(&mut self) -> Option<Datum> {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut end = usize::from(rest.starts_with('-'));
        let whole = digits(&rest[end..]);
        // A leading zero ends the number.
        let whole = if rest[end..].starts_with('0') { 1 } else { whole };
        if whole == 0 {
            return None;
        }
        end += whole;
        let mut is_float = false;
        if rest[end..].starts_with('.') && digits(&rest[end + 1..]) > 0 {
            end += 1 + digits(&rest[end + 1..]);
            is_float = true;
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            let exponent = digits(&rest[end + 1 + sign..]);
            if exponent > 0 {
                end += 1 + sign + exponent;
                is_float = true;
            }
        }
        let text = &rest[..end];
        let datum = match is_float {
            true => Datum::Float(text.parse().ok()?),
            false => match text.parse() {
                Ok(number) => Datum::Int(number),
                Err(_) => Datum::Unknown(Class::Int, "the number is wider than 64 bits"),
            },
        };
        self.at += end;
        Some(datum)
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut value = String::new();
        loop {
            let character = self.rest().chars().next()?;
            self.at += character.len_utf8();
            match character {
                '"' => return Some(value),
                '\\' => value.push(self.escape()?),
                // The decoder is strict: control characters must be escaped.
                character if (character as u32) < 0x20 => return None,
                character => value.push(character),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let character = self.rest().chars().next()?;
        self.at += character.len_utf8();
        Some(match character {
            '"' | '\\' | '/' => character,
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.unit()?;
                let is_pair = (0xd800..0xdc00).contains(&unit) && self.rest().starts_with("\\u");
                let code = match is_pair {
                    false => Some(unit),
                    true => {
                        self.at += 2;
                        let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400);
                        low.map(|low| 0x10000 + ((unit - 0xd800) << 10) + low)
                    }
                };
                let character = code.and_then(char::from_u32);
                // Half of a pair makes a string that no Rust string can be.
                self.is_undecided |= character.is_none();
                character?
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datum(text: &str) -> Option<Datum> {
        parse(text).ok().map(|node| node.datum)
    }

    #[test]
    fn documents_as_python_reads_them() {
        assert_eq!(datum(" null "), Some(Datum::Null));
        assert_eq!(datum("-1.5e2"), Some(Datum::Float(-150.0)));
        assert_eq!(datum("1E5"), Some(Datum::Float(100_000.0)));
        assert_eq!(datum("-0"), Some(Datum::Int(0)));
        assert_eq!(datum(r#""a\u00e9\ud83d\ude00\/""#), Some(Datum::Str("aé😀/".into())));
        assert_eq!(datum("Infinity"), Some(Datum::Float(f64::INFINITY)));
        let Some(Datum::Dict(entries)) = datum(r#"{"a": [1, {}], "a": 2}"#) else { unreachable!() };
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1].1.span, Span::new(20, 21));
    }

    #[test]
    fn what_python_refuses() {
        for text in ["", "01", "[1,]", "{a: 1}", "'a'", "\"a\nb\"", "[1] x", "+1", ".5", "{\"a\" 1}", "tru", "\"\\x\""]
        {
            assert_eq!(parse(text), Err(Wrong::Document), "{text}");
        }
        assert_eq!(parse(r#""\ud800""#), Err(Wrong::Undecided));
        assert_eq!(parse(&"[".repeat(200)), Err(Wrong::Undecided));
    }
}
