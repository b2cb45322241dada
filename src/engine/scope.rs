//! What a request is about: the files to look at, and which findings are of interest.

use std::path::{Path, PathBuf};

use globset::GlobSet;

use super::Error;
use crate::diagnostic::Finding;
use crate::project::scan::{Scan, is_excluded, scan};
use crate::source::{FileId, FileSystem, Sources};

/// What a request is about.
pub struct Scope {
    /// The paths that were given.
    given: Vec<PathBuf>,
    /// The folders to look through for the projects that these belong to.
    roots: Vec<PathBuf>,
    is_folder_given: bool,
}

impl Scope {
    /// The scope of some paths. The projects around them are looked for in the whole repository, so that a file is
    /// judged alike on its own and with all others; without a repository, in the folder of the nearest `manage.py`.
    pub fn of(paths: &[PathBuf], file_system: &dyn FileSystem) -> Result<Self, Error> {
        let mut roots: Vec<PathBuf> = Vec::new();
        let mut is_folder_given = false;
        for path in paths {
            let folder = match (file_system.is_dir(path), file_system.is_file(path)) {
                (true, _) => path.as_path(),
                (false, true) => path.parent().unwrap_or(path),
                (false, false) => return Err(Error::NoSuchPath(path.clone())),
            };
            is_folder_given |= file_system.is_dir(path);
            let root = root_of(folder, file_system);
            if !roots.iter().any(|known| root.starts_with(known)) {
                roots.retain(|known| !known.starts_with(&root));
                roots.push(root);
            }
        }
        Ok(Self { given: paths.to_vec(), roots, is_folder_given })
    }

    /// The folder whose configuration is that of the run.
    pub fn start(&self) -> PathBuf {
        self.given.first().cloned().unwrap_or_default()
    }

    /// Looks at the files.
    pub fn scan(&self, file_system: &dyn FileSystem, exclude: &GlobSet, is_forced: bool) -> Scan {
        let none = GlobSet::empty();
        let is_given = |given: &PathBuf| !is_forced && is_excluded(given, exclude, &[]);
        // What is excluded and given by name is looked at with what is around it; `leave_out` does the rest.
        let exclude = if self.given.iter().any(is_given) { &none } else { exclude };
        let found = scan(file_system, &self.roots, exclude);
        // What version control ignores is looked at where it is given by name.
        let is_seen = |given: &&PathBuf| found.files.contains(given) || found.files.is_folder(given);
        let unseen: Vec<PathBuf> = self.given.iter().filter(|given| !is_seen(given)).cloned().collect();
        let mut found = match unseen.is_empty() {
            true => found,
            false => scan(file_system, &[self.roots.as_slice(), &unseen].concat(), exclude),
        };
        // What is asked for by name is wanted, whatever the folders above it say: a project below `examples/`.
        found.roots.extend(self.given.iter().filter(|given| file_system.is_dir(given)).cloned());
        found
    }

    /// The paths that were given.
    pub fn given(&self) -> &[PathBuf] {
        &self.given
    }

    /// Leaves out given paths.
    pub fn leave_out(&mut self, is_excluded: impl Fn(&Path) -> bool) {
        self.given.retain(|given| !is_excluded(given));
        self.is_folder_given &= !self.given.is_empty();
    }

    /// Whether nothing to judge is an error: it is where a folder was given; a file may well belong to no project.
    pub fn needs_project(&self) -> bool {
        self.is_folder_given
    }

    /// Whether the project at `root` has to do with what was given.
    pub fn concerns(&self, root: &Path) -> bool {
        self.given.iter().any(|given| {
            let is_deployment_file = given.extension().is_none_or(|end| end != "py") && !self.is_folder_given;
            given.starts_with(root) || root.starts_with(given) || is_deployment_file
        })
    }

    /// Whether a file, behind all links, lies within the repositories of what was given.
    pub fn may_write(&self, path: &Path, file_system: &dyn FileSystem) -> bool {
        let target = file_system.real_path(path);
        self.roots.iter().any(|root| target.starts_with(file_system.real_path(root)))
    }

    /// Whether a finding is of interest: it is in one of the given files, or stems from one.
    pub fn holds(&self, finding: &Finding, sources: &Sources) -> bool {
        let related = finding.related.iter().map(|related| related.place.file);
        let mut files = [finding.place.file].into_iter().chain(related).chain(finding.stems_from.iter().copied());
        files.any(|file| self.holds_file(file, sources))
    }

    /// Whether a file is one of those that were given, or below one.
    pub fn holds_file(&self, file: FileId, sources: &Sources) -> bool {
        self.holds_path(&sources.path(file))
    }

    /// The same for a path.
    pub fn holds_path(&self, path: &Path) -> bool {
        self.given.iter().any(|given| path.starts_with(given))
    }
}

/// The repository around a folder; else the nearest folder upward with a `manage.py`; else the folder itself.
pub fn root_of(folder: &Path, file_system: &dyn FileSystem) -> PathBuf {
    let is_repository = |folder: &&Path| {
        // In a worktree or a submodule `.git` is a file.
        [".git", ".hg"].iter().any(|name| {
            let path = folder.join(name);
            file_system.is_dir(&path) || file_system.is_file(&path)
        })
    };
    let has_script = |folder: &&Path| file_system.is_file(&folder.join("manage.py"));
    let found = folder.ancestors().find(is_repository).or_else(|| folder.ancestors().find(has_script));
    found.unwrap_or(folder).to_path_buf()
}
