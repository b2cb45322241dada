//! Libraries that read the environment: small modules with many calls, held against the real libraries.

use std::path::Path;

use libtest_mimic::Failed;
use serde_json::{Map, Value as Json};

use crate::claims::{contradictions, is_uncertain, show, with_defaults};
use crate::cpython::{Cpython, Environment, Loading};
use crate::environment::root;

/// With the newest releases every module must load where no variable is set.
pub fn newest_are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    compare(environment, "readers", true)
}

/// The same with older releases, which lack some of what the modules call.
pub fn older_are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    compare(environment, "readers-old", false)
}

fn compare(environment: &Path, requirements: &str, must_load: bool) -> Result<(), Failed> {
    let mut python = Cpython::start(environment);
    let (mut wrong, mut known, mut total) = (Vec::new(), 0, 0);
    for library in entries(&root().join("tests/differential/readers")) {
        let folder = tempfile::tempdir()?;
        let modules = copied(&library, folder.path());
        std::fs::copy(root().join(format!("tests/tools/{requirements}.txt")), folder.path().join("requirements.txt"))?;
        let modules: Vec<&str> = modules.iter().map(String::as_str).collect();
        let runs = python.load(&[folder.path()], &modules, &environments(&library), &Loading::PLAIN);
        for module in show(folder.path(), &modules) {
            let name = module["module"].as_str().unwrap_or_default();
            let at = modules.iter().position(|module| *module == name).ok_or("a module that was not asked for")?;
            let label =
                format!("{}/{name}.py, {requirements}", library.file_name().unwrap_or_default().to_string_lossy());
            match &runs[at][0].outcome {
                Err(error) if must_load => wrong.push(format!("{label} does not load: {error}")),
                Err(error) => println!("{label} does not load: {error}"),
                Ok(names) => {
                    total += names.len();
                    let is_known = |name: &&String| with_defaults(&module["settings"][*name]["value"]).is_some();
                    known += names.keys().filter(is_known).count();
                    if std::env::var_os("DJUDGE_OTHERS").is_some() {
                        let others = names.keys().filter(|name| !is_known(name));
                        let value = |name: &String| format!("{label} {name}: {}", module["settings"][name]["value"]);
                        println!("{}", others.map(value).collect::<Vec<_>>().join("\n"));
                    }
                }
            }
            wrong.extend(contradictions(&module, &runs[at]).into_iter().map(|found| format!("{label}: {found}")));
            wrong.extend(uncertain_by_name(&module).into_iter().map(|found| format!("{label}: {found}")));
        }
    }
    println!("{requirements}: {known} of {total} known, or with a default");
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Names that begin with `UNKNOWN_` but have a known value: what must not be claimed.
fn uncertain_by_name(module: &Json) -> Vec<String> {
    let settings = module["settings"].as_object().into_iter().flatten();
    let claimed = settings.filter(|(name, setting)| name.starts_with("UNKNOWN_") && !is_uncertain(&setting["value"]));
    claimed.map(|(name, setting)| format!("{name} is claimed to be {}", setting["value"])).collect()
}

/// The entries of a folder, sorted.
fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let read = std::fs::read_dir(folder).expect("the folder is there");
    let mut entries: Vec<_> = read.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}

/// Copies a project; gives the names of the modules at its top.
fn copied(from: &Path, to: &Path) -> Vec<String> {
    let mut modules = Vec::new();
    for entry in entries(from) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let target = to.join(&name);
        if entry.is_dir() {
            std::fs::create_dir(&target).expect("a new folder");
            copied(&entry, &target);
            continue;
        }
        std::fs::copy(&entry, &target).expect("a copy");
        modules.extend(name.strip_suffix(".py").map(str::to_owned));
    }
    modules
}

/// No variable set, then what the project's `environments.json` lists.
fn environments(project: &Path) -> Vec<Environment> {
    let text = std::fs::read_to_string(project.join("environments.json")).expect("environments.json is there");
    let listed: Vec<Map<String, Json>> = serde_json::from_str(&text).expect("a list of objects");
    let variables = |map: Map<String, Json>| -> Environment {
        map.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
    };
    std::iter::once(Environment::new()).chain(listed.into_iter().map(variables)).collect()
}
