//! The evaluator against CPython: what djudge calls known is what real Python makes of the same modules.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod calls;
mod cases;
mod claims;
mod classes;
mod cpython;
#[path = "../tools/environment.rs"]
mod environment;
mod instances;
mod modules;
mod operations;
mod packages;
mod programs;
mod readers;
mod scopes;

use std::process::ExitCode;

use environment::trial;
use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = vec![
        trial("random_programs", "django", programs::are_what_cpython_makes_of_them),
        trial("operations", "django", operations::are_what_cpython_makes_of_them),
        trial("calls", "django", calls::are_what_cpython_makes_of_them),
        trial("instances", "django", instances::are_what_cpython_makes_of_them),
        trial("modules", "django", modules::are_what_cpython_makes_of_them),
        trial("scopes", "django", scopes::are_what_cpython_makes_of_them),
        trial("newest_environment_readers", "readers", readers::newest_are_what_cpython_makes_of_them),
        trial("older_environment_readers", "readers-old", readers::older_are_what_cpython_makes_of_them),
        trial("settings_that_are_not_plain_names", "classes", classes::are_what_cpython_makes_of_them),
        trial("settings_of_published_packages", "packages", packages::are_what_cpython_makes_of_them),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}
