//! What people see at a terminal.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;
use crate::run;

/// A line while they wait, which is gone at the end, and links to rule pages; neither of them elsewhere.
pub fn shows_progress_and_links(environment: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(environment.join("python"));
    command.arg(root().join("tests/tools/terminal.py")).arg(env!("CARGO_BIN_EXE_djudge")).arg(folder.path());
    let (is_success, text) = run(&mut command);
    if is_success { Ok(()) } else { Err(text.into()) }
}
