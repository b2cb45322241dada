//! Django's own defaults, by version.
//!
//! The data are written by `tests/django/defaults.py` from the `global_settings.py` of Django 3.2 to 6.1.

use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use pep440_rs::Version;
use serde_json::Value as Json;

use crate::eval::value::{Condition, Dict, Entry, Item, Kind, Sequence, Value};

/// The release segment of the oldest version whose defaults are known.
pub const OLDEST: &[u64] = &[3, 2];

/// What Django holds for a setting that is not set; none where that version has no such setting. Without a version, the
/// newest counts.
pub fn django_default(name: &str, version: Option<&Version>) -> Option<Value> {
    let rows = table().get(name)?.as_array()?;
    let is_reached = |row: &&Json| {
        let since = row.get("since").and_then(Json::as_str).and_then(|since| Version::from_str(since).ok());
        match (version, since) {
            // Of older versions nothing is recorded: they get what the oldest has.
            (Some(version), Some(since)) => *version >= since || since.release() == OLDEST,
            _ => true,
        }
    };
    let row = rows.iter().rev().find(is_reached)?;
    row.get("value").map(value)
}

/// Whether some supported version of Django has a setting of this name.
pub fn is_django_setting(name: &str) -> bool {
    table().contains_key(name)
}

/// The settings of every supported version of Django.
pub fn django_settings() -> impl Iterator<Item = &'static str> {
    table().keys().map(String::as_str)
}

fn table() -> &'static serde_json::Map<String, Json> {
    static TABLE: OnceLock<serde_json::Map<String, Json>> = OnceLock::new();
    TABLE.get_or_init(|| serde_json::from_str(include_str!("django_defaults.json")).unwrap_or_default())
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
