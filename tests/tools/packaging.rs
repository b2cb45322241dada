//! The Python package, and the files that tell forges how to use it.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::environment::root;
use crate::run;

/// The wheel installs the program, by its name and as a module.
pub fn the_wheel_runs(environment: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (dist, venv) = (folder.path().join("dist"), folder.path().join("venv"));
    // The profile of the tests, so that nothing is compiled twice.
    let mut build = Command::new(environment.join("maturin"));
    build.args(["build", "--profile", "dev", "--quiet", "--out"]).arg(&dist).arg("--target-dir");
    succeeds(build.arg(root().join("target")).current_dir(root()))?;
    succeeds(Command::new(environment.join("python")).args(["-m", "venv"]).arg(&venv))?;
    let wheel = std::fs::read_dir(&dist)?.next().ok_or("no wheel was built")??.path();
    let bin = venv.join("bin");
    let mut install = Command::new(bin.join("python"));
    install.args(["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check"]);
    succeeds(install.arg(&wheel))?;

    let version = format!("djudge {}\n", env!("CARGO_PKG_VERSION"));
    for command in [&[bin.join("djudge")][..], &[bin.join("python"), "-m".into(), "djudge".into()]] {
        let mut named = Command::new(&command[0]);
        let text = succeeds(named.args(&command[1..]).arg("--version"))?;
        if text != version {
            return Err(format!("{command:?}: {text}").into());
        }
    }
    let mut judge = Command::new(bin.join("python"));
    let (is_success, text) = run(judge.args(["-m", "djudge", "check", "examples/outage"]).current_dir(root()));
    match !is_success && text.contains("forwarded-proto-not-sent") {
        true => Ok(()),
        false => Err(text.into()),
    }
}

/// The action, the workflow, and what the README says to write have the form that forges read.
pub fn workflow_files_are_sound(environment: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let check = |schema: &str, file: &Path| {
        let mut command = Command::new(environment.join("check-jsonschema"));
        succeeds(command.args(["--builtin-schema", schema]).arg(file))
    };
    check("vendor.github-actions", &root().join("action.yml"))?;
    check("vendor.github-workflows", &root().join(".github/workflows/release.yml"))?;
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    for (name, schema) in
        [(".github/workflows/djudge.yml", "vendor.github-workflows"), (".gitlab-ci.yml", "vendor.gitlab-ci")]
    {
        let file = folder.path().join(name.rsplit('/').next().unwrap_or(name));
        std::fs::write(&file, snippet(&readme, name)?)?;
        check(schema, &file)?;
    }
    Ok(())
}

/// The configuration that the README shows is what the schema describes, and a mistake in it is not.
pub fn the_schema_describes_configurations(environment: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("djudge.toml");
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    let (_, rest) = readme.split_once("```toml\nplatform").ok_or("the README has no configuration")?;
    let written = format!("platform{}", rest.split("```").next().unwrap_or_default());
    let mut check = Command::new(environment.join("check-jsonschema"));
    check.arg("--schemafile").arg(root().join("djudge.schema.json")).arg(&file);
    std::fs::write(&file, &written)?;
    succeeds(&mut check)?;
    for (right, wrong) in
        [("server", "sever"), ("\"daphne\"", "\"dafne\""), ("allowed-hosts-wildcard = \"error\"", "x = 1")]
    {
        std::fs::write(&file, written.replace(right, wrong))?;
        let (is_success, text) = run(&mut check);
        if is_success {
            return Err(format!("{wrong} is taken: {text}").into());
        }
    }
    Ok(())
}

/// What is written for pre-commit has the form that it reads.
pub fn hook_files_are_sound(environment: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let config = folder.path().join("config.yaml");
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    std::fs::write(&config, snippet(&readme, ".pre-commit-config.yaml")?)?;
    let program = environment.join("pre-commit");
    succeeds(Command::new(&program).arg("validate-config").arg(&config))?;
    succeeds(Command::new(&program).args(["validate-manifest", ".pre-commit-hooks.yaml"]).current_dir(root()))?;
    Ok(())
}

/// The block of the README that begins with the name of its file.
fn snippet<'r>(readme: &'r str, name: &str) -> Result<&'r str, Failed> {
    let start = format!("```yaml\n# {name}\n");
    let (_, rest) = readme.split_once(&start).ok_or_else(|| format!("the README has no {name}"))?;
    Ok(rest.split("```").next().unwrap_or_default())
}

fn succeeds(command: &mut Command) -> Result<String, Failed> {
    match run(command) {
        (true, text) => Ok(text),
        (false, text) => Err(format!("{command:?}: {text}").into()),
    }
}
