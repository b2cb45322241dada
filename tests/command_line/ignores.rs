//! `--add-ignores`: comments for a project that begins to use djudge.

use super::project::{Output, Project, settings};

const WHY: &str = "the proxy checks";

fn add(project: &Project) -> Output {
    project.djudge(&["check", "--add-ignores", WHY, "--output-format", "concise"])
}

fn text(project: &Project, path: &str) -> Vec<u8> {
    std::fs::read(project.path().join(path)).expect("a file")
}

#[test]
fn everything_else_stays_as_it_is() {
    let project =
        settings(b"\xef\xbb\xbf# caf\xc3\xa9\r\nALLOWED_HOSTS = ['*']\t\r\nDATA_UPLOAD_MAX_MEMORY_SIZE = None");
    let output = add(&project);
    assert_eq!(output.code, 0, "{output:?}");
    let written = text(&project, "config/settings.py");
    let comment = b"\r\nALLOWED_HOSTS = ['*']  # djudge: ignore[allowed-hosts-wildcard] the proxy checks\r\n";
    assert!(written.starts_with(b"\xef\xbb\xbf") && written.windows(comment.len()).any(|part| part == comment));
    assert!(!written.ends_with(b"\n") && !written.contains(&b'\t'));
    let output = add(&project);
    assert!(output.code == 0 && !output.stdout.contains("Wrote"), "{output:?}");
    assert_eq!(text(&project, "config/settings.py"), written);
}

#[test]
fn the_encoding_of_the_file_is_kept() {
    let project = settings(b"# coding: latin-1\nNAME = '\xe9'\nALLOWED_HOSTS = ['*']\n");
    assert_eq!(project.djudge(&["check", "--add-ignores", "caf\u{e9}"]).code, 0);
    assert!(text(&project, "config/settings.py").ends_with(b"caf\xe9\n"));
    // What the encoding does not have is told, and nothing is written.
    let before = b"# coding: latin-1\nNAME = '\xe9'\nALLOWED_HOSTS = ['*']\n";
    let project = settings(before);
    let output = project.djudge(&["check", "--add-ignores", "\u{20ac}", "--output-format", "concise"]);
    assert!(output.code == 1 && output.stdout.contains("does not exist in latin-1"), "{output:?}");
    assert_eq!(text(&project, "config/settings.py"), before);
}

#[test]
fn findings_in_other_files() {
    let project = settings("import os\nALLOWED_HOSTS = ['a']\nSECRET_KEY = os.environ['SECRET_KEY']\n");
    project.write("djudge.toml", "settings = ['config.settings']\nplatform = 'nginx'\n");
    project.write("docker-compose.yml", "services:\n  web:\n    command: daphne config.asgi:application\n    environment:\n      SECRET_KEY: django-insecure-abc\n");
    project.write(".env", "SECRET_KEY=django-insecure-abc\n");
    let before = project.djudge(&["check", "--output-format", "concise", "--env-file", ".env"]);
    assert!(before.stdout.contains(".env:1"), "{before:?}");
    let output = project.djudge(&["check", "--add-ignores", WHY, "--output-format", "concise", "--env-file", ".env"]);
    assert_eq!(output.code, 0, "{output:?}");
    let written = String::from_utf8(text(&project, ".env")).expect("UTF-8");
    assert!(
        written.starts_with("# djudge: ignore[") && written.ends_with("\nSECRET_KEY=django-insecure-abc\n"),
        "{written}"
    );
}

#[test]
fn what_is_wrong_with_a_comment_is_not_ignored() {
    let project = settings("DEBUG = False  # djudge: ignore[allowed-hosts-wildcard] x\nALLOWED_HOSTS = ['*']\n");
    let output = add(&project);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stdout.contains("unused-suppression is not ignored: it is about a comment"), "{output:?}");
    assert!(output.stdout.contains("Wrote comments for"), "{output:?}");
}

#[test]
fn reasons_that_are_none() {
    let project = settings("ALLOWED_HOSTS = ['*']\n");
    for reason in ["", " - ", "two\nlines"] {
        let output = project.djudge(&["check", "--add-ignores", reason]);
        assert!(output.code == 2 && output.stderr.contains("--add-ignores \"the load"), "{output:?}");
    }
    assert_eq!(text(&project, "config/settings.py"), b"ALLOWED_HOSTS = ['*']\n");
}

#[cfg(unix)]
#[test]
fn links_and_what_lies_outside() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let outside = settings("ALLOWED_HOSTS = ['*']\n");
    let project = settings("");
    project.write(".git/HEAD", "");
    let (path, real) = (project.path().join("config/settings.py"), project.path().join("real.txt"));
    std::fs::remove_file(&path).expect("removed");
    symlink(outside.path().join("config/settings.py"), &path).expect("a link");
    let output = add(&project);
    assert!(output.code == 1 && output.stdout.contains("outside of the project"), "{output:?}");
    assert_eq!(text(&outside, "config/settings.py"), b"ALLOWED_HOSTS = ['*']\n");

    std::fs::remove_file(&path).expect("removed");
    std::fs::write(&real, "ALLOWED_HOSTS = ['*']\n").expect("written");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o600)).expect("permissions");
    symlink("../real.txt", &path).expect("a link");
    assert_eq!(add(&project).code, 0);
    assert!(std::fs::symlink_metadata(&path).expect("a link").is_symlink());
    assert_eq!(std::fs::metadata(&real).expect("a file").permissions().mode() & 0o777, 0o600);
    assert!(String::from_utf8(text(&project, "real.txt")).expect("UTF-8").contains("# djudge: ignore["));
}
