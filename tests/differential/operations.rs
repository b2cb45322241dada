//! Every operation on every kind of object: whether it raises, and what kind of exception.
//!
//! `operations/objects.txt` holds an expression on each line, `operations/operations.txt` a statement about `o`.

use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Failed;
use rayon::prelude::*;

use crate::claims::{contradictions, show};
use crate::cpython::{Cpython, Environment, Loading};
use crate::environment::root;

const BEGIN: &str = "import ast, copy, datetime, functools, itertools, json, operator, os, pathlib, re
from importlib import import_module

def fun(*a, **k):
    return a

class Cls:
    y = 1

global_o = 1
X = 1
";

const END: &str = "except TypeError:
    X = 2
except LookupError:
    X = 3
except ValueError:
    X = 4
except Exception:
    X = 5
";

/// What djudge says of each operation is what CPython makes of it.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let lines = |name: &str| {
        let text = std::fs::read_to_string(root().join("tests/differential/operations").join(name));
        text.map(|text| text.lines().map(ToOwned::to_owned).collect::<Vec<_>>())
    };
    let (objects, operations) = (lines("objects.txt")?, lines("operations.txt")?);
    let results: Vec<(usize, String)> = objects
        .par_iter()
        .map_init(|| Cpython::start(environment), |python, object| judge(object, &operations, python))
        .collect();
    let known: usize = results.iter().map(|(known, _)| known).sum();
    println!("{} operations on {} objects: {known} known", operations.len(), objects.len());
    let wrong: String = results.into_iter().map(|(_, wrong)| wrong).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// How many operations on an object have a known outcome, and those of which something else is said.
fn judge(object: &str, operations: &[String], python: &mut Cpython) -> (usize, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let names: Vec<String> = (0..operations.len()).map(|index| format!("m{index}")).collect();
    for (name, operation) in names.iter().zip(operations) {
        let text = format!("{BEGIN}o = {object}\ntry:\n    {operation}\n{END}");
        std::fs::write(folder.path().join(format!("{name}.py")), text).expect("a file can be written");
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let shown = show(folder.path(), &names);
    let runs = python.load(&[folder.path()], &names, &[Environment::new()], &Loading::PLAIN);
    let (mut known, mut wrong) = (0, String::new());
    for ((name, operation), runs) in names.iter().zip(operations).zip(runs) {
        let module = shown.iter().find(|module| module["module"] == **name).expect("every module is shown");
        known += usize::from(module["settings"]["X"]["certainty"] == "known");
        for found in contradictions(module, &runs) {
            let _ = writeln!(wrong, "o = {object}; {operation}: {found}");
        }
    }
    (known, wrong)
}
