//! From files to projects: import roots, settings modules, which of them are deployed, entry points.

use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::deployment::concerns;
use super::mentions::{Evidence, Mention};
use super::modules::{absolute, dotted};
use super::naming::{Purpose, is_for_tests, purpose, purpose_of_folder};
use super::scan::{Hints, Scan};
use crate::eval::Trees;
use crate::python::ast::{Module, Stmt, StmtKind};
use crate::source::{FileId, FileTree, Place};

/// A Django project: an import root with its settings modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The folder that its modules are imported from.
    pub root: PathBuf,
    /// Its settings modules, sorted by name.
    pub settings: Vec<SettingsModule>,
    /// Python files below the root that put an ASGI application together, sorted.
    pub asgi: Vec<PathBuf>,
    /// The classes of django-configurations that files of the project name.
    pub configurations: Vec<Mention>,
    /// Whether some Python file below the root names Django's check of the `Host` header, as by code that replaces it.
    pub has_own_host_check: bool,
    /// Those that list routes to WebSocket consumers, tests and documentation apart.
    pub websocket_routes: Vec<PathBuf>,
    /// Those that put an application together which may serve WebSockets, tests and documentation apart.
    pub websocket_applications: Vec<PathBuf>,
}

/// A settings module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsModule {
    /// Its dotted name.
    pub name: String,
    /// Its file.
    pub file: FileId,
    /// What its name says.
    pub purpose: Purpose,
    /// The strongest evidence that something starts with it.
    pub evidence: Option<Evidence>,
    /// Where it is named.
    pub named_at: Vec<Place>,
    /// Whether another settings module imports it with `*`.
    pub is_base: bool,
    /// Whether it is deployed.
    pub is_deployed: bool,
    /// Whether the user says so.
    pub is_declared: bool,
}

impl SettingsModule {
    /// Whether it is judged in its own right: not a base of others, and no example.
    pub fn is_judged(&self) -> bool {
        self.is_deployed
            || !self.is_base && !matches!(self.purpose, Purpose::Example | Purpose::Tests)
            || self.evidence >= Some(Evidence::Script) && self.purpose != Purpose::Example
    }
}

/// Settings modules by name, by the root that they are imported from.
type Found = BTreeMap<PathBuf, BTreeMap<String, SettingsModule>>;

/// Finds the projects in what a scan found. `declared` settings modules are the deployed ones, where there are any.
pub fn discover(scan: &Scan, trees: &Trees, declared: &[String]) -> Vec<Project> {
    let finder = Finder::new(scan, trees);
    let mut found = Found::new();
    let (mut names_own, mut names_other) = (FxHashSet::default(), FxHashSet::default());
    for (path, mention) in &scan.mentions {
        let Some((root, file)) = finder.locate(&mention.module, path) else { continue };
        let names = if path.parent() == Some(&root) { &mut names_own } else { &mut names_other };
        names.insert(path.as_path());
        if finder.is_bare(&file) {
            continue;
        }
        let place = Place::new(trees.sources.id(path), mention.span);
        let entry = found.entry(root).or_default().entry(mention.module.clone());
        let module = entry.or_insert_with(|| finder.module(&mention.module, &file));
        module.evidence = module.evidence.max(Some(mention.evidence));
        module.named_at.push(place);
    }
    for name in declared {
        if let Some((root, file)) = finder.locate(name, Path::new("/")) {
            found.entry(root).or_default().entry(name.clone()).or_insert_with(|| finder.module(name, &file));
        }
    }
    finder.join_packages(&mut found, declared);
    // A `manage.py` within a package whose settings are named from above it says nothing of what is imported from where.
    let scripts = finder.scripts();
    let scripts = scripts
        .iter()
        .map(PathBuf::as_path)
        .filter(|path| names_own.contains(path) || !names_other.contains(path))
        .filter_map(Path::parent);
    let roots: Vec<PathBuf> = found.keys().cloned().chain(scripts.map(Path::to_path_buf)).collect();
    let known: FxHashSet<FileId> = found.values().flat_map(BTreeMap::values).map(|module| module.file).collect();
    for (path, hints) in &scan.modules {
        let may_hold_settings = hints.installed_apps || hints.settings_name && hints.star_import;
        if may_hold_settings && !known.contains(&trees.sources.id(path)) {
            let Some((root, name)) = finder.name_of(path, &roots) else { continue };
            if hints.installed_apps || finder.stars_into_settings(path, &root, &name) {
                found.entry(root).or_default().entry(name.clone()).or_insert_with(|| finder.module(&name, path));
            }
        }
    }
    let mut projects: Vec<Project> = Vec::new();
    for (root, modules) in found {
        let mut settings: Vec<SettingsModule> = modules.into_values().collect();
        let bases = finder.bases(&root, &settings);
        for module in &mut settings {
            module.is_base = bases.iter().any(|(_, base)| base == &module.name);
        }
        decide_deployed(&mut settings, &bases, declared);
        let hinted = |test: fn(&Hints) -> bool| {
            let found = scan.modules.iter().filter(|(path, hints)| test(hints) && path.starts_with(&root));
            found.map(|(path, _)| path.clone()).collect::<Vec<PathBuf>>()
        };
        let asgi = hinted(|hints| hints.asgi);
        let is_live = |path: &PathBuf| path.strip_prefix(&root).is_ok_and(|path| !is_for_tests(path));
        let mut websocket_routes = hinted(|hints| hints.websocket_routes);
        websocket_routes.retain(is_live);
        let mut websocket_applications = hinted(|hints| hints.websocket_application);
        websocket_applications.retain(is_live);
        let has_own_host_check = !hinted(|hints| hints.host_check).is_empty();
        let configurations = scan.configurations.iter().filter(|(path, _)| concerns(path, &root, &[]));
        let configurations = configurations.map(|(_, mention)| mention.clone()).collect();
        projects.push(Project {
            settings,
            asgi,
            configurations,
            has_own_host_check,
            websocket_routes,
            websocket_applications,
            root,
        });
    }
    keep_nearest_asgi(&mut projects);
    projects
}

/// A file below two roots belongs to the deeper one.
fn keep_nearest_asgi(projects: &mut [Project]) {
    let roots: Vec<PathBuf> = projects.iter().map(|project| project.root.clone()).collect();
    for project in projects {
        let own = project.root.clone();
        let is_own = |path: &PathBuf| {
            let nearest =
                roots.iter().filter(|root| path.starts_with(root)).max_by_key(|root| root.components().count());
            nearest == Some(&own)
        };
        for files in [&mut project.asgi, &mut project.websocket_routes, &mut project.websocket_applications] {
            files.retain(is_own);
        }
    }
}

/// Marks the modules that are deployed; `bases` are pairs of a module and one that it imports with `*`.
fn decide_deployed(settings: &mut [SettingsModule], bases: &[(String, String)], declared: &[String]) {
    if settings.iter().any(|module| declared.contains(&module.name)) {
        for module in settings {
            module.is_declared = declared.contains(&module.name);
            module.is_deployed = module.is_declared;
        }
        return;
    }
    let is_usable = |module: &&SettingsModule| matches!(module.purpose, Purpose::Plain | Purpose::Production);
    let usable: Vec<&SettingsModule> = settings.iter().filter(is_usable).collect();
    let is_leaf = |module: &&&SettingsModule| !module.is_base;
    let production_leaves: BTreeSet<&str> = usable
        .iter()
        .filter(|module| module.purpose == Purpose::Production)
        .filter(is_leaf)
        .map(|module| module.name.as_str())
        .collect();
    // What a production module builds on is not itself what runs, unless the deployment says so.
    let is_overridden = |module: &SettingsModule| {
        module.evidence != Some(Evidence::Deployment)
            && bases.iter().any(|(from, base)| base == &module.name && production_leaves.contains(from.as_str()))
    };
    let named = |evidence: &[Evidence]| -> BTreeSet<String> {
        let named = usable.iter().filter(|module| module.evidence.is_some_and(|found| evidence.contains(&found)));
        named.filter(|module| !is_overridden(module)).map(|module| module.name.clone()).collect()
    };
    let mut deployed = named(&[Evidence::Deployment, Evidence::EntryPoint]);
    deployed.extend(production_leaves.iter().map(|name| (*name).to_owned()));
    if deployed.is_empty() {
        deployed = named(&[Evidence::Script]);
    }
    if deployed.is_empty() {
        deployed = usable.iter().filter(is_leaf).map(|module| module.name.clone()).collect();
    }
    if deployed.is_empty() {
        let by_entry_point = settings.iter().filter(|module| {
            matches!(module.evidence, Some(Evidence::Deployment | Evidence::EntryPoint))
                && module.purpose == Purpose::Development
        });
        deployed = by_entry_point.map(|module| module.name.clone()).collect();
    }
    for module in settings {
        module.is_deployed = deployed.contains(&module.name);
    }
}

/// Finds modules by name and names by path.
struct Finder<'s, 't, 'a> {
    scan: &'s Scan,
    trees: &'t Trees<'a>,
    /// By module, what was looked for in the whole tree already: many files name the same one.
    anywhere: RefCell<FxHashMap<String, Vec<(PathBuf, usize)>>>,
}

impl<'s, 't, 'a> Finder<'s, 't, 'a> {
    fn new(scan: &'s Scan, trees: &'t Trees<'a>) -> Self {
        Self { scan, trees, anywhere: RefCell::default() }
    }

    fn module(&self, name: &str, file: &Path) -> SettingsModule {
        SettingsModule {
            name: name.to_owned(),
            file: self.trees.sources.id(file),
            purpose: self.purpose(name, file),
            evidence: None,
            named_at: Vec::new(),
            is_base: false,
            is_deployed: false,
            is_declared: false,
        }
    }

    /// What a module is for, by its name, else by the folders that it is in.
    fn purpose(&self, name: &str, file: &Path) -> Purpose {
        let below = self.scan.roots.iter().filter_map(|root| file.strip_prefix(root).ok());
        let below = below.min_by_key(|path| path.components().count()).unwrap_or(file);
        match purpose(name) {
            Purpose::Plain => below.parent().and_then(Path::to_str).map_or(Purpose::Plain, purpose_of_folder),
            by_name => by_name,
        }
    }

    /// Whether a file does nothing: the `__init__.py` of a folder of settings modules, which is named by mistake.
    fn is_bare(&self, path: &Path) -> bool {
        let is_nothing = |tree: &Module| {
            tree.errors.is_empty() && tree.body.iter().all(|statement| matches!(statement.kind, StmtKind::Expr(_)))
        };
        path.ends_with("__init__.py")
            && self.trees.get(self.trees.sources.id(path)).is_some_and(|tree| is_nothing(&tree))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.scan.files.contains(path) || self.trees.sources.file_system().is_file(path)
    }

    /// The file of a module below a root.
    fn below(&self, root: &Path, name: &str) -> Option<PathBuf> {
        let path: PathBuf = root.join(name.split('.').collect::<PathBuf>());
        let package = path.join("__init__.py");
        let file = path.with_extension("py");
        [package, file].into_iter().find(|path| self.is_file(path))
    }

    /// The root and file of a module that `from` names: above `from`, else the nearest place that has such a file.
    fn locate(&self, name: &str, from: &Path) -> Option<(PathBuf, PathBuf)> {
        for folder in from.ancestors().skip(1) {
            if let Some(file) = self.below(folder, name) {
                return Some((folder.to_path_buf(), file));
            }
        }
        let mut found: Vec<(usize, PathBuf, PathBuf)> = Vec::new();
        let mut anywhere = self.anywhere.borrow_mut();
        let known = anywhere.entry(name.to_owned()).or_insert_with(|| self.files_named(name));
        for (path, up) in known.iter() {
            let Some(root) = path.ancestors().nth(*up) else { continue };
            // The longer the common beginning, the nearer; the shallower root first.
            let shared = from.components().zip(root.components()).take_while(|(a, b)| a == b).count();
            let distance = from.components().count() + 2 * root.components().count() - 2 * shared;
            found.push((distance, root.to_path_buf(), path.clone()));
        }
        found.sort();
        found.into_iter().next().map(|(_, root, file)| (root, file))
    }

    /// The files that a module may be, wherever it is imported from, and how far above each that is.
    fn files_named(&self, module: &str) -> Vec<(PathBuf, usize)> {
        let relative: PathBuf = module.split('.').collect();
        let (package, file) = (relative.join("__init__.py"), relative.with_extension("py"));
        let depth = relative.components().count();
        let packages = self.scan.files.ending(&package).map(|path| (path, depth + 1));
        packages.chain(self.scan.files.ending(&file).map(|path| (path, depth))).collect()
    }

    /// The `manage.py` files.
    fn scripts(&self) -> Vec<PathBuf> {
        self.scan.files.ending(Path::new("manage.py")).collect()
    }

    /// Gives the modules of a root that is itself a package, and has no `manage.py`, to the root that the package is
    /// imported from, where that is known. `declared` names are left as they are.
    fn join_packages(&self, found: &mut Found, declared: &[String]) {
        let inner: Vec<PathBuf> =
            found.keys().filter(|root| self.is_file(&root.join("__init__.py"))).cloned().collect();
        for root in inner {
            let outer = root.ancestors().find(|folder| !self.is_file(&folder.join("__init__.py")));
            let Some(outer) = outer.filter(|outer| found.contains_key(*outer)) else { continue };
            let is_declared =
                found.get(&root).is_some_and(|modules| modules.keys().any(|name| declared.contains(name)));
            if is_declared || self.is_file(&root.join("manage.py")) {
                continue;
            }
            for (name, mut module) in found.remove(&root).unwrap_or_default() {
                let known = found.entry(outer.to_path_buf()).or_default();
                let name = dotted(outer, &self.trees.sources.path(module.file)).unwrap_or(name);
                module.name.clone_from(&name);
                let joined =
                    known.entry(name).or_insert_with(|| SettingsModule { named_at: Vec::new(), ..module.clone() });
                joined.evidence = joined.evidence.max(module.evidence);
                joined.named_at.append(&mut module.named_at);
            }
        }
    }

    /// The root and dotted name of a file: below the deepest root that is known, else above its outermost package.
    fn name_of(&self, path: &Path, roots: &[PathBuf]) -> Option<(PathBuf, String)> {
        let known = roots.iter().filter(|root| path.starts_with(root) && dotted(root, path).is_some());
        if let Some(root) = known.max_by_key(|root| root.components().count()) {
            return Some((root.clone(), dotted(root, path)?));
        }
        let mut root = path.parent()?;
        while self.is_file(&root.join("__init__.py")) {
            root = root.parent()?;
        }
        Some((root.to_path_buf(), dotted(root, path)?))
    }

    /// Whether a module imports all of something that looks like settings.
    fn stars_into_settings(&self, path: &Path, root: &Path, name: &str) -> bool {
        let targets = self.star_imports(path, name);
        targets.iter().any(|target| {
            self.below(root, target)
                .is_some_and(|file| self.hints(&file).is_some_and(|hints| hints.installed_apps || hints.settings_name))
        })
    }

    fn hints(&self, path: &Path) -> Option<Hints> {
        let at = self.scan.modules.binary_search_by(|(known, _)| known.as_path().cmp(path)).ok()?;
        Some(self.scan.modules[at].1)
    }

    /// The modules that a file imports with `*`, wherever in it.
    fn star_imports(&self, path: &Path, name: &str) -> Vec<String> {
        let Some(tree) = self.trees.get(self.trees.sources.id(path)) else { return Vec::new() };
        let is_package = path.ends_with("__init__.py");
        let mut found = Vec::new();
        collect_star_imports(&tree.body, &mut |level, module| {
            found.extend(absolute(name, is_package, level, module));
        });
        found
    }

    /// Pairs of a settings module and one that it imports with `*`, directly or through others.
    fn bases(&self, root: &Path, settings: &[SettingsModule]) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for module in settings {
            let mut open = vec![module.name.clone()];
            let mut seen = BTreeSet::new();
            while let Some(name) = open.pop() {
                let Some(file) = self.below(root, &name) else { continue };
                for target in self.star_imports(&file, &name) {
                    if target != module.name && seen.insert(target.clone()) {
                        pairs.push((module.name.clone(), target.clone()));
                        open.push(target);
                    }
                }
            }
        }
        pairs
    }
}

fn collect_star_imports(body: &[Stmt], found: &mut dyn FnMut(u32, &str)) {
    for statement in body {
        match &statement.kind {
            StmtKind::ImportFrom { level, module, names } if names.iter().any(|alias| alias.name.as_ref() == "*") => {
                found(*level, module);
            }
            StmtKind::If { branches, orelse } => {
                branches.iter().for_each(|(_, body)| collect_star_imports(body, found));
                collect_star_imports(orelse, found);
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                collect_star_imports(body, found);
                handlers.iter().for_each(|handler| collect_star_imports(&handler.body, found));
                collect_star_imports(orelse, found);
                collect_star_imports(finalbody, found);
            }
            StmtKind::With { body, .. } => collect_star_imports(body, found),
            _ => {}
        }
    }
}

/// The import path of a project: its root first, then what else its code may be imported from.
pub fn import_path(project: &Project, files: &FileTree) -> Vec<PathBuf> {
    let mut roots = vec![project.root.clone()];
    // A root that is itself a package is installed as one too.
    let mut above = project.root.as_path();
    while files.contains(&above.join("__init__.py")) {
        let Some(parent) = above.parent() else { break };
        above = parent;
    }
    if above != project.root {
        roots.push(above.to_path_buf());
    }
    for folder in ["src", "apps"] {
        let below = project.root.join(folder);
        if files.holds_python(&below) && !files.contains(&below.join("__init__.py")) {
            roots.push(below);
        }
    }
    roots
}
