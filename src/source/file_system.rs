//! Where files come from: the disk, an editor's unsaved buffers over it, or memory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use globset::GlobSet;
use ignore::{DirEntry, WalkBuilder, WalkState};

/// Folders that never hold a project's own source, whatever `.gitignore` says.
const FOREIGN_FOLDERS: [&str; 11] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "__pycache__",
    ".tox",
    ".nox",
    ".venv",
    "site-packages",
    ".mypy_cache",
    ".ruff_cache",
];

/// A source of files. Paths are absolute and hold no `.` or `..`; [`absolute`] makes them so.
pub trait FileSystem: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Whether a file stands at `path`.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether a folder stands at `path`.
    fn is_dir(&self, path: &Path) -> bool;

    /// The files directly in `folder`, sorted.
    fn files_in(&self, folder: &Path) -> Vec<PathBuf>;

    /// The path of a file without symbolic links; the path itself where there are none, or no such file.
    fn real_path(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }

    /// All files below `root` that version control would not ignore, sorted, and what could not be entered.
    fn walk(&self, root: &Path, exclude: &GlobSet) -> Walk;
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Absolute paths, sorted.
    pub files: Vec<PathBuf>,
    /// Folders and files that could not be entered, with the reason.
    pub errors: Vec<(PathBuf, String)>,
}

/// `path` made absolute against the current folder, without `.` and `..`. Symbolic links stay as they are.
pub fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// The real file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl FileSystem for Disk {
    fn real_path(&self, path: &Path) -> PathBuf {
        std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn files_in(&self, folder: &Path) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        files.sort();
        files
    }

    fn walk(&self, root: &Path, exclude: &GlobSet) -> Walk {
        let found = Mutex::new(Walk::default());
        let exclude_below = exclude.clone();
        let walker = WalkBuilder::new(root)
            .hidden(false)
            .require_git(false)
            .filter_entry(move |entry| {
                entry.depth() == 0 || !is_foreign(entry) && !exclude_below.is_match(entry.path())
            })
            .build_parallel();
        walker.run(|| {
            Box::new(|entry| {
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                match entry {
                    Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink()) => {
                        if entry.path_is_symlink() && !entry.path().is_file() {
                            return WalkState::Continue;
                        }
                        found.files.push(entry.into_path());
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let path = path_of(&error).unwrap_or(root).to_path_buf();
                        found.errors.push((path, error.to_string()));
                    }
                }
                WalkState::Continue
            })
        });
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.files.sort();
        found.errors.sort();
        found
    }
}

fn is_foreign(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
        && (entry.file_name().to_str().is_some_and(|name| FOREIGN_FOLDERS.contains(&name))
            || entry.path().join("pyvenv.cfg").is_file())
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// Files that exist in memory alone, for tests and for the examples on rule pages.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    /// Files by absolute path.
    pub fn new(files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> Self {
        Self { files: files.into_iter().collect() }
    }
}

impl FileSystem for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.files.keys().any(|file| file != path && file.starts_with(path))
    }

    fn files_in(&self, folder: &Path) -> Vec<PathBuf> {
        self.files.keys().filter(|file| file.parent() == Some(folder)).cloned().collect()
    }

    fn walk(&self, root: &Path, exclude: &GlobSet) -> Walk {
        let is_wanted =
            |file: &&PathBuf| file.starts_with(root) && !file.ancestors().any(|part| exclude.is_match(part));
        Walk { files: self.files.keys().filter(is_wanted).cloned().collect(), errors: Vec::new() }
    }
}

/// Another file system with some files laid over it: an editor's unsaved buffers.
pub struct Overlay<'a> {
    base: &'a dyn FileSystem,
    over: Memory,
}

impl<'a> Overlay<'a> {
    /// `files`, by absolute path, over `base`.
    pub fn new(base: &'a dyn FileSystem, files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> Self {
        Self { base, over: Memory::new(files) }
    }
}

impl FileSystem for Overlay<'_> {
    fn real_path(&self, path: &Path) -> PathBuf {
        self.base.real_path(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.over.read(path).or_else(|_| self.base.read(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.over.is_file(path) || self.base.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.over.is_dir(path) || self.base.is_dir(path)
    }

    fn files_in(&self, folder: &Path) -> Vec<PathBuf> {
        merged(self.base.files_in(folder), self.over.files_in(folder))
    }

    fn walk(&self, root: &Path, exclude: &GlobSet) -> Walk {
        let base = self.base.walk(root, exclude);
        Walk { files: merged(base.files, self.over.walk(root, exclude).files), errors: base.errors }
    }
}

fn merged(mut files: Vec<PathBuf>, more: Vec<PathBuf>) -> Vec<PathBuf> {
    files.extend(more);
    files.sort();
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_drops_dots() {
        assert_eq!(absolute(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }

    #[test]
    fn overlay_hides_and_adds() {
        let base = Memory::new([("/p/a.py".into(), b"1".to_vec()), ("/p/b.py".into(), b"2".to_vec())]);
        let over = Overlay::new(&base, [("/p/a.py".into(), b"3".to_vec()), ("/p/c.py".into(), b"4".to_vec())]);
        assert_eq!(over.read(Path::new("/p/a.py")).ok(), Some(b"3".to_vec()));
        assert_eq!(over.read(Path::new("/p/b.py")).ok(), Some(b"2".to_vec()));
        assert_eq!(over.walk(Path::new("/p"), &GlobSet::empty()).files.len(), 3);
        assert!(over.read(Path::new("/p/d.py")).is_err());
    }
}
