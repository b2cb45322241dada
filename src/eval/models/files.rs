//! Files that a program reads: `open(…)` and what is done with what it gives.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{Call, made, os, pathlib};
use crate::eval::include::Candidate;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Item, Kind, Made, Object, Piece};
use crate::eval::operator::int;
use crate::eval::raise::Exception;
use crate::eval::text::MAX_TEXT;
use crate::source::{FileId, Place, Span};

/// The name of what `open()` gives, which is an iterator over its lines. Its arguments are what the file holds, and a list
/// with how many bytes of that are read.
pub(in crate::eval) const FILE: &str = "builtins.open";

/// `open(…)` in whichever module, and methods of what it gives.
pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name {
        "io.open" => Some(open(machine, call.arguments, call.place)),
        _ => {
            let method = call.name.strip_prefix(FILE)?.strip_prefix("().")?;
            let Kind::Made(file) = &call.receiver?.kind else { return None };
            Some(method_of(machine, file, method, call))
        }
    }
}

/// `open(path, mode, buffering, encoding)`.
pub(in crate::eval) fn open(machine: &mut Machine, arguments: &Arguments, place: Option<Place>) -> Run<Object> {
    let unknown = |why: &str| Object::unknown_of(Class::File, why, place);
    let (Some(path), false) = (arguments.get(0, "file").cloned(), arguments.open) else {
        machine.may_raise("open()")?;
        return Ok(unknown("the file that is opened is not known"));
    };
    let mode = match arguments.get(1, "mode").map(|mode| mode.as_str().cloned()) {
        None => "r".into(),
        Some(Some(mode)) => mode,
        Some(None) => {
            machine.may_raise("open()")?;
            return Ok(unknown("how the file is opened is not known"));
        }
    };
    let is_written = mode.contains(['w', 'a', 'x', '+']);
    let encoding = arguments.get(3, "encoding").cloned();
    let path = machine.map(&path, |_, path| Ok(os::as_text(path, place)))?;
    let names = match folder_of_unknown(machine, &path) {
        Some(folder) => {
            let below = machine.world.committed.below(Path::new(&folder));
            below.filter_map(|path| path.to_str().map(str::to_owned)).collect()
        }
        None => Vec::new(),
    };
    machine.each(&path, |machine, path| {
        // What is read from a file that a variable names is decided by that variable.
        if let Kind::Unknown(unknown) = &path.kind {
            if is_written {
                machine.may_raise("open()")?;
                return Ok(Object::unknown_of(Class::File, "a file that is written to", place));
            }
            let there = pathlib::exists(machine, &path, "exists");
            let missing = machine.formulas.not(there);
            machine.raise_when(missing, Exception::new("FileNotFoundError", "no such file"))?;
            machine.may_raise("open()")?;
            return Ok(machine.derived(unknown, Class::File, |text| format!("open({text})"), place));
        }
        open_named(machine, &path, &names, (is_written, mode.contains('b')), encoding.as_ref(), place)
    })
}

/// Opens the file of a path of which something is known. `mode` says whether it is written, and whether it is binary.
fn open_named(
    machine: &mut Machine,
    path: &Object,
    names: &[String],
    (is_written, is_binary): (bool, bool),
    encoding: Option<&Object>,
    place: Option<Place>,
) -> Run<Object> {
    machine.each_candidate(path, names, &mut |machine, candidate| {
        let text = match candidate {
            Candidate::Name(path) => Object::str(path, place),
            // Files of this kind are kept, and this is none of them.
            Candidate::NoneOfThem => {
                return Err(machine.raise(Exception::new("FileNotFoundError", "no such file")));
            }
            Candidate::Any => Object::unknown_of(Class::Str, "part of the path is not known", place),
        };
        if is_written {
            if let Some(path) = text.as_str() {
                machine.written.insert(PathBuf::from(os::normalized(path)));
            }
            machine.may_raise("open()")?;
            return Ok(Object::unknown_of(Class::File, "a file that is written to", place));
        }
        let file = match committed(machine, &text) {
            Some(file) => file,
            None => {
                let there = pathlib::exists(machine, &text, "exists");
                let missing = machine.formulas.not(there);
                machine.raise_when(missing, Exception::new("FileNotFoundError", "no such file"))?;
                machine.may_raise("open()")?;
                let why = "the file that it is read from is not in this project";
                return Ok(Object::unknown_of(Class::File, why, place));
            }
        };
        let content = match is_binary {
            true => bytes(machine, file, place),
            false => content(machine, file, encoding, place),
        };
        Ok(match content {
            Some(content) => {
                let position = machine.list(vec![Item::new(Object::int(0, None))], place);
                made(FILE, Arguments::positional(vec![content, position]), place)
            }
            None => Object::unknown("the file that it is read from cannot be read", place),
        })
    })
}

/// The folder that holds all files which a path may name that is known in part; none where no part is unknown.
fn folder_of_unknown(machine: &mut Machine, path: &Object) -> Option<String> {
    let possible = machine.possible(path);
    let mut folders = possible.iter().filter_map(|(_, path)| match &path.kind {
        Kind::Template(pieces) => Some(match pieces.first() {
            Some(Piece::Literal(start)) => start.rfind('/').map_or("", |at| &start[..at]),
            _ => "",
        }),
        _ => None,
    });
    let first = folders.next()?;
    let folder = if folders.all(|folder| folder == first) { first } else { "" };
    Some(if folder.is_empty() { "/" } else { folder }.to_owned())
}

/// The file at a path, where version control keeps it and the program did not write to it.
pub(super) fn committed(machine: &Machine, path: &Object) -> Option<FileId> {
    let path = PathBuf::from(os::normalized(path.as_str()?));
    let is_as_kept = machine.is_committed(&path) && !machine.written.contains(&path);
    is_as_kept.then(|| machine.world.trees.sources.id(&path))
}

/// The text of a file, with the whole file as its place.
///
/// Without an encoding Python takes that of its locale: UTF-8 on every server that is set up at all.
pub(super) fn content(
    machine: &mut Machine,
    file: FileId,
    encoding: Option<&Object>,
    place: Option<Place>,
) -> Option<Object> {
    let text = utf8(machine, file)?;
    let is_utf8 = match encoding.map(|encoding| &encoding.kind) {
        None | Some(Kind::None) => true,
        Some(Kind::Str(name)) => matches!(name.to_lowercase().as_str(), "utf-8" | "utf8" | "utf_8"),
        Some(_) => false,
    };
    if !is_utf8 && !text.is_ascii() {
        return Some(Object::unknown_of(Class::Str, "the file's encoding is not known", place));
    }
    let origin = Place::new(file, Span::new(0, text.len() as u32));
    Some(Object::str(text.replace("\r\n", "\n").replace('\r', "\n"), Some(origin)))
}

fn bytes(machine: &Machine, file: FileId, place: Option<Place>) -> Option<Object> {
    let text = utf8(machine, file)?;
    let origin = Place::new(file, Span::new(0, text.len() as u32));
    Some(Object::new(Kind::Bytes(text.as_bytes().into()), Some(origin).or(place)))
}

/// The text of a file that is UTF-8 without a mark. Other files are not asked for through the sources of the run, which
/// would tell that they are no Python.
fn utf8(machine: &Machine, file: FileId) -> Option<String> {
    let sources = machine.world.trees.sources;
    let bytes = sources.file_system().read(&sources.path(file)).ok()?;
    if bytes.len() > MAX_TEXT || bytes.starts_with(b"\xef\xbb\xbf") {
        return None;
    }
    let text = String::from_utf8(bytes).ok()?;
    sources.file(file).is_ok_and(|known| known.text.as_ref() == text).then_some(text)
}

/// The file whose whole text a string is, as it was read: parts of the string are then parts of the file.
pub(in crate::eval) fn whole_file(machine: &Machine, text: &Object) -> Option<FileId> {
    let (place, text) = match &text.kind {
        Kind::Str(known) => (text.origin?, known.as_ref()),
        Kind::Bytes(bytes) => (text.origin?, std::str::from_utf8(bytes).ok()?),
        _ => return None,
    };
    if place.span.start != 0 || place.span.end as usize != text.len() {
        return None;
    }
    let file = machine.world.trees.sources.file(place.file).ok()?;
    (file.text.as_ref() == text).then_some(place.file)
}

/// What a file holds, and how many bytes of that are read; none where that is not known.
fn opened<'f>(machine: &mut Machine, file: &'f Made) -> Option<(&'f Object, usize)> {
    let [content, Object { kind: Kind::Heap(position), .. }] = file.arguments.positional.as_slice() else {
        return None;
    };
    let position = int(&machine.only_of(*position).kind)?;
    Some((content, usize::try_from(position).ok()?))
}

/// Notes how many bytes are read; none where that is not known.
fn leave(machine: &mut Machine, file: &Made, position: Option<usize>) {
    let Some(Object { kind: Kind::Heap(id), .. }) = file.arguments.positional.get(1) else { return };
    let position = match position.and_then(|position| i64::try_from(position).ok()) {
        Some(position) => Object::int(position, None),
        None => Object::unknown("the file is read in a way that is not evaluated", None),
    };
    machine.set_only(*id, position);
}

/// A file is closed: what is read of it then raises.
pub(in crate::eval) fn close(machine: &mut Machine, file: &Made) {
    leave(machine, file, None);
}

/// Some of a text that a file holds. Parts of it are parts of the file, where lines end there as in Python.
fn part(content: &Object, text: &str, range: Range<usize>) -> Object {
    let place = content.origin.map(|place| {
        let is_as_written = place.span.end as usize == text.len();
        let end = range.start + text[range.clone()].trim_end_matches('\n').len();
        if is_as_written { Place::new(place.file, Span::new(range.start as u32, end as u32)) } else { place }
    });
    Object::str(&text[range], place)
}

/// All that is left to read, which is then read.
pub(super) fn read_all(machine: &mut Machine, file: &Made) -> Option<Object> {
    let (content, at) = opened(machine, file)?;
    let (rest, length) = match &content.kind {
        Kind::Str(text) if at == 0 => (content.clone(), text.len()),
        Kind::Str(text) => (part(content, text, at..text.len()), text.len()),
        Kind::Bytes(bytes) => (Object::new(Kind::Bytes(bytes[at..].into()), content.origin), bytes.len()),
        _ => (content.clone(), at),
    };
    leave(machine, file, Some(length));
    Some(rest)
}

/// The next line with its end, which is then read; empty where there is none.
pub(in crate::eval) fn read_line(machine: &mut Machine, file: &Made) -> Option<Object> {
    let (content, at) = opened(machine, file)?;
    let text = content.as_str()?;
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    leave(machine, file, Some(end));
    Some(part(content, text, at..end))
}

/// The file object that an object is.
pub(in crate::eval) fn file_of(object: &Object) -> Option<&Made> {
    match &object.kind {
        Kind::Made(made) if made.function.as_ref() == FILE => Some(made),
        _ => None,
    }
}

fn method_of(machine: &mut Machine, file: &Made, method: &str, call: &Call) -> Run<Object> {
    let unknown = |why: &str| Object::unknown(why, call.place);
    Ok(match (method, call.arguments.positional.is_empty()) {
        ("read", true) => read_all(machine, file).unwrap_or_else(|| unknown("how far the file is read is not known")),
        ("readlines", true) => match lines(machine, file) {
            Some(items) => machine.list(items, call.place),
            None => unknown("how far the file is read is not known"),
        },
        ("readline", true) => {
            read_line(machine, file).unwrap_or_else(|| unknown("how far the file is read is not known"))
        }
        ("flush", true) => Object::none(call.place),
        ("close", true) => {
            close(machine, file);
            Object::none(call.place)
        }
        _ => {
            leave(machine, file, None);
            unknown("a method of a file that is not evaluated")
        }
    })
}

/// The lines that are left, each with its end.
fn lines(machine: &mut Machine, file: &Made) -> Option<Vec<Item>> {
    let mut lines = Vec::new();
    loop {
        let line = read_line(machine, file)?;
        machine.charge(1);
        match line.as_str() {
            Some(text) if text.is_empty() => return Some(lines),
            _ => lines.push(Item::new(line)),
        }
    }
}

/// What `with` binds of a context manager: a file itself.
pub(in crate::eval) fn entered(manager: &Object) -> Option<Object> {
    file_of(manager).is_some().then(|| manager.clone())
}
