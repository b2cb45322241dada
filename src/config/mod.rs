//! The configuration: `djudge.toml`, or `[tool.djudge]` in `pyproject.toml`, nearest upward.
//!
//! [`raw`] is what is written, [`Config`] what it means. Every unknown key and value is an error that points into the
//! file.

mod environment;
mod format;
mod origin;
mod raw;
mod resolve;
mod wording;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;

use crate::diagnostic::Severity;
use crate::project::deployment::Declared;
use crate::rule::{Page, Registry, Rule};
use crate::source::{FileSystem, FileTree};
pub use environment::environment;
pub use format::OutputFormat;
pub use origin::{InForce, Origin};
use raw::{PyProject, Raw};
pub use resolve::own_rule;

/// The names of configuration files, the stronger first where both stand in one folder.
pub const FILE_NAMES: [&str; 2] = ["djudge.toml", "pyproject.toml"];

/// How projects are judged.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that it comes from; none for the defaults.
    pub path: Option<PathBuf>,
    /// All rules: the rule book and the project's own.
    pub registry: Arc<Registry>,
    /// What the user says of the deployment.
    pub declared: Declared,
    /// The settings modules that are deployed; none where djudge is to find out.
    pub settings: Vec<String>,
    /// The environment files that the process is started with; a later one wins.
    pub env_files: Vec<EnvFile>,
    /// Only these rules or groups; all where there are none.
    pub select: Vec<String>,
    /// Not these rules or groups.
    pub ignore: Vec<String>,
    /// Rules or groups that are not asked about some files.
    pub per_file_ignores: Vec<PerFileIgnores>,
    /// Severities of rules that differ from their pages'.
    pub severity: Vec<(String, Severity)>,
    /// What is left out.
    pub exclude: GlobSet,
    /// The mildest severity that is shown.
    pub min_severity: Option<Severity>,
    /// The mildest severity that fails the run.
    pub fail_on: Option<Severity>,
    /// The form of the report.
    pub output_format: Option<OutputFormat>,
    /// A file that counts findings which are left out.
    pub baseline: Option<PathBuf>,
    /// Whether to tell where rules said nothing because something is not known.
    pub show_silent: bool,
    /// Whether to add how many findings each rule has.
    pub statistics: bool,
    /// Whether what is excluded is left out even where it is given by name.
    pub force_exclude: bool,
    /// Whether findings do not make the run fail.
    pub exit_zero: bool,
    /// What is in force besides the defaults, and where each value stands, in the order of the keys.
    pub in_force: Vec<InForce>,
}

/// Rules or groups that are not asked about the files that match.
#[derive(Debug, Clone)]
pub struct PerFileIgnores {
    files: GlobSet,
    rules: Vec<String>,
}

/// What the command line says, which goes before every configuration file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// The one configuration file to use.
    pub config: Option<PathBuf>,
    /// Use none at all.
    pub isolated: bool,
    /// Only these rules or groups.
    pub select: Vec<String>,
    /// Not these rules or groups.
    pub ignore: Vec<String>,
    /// The settings modules that are deployed.
    pub settings: Vec<String>,
    /// The environment files that the process is started with, instead of those that the configuration names.
    pub env_files: Vec<PathBuf>,
    /// Leave out what is excluded even where it is given by name.
    pub force_exclude: bool,
}

/// An environment file that the process is started with.
#[derive(Debug, Clone)]
pub struct EnvFile {
    /// Where it is.
    pub path: PathBuf,
    /// Where the configuration names it: the file, its text, and the bytes in it. None for the command line.
    pub named_at: Option<(PathBuf, Arc<str>, Range<usize>)>,
}

/// What is wrong with a configuration file, a rule page, or the command line's names.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
    /// Where: the file, its text, and the bytes in it. None for what was given on the command line.
    pub place: Option<(PathBuf, Arc<str>, Range<usize>)>,
}

impl Config {
    /// The defaults.
    ///
    /// # Errors
    /// When a page of the rule book is broken.
    pub fn default_for(overrides: &Overrides) -> Result<Self, ConfigError> {
        let file = resolve::File { path: Path::new(""), text: "".into(), is_default: true };
        resolve::resolve(Raw::default(), &file, None, overrides)
    }

    /// Whether a rule is in use.
    pub fn is_selected(&self, rule: &Rule) -> bool {
        let is_named = |list: &[String]| list.iter().any(|selector| rule.is_selected_by(selector));
        (self.select.is_empty() || is_named(&self.select)) && !is_named(&self.ignore)
    }

    /// Whether a rule's findings in a file are left out.
    pub fn is_ignored_in(&self, rule: &Rule, path: &Path) -> bool {
        let names = |ignores: &PerFileIgnores| ignores.rules.iter().any(|selector| rule.is_selected_by(selector));
        self.per_file_ignores.iter().any(|ignores| names(ignores) && ignores.files.is_match(path))
    }

    /// The severity that a rule's findings have whatever its page says.
    pub fn severity_of(&self, page: &Page) -> Option<Severity> {
        self.severity.iter().find(|(rule, _)| rule == page.id.as_ref()).map(|(_, severity)| *severity)
    }
}

/// The configurations of a run: each folder is judged by the nearest one upward.
#[derive(Debug, Clone)]
pub struct Configs {
    /// By folder; sorted.
    below: Vec<(PathBuf, Arc<Config>)>,
    default: Arc<Config>,
}

impl Configs {
    /// The configuration files in the folders from `folder` upward.
    pub fn above(file_system: &dyn FileSystem, folder: &Path, overrides: &Overrides) -> Result<Self, ConfigError> {
        let mut configs = Self { below: Vec::new(), default: Arc::new(Config::default_for(overrides)?) };
        if let Some(path) = &overrides.config {
            let config = read(file_system, path, overrides)?;
            let missing = || ConfigError {
                message: format!("{} holds no configuration of djudge", path.display()),
                help: Some("give a djudge.toml, or a pyproject.toml with [tool.djudge]".to_owned()),
                place: None,
            };
            configs.default = Arc::new(config.ok_or_else(missing)?);
            return Ok(configs);
        }
        if !overrides.isolated {
            for folder in folder.ancestors() {
                if let Some(config) = in_folder(file_system, folder, overrides)? {
                    configs.below.push((folder.to_path_buf(), Arc::new(config)));
                    break;
                }
            }
        }
        Ok(configs)
    }

    /// Adds those among the files of a scan.
    pub fn add(
        &mut self,
        file_system: &dyn FileSystem,
        files: &FileTree,
        overrides: &Overrides,
    ) -> Result<(), ConfigError> {
        if overrides.isolated || overrides.config.is_some() {
            return Ok(());
        }
        let mut paths: Vec<PathBuf> = FILE_NAMES.iter().flat_map(|name| files.ending(Path::new(name))).collect();
        paths.sort();
        for path in &paths {
            let Some(folder) = path.parent() else { continue };
            if self.below.iter().all(|(known, _)| known != folder)
                && let Some(config) = in_folder(file_system, folder, overrides)?
            {
                self.below.push((folder.to_path_buf(), Arc::new(config)));
            }
        }
        Ok(())
    }

    /// The configuration of a folder or file: the nearest upward.
    pub fn of(&self, path: &Path) -> &Arc<Config> {
        let above = self.below.iter().filter(|(folder, _)| path.starts_with(folder));
        above.max_by_key(|(folder, _)| folder.components().count()).map_or(&self.default, |(_, config)| config)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Config>> {
        self.below.iter().map(|(_, config)| config).chain([&self.default])
    }
}

fn in_folder(
    file_system: &dyn FileSystem,
    folder: &Path,
    overrides: &Overrides,
) -> Result<Option<Config>, ConfigError> {
    for name in FILE_NAMES {
        let path = folder.join(name);
        if file_system.is_file(&path)
            && let Some(config) = read(file_system, &path, overrides)?
        {
            return Ok(Some(config));
        }
    }
    Ok(None)
}

/// The configuration in a file; none in a `pyproject.toml` that has nothing for djudge.
fn read(file_system: &dyn FileSystem, path: &Path, overrides: &Overrides) -> Result<Option<Config>, ConfigError> {
    let plain = |message: String| ConfigError { message, help: None, place: None };
    let bytes = file_system.read(path).map_err(|error| plain(format!("{} cannot be read: {error}", path.display())))?;
    let text: Arc<str> =
        String::from_utf8(bytes).map_err(|_| plain(format!("{} is not UTF-8", path.display())))?.into();
    let is_pyproject = path.file_name().is_some_and(|name| name == "pyproject.toml");
    if is_pyproject && !text.contains("djudge") {
        return Ok(None);
    }
    let parsed = match is_pyproject {
        true => toml::from_str::<PyProject>(&text).map(|file| file.tool.djudge),
        false => toml::from_str::<Raw>(&text).map(Some),
    };
    let file = resolve::File { path, text: text.clone(), is_default: false };
    match parsed {
        Ok(None) => Ok(None),
        Ok(Some(raw)) => resolve::resolve(raw, &file, Some(file_system), overrides).map(Some),
        Err(error) => {
            let (message, help) = wording::worded(error.message());
            Err(ConfigError { help, ..file.error(message, error.span().unwrap_or_default()) })
        }
    }
}
