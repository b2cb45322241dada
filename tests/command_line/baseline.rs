//! Adopting djudge in a project that has findings.

use super::project::{Output, Project, settings};

const SETTINGS: &str = "ALLOWED_HOSTS = ['*']\n";

fn adopted() -> Project {
    let project = settings(SETTINGS);
    let output = project.djudge(&["check", "--write-baseline", "known.json"]);
    assert_eq!(output.code, 0, "{output:?}");
    project
}

fn check(project: &Project) -> Output {
    project.djudge(&["check", "--baseline", "known.json", "--output-format", "concise"])
}

#[test]
fn what_is_counted_is_left_out_wherever_it_moves() {
    let project = adopted();
    let output = check(&project);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stdout.contains("in the baseline") && output.stderr.is_empty(), "{output:?}");
    project
        .write("config/settings.py", "import os\n\n\nALLOWED_HOSTS = ['*']\nSECRET_KEY = os.environ['SECRET_KEY']\n");
    assert_eq!(check(&project).code, 0);
}

#[test]
fn one_more_shows_them_all() {
    let project = settings("ALLOWED_HOSTS = ['a:80']\n");
    assert_eq!(project.djudge(&["check", "--write-baseline", "known.json"]).code, 0);
    assert_eq!(check(&project).code, 0);
    project.write(
        "config/settings.py",
        "import os\nALLOWED_HOSTS = ['a:80', 'b:80']\nSECRET_KEY = os.environ['SECRET_KEY']\n",
    );
    let output = check(&project);
    assert_eq!(output.code, 1, "{output:?}");
    assert_eq!(output.stdout.matches("allowed-hosts-unmatchable").count(), 2, "{output:?}");
}

#[test]
fn what_is_counted_in_vain_is_told_and_pruned() {
    let project = adopted();
    project.write(
        "config/settings.py",
        "import os\nALLOWED_HOSTS = ['example.com']\nSECRET_KEY = os.environ['SECRET_KEY']\n",
    );
    let output = check(&project);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stderr.contains("1 more of allowed-hosts-wildcard in config/settings.py"), "{output:?}");
    // Of what was not asked nothing is said.
    let output = project.djudge(&["check", "--baseline", "known.json", "--select", "redis"]);
    assert!(output.stderr.is_empty(), "{output:?}");
    project.djudge(&["check", "--baseline", "known.json", "--prune-baseline"]);
    assert!(check(&project).stderr.is_empty());
    let left = std::fs::read_to_string(project.path().join("known.json")).expect("the baseline is there");
    assert!(!left.contains("allowed-hosts-wildcard"), "{left}");
}

#[test]
fn a_file_that_is_no_baseline_is_an_error_of_use() {
    let project = settings(SETTINGS);
    for text in ["[]", "{\"schema\": 2, \"findings\": {}}", "{\"schema\": 1, \"found\": {}}", "{"] {
        project.write("known.json", text);
        let output = check(&project);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.stderr.contains("known.json is no baseline"), "{output:?}");
    }
    let output = project.djudge(&["check", "--baseline", "missing.json"]);
    assert!(output.code == 2 && output.stderr.contains("--write-baseline"), "{output:?}");
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let project = settings("ALLOWED_HOSTS = ['a:80', 'b:80', '*']\n");
    let output = project.djudge(&["check", "--statistics", "--select", "hosts", "--output-format", "concise"]);
    let lines: Vec<&str> = output.stdout.lines().filter(|line| !line.contains(".py")).collect();
    assert_eq!(
        lines[..2],
        ["    2  warning  allowed-hosts-unmatchable", "    1  warning  allowed-hosts-wildcard"],
        "{output:?}"
    );
}
