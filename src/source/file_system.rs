//! Where files come from: the disk, an editor's unsaved buffers over it, or memory.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use globset::GlobSet;

use super::tree::FileTree;
use super::walk::{Visitor, Walk};

/// A source of files. Paths are absolute and hold no `.` or `..`; [`absolute`] makes them so.
pub trait FileSystem: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Whether the bytes of a file are UTF-8 whatever its coding comment says, as an editor's buffer is.
    fn is_buffer(&self, _path: &Path) -> bool {
        false
    }

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

    /// All files below `root` that version control would not ignore, and what could not be entered. `visitor` sees
    /// them on the way.
    fn walk(&self, root: &Path, exclude: &GlobSet, visitor: &dyn Visitor) -> Walk;
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

    fn walk(&self, root: &Path, exclude: &GlobSet, visitor: &dyn Visitor) -> Walk {
        super::walk::walk(root, exclude, visitor)
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

    fn walk(&self, root: &Path, exclude: &GlobSet, visitor: &dyn Visitor) -> Walk {
        let is_wanted = |path: &Path| {
            let below = path.strip_prefix(root).ok();
            below.is_some_and(|below| !below.iter().any(|name| visitor.passes_over(name)))
                && !path.ancestors().any(|part| exclude.is_match(part))
        };
        let mut files = FileTree::default();
        for (path, bytes) in self.files.iter().filter(|(path, _)| is_wanted(path)) {
            files.insert(path);
            if let (Some(folder), Some(name)) = (path.parent(), path.file_name())
                && visitor.wants(folder, name)
            {
                visitor.visit(path, Ok(bytes));
            }
        }
        Walk { files, errors: Vec::new() }
    }
}

/// Another file system with some files laid over it: standard input, an editor's unsaved buffers.
pub struct Overlay<'a> {
    base: &'a dyn FileSystem,
    over: RwLock<Memory>,
    are_buffers: bool,
}

impl<'a> Overlay<'a> {
    /// `files`, by absolute path, over `base`, each as it would stand on disk.
    pub fn new(base: &'a dyn FileSystem, files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> Self {
        Self { base, over: RwLock::new(Memory::new(files)), are_buffers: false }
    }

    /// No buffers yet over `base`.
    pub fn of_buffers(base: &'a dyn FileSystem) -> Self {
        Self { base, over: RwLock::default(), are_buffers: true }
    }

    /// What lies below.
    pub fn base(&self) -> &'a dyn FileSystem {
        self.base
    }

    /// Lays a text over the file at `path`, or takes away what was laid over it.
    pub fn put(&self, path: &Path, text: Option<&str>) {
        let files = &mut self.over.write().unwrap_or_else(PoisonError::into_inner).files;
        match text {
            Some(text) => drop(files.insert(path.to_path_buf(), text.into())),
            None => drop(files.remove(path)),
        }
    }

    fn over(&self) -> RwLockReadGuard<'_, Memory> {
        self.over.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FileSystem for Overlay<'_> {
    fn real_path(&self, path: &Path) -> PathBuf {
        self.base.real_path(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let over = self.over().read(path);
        over.or_else(|_| self.base.read(path))
    }

    fn is_buffer(&self, path: &Path) -> bool {
        self.are_buffers && self.over().is_file(path) || self.base.is_buffer(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.over().is_file(path) || self.base.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.over().is_dir(path) || self.base.is_dir(path)
    }

    fn files_in(&self, folder: &Path) -> Vec<PathBuf> {
        merged(self.base.files_in(folder), self.over().files_in(folder))
    }

    fn walk(&self, root: &Path, exclude: &GlobSet, visitor: &dyn Visitor) -> Walk {
        let over = self.over();
        let mut walk = self.base.walk(root, exclude, &Uncovered { over: &over, visitor });
        for path in over.walk(root, exclude, visitor).files.iter() {
            walk.files.insert(&path);
        }
        walk
    }
}

/// A visitor who sees no file of which there is another one over it.
struct Uncovered<'a> {
    over: &'a Memory,
    visitor: &'a dyn Visitor,
}

impl Visitor for Uncovered<'_> {
    fn passes_over(&self, name: &OsStr) -> bool {
        self.visitor.passes_over(name)
    }

    fn wants(&self, folder: &Path, name: &OsStr) -> bool {
        self.visitor.wants(folder, name) && !self.over.is_file(&folder.join(name))
    }

    fn visit(&self, path: &Path, bytes: io::Result<&[u8]>) {
        self.visitor.visit(path, bytes);
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
        assert_eq!(over.walk(Path::new("/p"), &GlobSet::empty(), &()).files.len(), 3);
        assert!(over.read(Path::new("/p/d.py")).is_err());
    }
}
