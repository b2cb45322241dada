//! `os`, `os.environ` and `os.path`.

use std::path::Path;

use super::{Call, pathlib, variables};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Item, Kind, Object, Piece, Term, Unknown};
use crate::eval::raise::Exception;
use crate::eval::text;
use crate::source::Place;

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let name = call.name.strip_prefix("os.").or_else(|| call.name.strip_prefix("posixpath."))?;
    let none = Object::none(call.place);
    let first = call.arguments.positional.first();
    Some(match (name, first) {
        ("getenv" | "environ.get", Some(_)) => {
            let variable = call.arg(0, "key")?;
            let default = call.arg(1, "default").unwrap_or(&none);
            variables::get(machine, variable, default)
        }
        ("environ.__getitem__", Some(variable)) => variables::required(machine, variable, "KeyError"),
        ("environ.setdefault", Some(variable)) => {
            variables::set_default(machine, variable, call.arguments.positional.get(1)?)
        }
        ("environ.pop", Some(variable)) => {
            let held = match call.arguments.positional.get(1) {
                Some(default) => variables::get(machine, variable, default),
                None => variables::required(machine, variable, "KeyError"),
            };
            held.inspect(|_| variables::remove(machine, variable))
        }
        ("environ.clear" | "environ.popitem", _) => {
            variables::replace_any(machine, "variables are removed");
            return None;
        }
        ("environ.update", _) => {
            let environ = machine.environ;
            let updated = match first {
                Some(from) => machine.may_raise("os.environ.update").and_then(|()| machine.update_dict(environ, from)),
                None => Ok(()),
            };
            for (name, value) in &call.arguments.named {
                variables::assign(machine, &Object::str(name.clone(), call.place), value.clone());
            }
            updated.map(|()| none)
        }
        ("makedirs" | "mkdir" | "chmod" | "chown" | "umask" | "putenv" | "unsetenv", _) => Ok(none),
        ("getcwd", None) => Ok(Object::unknown_of(Class::Str, "the current folder is not known", call.place)),
        ("fspath" | "fsdecode", Some(path)) => machine.map(path, |_, path| Ok(as_text(path, call.place))),
        (function, Some(path)) if function.starts_with("path.") || call.name.starts_with("posixpath.") => {
            let function = function.strip_prefix("path.").unwrap_or(function);
            return path_function(machine, function, path, call);
        }
        _ => return None,
    })
}

pub(super) fn attribute(machine: &mut Machine, name: &str) -> Option<Object> {
    let place = machine.statement();
    Some(match name {
        "os.sep" | "os.path.sep" => Object::str("/", place),
        "os.pathsep" => Object::str(":", place),
        "os.linesep" => Object::str("\n", place),
        "os.curdir" => Object::str(".", place),
        "os.pardir" => Object::str("..", place),
        "os.name" => term("os.name", Class::Str, "the operating system is not known", place),
        _ => return None,
    })
}

/// Something that is not known, but of which two mentions are the same.
pub(super) fn term(text: &str, class: Class, why: &str, place: Option<Place>) -> Object {
    let term = Term { text: text.into(), variables: [].into() };
    Object::new(Kind::Unknown(Unknown { why: why.into(), class, term: Some(term) }.into()), place)
}

/// Whether an object is text, bytes, a number of an open file, or something that may give a path.
fn may_be_path(machine: &Machine, object: &Object) -> bool {
    match &object.kind {
        Kind::None | Kind::Float(_) | Kind::Tuple(_) | Kind::Function(_) => false,
        _ => !machine.is_collection(object),
    }
}

fn path_function(machine: &mut Machine, function: &str, path: &Object, call: &Call) -> Option<Run<Object>> {
    let place = call.place;
    match function {
        "join" => return Some(join(machine, &call.arguments.positional, place)),
        "exists" | "isfile" | "isdir" | "lexists" => {
            return Some(machine.map(path, |machine, path| {
                if !may_be_path(machine, path) {
                    return Err(Exception::new("TypeError", "it is no path"));
                }
                let exists = pathlib::exists(machine, &as_text(path, place), function);
                Ok(machine.truth_object(exists, place))
            }));
        }
        "abspath" | "realpath" | "normpath" | "dirname" | "basename" | "split" | "splitext" | "expanduser"
        | "isabs" => {}
        _ => return None,
    }
    let path = machine.spelled_out(path);
    Some(machine.map(&path, |machine, path| {
        let given = as_text(path, place);
        let Some(known) = given.as_str() else {
            let class = match function {
                "split" | "splitext" => Class::Tuple,
                "isabs" => Class::Bool,
                _ => Class::Str,
            };
            return Ok(match &given.kind {
                Kind::Unknown(unknown) => Object::unknown_of(class, unknown.why.clone(), place),
                _ => Object::unknown_of(class, "part of the path is not known", place),
            });
        };
        let string = |text: String| Object::str(text, place);
        let pair = |machine: &mut Machine, a: &str, b: &str| {
            machine.tuple(vec![Item::new(Object::str(a, place)), Item::new(Object::str(b, place))], place)
        };
        Ok(match function {
            "abspath" | "realpath" if known.starts_with('/') => string(normalized(known)),
            "abspath" | "realpath" => Object::unknown_of(Class::Str, "the current folder is not known", place),
            "normpath" => string(normalized(known)),
            "dirname" => string(split(known).0.to_owned()),
            "basename" => string(split(known).1.to_owned()),
            "split" => {
                let (folder, name) = split(known);
                pair(machine, folder, name)
            }
            "splitext" => {
                let (stem, end) = split_extension(known);
                pair(machine, stem, end)
            }
            "isabs" => Object::bool(known.starts_with('/'), place),
            "expanduser" if !known.starts_with('~') => string(known.to_string()),
            "expanduser" => term(known, Class::Str, "the home folder is not known", place),
            _ => Object::unknown_of(Class::Str, "the home folder is not known", place),
        })
    }))
}

/// `os.fspath`: the text of a path.
pub(super) fn as_text(path: &Object, place: Option<Place>) -> Object {
    match &path.kind {
        Kind::Path(text) => text.as_ref().clone().at(path.origin),
        Kind::Str(_) | Kind::Template(_) | Kind::Unknown(_) => path.clone(),
        _ => Object::unknown_of(Class::Str, "the path is not known", place),
    }
}

/// The text of a part of a path that is joined; `is_text` becomes false where it may be something else.
fn joined_part(
    machine: &Machine,
    part: &Object,
    is_text: &mut bool,
    place: Option<Place>,
) -> Result<Object, Exception> {
    if matches!(part.kind, Kind::Bool(_) | Kind::Int(_)) || !may_be_path(machine, part) {
        return Err(Exception::new("TypeError", "it is no path"));
    }
    *is_text &= matches!(text::class_of(part), Class::Str | Class::Path);
    Ok(as_text(part, place))
}

fn join(machine: &mut Machine, parts: &[Object], place: Option<Place>) -> Run<Object> {
    let Some((first, rest)) = parts.split_first() else {
        return Ok(Object::unknown_of(Class::Str, "nothing to join", place));
    };
    let mut is_text = true;
    let mut joined = machine.map(first, |machine, first| joined_part(machine, first, &mut is_text, place))?;
    for part in rest {
        joined = machine.map2(&joined, part, |machine, left, right| {
            let right = joined_part(machine, right, &mut is_text, place)?;
            Ok(match (left.as_str(), right.as_str()) {
                (_, Some(right)) if right.starts_with('/') => Object::str(right.clone(), place),
                (Some(left), Some(right)) if left.len() + right.len() > text::MAX_TEXT => {
                    Object::unknown_of(Class::Str, "the path is too long", place)
                }
                (Some(left), Some(right)) => {
                    let separator = if left.is_empty() || left.ends_with('/') { "" } else { "/" };
                    Object::str(format!("{left}{separator}{right}"), place)
                }
                _ if is_absolute(&right) => right.at(place),
                _ if begins_unknown(&right) => {
                    Object::unknown_of(Class::Str, "a path that is joined may be absolute", place)
                }
                (Some(left), None) => {
                    let separator = if left.is_empty() || left.ends_with('/') { "" } else { "/" };
                    let start = Piece::Literal(format!("{left}{separator}").into());
                    text::template(vec![start, Piece::Hole(right)], place)
                }
                _ => match (&left.kind, right.as_str()) {
                    (Kind::Unknown(unknown), Some(right)) if !right.is_empty() => below_unknown(unknown, right, place),
                    _ => text::template(
                        vec![Piece::Hole(left.clone()), Piece::Literal("/".into()), Piece::Hole(right)],
                        place,
                    ),
                },
            })
        })?;
    }
    if !is_text {
        machine.may_raise("joining a path")?;
    }
    Ok(joined.at(place))
}

/// Whether the beginning of a string is not known of which other parts are.
fn begins_unknown(text: &Object) -> bool {
    matches!(&text.kind, Kind::Template(pieces) if !matches!(pieces.first(), Some(Piece::Literal(start)) if !start.is_empty()))
}

/// Whether a string that is not wholly known begins with a slash for certain.
fn is_absolute(text: &Object) -> bool {
    match &text.kind {
        Kind::Template(pieces) => matches!(pieces.first(), Some(Piece::Literal(start)) if start.starts_with('/')),
        _ => false,
    }
}

/// `posixpath.normpath`.
pub(super) fn normalized(path: &str) -> String {
    if path.is_empty() {
        return ".".into();
    }
    let slashes = match path.bytes().take_while(|byte| *byte == b'/').count() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if !slashes.is_empty() && parts.is_empty() => {}
            part => parts.push(part),
        }
    }
    let joined = format!("{slashes}{}", parts.join("/"));
    if joined.is_empty() { ".".into() } else { joined }
}

/// `posixpath.split`.
fn split(path: &str) -> (&str, &str) {
    let at = path.rfind('/').map_or(0, |at| at + 1);
    let (folder, name) = path.split_at(at);
    let trimmed = folder.trim_end_matches('/');
    (if trimmed.is_empty() { folder } else { trimmed }, name)
}

/// `posixpath.splitext`: leading dots of the name do not begin an extension.
fn split_extension(path: &str) -> (&str, &str) {
    let name_start = path.rfind('/').map_or(0, |at| at + 1);
    let name = &path[name_start..];
    let dots = name.len() - name.trim_start_matches('.').len();
    match name[dots..].rfind('.') {
        Some(at) => path.split_at(name_start + dots + at),
        None => (path, ""),
    }
}

/// A relative path joined to a folder that is not known: there may be a slash between the two or not.
pub(super) fn below_unknown(folder: &Unknown, path: &str, place: Option<Place>) -> Object {
    let folder = Object::unknown_of(Class::Str, folder.why.clone(), place);
    text::template(vec![Piece::Hole(folder), Piece::Literal(path.into())], place)
}

/// Whether no file of the project can be the path of which parts are known.
pub(super) fn is_outside_tree(machine: &Machine, path: &Object) -> bool {
    let Kind::Template(pieces) = &path.kind else { return false };
    let Some(Piece::Literal(end)) = pieces.last() else { return false };
    let end = end.trim_end_matches('/');
    let is_plain = !end.split('/').any(|part| matches!(part, "." | ".."));
    is_plain && !end.is_empty() && !machine.world.committed.has_path_ending(end)
}

/// Whether some file of the project is `path` or below it.
pub(super) fn is_in_tree(machine: &Machine, path: &Path, wants: &str) -> bool {
    let is_file = machine.is_committed(path);
    let is_folder = || machine.world.committed.is_folder(path);
    match wants {
        "isfile" | "is_file" => is_file,
        "isdir" | "is_dir" => is_folder(),
        _ => is_file || is_folder(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_python_takes_them_apart() {
        assert_eq!(normalized("/a/./b/../c//d/"), "/a/c/d");
        assert_eq!(normalized("a/.."), ".");
        assert_eq!(normalized("/.."), "/");
        assert_eq!(normalized("../a"), "../a");
        assert_eq!(normalized("//a"), "//a");
        assert_eq!(normalized("///a"), "/a");
        assert_eq!(split("/a/b/"), ("/a/b", ""));
        assert_eq!(split("/a"), ("/", "a"));
        assert_eq!(split("a"), ("", "a"));
        assert_eq!(split_extension("/a.b/c"), ("/a.b/c", ""));
        assert_eq!(split_extension(".env"), (".env", ""));
        assert_eq!(split_extension("a.tar.gz"), ("a.tar", ".gz"));
    }
}
