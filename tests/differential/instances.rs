//! What is done when an attribute of an instance or a class is taken, called or set, and when an operator meets it.
//!
//! `instances/shapes.txt` holds class definitions, in whose `BODY` each of `instances/members.txt` stands, and
//! `instances/uses.txt` what is done with the class `C`. Every member notes in the list `L` that it was run.

use std::path::Path;

use libtest_mimic::Failed;

use crate::cases::{self, BEGIN, parts};

const GIVEN: &str = "import dataclasses, unittest

L = []

def keep(it):
    return it

class Get:
    def __get__(self, o, c=None):
        L.append('get')
        return 5

class GetSet(Get):
    def __set__(self, o, v):
        L.append('set')

";

/// What djudge says of each use of each class is what CPython makes of it.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let read = |name: &str| parts(&format!("instances/{name}.txt"), "\n---\n");
    let (shapes, members, uses) = (read("shapes")?, read("members")?, read("uses")?);
    let mut modules = Vec::new();
    for shape in &shapes {
        let indent = shape.lines().find_map(|line| line.strip_suffix("BODY")).unwrap_or_default();
        for member in &members {
            let class = shape.replace("BODY", &member.replace('\n', &format!("\n{indent}")));
            for used in &uses {
                let used = used.replace('\n', "\n    ");
                modules.push(format!(
                    "{BEGIN}{GIVEN}{class}\ntry:\n    {used}\nexcept Exception:\n    pass\nX = list(L)\n"
                ));
            }
        }
    }
    cases::are_what_cpython_makes_of_them(&modules, environment)
}
