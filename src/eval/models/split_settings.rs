//! django-split-settings 1.3: `include("base.py", optional("local.py"), "components/*.py")`.
//!
//! Source: `split_settings/tools.py` of 1.3.2, which runs each file in the caller's scope.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use rustc_hash::FxHashSet;

use super::{Call, os, pathlib};
use crate::eval::formula::Subject;
use crate::eval::heap::{Contents, Dict, Key, State};
use crate::eval::include::Candidate;
use crate::eval::machine::{Machine, Run, Stop};
use crate::eval::object::{HeapId, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

const NO_FILE: &str = "no such file is there to be included";
const OPTIONAL: &str = "split_settings.tools.optional";
const INCLUDED_FILE: &str = "__included_file__";
const INCLUDED_FILES: &str = "__included_files__";

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    (call.name == "split_settings.tools.include").then(|| include(machine, call))
}

fn include(machine: &mut Machine, call: &Call) -> Run<Object> {
    let place = call.place;
    let own = machine.module().namespace;
    let scope = match call.arguments.by_name("scope").map(|scope| &scope.kind) {
        None | Some(Kind::None) => Some(own),
        Some(Kind::Heap(id)) => match machine.dict_of(*id) {
            // An empty scope counts as none.
            Some(dict) if dict.entries.is_empty() => Some(own),
            Some(_) => Some(*id),
            None => None,
        },
        Some(_) => None,
    };
    let Some(scope) = scope else {
        machine.open_dict(own, "files are included into a scope that is not known");
        return Ok(Object::none(place));
    };
    if machine.bound_in(scope, INCLUDED_FILES).is_none() {
        let list = machine.list(Vec::new(), place);
        machine.set_entry(scope, &Object::str(INCLUDED_FILES, place), list);
    }
    let including = machine.bound_in(scope, INCLUDED_FILE).or_else(|| machine.bound_in(scope, "__file__"));
    let folder = including.and_then(|file| file.as_str().cloned());
    let folder = folder.and_then(|file| Path::new(file.as_ref()).parent().map(Path::to_path_buf));
    let Some(folder) = folder else {
        machine.open_dict(scope, "files are included from a folder that is not known");
        return Ok(Object::none(place));
    };
    let included = Included { scope, folder, place };
    for argument in &call.arguments.positional {
        let done = machine.each(argument, |machine, argument| {
            let (pattern, is_optional) = match &argument.kind {
                Kind::Made(made) if made.function.as_ref() == OPTIONAL => {
                    let Some(pattern) = made.arguments.get(0, "filename").cloned() else {
                        return Ok(Object::none(place));
                    };
                    (pattern, true)
                }
                _ => (argument.clone(), false),
            };
            machine.each(&pattern, |machine, pattern| included.argument(machine, &pattern, is_optional))
        });
        done?;
    }
    if call.arguments.open {
        machine.open_dict(scope, "files are included whose names are not known");
    }
    Ok(Object::none(place))
}

/// Where files are included.
struct Included {
    scope: HeapId,
    folder: PathBuf,
    place: Option<Place>,
}

impl Included {
    fn argument(&self, machine: &mut Machine, pattern: &Object, is_optional: bool) -> Run<Object> {
        let none = Object::none(self.place);
        if is_optional && (matches!(pattern.kind, Kind::None) || pattern.as_str().is_some_and(|text| text.is_empty())) {
            return Ok(none);
        }
        let saved = machine.bound_in(self.scope, INCLUDED_FILE);
        let text = os::as_text(pattern, self.place);
        let names = self.names_below(machine);
        let ran = machine.each_candidate(&text, &names, &mut |machine, candidate| {
            let (name, found) = match candidate {
                Candidate::Name(name) => (Some(name), self.matching(machine, name)),
                // Files of this kind are kept, and this is none of them.
                Candidate::NoneOfThem if !is_optional => return Err(no_such_file(machine)),
                Candidate::NoneOfThem | Candidate::Any => (None, Vec::new()),
            };
            match found.as_slice() {
                [] => self.absent(machine, name, is_optional)?,
                [only] => self.run(machine, only)?,
                many => self.run_in_any_order(machine, many)?,
            }
            Ok(Object::none(None))
        });
        let key = Object::str(INCLUDED_FILE, None);
        match saved {
            Some(saved) => machine.set_entry(self.scope, &key, saved),
            None => machine.remove_entry(self.scope, &key),
        }
        ran
    }

    /// The files of the project that a name in this folder may be, as it would be written.
    fn names_below(&self, machine: &Machine) -> Vec<String> {
        let below = machine.world.committed.below(&self.folder);
        let python = below.filter(|path| path.extension().is_some_and(|end| end == "py"));
        let name = |path: PathBuf| path.strip_prefix(&self.folder).ok()?.to_str().map(str::to_owned);
        let mut names: Vec<String> = python.filter_map(name).collect();
        names.sort();
        names
    }

    /// The files that version control keeps which a pattern matches, sorted.
    fn matching(&self, machine: &Machine, pattern: &str) -> Vec<PathBuf> {
        let pattern = PathBuf::from(os::normalized(&self.folder.join(pattern).to_string_lossy()));
        let text = pattern.to_string_lossy();
        if !text.contains(['*', '?', '[']) {
            return if machine.is_committed(&pattern) { vec![pattern] } else { Vec::new() };
        }
        // `**` is `*` without `recursive=True`; braces mean nothing.
        let text = text.replace("**", "*").replace('{', "[{]").replace('}', "[}]");
        let glob = GlobBuilder::new(&text).literal_separator(true).backslash_escape(false).build();
        let Ok(glob) = glob.map(|glob| glob.compile_matcher()) else { return Vec::new() };
        let hides = |path: &Path| {
            let names = path.components().zip(pattern.components());
            names.into_iter().any(|(name, part)| {
                let starts = |text: &std::ffi::OsStr| text.to_string_lossy().starts_with('.');
                starts(name.as_os_str()) && !starts(part.as_os_str())
            })
        };
        // What stands before the first wildcard is a folder for certain.
        let fixed = text.find(['*', '?', '[']).and_then(|at| text[..at].rfind('/')).map_or("/", |at| &text[..at]);
        let fixed = if fixed.is_empty() { "/" } else { fixed };
        let files = machine.world.committed.below(Path::new(fixed));
        files.filter(|path| glob.is_match(path) && !hides(path)).collect()
    }

    /// What no file that version control keeps matches may be there all the same.
    fn absent(&self, machine: &mut Machine, name: Option<&str>, is_optional: bool) -> Run<()> {
        let there = match name {
            Some(name) => {
                let path = self.folder.join(name).to_string_lossy().into_owned();
                pathlib::exists(machine, &Object::str(path, self.place), "exists")
            }
            None => machine.fresh("the included file exists", Subject::Untracked),
        };
        if !is_optional {
            let missing = machine.formulas.not(there);
            machine.raise_when(missing, Exception::new("OSError", NO_FILE))?;
        }
        let why = match name {
            Some(name) => format!("{name} is included, which version control does not keep"),
            None => "a file is included whose name is not known".to_owned(),
        };
        let done = machine.branch(
            there,
            |machine| {
                machine.open_dict(self.scope, &why);
                Ok(Object::none(None))
            },
            |_| Ok(Object::none(None)),
        );
        done.map(drop)
    }

    fn run(&self, machine: &mut Machine, path: &Path) -> Run<()> {
        let text = Object::str(path.to_string_lossy().as_ref(), self.place);
        let Some(Object { kind: Kind::Heap(files), .. }) = machine.bound_in(self.scope, INCLUDED_FILES) else {
            machine.open_dict(self.scope, "which files are included already is not known");
            return Ok(());
        };
        let list = Object::new(Kind::Heap(files), self.place);
        let is_included = machine.contains(&list, &text)?;
        let file = machine.world.trees.sources.id(path);
        let done = machine.branch(
            is_included,
            |_| Ok(Object::none(None)),
            |machine| {
                machine.extend_list(files, vec![Item::new(text.clone())]);
                machine.set_entry(self.scope, &Object::str(INCLUDED_FILE, None), text.clone());
                machine.run_in_scope(file, self.scope).map(|()| Object::none(None))
            },
        );
        done.map(drop)
    }

    /// `glob` gives files in the order of their folder, which is any: what two of them set is not known, unless there
    /// are two alone.
    fn run_in_any_order(&self, machine: &mut Machine, paths: &[PathBuf]) -> Run<()> {
        let shown: Vec<_> =
            paths.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy()).collect();
        let sorted = machine.fresh(format!("{} are read in this order", shown.join(", ")), Subject::Other);
        let (mut conflicts, mut others) = (Conflicts::default(), Conflicts::default());
        let done = machine.branch(
            sorted,
            |machine| self.run_each(machine, paths.iter(), &mut conflicts),
            |machine| self.run_each(machine, paths.iter().rev(), &mut others),
        );
        done?;
        if paths.len() == 2 {
            return Ok(());
        }
        let why = "several files set it that are read in no certain order";
        let unknown = Object::unknown(why, self.place);
        for name in conflicts.names.iter().chain(&others.names) {
            let text: &str = name;
            if !text.starts_with("__included") {
                machine.set_entry(self.scope, &Object::str(name.clone(), None), unknown.clone());
            }
        }
        for id in conflicts.objects.iter().chain(&others.objects) {
            machine.escape(&Object::new(Kind::Heap(*id), None), why);
        }
        Ok(())
    }

    fn run_each<'p>(
        &self,
        machine: &mut Machine,
        paths: impl Iterator<Item = &'p PathBuf>,
        conflicts: &mut Conflicts,
    ) -> Run<Object> {
        let begin = machine.state.clone();
        let (mut names, mut objects) = (FxHashSet::default(), FxHashSet::default());
        for path in paths {
            let before = machine.state.clone();
            let scope = machine.dict_of(self.scope).cloned().unwrap_or_default();
            self.run(machine, path)?;
            let after = machine.dict_of(self.scope).cloned().unwrap_or_default();
            for name in changed_names(&scope, &after) {
                if !names.insert(name.clone()) {
                    conflicts.names.push(name);
                }
            }
            for (id, ..) in State::differing(&before, &machine.state) {
                let is_scope =
                    matches!(begin.cell(id).map(|cell| &cell.contents), Some(Contents::Dict(dict)) if dict.is_scope);
                if begin.cell(id).is_some() && !is_scope && id != self.scope && !objects.insert(id) {
                    conflicts.objects.push(id);
                }
            }
        }
        Ok(Object::none(None))
    }
}

fn no_such_file(machine: &mut Machine) -> Stop {
    machine.raise(Exception::new("OSError", NO_FILE))
}

/// What more than one file of a group changes.
#[derive(Default)]
struct Conflicts {
    names: Vec<std::sync::Arc<str>>,
    objects: Vec<HeapId>,
}

fn changed_names(before: &Dict, after: &Dict) -> Vec<std::sync::Arc<str>> {
    let is_changed = |key: &Key, entry: &crate::eval::heap::Entry| {
        before.entries.get(key).is_none_or(|old| {
            !old.value.same(&entry.value) || old.when != entry.when || old.history.len() != entry.history.len()
        })
    };
    let entries = after.entries.iter().filter(|(key, entry)| is_changed(key, entry));
    let mut changed: Vec<_> = entries.filter_map(|(_, entry)| entry.key.as_str().cloned()).collect();
    let removed = before.entries.iter().filter(|(key, _)| !after.entries.contains_key(*key));
    changed.extend(removed.filter_map(|(_, entry)| entry.key.as_str().cloned()));
    changed
}
