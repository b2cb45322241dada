//! The extension for VS Code.

use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::environment::root;

/// The tests, which are reported as not run where the packages of npm are missing.
pub fn trials() -> Vec<Trial> {
    let is_there = root().join("target/vscode/node_modules").is_dir();
    let is_required = std::env::var_os("DJUDGE_TOOLS").is_some_and(|value| value == "required");
    let missing = if is_there { "" } else { " (not run: ./test makes target/vscode)" };
    let trial = Trial::test(format!("the_extension_builds{missing}"), move || {
        if is_there { builds() } else { Err("target/vscode is missing".into()) }
    });
    vec![trial.with_ignored_flag(!is_there && !is_required)]
}

/// The extension is bundled as its package says, and the bundle is JavaScript.
fn builds() -> Result<(), Failed> {
    let folder = root().join("target/vscode");
    for name in ["package.json", "extension.js"] {
        std::fs::copy(root().join("editors/vscode").join(name), folder.join(name))?;
    }
    run(Command::new("npm").args(["run", "--silent", "build"]).current_dir(&folder))?;
    run(Command::new("node").args(["--check", "dist/extension.js"]).current_dir(&folder))
}

fn run(command: &mut Command) -> Result<(), Failed> {
    let output = command.output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned().into()),
    }
}
