//! Django's own defaults, by version.
//!
//! The data are written by `tests/django/defaults.py` from the `global_settings.py` of Django 3.2 to 6.1: a line for every
//! change of a setting, with its name, the version of Django, and the value as JSON where there is one from then on. They
//! are sorted by name and version. A value is read when it is first asked for.

use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use pep440_rs::Version;
use serde_json::Value as Json;

use crate::eval::value::{Condition, Dict, Entry, Item, Kind, Sequence, Value};

/// The release segment of the oldest version whose defaults are known.
pub const OLDEST: &[u64] = &[3, 2];

/// What Django holds for a setting that is not set; none where that version has no such setting. Without a version, the
/// newest counts.
pub fn django_default(name: &str, version: Option<&Version>) -> Option<&'static Value> {
    let is_reached = |row: &&Row| {
        // Of older versions nothing is recorded: they get what the oldest has.
        let reaches =
            |version: &Version| Version::from_str(row.since).is_ok_and(|it| *version >= it || it.release() == OLDEST);
        version.is_none_or(reaches)
    };
    changes_of(name).iter().rev().find(is_reached)?.value()
}

/// Whether some supported version of Django has a setting of this name.
pub fn is_django_setting(name: &str) -> bool {
    !changes_of(name).is_empty()
}

/// The settings of every supported version of Django.
pub fn django_settings() -> impl Iterator<Item = &'static str> {
    table().chunk_by(|a, b| a.name == b.name).map(|changes| changes[0].name)
}

/// A change of a setting.
struct Row {
    name: &'static str,
    since: &'static str,
    /// The value as JSON; empty where there is no such setting from then on.
    json: &'static str,
    value: OnceLock<Option<Value>>,
}

impl Row {
    fn value(&self) -> Option<&Value> {
        self.value.get_or_init(|| serde_json::from_str(self.json).ok().as_ref().map(value)).as_ref()
    }
}

/// All changes of a setting, in the order of versions.
fn changes_of(name: &str) -> &'static [Row] {
    let from = table().partition_point(|row| row.name < name);
    let count = table()[from..].partition_point(|row| row.name == name);
    &table()[from..from + count]
}

fn table() -> &'static [Row] {
    static TABLE: OnceLock<Vec<Row>> = OnceLock::new();
    let row = |line: &'static str| {
        let (name, rest) = line.split_once(' ')?;
        let (since, json) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(Row { name, since, json, value: OnceLock::new() })
    };
    TABLE.get_or_init(|| include_str!("django_defaults.txt").lines().filter_map(row).collect())
}

fn value(json: &Json) -> Value {
    let item = |json: &Json| Item { value: value(json), when: Condition::always() };
    let sequence = |items: &[Json]| Sequence { items: items.iter().map(item).collect(), ..Sequence::default() };
    let kind = match json {
        Json::Null => Kind::None,
        Json::Bool(value) => Kind::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Kind::Int(number),
            None => Kind::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Kind::Str(text.as_str().into()),
        Json::Array(items) => Kind::List(sequence(items)),
        Json::Object(entries) => match entries.get("$tuple").and_then(Json::as_array) {
            Some(items) => Kind::Tuple(sequence(items)),
            None => {
                let entries = entries.iter().map(|(key, json)| Entry {
                    key: Value::new(Kind::Str(Arc::from(key.as_str())), None),
                    value: value(json),
                    when: Condition::always(),
                });
                Kind::Dict(Dict { entries: entries.collect(), ..Dict::default() })
            }
        },
    };
    Value::new(kind, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        let is_sound = |row: &Row| Version::from_str(row.since).is_ok() && row.json.is_empty() == row.value().is_none();
        assert!(table().len() > 150 && table().iter().all(is_sound));
        let key = |row: &Row| (row.name, Version::from_str(row.since).unwrap());
        assert!(table().is_sorted_by_key(key));
    }

    #[test]
    fn defaults_by_version() {
        let at = |name, version: &str| django_default(name, Version::from_str(version).ok().as_ref());
        assert!(matches!(at("USE_TZ", "4.2").unwrap().kind, Kind::Bool(false)));
        assert!(matches!(at("USE_TZ", "5.2.1").unwrap().kind, Kind::Bool(true)));
        assert!(at("DEFAULT_FILE_STORAGE", "5.0").is_some());
        assert!(at("SECURE_CSP", "5.2").is_none() && at("SECURE_CSP", "6.0").is_some());
        assert!(at("ALLOWED_HOSTS", "2.2").is_some());
        assert!(at("DEFAULT_FILE_STORAGE", "5.1").is_none());
        assert!(django_default("SESSION_COOKIE_SAMESITE", None).unwrap().as_str() == Some("Lax"));
        assert!(django_default("NOT_A_SETTING", None).is_none());
    }
}
