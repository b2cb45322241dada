//! From what is written to what it means.

use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use pep440_rs::Version;
use toml::Spanned;

use super::origin::in_force;
use super::raw::Raw;
use super::wording::did_you_mean;
use super::{Config, ConfigError, EnvFile, OutputFormat, Overrides, PerFileIgnores};
use crate::diagnostic::Severity;
use crate::project::deployment::{Declared, Server};
use crate::project::proxy::platform::{PLATFORMS, platform};
use crate::project::spelling::nearest;
use crate::rule::{Page, Registry, Rule};
use crate::rules;
use crate::source::FileSystem;

/// The file that a configuration is read from.
pub struct File<'a> {
    pub path: &'a Path,
    pub text: Arc<str>,
    pub is_default: bool,
}

impl File<'_> {
    /// An error at some bytes of the file.
    pub fn error(&self, message: String, span: Range<usize>) -> ConfigError {
        ConfigError { message, help: None, place: Some((self.path.to_path_buf(), self.text.clone(), span)) }
    }

    /// Where relative paths begin.
    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    fn invalid<T>(&self, message: String, value: &Spanned<T>, help: Option<String>) -> ConfigError {
        ConfigError { help, ..self.error(message, value.span()) }
    }
}

/// Works out what a configuration means.
pub fn resolve(
    raw: Raw,
    file: &File,
    file_system: Option<&dyn FileSystem>,
    overrides: &Overrides,
) -> Result<Config, ConfigError> {
    let registry = match raw.rules.is_empty() {
        true => book()?,
        false => Arc::new(with_own(&raw.rules, file, file_system)?),
    };
    let declared = Declared {
        platform: raw.platform.as_ref().map(|name| platform_of(name, file)).transpose()?,
        server: raw.server.as_ref().map(|name| server_of(name, file)).transpose()?,
        processes: raw.processes.as_ref().map(|processes| processes_of(processes, file)).transpose()?,
        django: raw.django.as_ref().map(|text| version_of(text, file)).transpose()?,
    };
    for selector in raw.select.iter().chain(&raw.ignore) {
        known_rule(&registry, selector.get_ref()).map_err(|(message, help)| file.invalid(message, selector, help))?;
    }
    for selector in overrides.select.iter().chain(&overrides.ignore) {
        // A rule of one project's own need not be known to the others.
        if !selector.starts_with("local/") {
            known_rule(&registry, selector).map_err(|(message, help)| ConfigError { message, help, place: None })?;
        }
    }
    let mut severity = Vec::new();
    for (rule, value) in &raw.severity {
        let name = rule.get_ref();
        if registry.get(name).is_none() {
            return Err(file.invalid(format!("there is no rule {name:?}"), rule, Some(registry.hint(name))));
        }
        severity.push((name.clone(), severity_of(value, file)?));
    }
    let in_force = in_force(&raw, file, overrides);
    let per_file_ignores = per_file_ignores(&raw, file, &registry)?;
    let given = |list: &[Spanned<String>]| list.iter().map(|item| item.get_ref().clone()).collect::<Vec<_>>();
    let stronger = |over: &[String], own: Vec<String>| if over.is_empty() { own } else { over.to_vec() };
    let mut ignore = given(&raw.ignore);
    ignore.extend(overrides.ignore.iter().cloned());
    Ok(Config {
        path: (!file.is_default).then(|| file.path.to_path_buf()),
        registry,
        declared,
        settings: stronger(&overrides.settings, given(&raw.settings)),
        env_files: env_files(&raw.env_files, file, overrides),
        select: stronger(&overrides.select, given(&raw.select)),
        ignore,
        per_file_ignores,
        severity,
        exclude: globs(&raw.exclude, file)?,
        min_severity: raw.min_severity.as_ref().map(|value| severity_of(value, file)).transpose()?,
        fail_on: raw.fail_on.as_ref().map(|value| severity_of(value, file)).transpose()?,
        output_format: raw.output_format.as_ref().map(|value| format_of(value, file)).transpose()?,
        baseline: raw.baseline.as_ref().map(|path| file.folder().join(path.get_ref())),
        show_silent: is_on(&raw.show_silent),
        statistics: is_on(&raw.statistics),
        force_exclude: overrides.force_exclude || is_on(&raw.force_exclude),
        exit_zero: is_on(&raw.exit_zero),
        in_force,
    })
}

fn per_file_ignores(raw: &Raw, file: &File, registry: &Registry) -> Result<Vec<PerFileIgnores>, ConfigError> {
    let mut found = Vec::new();
    for (files, rules) in &raw.per_file_ignores {
        for rule in rules {
            known_rule(registry, rule.get_ref()).map_err(|(message, help)| file.invalid(message, rule, help))?;
        }
        let rules = rules.iter().map(|rule| rule.get_ref().clone()).collect();
        found.push(PerFileIgnores { files: globs(std::slice::from_ref(files), file)?, rules });
    }
    Ok(found)
}

/// The environment files of the command line; else those of the configuration, beside which relative paths begin.
fn env_files(named: &[Spanned<String>], file: &File, overrides: &Overrides) -> Vec<EnvFile> {
    if !overrides.env_files.is_empty() {
        return overrides.env_files.iter().map(|path| EnvFile { path: path.clone(), named_at: None }).collect();
    }
    let folder = file.folder();
    let named = named.iter().map(|name| EnvFile {
        path: folder.join(name.get_ref()),
        named_at: Some((file.path.to_path_buf(), file.text.clone(), name.span())),
    });
    named.collect()
}

/// The rule book, read once.
fn book() -> Result<Arc<Registry>, ConfigError> {
    static BOOK: OnceLock<Result<Arc<Registry>, ConfigError>> = OnceLock::new();
    let read = || {
        let rules = rules::book().map_err(|(path, error)| ConfigError {
            message: format!("{path}: {error}"),
            help: Some("this is a mistake in djudge itself".to_owned()),
            place: None,
        })?;
        Ok(Arc::new(Registry::new(rules)))
    };
    BOOK.get_or_init(read).clone()
}

/// The rule book and the pages that the patterns match.
fn with_own(
    patterns: &[Spanned<String>],
    file: &File,
    file_system: Option<&dyn FileSystem>,
) -> Result<Registry, ConfigError> {
    let mut rules: Vec<Rule> = book()?.rules().to_vec();
    let (Some(file_system), Some(folder)) = (file_system, file.path.parent()) else { return Ok(Registry::new(rules)) };
    for pattern in patterns {
        let matcher = globs(std::slice::from_ref(pattern), file)?;
        // The walk starts in the folder before the first part with a wildcard.
        let fixed = pattern.get_ref().split('/').take_while(|part| !part.contains(['*', '?', '[', '{']));
        let start = folder.join(fixed.collect::<std::path::PathBuf>());
        let pages: Vec<_> = match file_system.is_file(&start) {
            true => vec![start],
            false => file_system.walk(&start, &GlobSet::empty(), &()).files.iter().collect(),
        };
        let pages: Vec<_> = pages.into_iter().filter(|path| matcher.is_match(path)).collect();
        if pages.is_empty() {
            let help = "`djudge rules new NAME` writes a page into lint/".to_owned();
            return Err(file.invalid(format!("no rule page matches {:?}", pattern.get_ref()), pattern, Some(help)));
        }
        for path in pages {
            rules.push(own_rule(file_system, &path)?);
        }
    }
    Ok(Registry::new(rules))
}

/// A rule of the project's own: a page with a condition.
pub fn own_rule(file_system: &dyn FileSystem, path: &Path) -> Result<Rule, ConfigError> {
    let plain = |message: String| ConfigError { message, help: None, place: None };
    let bytes = file_system.read(path).map_err(|error| plain(format!("{} cannot be read: {error}", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|_| plain(format!("{} is not UTF-8", path.display())))?;
    let text = text.replace("\r\n", "\n");
    let source: Arc<str> = text.as_str().into();
    let at = |message: String, span: Range<usize>| ConfigError {
        message,
        help: None,
        place: Some((path.to_path_buf(), source.clone(), span)),
    };
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let page = Page::parse(stem, &text, Some(path.to_path_buf())).map_err(|error| at(error.message, error.span))?;
    if page.condition.is_none() {
        let title_end = page.text.find('\n').unwrap_or(page.text.len());
        return Err(at("a rule of one's own needs a condition, [when]".to_owned(), 0..title_end));
    }
    Ok(Rule { page, check: None })
}

/// Whether a selector names anything; otherwise what to say.
fn known_rule(registry: &Registry, selector: &str) -> Result<(), (String, Option<String>)> {
    if registry.knows(selector) {
        return Ok(());
    }
    Err((format!("there is no rule or group {selector:?}"), Some(registry.hint_of_selector(selector))))
}

fn globs(patterns: &[Spanned<String>], file: &File) -> Result<GlobSet, ConfigError> {
    let folder = file.folder().to_string_lossy();
    let folder = globset::escape(&folder);
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let written = pattern.get_ref().trim_end_matches('/');
        // A pattern without a slash holds at every depth, as in .gitignore.
        let whole = match written.strip_prefix("./").unwrap_or(written) {
            rooted if rooted.contains('/') => format!("{folder}/{}", rooted.trim_start_matches('/')),
            name => format!("{folder}/**/{name}"),
        };
        let glob = GlobBuilder::new(&whole).literal_separator(true).build();
        set.add(glob.map_err(|error| {
            let message = format!("this is no pattern of files: {}", error.kind());
            file.invalid(message, pattern, Some("write `legacy/`, `*.py` or `config/*.py`".to_owned()))
        })?);
    }
    set.build().map_err(|error| file.error(error.to_string(), 0..0))
}

fn platform_of(
    name: &Spanned<String>,
    file: &File,
) -> Result<&'static crate::project::proxy::platform::Platform, ConfigError> {
    platform(name.get_ref()).ok_or_else(|| {
        let names: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
        let help = one_of(name.get_ref(), &names);
        file.invalid(format!("there is no platform {:?}", name.get_ref()), name, Some(help))
    })
}

fn server_of(name: &Spanned<String>, file: &File) -> Result<Server, ConfigError> {
    Server::ALL.into_iter().find(|server| server.name() == name.get_ref()).ok_or_else(|| {
        let names = Server::ALL.map(|server| server.name());
        let help = one_of(name.get_ref(), &names);
        file.invalid(format!("there is no server {:?}", name.get_ref()), name, Some(help))
    })
}

fn version_of(text: &Spanned<String>, file: &File) -> Result<Version, ConfigError> {
    Version::from_str(text.get_ref()).map_err(|_| {
        file.invalid(format!("{:?} is no version", text.get_ref()), text, Some("write it as \"5.2\"".to_owned()))
    })
}

fn severity_of(value: &Spanned<String>, file: &File) -> Result<Severity, ConfigError> {
    value.get_ref().parse().map_err(|message| {
        let meant = nearest(value.get_ref(), Severity::ALL.map(Severity::name), |_| 3).map(did_you_mean);
        file.invalid(message, value, meant)
    })
}

fn format_of(value: &Spanned<String>, file: &File) -> Result<OutputFormat, ConfigError> {
    let names = OutputFormat::ALL.map(OutputFormat::name);
    value.get_ref().parse().map_err(|message| file.invalid(message, value, Some(one_of(value.get_ref(), &names))))
}

fn processes_of(value: &Spanned<u32>, file: &File) -> Result<u32, ConfigError> {
    match *value.get_ref() {
        0 => Err(file.invalid("it is a whole number from 1".to_owned(), value, None)),
        processes => Ok(processes),
    }
}

fn is_on(value: &Option<Spanned<bool>>) -> bool {
    value.as_ref().is_some_and(|value| *value.get_ref())
}

/// The name that is meant, or all that there are.
fn one_of(wrong: &str, names: &[&str]) -> String {
    let meant = nearest(wrong, names.iter().copied(), |_| wrong.len().max(6) / 3);
    meant.map_or_else(|| format!("it is one of {}", names.join(", ")), did_you_mean)
}
