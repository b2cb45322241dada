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

const BEGIN: &str = "import ast, copy, datetime, functools, itertools, json, logging, operator, os, pathlib, re
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

/// Modules that are judged in one run.
const BATCH: usize = 100;
/// What the variable holds that some of the objects depend on; in the first run it is not set.
const VALUES: [Option<&str>; 4] = [None, Some("a"), Some(""), Some("7,b")];

/// Changes of the list that an alias may be.
const CHANGES: [&str; 2] = ["y.append(1)", "y[:] = [3]"];

/// What djudge says of each operation is what CPython makes of it.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let read = |name: &str| std::fs::read_to_string(root().join("tests/differential/operations").join(name));
    let lines = |name: &str| read(name).map(|text| text.lines().map(ToOwned::to_owned).collect::<Vec<_>>());
    let blocks = |name: &str| read(name).map(|text| text.split("---\n").map(ToOwned::to_owned).collect::<Vec<_>>());
    let (objects, others) = (lines("objects.txt")?, lines("others.txt")?);
    let (operations, pairs, aliases) = (lines("operations.txt")?, lines("pairs.txt")?, lines("aliases.txt")?);
    let (statements, modules) = (blocks("statements.txt")?, blocks("modules.txt")?);
    let results: Vec<Vec<(usize, String)>> = objects
        .par_iter()
        .map_init(
            || Cpython::start(environment),
            |python, object| {
                let operation = |operation| format!("o = {object}\ntry:\n    {operation}\n{END}");
                let mut cases: Vec<String> = operations.iter().map(operation).collect();
                for other in &others {
                    let pair = |pair| format!("o = {object}\np = {other}\ntry:\n    X = {pair}\n{END}");
                    cases.extend(pairs.iter().map(pair));
                }
                for change in CHANGES {
                    let alias = |alias| {
                        format!(
                            "o = {object}\nl = [7]\ntry:\n    y = {alias}\n    if isinstance(y, list):\n        {change}\n\
                             except Exception:\n    pass\nX = list(l)\n"
                        )
                    };
                    cases.extend(aliases.iter().map(alias));
                }
                let statement = |block: &String| {
                    let block: String = block.lines().map(|line| format!("    {line}\n")).collect();
                    format!("o = {object}\ntry:\n{block}except Exception:\n    Y = 1\nelse:\n    Y = 2\n")
                };
                cases.extend(statements.iter().map(statement));
                let module = |block: &String| {
                    let (base, main) = block.split_once("===\n").expect("two modules");
                    format!("o = {object}\n{base}===\n{BEGIN}o = {object}\n{main}")
                };
                cases.extend(modules.iter().map(module));
                cases.chunks(BATCH).map(|cases| judge(cases, python)).collect::<Vec<_>>()
            },
        )
        .collect();
    let known: usize = results.iter().flatten().map(|(known, _)| known).sum();
    let per_object = operations.len() + others.len() * pairs.len() + CHANGES.len() * aliases.len();
    let count = objects.len() * (per_object + statements.len() + modules.len());
    println!("{count} operations: {known} known");
    let wrong: String = results.into_iter().flatten().map(|(_, wrong)| wrong).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// How many of some cases have a known outcome, and those of which something else is said.
fn judge(cases: &[String], python: &mut Cpython) -> (usize, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let names: Vec<String> = (0..cases.len()).map(|index| format!("m{index}")).collect();
    for (name, case) in names.iter().zip(cases) {
        let text =
            format!("{BEGIN}{case}").replace("main_module", name).replace("base_module", &format!("{name}_base"));
        let (base, main) = text.split_once("===\n").unwrap_or(("", &text));
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
            let _ = writeln!(wrong, "{}: {found}", case.replace('\n', "; "));
        }
    }
    (known, wrong)
}
