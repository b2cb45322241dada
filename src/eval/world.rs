//! What surrounds the program that is evaluated: its files, its import path, the packages installed beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use pep440_rs::Version;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::python::{self, ast};
use crate::source::{FileId, FileTree, Place, Sources};

/// Parsed modules, each parsed once, unless its tree was let go of.
pub struct Trees<'a> {
    /// The files that they are parsed from.
    pub sources: &'a Sources<'a>,
    parsed: Arc<RwLock<FxHashMap<FileId, Parsed>>>,
    asked: Mutex<FxHashSet<FileId>>,
}

/// What became of a file that was parsed.
#[derive(Clone)]
enum Parsed {
    /// It cannot be read.
    Unreadable,
    Tree(Arc<ast::Module>),
    /// Its tree was let go of. What kept it from being Python, where something did.
    LetGo(Option<ast::SyntaxError>),
}

impl<'a> Trees<'a> {
    /// No trees yet.
    pub fn new(sources: &'a Sources<'a>) -> Self {
        Self { sources, parsed: Arc::default(), asked: Mutex::default() }
    }

    /// The same trees, with a record of its own of those that are asked for. `sources` are the same files.
    pub fn recording<'b>(&self, sources: &'b Sources<'b>) -> Trees<'b> {
        Trees { sources, parsed: self.parsed.clone(), asked: Mutex::default() }
    }

    /// Forgets the text and the tree of a file, which has changed. Gives its number, where its text had been read.
    pub fn forget(&self, path: &Path) -> Option<FileId> {
        let file = self.sources.forget(path)?;
        self.parsed.write().unwrap_or_else(PoisonError::into_inner).remove(&file);
        Some(file)
    }

    /// The tree of a file; none where the file cannot be read.
    pub fn get(&self, file: FileId) -> Option<Arc<ast::Module>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        match self.parsed.read().unwrap_or_else(PoisonError::into_inner).get(&file) {
            Some(Parsed::Tree(tree)) => return Some(tree.clone()),
            Some(Parsed::Unreadable) => return None,
            Some(Parsed::LetGo(_)) | None => {}
        }
        let tree = self.sources.file(file).ok().map(|source| Arc::new(python::parse(&source.text)));
        let mut parsed = self.parsed.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster: all are to have the same tree.
        if let Some(Parsed::Tree(tree)) = parsed.get(&file) {
            return Some(tree.clone());
        }
        parsed.insert(file, tree.clone().map_or(Parsed::Unreadable, Parsed::Tree));
        tree
    }

    /// What keeps a file from being Python, where something does: the first of its syntax errors.
    pub fn first_error(&self, file: FileId) -> Option<ast::SyntaxError> {
        let known = self.parsed.read().unwrap_or_else(PoisonError::into_inner).get(&file).cloned();
        match known {
            Some(Parsed::LetGo(error)) => error,
            _ => self.get(file)?.errors.first().cloned(),
        }
    }

    /// Lets go of trees that hardly anything will ask for. One that is asked for is parsed again.
    pub fn let_go(&self, files: &[FileId]) {
        let mut parsed = self.parsed.write().unwrap_or_else(PoisonError::into_inner);
        let mut trees = Vec::with_capacity(files.len());
        for file in files {
            if let Some(Parsed::Tree(tree)) = parsed.get(file) {
                let error = tree.errors.first().cloned();
                trees.extend(parsed.insert(*file, Parsed::LetGo(error)));
            }
        }
        // Others need not wait until all of them are taken apart.
        drop(parsed);
    }

    /// Records files as read and as parsed, as when what was worked out from them is used again.
    pub fn note(&self, read: &[FileId], parsed: &[FileId]) {
        self.sources.note(read);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).extend(parsed);
    }

    /// The files whose trees were asked for, in no particular order.
    pub fn asked(&self) -> Vec<FileId> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}

/// Where the source of a module is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModuleSource {
    /// A file `name.py`.
    File(FileId),
    /// A folder with an `__init__.py`, which is this file.
    Package(FileId),
    /// A folder without one.
    Namespace(PathBuf),
    /// `django.conf.global_settings`: the one module of a library whose names are known.
    GlobalSettings,
}

impl ModuleSource {
    /// The file that runs when the module is imported.
    pub fn file(&self) -> Option<FileId> {
        match self {
            Self::File(file) | Self::Package(file) => Some(*file),
            Self::Namespace(_) | Self::GlobalSettings => None,
        }
    }
}

/// An environment variable that the process is started with for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What it holds; none where that is not known.
    pub value: Option<Arc<str>>,
    /// Where that is written.
    pub place: Place,
}

/// The environment variables that a process is started with for certain, by name. Others may be set too.
pub type Environment = BTreeMap<Arc<str>, Variable>;

/// What surrounds the program.
pub struct World<'a> {
    /// Its modules.
    pub trees: &'a Trees<'a>,
    /// The folders on `sys.path` that hold the project's own code, first one first.
    pub roots: Vec<PathBuf>,
    /// Every file of the project that version control keeps.
    pub committed: Arc<FileTree>,
    /// The distributions that requirements and lock files name, in lower case with `-`, each with its version where
    /// that is certain.
    pub packages: BTreeMap<String, Option<Version>>,
    /// The environment variables that the user declares.
    pub environment: Environment,
    modules: Arc<RwLock<FxHashMap<String, Option<ModuleSource>>>>,
}

impl<'a> World<'a> {
    /// A program whose modules are found under `roots`.
    pub fn new(trees: &'a Trees<'a>, roots: Vec<PathBuf>) -> Self {
        Self {
            trees,
            roots,
            committed: Arc::default(),
            packages: BTreeMap::new(),
            environment: Environment::new(),
            modules: Arc::default(),
        }
    }

    /// The same world, seen through other trees of the same files.
    pub fn over<'b>(&self, trees: &'b Trees<'b>) -> World<'b> {
        World {
            trees,
            roots: self.roots.clone(),
            committed: self.committed.clone(),
            packages: self.packages.clone(),
            environment: self.environment.clone(),
            modules: self.modules.clone(),
        }
    }

    /// Where a module is, of the project or else known as one; none where it is neither.
    pub fn module(&self, name: &str) -> Option<ModuleSource> {
        if let Some(known) = self.modules.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return known.clone();
        }
        let found = self.find_module(name);
        self.modules.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), found.clone());
        found
    }

    /// The dotted names of the project's own modules, sorted.
    pub fn module_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for root in &self.roots {
            for path in self.committed.below(root).filter(|path| path.extension().is_some_and(|end| end == "py")) {
                let Ok(path) = path.strip_prefix(root) else { continue };
                let path = if path.ends_with("__init__.py") { path.parent() } else { Some(path) };
                let name = path.and_then(|path| path.with_extension("").to_str().map(|text| text.replace('/', ".")));
                names.extend(name.filter(|name| !name.is_empty()));
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// The file at `path`, where there is one.
    pub fn file_at(&self, path: &Path) -> Option<FileId> {
        let sources = self.trees.sources;
        sources.file_system().is_file(path).then(|| sources.id(path))
    }

    /// Whether a distribution is named by the project's requirements; none where it has none.
    pub fn requires(&self, distribution: &str) -> Option<bool> {
        if self.packages.is_empty() { None } else { Some(self.packages.contains_key(distribution)) }
    }

    fn find_module(&self, name: &str) -> Option<ModuleSource> {
        if name.is_empty() || name.split('.').any(str::is_empty) {
            return None;
        }
        let relative: PathBuf = name.split('.').collect();
        let mut namespace = None;
        for root in &self.roots {
            let folder = root.join(&relative);
            if let Some(file) = self.file_at(&folder.join("__init__.py")) {
                return Some(ModuleSource::Package(file));
            }
            if let Some(file) = self.file_at(&folder.with_file_name(with_suffix(&relative))) {
                return Some(ModuleSource::File(file));
            }
            if namespace.is_none() && self.is_namespace(&folder) {
                namespace = Some(ModuleSource::Namespace(folder));
            }
        }
        namespace.or_else(|| (name == "django.conf.global_settings").then_some(ModuleSource::GlobalSettings))
    }

    /// A folder of other things (`redis/Dockerfile`) must not hide an installed package of its name.
    fn is_namespace(&self, folder: &Path) -> bool {
        self.committed.holds_python(folder) && self.trees.sources.file_system().is_dir(folder)
    }
}

fn with_suffix(relative: &Path) -> String {
    let stem = relative.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    format!("{stem}.py")
}
