//! The example projects, run by real Django.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;
use crate::run;

const START: &str = "import config.asgi; print(type(config.asgi.application).__name__)";

fn python(environment: &Path, example: &str, args: &[&str]) -> (bool, String) {
    let mut command = Command::new(environment.join("python"));
    command
        .args(args)
        .current_dir(root().join("examples").join(example))
        .env("DJANGO_SETTINGS_MODULE", "config.settings.production")
        .env("SECRET_KEY", "a key for tests alone")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    run(&mut command)
}

/// The healthy example starts, and Django has nothing against it.
pub fn the_healthy_example_starts(environment: &Path) -> Result<(), Failed> {
    for args in [&["-c", START][..], &["manage.py", "check", "--fail-level", "WARNING"]] {
        let (is_success, text) = python(environment, "healthy", args);
        if !is_success {
            return Err(text.into());
        }
    }
    Ok(())
}

/// What djudge says of the early import in the outage is what happens; Django's own check says nothing of it all.
pub fn the_outage_example_does_not_start(environment: &Path) -> Result<(), Failed> {
    let (is_success, text) = python(environment, "outage", &["-c", START]);
    if is_success || !text.contains("AppRegistryNotReady") {
        return Err(text.into());
    }
    let (is_success, text) = python(environment, "outage", &["manage.py", "check", "--fail-level", "WARNING"]);
    if is_success { Ok(()) } else { Err(text.into()) }
}
