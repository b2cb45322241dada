//! What types settings and their parts are of, and what stands under a key.

use super::settings::Truth;
use crate::eval::value::{Condition, Dict, Kind, Unknown, Value};

/// Whether a value is neither a list nor a tuple.
pub fn is_no_list(value: &Value) -> Truth {
    match (&value.kind, value.type_name()) {
        (Kind::Unknown(unknown), "object") => Truth::Unknown(unknown.why.clone()),
        (Kind::Missing, _) | (_, "list" | "tuple") => Truth::No,
        (_, "None" | "str" | "set" | "dict" | "bool" | "int" | "float" | "bytes" | "path") => Truth::Yes,
        _ => Truth::Unknown("its type is not known".into()),
    }
}

/// Whether a value is a string.
pub fn is_string(value: &Value) -> Truth {
    match (&value.kind, value.type_name()) {
        (Kind::Unknown(unknown), "object") => Truth::Unknown(unknown.why.clone()),
        (Kind::Missing, _) => Truth::No,
        (_, "str") => Truth::Yes,
        (_, "object") => Truth::Unknown("its type is not known".into()),
        _ => Truth::No,
    }
}

/// The type of a value in a sentence.
pub fn type_title(value: &Value) -> &'static str {
    match value.type_name() {
        "None" => "`None`",
        "str" => "a string",
        "list" => "a list",
        "tuple" => "a tuple",
        "set" => "a set",
        "dict" => "a dict",
        "bool" => "a truth value",
        "path" => "a path",
        "bytes" => "a byte string",
        _ => "a number",
    }
}

/// What `test` says of a value that is known.
pub fn known(value: &Value, test: impl FnOnce(&Value) -> bool) -> Truth {
    match &value.kind {
        Kind::Unknown(Unknown { why, .. }) => Truth::Unknown(why.clone()),
        Kind::Template(_) => Truth::Unknown("a part of the string is not known".into()),
        Kind::Call(_) | Kind::Symbol(_) | Kind::Instance(_) | Kind::Either(_) => {
            Truth::Unknown("the value is not known".into())
        }
        _ => Truth::known(test(value)),
    }
}

/// What `test` says of the value under a key of a dict, and `missing` where there is no such key.
pub fn under_key(dict: &Dict, key: &str, missing: Truth, test: impl Fn(&Value) -> Truth) -> Truth {
    let Some(entry) = dict.get(key) else {
        return match (&dict.open, missing) {
            (Some(why), _) => Truth::Unknown(why.clone()),
            (None, missing) => missing,
        };
    };
    let answer = Truth::over(&entry.value, |value| match value.kind {
        Kind::Missing => missing.clone(),
        _ => test(value),
    });
    match entry.when.is_always() || answer == missing {
        true => answer,
        false => Truth::Unknown(format!("`{key}` is there {}", entry.when.describe()).into()),
    }
}

/// Every string that is written somewhere in a value, with when it holds. Keys of dicts do not count.
pub fn written_strings(value: &Value) -> Vec<(Condition, &Value)> {
    let mut found = Vec::new();
    add_strings(value, &Condition::always(), &mut found);
    found
}

fn add_strings<'v>(value: &'v Value, when: &Condition, found: &mut Vec<(Condition, &'v Value)>) {
    match &value.kind {
        Kind::Str(_) => found.push((when.clone(), value)),
        Kind::Either(either) => {
            either.options.iter().for_each(|option| add_strings(&option.value, &when.narrowed_by(&option.when), found))
        }
        Kind::Dict(dict) => {
            dict.entries.iter().for_each(|entry| add_strings(&entry.value, &when.narrowed_by(&entry.when), found))
        }
        _ => {
            let items = value.sequence().into_iter().flat_map(|sequence| &sequence.items);
            items.for_each(|item| add_strings(&item.value, &when.narrowed_by(&item.when), found));
        }
    }
}
