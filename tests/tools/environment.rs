//! Python environments with what a test needs. `./test` makes them under `target/venvs/`. Where one is missing its tests
//! are reported as ignored; where `DJUDGE_TOOLS=required`, they fail.

use std::path::Path;

use libtest_mimic::{Failed, Trial};

/// A test that runs with the `bin` folder of an environment.
pub fn trial(
    name: &str,
    environment: &'static str,
    run: impl FnOnce(&Path) -> Result<(), Failed> + Send + 'static,
) -> Trial {
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

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
