//! What python-decouple makes of a value: `cast=bool`, `Csv(…)`, `Choices(…)`.

use super::plain::is_at_least;
use crate::eval::convert;
use crate::eval::heap::Key;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

const DISTRIBUTION: &str = "python-decouple";

/// `cast(value)`, where `bool` reads words.
pub(super) fn apply(machine: &mut Machine, cast: &Object, value: &Object, place: Option<Place>) -> Run<Object> {
    machine.each(cast, |machine, cast| match &cast.kind {
        Kind::Symbol(name) if name.as_ref() == "builtins.bool" => to_bool(machine, value, place),
        Kind::Symbol(name) if name.as_ref() == "builtins.int" => convert::to_int(machine, value, place),
        _ => machine.call(&cast, Arguments::positional(vec![value.clone()]), place),
    })
}

fn is_unsure(machine: &mut Machine, value: &Object) -> bool {
    machine.possible(value).iter().any(|(_, value)| matches!(value.kind, Kind::Unknown(_) | Kind::Template(_)))
}

fn to_bool(machine: &mut Machine, value: &Object, place: Option<Place>) -> Run<Object> {
    let value = machine.spelled_out(value);
    if is_unsure(machine, &value) {
        machine.may_raise("bool()")?;
    }
    machine.map(&value, |machine, value| {
        Ok(match &value.kind {
            Kind::Str(text) => match strtobool(text) {
                Some(value) => Object::bool(value, place),
                None => return Err(Exception::new("ValueError", format!("Invalid truth value: {text}"))),
            },
            Kind::Bool(value) => Object::bool(*value, place),
            Kind::Int(number @ (0 | 1)) => Object::bool(*number == 1, place),
            Kind::None | Kind::Int(_) | Kind::Float(_) => {
                return Err(Exception::new("ValueError", "Invalid truth value"));
            }
            Kind::Unknown(unknown) => machine.derived(unknown, Class::Bool, |text| format!("bool({text})"), place),
            _ => Object::unknown_of(Class::Bool, "the value is not known", place),
        })
    })
}

/// `bool(strtobool(value))`, where an empty string is false. None where it raises.
fn strtobool(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "" | "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
        "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
        _ => None,
    }
}

/// `Csv(cast=str, delimiter=",", strip=whitespace, post_process=list)(value)`.
pub(super) fn csv(machine: &mut Machine, value: &Object, made: &Arguments, place: Option<Place>) -> Run<Object> {
    let cast = made.get(0, "cast").cloned();
    let text_of = |argument: Option<&Object>, otherwise: &str| match argument {
        None => Some(otherwise.into()),
        Some(given) => given.as_str().cloned(),
    };
    let delimiter = text_of(made.get(1, "delimiter"), ",");
    // `string.whitespace`
    let strip = text_of(made.get(2, "strip"), " \t\n\r\x0b\x0c");
    let post_process = made.get(3, "post_process").cloned();
    let takes_none = is_at_least(machine, DISTRIBUTION, [3, 7]);
    let value = machine.spelled_out(value);
    if is_unsure(machine, &value) {
        machine.may_raise("Csv()")?;
    }
    let parsed = machine.map(&value, |machine, value| {
        Ok(match (&value.kind, &delimiter, &strip) {
            (Kind::None, ..) if takes_none => machine.list(Vec::new(), place),
            (Kind::Str(text), Some(delimiter), Some(strip)) => {
                let Some(parts) = split(text, delimiter) else {
                    return Err(Exception::new("ValueError", "No closing quotation"));
                };
                let strip: Vec<char> = strip.chars().collect();
                let part = |part: String| Item::new(Object::str(part.trim_matches(&strip[..]), value.origin));
                machine.list(parts.into_iter().map(part).collect(), value.origin)
            }
            (Kind::Unknown(unknown), ..) => {
                machine.derived(unknown, Class::List, |text| format!("Csv()({text})"), value.origin)
            }
            (Kind::Heap(_) | Kind::Tuple(_), ..) => {
                return Err(Exception::new("AttributeError", "a list has no attribute 'read'"));
            }
            _ => Object::unknown_of(Class::List, "the value is not known", value.origin),
        })
    })?;
    let is_str = |cast: &Object| matches!(&cast.kind, Kind::Symbol(name) if name.as_ref() == "builtins.str");
    let parsed = match cast.filter(|cast| !is_str(cast)) {
        None => parsed,
        Some(cast) => machine.each(&parsed, |machine, parsed| converted(machine, &parsed, &cast, place))?,
    };
    let is_list = |process: &Object| matches!(&process.kind, Kind::Symbol(name) if name.as_ref() == "builtins.list");
    match post_process.filter(|process| !is_list(process)) {
        None => Ok(parsed),
        Some(process) => machine.call(&process, Arguments::positional(vec![parsed]), place),
    }
}

/// Each item of a list cast.
fn converted(machine: &mut Machine, list: &Object, cast: &Object, place: Option<Place>) -> Run<Object> {
    if let Kind::Unknown(_) = &list.kind {
        return Ok(list.clone());
    }
    let items = machine.items_or_unknown(list)?;
    let mut converted = Vec::with_capacity(items.len());
    for item in items {
        if let Some(object) = machine.call_with(cast, &item, place)? {
            converted.push(Item { object, ..item });
        }
    }
    Ok(machine.list(converted, place))
}

/// The tokens of `shlex(text, posix=True)` that is split at `delimiters`. None where a quotation is not closed.
///
/// Source: `read_token` in `Lib/shlex.py` of CPython 3.11 to 3.13.
fn split(text: &str, delimiters: &str) -> Option<Vec<String>> {
    enum State {
        Between,
        Word,
        Quoted(char),
        /// After a backslash, within what.
        Escaped(Option<char>),
    }
    let mut tokens = Vec::new();
    let (mut token, mut is_quoted, mut state) = (String::new(), false, State::Between);
    let mut characters = text.chars();
    loop {
        let next = characters.next();
        let mut ends_token = false;
        match (&state, next) {
            (State::Between | State::Word, None) => {
                if is_quoted || !token.is_empty() {
                    tokens.push(token);
                }
                return Some(tokens);
            }
            (State::Quoted(_) | State::Escaped(_), None) => return None,
            (State::Between | State::Word, Some(c)) if delimiters.contains(c) => ends_token = true,
            (State::Between | State::Word, Some('#')) => {
                characters.by_ref().find(|c| *c == '\n');
                ends_token = true;
            }
            (State::Between | State::Word, Some('\\')) => state = State::Escaped(None),
            (State::Between | State::Word, Some(quote @ ('"' | '\''))) => state = State::Quoted(quote),
            (State::Between | State::Word, Some(c)) => {
                token.push(c);
                state = State::Word;
            }
            (State::Quoted(quote), Some(c)) => {
                is_quoted = true;
                match c {
                    _ if c == *quote => state = State::Word,
                    '\\' if *quote == '"' => state = State::Escaped(Some('"')),
                    _ => token.push(c),
                }
            }
            (State::Escaped(within), Some(c)) => {
                if within.is_some_and(|quote| c != quote && c != '\\') {
                    token.push('\\');
                }
                token.push(c);
                state = within.map_or(State::Word, State::Quoted);
            }
        }
        if ends_token {
            state = State::Between;
            if is_quoted || !token.is_empty() {
                tokens.push(std::mem::take(&mut token));
            }
            is_quoted = false;
        }
    }
}

/// `Choices(flat=[…], cast=str, choices=[(value, label), …])(value)`.
pub(super) fn choices(machine: &mut Machine, value: &Object, made: &Arguments, place: Option<Place>) -> Run<Object> {
    let valid = valid_values(machine, made)?;
    let transformed = match made.get(1, "cast") {
        None => machine.str_of(value)?,
        Some(cast) => machine.call(&cast.clone(), Arguments::positional(vec![value.clone()]), place)?,
    };
    if is_unsure(machine, &transformed) || valid.is_none() {
        machine.may_raise("Choices()")?;
    }
    machine.map(&transformed, |_, value| match (Key::of(value), &valid) {
        (Some(key), Some(valid)) if !valid.contains(&key) => Err(Exception::new("ValueError", "Value not in list")),
        _ => Ok(value.clone()),
    })
}

/// The keys of all choices; none where one is not known.
fn valid_values(machine: &mut Machine, made: &Arguments) -> Run<Option<Vec<Key>>> {
    let mut keys = Vec::new();
    for (at, name) in [(0, "flat"), (2, "choices")] {
        let Some(given) = made.get(at, name).filter(|given| !matches!(given.kind, Kind::None)).cloned() else {
            continue;
        };
        for item in machine.items_or_unknown(&given)? {
            let value = match (&item.object.kind, name) {
                (_, "flat") => Some(item.object.clone()),
                (Kind::Tuple(pair), _) => pair.first().map(|first| first.object.clone()),
                _ => None,
            };
            match value.as_ref().and_then(Key::of).filter(|_| item.is_certain()) {
                Some(key) => keys.push(key),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_as_shlex_finds_them() {
        let tokens = |text| split(text, ",");
        let some = |parts: &[&str]| Some(parts.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(tokens("a, b,,c"), some(&["a", " b", "c"]));
        assert_eq!(tokens("'a,b',\"\",c d"), some(&["a,b", "", "c d"]));
        assert_eq!(tokens("a#b,c"), some(&["a"]));
        assert_eq!(tokens("a\\,b"), some(&["a,b"]));
        assert_eq!(tokens("\"a\\nb\\\"\""), some(&["a\\nb\""]));
        assert_eq!(tokens("x'y"), None);
        assert_eq!(tokens(""), some(&[]));
    }
}
