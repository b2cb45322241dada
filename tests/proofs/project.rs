//! The project of an example, on disk.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use djudge::engine::project_of;
use djudge::rule::Example;
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::environment::root;

/// A folder with the files of an example.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// Writes what the example brings and what every example has.
    pub fn of(example: &Example) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (path, text) in project_of(example) {
            write(&folder.path().join(path), text);
        }
        Self { folder }
    }

    /// Adds what the example needs to answer requests; `settings` is its settings module. Gives the name of the settings
    /// module to run with.
    pub fn complete(&self, settings: &str) -> &'static str {
        copy_missing(&root().join("tests/proofs/project"), self.folder.path());
        let text = format!("from base_settings import *\nfrom {settings} import *\n");
        write(&self.folder.path().join("proof_settings.py"), &text);
        "proof_settings"
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its settings module.
    pub fn settings(&self) -> &'static str {
        let is_there = |path: &str| self.folder.path().join(path).is_file();
        match () {
            () if is_there("config/settings.py") => "config.settings",
            () if is_there("config/settings/production.py") => "config.settings.production",
            () => "config.settings",
        }
    }

    /// Whether djudge takes its settings for those of production, which `check --deploy` is about.
    pub fn is_deployed(&self) -> bool {
        let output = self.djudge(&["show", "--output-format", "json"]);
        let mut modules = output["modules"].as_array().into_iter().flatten();
        modules.any(|module| module["module"] == self.settings() && module["deployed"] == true)
    }

    /// What djudge finds.
    pub fn judged(&self, arguments: &[&str]) -> Json {
        let first = ["check", "--output-format", "json", "--min-severity", "advice", "--show-silent"];
        self.djudge(&[&first, arguments].concat())
    }

    fn djudge(&self, arguments: &[&str]) -> Json {
        let mut command = Command::new(env!("CARGO_BIN_EXE_djudge"));
        let output = command.args(arguments).current_dir(self.folder.path()).output().expect("djudge runs");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("djudge prints JSON, not {error}: {}", String::from_utf8_lossy(&output.stderr))
        })
    }
}

/// Whether an example is about other versions of packages than those that are installed here.
pub fn pins_versions(example: &Example) -> bool {
    example.files.iter().any(|file| file.path.contains("requirements") || file.path == "pyproject.toml")
}

/// The ids of Django's checks that findings name.
pub fn django_checks(report: &Json) -> BTreeSet<String> {
    let findings = report["findings"].as_array().into_iter().flatten();
    let ids = findings.flat_map(|finding| finding["django_checks"].as_array().into_iter().flatten());
    ids.filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    std::fs::write(path, text).expect("a file can be written");
}

fn copy_missing(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_missing(&entry.path(), &target);
        } else if !target.exists() && entry.path().extension().is_some_and(|end| end == "py") {
            write(&target, &std::fs::read_to_string(entry.path()).expect("a file can be read"));
        }
    }
}
