//! The command line: severities, exit codes, formats, suppression, rules of one's own.

use serde_json::Value;

use crate::project::{Project, SILENCED, settings};

fn wildcard() -> Project {
    settings(format!("DEBUG = False\nALLOWED_HOSTS = ['*']\n{SILENCED}"))
}

fn json(project: &Project, args: &[&str]) -> Value {
    let output = project.djudge(args);
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn severities_decide_what_is_shown_and_what_fails() {
    let project = wildcard();
    let code = |args: &[&str]| project.djudge(args).code;
    assert_eq!(code(&["check"]), 1);
    assert_eq!(code(&["check", "--fail-on", "error"]), 0);
    assert_eq!(code(&["check", "--exit-zero"]), 0);
    let output = project.djudge(&["check", "--min-severity", "error"]);
    assert_eq!(output.code, 1);
    assert!(output.stdout.contains("1 warning hidden (--min-severity warning shows them)"), "{output:?}");
    project.write("djudge.toml", "[severity]\nallowed-hosts-wildcard = 'advice'\n");
    let output = project.djudge(&["check"]);
    assert_eq!(output.code, 0);
    assert!(output.stdout.contains("1 advice hidden (--min-severity advice shows them)"), "{output:?}");
    project.write("djudge.toml", "fail-on = 'advice'\nmin-severity = 'advice'\n");
    assert_eq!(code(&["check"]), 1);
}

#[test]
fn rules_are_selected_by_name_group_or_all() {
    let project = wildcard();
    let code = |args: &[&str]| project.djudge(args).code;
    assert_eq!(code(&["check", "--select", "allowed-hosts-wildcard"]), 1);
    assert_eq!(code(&["check", "--select", "hosts"]), 1);
    assert_eq!(code(&["check", "--select", "djudge"]), 0);
    assert_eq!(code(&["check", "--ignore", "hosts"]), 0);
    assert_eq!(code(&["check", "--ignore", "djudge,allowed-hosts-wildcard"]), 0);
}

#[test]
fn json_is_as_the_contract_says() {
    let document = json(&wildcard(), &["check", "--output-format", "json"]);
    assert_eq!(document["schema"], 1);
    let finding = &document["findings"][0];
    assert_eq!(finding["rule"], "allowed-hosts-wildcard");
    assert_eq!(finding["severity"], "warning");
    assert_eq!(finding["confidence"], "high");
    assert_eq!(finding["path"], "config/settings.py");
    assert_eq!(finding["start"], serde_json::json!({"line": 2, "column": 18}));
    assert_eq!(finding["end"], serde_json::json!({"line": 2, "column": 21}));
    assert_eq!(finding["setting"], "ALLOWED_HOSTS");
    assert_eq!(finding["settings_module"], "config.settings");
    for list in ["django_checks", "related", "fixes"] {
        assert!(finding[list].is_array(), "{list}");
    }
    assert_eq!(
        document["summary"],
        serde_json::json!({"files": 2, "settings_modules": 1, "error": 0, "warning": 1, "advice": 0})
    );
    assert!(document["silent"].is_array());
}

#[test]
fn columns_count_code_points() {
    let project = settings(format!("X = '😀é'; ALLOWED_HOSTS = ['*']\n{SILENCED}"));
    let document = json(&project, &["check", "--output-format", "json"]);
    assert_eq!(document["findings"][0]["start"]["column"], 28);
}

#[test]
fn show_is_as_the_contract_says() {
    let project = settings(
        "import os\nfrom pathlib import Path\nDEBUG = False\nALLOWED_HOSTS = ['a']\nALLOWED_HOSTS += ['b']\n\
         T = (1, 2)\nP = Path('/x') / 'y'\nE = os.environ.get('E', 'x')\nU = os.urandom(3)\nN = None\n",
    );
    project.write("requirements.txt", "django==5.2.1\n");
    let document = json(&project, &["show", "--output-format", "json"]);
    let module = &document["modules"][0];
    assert_eq!(module["module"], "config.settings");
    assert_eq!(module["path"], "config/settings.py");
    assert_eq!((&module["deployed"], &module["django"]), (&true.into(), &"5.2.1".into()));
    let settings = &module["settings"];
    assert_eq!(settings["ALLOWED_HOSTS"]["value"], serde_json::json!(["a", "b"]));
    assert_eq!(settings["ALLOWED_HOSTS"]["certainty"], "known");
    let lines: Vec<_> =
        settings["ALLOWED_HOSTS"]["history"].as_array().expect("a list").iter().map(|at| &at["line"]).collect();
    assert_eq!(lines, [4, 5]);
    assert_eq!(settings["T"]["value"], serde_json::json!({"$tuple": [1, 2]}));
    assert_eq!(settings["P"]["value"], serde_json::json!({"$path": "/x/y"}));
    assert_eq!(settings["E"]["value"], serde_json::json!({"$env": {"name": "E", "default": "x"}}));
    assert_eq!(settings["E"]["certainty"], "depends");
    assert_eq!(settings["U"]["certainty"], "unknown");
    assert_eq!(settings["N"]["value"], Value::Null);
    let one = json(&project, &["show", "T", "--output-format", "json"]);
    assert_eq!(one["modules"][0]["settings"].as_object().expect("an object").len(), 1);
}

#[test]
fn comments_suppress() {
    let suppressed = "ALLOWED_HOSTS = ['*']  # djudge: ignore[allowed-hosts-wildcard] the balancer checks it\n";
    let project = settings(format!("{suppressed}{SILENCED}"));
    let output = project.djudge(&["check"]);
    assert_eq!(output.code, 0);
    assert!(output.stdout.contains("nothing to report; 1 suppressed"), "{output:?}");
    let project = settings("# djudge: ignore[allowed-hosts-wildcard] not here\nDEBUG = False\nALLOWED_HOSTS = ['*']\n");
    let output = project.djudge(&["check", "--output-format", "concise", "-q"]);
    assert!(output.stdout.contains("config/settings.py:1:18: warning[unused-suppression]"), "{output:?}");
    assert!(output.stdout.contains("config/settings.py:3:18: warning[allowed-hosts-wildcard]"), "{output:?}");
}

#[test]
fn a_rule_that_is_off_leaves_its_suppressions_in_peace() {
    let project = settings(format!("DEBUG = False  # djudge: ignore[allowed-hosts-wildcard] for later\n{SILENCED}"));
    assert_eq!(project.djudge(&["check"]).code, 1);
    assert_eq!(project.djudge(&["check", "--ignore", "hosts"]).code, 0);
    assert_eq!(project.djudge(&["check", "--select", "djudge"]).code, 0);
}

#[test]
fn reports_go_to_files_whole() {
    let project = wildcard();
    let output = project.djudge(&["check", "--output-format", "json", "--output-file", "report.json"]);
    assert_eq!(output.code, 1);
    assert!(output.stdout.contains("1 warning"), "{output:?}");
    let text = std::fs::read_to_string(project.path().join("report.json")).expect("the report");
    assert!(serde_json::from_str::<Value>(&text).is_ok());
    let output = project.djudge(&["check", "--output-file", "no/such/folder/report"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("cannot be written"), "{output:?}");
}

#[test]
fn silence_is_told_on_request() {
    let project = settings("import os\nALLOWED_HOSTS = os.environ['HOSTS'].split(',')\n");
    let output = project.djudge(&["check"]);
    assert!(!output.stdout.contains("silent["), "{output:?}");
    let output = project.djudge(&["check", "--show-silent"]);
    assert!(
        output.stdout.contains("config/settings.py:2: silent[allowed-hosts-wildcard] ALLOWED_HOSTS: "),
        "{output:?}"
    );
    let document = json(&project, &["check", "--output-format", "json"]);
    assert_eq!(document["silent"][0]["path"], "config/settings.py");
}

#[test]
fn colours_are_used_on_request_alone() {
    let project = wildcard();
    assert!(!project.djudge(&["check"]).stdout.contains('\u{1b}'));
    assert!(project.djudge(&["check", "--color", "always"]).stdout.contains('\u{1b}'));
}

#[test]
fn a_rule_of_ones_own_from_start_to_finish() {
    let project = settings("EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\n");
    let output = project.djudge(&["rules", "new", "mail-to-the-console"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(project.djudge(&["rules", "new", "mail-to-the-console"]).code, 2, "nothing is overwritten");
    assert_eq!(project.djudge(&["rules", "new", "Not A Name"]).code, 2);
    let output = project.djudge(&["rules", "test", "lint/mail_to_the_console.md"]);
    assert_eq!((output.code, output.stdout.as_str()), (0, "local/mail-to-the-console ok, 3 examples\n"), "{output:?}");
    project.write("djudge.toml", "rules = ['lint/*.md']\n");
    let output =
        project.djudge(&["check", "--output-format", "concise", "--select", "local/mail-to-the-console", "-q"]);
    assert_eq!(output.code, 1);
    assert!(output.stdout.starts_with("config/settings.py:1:17: warning[local/mail-to-the-console]"), "{output:?}");
    assert!(project.djudge(&["rules", "list"]).stdout.contains("local/mail-to-the-console"));
    assert_eq!(project.djudge(&["rules", "test"]).code, 0);
    let page = project.path().join("lint/mail_to_the_console.md");
    let text = std::fs::read_to_string(&page).expect("the page").replace("  # error", "");
    std::fs::write(&page, text).expect("the page");
    let output = project.djudge(&["rules", "test"]);
    assert_eq!(output.code, 1);
    assert!(output.stdout.contains("is not marked with `# error`"), "{output:?}");
}

#[test]
fn every_rule_can_be_explained() {
    let project = Project::new([]);
    let list = project.djudge(&["rules", "list"]).stdout;
    let ids: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(ids.len() > 4, "{list}");
    for id in ids {
        let output = project.djudge(&["explain", id]);
        assert!(output.stdout.starts_with(&format!("# {id}\n")), "{output:?}");
        assert!(!output.stdout.contains("```toml\ngroup"), "{id} shows its metadata");
    }
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let output = Project::new([]).djudge(&["completions", shell]);
        assert!(output.stdout.contains("explain"), "{shell}");
    }
}
