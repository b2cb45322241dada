//! A value for people: as Python would write it, each part that differs from case to case with when it holds.

use crate::eval::value::{Condition, Dict, Kind, Sequence, Value, brief};

/// Longer values than this are broken into lines.
const MAX_LINE: usize = 80;

/// A value as text, over several lines where it is long.
pub fn value_text(value: &Value) -> String {
    text(value, 0)
}

fn text(value: &Value, depth: usize) -> String {
    let short = brief(value);
    let is_complete = !short.contains('…') && !has_cases(value);
    if is_complete && short.chars().count() + 4 * depth <= MAX_LINE {
        return short;
    }
    match &value.kind {
        Kind::List(items) => sequence_text(items, "[", "]", depth),
        Kind::Tuple(items) => sequence_text(items, "(", ")", depth),
        Kind::Set(items) => sequence_text(items, "{", "}", depth),
        Kind::Dict(dict) => dict_text(dict, depth),
        Kind::Either(either) => {
            let options = either.options.iter().map(|choice| {
                let when = choice.when.describe();
                format!("{}  # {when}", text(&choice.value, depth + 1))
            });
            lines("one of", options, "", depth)
        }
        Kind::Unknown(unknown) => format!("unknown: {}", unknown.why),
        Kind::Str(text) => format!("{text:?}"),
        _ => short,
    }
}

fn sequence_text(items: &Sequence, open: &str, close: &str, depth: usize) -> String {
    let written = items.items.iter().map(|item| line(&text(&item.value, depth + 1), &item.when));
    let more = items.open.iter().map(|why| format!("…  # {why}"));
    lines(open, written.chain(more), close, depth)
}

fn dict_text(dict: &Dict, depth: usize) -> String {
    let written = dict.entries.iter().map(|entry| {
        let pair = format!("{}: {}", brief(&entry.key), text(&entry.value, depth + 1));
        line(&pair, &entry.when)
    });
    let more = dict.open.iter().map(|why| format!("…  # {why}"));
    lines("{", written.chain(more), "}", depth)
}

fn line(text: &str, when: &Condition) -> String {
    match when.is_always() {
        true => format!("{text},"),
        false => format!("{text},  # {}", when.describe()),
    }
}

fn lines(open: &str, items: impl Iterator<Item = String>, close: &str, depth: usize) -> String {
    let indent = "    ".repeat(depth + 1);
    let mut text = open.to_owned();
    for item in items {
        text += &format!("\n{indent}{item}");
    }
    if !close.is_empty() {
        text += &format!("\n{}{close}", "    ".repeat(depth));
    }
    text
}

fn has_cases(value: &Value) -> bool {
    match &value.kind {
        Kind::Either(_) => true,
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
            items.items.iter().any(|item| !item.when.is_always() || has_cases(&item.value))
        }
        Kind::Dict(dict) => dict.entries.iter().any(|entry| !entry.when.is_always() || has_cases(&entry.value)),
        _ => false,
    }
}
