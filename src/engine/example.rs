//! Running the examples on rule pages: each is a small project in memory.

use std::path::PathBuf;

use super::{Error, Fixed, Overrides, Request, check, fix};
use crate::diagnostic::Applicability;
use crate::rule::{Example, Mismatch, Rule, mismatches};
use crate::source::{Memory, Sources};

/// Where the project of an example lies.
const ROOT: &str = "/example";

/// What an example has that does not bring its own.
const SKELETON: [(&str, &str); 3] = [
    ("manage.py", "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"config.settings\")\n"),
    ("config/__init__.py", ""),
    ("config/settings.py", "DEBUG = False\nALLOWED_HOSTS = [\"example.com\"]\n"),
];

/// The files of an example's project: its own, and those of a skeleton that it does not bring.
pub fn project_of(example: &Example) -> impl Iterator<Item = (&str, &str)> {
    let has_settings_package = example.files.iter().any(|file| file.path.starts_with("config/settings/"));
    let is_replaced = move |path: &str| {
        example.files.iter().any(|file| file.path == path) || path == "config/settings.py" && has_settings_package
    };
    let own = example.files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    SKELETON.into_iter().filter(move |(path, _)| !is_replaced(path)).chain(own)
}

/// Judges an example of a rule by that rule alone, and says where findings and marks differ.
///
/// # Errors
/// When the example is no Django project, or its configuration is wrong.
pub fn run_example(rule: &Rule, example: &Example) -> Result<Vec<Mismatch>, Error> {
    let (memory, request) = project_in_memory(rule, example);
    let sources = Sources::new(&memory);
    let report = check(&request, &sources)?;
    let findings: Vec<(String, u32, String)> = report
        .findings
        .iter()
        .filter(|finding| finding.rule == rule.page.id)
        .filter_map(|finding| {
            let file = sources.file(finding.place.file).ok()?;
            let path = file.path.strip_prefix(ROOT).ok()?.to_string_lossy().into_owned();
            Some((path, file.position(finding.place.span.start).line, finding.message.clone()))
        })
        .collect();
    Ok(mismatches(example, &findings))
}

/// Applies all fixes of a rule to an example, and gives what changes, by the paths in it.
///
/// # Errors
/// As [`run_example`].
pub fn fix_example(rule: &Rule, example: &Example) -> Result<Fixed, Error> {
    let (memory, request) = project_in_memory(rule, example);
    let mut fixed = fix(&request, &memory, Applicability::Unsafe, &|_, _| Ok(()))?;
    for file in &mut fixed.files {
        file.path = file.path.strip_prefix(ROOT).unwrap_or(&file.path).to_path_buf();
    }
    Ok(fixed)
}

/// The project of an example in memory, and the request to judge it by its rule alone.
fn project_in_memory(rule: &Rule, example: &Example) -> (Memory, Request) {
    let root = PathBuf::from(ROOT);
    let mut files: Vec<(PathBuf, Vec<u8>)> =
        project_of(example).map(|(path, text)| (root.join(path), text.into())).collect();
    if let Some(path) = &rule.page.path {
        let name = path.file_name().unwrap_or_default();
        files.push((root.join("lint").join(name), rule.page.text.as_bytes().to_vec()));
        if example.files.iter().all(|file| file.path != "djudge.toml") {
            files.push((root.join("djudge.toml"), b"rules = [\"lint/*.md\"]\n".to_vec()));
        }
    }
    // What the engine itself reports is about the findings of all other rules.
    let select = if rule.page.by_engine { Vec::new() } else { vec![rule.page.id.to_string()] };
    let overrides = Overrides { select, ..Overrides::default() };
    (Memory::new(files), Request { paths: vec![root], overrides })
}
