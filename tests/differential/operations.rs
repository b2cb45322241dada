//! Every operation on every kind of object: whether it raises, what kind of exception, and what two objects make.
//!
//! `operations/objects.txt` holds an expression on each line, `operations/operations.txt` a statement about `o`,
//! `operations/pairs.txt` an expression of `o` and `p`, which is each one of `operations/others.txt`.
//! `operations/aliases.txt` holds expressions that may give the list `l`, which is then changed by what they gave;
//! `operations/statements.txt` statements about `o`, and `operations/modules.txt` pairs of modules, divided by `===`, that
//! both know `o`.

use std::path::Path;

use libtest_mimic::Failed;

use crate::cases::{self, BEGIN, BORDER, END, parts};

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
            operations: parts("operations/operations.txt", "\n")?,
            others: parts("operations/others.txt", "\n")?,
            pairs: parts("operations/pairs.txt", "\n")?,
            aliases: parts("operations/aliases.txt", "\n")?,
            statements: parts("operations/statements.txt", "\n---\n")?,
            modules: parts("operations/modules.txt", "\n---\n")?,
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

/// What djudge says of each operation is what CPython makes of it.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let (objects, operations) = (parts("operations/objects.txt", "\n")?, Operations::read()?);
    let cases: Vec<String> = objects.iter().flat_map(|object| operations.with(object)).collect();
    cases::are_what_cpython_makes_of_them(&cases, environment)
}
