//! The language server, driven by real clients: Neovim, and pygls from PyPI. The extension for VS Code builds.

#![allow(clippy::expect_used, clippy::panic)]

#[path = "../tools/environment.rs"]
mod environment;
mod neovim;
mod vscode;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use environment::{root, trial};
use libtest_mimic::{Arguments, Failed};

/// The functions of `scenarios.py`.
const SCENARIOS: [&str; 19] = [
    "findings_follow_every_edit",
    "a_change_of_the_base_shows_in_all_that_is_built_on_it",
    "findings_are_given_when_asked_for",
    "files_outside_projects_are_left_alone",
    "columns_count_what_was_agreed",
    "a_burst_of_edits_is_judged_once",
    "requests_can_be_cancelled",
    "malformed_messages_do_not_end_the_session",
    "the_life_of_a_server",
    "hovers_tell_what_a_setting_resolves_to",
    "settings_lead_to_their_assignments",
    "hints_show_what_overrides_an_assignment",
    "fixes_are_applied",
    "a_finding_can_be_silenced",
    "a_rule_page_can_be_opened",
    "syntax_errors_do_not_make_findings_flicker",
    "configuration_and_other_files_are_watched",
    "without_watching_a_save_looks_at_the_disk",
    "the_user_decides_what_is_shown",
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials: Vec<_> = SCENARIOS.iter().map(|name| trial(name, "server", |bin| scenario(name, bin))).collect();
    trials.extend(neovim::trials());
    trials.extend(vscode::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Runs a function of `scenarios.py` on a copy of the outage.
fn scenario(name: &str, bin: &Path) -> Result<(), Failed> {
    let project = Outage::copy();
    let output = Command::new(bin.join("python"))
        .arg(root().join("tests/server/scenarios.py"))
        .args([name, env!("CARGO_BIN_EXE_djudge")])
        .arg(&project.folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python runs");
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

/// A copy of `examples/outage`, in a folder of its own that is a repository.
struct Outage {
    _parent: tempfile::TempDir,
    folder: PathBuf,
}

impl Outage {
    fn copy() -> Self {
        let parent = tempfile::tempdir().expect("a folder");
        // Symbolic links on the way would make two paths of one file.
        let folder = parent.path().canonicalize().expect("a path").join("outage copy");
        copy(&root().join("examples/outage"), &folder);
        std::fs::create_dir(folder.join(".git")).expect("the folder can be made");
        Self { _parent: parent, folder }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("the file can be copied")),
        }
    }
}
