//! What the importer does with the class that `DJANGO_CONFIGURATION` names: its attributes become settings.

use std::path::PathBuf;
use std::sync::Arc;

use super::super::{Call, os, variables};
use super::is_uppercase;
use super::values::{is_value, set_up};
use crate::eval::changes::Changes;
use crate::eval::formula::Formula;
use crate::eval::heap::{Contents, Entry, Key};
use crate::eval::machine::{Frame, Machine, Run};
use crate::eval::object::{Arguments, HeapId, Kind, Module, Object};
use crate::python::ast::Name;
use crate::source::{Place, Span};

/// A method that `Configuration` itself defines.
pub(super) fn base_method(machine: &mut Machine, call: &Call, method: &str) -> Option<Run<Object>> {
    let Kind::Heap(class) = call.arguments.positional.first()?.kind else { return None };
    Some(match method {
        "pre_setup" | "load_dotenv" => load_dotenv(machine, class, call.place),
        "setup" => set_up_values(machine, class),
        "post_setup" => Ok(Object::none(call.place)),
        _ => return None,
    })
}

/// `Configuration.load_dotenv`: variables of the file that `DOTENV` names, where they are not set already.
fn load_dotenv(machine: &mut Machine, class: HeapId, place: Option<Place>) -> Run<Object> {
    let none = Object::none(place);
    if !machine.attribute_names(class).iter().any(|name| name.as_ref() == "DOTENV") {
        return Ok(none);
    }
    let file = machine.attribute(&Object::new(Kind::Heap(class), place), &"DOTENV".into())?;
    for (_, file) in machine.possible(&file) {
        let text = os::as_text(&file, place);
        let Some(path) = text.as_str().map(|text| PathBuf::from(os::normalized(text))) else { continue };
        if !machine.is_committed(&path) {
            continue;
        }
        let sources = machine.world.trees.sources;
        let id = sources.id(&path);
        let Ok(file) = sources.file(id) else { continue };
        for (name, value, span) in dotenv_lines(&file.text) {
            let place = Some(Place::new(id, span));
            variables::set_default(machine, &Object::str(name, place), &Object::str(value, place))?;
        }
    }
    Ok(none)
}

/// The variables of a file as `Configuration.load_dotenv` reads it: `NAME=value` without a blank around the name, in
/// quotes or not, no comments.
fn dotenv_lines(text: &str) -> Vec<(&str, String, Span)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        let Some((name, value)) = line.split_once('=') else { continue };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            continue;
        }
        let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
        let single = quoted('\'').unwrap_or(value);
        let double = single.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let known = double.map_or_else(|| single.to_owned(), unescaped);
        let value_at = start + name.len() + 1;
        found.push((name, known, Span::new(value_at as u32, (value_at + value.len()) as u32)));
    }
    found
}

/// `re.sub(r"\\(.)", r"\1", text)`.
fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => result.push(characters.next().unwrap_or('\\')),
            other => result.push(other),
        }
    }
    result
}

/// `Configuration.setup`: each [`values`](super::values) object is replaced by what it stands for.
fn set_up_values(machine: &mut Machine, class: HeapId) -> Run<Object> {
    let receiver = Object::new(Kind::Heap(class), None);
    for name in machine.setting_names(class) {
        let when = machine.bound_when(class, &name);
        let done = machine.branch(
            when,
            |machine| {
                let value = machine.attribute(&receiver, &name)?;
                if !machine.possible(&value).iter().any(|(_, value)| is_value(value)) {
                    return Ok(Object::none(None));
                }
                let history = machine.history_of(class, &name);
                let result = machine.each(&value, |machine, value| match is_value(&value) {
                    true => machine.set_up_one(&value, &name, class),
                    false => Ok(value),
                })?;
                machine.set_named(class, &name, result, Formula::TRUE, history);
                Ok(Object::none(None))
            },
            |_| Ok(Object::none(None)),
        );
        done?;
    }
    Ok(Object::none(None))
}

impl Machine<'_> {
    /// The names in a module that stand for classes of django-configurations, in order of definition.
    pub fn configurations(&mut self, module: &Module) -> Vec<Arc<str>> {
        let entries = self.dict_of(module.namespace).map(|dict| dict.entries.clone()).unwrap_or_default();
        let mut found = Vec::new();
        for entry in entries.values() {
            if let (Some(name), Kind::Heap(id)) = (entry.key.as_str(), &entry.value.kind)
                && matches!(self.contents(*id), Some(Contents::Class(_)))
                && self.is_configuration(*id)
            {
                found.push(name.clone());
            }
        }
        found
    }

    /// Makes the attributes of a configuration class the settings of its module, as the importer does.
    ///
    /// # Errors
    /// Why its settings are not known.
    pub fn configure(&mut self, module: &Module, name: &str) -> Result<(), Arc<str>> {
        let entry = self.dict_of(module.namespace).and_then(|dict| dict.entries.get(&Key::str(name)).cloned());
        let class = match entry.map(|entry| entry.value.kind) {
            Some(Kind::Heap(id)) => id,
            _ => return Err(format!("the class {name}, which holds its settings, is not known").into()),
        };
        let Some(Contents::Class(source)) = self.contents(class).cloned() else {
            return Err(format!("{name}, which holds its settings, is not a class").into());
        };
        if !source.is_plain {
            return Err(format!("a decorator or a base of the class {name} may change its settings").into());
        }
        let mut frame = Frame::of_module(source.module.clone());
        frame.statement = source.place.map(|place| place.span).unwrap_or_default();
        self.frames.push(frame);
        let done = self.set_up_class(module, class, name);
        self.frames.pop();
        done.map_err(|_| format!("setting up the class {name} raises in every case").into())
    }

    fn set_up_class(&mut self, module: &Module, class: HeapId, name: &str) -> Run<()> {
        let receiver = Object::new(Kind::Heap(class), None);
        for step in ["pre_setup", "setup"] {
            let method = self.attribute(&receiver, &step.into())?;
            self.call(&method, Arguments::default(), None)?;
        }
        let object = self.call(&receiver, Arguments::default(), None)?;
        let mut taken = Vec::new();
        for name in self.setting_names(class) {
            let when = self.bound_when(class, &name);
            let missing = Object::new(Kind::Unbound, None);
            let value = self.branch(when, |machine| machine.attribute(&object, &name), |_| Ok(missing))?;
            taken.push((name, value, when));
        }
        for (name, value, when) in taken {
            let value = self.each(&value, |machine, value| machine.called_setting(&value, &name, module))?;
            let history = self.history_of(class, &name);
            self.set_named(module.namespace, &name, value.clone(), when, history);
            if name.as_ref() == "DEBUG" {
                self.assume_production(&value);
            }
        }
        let text = Object::str(format!("{}.{name}", module.name), self.statement());
        self.set_named(module.namespace, &"CONFIGURATION".into(), text, Formula::TRUE, Changes::default());
        let method = self.attribute(&receiver, &"post_setup".into())?;
        self.call(&method, Arguments::default(), None)?;
        Ok(())
    }

    /// A setting that is callable is called.
    fn called_setting(&mut self, value: &Object, name: &Name, module: &Module) -> Run<Object> {
        let place = value.origin;
        let is_called = match &value.kind {
            Kind::Bound(_) | Kind::Function(_) => true,
            Kind::Heap(id) => match self.contents(*id) {
                Some(Contents::Class(_)) => true,
                Some(Contents::Instance(_)) => {
                    return Ok(Object::unknown("an object that may be callable is called", place));
                }
                _ => false,
            },
            _ => false,
        };
        if !is_called {
            return Ok(value.clone());
        }
        let result = self.call(value, Arguments::default(), place)?;
        self.each(&result, |machine, result| match is_value(&result) {
            true => machine.set_up_one(&result, name, module.namespace),
            false => Ok(result),
        })
    }

    /// Sets up a value object; where it stands for several settings, these are set in `target`.
    fn set_up_one(&mut self, value: &Object, name: &Name, target: HeapId) -> Run<Object> {
        let (result, others) = set_up(self, value, name)?;
        for (name, value) in others {
            let history = self.history_of(target, &name);
            self.set_named(target, &name, value, Formula::TRUE, history);
        }
        Ok(result)
    }

    /// The names of the settings that a class has, Django's defaults apart, sorted.
    fn setting_names(&mut self, class: HeapId) -> Vec<Name> {
        let mut names: Vec<Name> = self.attribute_names(class).into_iter().filter(|name| is_uppercase(name)).collect();
        names.sort();
        names.dedup();
        names
    }

    fn attribute_names(&mut self, class: HeapId) -> Vec<Name> {
        let order = self.resolution_order(class);
        let dicts = order.iter().filter_map(|base| match base.kind {
            Kind::Heap(id) => self.dict_of(id),
            _ => None,
        });
        dicts.flat_map(|dict| dict.entries.values().filter_map(|entry| entry.key.as_str().cloned())).collect()
    }

    /// In which cases a class has an attribute that one of its own classes defines.
    fn bound_when(&mut self, class: HeapId, name: &Name) -> Formula {
        let order = self.resolution_order(class);
        let mut any = Formula::FALSE;
        for base in order {
            match &base.kind {
                Kind::Heap(id) => {
                    let when = self.dict_of(*id).and_then(|dict| dict.entries.get(&Key::Str(name.clone())));
                    if let Some(when) = when.map(|entry| entry.when) {
                        any = self.formulas.or(any, when);
                    }
                }
                Kind::Symbol(symbol) if !super::super::lacks_attribute(symbol, name) => return Formula::TRUE,
                _ => {}
            }
        }
        let none = self.formulas.not(any);
        match self.formulas.excludes(self.state.path, none) {
            true => Formula::TRUE,
            false => any,
        }
    }

    /// Where the attribute that a class has was assigned.
    fn history_of(&mut self, class: HeapId, name: &Name) -> Changes {
        let mut history = Changes::default();
        if !matches!(self.contents(class), Some(Contents::Class(_))) {
            return history;
        }
        for base in self.resolution_order(class) {
            let Kind::Heap(id) = base.kind else { continue };
            if let Some(entry) = self.dict_of(id).and_then(|dict| dict.entries.get(&Key::Str(name.clone()))) {
                history = history.merged(&entry.history);
            }
        }
        history
    }

    /// Binds a name in a class or a module, with the history of where its value stands.
    fn set_named(&mut self, target: HeapId, name: &Name, value: Object, when: Formula, history: Changes) {
        let target = match self.contents(target) {
            Some(Contents::Class(class)) => class.namespace,
            _ => target,
        };
        let key = Key::Str(name.clone());
        if let Some(cell) = self.state.cell_mut(target)
            && let Contents::Dict(dict) = &mut cell.contents
        {
            let entry = Entry { key: Object::str(name.clone(), None), value, when, history };
            dict.entries.insert(key, entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_files_as_the_library_reads_them() {
        let text = "A=b\n C=d\nexport E=f\nG='h'\nI=\"j\\\"k\"\nL=m # n\n# O=p\nQ='\"r\"'\n";
        let found: Vec<(&str, String)> = dotenv_lines(text).into_iter().map(|(name, value, _)| (name, value)).collect();
        let pair = |name: &'static str, value: &str| (name, value.to_owned());
        assert_eq!(found, [pair("A", "b"), pair("G", "h"), pair("I", "j\"k"), pair("L", "m # n"), pair("Q", "r")]);
    }
}
