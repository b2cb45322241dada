//! Environment files of the project, put into the environment or read as a dict.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::env_file::{self, Dialect, Line, Part};
use super::{os, variables};
use crate::eval::formula::Subject;
use crate::eval::heap::either;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Object, Piece};
use crate::eval::text;
use crate::source::{FileId, Place};

/// What a file sets, by name; none for a name without a value.
pub(super) type Values = IndexMap<String, Option<Object>>;

/// How a file is read and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loading {
    /// Which library reads.
    pub dialect: Dialect,
    /// Whether it replaces variables that are set already.
    pub overrides: bool,
    /// Whether `${NAME}` is replaced, where the library does that at all.
    pub interpolates: bool,
}

/// The lines of a file that version control keeps.
pub(super) fn lines(machine: &Machine, path: &Path, dialect: Dialect) -> Option<(FileId, Vec<Line>)> {
    if !machine.is_committed(path) {
        return None;
    }
    let sources = machine.world.trees.sources;
    let id = sources.id(path);
    let file = sources.file(id).ok()?;
    Some((id, env_file::parse(&file.text, dialect)))
}

/// Where a path leads: as it is written, or from each folder that the program may run in.
///
/// A relative path is one from the current folder, which is not known: `apply` then runs in some cases only.
pub(super) fn at_path(
    machine: &mut Machine,
    path: &str,
    mut apply: impl FnMut(&mut Machine, &Path) -> Run<()>,
) -> Run<()> {
    if path.starts_with('/') {
        return apply(machine, Path::new(&os::normalized(path)));
    }
    let candidates: Vec<PathBuf> = machine
        .world
        .roots
        .iter()
        .map(|root| PathBuf::from(os::normalized(&root.join(path).to_string_lossy())))
        .filter(|path| machine.is_committed(path))
        .collect();
    for candidate in candidates {
        let is_here = machine.fresh("the program runs in the folder of the environment file", Subject::Other);
        let place = machine.statement();
        let none = Object::none(place);
        machine.branch(is_here, |machine| apply(machine, &candidate).map(|()| none.clone()), |_| Ok(none.clone()))?;
    }
    // In other folders there may be one that is not in the project.
    apply(machine, Path::new(path))
}

/// Puts what a file sets into the environment.
pub(super) fn load(machine: &mut Machine, path: &Path, how: Loading) -> Run<()> {
    let Some(values) = values(machine, path, how) else {
        if how.overrides {
            variables::replace_any(machine, "an environment file that is not in the project may replace it");
        }
        return Ok(());
    };
    for (name, value) in values {
        let Some(value) = value else { continue };
        let name = Object::str(name, value.origin);
        match how.overrides {
            true => variables::assign(machine, &name, value),
            false => {
                variables::set_default(machine, &name, &value)?;
            }
        }
    }
    Ok(())
}

/// What a file sets; none where it is not in the project. The last line for a name counts, or for
/// an old django-environ the first.
pub(super) fn values(machine: &mut Machine, path: &Path, how: Loading) -> Option<Values> {
    let (id, lines) = lines(machine, path, how.dialect)?;
    let is_dotenv = matches!(how.dialect, Dialect::Dotenv | Dialect::DotenvOld);
    let mut values = Values::new();
    for line in lines {
        let place = Some(Place::new(id, line.span));
        let value = match line.value {
            Some(parts) if how.interpolates => Some(resolved(machine, &parts, &values, how.overrides, place)),
            Some(parts) => Some(Object::str(written(&parts), place)),
            None if is_dotenv => None,
            None => Some(Object::unknown_of(Class::Str, "how its line is read is not certain", place)),
        };
        match how.dialect == Dialect::DjangoEnvironOld {
            true => drop(values.entry(line.name).or_insert(value)),
            false => drop(values.insert(line.name, value)),
        }
    }
    Some(values)
}

/// A value as it is written.
fn written(parts: &[Part]) -> String {
    let text = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Variable(name, default) if default.is_empty() => format!("${{{name}}}"),
        Part::Variable(name, default) => format!("${{{name}:-{default}}}"),
    };
    parts.iter().map(text).collect()
}

/// `resolve_variables` of python-dotenv: what a file says of a variable comes first where it overrides, else what is
/// set already.
fn resolved(machine: &mut Machine, parts: &[Part], before: &Values, overrides: bool, place: Option<Place>) -> Object {
    let mut pieces = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Part::Text(text) => pieces.push(Piece::Literal(text.as_str().into())),
            Part::Variable(name, default) => {
                let own = before.get(name).map(|own| own.clone().unwrap_or_else(|| Object::str("", place)));
                let value = match own {
                    Some(own) if overrides => own,
                    own => {
                        let otherwise = own.unwrap_or_else(|| Object::str(default.as_str(), place));
                        let outside = variables::look_up(machine, &name.as_str().into(), place);
                        let absent = machine.formulas.not(outside.present);
                        let parts = [(outside.present, &outside.value), (absent, &otherwise)];
                        either(&mut machine.formulas, parts)
                    }
                };
                pieces.push(Piece::Hole(value));
            }
        }
    }
    match parts {
        [Part::Text(text)] => Object::str(text.as_str(), place),
        _ => {
            let template = text::template(pieces, place);
            machine.spelled_out(&template)
        }
    }
}
