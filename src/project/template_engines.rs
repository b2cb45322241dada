//! `TEMPLATES`: the template engines.

use super::settings::{Settings, Truth, truth};
use crate::eval::value::{Condition, Dict, Entry, Kind, Sequence, Value};

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

/// Engines that are not Django's own, and do not inherit from it.
const OTHERS: [&str; 3] = [JINJA2, "django_jinja.backend.Jinja2", "django_jinja.jinja2.Jinja2"];

/// The first of Django's own engines.
#[derive(Debug)]
pub enum First<'v> {
    /// There is none.
    None,
    /// Its configuration.
    Found(&'v Dict),
    /// It cannot be known.
    Unknown(String),
}

/// The first engine of Django's own in one form of `TEMPLATES`.
pub fn first_engine(list: &Value) -> First<'_> {
    let Some(sequence) = list.sequence() else { return First::Unknown("the engines are not known".to_owned()) };
    for item in &sequence.items {
        let Some(dict) = item.value.as_dict().filter(|_| item.when.is_always()) else {
            return First::Unknown("an engine is not known".to_owned());
        };
        match dict.get("BACKEND").and_then(|entry| entry.value.as_str()) {
            Some(DJANGO) => return First::Found(dict),
            Some(other) if OTHERS.contains(&other) => {}
            _ => return First::Unknown("an engine is not known".to_owned()),
        }
    }
    match &sequence.open {
        Some(why) => First::Unknown(why.to_string()),
        None => First::None,
    }
}

/// The entry of a dict that is there in every case; none where it is there in no case.
fn entry<'v>(dict: &'v Dict, key: &str) -> Result<Option<&'v Value>, String> {
    match (dict.get(key), &dict.open) {
        (Some(entry), _) if entry.when.is_always() => Ok(Some(&entry.value)),
        (Some(entry), _) => Err(format!("it is there {}", entry.when.describe())),
        (None, Some(why)) => Err(why.to_string()),
        (None, None) => Ok(None),
    }
}

/// A list among the options of an engine; none where it is not there.
pub fn option<'v>(engine: &'v Dict, name: &str) -> Result<Option<&'v Value>, String> {
    match entry(engine, "OPTIONS")? {
        None => Ok(None),
        Some(options) => match options.as_dict() {
            Some(options) => entry(options, name),
            None => Err("the options are not known".to_owned()),
        },
    }
}

/// Whether an engine does not look for templates in the folders of apps: it has loaders of its own without that one.
pub fn skips_apps(engine: &Dict) -> Truth {
    const APPS: &str = "django.template.loaders.app_directories.Loader";
    let app_dirs = match entry(engine, "APP_DIRS") {
        Ok(None) => Truth::No,
        Ok(Some(value)) => truth(value),
        Err(why) => Truth::Unknown(why.into()),
    };
    let without = match option(engine, "loaders") {
        Ok(None) => Truth::No,
        Ok(Some(value)) if matches!(value.kind, Kind::None) => Truth::No,
        Ok(Some(value)) => match value.sequence() {
            Some(loaders) => names(loaders, APPS).negated(),
            None => Truth::Unknown("the loaders are not known".into()),
        },
        Err(why) => Truth::Unknown(why.into()),
    };
    app_dirs.negated().and(without)
}

/// Whether a list of loaders, or a list within, names one.
fn names(loaders: &Sequence, wanted: &str) -> Truth {
    let mut all = match &loaders.open {
        Some(why) => Truth::Unknown(why.clone()),
        None => Truth::No,
    };
    for item in &loaders.items {
        let here = match &item.value.kind {
            Kind::Str(name) if name.as_ref() != wanted => Truth::No,
            Kind::Str(_) if item.when.is_always() => Truth::Yes,
            Kind::List(inner) | Kind::Tuple(inner) => names(inner, wanted),
            _ => Truth::Unknown("a loader is not known".into()),
        };
        all = all.or(here);
    }
    all
}
