//! The possibilities of a value that is not certain, and how messages show them.

use crate::eval::value::{Condition, Value, brief};

/// Every item that is written in some form of a list, with when it holds.
pub fn written_items(value: &Value) -> Vec<(Condition, &Value)> {
    let mut found: Vec<(Condition, &Value)> = Vec::new();
    for (when, list) in value.options() {
        let Some(sequence) = list.sequence() else { continue };
        for item in &sequence.items {
            let outer = when.narrowed_by(&item.when);
            for (inner, option) in item.value.options() {
                let when = outer.narrowed_by(&inner);
                let is_same = |(_, known): &&mut (Condition, &Value)| {
                    known.origin == option.origin && known.as_str().is_some() && known.as_str() == option.as_str()
                };
                match found.iter_mut().find(is_same) {
                    Some((known, _)) => *known = std::mem::take(known).or(when),
                    None => found.push((when, option)),
                }
            }
        }
    }
    found
}

/// " (set in .env)", where a value comes from an environment file; " (the default of X)", where it is what holds while
/// an environment variable is not set; else nothing.
pub fn origin_note(when: &Condition) -> String {
    if let Some(file) = &when.env_file {
        return format!(" (set in {file})");
    }
    match when.unset_variables().as_slice() {
        [] => String::new(),
        [variable] => format!(" (the default of {variable})"),
        [first, ..] => format!(" (the default of {first} and others)"),
    }
}

/// An item of a list in backticks: the bare text of a string, anything else as Python writes it.
pub fn shown(item: &Value) -> String {
    match item.as_str() {
        Some(text) if !text.is_empty() => format!("`{text}`"),
        _ => format!("`{}`", brief(item)),
    }
}
