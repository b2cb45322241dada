//! `TEMPLATES`: the template engines.

use super::settings::Settings;
use crate::eval::value::{Condition, Dict, Entry, Value};

/// The engine of Django's own template language.
pub const DJANGO: &str = "django.template.backends.django.DjangoTemplates";

/// The engine that is packaged for Jinja2.
pub const JINJA2: &str = "django.template.backends.jinja2.Jinja2";

/// A template engine, in one of the forms that it can have.
#[derive(Debug, Clone)]
pub struct Engine<'v> {
    /// Its place in the list, counted from 0.
    pub index: usize,
    /// When it is there in this form.
    pub when: Condition,
    /// The item of the list.
    pub value: &'v Value,
    /// The same as a dict.
    pub dict: &'v Dict,
}

/// Every template engine, in each form that it can have.
pub fn engines(settings: &Settings) -> Vec<Engine<'_>> {
    let Some(known) = settings.names.get("TEMPLATES") else { return Vec::new() };
    let mut found = Vec::new();
    for (when, list) in known.value.options() {
        for (index, item) in list.sequence().into_iter().flat_map(|list| &list.items).enumerate() {
            let outer = when.narrowed_by(&item.when);
            for (inner, value) in item.value.options() {
                let Some(dict) = value.as_dict() else { continue };
                found.push(Engine { index, when: outer.narrowed_by(&inner), value, dict });
            }
        }
    }
    found
}

impl<'v> Engine<'v> {
    /// The dotted path of its class, where that is known.
    pub fn backend(&self) -> Option<&'v str> {
        self.dict.get("BACKEND")?.value.as_str()
    }

    /// `OPTIONS`, where they are there in every case, in one form.
    pub fn options(&self) -> Option<&'v Dict> {
        self.dict.get("OPTIONS").filter(|entry| entry.when.is_always())?.value.as_dict()
    }

    /// The entries of `OPTIONS` that are written.
    pub fn option_entries(&self) -> Vec<(Condition, &'v Entry)> {
        let Some(entry) = self.dict.get("OPTIONS") else { return Vec::new() };
        let outer = self.when.narrowed_by(&entry.when);
        let mut found = Vec::new();
        for (when, options) in entry.value.options() {
            let entries = options.as_dict().map(|dict| dict.entries.as_slice()).unwrap_or_default();
            found.extend(entries.iter().map(|entry| (outer.narrowed_by(&when).narrowed_by(&entry.when), entry)));
        }
        found
    }
}
