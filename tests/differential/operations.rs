//! Every operation on every kind of object: whether it raises, what kind of exception, and what two objects make.
//!
//! `operations/objects.txt` holds an expression on each line, `operations/operations.txt` a statement about `o`,
//! `operations/pairs.txt` an expression of `o` and `p`, which is each one of `operations/others.txt`.
//! `operations/aliases.txt` holds expressions that may give the list `l`, which is then changed by what they gave;
//! `operations/statements.txt` statements about `o`, and `operations/modules.txt` pairs of modules, divided by `===`, that
//! both know `o`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Failed;
use rayon::prelude::*;
use serde_json::Value as Json;

use crate::claims::{contradictions, show};
use crate::cpython::{Cpython, Loading};
use crate::environment::root;

const BEGIN: &str = "import ast, copy, datetime, functools, http, itertools, json, logging, operator, os, pathlib, re
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

/// What stands between two modules.
const BORDER: &str = "===\n";
/// Modules that are judged in one run.
const BATCH: usize = 100;
/// What the variable holds that some of the objects depend on; in the first run it is not set.
const VALUES: [Option<&str>; 4] = [None, Some("a"), Some(""), Some("7,b")];

/// Changes of the list that an alias may be.
const CHANGES: [&str; 2] = ["y.append(1)", "y[:] = [3]"];

/// What the files of `operations/` hold, besides the objects.
struct Operations {
    operations: Vec<String>,
    others: Vec<String>,
    pairs: Vec<String>,
    aliases: Vec<String>,
    statements: Vec<String>,
    modules: Vec<String>,
}

impl Operations {
    fn read() -> std::io::Result<Self> {
        Ok(Self {
            operations: parts("operations.txt", "\n")?,
            others: parts("others.txt", "\n")?,
            pairs: parts("pairs.txt", "\n")?,
            aliases: parts("aliases.txt", "\n")?,
            statements: parts("statements.txt", "\n---\n")?,
            modules: parts("modules.txt", "\n---\n")?,
        })
    }

    /// The modules that do each of them with an object.
    fn with(&self, object: &str) -> Vec<String> {
        let begin = format!("{BEGIN}o = {object}\n");
        let mut cases = Vec::new();
        for operation in &self.operations {
            cases.push(format!("{begin}try:\n    {operation}\n{END}"));
        }
        for (other, pair) in self.others.iter().flat_map(|other| self.pairs.iter().map(move |pair| (other, pair))) {
            cases.push(format!("{begin}p = {other}\ntry:\n    X = {pair}\n{END}"));
        }
        for (change, alias) in CHANGES.iter().flat_map(|change| self.aliases.iter().map(move |alias| (change, alias))) {
            let changed = format!("    y = {alias}\n    if isinstance(y, list):\n        {change}\n");
            cases.push(format!("{begin}l = [7]\ntry:\n{changed}except Exception:\n    pass\nX = list(l)\n"));
        }
        for statements in &self.statements {
            let indented = statements.replace('\n', "\n    ");
            cases.push(format!("{begin}try:\n    {indented}\nexcept Exception:\n    Y = 1\nelse:\n    Y = 2\n"));
        }
        for modules in &self.modules {
            cases.push(format!("{begin}{}\n", modules.replace(BORDER, &format!("{BORDER}{begin}"))));
        }
        cases
    }
}

/// The parts of a file of `operations/`.
fn parts(name: &str, border: &str) -> std::io::Result<Vec<String>> {
    let text = std::fs::read_to_string(root().join("tests/differential/operations").join(name))?;
    Ok(text.trim_end().split(border).map(ToOwned::to_owned).collect())
}

/// What djudge says of each operation is what CPython makes of it.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let (objects, operations) = (parts("objects.txt", "\n")?, Operations::read()?);
    let cases: Vec<String> = objects.iter().flat_map(|object| operations.with(object)).collect();
    let results: Vec<(usize, String)> = cases
        .par_chunks(BATCH)
        .map_init(|| Cpython::start(environment), |python, cases| judge(cases, python))
        .collect();
    let known: usize = results.iter().map(|(known, _)| known).sum();
    println!("{} operations: {known} known", cases.len());
    let wrong: String = results.into_iter().map(|(_, wrong)| wrong).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// How many of some cases have a known outcome, and those of which something else is said.
fn judge(cases: &[String], python: &mut Cpython) -> (usize, String) {
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
    let environments = VALUES.map(|value| value.map(|value| ("E".to_owned(), value.to_owned())).into_iter().collect());
    let shown = show(folder.path(), &names);
    let shown: HashMap<&str, &Json> =
        shown.iter().map(|module| (module["module"].as_str().unwrap_or_default(), module)).collect();
    let runs = python.load(&[folder.path()], &names, &environments, &Loading::PLAIN);
    let (mut known, mut wrong) = (0, String::new());
    for ((name, case), runs) in names.iter().zip(cases).zip(runs) {
        let module = shown[name];
        known += usize::from(module["settings"]["X"]["certainty"] == "known");
        for found in contradictions(module, &runs) {
            let _ = writeln!(
                wrong,
                "{}: {found}",
                case.trim_start_matches(BEGIN).trim_end_matches(END).replace('\n', "; ")
            );
        }
    }
    (known, wrong)
}
