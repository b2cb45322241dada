//! The formats for programs, read by what reads them.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;
use crate::{copy_folder, run};

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
        let json = std::fs::read_to_string(reports.path().join("report.json"))?;
        if folder.ends_with("outage") && !json.contains("\"applicability\": \"safe\"") {
            return Err("no finding of the outage has a fix".into());
        }
        let mut command = Command::new(environment.join("python"));
        let (is_success, text) =
            run(command.arg(root().join("tests/tools/formats.py")).arg(reports.path()).arg(copy.path()));
        if !is_success {
            return Err(format!("{}: {text}", folder.display()).into());
        }
    }
    Ok(())
}
