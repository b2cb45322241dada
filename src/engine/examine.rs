//! The first half of the pipeline: from paths to projects whose settings modules are evaluated.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::cache::{Cache, Evaluated, Found, Given, Looked, Surroundings};
use super::scope::Scope;
use super::{Error, Request};
use crate::config::{Config, Configs, environment};
use crate::eval::{Environment, Foundations, Trees, World};
use crate::project::deployment::Deployment;
use crate::project::discover::{Project, SettingsModule, discover, import_path};
use crate::project::judged::{Judged, judge};
use crate::project::scan::is_excluded;
use crate::source::{FileId, Sources};

/// What is known of the projects under some paths.
pub struct Examined {
    /// The projects.
    pub projects: Vec<ExaminedProject>,
    /// What limits the findings that are of interest.
    pub scope: Arc<Scope>,
    /// Every Python file that was read for them, sorted by path.
    pub files: Vec<FileId>,
    /// What could not be read, with the reason, sorted by path.
    pub unreadable: Vec<(PathBuf, String)>,
    /// The configuration of the whole run: that of the first path.
    pub config: Arc<Config>,
}

/// A project, evaluated.
pub struct ExaminedProject {
    /// What was found.
    pub project: Arc<Project>,
    /// Its settings modules that are judged, each with the application beside it.
    pub modules: Vec<(SettingsModule, Arc<Judged>)>,
    /// How it is deployed.
    pub deployment: Arc<Deployment>,
    /// How it is judged.
    pub config: Arc<Config>,
}

impl Examined {
    /// The configuration that a file is judged by: that of the innermost project around it.
    pub fn config_of(&self, path: &Path) -> &Config {
        let around = self.projects.iter().filter(|project| path.starts_with(&project.project.root));
        let nearest = around.max_by_key(|project| project.project.root.components().count());
        nearest.map_or(&self.config, |project| &project.config)
    }

    /// Every settings module that was judged, with what belongs to it.
    pub fn modules(&self) -> impl Iterator<Item = &(SettingsModule, Arc<Judged>)> {
        self.projects.iter().flat_map(|project| &project.modules)
    }
}

/// Finds the projects and evaluates their settings modules and applications.
///
/// # Errors
/// When nothing can be judged.
pub fn examine(request: &Request, trees: &Trees, cache: &mut Cache) -> Result<Examined, Error> {
    let sources = trees.sources;
    let is_for_many_runs = cache.is_for_many_runs();
    if cache.looked.is_none() {
        cache.looked = Some(look(request, sources)?);
        cache.found = None;
    }
    let Some(looked) = &mut cache.looked else { return Err(Error::NoProject(request.paths.clone())) };
    let found = find(request, looked, cache.found.take(), trees)?;
    let scope = looked.scope.clone();
    let concerned: Vec<&Arc<Project>> = found.projects.iter().filter(|project| scope.concerns(&project.root)).collect();
    if concerned.is_empty() && scope.needs_project() {
        cache.found = Some(found);
        return Err(Error::NoProject(request.paths.clone()));
    }
    let mut environments = Vec::with_capacity(concerned.len());
    for project in &concerned {
        environments.push(Arc::new(environment(looked.configs.of(&project.root), sources)?));
    }
    looked.deploy(&concerned, &found.projects, sources);
    let looked = &*looked;
    let surroundings = |project: &Arc<Project>, environment: &Arc<Environment>| Surroundings {
        project: project.clone(),
        environment: environment.clone(),
        deployment: looked.deployments[&project.root].clone(),
        committed: looked.committed.clone(),
    };
    let all: Vec<(Surroundings, Vec<Given>)> = concerned
        .iter()
        .zip(&environments)
        .map(|(project, environment)| {
            let surroundings = surroundings(project, environment);
            let judged = project.settings.iter().filter(|module| module.is_judged());
            let config = looked.configs.of(&project.root);
            let given = |module: &SettingsModule| Given {
                surroundings: surroundings.clone(),
                module: module.clone(),
                config: config.clone(),
            };
            let given = judged.map(given).collect();
            (surroundings, given)
        })
        .collect();
    let mut kept = cache.foundations.as_mut();
    let foundations: Vec<Option<Arc<Foundations>>> =
        all.iter().map(|(surroundings, _)| kept.as_mut().map(|kept| kept.of(surroundings))).collect();
    let modules = &cache.modules;
    let evaluated: Vec<Vec<Evaluated>> = all
        .par_iter()
        .zip(foundations)
        .map(|((surroundings, all), foundations)| {
            let world = LazyLock::new(|| world(surroundings, trees));
            // What is not kept is large, and goes with the project.
            let foundations = foundations.unwrap_or_default();
            let evaluate = |given: &Given| match modules.get(given) {
                Some(known) => known.evaluated.clone(),
                None => evaluate(given, &world, &foundations),
            };
            let evaluated: Vec<Evaluated> = all.par_iter().map(evaluate).collect();
            if !is_for_many_runs {
                evaluated.iter().for_each(|evaluated| trees.let_go(&evaluated.parsed));
            }
            evaluated
        })
        .collect();
    if !is_for_many_runs {
        trees.let_go(&found.parsed);
    }
    let mut files: FxHashSet<FileId> = found.parsed.iter().copied().collect();
    let mut read = files.clone();
    let mut projects = Vec::with_capacity(concerned.len());
    for ((project, (_, all)), evaluated) in concerned.iter().zip(all).zip(evaluated) {
        let mut modules = Vec::with_capacity(all.len());
        for (given, evaluated) in all.into_iter().zip(evaluated) {
            files.extend(evaluated.parsed.iter());
            read.extend(evaluated.read.iter());
            modules.push((given.module.clone(), evaluated.judged.clone()));
            if is_for_many_runs {
                cache.modules.keep(given, evaluated);
            }
        }
        let deployment = looked.deployments[&project.root].clone();
        let config = looked.configs.of(&project.root).clone();
        projects.push(ExaminedProject { project: (*project).clone(), modules, deployment, config });
    }
    let mut files: Vec<FileId> = files.into_iter().collect();
    files.sort_by_cached_key(|file| sources.path(*file));
    let failed = looked.scan.errors.iter().filter(|(path, _)| scope.holds_path(path)).cloned();
    let mut unreadable: BTreeMap<PathBuf, String> = failed.collect();
    let failed = sources.unreadable().into_iter().filter(|(file, _)| read.contains(file));
    unreadable.extend(failed.map(|(file, error)| (sources.path(file), error.to_string())));
    let config = looked.config.clone();
    cache.found = Some(found);
    Ok(Examined { projects, scope, files, unreadable: unreadable.into_iter().collect(), config })
}

/// The roots of the projects that a request is about.
///
/// # Errors
/// When the configuration is wrong, or a path is not there.
pub fn roots(request: &Request, trees: &Trees, cache: &mut Cache) -> Result<Vec<PathBuf>, Error> {
    if cache.looked.is_none() {
        cache.looked = Some(look(request, trees.sources)?);
        cache.found = None;
    }
    let Some(looked) = &cache.looked else { return Ok(Vec::new()) };
    let found = find(request, looked, cache.found.take(), trees)?;
    let found = cache.found.insert(found);
    let concerned = found.projects.iter().filter(|project| looked.scope.concerns(&project.root));
    Ok(concerned.map(|project| project.root.clone()).collect())
}

/// Looks at the files that a request is about, and at their configuration.
fn look(request: &Request, sources: &Sources) -> Result<Looked, Error> {
    let file_system = sources.file_system();
    let mut scope = Scope::of(&request.paths, file_system)?;
    let start = scope.start();
    let mut configs = Configs::above(file_system, &start, &request.overrides)?;
    let config = configs.of(&start).clone();
    let mut scan = scope.scan(file_system, &config.exclude, config.force_exclude);
    configs.add(file_system, &scan.files, &request.overrides)?;
    let wanted = if config.force_exclude { [].as_slice() } else { scope.given() };
    for config in configs.all() {
        scan.leave_out(&config.exclude, wanted);
    }
    if config.force_exclude {
        scope.leave_out(|path| configs.all().any(|config| is_excluded(path, &config.exclude, &[])));
    }
    let committed = scan.files.clone();
    Ok(Looked { scope: Arc::new(scope), config, configs, scan, committed, deployments: Default::default() })
}

/// Finds the projects among the files. `known` is what was found before among the same.
fn find(request: &Request, looked: &Looked, known: Option<Found>, trees: &Trees) -> Result<Found, Error> {
    let sources = trees.sources;
    let mut declared: Vec<String> =
        looked.configs.all().flat_map(|config| declared_settings(config, sources)).collect();
    declared.sort();
    declared.dedup();
    let found = match known.filter(|known| known.declared == declared) {
        Some(known) => known,
        None => {
            let trees = trees.recording(sources);
            let projects = discover(&looked.scan, &trees, &declared).into_iter().map(Arc::new).collect();
            Found { declared, projects, parsed: trees.asked() }
        }
    };
    for name in &request.overrides.settings {
        if !found.projects.iter().any(|project| project.settings.iter().any(|module| module.name == *name)) {
            let concerned = found.projects.iter().filter(|project| looked.scope.concerns(&project.root));
            let modules = concerned.flat_map(|project| &project.settings);
            let known: BTreeSet<String> = modules.map(|module| module.name.clone()).collect();
            let (module, paths) = (name.clone(), request.paths.clone());
            return Err(Error::NoSuchModule { module, paths, known: known.into_iter().collect() });
        }
    }
    Ok(found)
}

/// The settings modules that a configuration declares, by their names or by an environment file.
fn declared_settings(config: &Config, sources: &Sources) -> Vec<String> {
    if !config.settings.is_empty() {
        return config.settings.clone();
    }
    // What is wrong with the file is told where a project needs it.
    let environment = environment(config, sources).unwrap_or_default();
    let named = environment.get("DJANGO_SETTINGS_MODULE").and_then(|variable| variable.value.as_deref());
    named.map(str::to_owned).into_iter().collect()
}

impl Looked {
    /// Works out how these projects are deployed, where that is not known yet.
    fn deploy(&mut self, concerned: &[&Arc<Project>], all: &[Arc<Project>], sources: &Sources) {
        let roots: Vec<PathBuf> = all.iter().map(|project| project.root.clone()).collect();
        let new = concerned.par_iter().filter(|project| !self.deployments.contains_key(&project.root));
        let new: Vec<(PathBuf, Arc<Deployment>)> = new
            .map(|project| {
                let declared = &self.configs.of(&project.root).declared;
                let deployment = Deployment::of(&project.root, &roots, &self.scan, sources, declared);
                (project.root.clone(), Arc::new(deployment))
            })
            .collect();
        self.deployments.extend(new);
    }
}

/// The world of the settings modules of a project.
fn world<'a>(surroundings: &Surroundings, trees: &'a Trees<'a>) -> World<'a> {
    let Surroundings { project, environment, deployment, committed } = surroundings;
    let mut world = World::new(trees, import_path(project, committed));
    world.committed = committed.clone();
    world.environment = (**environment).clone();
    world.packages = deployment.requirements.pinned();
    world
}

fn evaluate(given: &Given, world: &World, foundations: &Foundations) -> Evaluated {
    let sources = world.trees.sources.recording();
    let trees = world.trees.recording(&sources);
    let Surroundings { project, deployment, .. } = &given.surroundings;
    let judged = judge(&world.over(&trees), foundations, project, &given.module, deployment);
    let parsed = trees.asked();
    let mut read = sources.asked();
    read.extend(&parsed);
    read.sort_unstable();
    read.dedup();
    Evaluated { judged: Arc::new(judged), read: read.into(), parsed: parsed.into() }
}
