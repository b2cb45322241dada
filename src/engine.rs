//! The pipeline: from paths to findings.
//!
//! The command line, the editor and every test call [`check`]; `show` calls [`examine`], its first half.

mod add_ignores;
mod baseline;
mod cache;
mod examine;
mod example;
mod fix;
mod patch;
mod scope;
mod suppress;

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, ConfigError, Overrides};
use crate::diagnostic::{Confidence, Finding, Severity, Silent};
use crate::eval::Trees;
use crate::project::judged::Judged;
use crate::project::spelling::nearest;
use crate::rule::{AppliesTo, Context, Findings, PythonTexts};
use crate::source::{FileId, Place, Sources};
pub use add_ignores::{Ignores, comments};
pub use baseline::{Baseline, Stale};
pub use cache::Cache;
pub use examine::{Examined, ExaminedProject, examine, roots};
pub use example::{fix_example, project_of, run_example};
pub use fix::{Fixed, FixedFile, Made, fix};
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
    let begun = known.iter().find(|name| !dotted.is_empty() && name.starts_with(&dotted)).map(String::as_str);
    let near = begun.or_else(|| nearest(&dotted, known.iter().map(String::as_str), |name| name.len() / 4 + 1));
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
///
/// # Errors
/// When nothing can be judged.
pub fn check<'a>(request: &Request, sources: &'a Sources<'a>) -> Result<Report, Error> {
    check_again(request, &Trees::new(sources), &mut Cache::default())
}

/// The same, with what earlier runs of the request found out.
///
/// # Errors
/// When nothing can be judged.
pub fn check_again(request: &Request, trees: &Trees, cache: &mut Cache) -> Result<Report, Error> {
    let sources = trees.sources;
    let examined = examine(request, trees, cache)?;
    let mut found = Findings::default();
    for project in &examined.projects {
        for part in findings_of(project, sources, cache) {
            found.found.extend(part.found);
            found.silent.extend(part.silent);
        }
    }
    found.found.extend(syntax_errors(&examined, trees));
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
    let (mut findings, mut suppressed) = suppress::apply(distinct(found.found, sources), &examined, sources, trees);
    let scope = &examined.scope;
    findings.retain(|finding| scope.holds(finding, sources));
    suppressed.retain(|finding| scope.holds(finding, sources));
    let mut silent = found.silent;
    silent.retain(|silent| scope.holds_file(silent.place.file, sources));
    silent.sort_by_cached_key(|silent| (sources.path(silent.place.file), silent.place.span, silent.rule.clone()));
    silent.dedup();
    Ok(Report { findings, suppressed, silent, examined })
}

/// What the rules say of each settings module of a project.
fn findings_of(project: &ExaminedProject, sources: &Sources, cache: &mut Cache) -> Vec<Findings> {
    if !cache.is_for_many_runs() {
        let texts = PythonTexts::default();
        let run = |(_, judged): &(_, Arc<Judged>)| run_rules(judged, project, sources, Some(&texts));
        return project.modules.par_iter().map(run).collect();
    }
    let known = &cache.modules;
    let each: Vec<(Findings, Option<Vec<FileId>>)> = project
        .modules
        .par_iter()
        .map(|(module, judged)| match known.findings(&project.project.root, &module.name) {
            Some(findings) => (findings.clone(), None),
            None => {
                let sources = sources.recording();
                let findings = run_rules(judged, project, &sources, None);
                (findings, Some(sources.asked()))
            }
        })
        .collect();
    let mut all = Vec::with_capacity(each.len());
    for ((module, _), (findings, read)) in project.modules.iter().zip(each) {
        if let Some(read) = read {
            cache.modules.keep_findings(&project.project.root, &module.name, findings.clone(), read);
        }
        all.push(findings);
    }
    all
}

fn run_rules(judged: &Judged, project: &ExaminedProject, sources: &Sources, texts: Option<&PythonTexts>) -> Findings {
    let mut findings = Findings::default();
    let context = Context::new(judged, sources, texts);
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
        let Some(error) = trees.first_error(file) else { continue };
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
