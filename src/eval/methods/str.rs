//! Methods of strings.

use std::sync::Arc;

use super::bytes::Codec;
use super::{MethodCall, format};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Item, Kind, Object, Piece};
use crate::eval::operator::int;
use crate::eval::raise::Exception;
use crate::eval::text::{self, MAX_TEXT};
use crate::source::Place;

/// What type a method of an unknown object of type `class` gives.
pub(super) fn class_of_result(method: &str, class: Class) -> Class {
    if !matches!(class, Class::Str) {
        return Class::Any;
    }
    match method {
        "split" | "rsplit" | "splitlines" => Class::List,
        "startswith" | "endswith" | "isdigit" | "isalpha" | "isnumeric" | "isdecimal" | "isspace" | "isupper"
        | "islower" | "isidentifier" | "isalnum" | "isascii" | "isprintable" | "istitle" => Class::Bool,
        "find" | "rfind" | "index" | "rindex" | "count" => Class::Int,
        "partition" | "rpartition" => Class::Tuple,
        "encode" => Class::Bytes,
        "capitalize" | "casefold" | "center" | "expandtabs" | "format" | "format_map" | "join" | "ljust" | "lower"
        | "lstrip" | "removeprefix" | "removesuffix" | "replace" | "rjust" | "rstrip" | "strip" | "swapcase"
        | "title" | "translate" | "upper" | "zfill" => Class::Str,
        _ => Class::Any,
    }
}

pub(super) fn call(machine: &mut Machine, receiver: &Object, call: &MethodCall) -> Run<Object> {
    if call.arguments.open {
        return Ok(Object::unknown_of(
            class_of_result(call.name, Class::Str),
            "the arguments are not known",
            call.place,
        ));
    }
    match call.name {
        "join" => return join(machine, receiver, call),
        "format" => return format::call(machine, receiver, call),
        "startswith" | "endswith" => {
            if let Some(known) = by_known_end(receiver, call) {
                return Ok(Object::bool(known, call.place));
            }
        }
        _ => {}
    }
    if matches!(call.name, "index" | "rindex" | "encode") {
        machine.may_raise(call.name)?;
    }
    let takes_names = matches!(call.name, "split" | "rsplit");
    let receiver = machine.spelled_out(receiver);
    let first = call.arg(0).cloned().unwrap_or_else(|| Object::none(None));
    let first = machine.spelled_out(&first);
    let origin = receiver.origin.or(call.place);
    machine.map2(&receiver, &first, |machine, receiver, first| {
        let class = class_of_result(call.name, Class::Str);
        let text = match &receiver.kind {
            Kind::Str(text) => text,
            Kind::Unknown(unknown) => return Ok(call.of_unknown(machine, unknown, class, origin)),
            _ => return Ok(Object::unknown_of(class, why_unknown(receiver), origin)),
        };
        let is_vague = matches!(first.kind, Kind::Unknown(_) | Kind::Template(_) | Kind::Symbol(_) | Kind::Made(_));
        if is_vague || !call.arguments.named.is_empty() && !takes_names {
            return Ok(Object::unknown_of(class, "an argument of the method is not known", origin));
        }
        apply(machine, text, first, call, origin)
    })
}

fn why_unknown(receiver: &Object) -> Arc<str> {
    let Kind::Template(pieces) = &receiver.kind else { return "the string is not known".into() };
    let of_hole = |piece: &Piece| match piece {
        Piece::Hole(Object { kind: Kind::Unknown(unknown), .. }) => Some(unknown.why.clone()),
        _ => None,
    };
    pieces.iter().find_map(of_hole).unwrap_or_else(|| "part of the string is not known".into())
}

/// `startswith` and `endswith` of a string whose beginning or end is known.
fn by_known_end(receiver: &Object, call: &MethodCall) -> Option<bool> {
    let Kind::Template(pieces) = &receiver.kind else { return None };
    let wanted = call.arg(0)?.as_str()?;
    let piece = if call.name == "startswith" { pieces.first() } else { pieces.last() };
    let Some(Piece::Literal(known)) = piece else { return None };
    let (known, wanted) = (known.as_ref(), wanted.as_ref());
    match call.name {
        "startswith" if known.starts_with(wanted) => Some(true),
        "startswith" if !wanted.starts_with(known) => Some(false),
        "endswith" if known.ends_with(wanted) => Some(true),
        "endswith" if !wanted.ends_with(known) => Some(false),
        _ => None,
    }
}

/// Methods without arguments.
const TAKING_NOTHING: [&str; 16] = [
    "capitalize",
    "casefold",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "isupper",
    "lower",
    "title",
    "upper",
];

fn apply(
    machine: &mut Machine,
    text: &Arc<str>,
    first: &Object,
    call: &MethodCall,
    origin: Option<Place>,
) -> Result<Object, Exception> {
    let has_first = call.arg(0).is_some();
    let part = first.as_str().map(AsRef::as_ref);
    let second = call.arg(1);
    let string = |text: String| Ok(Object::str(text, origin));
    let truth = |value: bool| Ok(Object::bool(value, call.place));
    let number = |value: i64| Ok(Object::int(value, call.place));
    // Character offsets, as Python counts them.
    let offset = |at: Option<usize>| at.map_or(-1, |at| text[..at].chars().count() as i64);
    if has_first && TAKING_NOTHING.contains(&call.name) {
        return Err(Exception::new("TypeError", format!("str.{}() takes no arguments", call.name)));
    }
    match (call.name, part, second) {
        ("lower", ..) => string(text.to_lowercase()),
        ("upper", ..) => string(text.to_uppercase()),
        ("casefold", ..) if text.is_ascii() => string(text.to_lowercase()),
        ("capitalize", ..) if text.is_ascii() => string(capitalized(text)),
        ("title", ..) if text.is_ascii() => string(titled(text)),
        ("strip" | "lstrip" | "rstrip", part, None) if part.is_some() || matches!(first.kind, Kind::None) => {
            string(stripped(text, call.name, part).to_owned())
        }
        ("startswith" | "endswith", _, None) => {
            let affixes: Vec<&Object> = match &first.kind {
                Kind::Tuple(items) => items.iter().map(|item| &item.object).collect(),
                _ => vec![first],
            };
            let mut any = false;
            for affix in affixes {
                match affix.as_str() {
                    Some(affix) if call.name == "startswith" => any |= text.starts_with(affix.as_ref()),
                    Some(affix) => any |= text.ends_with(affix.as_ref()),
                    None => return Ok(Object::unknown_of(Class::Bool, "the affix is not known", call.place)),
                }
            }
            truth(any)
        }
        ("replace", Some(old), Some(new)) if call.arguments.positional.len() == 2 => match new.as_str() {
            Some(new) => match replaced(text, old, new) {
                Some(replaced) => string(replaced),
                None => Ok(Object::unknown_of(Class::Str, "the string is too long", origin)),
            },
            None => Ok(Object::unknown_of(Class::Str, "the replacement is not known", origin)),
        },
        ("removeprefix", Some(prefix), None) => string(text.strip_prefix(prefix).unwrap_or(text).to_owned()),
        ("removesuffix", Some(suffix), None) if !suffix.is_empty() => {
            string(text.strip_suffix(suffix).unwrap_or(text).to_owned())
        }
        ("split" | "rsplit", ..) => split(machine, text, first, call, origin),
        ("splitlines", ..) if !has_first && call.arguments.named.is_empty() => {
            let lines: Vec<Item> = lines(text).into_iter().map(|line| Item::new(Object::str(line, origin))).collect();
            Ok(machine.list(lines, call.place))
        }
        ("partition", Some(separator), None) if !separator.is_empty() => {
            let parts = text.split_once(separator).map_or([text, "", ""], |(a, b)| [a, separator, b]);
            Ok(machine.tuple(parts.iter().map(|part| Item::new(Object::str(*part, origin))).collect(), call.place))
        }
        ("rpartition", Some(separator), None) if !separator.is_empty() => {
            let parts = text.rsplit_once(separator).map_or(["", "", text], |(a, b)| [a, separator, b]);
            Ok(machine.tuple(parts.iter().map(|part| Item::new(Object::str(*part, origin))).collect(), call.place))
        }
        ("find", Some(part), None) => number(offset(text.find(part))),
        ("rfind", Some(part), None) => number(offset(text.rfind(part))),
        ("index", Some(part), None) => match text.find(part) {
            Some(at) => number(offset(Some(at))),
            None => Err(Exception::new("ValueError", "substring not found")),
        },
        ("count", Some(part), None) if !part.is_empty() => number(text.matches(part).count() as i64),
        ("isdigit" | "isnumeric" | "isdecimal", ..) if text.is_ascii() => {
            truth(!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        }
        ("isalpha", ..) if text.is_ascii() => {
            truth(!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
        }
        ("isalnum", ..) if text.is_ascii() => {
            truth(!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        }
        ("isspace", ..) if text.is_ascii() => truth(
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_whitespace() || (0x1c..=0x1f).contains(&byte) || byte == 0x0b),
        ),
        ("isupper", ..) if text.is_ascii() => truth(
            text.bytes().any(|byte| byte.is_ascii_uppercase()) && !text.bytes().any(|byte| byte.is_ascii_lowercase()),
        ),
        ("islower", ..) if text.is_ascii() => truth(
            text.bytes().any(|byte| byte.is_ascii_lowercase()) && !text.bytes().any(|byte| byte.is_ascii_uppercase()),
        ),
        ("zfill", _, None) if int(&first.kind).is_some_and(|width| width < 1000) => {
            let width = int(&first.kind).unwrap_or_default().max(0) as usize;
            let missing = width.saturating_sub(text.chars().count());
            let (sign, digits) = match text.chars().next() {
                Some(sign @ ('+' | '-')) => (sign.to_string(), &text[1..]),
                _ => (String::new(), text.as_ref()),
            };
            string(format!("{sign}{}{digits}", "0".repeat(missing)))
        }
        ("encode", ..) if !has_first || part.is_some() => {
            Ok(match Codec::of(part.unwrap_or("utf-8")).and_then(|codec| codec.encoded(text)) {
                Some(bytes) => Object::new(Kind::Bytes(bytes.into()), origin),
                None => Object::unknown_of(Class::Bytes, "how it is encoded is not evaluated", origin),
            })
        }
        _ => Ok(Object::unknown_of(
            class_of_result(call.name, Class::Str),
            format!("str.{}() is not evaluated with these arguments", call.name),
            origin,
        )),
    }
}

/// `str.replace`; an empty `old` matches between all characters. None where the result is too long.
fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    let length = text.len() + text.matches(old).count().saturating_mul(new.len());
    (length <= 2 * MAX_TEXT).then(|| text.replace(old, new)).filter(|text| text.len() <= MAX_TEXT)
}

fn stripped<'t>(text: &'t str, method: &str, characters: Option<&str>) -> &'t str {
    let is_stripped = |c: char| match characters {
        Some(characters) => characters.contains(c),
        None => is_space(c),
    };
    match method {
        "lstrip" => text.trim_start_matches(is_stripped),
        "rstrip" => text.trim_end_matches(is_stripped),
        _ => text.trim_matches(is_stripped),
    }
}

/// `str.isspace` of a character: Unicode white space, and the separators U+001C to U+001F.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + &characters.as_str().to_ascii_lowercase(),
        None => String::new(),
    }
}

fn titled(text: &str) -> String {
    let mut after_letter = false;
    let title = text.chars().map(|character| {
        let cased = if after_letter { character.to_ascii_lowercase() } else { character.to_ascii_uppercase() };
        after_letter = character.is_ascii_alphabetic();
        cased
    });
    title.collect()
}

/// `str.splitlines`, which knows more line ends than a file does.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_end = matches!(
            character,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c' | '\x1d' | '\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        );
        if !is_end {
            continue;
        }
        lines.push(&text[start..at]);
        if character == '\r' && characters.peek().is_some_and(|(_, next)| *next == '\n') {
            characters.next();
        }
        start = characters.peek().map_or(text.len(), |(at, _)| *at);
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

fn split(
    machine: &mut Machine,
    text: &Arc<str>,
    first: &Object,
    call: &MethodCall,
    origin: Option<Place>,
) -> Result<Object, Exception> {
    if call.arguments.named.iter().any(|(name, _)| !matches!(name.as_ref(), "sep" | "maxsplit")) {
        return Err(Exception::new("TypeError", "the method has no such argument"));
    }
    let separator = call.arguments.by_name("sep").unwrap_or(first);
    let maximum = match call.arguments.get(1, "maxsplit") {
        None => Some(None),
        Some(maximum) => int(&maximum.kind).map(|maximum| usize::try_from(maximum).ok()),
    };
    let Some(maximum) = maximum else {
        return Ok(Object::unknown_of(Class::List, "how often to split is not known", origin));
    };
    let is_right = call.name == "rsplit";
    let parts: Vec<&str> = match (&separator.kind, maximum) {
        (Kind::None, None) => text.split(is_space).filter(|part| !part.is_empty()).collect(),
        (Kind::Str(separator), _) if separator.is_empty() => {
            return Err(Exception::new("ValueError", "empty separator"));
        }
        (Kind::Str(separator), None) => text.split(separator.as_ref()).collect(),
        (Kind::Str(separator), Some(maximum)) if !is_right => text.splitn(maximum + 1, separator.as_ref()).collect(),
        (Kind::Str(separator), Some(maximum)) => {
            let mut parts: Vec<&str> = text.rsplitn(maximum + 1, separator.as_ref()).collect();
            parts.reverse();
            parts
        }
        _ => return Ok(Object::unknown_of(Class::List, "the separator is not known", origin)),
    };
    let items = parts.into_iter().map(|part| Item::new(Object::str(part, origin))).collect();
    Ok(machine.list(items, origin))
}

fn join(machine: &mut Machine, separator: &Object, call: &MethodCall) -> Run<Object> {
    let Some(values) = call.arg(0) else { return Ok(call.not_evaluated()) };
    let items = machine.items_or_unknown(values)?;
    if items.iter().any(|item| !item.is_certain()) {
        return Ok(Object::unknown_of(Class::Str, "the parts of the string are not all known", call.place));
    }
    let mut pieces = Vec::with_capacity(items.len() * 2);
    for (index, item) in items.into_iter().enumerate() {
        if text::class_of(&item.object) != Class::Str {
            return match item.object.kind {
                Kind::None | Kind::Int(_) | Kind::Bool(_) | Kind::Path(_) => {
                    machine.fail(Exception::new("TypeError", "expected str instance"))
                }
                _ => Ok(Object::unknown_of(Class::Str, "the parts of the string are not all known", call.place)),
            };
        }
        if index > 0 {
            pieces.push(Piece::Hole(separator.clone()));
        }
        pieces.push(Piece::Hole(item.object));
    }
    Ok(text::template(pieces, call.place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_as_python_splits_them() {
        assert_eq!(lines("a\r\nb\x0cc\n"), ["a", "b", "c"]);
        assert_eq!(lines("a\n\nb"), ["a", "", "b"]);
        assert_eq!(lines(""), [] as [&str; 0]);
    }

    #[test]
    fn titles_as_python_makes_them() {
        assert_eq!(titled("hello wORLD they're"), "Hello World They'Re");
        assert_eq!(capitalized("hELLO w"), "Hello w");
    }
}
