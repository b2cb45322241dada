//! python-decouple 3.4 to 3.8: `config(…)`, and the `.env` or `settings.ini` beside or above the settings.

use std::path::{Path, PathBuf};

use super::env_file::Dialect;
use super::plain::is_at_least;
use super::{Call, decouple_casts, loading, os, variables};
use crate::eval::heap::{Key, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};
use crate::eval::raise::Exception;
use crate::python::ast::Name;
use crate::source::Place;

/// The file that options are read from after the environment.
enum Repository {
    /// None, or none that version control keeps.
    Nothing,
    /// A file.
    File(PathBuf, Dialect),
    /// One that is not known, and why.
    Unknown(&'static str),
}

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name {
        "decouple.config" | "decouple.AutoConfig()" | "decouple.Config()" | "decouple.Config().get" => {
            Some(config(machine, call))
        }
        "decouple.Csv()" => Some(decouple_casts::csv(machine, call.arg(0, "value")?, call.made_with()?, call.place)),
        "decouple.Choices()" => {
            Some(decouple_casts::choices(machine, call.arg(0, "value")?, call.made_with()?, call.place))
        }
        _ => None,
    }
}

fn config(machine: &mut Machine, call: &Call) -> Run<Object> {
    let Some(option) = call.arg(0, "option").cloned().filter(|_| !call.arguments.open) else {
        machine.may_raise("config()")?;
        return Ok(Object::unknown("config() with arguments that are not known", call.place));
    };
    let default = call.arg(1, "default").filter(|default| !is_undefined(default)).cloned();
    let cast = call.arg(2, "cast").filter(|cast| !is_undefined(cast)).cloned();
    let repository = repository(machine, call);
    machine.each(&option, |machine, option| {
        let Some(name) = option.as_str().cloned() else {
            machine.may_raise("config()")?;
            return Ok(Object::unknown("the name of the variable is not known", call.place));
        };
        let variable = variables::look_up(machine, &name, call.place);
        let absent = machine.formulas.not(variable.present);
        let elsewhere = from_file(machine, &repository, &name, call.place).or_else(|| default.clone());
        let value = match elsewhere {
            Some(elsewhere) => {
                either(&mut machine.formulas, [(variable.present, &variable.value), (absent, &elsewhere)])
            }
            None => {
                let exception = Exception::new("decouple.UndefinedValueError", format!("{name} not found"));
                machine.raise_when(absent, exception)?;
                machine.narrowed(&variable.value)
            }
        };
        match &cast {
            None => Ok(value),
            Some(cast) => decouple_casts::apply(machine, cast, &value, call.place),
        }
    })
}

fn is_undefined(object: &Object) -> bool {
    match &object.kind {
        Kind::Symbol(name) => matches!(name.as_ref(), "decouple.undefined" | "decouple.Undefined"),
        Kind::Made(made) => made.function.as_ref() == "decouple.Undefined",
        _ => false,
    }
}

fn from_file(machine: &Machine, repository: &Repository, name: &Name, place: Option<Place>) -> Option<Object> {
    let (path, dialect) = match repository {
        Repository::Nothing => return None,
        Repository::Unknown(why) => return Some(Object::unknown(*why, place)),
        Repository::File(path, dialect) => (path, *dialect),
    };
    let (id, lines) = loading::lines(machine, path, dialect)?;
    // Names in an ini file have no case.
    let name = if dialect == Dialect::DecoupleIni { name.to_lowercase() } else { name.to_string() };
    // A later line replaces an earlier one.
    let line = lines.into_iter().rfind(|line| line.name == name)?;
    let place = Some(Place::new(id, line.span));
    Some(match line.text() {
        Some(text) => Object::str(text, place),
        None => Object::unknown_of(Class::Str, "how its line is read is not certain", place),
    })
}

/// Where `config` reads. The one that comes with the library looks for a file when it is called first, and keeps it.
fn repository(machine: &mut Machine, call: &Call) -> Repository {
    let Some(made) = call.made_with().cloned() else {
        let key = Key::str("decouple.config");
        let known = machine.dict_of(machine.libraries).and_then(|dict| dict.entries.get(&key).cloned());
        let own = folder_of_caller(machine);
        let folder = match known {
            Some(entry) => {
                let folder = machine.narrowed(&entry.value).as_str().map(|folder| PathBuf::from(folder.as_ref()));
                let is_certain = machine.formulas.implies(machine.state.path, entry.when);
                match folder {
                    Some(folder) if is_certain || own.as_ref() == Some(&folder) => Some(folder),
                    _ => return Repository::Unknown("which module calls config() first is not known"),
                }
            }
            None => {
                let folder = own;
                let text = folder.as_deref().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
                let libraries = machine.libraries;
                machine.set_entry(libraries, &Object::str("decouple.config", None), Object::str(text, None));
                folder
            }
        };
        return folder.map_or(Repository::Nothing, |folder| nearest(machine, &folder));
    };
    if call.name.starts_with("decouple.AutoConfig") {
        let search_path = made.get(0, "search_path").filter(|path| !matches!(path.kind, Kind::None)).cloned();
        let folder = match search_path {
            None => folder_of_caller(machine),
            Some(path) => match os::as_text(&path, call.place).as_str() {
                Some(path) if path.starts_with('/') => Some(PathBuf::from(os::normalized(path))),
                Some(path) if path.is_empty() => folder_of_caller(machine),
                _ => return Repository::Unknown("where config() looks for a file is not known"),
            },
        };
        return folder.map_or(Repository::Nothing, |folder| nearest(machine, &folder));
    }
    let unknown = Repository::Unknown("the file that config() reads is not known");
    let Some(Object { kind: Kind::Made(repository), .. }) = made.get(0, "repository") else { return unknown };
    let dialect = match repository.function.as_ref() {
        "decouple.RepositoryEmpty" => return Repository::Nothing,
        "decouple.RepositoryEnv" => env_dialect(machine),
        "decouple.RepositoryIni" => Dialect::DecoupleIni,
        _ => return unknown,
    };
    let Some(source) = repository.arguments.get(0, "source") else { return unknown };
    match os::as_text(source, call.place).as_str() {
        Some(path) if path.starts_with('/') => Repository::File(PathBuf::from(os::normalized(path)), dialect),
        Some(path) => {
            let candidates = machine.world.roots.iter().map(|root| root.join(path.as_ref()));
            match candidates.into_iter().any(|path| machine.is_committed(&path)) {
                true => unknown,
                false => Repository::Nothing,
            }
        }
        None => unknown,
    }
}

fn env_dialect(machine: &Machine) -> Dialect {
    match is_at_least(machine, "python-decouple", [3, 5]) {
        true => Dialect::Decouple,
        false => Dialect::DecoupleAllQuotes,
    }
}

fn folder_of_caller(machine: &mut Machine) -> Option<PathBuf> {
    let file = machine.module().file?;
    machine.path_of(file).parent().map(Path::to_path_buf)
}

/// The first file from a folder upwards, without the root. A `settings.ini` hides the `.env` beside it.
fn nearest(machine: &Machine, folder: &Path) -> Repository {
    let folders = folder.ancestors().filter(|folder| folder.parent().is_some());
    for folder in folders {
        for (name, dialect) in [("settings.ini", Dialect::DecoupleIni), (".env", env_dialect(machine))] {
            if machine.is_committed(&folder.join(name)) {
                return Repository::File(folder.join(name), dialect);
            }
        }
    }
    Repository::Nothing
}
