//! Fixes of published packages.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;
use crate::{copy_folder, run};

/// Fixed twice is fixed once, and what was Python still is: in every package, with all fixes of all rules.
pub fn of_published_packages(environment: &Path) -> Result<(), Failed> {
    for package in std::fs::read_dir(root().join("target/packages"))?.flatten() {
        let name = package.file_name().to_string_lossy().into_owned();
        let copy = tempfile::tempdir()?;
        copy_folder(&package.path(), copy.path())?;
        std::fs::create_dir(copy.path().join(".git"))?;
        let fix = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_djudge"));
            let all =
                ["check", "--isolated", "--unsafe-fixes", "--min-severity", "advice", "--output-format", "concise"];
            run(command.args(all).arg("--exit-zero").current_dir(copy.path()))
        };
        let (is_success, first) = fix();
        if !is_success || first.contains("was not done") {
            return Err(format!("{name}: {first}").into());
        }
        let (_, second) = fix();
        if !second.contains("No fix to apply") {
            return Err(format!("{name}, the second time: {second}").into());
        }
        for file in first.lines().filter_map(|line| line.split_once(".py: ").map(|(path, _)| format!("{path}.py"))) {
            let parse = "import ast, sys; ast.parse(open(sys.argv[1], 'rb').read())";
            let mut python = Command::new(environment.join("python"));
            let (is_python, error) = run(python.args(["-c", parse, &file]).current_dir(copy.path()));
            if !is_python {
                return Err(format!("{name}: {file}: {error}").into());
            }
        }
    }
    Ok(())
}
