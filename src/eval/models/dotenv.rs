//! python-dotenv: `load_dotenv()`.

use std::path::{Path, PathBuf};

use super::env_file::Dialect;
use super::{Call, django_environ, os};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name {
        "dotenv.load_dotenv" | "dotenv.main.load_dotenv" => Some(load_dotenv(machine, call)),
        "dotenv.find_dotenv" => Some(Ok(match found(machine) {
            Some(path) => Object::str(path.to_string_lossy().as_ref(), call.place),
            None => Object::unknown_of(Class::Str, "the .env file is not in this project", call.place),
        })),
        _ => None,
    }
}

fn load_dotenv(machine: &mut Machine, call: &Call) -> Run<Object> {
    let given = call.arg(0, "dotenv_path").filter(|path| !matches!(path.kind, Kind::None)).cloned();
    let path = match given {
        Some(path) => os::as_text(&path, call.place).as_str().map(|text| PathBuf::from(text.as_ref())),
        None => found(machine),
    };
    let overrides = call.by_name_is_true("override");
    django_environ::load(machine, path.as_deref(), Dialect::Dotenv, overrides)?;
    Ok(Object::unknown_of(Class::Bool, "whether a .env file is there is not known", call.place))
}

/// `find_dotenv()`: the nearest `.env` from the calling file upwards that version control keeps.
fn found(machine: &mut Machine) -> Option<PathBuf> {
    let file = machine.module().file?;
    let path = machine.path_of(file);
    let folders = path.ancestors().skip(1).map(Path::to_path_buf);
    folders.map(|folder| folder.join(".env")).find(|path| machine.is_committed(path))
}

impl Call<'_> {
    fn by_name_is_true(&self, name: &str) -> bool {
        self.arguments.by_name(name).is_some_and(|value| !matches!(value.kind, Kind::Bool(false)))
    }
}
