//! Many small modules of one kind: what djudge says of each is what CPython makes of it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Failed;
use rayon::prelude::*;
use serde_json::Value as Json;

use crate::claims::{contradictions, show};
use crate::cpython::{Cpython, Loading};
use crate::environment::root;

/// How every module begins.
pub const BEGIN: &str =
    "import ast, copy, datetime, functools, http, itertools, json, logging, operator, os, pathlib, re
import urllib.parse
from importlib import import_module

def fun(*a, **k):
    return a

class Cls:
    y = 1

global_o = 1
X = 1
";

/// What ends a `try`, so that `X` tells what was raised.
pub const END: &str = "except TypeError:
    X = 2
except LookupError:
    X = 3
except ValueError:
    X = 4
except Exception:
    X = 5
";

/// What stands between two modules, the first of which the second imports.
pub const BORDER: &str = "===\n";
/// Modules that are judged in one run.
const BATCH: usize = 100;
/// What the variable holds that some of them depend on; in the first run it is not set.
const VALUES: [Option<&str>; 4] = [None, Some("a"), Some(""), Some("7,b")];

/// The parts of a file that lies beside this one.
pub fn parts(name: &str, border: &str) -> std::io::Result<Vec<String>> {
    let text = std::fs::read_to_string(root().join("tests/differential").join(name))?;
    Ok(text.trim_end().split(border).map(ToOwned::to_owned).collect())
}

/// Fails on every module of which CPython makes something else than djudge says.
pub fn are_what_cpython_makes_of_them(cases: &[String], environment: &Path) -> Result<(), Failed> {
    let (varying, constant): (Vec<&str>, Vec<&str>) =
        cases.iter().map(String::as_str).partition(|case| case.contains("os.environ"));
    let batches = varying.chunks(BATCH).map(|cases| (cases, &VALUES[..]));
    let batches: Vec<_> = batches.chain(constant.chunks(BATCH).map(|cases| (cases, &VALUES[..1]))).collect();
    let results: Vec<(usize, String)> = batches
        .into_par_iter()
        .map_init(|| Cpython::start(environment), |python, (cases, values)| judge(cases, values, python))
        .collect();
    let known: usize = results.iter().map(|(known, _)| known).sum();
    println!("{} modules: {known} known", cases.len());
    let wrong: String = results.into_iter().map(|(_, wrong)| wrong).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// How many of some modules have a known outcome, and those of which something else is said.
fn judge(cases: &[&str], values: &[Option<&str>], python: &mut Cpython) -> (usize, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let names: Vec<String> = (0..cases.len()).map(|index| format!("m{index}")).collect();
    for (name, case) in names.iter().zip(cases) {
        let text = case.replace("main_module", name).replace("base_module", &format!("{name}_base"));
        let (base, main) = text.split_once(BORDER).unwrap_or(("", &text));
        for (name, text) in [(format!("{name}_base.py"), base), (format!("{name}.py"), main)] {
            std::fs::write(folder.path().join(name), text).expect("a file can be written");
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let environments: Vec<_> = values
        .iter()
        .map(|value| value.map(|value| ("E".to_owned(), value.to_owned())).into_iter().collect())
        .collect();
    let shown = show(folder.path(), &names);
    let shown: HashMap<&str, &Json> =
        shown.iter().map(|module| (module["module"].as_str().unwrap_or_default(), module)).collect();
    let runs = python.load(&[folder.path()], &names, &environments, &Loading::PLAIN);
    let (mut known, mut wrong) = (0, String::new());
    for ((name, case), runs) in names.iter().zip(cases).zip(runs) {
        let module = shown[name];
        known += usize::from(module["settings"]["X"]["certainty"] == "known");
        for found in contradictions(module, &runs) {
            let case = case.trim_start_matches(BEGIN).trim_end_matches(END).replace('\n', "; ");
            let _ = writeln!(wrong, "{case}: {found}");
        }
    }
    (known, wrong)
}
