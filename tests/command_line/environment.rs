//! Environment files: those that the user declares, and those that the program reads.

use serde_json::{Value, json};

use crate::project::{Project, settings};

const READERS: &str = "\
import os
import environ
from decouple import config
from dotenv import load_dotenv
load_dotenv()
env = environ.Env()
environ.Env.read_env()
A = os.environ['A']
B = env('A')
C = config('A')
D = os.getenv('A', 'x')
E = 'A' in os.environ
OTHER = os.getenv('OTHER', 'x')
";

/// What each setting is, with the arguments given.
fn shown(project: &Project, args: &[&str]) -> Value {
    let output = project.djudge(&[&["show", "--output-format", "json"], args].concat());
    let document: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    document["modules"][0]["settings"].clone()
}

#[track_caller]
fn assert_known(settings: &Value, name: &str, value: impl Into<Value>) {
    assert_eq!((&settings[name]["certainty"], &settings[name]["value"]), (&json!("known"), &value.into()), "{name}");
}

#[test]
fn a_declared_variable_is_known_to_every_reader() {
    let project = settings(READERS);
    project.write("config/.env", "A=of the program\nOTHER=of the program\n");
    project.write("deploy/prod.env", "A=given\n");
    let settings = shown(&project, &["--env-file", "deploy/prod.env"]);
    for name in ["A", "B", "C", "D"] {
        assert_known(&settings, name, "given");
    }
    assert_known(&settings, "E", true);
    assert_eq!(settings["OTHER"]["certainty"], "depends");
}

#[test]
fn without_a_file_nothing_is_declared() {
    let project = settings(READERS);
    let settings = shown(&project, &[]);
    assert_eq!(settings["A"]["certainty"], "depends");
    assert_eq!(settings["OTHER"]["certainty"], "depends");
}

#[test]
fn a_later_file_wins_and_the_command_line_replaces_the_configuration() {
    let project = settings("import os\nA = os.environ['A']\nB = os.environ.get('B')\n");
    project.write("one.env", "A=1\nB=1\n");
    project.write("two.env", "A=2\n");
    project.write("djudge.toml", "env-files = ['one.env', 'two.env']\n");
    let settings = shown(&project, &[]);
    assert_known(&settings, "A", "2");
    assert_known(&settings, "B", "1");
    let settings = shown(&project, &["--env-file", "one.env"]);
    assert_known(&settings, "A", "1");
    let settings = shown(&project, &["--env-file", "two.env"]);
    assert_eq!(settings["B"]["certainty"], "depends");
    let settings = shown(&project, &["--env-file", "two.env", "--env-file", "one.env"]);
    assert_known(&settings, "A", "1");
}

#[test]
fn the_configuration_names_files_beside_it() {
    let project = settings("import os\nA = os.environ['A']\n");
    project.write("pyproject.toml", "[tool.djudge]\nenv-files = ['deploy/prod.env']\n");
    project.write("deploy/prod.env", "A=1\n");
    assert_known(&shown(&project, &[]), "A", "1");
    assert_known(&shown(&project, &["--project", "config"]), "A", "1");
}

#[test]
fn each_project_has_its_own_environment() {
    let manage: &[u8] = b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n";
    let text: &[u8] = b"import os\nSECRET_KEY = 'x'\nINSTALLED_APPS = []\nA = os.getenv('A')\n";
    let project = Project::new([
        ("one/manage.py", manage),
        ("one/settings.py", text),
        ("one/djudge.toml", b"env-files = ['prod.env']\n"),
        ("one/prod.env", b"A=1\n"),
        ("two/manage.py", manage),
        ("two/settings.py", text),
    ]);
    assert_known(&shown(&project, &["--project", "one"]), "A", "1");
    assert_eq!(shown(&project, &["--project", "two"])["A"]["certainty"], "depends");
}

#[test]
fn what_the_program_does_to_the_environment_comes_later() {
    let project = settings(
        "import os\nfrom dotenv import load_dotenv\nimport vault\n\
         os.environ['A'] = 'set'\nA = os.environ['A']\n\
         del os.environ['B']\nB = os.environ.get('B', 'none')\n\
         POPPED = os.environ.pop('C')\nC = os.environ.get('C', 'none')\n\
         os.environ |= {'D': 'new'}\nD = os.environ['D']\n\
         os.environ.update(E='new')\nE = os.environ['E']\n\
         F = os.environ['F']\nload_dotenv('/run/secrets/.env', override=True)\nG = os.environ['F']\n",
    );
    project.write("prod.env", "A=a\nB=b\nC=c\nD=d\nE=e\nF=f\n");
    let settings = shown(&project, &["--env-file", "prod.env"]);
    for (name, value) in
        [("A", "set"), ("B", "none"), ("POPPED", "c"), ("C", "none"), ("D", "new"), ("E", "new"), ("F", "f")]
    {
        assert_known(&settings, name, value);
    }
    assert_eq!(settings["G"]["certainty"], "unknown");
}

#[test]
fn a_library_that_is_given_the_environment_may_change_it() {
    let project = settings("import os\nimport vault\nvault.load(os.environ)\nA = os.environ['A']\n");
    project.write("prod.env", "A=a\n");
    assert_eq!(shown(&project, &["--env-file", "prod.env"])["A"]["certainty"], "unknown");
}

#[test]
fn what_a_file_takes_from_the_shell_is_not_known() {
    let project = settings("import os\nA = os.environ.get('A')\nB = os.environ.get('B')\n");
    project.write("prod.env", "A=$HOME/data\nB\n");
    let settings = shown(&project, &["--env-file", "prod.env"]);
    assert_eq!(settings["A"]["certainty"], "unknown");
    assert_eq!(settings["B"]["certainty"], "depends");
}

#[test]
fn nothing_is_assumed_of_what_is_declared() {
    let project = settings(
        "import os\nDEBUG = os.environ.get('DEBUG') == '1'\nSTAGE = os.environ['STAGE']\n\
         if STAGE == 'production':\n    NAME = 'p'\nelse:\n    NAME = 'other'\n",
    );
    project.write("stage.env", "DEBUG=1\nSTAGE=staging\n");
    let settings = shown(&project, &["--env-file", "stage.env"]);
    assert_known(&settings, "DEBUG", true);
    assert_known(&settings, "NAME", "other");
}

#[test]
fn the_settings_module_of_a_file_is_the_deployed_one() {
    let project = settings("A = 1\n");
    project.write("config/live.py", "from .settings import *\nA = 2\n");
    project.write("config/other.py", "from .settings import *\nA = 3\n");
    project.write("prod.env", "DJANGO_SETTINGS_MODULE=config.live\n");
    assert_known(&shown(&project, &["--env-file", "prod.env"]), "A", 2);
    let settings = shown(&project, &["--env-file", "prod.env", "--settings", "config.other"]);
    assert_known(&settings, "A", 3);
}

#[test]
fn a_finding_stands_in_the_file_and_shows_no_line_beside_it() {
    let text = "import os\nALLOWED_HOSTS = os.environ['HOSTS'].split(',')\nSECRET_KEY = os.environ['SECRET_KEY']\n";
    let project = settings(text);
    project.write("prod.env", "SECRET_KEY=hunter2\nHOSTS=*,example.com\nPASSWORD=hunter2\n");
    let output = project.djudge(&["check", "--env-file", "prod.env"]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stdout.contains("prod.env:2:"), "{output:?}");
    assert!(output.stdout.contains("secret-key-weak") && output.stdout.contains("*******"), "{output:?}");
    assert!(!output.stdout.contains("hunter2"), "{output:?}");
}

#[test]
fn a_message_names_the_file_that_the_program_reads() {
    let project = settings("import environ\nenviron.Env.read_env()\nALLOWED_HOSTS = environ.Env().list('HOSTS')\n");
    project.write("config/.env", "HOSTS=*\n");
    let output = project.djudge(&["check", "--output-format", "concise"]);
    assert!(output.stdout.contains("`*` in `ALLOWED_HOSTS` (set in config/.env) accepts"), "{output:?}");
}

#[test]
fn a_bad_file_is_told_with_its_place() {
    let project = settings("A = 1\n");
    project.write("djudge.toml", "env-files = ['prod.env']\n");
    let error = |part: &str| {
        let output = project.djudge(&["check"]);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.stderr.contains(part), "{output:?}");
    };
    error("djudge.toml:1:14");
    project.write("prod.env", "A=1\nB C=2\n");
    error("prod.env:2:1");
    project.write("prod.env", b"A=\xff\n");
    error("prod.env is not UTF-8");
    project.write("djudge.toml", "env-files = 'prod.env'\n");
    error("djudge.toml:1:13");
    let output = project.djudge(&["show", "--isolated", "--env-file", "missing.env"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.stderr.contains("missing.env cannot be read"), "{output:?}");
}
