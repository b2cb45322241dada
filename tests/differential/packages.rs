//! The settings modules of published packages, which nobody wrote to suit djudge.

use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value as Json;

use crate::claims::{contradictions, is_uncertain, same, show, with_defaults};
use crate::cpython::{Cpython, Loading, Run};
use crate::environment::root;

/// Where a package's settings are, and what they need to load as in production.
struct Package {
    /// The folder under `target/packages`, and the folder in it that is judged.
    name: &'static str,
    root: &'static str,
    module: &'static str,
    /// A folder in it that is on the import path besides it.
    also_on_path: &'static str,
    /// What the module demands; besides, what djudge assumes of production.
    environment: &'static [(&'static str, &'static str)],
    /// What its image brings.
    files: &'static [(&'static str, &'static str)],
}

/// Seconds of processor time that loading one takes at most.
const MOST_SECONDS: f64 = 30.0;

const PACKAGES: [Package; 10] = [
    Package {
        name: "archivebox",
        root: "archivebox",
        module: "core.settings",
        also_on_path: "",
        environment: &[],
        files: &[],
    },
    Package { name: "arches", root: "", module: "arches.settings", also_on_path: "", environment: &[], files: &[] },
    Package { name: "geonode", root: "", module: "geonode.settings", also_on_path: "", environment: &[], files: &[] },
    Package {
        name: "label-studio",
        root: "",
        module: "core.settings.label_studio",
        also_on_path: "label_studio",
        environment: &[("DJANGO_SETTINGS_MODULE", "core.settings.label_studio")],
        files: &[],
    },
    Package {
        name: "mayan-edms",
        root: "",
        module: "mayan.settings.production",
        also_on_path: "",
        environment: &[],
        files: &[],
    },
    Package {
        name: "nautobot",
        root: "",
        module: "nautobot.core.settings",
        also_on_path: "",
        environment: &[],
        files: &[],
    },
    Package { name: "pretix", root: "", module: "pretix.settings", also_on_path: "", environment: &[], files: &[] },
    Package {
        name: "promgen",
        root: "",
        module: "promgen.settings",
        also_on_path: "",
        environment: &[("SECRET_KEY", "x")],
        files: &[],
    },
    Package { name: "rdmo", root: "", module: "rdmo.core.settings", also_on_path: "", environment: &[], files: &[] },
    Package {
        name: "weblate",
        root: "",
        module: "weblate.settings_docker",
        also_on_path: "",
        environment: &[
            ("POSTGRES_DB", "weblate"),
            ("POSTGRES_HOST", "database"),
            ("POSTGRES_PASSWORD", "secret"),
            ("POSTGRES_USER", "weblate"),
            ("WEBLATE_SITE_DOMAIN", "weblate.example.com"),
        ],
        files: &[("/app/data/secret", "secret")],
    },
];

/// How many of a module's settings are known.
#[derive(Default)]
struct Share {
    /// Settings whose values CPython can print.
    printable: usize,
    /// Known, or assumed where the environment is as assumed, and the same.
    known: usize,
    /// Decided by environment variables, with the default that CPython has.
    defaults: usize,
    /// The others, with what is said of them.
    others: Vec<String>,
    /// Those that are told in full, but otherwise than CPython has them.
    wrong: Vec<String>,
}

impl Share {
    fn of(module: &Json, run: &Run) -> Self {
        let mut share = Self::default();
        for (name, theirs) in run.outcome.iter().flatten() {
            if theirs.to_string().contains("\"$other\"") {
                continue;
            }
            share.printable += 1;
            let value = &module["settings"][name]["value"];
            let is_there = module["settings"].get(name).is_some();
            if is_there && with_defaults(value).is_some_and(|value| !same(&value, theirs)) {
                share.wrong.push(format!("{name} is {theirs} where nothing else is set, not {value}"));
            }
            if !is_uncertain(value) && same(value, theirs) {
                share.known += 1;
            } else if with_defaults(value).is_some_and(|value| same(&value, theirs)) {
                share.defaults += 1;
            } else {
                share.others.push(format!("    {name}: {}", value.to_string().chars().take(160).collect::<String>()));
            }
        }
        share
    }

    fn percent(&self) -> f64 {
        100.0 * (self.known + self.defaults) as f64 / self.printable.max(1) as f64
    }
}

/// No value that is called known differs from CPython's, nor a variable's default. Prints the share that is known;
/// with `DJUDGE_OTHERS` set, the others too.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let mut total = Share::default();
    for package in &PACKAGES {
        let folder = root().join("target/packages").join(package.name).join(package.root);
        let inner = folder.join(package.also_on_path);
        let roots = [folder.as_path(), inner.as_path()];
        let variables = package.environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let variables = variables.collect::<Vec<_>>();
        let mut modules = show(&folder, &[package.module]);
        let module = modules.pop().filter(|module| module["module"] == package.module);
        let module = module.ok_or_else(|| format!("{} was not judged", package.module))?;
        let loading = Loading { stub: true, seconds: MOST_SECONDS, files: package.files };
        let runs = Cpython::start(environment).load(&roots, &[package.module], &[variables], &loading).remove(0);
        if let Err(error) = &runs[0].outcome {
            wrong.push(format!("{} does not load: {error}", package.module));
        }
        wrong.extend(contradictions(&module, &runs).into_iter().map(|found| format!("{}: {found}", package.module)));
        let share = Share::of(&module, &runs[0]);
        println!(
            "{:12} {:5.1} % of {:3}: {} known, {} by default",
            package.name,
            share.percent(),
            share.printable,
            share.known,
            share.defaults
        );
        if std::env::var_os("DJUDGE_OTHERS").is_some() {
            println!("{}", share.others.join("\n"));
        }
        wrong.extend(share.wrong.iter().map(|found| format!("{}: {found}", package.module)));
        total.printable += share.printable;
        total.known += share.known;
        total.defaults += share.defaults;
    }
    println!("{:12} {:5.1} % of {}", "all", total.percent(), total.printable);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
