//! `TEMPLATES`: its engines, and what these are given.

use super::settings::Truth;
use crate::eval::value::{Dict, Kind, Sequence, Value};

/// Django's own engine.
pub const DJANGO: &str = "django.template.backends.django.DjangoTemplates";
/// Engines that are not Django's own, and do not inherit from it.
const OTHERS: [&str; 3] =
    ["django.template.backends.jinja2.Jinja2", "django_jinja.backend.Jinja2", "django_jinja.jinja2.Jinja2"];

/// The first of Django's own engines.
#[derive(Debug)]
pub enum Engine<'v> {
    /// There is none.
    None,
    /// Its configuration.
    Found(&'v Dict),
    /// It cannot be known.
    Unknown(String),
}

/// The first engine of Django's own in one form of `TEMPLATES`.
pub fn first_engine(list: &Value) -> Engine<'_> {
    let Some(sequence) = list.sequence() else { return Engine::Unknown("the engines are not known".to_owned()) };
    for item in &sequence.items {
        let Some(dict) = item.value.as_dict().filter(|_| item.when.is_always()) else {
            return Engine::Unknown("an engine is not known".to_owned());
        };
        match dict.get("BACKEND").and_then(|entry| entry.value.as_str()) {
            Some(DJANGO) => return Engine::Found(dict),
            Some(other) if OTHERS.contains(&other) => {}
            _ => return Engine::Unknown("an engine is not known".to_owned()),
        }
    }
    match &sequence.open {
        Some(why) => Engine::Unknown(why.to_string()),
        None => Engine::None,
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
        Ok(Some(value)) => super::settings::truth(value),
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
