//! `--fix`, `--unsafe-fixes` and `--diff`: what they write, and what they leave as it is.

use std::process::Command;

use super::project::{Output, Project, SILENCED, settings};

const APPS: &str = "INSTALLED_APPS = [\n    'django.contrib.staticfiles',\n    'daphne',  # serves\n]\n";
const ORDERED: &str = "INSTALLED_APPS = [\n    'daphne',  # serves\n    'django.contrib.staticfiles',\n]\n";

fn fix(project: &Project, more: &[&str]) -> Output {
    let select =
        ["check", "--select", "daphne-after-staticfiles,session-cookie-insecure", "--output-format", "concise"];
    project.djudge(&[&select[..], more].concat())
}

fn bytes(project: &Project, path: &str) -> Vec<u8> {
    std::fs::read(project.path().join(path)).expect("a file")
}

fn text(project: &Project, path: &str) -> String {
    String::from_utf8(bytes(project, path)).expect("UTF-8")
}

#[test]
fn safe_fixes_are_applied_and_told() {
    let project = settings(format!("{SILENCED}{APPS}"));
    let before = fix(&project, &[]);
    assert!(before.stdout.ends_with("1 error; --fix mends 1\n"), "{before:?}");
    let output = fix(&project, &["--fix"]);
    assert_eq!(output.code, 0, "{output:?}");
    let told = "config/settings.py: daphne-after-staticfiles: move `\"daphne\"` before `django.contrib.staticfiles`\n\
                Applied 1 fix in 1 file\nJudged 1 settings module: nothing to report\n";
    assert_eq!(output.stdout, told);
    assert_eq!(text(&project, "config/settings.py"), format!("{SILENCED}{ORDERED}"));
    let again = fix(&project, &["--fix", "--unsafe-fixes"]);
    assert!(again.stdout.starts_with("No fix to apply\n"), "{again:?}");
    assert_eq!(text(&project, "config/settings.py"), format!("{SILENCED}{ORDERED}"));
}

#[test]
fn unsafe_fixes_want_to_be_asked_for() {
    let before = format!("{SILENCED}MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware']\n");
    let project = settings(&before);
    assert!(fix(&project, &[]).stdout.contains("; --unsafe-fixes mends 1"));
    let output = fix(&project, &["--fix"]);
    assert!(output.code == 1 && output.stdout.contains("No fix to apply"), "{output:?}");
    assert_eq!(text(&project, "config/settings.py"), before);
    assert_eq!(fix(&project, &["--unsafe-fixes"]).code, 0);
    assert_eq!(text(&project, "config/settings.py"), format!("{before}SESSION_COOKIE_SECURE = True\n"));
}

#[test]
fn all_else_stays_byte_for_byte() {
    for (head, tail) in
        [("\u{feff}# caf\u{e9}\r\n", "NAME = '\u{1f642}'"), ("# no end\r", ""), ("\t\n\x0c\n", "# end\n\n\n")]
    {
        let line_end = if head.ends_with("\r\n") {
            "\r\n"
        } else if head.ends_with('\r') {
            "\r"
        } else {
            "\n"
        };
        let with = |apps: &str| format!("{head}{}{tail}", apps.replace('\n', line_end)).replace("\t\n", "\n");
        let project = settings(with(APPS));
        assert_eq!(fix(&project, &["--fix"]).code, 0, "{head:?}");
        assert_eq!(text(&project, "config/settings.py"), with(ORDERED));
    }
    let project = settings([b"# coding: latin-1\nNAME = '\xe9'\n", APPS.as_bytes()].concat());
    assert_eq!(fix(&project, &["--fix"]).code, 0);
    let expected = [b"# coding: latin-1\nNAME = '\xe9'\n", ORDERED.as_bytes()].concat();
    assert_eq!(bytes(&project, "config/settings.py"), expected);
}

#[test]
fn a_diff_writes_nothing_and_can_be_applied() {
    let project = settings(format!("{APPS}A = 1"));
    let output = fix(&project, &["--diff"]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stderr.ends_with("1 fix in 1 file would be applied\n"), "{output:?}");
    assert_eq!(text(&project, "config/settings.py"), format!("{APPS}A = 1"));
    project.write("fix.patch", &output.stdout);
    let git = Command::new("git").args(["apply", "fix.patch"]).current_dir(project.path()).status().expect("git");
    assert!(git.success());
    assert_eq!(text(&project, "config/settings.py"), format!("{ORDERED}A = 1"));
    let output = fix(&project, &["--diff"]);
    assert!(output.code == 0 && output.stdout.is_empty(), "{output:?}");
}

#[test]
fn a_fix_that_would_change_more_than_it_means_is_refused() {
    let text_before = format!(
        "{SILENCED}MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware']\n\
         SESSION_COOKIE_SECURE = False\nCSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE\n"
    );
    let project = settings(&text_before);
    let output = fix(&project, &["--unsafe-fixes"]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stdout.contains("was not done: `CSRF_COOKIE_SECURE` would change, too"), "{output:?}");
    assert_eq!(text(&project, "config/settings.py"), text_before);
}

#[test]
fn findings_that_are_silenced_or_hidden_stay() {
    let ignored = APPS.replace("# serves", "# djudge: ignore[daphne-after-staticfiles] on purpose");
    let project = settings(&ignored);
    assert_eq!(fix(&project, &["--fix"]).code, 0);
    assert_eq!(text(&project, "config/settings.py"), ignored);
    let project = settings(APPS);
    assert_eq!(fix(&project, &["--write-baseline", "baseline.json"]).code, 0);
    assert_eq!(fix(&project, &["--baseline", "baseline.json", "--fix"]).code, 0);
    assert_eq!(text(&project, "config/settings.py"), APPS);
}

#[test]
fn two_modules_share_a_base() {
    let project = settings("");
    project.write("config/base.py", APPS);
    project.write("config/settings.py", "from .base import *\n");
    project.write("config/production.py", "from .base import *\nDEBUG = False\n");
    project.write("djudge.toml", "settings = ['config.settings', 'config.production']\n");
    assert_eq!(fix(&project, &["--fix"]).code, 0);
    assert_eq!(text(&project, "config/base.py"), ORDERED);
    assert_eq!(text(&project, "config/settings.py"), "from .base import *\n");
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_links_lead_on() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let project = settings("");
    project.write("config/real.py", APPS);
    let (link, real) = (project.path().join("config/settings.py"), project.path().join("config/real.py"));
    std::fs::remove_file(&link).expect("removed");
    symlink("real.py", &link).expect("a link");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("a mode");
    assert_eq!(fix(&project, &["--fix"]).code, 0);
    assert!(link.is_symlink() && std::fs::read_to_string(&real).expect("a file") == ORDERED);
    assert_eq!(real.metadata().expect("a file").permissions().mode() & 0o777, 0o640);
    // What lies outside of the project is not written to.
    let outside = Project::new([("elsewhere.py", APPS.as_bytes())]);
    std::fs::remove_file(&link).expect("removed");
    symlink(outside.path().join("elsewhere.py"), &link).expect("a link");
    let output = fix(&project, &["--fix"]);
    assert_eq!(output.code, 1, "{output:?}");
    assert_eq!(text(&outside, "elsewhere.py"), APPS);
}
