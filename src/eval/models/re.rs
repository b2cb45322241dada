//! `re.sub` with patterns that mean the same to Python and to the `regex` crate.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regex::{NoExpand, Regex};

use super::Call;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};
use crate::eval::text::MAX_TEXT;

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    if call.name != "re.sub" || !call.arguments.named.is_empty() || call.arguments.positional.len() != 3 {
        return None;
    }
    let [pattern, replacement, text] = call.arguments.positional.as_slice() else { return None };
    let pattern = pattern.as_str().filter(|pattern| is_plain(pattern))?;
    let replacement = replacement.as_str().filter(|replacement| !replacement.contains('\\'))?.clone();
    let regex = compiled(pattern)?;
    let place = call.place;
    Some(machine.map(text, |machine, text| {
        Ok(match &text.kind {
            Kind::Str(text) if text.len().saturating_mul(replacement.len() + 1) <= MAX_TEXT => {
                Object::str(regex.replace_all(text, NoExpand(&replacement)).as_ref(), place)
            }
            Kind::Unknown(unknown) => machine.derived(
                unknown,
                Class::Str,
                |text| format!("re.sub({pattern:?}, {replacement:?}, {text})"),
                place,
            ),
            _ => Object::unknown_of(Class::Str, "the text is not known", place),
        })
    }))
}

/// The pattern, compiled once however often a program uses it.
fn compiled(pattern: &str) -> Option<Regex> {
    /// More patterns than this are not remembered.
    const MOST: usize = 64;
    static KNOWN: Mutex<BTreeMap<String, Option<Regex>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return regex.clone();
    }
    let regex = Regex::new(pattern).ok();
    if known.len() < MOST {
        known.insert(pattern.to_owned(), regex.clone());
    }
    regex
}

/// Whether a pattern is made of plain characters and simple classes of them alone, so that it matches one character or
/// more.
fn is_plain(pattern: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '/' | ':' | ',' | '@' | '=' | '%');
    let mut in_class = false;
    let mut before = None;
    for c in pattern.chars() {
        let is_known = match c {
            '[' if !in_class => {
                in_class = true;
                true
            }
            ']' if in_class && !matches!(before, Some('[' | '^')) => {
                in_class = false;
                true
            }
            '^' => before == Some('['),
            '-' => !in_class || before != Some('-'),
            '.' => in_class,
            '+' => in_class || before.is_some_and(|before| before == ']' || is_plain(before)),
            c => is_plain(c),
        };
        if !is_known {
            return false;
        }
        before = Some(c);
    }
    !in_class && before.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_mean_the_same() {
        for pattern in ["[^a-zA-Z0-9]", "[._-]+", "a+b", "https", "-"] {
            assert!(is_plain(pattern), "{pattern}");
        }
        for pattern in ["", "a*", "a|b", "(a)", "^a", "a$", r"\s", "[[]", "[a--b]", "+", "a++", ".", "[a", "[]a]", "é"]
        {
            assert!(!is_plain(pattern), "{pattern}");
        }
    }
}
