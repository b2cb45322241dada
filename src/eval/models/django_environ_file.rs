//! `Env.read_env` of django-environ 0.4 to 0.14.

use super::django_environ::DISTRIBUTION;
use super::env_file::Dialect;
use super::loading::{self, Loading};
use super::plain::is_at_least;
use super::{Call, os, variables};
use crate::eval::formula::Formula;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Kind, Object};

/// Puts what a file holds into the environment, where it is not set already.
pub(super) fn read_env(machine: &mut Machine, call: &Call) -> Run<Object> {
    let none = Object::none(call.place);
    let file = call.arg(0, "env_file").filter(|file| !matches!(file.kind, Kind::None)).cloned();
    let path = match &file {
        Some(file) => os::as_text(file, call.place).as_str().map(ToString::to_string),
        // Without a path: beside the file that calls.
        None => {
            let caller = machine.module().file.map(|file| machine.path_of(file).with_file_name(".env"));
            caller.map(|path| path.to_string_lossy().into_owned())
        }
    };
    let has_comments = is_at_least(machine, DISTRIBUTION, [0, 11]) && !is_at_least(machine, DISTRIBUTION, [0, 12]);
    let drops_comments = match call.arg(2, "parse_comments").map(|it| &it.kind) {
        Some(Kind::Bool(true)) => true,
        Some(Kind::Bool(false)) => false,
        _ => has_comments,
    };
    let dialect = match drops_comments {
        true => Dialect::DjangoEnvironComments,
        false if is_at_least(machine, DISTRIBUTION, [0, 8]) => Dialect::DjangoEnviron,
        false => Dialect::DjangoEnvironOld,
    };
    // 0.7 took `overwrite` for a variable.
    let overwrite = call.arg(1, "overwrite").filter(|_| is_at_least(machine, DISTRIBUTION, [0, 8])).cloned();
    let overwrites = overwrite.map_or(Formula::FALSE, |overwrite| machine.truth(&overwrite));
    let Some(path) = path else { return Ok(none) };
    let load = |machine: &mut Machine, overrides: bool| {
        let how = Loading { dialect, overrides, interpolates: false };
        loading::at_path(machine, &path, |machine, path| {
            loading::load(machine, path, how)?;
            match machine.is_committed(path) {
                true => set_arguments(machine, call, overrides),
                false => Ok(()),
            }
        })
        .map(|()| none.clone())
    };
    machine.branch(overwrites, |machine| load(machine, true), |machine| load(machine, false))
}

/// Further arguments are variables too, where there is a file. Its own lines come before them.
fn set_arguments(machine: &mut Machine, call: &Call, overrides: bool) -> Run<()> {
    const PARAMETERS: [&str; 4] = ["env_file", "overwrite", "parse_comments", "encoding"];
    for (name, value) in &call.arguments.named {
        if PARAMETERS.contains(&name.as_ref()) {
            continue;
        }
        let name = Object::str(name.clone(), call.place);
        if overrides {
            let why = "an argument of read_env() or a line of the file sets it";
            variables::assign(machine, &name, Object::unknown(why, call.place));
        } else {
            let value = machine.str_of(value)?;
            variables::set_default(machine, &name, &value)?;
        }
    }
    Ok(())
}
