//! `pathlib`: POSIX paths.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Call, files, os};
use crate::eval::formula::{Atom, Formula, Subject};
use crate::eval::machine::{Machine, Run};
use crate::eval::methods::MethodCall;
use crate::eval::object::{Arguments, Class, Item, Kind, Object, Piece};
use crate::eval::raise::Exception;
use crate::eval::text;
use crate::eval::truth::readable;
use crate::eval::value::{self, Value};
use crate::python::ast::Name;
use crate::source::Place;

/// `Path(…)` and `Path.cwd()`.
pub(super) fn construct(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    const CLASSES: [&str; 4] = ["pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"];
    if call.name == "pathlib.Path.cwd" || call.name == "pathlib.Path.home" {
        return Some(Ok(Object::unknown_of(Class::Path, "the current or home folder is not known", call.place)));
    }
    if !CLASSES.contains(&call.name) {
        return None;
    }
    let Some((first, rest)) = call.arguments.positional.split_first() else {
        return Some(Ok(path(Object::str(".", call.place), call.place)));
    };
    if machine.is_guarded()
        && call.arguments.positional.iter().any(may_be_no_part)
        && let Err(stop) = machine.may_raise("Path()")
    {
        return Some(Err(stop));
    }
    let mut joined = machine
        .spelled_out_each(first)
        .and_then(|first| machine.map(&first, |_, first| joined_to(&Object::str("", call.place), first, call.place)));
    for part in rest {
        joined = joined.and_then(|joined| {
            let part = machine.spelled_out_each(part)?;
            machine.map2(&joined, &part, |_, left, right| joined_to(left, right, call.place))
        });
    }
    Some(joined)
}

/// A path with a part after it, where that can be one.
fn joined_to(left: &Object, right: &Object, place: Option<Place>) -> Result<Object, Exception> {
    match &right.kind {
        Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Bytes(_) | Kind::Tuple(_) => {
            Err(Exception::new("TypeError", "a path is made of strings and paths"))
        }
        Kind::Heap(_) | Kind::Function(_) => Ok(Object::unknown("a path is made of strings and paths", place)),
        _ => Ok(join(left, right, place)),
    }
}

/// Whether a path made with something may raise.
fn may_be_no_part(part: &Object) -> bool {
    let is_part = |part: &Object| match &part.kind {
        Kind::Unknown(unknown) => matches!(unknown.class, Class::Str | Class::Path),
        kind => matches!(kind, Kind::Str(_) | Kind::Template(_) | Kind::Path(_)),
    };
    !part.alternatives().iter().all(|(_, part)| is_part(part))
}

fn path(text: Object, place: Option<Place>) -> Object {
    Object::new(Kind::Path(Arc::new(text)), place)
}

/// `left / right`; either may be a string.
pub(in crate::eval) fn join(left: &Object, right: &Object, place: Option<Place>) -> Object {
    let (left, right) = (os::as_text(left, place), os::as_text(right, place));
    if let Kind::Unknown(unknown) = &left.kind {
        return match right.as_str().filter(|right| !right.is_empty() && !right.starts_with('/')) {
            Some(right) => path(os::below_unknown(unknown, &collapsed(right), place), place),
            None => Object::unknown_of(Class::Path, unknown.why.clone(), place),
        };
    }
    if let (Kind::Unknown(unknown), None) = (&right.kind, left.as_str()) {
        return Object::unknown_of(Class::Path, unknown.why.clone(), place);
    }
    let joined = match (left.as_str().map(AsRef::as_ref), right.as_str().map(AsRef::as_ref)) {
        (_, Some(right)) if right.starts_with('/') => Object::str(collapsed(right), place),
        (Some(""), Some(right)) => Object::str(collapsed(right), place),
        (Some(left), Some(right)) if left.len() + right.len() > text::MAX_TEXT => {
            return Object::unknown_of(Class::Path, "the path is too long", place);
        }
        (Some(left), Some(right)) => Object::str(collapsed(&format!("{left}{}{right}", slash_after(left))), place),
        (Some(""), None) => collapsed_template(right),
        (left_text, _) => {
            let slash = left_text.map_or("/", slash_after);
            let pieces = vec![Piece::Hole(left.clone()), Piece::Literal(slash.into()), Piece::Hole(right)];
            collapsed_template(text::template(pieces, place))
        }
    };
    path(joined, place)
}

/// What stands between a folder and what is in it.
fn slash_after(folder: &str) -> &'static str {
    if folder.ends_with('/') { "" } else { "/" }
}

/// A text as that of a path.
pub(in crate::eval) fn as_path(text: Value) -> Value {
    match &text.kind {
        value::Kind::Str(path) => Value::new(value::Kind::Str(collapsed(path).into()), text.origin),
        _ => text,
    }
}

/// The same of a text of which parts are known, as far as they are.
fn collapsed_template(text: Object) -> Object {
    let Kind::Template(pieces) = &text.kind else { return text };
    let last = pieces.len() - 1;
    let collapsed = pieces.iter().enumerate().map(|(index, piece)| match piece {
        Piece::Literal(part) => Piece::Literal(collapsed_part(part, index == 0, index == last).into()),
        Piece::Hole(_) => piece.clone(),
    });
    text::template(collapsed.collect(), text.origin)
}

fn collapsed_part(text: &str, is_first: bool, is_last: bool) -> String {
    let (root, rest) = if is_first { (root(text), text.trim_start_matches('/')) } else { ("", text) };
    let parts: Vec<&str> = rest.split('/').collect();
    let kept = parts.iter().enumerate().filter(|(index, part)| {
        // What stands at an end that is not the path's own goes on in what is not known.
        let is_whole = (*index > 0 || is_first) && (index + 1 < parts.len() || is_last);
        !(is_whole && matches!(**part, "" | "."))
    });
    let kept: Vec<&str> = kept.map(|(_, part)| *part).collect();
    format!("{root}{}", kept.join("/"))
}

/// The text of a path: without doubled slashes and single dots.
fn collapsed(text: &str) -> String {
    let root = root(text);
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let collapsed = format!("{root}{}", parts.join("/"));
    if collapsed.is_empty() { ".".into() } else { collapsed }
}

/// The slashes that a path begins with: two of them are not one.
fn root(text: &str) -> &'static str {
    match text.bytes().take_while(|byte| *byte == b'/').count() {
        0 => "",
        2 => "//",
        _ => "/",
    }
}

fn parent(text: &str) -> String {
    match text.rsplit_once('/') {
        _ if is_root(text) || text == "." => text.to_owned(),
        // Two slashes at the beginning are a root of their own.
        Some((root @ ("" | "/"), _)) => format!("{root}/"),
        Some((parent, _)) => parent.to_owned(),
        None => ".".into(),
    }
}

fn is_root(text: &str) -> bool {
    matches!(text, "/" | "//")
}

fn name(text: &str) -> &str {
    match text {
        "." => "",
        _ if is_root(text) => "",
        _ => text.rsplit('/').next().unwrap_or_default(),
    }
}

/// `pathlib`'s suffix: from the last dot, unless the name begins or ends with it.
fn suffix(name: &str) -> &str {
    match name.rfind('.') {
        Some(at) if at > 0 && at < name.len() - 1 => &name[at..],
        _ => "",
    }
}

/// An attribute of a path; none where it is a method.
pub(in crate::eval) fn attribute(
    machine: &mut Machine,
    text: &Object,
    attribute: &Name,
    origin: Option<Place>,
) -> Option<Run<Object>> {
    const ATTRIBUTES: [&str; 8] = ["parent", "parents", "name", "stem", "suffix", "parts", "root", "anchor"];
    if !ATTRIBUTES.contains(&attribute.as_ref()) {
        return None;
    }
    let place = machine.statement().or(origin);
    let text = machine.spelled_out(text);
    Some(machine.map(&text, |machine, text| {
        let Some(text) = text.as_str() else {
            return Ok(match attribute.as_ref() {
                "parent" => Object::unknown_of(Class::Path, "part of the path is not known", place),
                "parents" => Object::unknown("part of the path is not known", place),
                "parts" => Object::unknown_of(Class::Tuple, "part of the path is not known", place),
                _ => crate::eval::attribute::unknown_text(place),
            });
        };
        Ok(match attribute.as_ref() {
            "parent" => path(Object::str(parent(text), place), place),
            "parents" => {
                let mut parents = Vec::new();
                let mut at = text.to_string();
                while parent(&at) != at {
                    at = parent(&at);
                    parents.push(Item::new(path(Object::str(at.clone(), place), place)));
                }
                let parents = machine.tuple(parents, place);
                super::made(PARENTS, Arguments::positional(vec![parents]), place)
            }
            "name" => Object::str(name(text), place),
            "suffix" => Object::str(suffix(name(text)), place),
            "stem" => Object::str(name(text).strip_suffix(suffix(name(text))).unwrap_or_default(), place),
            "parts" => {
                let parts = Some(root(text))
                    .filter(|root| !root.is_empty())
                    .into_iter()
                    .chain(text.split('/').filter(|part| !part.is_empty() && *part != "."));
                let parts = parts.map(|part| Item::new(Object::str(part, place))).collect();
                machine.tuple(parts, place)
            }
            _ => Object::str(root(text), place),
        })
    }))
}

/// A method of a path.
pub(in crate::eval) fn call(machine: &mut Machine, text: &Object, call: &MethodCall) -> Run<Object> {
    let place = call.place;
    let text = machine.spelled_out(text);
    match call.name {
        "exists" | "is_file" | "is_dir" => {
            return machine.map(&text, |machine, text| {
                let exists = exists(machine, text, call.name);
                Ok(machine.truth_object(exists, place))
            });
        }
        "joinpath" => {
            let mut joined = machine.map(&text, |_, text| Ok(path(text.clone(), place)))?;
            for part in &call.arguments.positional {
                let part = machine.spelled_out_each(part)?;
                joined = machine.map2(&joined, &part, |_, left, right| joined_to(left, right, place))?;
            }
            return Ok(joined);
        }
        "mkdir" | "touch" | "chmod" | "unlink" => return Ok(Object::none(place)),
        "__str__" | "as_posix" => return Ok(text.at(place)),
        "read_text" | "read_bytes" => return read(machine, &text, call),
        "open" => {
            let mut arguments = call.arguments.clone();
            arguments.positional.insert(0, text);
            return files::open(machine, &arguments, place);
        }
        "write_text" | "write_bytes" => {
            for (_, text) in machine.possible(&text) {
                if let Some(path) = text.as_str() {
                    machine.written.insert(PathBuf::from(os::normalized(path)));
                }
            }
            return Ok(call.not_evaluated());
        }
        _ => {}
    }
    machine.map(&text, |_, text| {
        let why = "part of the path is not known";
        let Some(known) = text.as_str() else {
            return Ok(Object::unknown_of(if call.name == "resolve" { Class::Path } else { Class::Any }, why, place));
        };
        let argument = call.arg(0).and_then(Object::as_str);
        Ok(match (call.name, argument) {
            ("resolve" | "absolute", None) if known.starts_with('/') && call.name == "resolve" => {
                path(Object::str(os::normalized(known), place), place)
            }
            ("absolute", None) if known.starts_with('/') => path(Object::str(known.clone(), place), place),
            ("resolve" | "absolute", None) => Object::unknown_of(Class::Path, "the current folder is not known", place),
            ("expanduser", None) if !known.starts_with('~') => path(Object::str(known.clone(), place), place),
            ("is_absolute", None) => Object::bool(known.starts_with('/'), place),
            ("with_name", Some(new))
                if !name(known).is_empty() && !new.contains('/') && !matches!(new.as_ref(), "" | ".") =>
            {
                let parent = parent(known);
                path(Object::str(collapsed(&format!("{parent}{}{new}", slash_after(&parent))), place), place)
            }
            ("with_suffix", Some(new))
                if !name(known).is_empty() && (new.is_empty() || new.starts_with('.') && new.len() > 1) =>
            {
                let stem = known.strip_suffix(suffix(name(known))).unwrap_or(known);
                path(Object::str(format!("{stem}{new}"), place), place)
            }
            _ => call.not_evaluated(),
        })
    })
}

/// What `Path.parents` gives: no tuple, but what one of its items or a slice of it is.
const PARENTS: &str = "pathlib.Path().parents";

/// The folders that a path is in, where an object is its `parents`.
pub(super) fn parents(object: &Object) -> Option<&Object> {
    match &object.kind {
        Kind::Made(made) if made.function.as_ref() == PARENTS => made.arguments.positional.first(),
        _ => None,
    }
}

/// In which cases there is a file or folder: always for what version control keeps, else it depends on the machine.
pub(super) fn exists(machine: &mut Machine, text: &Object, wants: &str) -> Formula {
    let Some(path) = text.as_str() else {
        if let Kind::Unknown(unknown) = &text.kind
            && let Some(term) = unknown.term.as_ref().filter(|term| !term.variables.is_empty())
        {
            return machine.test(term, format!("the file {} exists", readable(&term.text)));
        }
        // A path in the home folder: os.path.expanduser() gives it.
        if let Kind::Unknown(unknown) = &text.kind
            && let Some(term) = unknown.term.as_ref().filter(|term| term.text.starts_with('~'))
        {
            let describe = || Atom { text: format!("{} exists", term.text).into(), subject: Subject::Untracked };
            return machine.formulas.atom(&format!("file:{}", term.text), describe);
        }
        let subject = if os::is_outside_tree(machine, text) { Subject::Untracked } else { Subject::Other };
        if machine.mode.bare && subject == Subject::Untracked {
            return Formula::FALSE;
        }
        return machine.fresh("the file exists", subject);
    };
    // What is above a folder that is not there is not there either.
    let normal = os::normalized(path);
    let clean = if is_above_nothing(machine, path) { path.to_string() } else { normal.clone() };
    if os::is_in_tree(machine, Path::new(&clean), wants) {
        return Formula::TRUE;
    }
    if machine.mode.bare {
        return Formula::FALSE;
    }
    let shown = machine.world.roots.iter().find_map(|root| Path::new(&clean).strip_prefix(root).ok());
    let shown = shown.map_or_else(|| clean.clone(), |path| path.to_string_lossy().into_owned());
    // What a relative path begins at is not known: it may be that of a file which version control keeps.
    let is_kept = !clean.starts_with('/') && machine.world.committed.has_path_ending(&format!("/{normal}"));
    let subject = if is_kept { Subject::Other } else { Subject::Untracked };
    let describe = || Atom { text: format!("{shown} exists").into(), subject };
    machine.formulas.atom(&format!("file:{wants}:{clean}"), describe)
}

/// Whether a path has a `..` after what is not known to be a folder.
fn is_above_nothing(machine: &Machine, path: &str) -> bool {
    let mut ups = path.match_indices("/..").map(|(at, _)| &path[..at]);
    ups.any(|folder| !folder.is_empty() && !machine.world.committed.is_folder(Path::new(&os::normalized(folder))))
}

/// `Path.read_text` and `Path.read_bytes`, as opening the file and reading it.
fn read(machine: &mut Machine, text: &Object, call: &MethodCall) -> Run<Object> {
    let mode = if call.name == "read_bytes" { "rb" } else { "r" };
    let mut arguments = Arguments::positional(vec![text.clone(), Object::str(mode, call.place)]);
    if let Some(encoding) = call.arguments.get(0, "encoding") {
        arguments.named.push(("encoding".into(), encoding.clone()));
    }
    let file = files::open(machine, &arguments, call.place)?;
    let class = if mode == "rb" { Class::Bytes } else { Class::Str };
    machine.map(&file, |machine, file| {
        Ok(match (files::file_of(file), &file.kind) {
            (Some(made), _) => files::read_all(machine, made).unwrap_or_else(|| call.not_evaluated()),
            (None, Kind::Unknown(unknown)) => Object::unknown_of(class, unknown.why.clone(), call.place),
            (None, _) => call.not_evaluated(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_python_takes_them_apart() {
        assert_eq!(collapsed("/a//b/./c/"), "/a/b/c");
        assert_eq!(collapsed(""), ".");
        assert_eq!(collapsed("a/../b"), "a/../b");
        assert_eq!(parent("/a"), "/");
        assert_eq!(parent("//a"), "//");
        assert_eq!(parent("//"), "//");
        assert_eq!(name("//"), "");
        assert_eq!(collapsed_part("//a//./b/", true, false), "//a/b/");
        assert_eq!(collapsed_part("/.", false, true), "");
        assert_eq!(collapsed_part("./", true, false), "");
        assert_eq!(parent("a"), ".");
        assert_eq!(parent("/"), "/");
        assert_eq!(suffix(".env"), "");
        assert_eq!(suffix("a.tar.gz"), ".gz");
        assert_eq!(suffix("a."), "");
    }
}
