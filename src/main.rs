//! The `djudge` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    djudge::cli::run()
}
