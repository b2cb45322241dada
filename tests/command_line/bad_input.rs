//! Bad input gets a clear answer: no panic, no hang, nothing lost.

use crate::project::{Output, Project, settings};

fn check(project: &Project) -> Output {
    project.djudge(&["check", "--output-format", "concise", "--ignore", "security"])
}

/// The rules that were found, with their lines.
fn found(output: &Output) -> Vec<String> {
    let finding = |line: &str| {
        let (place, rest) = line.split_once(": ")?;
        let rule = rest.split_once('[')?.1.split_once(']')?.0;
        let mut place = place.rsplit(':');
        let (_, line) = (place.next()?, place.next()?);
        Some(format!("{line} {rule}"))
    };
    output.stdout.lines().filter_map(finding).collect()
}

#[test]
fn a_syntax_error_is_a_finding_and_the_rest_is_judged() {
    let output = check(&settings("DEBUG = False\nALLOWED_HOSTS = ['*']\nX = (1 2)\n"));
    assert_eq!(output.code, 1, "{output:?}");
    assert_eq!(found(&output), ["2 allowed-hosts-wildcard", "3 syntax-error"]);
}

#[test]
fn a_broken_module_of_many_does_not_hide_the_others() {
    let project = settings("from .base import *\nALLOWED_HOSTS = ['*']\n");
    project.write("config/base.py", "DEBUG = False\ndef (:\n");
    let output = check(&project);
    assert!(output.stdout.contains("config/base.py:2"), "{output:?}");
    assert!(output.stdout.contains("config/settings.py:2:18: warning[allowed-hosts-wildcard]"), "{output:?}");
}

#[test]
fn other_encodings_are_read_as_the_file_says() {
    let latin: &[u8] = b"# -*- coding: latin-1 -*-\nNAME = '\xe9'\nALLOWED_HOSTS = ['*']\n";
    assert_eq!(found(&check(&settings(latin))), ["3 allowed-hosts-wildcard"]);
    let cyrillic: &[u8] = b"# coding: cp1251\nNAME = '\xcf\xf0'\nALLOWED_HOSTS = ['*']\n";
    assert_eq!(found(&check(&settings(cyrillic))), ["3 allowed-hosts-wildcard"]);
}

#[test]
fn a_file_that_is_no_text_is_told_and_the_rest_is_judged() {
    let project = settings("from .base import *\nALLOWED_HOSTS = ['*']\n");
    project.write("config/base.py", b"NAME = '\xff\xfe'\n");
    let output = check(&project);
    assert_eq!(output.code, 3, "{output:?}");
    assert!(output.stderr.contains("config/base.py cannot be read: "), "{output:?}");
    assert_eq!(found(&output), ["2 allowed-hosts-wildcard"]);
}

#[test]
fn an_unknown_encoding_is_told() {
    let project = settings("from .base import *\n");
    project.write("config/base.py", "# coding: klingon\nDEBUG = False\n");
    let output = check(&project);
    assert_eq!(output.code, 3, "{output:?}");
    assert!(output.stderr.contains("klingon"), "{output:?}");
}

#[test]
fn line_endings_marks_and_form_feeds_do_not_move_places() {
    let windows = "DEBUG = False\r\n\r\nALLOWED_HOSTS = ['*']\r\n";
    assert_eq!(found(&check(&settings(windows))), ["3 allowed-hosts-wildcard"]);
    let mac = "DEBUG = False\r\rALLOWED_HOSTS = ['*']\r";
    assert_eq!(found(&check(&settings(mac))), ["3 allowed-hosts-wildcard"]);
    let marked = "\u{feff}ALLOWED_HOSTS = ['*']\n";
    let output = check(&settings(marked));
    assert!(output.stdout.contains("config/settings.py:1:18: "), "{output:?}");
    let form_feed = "DEBUG = False\n\u{c}\nALLOWED_HOSTS = ['*']\n";
    assert_eq!(found(&check(&settings(form_feed))), ["3 allowed-hosts-wildcard"]);
}

#[test]
fn a_file_of_ten_megabytes_is_judged() {
    let mut text = "ALLOWED_HOSTS = ['*']\nNAMES = [\n".to_owned();
    while text.len() < 10 * 1024 * 1024 {
        text.push_str("    'a name that is as long as names in such lists are',\n");
    }
    text.push_str("]\n");
    assert_eq!(found(&check(&settings(text))), ["1 allowed-hosts-wildcard"]);
}

#[test]
fn nested_brackets_end_in_a_finding() {
    let text = format!("ALLOWED_HOSTS = ['*']\nX = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let output = check(&settings(text));
    assert_eq!(output.code, 1, "{:?}", output.stderr);
    assert!(output.stdout.contains("syntax-error"), "{}", &output.stdout[..200.min(output.stdout.len())]);
}

#[test]
fn hostile_programs_end() {
    for text in [
        "X = 'a' * 10**12\n",
        "X = [0]\nfor i in range(10**9):\n    X = X + X\n",
        "def f(n):\n    return f(n + 1)\nX = f(0)\n",
        "X = []\nX.append(X)\nY = {'x': X}\nX.append(Y)\n",
        "while True:\n    pass\n",
    ] {
        let output = check(&settings(format!("ALLOWED_HOSTS = ['example.com']\n{text}")));
        assert!(matches!(output.code, 0 | 1), "{text}: {output:?}");
    }
}

#[test]
fn import_cycles_end() {
    let project = settings("from .a import *\nALLOWED_HOSTS = ['*']\n");
    project.write("config/a.py", "from .b import *\nA = 1\n");
    project.write("config/b.py", "from .a import *\nfrom .settings import *\nB = 1\n");
    let output = check(&project);
    assert_eq!(found(&output), ["2 allowed-hosts-wildcard"], "{output:?}");
}

#[cfg(unix)]
#[test]
fn symlink_loops_end() {
    let project = settings("ALLOWED_HOSTS = ['*']\n");
    std::os::unix::fs::symlink(project.path(), project.path().join("config/loop")).expect("a link");
    std::os::unix::fs::symlink("self", project.path().join("self")).expect("a link");
    let output = check(&project);
    assert_eq!(found(&output), ["1 allowed-hosts-wildcard"], "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let project = settings("from .base import *\nALLOWED_HOSTS = ['*']\n");
    project.write("config/base.py", "DEBUG = False\n");
    let path = project.path().join("config/base.py");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("permissions");
    if std::fs::read(&path).is_ok() {
        // The superuser reads everything.
        return;
    }
    let output = check(&project);
    assert_eq!(output.code, 3, "{output:?}");
    assert!(output.stderr.contains("config/base.py cannot be read"), "{output:?}");
    assert_eq!(found(&output), ["2 allowed-hosts-wildcard"]);
}

#[test]
fn a_missing_path_is_told() {
    let output = settings("").djudge(&["check", "no/such"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("there is no file or folder"), "{output:?}");
    assert!(output.stderr.contains("no/such"), "{output:?}");
}

#[test]
fn a_folder_without_django_is_told() {
    for project in [Project::new([]), Project::new([("x.py", b"print(1)\n".as_slice())])] {
        let output = project.djudge(&["check"]);
        assert_eq!(output.code, 2);
        assert!(output.stderr.contains("no Django project found under "), "{output:?}");
    }
}

#[test]
fn a_file_without_django_is_nothing_to_judge() {
    let output = Project::new([("x.py", b"print(1)\n".as_slice())]).djudge(&["check", "x.py"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stdout.contains("Nothing to judge"), "{output:?}");
}

#[test]
fn broken_configuration_points_into_the_file() {
    let cases = [
        ("platfrom = 'aws-alb'\n", "platfrom"),
        ("platform = 'aws-albb'\n", "there is no platform \"aws-albb\""),
        ("select = ['allowed-host-wildcard']\n", "did you mean `allowed-hosts-wildcard`?"),
        ("min-severity = 'fatal'\n", "fatal"),
        ("processes = 'two'\n", "this is text, where a whole number belongs"),
        ("x = [\n", "djudge.toml:"),
        ("rules = ['lint/*.md']\n", "no rule page matches"),
        ("exclude = ['a[']\n", "exclude"),
        ("[severity]\nno-such-rule = 'error'\n", "there is no rule \"no-such-rule\""),
        ("django = 'new'\n", "is no version"),
    ];
    for (text, said) in cases {
        let project = settings("ALLOWED_HOSTS = ['*']\n");
        project.write("djudge.toml", text);
        let output = check(&project);
        assert_eq!(output.code, 2, "{text}: {output:?}");
        assert!(output.stderr.contains("djudge.toml:"), "{text}: {output:?}");
        assert!(output.stderr.contains(said), "{text}: {output:?}");
    }
}

#[test]
fn broken_configuration_in_pyproject_points_into_the_file() {
    let project = settings("ALLOWED_HOSTS = ['*']\n");
    project.write("pyproject.toml", "[project]\nname = 'x'\n\n[tool.djudge]\nplatform = 'moon'\n");
    let output = check(&project);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("pyproject.toml:5"), "{output:?}");
}

#[test]
fn broken_rule_pages_point_into_the_page() {
    let page = "# my-rule\n\nWrong.\n\n```toml\ngroup = 'local'\nseverity = 'warning'\n[when]\nsetting = 'X'\n```\n";
    let cases = [
        (page.replace("# my-rule", "# another"), "the first line must be"),
        (page.replace("[when]", "[wehn]"), "wehn"),
        (page.to_owned(), "nothing is asked of it"),
        (page.replace("[when]\nsetting = 'X'\n", ""), "needs a condition"),
        (page.replace("setting = 'X'", "setting = 'X'\nmatches = '('"), "no regular expression"),
    ];
    for (text, said) in cases {
        let project = settings("ALLOWED_HOSTS = ['*']\n");
        project.write("djudge.toml", "rules = ['lint/*.md']\n");
        project.write("lint/my_rule.md", &text);
        let output = check(&project);
        assert_eq!(output.code, 2, "{text}: {output:?}");
        assert!(output.stderr.contains("lint/my_rule.md:"), "{text}: {output:?}");
        assert!(output.stderr.contains(said), "{text}: {output:?}");
    }
}

#[test]
fn wrong_usage_says_what_to_type() {
    let project = settings("ALLOWED_HOSTS = ['*']\n");
    let output = project.djudge(&["check", "--select", "allowed-host-wildcard"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("did you mean `allowed-hosts-wildcard`?"), "{output:?}");
    let output = project.djudge(&["explain", "allowed-host-wildcard"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("did you mean `allowed-hosts-wildcard`?"), "{output:?}");
    let output = project.djudge(&["check", "--settings", "config.setings"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("config.setings"), "{output:?}");
    let output = project.djudge(&["check", "--settings", "config/settings.py"]);
    assert!(output.stderr.contains("a module is named with dots"), "{output:?}");
    let output = project.djudge(&["show", "allowed_hosts"]);
    assert!(output.stdout.contains("try ALLOWED_HOSTS"), "{output:?}");
    assert_eq!(project.djudge(&["chekc"]).code, 2);
}
