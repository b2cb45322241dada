//! What djudge says of random settings modules, held against CPython.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;

/// Enough to meet every construct many times. A longer run: `python3 tests/differential/compare.py DJUDGE SEED COUNT`.
const MODULES: &str = "1000";

/// No value that is called known differs from CPython's.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let mut command = Command::new(environment.join("python"));
    command
        .arg(root().join("tests/differential/compare.py"))
        .args([env!("CARGO_BIN_EXE_djudge"), "0", MODULES])
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().expect("Python runs");
    let (is_success, text) = (output.status.success(), String::from_utf8_lossy(&output.stdout));
    println!("{}", text.lines().last().unwrap_or_default());
    if is_success { Ok(()) } else { Err(text.into_owned().into()) }
}
