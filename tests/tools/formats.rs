//! The formats for programs, read by what reads them.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;
use crate::run;

const FORMATS: [&str; 6] = ["json", "jsonl", "sarif", "github", "gitlab", "junit"];

/// Every format says the same of a project with findings, of one without, and of paths that need escapes.
pub fn are_read_by_their_consumers(environment: &Path) -> Result<(), Failed> {
    let odd = tempfile::tempdir()?;
    let settings = odd.path().join("ein projekt, ünd: 100%/settings.py");
    std::fs::create_dir_all(settings.parent().unwrap_or(odd.path()))?;
    std::fs::write(
        &settings,
        "# 🙂\nINSTALLED_APPS = []\nALLOWED_HOSTS = [\n    \"*\", \"a.test:80\",\n    \"\",\n]\n",
    )?;
    std::fs::create_dir(odd.path().join(".git"))?;
    for (folder, is_clean) in
        [(root().join("examples/outage"), false), (root().join("examples/healthy"), true), (odd.path().into(), false)]
    {
        // The examples are copied: they stand in this repository, and paths begin at the root of theirs.
        let copy = tempfile::tempdir()?;
        copy_folder(&folder, copy.path())?;
        std::fs::create_dir_all(copy.path().join(".git"))?;
        let reports = tempfile::tempdir()?;
        for format in FORMATS {
            let file = reports.path().join(format!("report.{format}"));
            let mut command = Command::new(env!("CARGO_BIN_EXE_djudge"));
            command.args(["check", "--output-format", format, "--output-file"]).arg(&file).current_dir(copy.path());
            let (is_success, text) = run(&mut command);
            if is_success != is_clean {
                return Err(format!("{}: {text}", folder.display()).into());
            }
        }
        let mut command = Command::new(environment.join("python"));
        let (is_success, text) = run(command.arg(root().join("tests/tools/formats.py")).arg(reports.path()));
        if !is_success {
            return Err(format!("{}: {text}", folder.display()).into());
        }
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)?.flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => std::fs::copy(entry.path(), target).map(|_| ())?,
        }
    }
    Ok(())
}
