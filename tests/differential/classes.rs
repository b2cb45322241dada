//! Settings that are not plain names of a module, with the libraries that they need: classes of django-configurations
//! and Pydantic, included files, files of data.

use std::path::Path;

use libtest_mimic::Failed;

use crate::claims::{contradictions, show};
use crate::cpython::{Cpython, Environment, Loading};
use crate::environment::root;

/// A project under `tests/differential/classes`.
struct Case {
    folder: &'static str,
    /// The settings module.
    module: &'static str,
    /// What CPython loads in its place, where its importer needs to be installed first.
    loaded: &'static str,
    /// Variables by name; the first holds what djudge assumes, and nothing else.
    environments: &'static [&'static [(&'static str, &'static str)]],
}

const CASES: [Case; 7] = [
    Case {
        folder: "configurations",
        module: "conf",
        loaded: "loaded",
        environments: &[
            &[],
            &[("DJANGO_PORT", "5"), ("DJANGO_FLAG", "yes"), ("DJANGO_HOSTS", "a b"), ("MY_POS", "3")],
            &[("FEATURE", "1"), ("DJANGO_EARLY", "2"), ("APP_PREFIXED", "q"), ("BOOL_FROM_FILE", "no")],
            &[("DJANGO_NUMBERS", "7,8"), ("DJANGO_DICTV", "{'b': 2}"), ("DATABASE_URL", "postgres://u@h/d")],
        ],
    },
    Case {
        folder: "includes",
        module: "conf.settings",
        loaded: "conf.settings",
        environments: &[&[("DJANGO_ENV", "production")]],
    },
    Case {
        folder: "pydantic",
        module: "conf.settings",
        loaded: "conf.settings",
        environments: &[
            &[],
            &[("APP_DEBUG", "true"), ("APP_PORT", "9"), ("ALIASED_VAR", "q"), ("B", "z")],
            &[("APP_NEEDED", "n"), ("VALIASED", "u"), ("APP_OPT", "o"), ("APP_HOSTS", "[\"x\"]")],
        ],
    },
    Case { folder: "django", module: "conf.settings", loaded: "conf.settings", environments: &[&[]] },
    Case { folder: "data", module: "conf.documents", loaded: "conf.documents", environments: &[&[]] },
    Case { folder: "data", module: "conf.sections", loaded: "conf.sections", environments: &[&[]] },
    Case {
        folder: "data",
        module: "conf.files",
        loaded: "conf.files",
        environments: &[&[], &[("FROM_ENV", "{\"b\": 2}")]],
    },
];

/// No value that is called known differs from CPython's, nor a variable's default; and none is lost that was known.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for case in &CASES {
        // A repository of its own: files of others are none of its.
        let copy = tempfile::tempdir()?;
        let folder = copy.path().join(case.folder);
        copy_folder(&root().join("tests/differential/classes").join(case.folder), &folder)?;
        let mut modules = show(&folder, &[case.module]);
        let module = modules.pop().filter(|module| module["module"] == case.module);
        let module = module.ok_or_else(|| format!("{}/{} was not judged", case.folder, case.module))?;
        let variables = |given: &&[(&str, &str)]| -> Environment {
            given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let environments: Vec<Environment> = case.environments.iter().map(variables).collect();
        let runs = Cpython::start(environment)
            .load(&[folder.as_path()], &[case.loaded], &environments, &Loading::PLAIN)
            .remove(0);
        for run in &runs {
            if let Err(error) = &run.outcome {
                wrong.push(format!("{}: does not load with {:?}: {error}", case.folder, run.environment));
            }
        }
        let found = contradictions(&module, &runs);
        wrong.extend(found.into_iter().map(|found| format!("{}: {found}", case.folder)));
        wrong.extend(unexpected(case, &module));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (from, to) = (entry?.path(), to.to_owned());
        let to = to.join(from.file_name().unwrap_or_default());
        match from.is_dir() {
            true => copy_folder(&from, &to)?,
            false => std::fs::copy(&from, &to).map(drop)?,
        }
    }
    Ok(())
}

/// What is unknown though it was not, and the other way round: a file beside the project lists the names.
fn unexpected(case: &Case, module: &serde_json::Value) -> Vec<String> {
    let settings = module["settings"].as_object().expect("settings are an object");
    let unknown =
        settings.iter().filter(|(_, setting)| setting["certainty"] == "unknown").map(|(name, _)| name.as_str());
    let mut unknown: Vec<&str> = unknown.collect();
    unknown.sort_unstable();
    let path = root().join("tests/differential/classes").join(case.folder).join(format!("{}.unknown", case.module));
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let expected: Vec<&str> = expected.lines().collect();
    match unknown == expected {
        true => Vec::new(),
        false => vec![format!("{}: unknown are {unknown:?}, not {expected:?}", case.folder)],
    }
}
