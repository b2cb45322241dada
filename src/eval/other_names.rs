//! The names of a module that are no settings.

use std::sync::Arc;

use super::heap::Key;
use super::machine::Machine;
use super::object::{Kind, Module};
use crate::python::ast::Function;
use crate::source::Place;

impl Machine<'_> {
    /// The names in lower or mixed case that hold plain data, each with the statements that assigned it. What is imported
    /// or defined, such as a module or a function, is not among them.
    pub fn other_names(&self, module: &Module) -> Vec<(Arc<str>, Vec<Place>)> {
        let Some(dict) = self.dict_of(module.namespace) else { return Vec::new() };
        let is_data =
            |kind: &Kind| !matches!(kind, Kind::Module(_) | Kind::Function(_) | Kind::Symbol(_) | Kind::Unbound);
        let mut found = Vec::new();
        for entry in dict.entries.values().filter(|entry| is_data(&entry.value.kind)) {
            let Some(name) = entry.key.as_str().filter(|name| name.chars().any(char::is_lowercase)) else { continue };
            let places: Vec<Place> = entry.history.iter().map(|change| change.place).collect();
            if !places.is_empty() {
                found.push((name.clone(), places));
            }
        }
        found
    }

    /// The function that a name of a module stands for, where that is known for certain and no decorator has put another
    /// in its place.
    pub fn function_named(&mut self, module: &Module, name: &str) -> Option<Arc<Function>> {
        let entry = self.dict_of(module.namespace)?.entries.get(&Key::str(name)).cloned()?;
        match self.resolved(&entry.value).ok()?.kind {
            Kind::Function(closure) if closure.function.name.as_ref() == name => Some(closure.function.clone()),
            _ => None,
        }
    }
}
