//! Tests against real tools, each in a Python environment that `./test` makes under `target/venvs/`. Where one is
//! missing its tests are reported as ignored; where `DJUDGE_TOOLS=required`, they fail.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod differential;
mod examples;
mod pre_commit;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = vec![
        trial("pre_commit_refuses_and_accepts_commits", "pre-commit", pre_commit::refuses_and_accepts_commits),
        trial(
            "random_settings_are_what_cpython_makes_of_them",
            "django",
            differential::random_settings_are_what_cpython_makes_of_them,
        ),
        trial("the_healthy_example_starts", "django", examples::the_healthy_example_starts),
        trial("the_outage_example_does_not_start", "django", examples::the_outage_example_does_not_start),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(name: &str, environment: &'static str, run: fn(&Path) -> Result<(), Failed>) -> Trial {
    let folder = root().join("target/venvs").join(environment).join("bin");
    let is_missing = !folder.join("python").is_file();
    let is_required = std::env::var_os("DJUDGE_TOOLS").is_some_and(|value| value == "required");
    let name = match is_missing {
        true => format!("{name} (not run: ./test makes target/venvs/{environment})"),
        false => name.to_owned(),
    };
    Trial::test(name, move || match is_missing {
        true => Err(format!("target/venvs/{environment} is missing").into()),
        false => run(&folder),
    })
    .with_ignored_flag(is_missing && !is_required)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
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
