//! What djudge says of settings modules, held against what CPython makes of them.

use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value as Json};

use crate::cpython::Run;

/// What marks a part of a value that is not known.
const UNCERTAIN: [&str; 5] = ["$unknown", "$either", "$open", "$call", "$env"];

/// What `djudge show` says of a project's modules, by their names.
pub fn show(project: &Path, modules: &[&str]) -> Vec<Json> {
    let output = Command::new(env!("CARGO_BIN_EXE_djudge"))
        .args(["show", "--isolated", "--output-format", "json", "--settings", &modules.join(","), "--project"])
        .arg(project)
        .output()
        .expect("djudge runs");
    assert!(output.status.success(), "djudge show: {}", String::from_utf8_lossy(&output.stderr));
    let mut document: Json = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    match document["modules"].take() {
        Json::Array(shown) => shown,
        _ => panic!("djudge show printed no modules"),
    }
}

/// What of djudge's claims about a module CPython contradicts. What is called known must hold in every run; in the
/// first, no variable is set that djudge does not hold for set, so that defaults hold there.
pub fn contradictions(module: &Json, runs: &[Run]) -> Vec<String> {
    let settings = module["settings"].as_object().expect("settings are an object");
    let is_assuming = module["assumed"].as_array().is_none_or(|assumed| !assumed.is_empty());
    // Followed in the case alone in which no variable is set: of others nothing is said.
    let is_bare = module["assumed"].to_string().contains("no environment variable is set");
    let mut found = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let Ok(names) = &run.outcome else { continue };
        let with = format!("with {:?}", run.environment);
        // A module that djudge gave up on has no names at all.
        let says_all = !settings.is_empty() && (index == 0 || !is_bare);
        for name in names.keys().filter(|name| says_all && !settings.contains_key(*name)) {
            found.push(format!("{name} is missing {with}"));
        }
        for (name, setting) in settings {
            let value = &setting["value"];
            let theirs = names.get(name);
            let is_wrong = match setting["certainty"].as_str() {
                Some("known") => !theirs.is_some_and(|theirs| same(value, theirs)),
                Some("assumed" | "depends") if index == 0 && !is_assuming => {
                    theirs.is_some_and(|theirs| default_is_wrong(value, theirs))
                }
                _ => false,
            };
            if is_wrong {
                let theirs = theirs.map_or("not there".to_owned(), Json::to_string);
                found.push(format!("{name} is {theirs} {with}, not {value}"));
            }
        }
    }
    found
}

/// Whether two values are the same, items of sets in any order. `True` is not `1`.
pub fn same(ours: &Json, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => match (a.get("$set"), b.get("$set")) {
            (Some(Json::Array(a)), Some(Json::Array(b))) => {
                a.len() == b.len() && a.iter().all(|item| b.iter().any(|other| same(item, other)))
            }
            _ => a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b))),
        },
        _ => ours == theirs,
    }
}

/// Whether a part of a value is not known.
pub fn is_uncertain(value: &Json) -> bool {
    match value {
        Json::Object(parts) => {
            UNCERTAIN.iter().any(|mark| parts.contains_key(*mark)) || parts.values().any(is_uncertain)
        }
        Json::Array(items) => items.iter().any(is_uncertain),
        _ => false,
    }
}

/// A value with each environment variable's default in its place; none where another part is not known.
pub fn with_defaults(value: &Json) -> Option<Json> {
    match value {
        Json::Object(parts) => match parts.get("$env") {
            Some(variable) => with_defaults(variable.get("default")?),
            None if UNCERTAIN.iter().any(|mark| parts.contains_key(*mark)) => None,
            None => {
                let filled = parts.iter().map(|(key, part)| Some((key.clone(), with_defaults(part)?)));
                filled.collect::<Option<Map<String, Json>>>().map(Json::Object)
            }
        },
        Json::Array(items) => items.iter().map(with_defaults).collect::<Option<Vec<Json>>>().map(Json::Array),
        _ => Some(value.clone()),
    }
}

/// Whether a value contradicts what CPython has where no variable is set. Parts that are open contradict nothing.
fn default_is_wrong(ours: &Json, theirs: &Json) -> bool {
    if !is_uncertain(ours) {
        return !same(ours, theirs);
    }
    match (ours, theirs) {
        (Json::Object(parts), _) if parts.contains_key("$env") => {
            parts["$env"].get("default").is_some_and(|default| default_is_wrong(default, theirs))
        }
        (Json::Object(parts), _) if UNCERTAIN.iter().any(|mark| parts.contains_key(*mark)) => false,
        // Some of these entries are there in some cases only.
        (Json::Object(parts), _) if parts.contains_key("$dict") => !theirs.is_object(),
        // Items of a set have no order to tell which is which.
        (Json::Object(parts), Json::Object(others)) if parts.contains_key("$set") => !others.contains_key("$set"),
        (Json::Object(parts), Json::Object(others)) => {
            others.keys().any(|key| !parts.contains_key(key))
                || parts.iter().any(|(key, part)| match others.get(key) {
                    Some(other) => default_is_wrong(part, other),
                    // What is there in some cases only is printed as one of two things.
                    None => !is_uncertain(part),
                })
        }
        (Json::Array(items), Json::Array(others)) => {
            items.len() != others.len() || items.iter().zip(others).any(|(item, other)| default_is_wrong(item, other))
        }
        _ => true,
    }
}
