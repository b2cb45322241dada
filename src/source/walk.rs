//! A walk through a folder of the disk: every file that version control would not ignore, in parallel, and some of them
//! read on the way.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::fs::{File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use globset::GlobSet;
use rayon::Scope;

use super::ignored::{ENVIRONMENT_MARK, Ignored, is_foreign};
use super::tree::{FileTree, Listing};

/// What is done with the files that a walk meets.
pub trait Visitor: Sync {
    /// Whether files and folders of this name are passed over, and what is below them.
    fn passes_over(&self, name: &OsStr) -> bool;

    /// Whether a file is to be read.
    fn wants(&self, folder: &Path, name: &OsStr) -> bool;

    /// Looks at a file that is wanted. Called from several threads, in no order.
    fn visit(&self, path: &Path, bytes: io::Result<&[u8]>);
}

/// Nothing is read.
impl Visitor for () {
    fn passes_over(&self, _: &OsStr) -> bool {
        false
    }

    fn wants(&self, _: &Path, _: &OsStr) -> bool {
        false
    }

    fn visit(&self, _: &Path, _: io::Result<&[u8]>) {}
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files.
    pub files: FileTree,
    /// Folders and files that could not be entered, with the reason, sorted.
    pub errors: Vec<(PathBuf, String)>,
}

/// Walks through a folder of the disk.
pub fn walk(root: &Path, exclude: &GlobSet, visitor: &dyn Visitor) -> Walk {
    let walker =
        Walker { exclude, visitor, listings: Mutex::default(), errors: Mutex::default(), folders: AtomicU32::new(1) };
    let ignored = Ignored::above(root);
    rayon::scope(|scope| {
        let folder = Folder { path: root.to_path_buf(), number: 0, above: 0, name: OsString::new() };
        walker.enter(scope, folder, &ignored);
    });
    let taken = |error: PoisonError<_>| error.into_inner();
    let listings = walker.listings.into_inner().unwrap_or_else(taken);
    let mut errors = walker.errors.into_inner().unwrap_or_else(PoisonError::into_inner);
    errors.sort();
    Walk { files: FileTree::of_listings(root, listings), errors }
}

struct Walker<'w> {
    exclude: &'w GlobSet,
    visitor: &'w dyn Visitor,
    listings: Mutex<Vec<Listing>>,
    errors: Mutex<Vec<(PathBuf, String)>>,
    /// How many folders there are so far.
    folders: AtomicU32,
}

/// A folder to enter. Its number is greater than that of the folder which it is in.
struct Folder {
    path: PathBuf,
    number: u32,
    above: u32,
    name: OsString,
}

/// How many files are read one after another before another thread may take the rest.
const BATCH: usize = 64;

impl<'w> Walker<'w> {
    fn enter<'s>(&'s self, scope: &Scope<'s>, folder: Folder, ignored: &Ignored)
    where
        'w: 's,
    {
        let entries = match self.entries(&folder.path) {
            Ok(entries) => entries,
            Err(error) => return self.fail(folder.path, &error),
        };
        let holds = |name: &str| entries.iter().any(|(known, _)| known == name);
        if folder.number > 0 && holds(ENVIRONMENT_MARK) && folder.path.join(ENVIRONMENT_MARK).is_file() {
            return;
        }
        let ignored = ignored.below(&folder.path, holds);
        let mut files = Vec::new();
        for (name, kind) in entries {
            let is_folder = kind.is_dir();
            if (is_folder && is_foreign(&name)) || self.visitor.passes_over(&name) {
                continue;
            }
            if !is_folder && !kind.is_file() && !kind.is_symlink() {
                continue;
            }
            let path = folder.path.join(&name);
            if ignored.matches(&path, is_folder) || (!self.exclude.is_empty() && self.exclude.is_match(&path)) {
                continue;
            }
            match is_folder {
                true => {
                    let number = self.folders.fetch_add(1, Ordering::Relaxed);
                    let inner = Folder { path, number, above: folder.number, name };
                    let ignored = ignored.clone();
                    scope.spawn(move |scope| self.enter(scope, inner, &ignored));
                }
                false if kind.is_symlink() && !path.is_file() => {}
                false => files.push(name.into_boxed_os_str()),
            }
        }
        let wanted: Vec<PathBuf> = files
            .iter()
            .filter(|name| self.visitor.wants(&folder.path, name))
            .map(|name| folder.path.join(&**name))
            .collect();
        let listing = Listing { number: folder.number, above: folder.above, name: folder.name.into(), files };
        self.listings.lock().unwrap_or_else(PoisonError::into_inner).push(listing);
        self.read_all(scope, wanted);
    }

    fn read_all<'s>(&'s self, scope: &Scope<'s>, mut wanted: Vec<PathBuf>)
    where
        'w: 's,
    {
        while wanted.len() > BATCH {
            let batch = wanted.split_off(wanted.len() - BATCH);
            scope.spawn(move |_| batch.iter().for_each(|path| self.read(path)));
        }
        wanted.iter().for_each(|path| self.read(path));
    }

    fn read(&self, path: &Path) {
        thread_local! {
            static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        BUFFER.with_borrow_mut(|buffer| {
            let length = read_into(path, buffer);
            self.visitor.visit(path, length.map(|length| &buffer[..length]));
            if buffer.len() > LARGE {
                *buffer = Vec::new();
            }
        });
    }

    /// What a folder holds, in no order.
    fn entries(&self, path: &Path) -> io::Result<Vec<(OsString, FileType)>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path)? {
            match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
                Ok(entry) => entries.push(entry),
                Err(error) => self.fail(path.to_path_buf(), &error),
            }
        }
        Ok(entries)
    }

    fn fail(&self, path: PathBuf, error: &io::Error) {
        let message = format!("{}: {error}", path.display());
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).push((path, message));
    }
}

/// How much is read at first; most source files are smaller.
const USUAL: usize = 64 * 1024;
/// A buffer that became larger than this is not kept.
const LARGE: usize = 4 * 1024 * 1024;

/// Reads a file to the beginning of a buffer, which grows where it must; gives how many bytes it were.
fn read_into(path: &Path, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let mut file = File::open(path)?;
    let mut length = 0;
    loop {
        if length == buffer.len() {
            buffer.resize((2 * length).max(USUAL), 0);
        }
        match file.read(&mut buffer[length..]) {
            Ok(0) => return Ok(length),
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ignore::WalkBuilder;

    use super::*;

    /// What the walk of the crate `ignore` finds, which asks for each folder's environment mark on the way.
    fn expected(root: &Path) -> BTreeSet<PathBuf> {
        let walk = WalkBuilder::new(root)
            .hidden(false)
            .require_git(false)
            .filter_entry(|entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let is_environment = || entry.path().join(ENVIRONMENT_MARK).is_file();
                entry.depth() == 0 || !is_folder || !(is_foreign(entry.file_name()) || is_environment())
            })
            .build();
        let files = walk.flatten().filter(|entry| !entry.path().is_dir() && entry.path().is_file());
        files.map(ignore::DirEntry::into_path).collect()
    }

    #[test]
    fn what_is_ignored_is_what_the_crate_ignores() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        for (path, text) in [
            (".gitignore", "*.log\n/only_here\n!kept.log\nbuild/\n"),
            ("repo/.git/info/exclude", "excluded.py\n"),
            ("repo/.gitignore", "/local.py\nout\n!out/kept.py\ndeep/**/x.py\n"),
            ("repo/.ignore", "!local.py\nnot_seen.py\n"),
            ("repo/local.py", ""),
            ("repo/excluded.py", ""),
            ("repo/not_seen.py", ""),
            ("repo/kept.log", ""),
            ("repo/a.log", ""),
            ("repo/only_here", ""),
            ("repo/out/kept.py", ""),
            ("repo/build/a.py", ""),
            ("repo/build.py", ""),
            ("repo/deep/a/b/x.py", ""),
            ("repo/deep/a/b/y.py", ""),
            ("repo/inner/.gitignore", "!*.log\n/y.py\n"),
            ("repo/inner/b.log", ""),
            ("repo/inner/y.py", ""),
            ("repo/inner/z/y.py", ""),
            ("repo/.hidden/a.py", ""),
            ("repo/env/pyvenv.cfg", ""),
            ("repo/env/lib/a.py", ""),
            ("repo/node_modules/a.py", ""),
            ("repo/other/.git", "gitdir: /nowhere\n"),
            ("repo/other/excluded.py", ""),
        ] {
            let path = top.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(top.join("repo/build.py"), top.join("repo/link.py")).unwrap();
            std::os::unix::fs::symlink(top.join("nowhere"), top.join("repo/broken.py")).unwrap();
            std::os::unix::fs::symlink(top.join("repo"), top.join("repo/inner/again")).unwrap();
            std::os::unix::fs::symlink(top.join("repo"), top.join("link")).unwrap();
        }
        for root in ["", "repo", "repo/inner", "repo/env", "link"] {
            let root = top.join(root);
            let found: BTreeSet<PathBuf> = walk(&root, &GlobSet::empty(), &()).files.iter().collect();
            assert_eq!(found, expected(&root), "{}", root.display());
        }
    }
}
