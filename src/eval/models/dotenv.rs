//! python-dotenv 0.20 to 1.2: `load_dotenv()`, `dotenv_values()`, `find_dotenv()`.
//!
//! The variable `PYTHON_DOTENV_DISABLED`, which since 1.2 switches loading off, is taken for unset.

use std::path::{Path, PathBuf};

use super::env_file::Dialect;
use super::loading::{self, Loading};
use super::plain::is_at_least;
use super::{Call, os, variables};
use crate::eval::formula::Formula;
use crate::eval::heap::Dict;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name.strip_prefix("dotenv.main.").or_else(|| call.name.strip_prefix("dotenv."))? {
        "load_dotenv" => Some(load_dotenv(machine, call)),
        "dotenv_values" => Some(dotenv_values(machine, call)),
        "find_dotenv" => Some(find_dotenv(machine, call)),
        _ => None,
    }
}

/// How the installed version reads.
pub(super) fn dialect(machine: &Machine) -> Dialect {
    if is_at_least(machine, "python-dotenv", [1, 2, 3]) { Dialect::Dotenv } else { Dialect::DotenvOld }
}

fn load_dotenv(machine: &mut Machine, call: &Call) -> Run<Object> {
    let result = Object::unknown_of(Class::Bool, "whether a .env file is there is not known", call.place);
    let overrides = truth(machine, call, 3, "override", false);
    let Some(path) = path(machine, call) else {
        if !machine.formulas.excludes(machine.state.path, overrides) {
            variables::replace_any(machine, "an environment file that is not in the project may replace it");
        }
        return Ok(result);
    };
    let interpolates = truth(machine, call, 4, "interpolate", true);
    let none = Object::none(call.place);
    let load_with = |machine: &mut Machine, overrides: bool, interpolates: bool| {
        load(machine, &path, overrides, interpolates).map(|()| none.clone())
    };
    machine.branch(
        overrides,
        |machine| {
            machine.branch(
                interpolates,
                |machine| load_with(machine, true, true),
                |machine| load_with(machine, true, false),
            )
        },
        |machine| {
            machine.branch(
                interpolates,
                |machine| load_with(machine, false, true),
                |machine| load_with(machine, false, false),
            )
        },
    )?;
    Ok(result)
}

fn load(machine: &mut Machine, path: &str, overrides: bool, interpolates: bool) -> Run<()> {
    let how = Loading { dialect: dialect(machine), overrides, interpolates };
    loading::at_path(machine, path, |machine, path| loading::load(machine, path, how))
}

/// In which cases an argument is true.
fn truth(machine: &mut Machine, call: &Call, at: usize, name: &str, default: bool) -> Formula {
    let value = call.arg(at, name).cloned().unwrap_or_else(|| Object::bool(default, None));
    machine.truth(&value)
}

/// The path of the file that is meant, where it is known.
fn path(machine: &mut Machine, call: &Call) -> Option<String> {
    let given = call.arg(0, "dotenv_path").filter(|path| !matches!(path.kind, Kind::None)).cloned();
    match given {
        Some(path) => {
            os::as_text(&path, call.place).as_str().filter(|path| !path.is_empty()).map(|path| path.to_string())
        }
        None if call.arg(1, "stream").is_some() => None,
        None => found(machine, ".env").map(|path| path.to_string_lossy().into_owned()),
    }
}

/// `dotenv_values(path)`: what the file sets, with itself before the environment.
fn dotenv_values(machine: &mut Machine, call: &Call) -> Run<Object> {
    let unknown = Object::unknown_of(Class::Dict, "the .env file is not in this project", call.place);
    let interpolates = match call.arg(3, "interpolate").map(|value| &value.kind) {
        None | Some(Kind::Bool(true)) => true,
        Some(Kind::Bool(false)) => false,
        _ => return Ok(unknown),
    };
    let Some(path) = path(machine, call).filter(|path| path.starts_with('/')) else { return Ok(unknown) };
    let how = Loading { dialect: dialect(machine), overrides: true, interpolates };
    let Some(values) = loading::values(machine, Path::new(&os::normalized(&path)), how) else { return Ok(unknown) };
    let dict = machine.dict(Dict::default(), call.place);
    if let Kind::Heap(id) = dict.kind {
        for (name, value) in values {
            let value = value.unwrap_or_else(|| Object::none(call.place));
            machine.set_entry(id, &Object::str(name, value.origin), value);
        }
    }
    Ok(dict)
}

fn find_dotenv(machine: &mut Machine, call: &Call) -> Run<Object> {
    let unknown = Object::unknown_of(Class::Str, "the .env file is not in this project", call.place);
    let name = match call.arg(0, "filename") {
        None => Some(".env".into()),
        Some(name) => name.as_str().cloned(),
    };
    let uses_current = call.arg(2, "usecwd").is_some_and(|value| !matches!(value.kind, Kind::Bool(false)));
    let found = name.filter(|_| !uses_current).and_then(|name| found(machine, &name));
    match found {
        Some(path) => Ok(Object::str(path.to_string_lossy().as_ref(), call.place)),
        None => {
            if call.arg(1, "raise_error_if_not_found").is_some() {
                machine.may_raise("find_dotenv")?;
            }
            Ok(unknown)
        }
    }
}

/// The nearest file of a name, from the folder of the calling file upwards, that version control keeps.
pub(super) fn found(machine: &mut Machine, name: &str) -> Option<PathBuf> {
    let file = machine.module().file?;
    let path = machine.path_of(file);
    let folders = path.ancestors().skip(1).map(Path::to_path_buf);
    folders.map(|folder| folder.join(name)).find(|path| machine.is_committed(path))
}

/// Loads a file as `load_dotenv(path, override=…)` does, for libraries that call it.
pub(super) fn load_file(machine: &mut Machine, path: &Path, overrides: bool) -> Run<()> {
    let how = Loading { dialect: dialect(machine), overrides, interpolates: true };
    loading::load(machine, path, how)
}

/// What `dotenv_values(path)` holds, for libraries that call it.
pub(super) fn file_values(machine: &mut Machine, path: &Path) -> Option<loading::Values> {
    let how = Loading { dialect: dialect(machine), overrides: true, interpolates: true };
    loading::values(machine, path, how)
}
