//! The pipeline: from paths to findings.
//!
//! The command line, the editor and every test call [`check`]; `show` calls [`examine`], its first half.

mod baseline;
mod example;
mod scope;
mod suppress;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, ConfigError, Configs, Overrides, environment};
use crate::diagnostic::{Confidence, Finding, Severity, Silent};
use crate::eval::{Environment, Trees, World};
use crate::project::deployment::Deployment;
use crate::project::discover::{Project, SettingsModule, discover, import_path};
use crate::project::judged::{Judged, judge};
use crate::project::scan::{Scan, scan};
use crate::project::spelling::nearest;
use crate::rule::{AppliesTo, Context, Findings};
use crate::source::{FileId, Place, Sources};
pub use baseline::{Baseline, Stale};
pub use example::{project_of, run_example};
use scope::Scope;
pub use scope::root_of;

/// What is to be judged.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files and folders, absolute. A file stands for the projects that it belongs to.
    pub paths: Vec<PathBuf>,
    /// What goes before the configuration files.
    pub overrides: Overrides,
}

/// Why nothing could be judged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// There is no such file or folder.
    #[error("there is no file or folder {}", .0.display())]
    NoSuchPath(PathBuf),
    /// There is nothing that djudge knows how to judge.
    #[error("no Django project found under {}", names(.0))]
    NoProject(Vec<PathBuf>),
    /// A settings module that was asked for is not there.
    #[error("there is no settings module {module} in the projects found under {}{}", names(.paths), found_instead(.module, .known))]
    NoSuchModule {
        /// The module.
        module: String,
        /// Where it was looked for.
        paths: Vec<PathBuf>,
        /// Those that were found, sorted.
        known: Vec<String>,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// What to give for a settings module that is not there.
fn found_instead(module: &str, known: &[String]) -> String {
    let is_path = module.contains(['/', '\\']) || module.ends_with(".py");
    let dotted = module.trim_end_matches(".py").replace(['/', '\\'], ".");
    let near = nearest(&dotted, known.iter().map(String::as_str), |name| name.len() / 4 + 1);
    let meant = match (near, is_path) {
        (Some(near), true) => format!("; a module is named with dots: did you mean {near}?"),
        (Some(near), false) => format!("; did you mean {near}?"),
        (None, true) => "; a module is named with dots, such as config.settings.production".to_owned(),
        (None, false) => String::new(),
    };
    if known.is_empty() { meant } else { format!("{meant}\n  help: found were {}", known.join(", ")) }
}

fn names(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// What is known of the projects under some paths.
pub struct Examined {
    /// The projects.
    pub projects: Vec<ExaminedProject>,
    /// What limits the findings that are of interest.
    scope: Scope,
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
    pub project: Project,
    /// Its settings modules that are judged, each with the application beside it.
    pub modules: Vec<(SettingsModule, Judged)>,
    /// How it is deployed.
    pub deployment: Arc<Deployment>,
    /// How it is judged.
    pub config: Arc<Config>,
}

/// What a run found.
pub struct Report {
    /// What is wrong, sorted by file, offset and rule.
    pub findings: Vec<Finding>,
    /// What comments silence.
    pub suppressed: Vec<Finding>,
    /// Where rules said nothing because something is not known.
    pub silent: Vec<Silent>,
    /// What was judged.
    pub examined: Examined,
}

/// Judges.
pub fn check<'a>(request: &Request, sources: &'a Sources<'a>) -> Result<Report, Error> {
    let trees = Trees::new(sources);
    let examined = examine(request, sources, &trees)?;
    let mut found = Findings::default();
    for project in &examined.projects {
        let each: Vec<Findings> =
            project.modules.par_iter().map(|(_, judged)| run_rules(judged, project, sources)).collect();
        for part in each {
            found.found.extend(part.found);
            found.silent.extend(part.silent);
        }
    }
    found.found.extend(syntax_errors(&examined, &trees));
    let config_of = |place: Place| examined.config_of(&sources.path(place.file));
    for finding in &mut found.found {
        let config = config_of(finding.place);
        if let Some(severity) = config.registry.get(&finding.rule).and_then(|rule| config.severity_of(&rule.page)) {
            finding.severity = severity;
        }
    }
    found.found.retain(|finding| {
        let path = sources.path(finding.place.file);
        let config = examined.config_of(&path);
        !config.registry.get(&finding.rule).is_some_and(|rule| config.is_ignored_in(rule, &path))
    });
    let (mut findings, mut suppressed) = suppress::apply(distinct(found.found, sources), &examined, sources, &trees);
    let scope = &examined.scope;
    findings.retain(|finding| scope.holds(finding, sources));
    suppressed.retain(|finding| scope.holds(finding, sources));
    let mut silent = found.silent;
    silent.retain(|silent| scope.holds_file(silent.place.file, sources));
    silent.sort_by_cached_key(|silent| (sources.path(silent.place.file), silent.place.span, silent.rule.clone()));
    silent.dedup();
    Ok(Report { findings, suppressed, silent, examined })
}

/// Finds the projects and evaluates their settings modules and applications.
pub fn examine<'a>(request: &Request, sources: &'a Sources<'a>, trees: &Trees<'a>) -> Result<Examined, Error> {
    let file_system = sources.file_system();
    let scope = Scope::of(&request.paths, file_system)?;
    let start = scope.start();
    let mut configs = Configs::above(file_system, &start, &request.overrides)?;
    let mut scan = scope.scan(file_system, &configs.of(&start).exclude);
    configs.add(file_system, &scan.files, &request.overrides)?;
    for config in configs.all() {
        scan.leave_out(&config.exclude);
    }
    let mut declared: Vec<String> = configs.all().flat_map(|config| declared_settings(config, sources)).collect();
    declared.sort();
    declared.dedup();
    let found = discover(&scan, trees, &declared);
    for name in &request.overrides.settings {
        if !found.iter().any(|project| project.settings.iter().any(|module| module.name == *name)) {
            let concerned = found.iter().filter(|project| scope.concerns(&project.root));
            let modules = concerned.flat_map(|project| &project.settings);
            let known: BTreeSet<String> = modules.map(|module| module.name.clone()).collect();
            let (module, paths) = (name.clone(), request.paths.clone());
            return Err(Error::NoSuchModule { module, paths, known: known.into_iter().collect() });
        }
    }
    let roots: Vec<PathBuf> = found.iter().map(|project| project.root.clone()).collect();
    let concerned: Vec<Project> = found.into_iter().filter(|project| scope.concerns(&project.root)).collect();
    if concerned.is_empty() && scope.needs_project() {
        return Err(Error::NoProject(request.paths.clone()));
    }
    let committed = scan.files.clone();
    let mut environments = Vec::with_capacity(concerned.len());
    for project in &concerned {
        environments.push(environment(configs.of(&project.root), sources)?);
    }
    let examine = |(project, environment): (Project, Environment)| {
        let config = configs.of(&project.root).clone();
        let deployment = Arc::new(Deployment::of(&project.root, &roots, &scan, sources, &config.declared));
        let mut world = World::new(trees, import_path(&project, &committed));
        world.committed = committed.clone();
        world.environment = environment;
        world.packages = deployment.requirements.pinned();
        let wanted: Vec<&SettingsModule> = project.settings.iter().filter(|module| module.is_judged()).collect();
        let modules = wanted
            .into_par_iter()
            .map(|module| (module.clone(), judge(&world, &project, module, &deployment)))
            .collect();
        ExaminedProject { modules, deployment, config, project }
    };
    let projects: Vec<ExaminedProject> = concerned.into_par_iter().zip(environments).map(examine).collect();
    let mut files = trees.files();
    files.sort_by_cached_key(|file| sources.path(*file));
    let config = configs.of(&start).clone();
    let mut unreadable: BTreeMap<PathBuf, String> =
        scan.errors.into_iter().filter(|(path, _)| scope.holds_path(path)).collect();
    unreadable.extend(sources.unreadable().into_iter().map(|(path, error)| (path, error.to_string())));
    Ok(Examined { projects, scope, files, unreadable: unreadable.into_iter().collect(), config })
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

impl Examined {
    /// The configuration that a file is judged by: that of the innermost project around it.
    pub fn config_of(&self, path: &Path) -> &Config {
        let around = self.projects.iter().filter(|project| path.starts_with(&project.project.root));
        let nearest = around.max_by_key(|project| project.project.root.components().count());
        nearest.map_or(&self.config, |project| &project.config)
    }

    /// Every settings module that was judged, with what belongs to it.
    pub fn modules(&self) -> impl Iterator<Item = &(SettingsModule, Judged)> {
        self.projects.iter().flat_map(|project| &project.modules)
    }
}

fn run_rules(judged: &Judged, project: &ExaminedProject, sources: &Sources) -> Findings {
    let mut findings = Findings::default();
    let context = Context::new(judged, sources);
    for rule in project.config.registry.rules() {
        let applies = judged.settings.is_deployed || rule.page.applies_to == AppliesTo::All;
        if applies && !rule.page.by_engine && project.config.is_selected(rule) {
            rule.run(&context, &mut findings);
        }
    }
    findings
}

/// Files that are reached and are not Python.
fn syntax_errors(examined: &Examined, trees: &Trees) -> Vec<Finding> {
    const RULE: &str = "syntax-error";
    let mut found = Vec::new();
    for &file in &examined.files {
        let Some(tree) = trees.get(file) else { continue };
        let Some(error) = tree.errors.first() else { continue };
        if own_finding_is_wanted(RULE, examined.config_of(&trees.sources.path(file))) {
            let message = format!("Python cannot parse this file: {}", lower_first(&error.message));
            found.push(own_finding(RULE, Severity::Error, Place::new(file, error.span), message));
        }
    }
    found
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

fn own_finding_is_wanted(rule: &str, config: &Config) -> bool {
    config.registry.get(rule).is_some_and(|rule| config.is_selected(rule))
}

/// A finding of the engine's own, about a file rather than a setting.
fn own_finding(rule: &str, severity: Severity, place: Place, message: String) -> Finding {
    Finding {
        rule: rule.into(),
        severity,
        confidence: Confidence::High,
        message,
        help: None,
        place,
        setting: None,
        settings_module: None,
        django_checks: Vec::new(),
        related: Vec::new(),
        fixes: Vec::new(),
        stems_from: Vec::new(),
    }
}

/// Findings in order, each once: what stems from a shared base shows in every module that is built on it.
fn distinct(mut findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    findings.sort_by_cached_key(|finding| {
        let place = finding.place;
        (sources.path(place.file), place.span, finding.rule.clone(), finding.message.clone())
    });
    findings.dedup_by(|later, earlier| {
        let is_same = (&later.rule, later.place, &later.message) == (&earlier.rule, earlier.place, &earlier.message);
        if is_same {
            earlier.severity = earlier.severity.max(later.severity);
            earlier.stems_from.append(&mut later.stems_from);
        }
        is_same
    });
    findings
}
