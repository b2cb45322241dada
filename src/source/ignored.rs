//! What version control ignores: `.gitignore` and `.ignore` files, `.git/info/exclude`, and the user's own excludes.
//!
//! The patterns are those of the crate `ignore`. Its walk is not used: it knows of no way to read files on the way, and
//! sleeps between looks at an empty queue.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The patterns for what lies in a folder: its own and those of the folders above it.
#[derive(Debug, Clone)]
pub struct Ignored {
    /// Of the folders that are walked, the deepest one first.
    inner: Option<Arc<Patterns>>,
    top: Arc<Top>,
}

/// What holds for a walk as a whole.
#[derive(Debug)]
struct Top {
    /// Where the walk began, and the same without symbolic links; none where there are none.
    root: PathBuf,
    canonical: Option<PathBuf>,
    /// Of the folders above that, the deepest one first.
    above: Option<Arc<Patterns>>,
    global: Gitignore,
}

/// The patterns of one folder.
#[derive(Debug)]
struct Patterns {
    above: Option<Arc<Patterns>>,
    kinds: [Gitignore; KINDS],
}

/// `.ignore` goes before `.gitignore`, and that before `.git/info/exclude`.
const KINDS: usize = 3;

impl Ignored {
    /// The patterns of the folders above `root`.
    pub fn above(root: &Path) -> Self {
        let canonical = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let folders: Vec<&Path> = canonical.ancestors().skip(1).collect();
        let mut above = None;
        for folder in folders.into_iter().rev() {
            above = patterns(folder, |_| true, above);
        }
        let canonical = (canonical != root).then_some(canonical);
        let top = Top { root: root.to_path_buf(), canonical, above, global: Gitignore::global().0 };
        Self { inner: None, top: Arc::new(top) }
    }

    /// The patterns for what lies in `folder`, in which `holds` says whether there is an entry of a name.
    pub fn below(&self, folder: &Path, holds: impl Fn(&str) -> bool) -> Self {
        Self { inner: patterns(folder, holds, self.inner.clone()), top: self.top.clone() }
    }

    /// Whether the entry at `path` is ignored.
    pub fn matches(&self, path: &Path, is_folder: bool) -> bool {
        if self.inner.is_none() && self.top.above.is_none() && self.top.global.is_empty() {
            return false;
        }
        let mut found = [const { Match::None }; KINDS];
        collect(&self.inner, path, is_folder, &mut found);
        if self.top.above.is_some() {
            let canonical = self.top.canonical.as_ref();
            let path = match canonical.zip(path.strip_prefix(&self.top.root).ok()) {
                Some((canonical, below)) => Cow::from(canonical.join(below)),
                None => Cow::from(path),
            };
            collect(&self.top.above, &path, is_folder, &mut found);
        }
        let decided = found.into_iter().find(|found| !found.is_none());
        decided.unwrap_or_else(|| self.top.global.matched(path, is_folder)).is_ignore()
    }
}

fn collect<'p>(
    patterns: &'p Option<Arc<Patterns>>,
    path: &Path,
    is_folder: bool,
    found: &mut [Match<&'p ignore::gitignore::Glob>; KINDS],
) {
    let mut next = patterns;
    while let Some(patterns) = next {
        for (found, kind) in found.iter_mut().zip(&patterns.kinds) {
            if found.is_none() {
                *found = kind.matched(path, is_folder);
            }
        }
        next = &patterns.above;
    }
}

/// The patterns of a folder and those above; only those above where it has none.
fn patterns(folder: &Path, holds: impl Fn(&str) -> bool, above: Option<Arc<Patterns>>) -> Option<Arc<Patterns>> {
    let read = |path: Option<PathBuf>| {
        let mut builder = GitignoreBuilder::new(folder);
        if let Some(path) = path.filter(|path| path.exists()) {
            // A line that is no pattern is passed over, as git does.
            let _ = builder.add(path);
        }
        builder.build().unwrap_or_else(|_| Gitignore::empty())
    };
    let file = |name: &str| holds(name).then(|| folder.join(name));
    let files = [file(".ignore"), file(".gitignore"), file(".git").and_then(|git| excludes(&git))];
    if files.iter().all(Option::is_none) {
        return above;
    }
    let kinds = files.map(read);
    if kinds.iter().all(Gitignore::is_empty) { above } else { Some(Arc::new(Patterns { above, kinds })) }
}

/// The file of patterns of a repository. In a worktree `.git` is a file that names a folder, in which another file names
/// that of the repository: <https://git-scm.com/docs/gitrepository-layout>.
fn excludes(git: &Path) -> Option<PathBuf> {
    const EXCLUDES: &str = "info/exclude";
    if !git.is_file() {
        return Some(git.join(EXCLUDES));
    }
    let first_line = |path: &Path| BufReader::new(std::fs::File::open(path).ok()?).lines().next()?.ok();
    let worktree = PathBuf::from(first_line(git)?.strip_prefix("gitdir: ")?);
    let common = first_line(&worktree.join("commondir"))?;
    Some(if common.starts_with('.') { worktree.join(common) } else { PathBuf::from(common) }.join(EXCLUDES))
}

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

/// The file that a virtual environment has, whatever its name.
pub const ENVIRONMENT_MARK: &str = "pyvenv.cfg";

/// Whether a folder of this name never holds a project's own source.
pub fn is_foreign(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| FOREIGN_FOLDERS.contains(&name))
}
