//! Imports: the project's own modules are run, everything else is a symbol.

use std::sync::Arc;

use super::formula::{Atom, Formula, Subject};
use super::heap::{Contents, Dict, Entry, Key, either};
use super::machine::{Frame, Imports, Machine, Run, Stop};
use super::models;
use super::object::{HeapId, Item, Kind, Module, Object};
use super::raise::Exception;
use super::statement::bound_by_import;
use super::world::ModuleSource;
use crate::python::ast::{Alias, Name};
use crate::source::Place;

impl Machine<'_> {
    /// Runs a module of the project by its name.
    ///
    /// # Errors
    /// Stops where the module is not the project's own, or cannot be imported in any case.
    pub fn run_program(&mut self, name: &str) -> Run<Module> {
        let imported = self.import_module(name)?;
        let mut modules = Vec::new();
        for (when, object) in self.possible(&imported) {
            if let Kind::Module(module) = object.kind {
                modules.push((when, module));
            }
        }
        match modules.len() {
            0 | 1 => modules.pop().map(|(_, module)| module).ok_or(Stop),
            _ => self.joined_modules(&modules).ok_or(Stop),
        }
    }

    /// One module with the names that it has in each case, where its package runs it in some cases only.
    fn joined_modules(&mut self, modules: &[(Formula, Module)]) -> Option<Module> {
        let mut joined = Dict::scope();
        for (when, module) in modules {
            let Some(dict) = self.dict_of(module.namespace).cloned() else { continue };
            joined.open = joined.open.or(dict.open);
            for (key, entry) in dict.entries {
                let bound = self.formulas.and(*when, entry.when);
                match joined.entries.get_mut(&key) {
                    Some(known) => {
                        known.value = either(&mut self.formulas, [(known.when, &known.value), (bound, &entry.value)]);
                        known.when = self.formulas.or(known.when, bound);
                        known.history = known.history.merged(&entry.history);
                    }
                    None => {
                        joined.entries.insert(key, Entry { when: bound, ..entry });
                    }
                }
            }
        }
        let namespace = self.allocate(Contents::Dict(joined));
        modules.first().map(|(_, module)| Module { namespace, ..module.clone() })
    }

    pub(super) fn run_import(&mut self, alias: &Alias) -> Run<()> {
        let place = self.place(alias.span);
        let imported = match self.mode.imports {
            Imports::Lazy => Object::symbol(alias.name.clone(), place),
            Imports::Eager => self.import_module(&alias.name)?,
        };
        self.import_may_fail(&alias.name, false)?;
        let bound = bound_by_import(alias);
        let object = match (&alias.asname, self.mode.imports) {
            (Some(_), _) => imported,
            (None, Imports::Lazy) => Object::symbol(bound.clone(), place),
            (None, Imports::Eager) => self.import_module(&bound)?,
        };
        self.bind(&bound, object);
        Ok(())
    }

    pub(super) fn run_import_from(&mut self, level: u32, module: &Name, names: &[Alias]) -> Run<()> {
        if level == 0 && module.as_ref() == "__future__" {
            return Ok(());
        }
        let Some(from) = self.absolute(level, module) else {
            for alias in names {
                let place = self.place(alias.span);
                self.bind(
                    alias.asname.as_ref().unwrap_or(&alias.name),
                    Object::unknown("a relative import beyond the project", place),
                );
            }
            return Ok(());
        };
        if let [Alias { name, .. }] = names
            && name.as_ref() == "*"
        {
            return self.import_star(&from);
        }
        if self.mode.imports == Imports::Lazy {
            self.import_may_fail(&from, false)?;
            for alias in names {
                let place = self.place(alias.span);
                let object = Object::symbol(format!("{from}.{}", alias.name), place);
                self.bind(alias.asname.as_ref().unwrap_or(&alias.name), object);
            }
            return Ok(());
        }
        let source = self.import_module(&from)?;
        for alias in names {
            let full = format!("{from}.{}", alias.name);
            let object = match &source.kind {
                Kind::Module(module) => self.import_name(module, &alias.name, &full)?,
                _ => {
                    self.import_may_fail(&from, false)?;
                    let place = self.place(alias.span);
                    match models::attribute(self, &full) {
                        Some(known) => known,
                        None if self.world.module(&full).is_some() => self.import_module(&full)?,
                        None => {
                            // A module that is there may still lack the name.
                            self.may_raise("an import of a name")?;
                            Object::symbol(full.clone(), place)
                        }
                    }
                }
            };
            self.bind(alias.asname.as_ref().unwrap_or(&alias.name), object);
        }
        Ok(())
    }

    /// `from module import name`: a name of the module, else a submodule.
    fn import_name(&mut self, module: &Module, name: &Name, full: &str) -> Run<Object> {
        let entry = self.dict_of(module.namespace).and_then(|dict| dict.entries.get(&Key::Str(name.clone())));
        let is_bound = entry.map_or(Formula::FALSE, |entry| entry.when);
        self.branch(
            is_bound,
            |machine| machine.attribute(&Object::new(Kind::Module(module.clone()), None), name),
            |machine| machine.import_unbound(module, name, full),
        )
    }

    /// The same for a name that the module does not bind.
    fn import_unbound(&mut self, module: &Module, name: &Name, full: &str) -> Run<Object> {
        let dict = self.dict_of(module.namespace);
        if self.world.module(full).is_some() {
            return self.import_module(full);
        }
        let is_open =
            dict.is_some_and(|dict| dict.open.is_some() || dict.entries.contains_key(&Key::str("__getattr__")));
        if is_open {
            return self.attribute(&Object::new(Kind::Module(module.clone()), None), name);
        }
        let message = format!("cannot import name '{name}' from '{}'", module.name);
        self.fail(Exception::new("ImportError", message))
    }

    fn import_star(&mut self, from: &str) -> Run<()> {
        let source = self.import_module(from)?;
        let frame = self.frame();
        let target = frame.body();
        let Kind::Module(module) = &source.kind else {
            self.import_may_fail(from, true)?;
            self.open_dict(target, &format!("{from}, whose names are imported, is not in this project"));
            return Ok(());
        };
        let Some(dict) = self.dict_of(module.namespace).cloned() else { return Ok(()) };
        self.steps(dict.entries.len())?;
        let Ok(exported) = self.exported_names(&dict)? else {
            self.open_dict(target, &format!("which names {from} exports is not known"));
            return Ok(());
        };
        for (key, entry) in &dict.entries {
            let Key::Str(name) = key else { continue };
            let is_exported = match &exported {
                Some(names) => names.contains(name),
                None => !name.starts_with('_'),
            };
            if is_exported {
                self.copy_entry(target, key, entry);
            }
        }
        if let Some(why) = &dict.open {
            self.open_dict(target, why);
        }
        Ok(())
    }

    /// The names in `__all__`, where a module has one; an error where they are not known.
    fn exported_names(&mut self, dict: &Dict) -> Run<Result<Option<Vec<Arc<str>>>, NotKnown>> {
        let Some(all) = dict.entries.get(&Key::str("__all__")) else { return Ok(Ok(None)) };
        if !self.formulas.implies(self.state.path, all.when) {
            return Ok(Err(NotKnown));
        }
        let items = self.items(&all.value.clone())?;
        let name = |item: &Item| item.object.as_str().filter(|_| item.is_certain()).cloned().ok_or(NotKnown);
        Ok(items.ok_or(NotKnown).and_then(|items| items.iter().map(name).collect::<Result<_, _>>().map(Some)))
    }

    /// Binds a name of another module here, with its history.
    fn copy_entry(&mut self, target: HeapId, key: &Key, entry: &Entry) {
        let absent = self.formulas.not(entry.when);
        let old = self.dict_of(target).and_then(|dict| dict.entries.get(key).cloned());
        let mut copied = entry.clone();
        if let Some(old) = old {
            let kept = self.formulas.and(absent, old.when);
            copied.value = either(&mut self.formulas, [(entry.when, &entry.value), (kept, &old.value)]);
            copied.when = self.formulas.or(entry.when, old.when);
            copied.history = old.history.merged(&entry.history);
        }
        if let Some(cell) = self.state.cell_mut(target)
            && let Contents::Dict(dict) = &mut cell.contents
        {
            dict.entries.insert(key.clone(), copied);
        }
    }

    /// The module of a dotted name: run now if it was not yet, or a symbol where it is not the project's own.
    pub(super) fn import_module(&mut self, name: &str) -> Run<Object> {
        let place = self.statement();
        let Some(source) = self.world.module(name) else {
            return Ok(Object::symbol(name, place));
        };
        if let Some((parent, _)) = name.rsplit_once('.') {
            self.import_module(parent)?;
        }
        if self.is_out_of_sight() && !self.state.has_loaded(name) {
            // Like the applications' modules, it is loaded when the settings are made.
            return Ok(Object::unknown(format!("{name} is imported where the program does not show it"), place));
        }
        let Some((loaded, missing)) = self.loaded_module(name, place) else { return self.run_module(name, &source) };
        if missing.is_false() {
            return Ok(loaded);
        }
        self.branch(missing, |machine| machine.run_module(name, &source), |machine| Ok(machine.narrowed(&loaded)))
    }

    /// A module that has begun, and the present cases in which it has not; none where it has in no case.
    fn loaded_module(&mut self, name: &str, place: Option<Place>) -> Option<(Object, Formula)> {
        let path = self.state.path;
        let mut known = Vec::new();
        let mut missing = path;
        for (when, module) in self.state.loaded(name).to_vec() {
            if !self.formulas.excludes(path, when) {
                known.push((when, Object::new(Kind::Module(module), place)));
                missing = self.formulas.and_not(missing, when);
            }
        }
        let parts = known.iter().map(|(when, object)| (*when, object));
        (!known.is_empty()).then(|| (either(&mut self.formulas, parts), missing))
    }

    /// `sys.modules[name]` of a module of the project; none where it has begun in no case.
    pub(super) fn module_by_name(&mut self, name: &str, place: Option<Place>) -> Run<Option<Object>> {
        let Some((loaded, missing)) = self.loaded_module(name, place) else { return Ok(None) };
        if missing.is_false() {
            return Ok(Some(loaded));
        }
        let exception = Exception::new("KeyError", name);
        let narrowed = |machine: &mut Self| Ok(machine.narrowed(&loaded));
        self.branch(missing, |machine| machine.fail(exception), narrowed).map(Some)
    }

    /// The module of this name, where it is being run.
    pub(super) fn module_in_progress(&self, name: &str) -> Option<Module> {
        let mut modules = self.frames.iter().map(|frame| &frame.module);
        modules.find(|module| module.name.as_ref() == name).cloned()
    }

    fn run_module(&mut self, name: &str, source: &ModuleSource) -> Run<Object> {
        let place = self.statement();
        let Module { file, namespace, .. } = self.enter_module(name, source);
        let ran = match file {
            None => {
                if *source == ModuleSource::GlobalSettings {
                    models::bind_global_settings(self, namespace);
                }
                Some(())
            }
            Some(file) => self.deeper(|machine| machine.run_file(file, namespace)),
        };
        match ran {
            Some(()) => self.leave_module(place),
            None => {
                self.frames.pop();
                Err(self.lose())
            }
        }
    }

    /// A module begins: it is among those that are loaded, and has the names that Python gives it.
    pub(super) fn enter_module(&mut self, name: &str, source: &ModuleSource) -> Module {
        let file = source.file();
        let namespace = self.allocate(Contents::Dict(Dict::scope()));
        let is_package = matches!(source, ModuleSource::Package(_) | ModuleSource::Namespace(_));
        let module = Module { name: name.into(), file, is_package, namespace };
        self.state.load(module.clone());

        self.frames.push(Frame::of_module(module.clone()));
        self.bind(&"__name__".into(), Object::str(name, None));
        let package = if is_package { name } else { name.rsplit_once('.').map_or("", |(package, _)| package) };
        self.bind(&"__package__".into(), Object::str(package, None));
        self.bind(&"__doc__".into(), Object::unknown("the docstring is not kept", None));
        if let Some(file) = file {
            let path = self.path_of(file).to_string_lossy().into_owned();
            self.bind(&"__file__".into(), Object::str(path, None));
        }
        module
    }

    /// The module that is being run ends.
    pub(super) fn leave_module(&mut self, place: Option<Place>) -> Run<Object> {
        match self.frames.pop() {
            Some(frame) if self.is_alive() => Ok(Object::new(Kind::Module(frame.module), place)),
            _ => {
                self.state.path = Formula::FALSE;
                Err(Stop)
            }
        }
    }

    pub(super) fn run_file(&mut self, file: crate::source::FileId, namespace: HeapId) {
        let Some(tree) = self.world.trees.get(file) else {
            return self.open_dict(namespace, "the file cannot be read");
        };
        self.grant(file);
        self.run_block(&tree.body);
        if !tree.errors.is_empty() && self.is_alive() {
            self.open_dict(namespace, "the file has a syntax error");
        }
    }

    /// In a `try`, an import of what is not in the tree raises where it is not there.
    pub(super) fn import_may_fail(&mut self, name: &str, is_star: bool) -> Run<()> {
        let top = name.split('.').next().unwrap_or(name);
        if !self.is_guarded() || self.world.module(name).is_some() || models::comes_with_python(name) {
            return Ok(());
        }
        let is_own = self.world.module(top).is_some();
        let is_part = is_own || models::is_standard_library(top);
        let what: Arc<str> = if is_part { name.into() } else { top.into() };
        let is_required = !is_own && models::is_required(self.world, top);
        // All names of a package are seldom wanted; those of a local_settings.py beside the project are.
        let subject = if is_own || is_star && !is_required { Subject::Untracked } else { Subject::Importable };
        let is_absent = self.mode.bare && subject == Subject::Untracked;
        let describe = || Atom { text: format!("{what} can be imported").into(), subject };
        let importable = match is_absent {
            true => Formula::FALSE,
            false => self.formulas.atom(&format!("import:{what}"), describe),
        };
        if is_required {
            self.assume(importable, format!("{what} is installed"));
        }
        let missing = self.formulas.not(importable);
        self.raise_when(missing, Exception::new("ModuleNotFoundError", format!("No module named '{name}'")))
    }

    /// The absolute name of what an import names; none where it leads out of the project.
    fn absolute(&mut self, level: u32, module: &str) -> Option<String> {
        let current = self.module();
        absolute(&current.name, current.is_package, level, module)
    }

    /// What a symbol of the project's own stands for; other objects are given back.
    pub(super) fn resolved(&mut self, object: &Object) -> Run<Object> {
        if self.mode.imports == Imports::Eager {
            return Ok(object.clone());
        }
        match &object.kind {
            Kind::Symbol(name) => {
                let name = name.clone();
                self.resolved_symbol(object, &name)
            }
            Kind::Either(alternatives)
                if alternatives.iter().any(|(_, object)| matches!(object.kind, Kind::Symbol(_))) =>
            {
                let mut resolved = Vec::new();
                for (when, object) in self.possible(object) {
                    resolved.push((when, self.resolved(&object)?));
                }
                let parts = resolved.iter().map(|(when, object)| (*when, object));
                Ok(either(&mut self.formulas, parts))
            }
            _ => Ok(object.clone()),
        }
    }

    fn resolved_symbol(&mut self, object: &Object, name: &Arc<str>) -> Run<Object> {
        let mut module = name.as_ref();
        while self.world.module(module).is_none() {
            match module.rsplit_once('.') {
                Some((parent, _)) => module = parent,
                None => return Ok(object.clone()),
            }
        }
        let rest = &name[module.len()..];
        // A module may import a name from itself.
        let found = self.deeper(|machine| {
            let mut found = machine.import_module(module)?;
            for part in rest.split('.').filter(|part| !part.is_empty()) {
                found = machine.attribute(&found, &part.into())?;
            }
            Ok(found)
        });
        let Some(found) = found.transpose()? else { return Ok(object.clone()) };
        Ok(if found.origin.is_none() { found.at(object.origin) } else { found })
    }
}

/// The absolute name of what a module imports by `level` dots and a name; none where it leads out of the project.
pub(super) fn absolute(importing: &str, is_package: bool, level: u32, module: &str) -> Option<String> {
    if level == 0 {
        return Some(module.to_owned());
    }
    let up = level as usize - usize::from(is_package);
    let parts: Vec<&str> = importing.split('.').collect();
    let base = parts.get(..parts.len().checked_sub(up)?)?.join(".");
    let name = match (base.is_empty(), module.is_empty()) {
        (true, _) => module.to_owned(),
        (false, true) => base,
        (false, false) => format!("{base}.{module}"),
    };
    Some(name).filter(|name| !name.is_empty())
}

/// Something is not known.
struct NotKnown;
