//! Neovim's built-in client.

use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::Outage;
use crate::environment::root;

/// The tests, which are reported as not run where there is no Neovim.
pub fn trials() -> Vec<Trial> {
    let is_there = Command::new("nvim").arg("--version").output().is_ok_and(|output| output.status.success());
    let is_required = std::env::var_os("DJUDGE_TOOLS").is_some_and(|value| value == "required");
    let missing = if is_there { "" } else { " (not run: ./test installs Neovim)" };
    let trial = Trial::test(format!("neovim_shows_findings_and_applies_a_fix{missing}"), move || {
        if is_there { shows_findings_and_applies_a_fix() } else { Err("nvim is missing".into()) }
    });
    vec![trial.with_ignored_flag(!is_there && !is_required)]
}

/// `neovim.lua` opens a file of the outage, waits for the findings, applies the fix, saves, and waits until they are gone.
fn shows_findings_and_applies_a_fix() -> Result<(), Failed> {
    let project = Outage::copy();
    let script = root().join("tests/server/neovim.lua");
    let output = Command::new("nvim")
        .args(["--headless", "--clean", "-n"])
        .arg("config/settings/production.py")
        .args(["-c", &format!("luafile {}", script.display())])
        .current_dir(&project.folder)
        .env("DJUDGE", env!("CARGO_BIN_EXE_djudge"))
        .env("DJUDGE_ACTION", "name the header that is sent")
        .env("XDG_STATE_HOME", project.folder.join(".state"))
        .env("XDG_CACHE_HOME", project.folder.join(".state"))
        .output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned().into()),
    }
}
