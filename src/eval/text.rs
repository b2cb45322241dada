//! Strings of which parts are known, and the text that Python makes of other objects.

use super::formula::Formula;
use super::heap::{Contents, Key};
use super::machine::{Machine, Run};
use super::object::{Class, Item, Kind, Object, Piece};
use crate::source::Place;

/// A longer string is called unknown.
pub const MAX_TEXT: usize = 1 << 20;
/// So is one of more parts.
const MAX_PIECES: usize = 1_000;

/// The string that pieces make, joined where they are known.
pub(super) fn template(pieces: Vec<Piece>, origin: Option<Place>) -> Object {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut length = 0;
    for piece in pieces {
        let inner: Vec<Piece> = match &piece {
            Piece::Hole(Object { kind: Kind::Str(text), .. }) => vec![Piece::Literal(text.clone())],
            Piece::Hole(Object { kind: Kind::Template(pieces), .. }) => pieces.to_vec(),
            _ => vec![piece],
        };
        for piece in inner {
            match (joined.last_mut(), piece) {
                (_, Piece::Literal(text)) if text.is_empty() => {}
                (Some(Piece::Literal(before)), Piece::Literal(text)) => {
                    length += text.len();
                    *before = format!("{before}{text}").into();
                }
                (_, piece) => {
                    if let Piece::Literal(text) = &piece {
                        length += text.len();
                    }
                    joined.push(piece);
                }
            }
        }
        if length > MAX_TEXT {
            return Object::unknown_of(Class::Str, "the string is too long", origin);
        }
        if joined.len() > MAX_PIECES {
            return Object::unknown_of(Class::Str, "too many parts of the string are not known", origin);
        }
    }
    match joined.as_slice() {
        [] => Object::str("", origin),
        [Piece::Literal(text)] => Object::str(text.clone(), origin),
        // `f"{x}"` of a string is that string.
        [Piece::Hole(object)] if class_of(object) == Class::Str => object.clone().at(object.origin.or(origin)),
        _ => Object::new(Kind::Template(joined.into()), origin),
    }
}

/// The built-in type of an object, where all its alternatives are of one.
pub(super) fn class_of(object: &Object) -> Class {
    match &object.kind {
        Kind::Bool(_) => Class::Bool,
        Kind::Int(_) => Class::Int,
        Kind::Float(_) => Class::Float,
        Kind::Str(_) | Kind::Template(_) => Class::Str,
        Kind::Bytes(_) => Class::Bytes,
        Kind::Tuple(_) => Class::Tuple,
        Kind::Path(_) => Class::Path,
        Kind::Unknown(unknown) => unknown.class,
        Kind::Either(alternatives) => {
            let mut classes = alternatives.iter().map(|(_, object)| class_of(object));
            let first = classes.next().unwrap_or(Class::Any);
            if classes.all(|class| class == first) { first } else { Class::Any }
        }
        _ => Class::Any,
    }
}

impl Machine<'_> {
    /// The pieces that `format(value, spec)` puts into a string.
    pub(super) fn formatted(&mut self, value: &Object, conversion: Option<char>, spec: &str) -> Run<Vec<Piece>> {
        let place = value.origin;
        let text = match conversion {
            Some('r') => self.map(value, |machine, value| Ok(machine.repr(value)))?,
            Some('a') => self.map(value, |machine, value| {
                let text = machine.repr(value);
                Ok(match text.as_str() {
                    Some(text) => Object::str(ascii(text), place),
                    None => text,
                })
            })?,
            Some(_) => self.str_of(value)?,
            None if spec.is_empty() => self.str_of(value)?,
            None => value.clone(),
        };
        if spec.is_empty() {
            return Ok(match text.kind {
                Kind::Str(text) => vec![Piece::Literal(text)],
                Kind::Template(pieces) => pieces.to_vec(),
                _ => vec![Piece::Hole(text)],
            });
        }
        let formatted = self.map(&text, |_, text| {
            Ok(match format_spec(text, spec) {
                Some(formatted) => Object::str(formatted, place),
                None => Object::unknown_of(Class::Str, format!("the format {spec:?} is not evaluated"), place),
            })
        })?;
        Ok(vec![Piece::Hole(formatted)])
    }

    /// `str(object)`.
    pub(super) fn str_of(&mut self, object: &Object) -> Run<Object> {
        if class_of(object) == Class::Str {
            return Ok(object.clone());
        }
        self.map(object, |machine, object| {
            Ok(match &object.kind {
                Kind::Str(_) | Kind::Template(_) => object.clone(),
                Kind::Path(text) => text.as_ref().clone().at(object.origin),
                Kind::Unknown(unknown) if unknown.class == Class::Str => object.clone(),
                Kind::Unknown(unknown) => {
                    machine.derived(unknown, Class::Str, |text| format!("str({text})"), object.origin)
                }
                _ => machine.repr(object),
            })
        })
    }

    /// `repr(object)`.
    pub(super) fn repr(&mut self, object: &Object) -> Object {
        self.meet_deeply(object);
        match self.known_repr(object, 0) {
            Some(text) => Object::str(text, object.origin),
            None => Object::unknown_of(Class::Str, "the text of the object is not known", object.origin),
        }
    }

    fn known_repr(&mut self, object: &Object, depth: usize) -> Option<String> {
        const MAX_DEPTH: usize = 20;
        if depth > MAX_DEPTH {
            return None;
        }
        let items = |machine: &mut Self, items: &[Item]| -> Option<Vec<String>> {
            let known = items.iter().map(|item| match item.is_certain() {
                true => machine.known_repr(&item.object, depth + 1),
                false => None,
            });
            known.collect()
        };
        let text = match &object.kind {
            Kind::None => Some("None".into()),
            Kind::Ellipsis => Some("Ellipsis".into()),
            Kind::Bool(true) => Some("True".into()),
            Kind::Bool(false) => Some("False".into()),
            Kind::Int(value) => Some(value.to_string()),
            Kind::Float(value) => Some(float_repr(*value)),
            Kind::Str(text) => string_repr(text),
            Kind::Tuple(parts) => {
                let parts = items(self, parts)?;
                Some(if parts.len() == 1 { format!("({},)", parts[0]) } else { format!("({})", parts.join(", ")) })
            }
            // Its class says how it is written, and no one keeps that.
            Kind::Path(_) => None,
            Kind::Heap(id) => match self.contents(*id)?.clone() {
                Contents::List(parts) => Some(format!("[{}]", items(self, &parts)?.join(", "))),
                Contents::Dict(dict) if dict.open.is_none() && !dict.is_reordered => {
                    let mut parts = Vec::new();
                    for entry in dict.entries.values().filter(|entry| !entry.when.is_false()) {
                        if !entry.when.is_true() {
                            return None;
                        }
                        let key = self.known_repr(&entry.key, depth + 1)?;
                        parts.push(format!("{key}: {}", self.known_repr(&entry.value, depth + 1)?));
                    }
                    Some(format!("{{{}}}", parts.join(", ")))
                }
                _ => None,
            },
            _ => None,
        };
        // A list that is in a list many times is much text.
        text.filter(|text| text.len() <= MAX_TEXT)
    }

    /// The cases of a string whose holes have alternatives: each as a string with at most unknown holes.
    pub(super) fn spelled_out(&mut self, object: &Object) -> Object {
        let Kind::Template(pieces) = &object.kind else { return object.clone() };
        let mut cases: Vec<(Formula, Vec<Piece>)> = vec![(Formula::TRUE, Vec::new())];
        for piece in pieces.iter() {
            let alternatives = match piece {
                Piece::Hole(hole) => {
                    let possible = self.possible(hole);
                    possible.into_iter().map(|(when, object)| (when, Piece::Hole(object))).collect()
                }
                Piece::Literal(_) => vec![(Formula::TRUE, piece.clone())],
            };
            let mut longer = Vec::with_capacity(cases.len() * alternatives.len());
            for (when, start) in &cases {
                for (in_case, piece) in &alternatives {
                    let when = self.formulas.and(*when, *in_case);
                    if !self.formulas.excludes(self.state.path, when) {
                        let mut text = start.clone();
                        text.push(piece.clone());
                        longer.push((when, text));
                    }
                }
            }
            if longer.len() > self.formulas.most_values() {
                return object.clone();
            }
            cases = longer;
        }
        let cases: Vec<(Formula, Object)> =
            cases.into_iter().map(|(when, pieces)| (when, template(pieces, object.origin))).collect();
        super::heap::either(&mut self.formulas, cases.iter().map(|(when, object)| (*when, object)))
    }

    /// The same for each alternative of an object.
    pub(super) fn spelled_out_each(&mut self, object: &Object) -> Run<Object> {
        self.map(object, |machine, object| Ok(machine.spelled_out(object)))
    }

    /// Interpolation with `%`.
    pub(super) fn percent_format(&mut self, format: &str, values: &Object, place: Option<Place>) -> Object {
        let unknown = || Object::unknown_of(Class::Str, "the % formatting is not evaluated", place);
        let by_name = self.mapping(values).cloned();
        let mut by_position: Vec<Object> = match &values.kind {
            Kind::Tuple(items) if items.iter().all(Item::is_certain) => {
                items.iter().map(|item| item.object.clone()).collect()
            }
            Kind::Tuple(_) => return unknown(),
            _ => vec![values.clone()],
        };
        by_position.reverse();
        let mut pieces = Vec::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            pieces.push(Piece::Literal(rest[..at].into()));
            rest = &rest[at + 1..];
            let mut value = None;
            if let Some(named) = rest.strip_prefix('(') {
                let Some((name, after)) = named.split_once(')') else { return unknown() };
                rest = after;
                match by_name.as_ref().and_then(|dict| dict.entries.get(&Key::str(name))) {
                    Some(entry) if entry.when.is_true() => value = Some(entry.value.clone()),
                    _ => return unknown(),
                }
            }
            let Some(conversion) = rest.chars().next() else { return unknown() };
            rest = &rest[conversion.len_utf8()..];
            if conversion == '%' && value.is_none() {
                pieces.push(Piece::Literal("%".into()));
                continue;
            }
            let Some(value) = value.or_else(|| by_position.pop()) else { return unknown() };
            match conversion {
                's' => match self.str_of(&value) {
                    Ok(text) => pieces.push(Piece::Hole(text)),
                    Err(_) => return unknown(),
                },
                'd' | 'i' if matches!(value.kind, Kind::Int(_)) => match self.str_of(&value) {
                    Ok(text) => pieces.push(Piece::Hole(text)),
                    Err(_) => return unknown(),
                },
                'r' => pieces.push(Piece::Hole(self.repr(&value))),
                _ => return unknown(),
            }
        }
        if by_name.is_none() && !by_position.is_empty() {
            return unknown();
        }
        pieces.push(Piece::Literal(rest.into()));
        template(pieces, place)
    }
}

/// `repr` of a string. None for characters whose escape depends on Unicode tables.
fn string_repr(text: &str) -> Option<String> {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut repr = String::with_capacity(text.len() + 2);
    repr.push(quote);
    for character in text.chars() {
        match character {
            '\\' => repr.push_str("\\\\"),
            '\n' => repr.push_str("\\n"),
            '\r' => repr.push_str("\\r"),
            '\t' => repr.push_str("\\t"),
            character if character == quote => {
                repr.push('\\');
                repr.push(character);
            }
            ' '..='~' => repr.push(character),
            character if character.is_ascii() => repr.push_str(&format!("\\x{:02x}", character as u32)),
            character if character.is_alphanumeric() => repr.push(character),
            _ => return None,
        }
    }
    repr.push(quote);
    Some(repr)
}

/// What `ascii` makes of what `repr` gives.
fn ascii(repr: &str) -> String {
    let mut text = String::with_capacity(repr.len());
    for character in repr.chars() {
        match character as u32 {
            0..0x80 => text.push(character),
            code @ 0x80..0x100 => text.push_str(&format!("\\x{code:02x}")),
            code @ 0x100..0x1_0000 => text.push_str(&format!("\\u{code:04x}")),
            code => text.push_str(&format!("\\U{code:08x}")),
        }
    }
    text
}

/// `repr` of a float: the shortest digits that read back as the same number, with an exponent below 1e-4 and from 1e16.
pub(super) fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    let text = format!("{value}");
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// `format(value, spec)` for the specs that settings use: alignment, width, zero padding, and `d`, `s`, `x`, `f`.
fn format_spec(value: &Object, spec: &str) -> Option<String> {
    let bytes: Vec<char> = spec.chars().collect();
    let mut at = 0;
    let (mut fill, mut align) = (None, None);
    if bytes.len() > 1 && matches!(bytes[1], '<' | '>' | '^') {
        (fill, align) = (Some(bytes[0]), Some(bytes[1]));
        at = 2;
    } else if matches!(bytes.first(), Some('<' | '>' | '^')) {
        align = Some(bytes[0]);
        at = 1;
    }
    if bytes.get(at) == Some(&'0') && fill.is_none() {
        (fill, align) = (Some('0'), align.or(Some('=')));
        at += 1;
    }
    let fill = fill.unwrap_or(' ');
    let number = |at: &mut usize| -> Option<usize> {
        let start = *at;
        while bytes.get(*at).is_some_and(char::is_ascii_digit) {
            *at += 1;
        }
        bytes[start..*at].iter().collect::<String>().parse().ok()
    };
    let width = number(&mut at).unwrap_or(0);
    let mut precision = None;
    if bytes.get(at) == Some(&'.') {
        at += 1;
        precision = Some(number(&mut at)?);
    }
    let rest: String = bytes[at..].iter().collect();
    if width > MAX_TEXT || precision.is_some_and(|precision| precision > 1000) {
        return None;
    }
    let (text, is_number) = match (&value.kind, rest.as_str(), precision) {
        (Kind::Str(text), "" | "s", None) => (text.to_string(), false),
        (Kind::Str(text), "" | "s", Some(precision)) => (text.chars().take(precision).collect(), false),
        (Kind::Int(value), "" | "d", None) => (value.to_string(), true),
        (Kind::Int(value), "x", None) if *value >= 0 => (format!("{value:x}"), true),
        (Kind::Int(value), "f", precision) if value.abs() < 1 << 52 => {
            (format!("{:.*}", precision.unwrap_or(6), *value as f64), true)
        }
        (Kind::Float(value), "f", precision) if value.is_finite() => {
            (format!("{:.*}", precision.unwrap_or(6), value), true)
        }
        _ => return None,
    };
    let missing = width.saturating_sub(text.chars().count());
    let filler = |count: usize| -> String { std::iter::repeat_n(fill, count).collect() };
    Some(match align.unwrap_or(if is_number { '>' } else { '<' }) {
        '=' if !is_number => text + &filler(missing),
        '=' => match text.strip_prefix('-') {
            Some(digits) => format!("-{}{digits}", filler(missing)),
            None => filler(missing) + &text,
        },
        '>' => filler(missing) + &text,
        '^' => filler(missing / 2) + &text + &filler(missing - missing / 2),
        _ => text + &filler(missing),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_python_writes_them() {
        for (value, text) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-2.5, "-2.5"),
            (123456789012345.0, "123456789012345.0"),
            (0.0, "0.0"),
        ] {
            assert_eq!(float_repr(value), text);
        }
    }

    #[test]
    fn specs_as_python_formats_them() {
        let format = |kind, spec| format_spec(&Object::new(kind, None), spec);
        assert_eq!(format(Kind::Int(7), "03d").as_deref(), Some("007"));
        assert_eq!(format(Kind::Int(-7), "04").as_deref(), Some("-007"));
        assert_eq!(format(Kind::Str("a".into()), ">3").as_deref(), Some("  a"));
        assert_eq!(format(Kind::Float(1.0), ".2f").as_deref(), Some("1.00"));
        assert_eq!(format(Kind::Str("a".into()), "d"), None);
    }
}
