//! Settings that are a dict of backends by alias: `CHANNEL_LAYERS` and `CACHES`.

use super::settings::Settings;
use crate::eval::value::{Condition, Dict, Entry, Value};

/// What stands under an alias, in one of the forms that it can have.
#[derive(Debug, Clone, Copy)]
pub struct Aliased<'v> {
    /// The setting: `CHANNEL_LAYERS`.
    pub setting: &'static str,
    /// The alias: `default`.
    pub alias: &'v str,
    /// Where the alias is written.
    pub key: &'v Value,
    /// What stands under it.
    pub value: &'v Value,
    /// Whether it is there, in this form, in every case.
    pub is_certain: bool,
}

/// Everything that stands under an alias of a setting, in each form that it can have.
pub fn aliased<'v>(settings: &'v Settings, setting: &'static str) -> Vec<Aliased<'v>> {
    let Some(known) = settings.names.get(setting) else { return Vec::new() };
    let mut found = Vec::new();
    for (when, value) in known.value.options() {
        for entry in value.as_dict().map(|dict| dict.entries.as_slice()).unwrap_or_default() {
            let Some(alias) = entry.key.as_str() else { continue };
            for (in_case, value) in entry.value.options() {
                let is_certain = when.is_always() && entry.when.is_always() && in_case.is_always();
                found.push(Aliased { setting, alias, key: &entry.key, value, is_certain });
            }
        }
    }
    found
}

impl<'v> Aliased<'v> {
    /// The dict under the alias, where it is one.
    pub fn dict(&self) -> Option<&'v Dict> {
        self.value.as_dict()
    }

    /// An entry of that dict.
    pub fn get(&self, key: &str) -> Option<&'v Entry> {
        self.dict()?.get(key)
    }

    /// What `BACKEND` can be.
    pub fn backends(&self) -> Vec<(Condition, &'v Value)> {
        self.get("BACKEND").map(|entry| entry.value.options()).unwrap_or_default()
    }

    /// The `BACKEND`, where it is the same in every case and known.
    pub fn backend(&self) -> Option<&'v str> {
        self.get("BACKEND")?.value.as_str()
    }

    /// The keys by which Python reaches it: `CHANNEL_LAYERS["default"]`.
    pub fn title(&self) -> String {
        format!("{}[\"{}\"]", self.setting, self.alias)
    }
}
