//! Which packages a project requires, and in which versions: requirement files, `pyproject.toml`, lock files.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pep440_rs::{Operator, Version, VersionSpecifiers};

use crate::source::absolute;

/// A required package.
#[derive(Debug, Clone, Default)]
pub struct Requirement {
    /// The one version that a lock file or `==` allows.
    pub pinned: Option<Version>,
    /// What else the requirements say of its version.
    pub specifiers: Vec<VersionSpecifiers>,
}

/// The packages that a project requires, by normalized name.
#[derive(Debug, Clone, Default)]
pub struct Requirements {
    packages: BTreeMap<String, Requirement>,
}

/// Whether the files may be read as requirements.
pub fn is_requirement_file(path: &Path) -> bool {
    kind(path).is_some()
}

/// The same of a file in a folder.
pub fn is_requirement_file_in(folder: &Path, name: &OsStr) -> bool {
    kind_of(folder, name).is_some()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Lines,
    Project,
    Pipfile,
    TomlLock,
    PipfileLock,
    SetupCfg,
}

fn kind(path: &Path) -> Option<FileKind> {
    kind_of(path.parent().unwrap_or(Path::new("")), path.file_name()?)
}

fn kind_of(folder: &Path, name: &OsStr) -> Option<FileKind> {
    const ENDS: [&str; 6] = [".toml", "pipfile", ".lock", ".cfg", ".txt", ".in"];
    let name = name.to_str()?;
    let is_end = |end: &&str| {
        let at = name.len().checked_sub(end.len());
        at.is_some_and(|at| name.as_bytes()[at..].eq_ignore_ascii_case(end.as_bytes()))
    };
    ENDS.iter().find(|end| is_end(end))?;
    let name = name.to_ascii_lowercase();
    let folder = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_text = name.ends_with(".txt") || name.ends_with(".in");
    match name.as_str() {
        "pyproject.toml" => Some(FileKind::Project),
        "pipfile" => Some(FileKind::Pipfile),
        "pipfile.lock" => Some(FileKind::PipfileLock),
        "poetry.lock" | "uv.lock" | "pdm.lock" => Some(FileKind::TomlLock),
        "setup.cfg" => Some(FileKind::SetupCfg),
        _ if is_text && (name.contains("requirement") || folder.contains("requirement") || folder == "reqs") => {
            Some(FileKind::Lines)
        }
        _ => None,
    }
}

/// The further files that a requirement file names with `-r` or `-c`.
pub fn references<'t>(path: &'t Path, text: &'t str) -> impl Iterator<Item = PathBuf> + 't {
    const OPTIONS: [&str; 4] = ["--requirement", "--constraint", "-r", "-c"];
    let lines = if kind(path) == Some(FileKind::Lines) { text } else { "" }.lines();
    let named = lines.filter_map(|line| {
        let line = line.split(" #").next().unwrap_or_default().trim();
        let rest = OPTIONS.iter().find_map(|option| line.strip_prefix(option))?;
        Some(rest.trim_start_matches([' ', '\t', '=']).trim()).filter(|name| !name.is_empty())
    });
    named.filter_map(|name| path.parent().map(|folder| absolute(&folder.join(name))))
}

/// A name as PEP 503 normalizes it.
pub fn normalized(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    for character in name.trim().chars() {
        match character {
            '-' | '_' | '.' if normalized.ends_with('-') => {}
            '-' | '_' | '.' => normalized.push('-'),
            other => normalized.extend(other.to_lowercase()),
        }
    }
    normalized
}

impl Requirements {
    /// Adds what a file requires; a file of another kind adds nothing.
    pub fn add_file(&mut self, path: &Path, text: &str) {
        match kind(path) {
            Some(FileKind::Lines) => text.lines().for_each(|line| self.add_line(line)),
            Some(FileKind::SetupCfg) => self.add_setup_cfg(text),
            Some(FileKind::Project) => self.add_project(text),
            Some(FileKind::Pipfile) => self.add_pipfile(text),
            Some(FileKind::TomlLock) => self.add_toml_lock(text),
            Some(FileKind::PipfileLock) => self.add_pipfile_lock(text),
            None => {}
        }
    }

    /// Says which version of a package is in use, whatever the files say.
    pub fn declare(&mut self, name: &str, version: &Version) {
        let requirement = Requirement { pinned: Some(version.clone()), specifiers: Vec::new() };
        self.packages.insert(normalized(name), requirement);
    }

    /// Whether nothing is known of what is required.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// A required package.
    pub fn get(&self, name: &str) -> Option<&Requirement> {
        self.packages.get(name)
    }

    /// The version that a package is pinned to.
    pub fn pinned_version(&self, name: &str) -> Option<&Version> {
        self.get(name)?.pinned.as_ref()
    }

    /// All packages, each with the version that it is pinned to.
    pub fn pinned(&self) -> BTreeMap<String, Option<Version>> {
        self.packages.iter().map(|(name, requirement)| (name.clone(), requirement.pinned.clone())).collect()
    }

    /// Whether the version of a package is `bound` or later. None where the requirements leave it open.
    pub fn at_least(&self, name: &str, bound: &str) -> Option<bool> {
        let bound = Version::from_str(bound).ok()?;
        let requirement = self.packages.get(name)?;
        if let Some(pinned) = &requirement.pinned {
            return Some(*pinned >= bound);
        }
        let specifiers = requirement.specifiers.iter().flat_map(|specifiers| specifiers.iter());
        for specifier in specifiers {
            let version = specifier.version();
            match specifier.operator() {
                Operator::GreaterThanEqual | Operator::GreaterThan if *version >= bound => return Some(true),
                Operator::TildeEqual | Operator::EqualStar if *version >= bound => return Some(true),
                Operator::LessThan if *version <= bound => return Some(false),
                Operator::LessThanEqual if *version < bound => return Some(false),
                Operator::EqualStar
                    // `4.2.*` is below 5.0, and 4.2.3 is undecided.
                    if release_below(version.release(), bound.release()) => {
                        return Some(false);
                    }
                Operator::TildeEqual => {
                    let release = version.release();
                    if release_below(&release[..release.len().saturating_sub(1)], bound.release()) {
                        return Some(false);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn add(&mut self, name: &str, specifiers: &str) {
        let name = normalized(name);
        if name.is_empty() {
            return;
        }
        let requirement = self.packages.entry(name).or_default();
        let Ok(parsed) = VersionSpecifiers::from_str(specifiers.trim()) else { return };
        for specifier in parsed.iter() {
            if matches!(specifier.operator(), Operator::Equal | Operator::ExactEqual) {
                requirement.pinned = Some(specifier.version().clone());
            }
        }
        if !parsed.is_empty() {
            requirement.specifiers.push(parsed);
        }
    }

    fn pin(&mut self, name: &str, version: &str) {
        let requirement = self.packages.entry(normalized(name)).or_default();
        if let Ok(version) = Version::from_str(version.trim_start_matches('=')) {
            requirement.pinned = Some(version);
        }
    }

    /// A requirement as PEP 508 writes it; options and references to other files are passed over.
    fn add_line(&mut self, line: &str) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with(['-', '#']) {
            return;
        }
        let requirement = line.split(';').next().unwrap_or_default();
        let name_end = requirement
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            .unwrap_or(requirement.len());
        let (name, mut rest) = requirement.split_at(name_end);
        rest = rest.trim_start();
        if let Some(extras) = rest.strip_prefix('[') {
            let (extras, after) = extras.split_once(']').unwrap_or((extras, ""));
            for extra in extras.split(',') {
                // `channels[daphne]` brings daphne, `uvicorn[standard]` brings websockets.
                match (normalized(name).as_str(), extra.trim()) {
                    ("channels", "daphne") => self.add("daphne", ""),
                    ("uvicorn", "standard") => self.add("websockets", ""),
                    _ => {}
                }
            }
            rest = after;
        }
        // ` --hash=…`, ` \` and a direct reference (`name @ url`) say nothing of the version.
        let specifiers = rest.split(" --").next().unwrap_or_default().trim_end_matches('\\').trim();
        let specifiers = specifiers.trim_start_matches('(').trim_end_matches(')');
        self.add(name, if specifiers.starts_with('@') { "" } else { specifiers });
    }

    fn add_project(&mut self, text: &str) {
        let Ok(project) = text.parse::<toml::Table>() else { return };
        let lists = [
            project.get("project").and_then(|table| table.get("dependencies")),
            project.get("tool").and_then(|table| table.get("pdm")).and_then(|table| table.get("dependencies")),
        ];
        let optional = project.get("project").and_then(|table| table.get("optional-dependencies"));
        let groups = project.get("dependency-groups");
        let grouped = [optional, groups].into_iter().flatten().filter_map(toml::Value::as_table);
        let grouped = grouped.flat_map(|table| table.values());
        for requirement in lists.into_iter().flatten().chain(grouped).filter_map(toml::Value::as_array).flatten() {
            if let Some(line) = requirement.as_str() {
                self.add_line(line);
            }
        }
        if let Some(poetry) = project.get("tool").and_then(|tool| tool.get("poetry")) {
            let groups = poetry.get("group").and_then(toml::Value::as_table);
            let tables = [poetry.get("dependencies"), poetry.get("dev-dependencies")].into_iter().flatten();
            let tables = tables.chain(
                groups.into_iter().flat_map(|groups| groups.values()).filter_map(|group| group.get("dependencies")),
            );
            for table in tables.filter_map(toml::Value::as_table) {
                self.add_table(table);
            }
        }
    }

    /// A table of names and versions, as Poetry and Pipenv write them.
    fn add_table(&mut self, table: &toml::Table) {
        for (name, value) in table {
            if name == "python" {
                continue;
            }
            let version = value.as_str().or_else(|| value.get("version").and_then(toml::Value::as_str)).unwrap_or("*");
            let extras = value.get("extras").and_then(toml::Value::as_array).into_iter().flatten();
            let extras: Vec<&str> = extras.filter_map(toml::Value::as_str).collect();
            self.add_line(&format!("{name}[{}]{}", extras.join(","), poetry_specifiers(version)));
        }
    }

    fn add_pipfile(&mut self, text: &str) {
        let Ok(pipfile) = text.parse::<toml::Table>() else { return };
        for section in ["packages", "dev-packages"] {
            if let Some(table) = pipfile.get(section).and_then(toml::Value::as_table) {
                self.add_table(table);
            }
        }
    }

    fn add_toml_lock(&mut self, text: &str) {
        let Ok(lock) = text.parse::<toml::Table>() else { return };
        for package in lock.get("package").and_then(toml::Value::as_array).into_iter().flatten() {
            let field = |name: &str| package.get(name).and_then(toml::Value::as_str);
            if let (Some(name), Some(version)) = (field("name"), field("version")) {
                self.pin(name, version);
            }
        }
    }

    fn add_pipfile_lock(&mut self, text: &str) {
        let Ok(lock) = serde_json::from_str::<serde_json::Value>(text) else { return };
        for section in ["default", "develop"] {
            for (name, package) in lock.get(section).and_then(|section| section.as_object()).into_iter().flatten() {
                if let Some(version) = package.get("version").and_then(|version| version.as_str()) {
                    self.pin(name, version);
                }
            }
        }
    }

    fn add_setup_cfg(&mut self, text: &str) {
        let mut is_requires = false;
        for line in text.lines() {
            if let Some((name, value)) = line.split_once('=')
                && !line.starts_with([' ', '\t'])
            {
                is_requires = name.trim() == "install_requires";
                if is_requires {
                    self.add_line(value.trim());
                }
            } else if line.starts_with('[') {
                is_requires = false;
            } else if is_requires {
                self.add_line(line.trim());
            }
        }
    }
}

/// Poetry's `^4.2` and `~4.2` and bare `4.2`, and `*`, as PEP 440 writes them.
fn poetry_specifiers(version: &str) -> String {
    let parts: Vec<String> = version.split(',').map(|part| poetry_specifier(part.trim())).collect();
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(",")
}

fn poetry_specifier(version: &str) -> String {
    let bump = |release: &str, at: usize| {
        let mut parts: Vec<u64> = release.split('.').map(|part| part.parse().unwrap_or(0)).collect();
        parts.truncate(at + 1);
        if let Some(last) = parts.last_mut() {
            *last += 1;
        }
        parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
    };
    match version.chars().next() {
        None | Some('*') => String::new(),
        Some('^') => {
            let release = &version[1..];
            let first = release.split('.').position(|part| part != "0").unwrap_or(0);
            format!(">={release},<{}", bump(release, first))
        }
        Some('~') if !version.starts_with("~=") => {
            let release = &version[1..];
            format!(">={release},<{}", bump(release, release.matches('.').count().min(1)))
        }
        Some(digit) if digit.is_ascii_digit() => format!("=={version}"),
        _ => version.to_owned(),
    }
}

/// Whether every version that begins with `prefix` is below `bound`.
fn release_below(prefix: &[u64], bound: &[u64]) -> bool {
    for (index, part) in prefix.iter().enumerate() {
        match part.cmp(bound.get(index).unwrap_or(&0)) {
            std::cmp::Ordering::Less => return true,
            std::cmp::Ordering::Greater => return false,
            std::cmp::Ordering::Equal => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(name: &str, text: &str) -> Requirements {
        let mut requirements = Requirements::default();
        requirements.add_file(Path::new(name), text);
        requirements
    }

    #[test]
    fn lines_ok() {
        let found = from(
            "requirements/base.txt",
            "# comment\nDjango==4.2.3  # why\nchannels[daphne]>=4,<5 ; python_version > '3'\n-r x.txt\nredis_py ~= 5.0\nfoo @ git+https://x\nbar==1.0 \\\n    --hash=sha256:aa\n",
        );
        assert_eq!(found.get("django").unwrap().pinned, Version::from_str("4.2.3").ok());
        assert!(found.get("daphne").is_some() && found.get("foo").is_some() && found.get("redis-py").is_some());
        assert_eq!(found.get("bar").unwrap().pinned, Version::from_str("1.0").ok());
        assert_eq!(found.at_least("channels", "4"), Some(true));
        assert_eq!(found.at_least("channels", "5"), Some(false));
        assert_eq!(found.at_least("channels", "4.1"), None);
        assert_eq!(found.at_least("redis-py", "6"), Some(false));
        assert_eq!(found.at_least("redis-py", "5.2"), None);
        assert_eq!(found.at_least("absent", "1"), None);
    }

    #[test]
    fn toml_ok() {
        let project = "[project]\ndependencies = ['Django>=5.1']\n[tool.poetry.dependencies]\npython = '^3.11'\nchannels = '^4.0'\nuvicorn = {version = '0.30', extras = ['standard']}\n";
        let found = from("pyproject.toml", project);
        assert_eq!(found.at_least("django", "5.1"), Some(true));
        assert_eq!(found.at_least("channels", "5"), Some(false));
        assert!(found.get("websockets").is_some() && found.get("python").is_none());
        let lock = from("uv.lock", "[[package]]\nname = 'channels'\nversion = '4.2.0'\n");
        assert_eq!(lock.at_least("channels", "4.1"), Some(true));
        assert!(from("pyproject.toml", "not toml [").is_empty());
    }

    #[test]
    fn references_ok() {
        let text = "-r base.txt\n--requirement=../all.txt # both\n-c c.txt\ndjango\n-e .\n";
        let named: Vec<PathBuf> = references(Path::new("/p/requirements/prod.txt"), text).collect();
        assert_eq!(named, ["/p/requirements/base.txt", "/p/all.txt", "/p/requirements/c.txt"].map(PathBuf::from));
    }

    #[test]
    fn names_are_normalized() {
        assert_eq!(normalized("Django_Redis..x"), "django-redis-x");
    }
}
