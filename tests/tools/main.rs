//! Tests against real tools.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod environment;
mod examples;
mod fixes;
mod formats;
mod packaging;
mod pre_commit;
mod terminal;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use environment::{root, trial};
use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = vec![
        trial("pre_commit_refuses_and_accepts_commits", "pre-commit", pre_commit::refuses_and_accepts_commits),
        trial("reports_are_read_by_their_consumers", "formats", formats::are_read_by_their_consumers),
        trial("fixes_of_published_packages", "packages", fixes::of_published_packages),
        trial("the_wheel_runs", "packaging", packaging::the_wheel_runs),
        trial("workflow_files_are_sound", "packaging", packaging::workflow_files_are_sound),
        trial("the_schema_describes_configurations", "packaging", packaging::the_schema_describes_configurations),
        trial("a_terminal_shows_progress_and_links", "packaging", terminal::shows_progress_and_links),
        trial("hook_files_are_sound", "pre-commit", packaging::hook_files_are_sound),
        trial("the_healthy_example_starts", "django", examples::the_healthy_example_starts),
        trial("the_outage_example_does_not_start", "django", examples::the_outage_example_does_not_start),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Runs a command, and says how it ended and what it printed.
fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// Copies the files that version control keeps, or would keep, to another folder.
fn copy_of_the_source(target: &Path) {
    let list = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git runs");
    for name in String::from_utf8_lossy(&list.stdout).split('\0').filter(|name| !name.is_empty()) {
        let (from, to): (PathBuf, PathBuf) = (root().join(name), target.join(name));
        if from.is_file() {
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("the folder can be made");
            std::fs::copy(from, to).expect("the file can be copied");
        }
    }
}

/// Copies a folder with all that is in it.
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
