//! What earlier runs found out, for a later one about the same paths: an editor asks again after every change.
//!
//! A run takes each step from here where nothing that the step looked at has changed. Which files a step read is recorded
//! by the views that [`Sources::recording`](crate::source::Sources::recording) gives. Which files there are is looked at
//! anew only after [`Cache::reset`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::scope::Scope;
use crate::config::{Config, Configs, FILE_NAMES};
use crate::eval::{Environment, Foundations};
use crate::project::deployment::Deployment;
use crate::project::discover::{Project, SettingsModule};
use crate::project::judged::Judged;
use crate::project::scan::Scan;
use crate::rule::Findings;
use crate::source::{FileId, FileSystem, FileTree};

/// What earlier runs of one request found out. The default is for one run alone.
#[derive(Default)]
pub struct Cache {
    pub(super) looked: Option<Looked>,
    pub(super) found: Option<Found>,
    pub(super) modules: Modules,
    /// What settings modules are built on, where runs follow each other closely enough to keep that.
    pub(super) foundations: Option<ByProject>,
}

/// What settings modules are built on, by the root of their project.
#[derive(Default)]
pub(super) struct ByProject(FxHashMap<PathBuf, (Surroundings, Arc<Foundations>)>);

/// Which files there are, and what they hint at.
pub(super) struct Looked {
    pub scope: Arc<Scope>,
    /// The configuration of the whole run.
    pub config: Arc<Config>,
    pub configs: Configs,
    pub scan: Scan,
    pub committed: Arc<FileTree>,
    /// How each project is deployed, by its root.
    pub deployments: FxHashMap<PathBuf, Arc<Deployment>>,
}

/// The projects.
pub(super) struct Found {
    /// The settings modules that were declared.
    pub declared: Vec<String>,
    pub projects: Vec<Arc<Project>>,
    /// The files whose trees were looked at.
    pub parsed: Vec<FileId>,
}

/// The settings modules that were judged.
#[derive(Default)]
pub(super) struct Modules(FxHashMap<Key, Kept>);

/// The root of a project and the name of a settings module in it.
type Key = (PathBuf, String);

/// A settings module that was judged.
pub(super) struct Kept {
    pub given: Given,
    pub evaluated: Evaluated,
    /// What the rules found, and the files that they read.
    ruled: Option<(Findings, Vec<FileId>)>,
}

/// What a settings module is judged by, beside the texts of files.
pub(super) struct Given {
    pub surroundings: Surroundings,
    pub module: SettingsModule,
    pub config: Arc<Config>,
}

/// What all settings modules of a project are run in.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub project: Arc<Project>,
    pub environment: Arc<Environment>,
    pub deployment: Arc<Deployment>,
    pub committed: Arc<FileTree>,
}

/// A settings module, evaluated.
#[derive(Clone)]
pub(super) struct Evaluated {
    pub judged: Arc<Judged>,
    /// The files that were read.
    pub read: Arc<[FileId]>,
    /// Those of them that were parsed.
    pub parsed: Arc<[FileId]>,
}

impl Cache {
    /// A cache for runs that follow each other closely: it also keeps what settings modules are built on, which is large.
    pub fn for_many_runs() -> Self {
        Self { foundations: Some(ByProject::default()), ..Self::default() }
    }

    /// Whether later runs are expected. Otherwise nothing is kept for them.
    pub(super) fn is_for_many_runs(&self) -> bool {
        self.foundations.is_some()
    }

    /// Forgets what rests on the text of a file, which has changed: `id` is its number, where its text was read, and
    /// [`Trees::forget`](crate::eval::Trees::forget) comes before. Gives whether anything may rest on it.
    pub fn changed(&mut self, path: &Path, id: Option<FileId>, file_system: &dyn FileSystem) -> bool {
        if let Some(id) = id {
            self.forget(id);
        }
        if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| FILE_NAMES.contains(&name)) {
            self.reset();
            return true;
        }
        let Some(looked) = &mut self.looked else { return true };
        let is_hint = looked.scan.look_again(file_system, path);
        if is_hint {
            looked.deployments.clear();
            self.found = None;
        }
        id.is_some() || is_hint
    }

    /// Whether a file is among those that were looked at.
    pub fn has(&self, path: &Path) -> bool {
        self.looked.as_ref().is_some_and(|looked| looked.committed.contains(path))
    }

    /// Forgets which files there are, and how they are to be judged.
    pub fn reset(&mut self) {
        self.looked = None;
        self.found = None;
    }

    fn forget(&mut self, file: FileId) {
        if self.found.as_ref().is_some_and(|found| found.parsed.contains(&file)) {
            self.found = None;
        }
        for (_, foundations) in self.foundations.iter().flat_map(|kept| kept.0.values()) {
            foundations.forget(file);
        }
        self.modules.0.retain(|_, kept| !kept.evaluated.read.contains(&file));
        for kept in self.modules.0.values_mut() {
            if kept.ruled.as_ref().is_some_and(|(_, read)| read.contains(&file)) {
                kept.ruled = None;
            }
        }
    }
}

impl ByProject {
    /// What the settings modules of a project are built on.
    pub fn of(&mut self, surroundings: &Surroundings) -> Arc<Foundations> {
        let root = &surroundings.project.root;
        match self.0.get(root).filter(|(known, _)| known.is_same(surroundings)) {
            Some((_, foundations)) => foundations.clone(),
            None => {
                let foundations = Arc::new(Foundations::of_changing_files());
                self.0.insert(root.clone(), (surroundings.clone(), foundations.clone()));
                foundations
            }
        }
    }
}

impl Modules {
    /// A settings module that was judged by the same.
    pub fn get(&self, given: &Given) -> Option<&Kept> {
        self.0.get(&given.key()).filter(|kept| kept.given.is_same(given))
    }

    /// Keeps a settings module that is evaluated.
    pub fn keep(&mut self, given: Given, evaluated: Evaluated) {
        let is_known = self.get(&given).is_some_and(|kept| Arc::ptr_eq(&kept.evaluated.judged, &evaluated.judged));
        if !is_known {
            self.0.insert(given.key(), Kept { given, evaluated, ruled: None });
        }
    }

    /// What the rules found in a settings module.
    pub fn findings(&self, root: &Path, module: &str) -> Option<&Findings> {
        let kept = self.0.get(&(root.to_path_buf(), module.to_owned()))?;
        kept.ruled.as_ref().map(|(findings, _)| findings)
    }

    /// Keeps what the rules found in a settings module, and the files that they read.
    pub fn keep_findings(&mut self, root: &Path, module: &str, findings: Findings, read: Vec<FileId>) {
        if let Some(kept) = self.0.get_mut(&(root.to_path_buf(), module.to_owned())) {
            kept.ruled = Some((findings, read));
        }
    }
}

impl Given {
    fn is_same(&self, other: &Self) -> bool {
        self.surroundings.is_same(&other.surroundings)
            && Arc::ptr_eq(&self.config, &other.config)
            && self.module == other.module
    }

    fn key(&self) -> Key {
        (self.surroundings.project.root.clone(), self.module.name.clone())
    }
}

impl Surroundings {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.deployment, &other.deployment)
            && Arc::ptr_eq(&self.committed, &other.committed)
            && self.environment == other.environment
            && (Arc::ptr_eq(&self.project, &other.project) || self.project == other.project)
    }
}
