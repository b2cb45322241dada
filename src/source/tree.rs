//! All files of some folders, by path: which there are, which lie below a folder, which have a name.
//!
//! A repository may hold a hundred thousand files, of which few are ever asked for. The names are kept once, each in its
//! folder; paths are made when they are wanted.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

type Folder = u32;

/// Absolute paths of files, sorted as paths are.
#[derive(Debug, Clone)]
pub struct FileTree {
    /// The first one stands above all others, and its name is empty. Each comes after the one that it is in.
    folders: Vec<FolderEntry>,
    count: usize,
}

#[derive(Debug, Clone, Default)]
struct FolderEntry {
    name: Box<OsStr>,
    above: Folder,
    /// Sorted by name.
    folders: Vec<Folder>,
    /// Sorted.
    files: Vec<Box<OsStr>>,
    /// Whether a Python file lies in it, or below it.
    holds_python: bool,
}

/// What a walk found in a folder.
#[derive(Debug)]
pub struct Listing {
    /// The folder's number; the first one has 0.
    pub number: u32,
    /// The number of the folder that it is in, which is smaller.
    pub above: u32,
    /// Its name in that.
    pub name: Box<OsStr>,
    /// The names of its files.
    pub files: Vec<Box<OsStr>>,
}

impl Default for FileTree {
    fn default() -> Self {
        Self { folders: vec![FolderEntry::default()], count: 0 }
    }
}

impl FromIterator<PathBuf> for FileTree {
    fn from_iter<I: IntoIterator<Item = PathBuf>>(paths: I) -> Self {
        let mut tree = Self::default();
        paths.into_iter().for_each(|path| tree.insert(&path));
        tree
    }
}

impl FileTree {
    /// The files below `root`, folder by folder.
    pub fn of_listings(root: &Path, mut listings: Vec<Listing>) -> Self {
        let mut tree = Self::default();
        listings.sort_unstable_by_key(|listing| listing.number);
        let mut by_number: Vec<Folder> = vec![0; listings.last().map_or(0, |last| last.number as usize + 1)];
        for mut listing in listings {
            let folder = match listing.number {
                0 => tree.make(root),
                _ => tree.push(by_number[listing.above as usize], listing.name),
            };
            by_number[listing.number as usize] = folder;
            listing.files.sort_unstable();
            tree.count += listing.files.len();
            let holds_python = listing.files.iter().any(|name| is_python(name));
            tree.folders[folder as usize].files = listing.files;
            if holds_python {
                tree.note_python(folder);
            }
        }
        for number in 0..tree.folders.len() {
            let mut inner = std::mem::take(&mut tree.folders[number].folders);
            inner.sort_unstable_by(|a, b| tree.name(*a).cmp(tree.name(*b)));
            tree.folders[number].folders = inner;
        }
        tree
    }

    /// Adds a file, where it is not there yet.
    pub fn insert(&mut self, path: &Path) {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
        let folder = self.make(folder);
        self.insert_in(folder, name.into());
    }

    fn insert_in(&mut self, folder: Folder, name: Box<OsStr>) {
        let is_python = is_python(&name);
        let files = &mut self.folders[folder as usize].files;
        if let Err(at) = files.binary_search(&name) {
            files.insert(at, name);
            self.count += 1;
            if is_python {
                self.note_python(folder);
            }
        }
    }

    /// Adds the files of another tree, where they are not there yet.
    pub fn absorb(&mut self, mut other: Self) {
        // Which folder each of the other tree's is here; one comes after the one that it is in.
        let mut here: Vec<Folder> = Vec::with_capacity(other.folders.len());
        for (number, entry) in other.folders.iter_mut().enumerate() {
            let folder = if number == 0 { 0 } else { self.make_in(here[entry.above as usize], &entry.name) };
            here.push(folder);
            std::mem::take(&mut entry.files).into_iter().for_each(|name| self.insert_in(folder, name));
        }
    }

    /// Takes out the files for which `is_left_out` holds, or of which it holds for a folder around them.
    pub fn leave_out(&mut self, is_left_out: impl Fn(&Path) -> bool) {
        let mut out: Vec<bool> = Vec::with_capacity(self.folders.len());
        for number in 0..self.folders.len() {
            let path = self.path(number as Folder);
            let entry = &mut self.folders[number];
            let is_out = number > 0 && (out[entry.above as usize] || is_left_out(&path));
            out.push(is_out);
            entry.files.retain(|name| !is_out && !is_left_out(&joined(&path, name)));
            entry.holds_python = false;
        }
        self.count = self.folders.iter().map(|entry| entry.files.len()).sum();
        for number in 0..self.folders.len() {
            if self.folders[number].files.iter().any(|name| is_python(name)) {
                self.note_python(number as Folder);
            }
        }
    }

    /// The folder at `path`, made with all above it where it is not there.
    fn make(&mut self, path: &Path) -> Folder {
        match (path.parent(), path.file_name()) {
            (Some(above), Some(name)) => {
                let above = self.make(above);
                self.make_in(above, name)
            }
            _ => self.make_in(0, path.as_os_str()),
        }
    }

    /// The folder of a name in another one, made where it is not there.
    fn make_in(&mut self, above: Folder, name: &OsStr) -> Folder {
        match self.search(above, name) {
            Ok(at) => self.folders[above as usize].folders[at],
            Err(at) => {
                let folder = self.push(above, name.into());
                // It was put last.
                self.folders[above as usize].folders[at..].rotate_right(1);
                folder
            }
        }
    }

    /// Puts a new folder last in another one.
    fn push(&mut self, above: Folder, name: Box<OsStr>) -> Folder {
        let folder = self.folders.len() as Folder;
        self.folders.push(FolderEntry { name, above, ..FolderEntry::default() });
        self.folders[above as usize].folders.push(folder);
        folder
    }

    fn note_python(&mut self, mut folder: Folder) {
        while !std::mem::replace(&mut self.folders[folder as usize].holds_python, true) {
            folder = self.folders[folder as usize].above;
        }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether there is a file at `path`.
    pub fn contains(&self, path: &Path) -> bool {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
        self.find(folder).is_some_and(|folder| self.has(folder, name))
    }

    /// Whether there are files below `path`.
    pub fn is_folder(&self, path: &Path) -> bool {
        self.find(path).is_some_and(|folder| self.holds_any(folder))
    }

    /// Whether there are Python files below `path`.
    pub fn holds_python(&self, path: &Path) -> bool {
        self.find(path).is_some_and(|folder| self.folders[folder as usize].holds_python)
    }

    /// Every file, in order.
    pub fn iter(&self) -> Files<'_> {
        self.files(Some(0))
    }

    /// Every file below `path`, in order.
    pub fn below(&self, path: &Path) -> Files<'_> {
        self.files(self.find(path))
    }

    /// Every file whose path ends with these parts, in order.
    pub fn ending(&self, end: &Path) -> impl Iterator<Item = PathBuf> {
        let (folders, name) = (end.parent().unwrap_or(Path::new("")), end.file_name().unwrap_or_default());
        let is_meant = |folder: &Folder| self.has(*folder, name) && self.ends_with(*folder, folders);
        let mut found: Vec<PathBuf> =
            (0..self.folders.len() as Folder).filter(is_meant).map(|folder| self.path(folder).join(name)).collect();
        found.sort();
        found.into_iter()
    }

    /// Whether some file, or some folder around one, has a path whose text ends so.
    pub fn has_path_ending(&self, end: &str) -> bool {
        let last = end.rsplit('/').next().unwrap_or(end);
        let is_part = last.len() < end.len();
        let may_be = |name: &OsStr| match is_part {
            true => name == last,
            false => name.as_encoded_bytes().ends_with(last.as_bytes()),
        };
        (0..self.folders.len() as Folder).any(|folder| {
            let entry = &self.folders[folder as usize];
            let is_meant = |path: &Path| !is_part || path.to_string_lossy().ends_with(end);
            (may_be(&entry.name) && self.holds_any(folder) && is_meant(&self.path(folder)))
                || entry.files.iter().any(|name| may_be(name) && is_meant(&self.path(folder).join(&**name)))
        })
    }

    fn files(&self, folder: Option<Folder>) -> Files<'_> {
        Files { tree: self, open: folder.map(|folder| Level::new(self.path(folder), folder)).into_iter().collect() }
    }

    fn holds_any(&self, folder: Folder) -> bool {
        let entry = &self.folders[folder as usize];
        !entry.files.is_empty() || entry.folders.iter().any(|inner| self.holds_any(*inner))
    }

    fn has(&self, folder: Folder, name: &OsStr) -> bool {
        self.folders[folder as usize].files.binary_search_by(|known| known.as_ref().cmp(name)).is_ok()
    }

    fn find(&self, path: &Path) -> Option<Folder> {
        let (above, name) = match (path.parent(), path.file_name()) {
            (Some(above), Some(name)) => (self.find(above)?, name),
            _ => (0, path.as_os_str()),
        };
        let at = self.search(above, name).ok()?;
        Some(self.folders[above as usize].folders[at])
    }

    /// Where the folder of a name stands among those of another one, or where it would.
    fn search(&self, above: Folder, name: &OsStr) -> Result<usize, usize> {
        self.folders[above as usize].folders.binary_search_by(|inner| self.name(*inner).cmp(name))
    }

    fn name(&self, folder: Folder) -> &OsStr {
        &self.folders[folder as usize].name
    }

    /// Whether the last parts of a folder's path are these.
    fn ends_with(&self, mut folder: Folder, parts: &Path) -> bool {
        parts.iter().rev().all(|part| {
            let is_same = folder != 0 && self.name(folder) == part;
            folder = self.folders[folder as usize].above;
            is_same
        })
    }

    fn path(&self, folder: Folder) -> PathBuf {
        let mut names = Vec::new();
        let mut folder = folder;
        while folder != 0 {
            let entry = &self.folders[folder as usize];
            names.push(&*entry.name);
            folder = entry.above;
        }
        names.into_iter().rev().collect()
    }
}

/// Whether a name is that of a Python file.
pub fn is_python(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.len() > 3 && bytes.ends_with(b".py")
}

/// A name in a folder. `Path::join` would allocate twice.
fn joined(folder: &Path, name: &OsStr) -> PathBuf {
    let mut path = PathBuf::with_capacity(folder.as_os_str().len() + 1 + name.len());
    path.push(folder);
    path.push(name);
    path
}

/// The files of a tree, in order.
pub struct Files<'t> {
    tree: &'t FileTree,
    open: Vec<Level>,
}

/// A folder of which some files and folders were given already.
struct Level {
    path: PathBuf,
    folder: Folder,
    files: usize,
    folders: usize,
}

impl Level {
    fn new(path: PathBuf, folder: Folder) -> Self {
        Self { path, folder, files: 0, folders: 0 }
    }
}

impl Iterator for Files<'_> {
    type Item = PathBuf;

    fn next(&mut self) -> Option<PathBuf> {
        loop {
            let level = self.open.last_mut()?;
            let entry = &self.tree.folders[level.folder as usize];
            let file = entry.files.get(level.files);
            let inner =
                entry.folders.get(level.folders).map(|inner| (*inner, &self.tree.folders[*inner as usize].name));
            match (file, inner) {
                (Some(file), inner) if inner.is_none_or(|(_, folder)| file <= folder) => {
                    level.files += 1;
                    return Some(joined(&level.path, file));
                }
                (_, Some((inner, name))) => {
                    level.folders += 1;
                    let path = joined(&level.path, name);
                    self.open.push(Level::new(path, inner));
                }
                _ => drop(self.open.pop()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> FileTree {
        paths.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn files_are_found_by_path() {
        let tree = tree(&["/p/a.py", "/p/a/b.py", "/p/a/c/d.txt", "/q.py"]);
        assert_eq!(tree.len(), 4);
        assert!(tree.contains(Path::new("/p/a/b.py")) && tree.contains(Path::new("/q.py")));
        assert!(!tree.contains(Path::new("/p/a")) && !tree.contains(Path::new("/p/b.py")));
        assert!(tree.is_folder(Path::new("/p/a/c")) && tree.is_folder(Path::new("/")));
        assert!(!tree.is_folder(Path::new("/p/a.py")) && !tree.is_folder(Path::new("/x")));
        assert!(tree.holds_python(Path::new("/p/a")) && !tree.holds_python(Path::new("/p/a/c")));
    }

    #[test]
    fn files_come_in_the_order_of_paths() {
        let paths = ["/p/a.py", "/p/a/z.py", "/p/a-b/x", "/p/a/b/c", "/p/B", "/p/a/b.py", "/o", "/p/a-b.py"];
        let mut sorted: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        sorted.sort();
        assert_eq!(tree(&paths).iter().collect::<Vec<_>>(), sorted);
        let below = sorted.iter().filter(|path| path.starts_with("/p/a"));
        assert_eq!(tree(&paths).below(Path::new("/p/a")).collect::<Vec<_>>(), below.cloned().collect::<Vec<_>>());
        assert_eq!(tree(&[]).iter().count() + tree(&["/p/a"]).below(Path::new("/q")).count(), 0);
    }

    #[test]
    fn files_are_found_by_name_and_end() {
        let tree = tree(&["/p/manage.py", "/p/x/manage.py", "/p/x/local.py"]);
        let named: Vec<_> = tree.ending(Path::new("manage.py")).collect();
        assert_eq!(named, [PathBuf::from("/p/manage.py"), PathBuf::from("/p/x/manage.py")]);
        assert_eq!(tree.ending(Path::new("x/manage.py")).count(), 1);
        for end in ["ocal.py", "x/local.py", "/x", "p", "/p/x/local.py"] {
            assert!(tree.has_path_ending(end), "{end}");
        }
        for end in ["y/local.py", "/ocal.py", "p/local.py"] {
            assert!(!tree.has_path_ending(end), "{end}");
        }
    }

    #[test]
    fn files_may_be_left_out() {
        let mut tree = tree(&["/p/a", "/p/b", "/p/c/d.py", "/p/c/e/f", "/p/g/h.py", "/p/g/i"]);
        tree.leave_out(|path| path.ends_with("a") || path.ends_with("c") || path.ends_with("h.py"));
        assert_eq!(tree.iter().collect::<Vec<_>>(), [PathBuf::from("/p/b"), PathBuf::from("/p/g/i")]);
        assert_eq!(tree.len(), 2);
        assert!(!tree.is_folder(Path::new("/p/c")) && !tree.holds_python(Path::new("/p")));
        assert_eq!(tree.ending(Path::new("d.py")).count(), 0);
    }

    #[test]
    fn trees_may_be_put_together() {
        let (one, other) = (["/p/a", "/p/c/d", "/p/z/x.py"], ["/o", "/p/a", "/p/b.py", "/p/c/e", "/q/r/s.py"]);
        let mut both = tree(&one);
        both.absorb(tree(&other));
        let expected = tree(&[one.as_slice(), other.as_slice()].concat());
        assert_eq!(both.iter().collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
        assert_eq!(both.len(), 7);
        assert!(both.contains(Path::new("/p/c/e")) && both.holds_python(Path::new("/q")));
        assert!(!both.holds_python(Path::new("/p/c")));
    }
}
