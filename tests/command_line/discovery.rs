//! Which projects and settings modules are found, and which of them are judged as deployed.

use serde_json::Value;

use crate::project::Project;

const BASE: &[u8] = b"INSTALLED_APPS = []\nALLOWED_HOSTS = ['*']\n";
const PLAIN: &[u8] = b"from .base import *\n";

/// The settings modules that are shown as deployed.
fn deployed(project: &Project, args: &[&str]) -> Vec<String> {
    let mut all = vec!["check", "-v"];
    all.extend(args);
    let output = project.djudge(&all);
    assert!(matches!(output.code, 0 | 1), "{output:?}");
    let name = |line: &str| Some(line.trim().split_once(" (deployed")?.0.to_owned());
    output.stdout.lines().filter_map(name).collect()
}

fn names(mention: (&str, &str)) -> Vec<String> {
    let project = Project::new([
        ("config/__init__.py", b"".as_slice()),
        ("config/settings/__init__.py", b""),
        ("config/settings/base.py", BASE),
        ("config/settings/one.py", PLAIN),
        ("config/settings/two.py", PLAIN),
    ]);
    project.write(mention.0, mention.1);
    deployed(&project, &[])
}

#[test]
fn what_a_deployment_names_is_deployed() {
    for (path, text) in [
        ("Dockerfile", "ENV DJANGO_SETTINGS_MODULE=config.settings.two\n"),
        ("compose.yml", "services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: config.settings.two\n"),
        (
            "docker-compose.prod.yml",
            "services:\n  web:\n    environment:\n      - DJANGO_SETTINGS_MODULE=config.settings.two\n",
        ),
        ("Procfile", "web: DJANGO_SETTINGS_MODULE=config.settings.two daphne config.asgi:application\n"),
        (".env", "DJANGO_SETTINGS_MODULE=config.settings.two\n"),
        ("config/asgi.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings.two')\n"),
        ("config/wsgi.py", "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.two'\n"),
        ("config/celery.py", "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"config.settings.two\")\n"),
        ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings.two')\n"),
    ] {
        assert_eq!(names((path, text)), ["config.settings.two"], "{path}");
    }
}

#[test]
fn what_tests_name_is_not_deployed() {
    for (path, text) in [
        ("pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = config.settings.two\n"),
        ("tox.ini", "[testenv]\nsetenv = DJANGO_SETTINGS_MODULE=config.settings.two\n"),
    ] {
        assert_eq!(names((path, text)), ["config.settings.one", "config.settings.two"], "{path}");
    }
}

#[test]
fn leaves_that_are_not_for_development_are_deployed() {
    let project = Project::new([
        ("manage.py", b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'app.settings.dev')\n".as_slice()),
        ("app/__init__.py", b""),
        ("app/settings/__init__.py", b""),
        ("app/settings/base.py", BASE),
        ("app/settings/dev.py", PLAIN),
        ("app/settings/test.py", PLAIN),
        ("app/settings/production.py", PLAIN),
    ]);
    assert_eq!(deployed(&project, &[]), ["app.settings.production"]);
    assert_eq!(deployed(&project, &["--settings", "app.settings.dev"]), ["app.settings.dev"]);
    project.write("djudge.toml", "settings = ['app.settings.test']\n");
    assert_eq!(deployed(&project, &[]), ["app.settings.test"]);
    assert_eq!(deployed(&project, &["--isolated"]), ["app.settings.production"]);
}

#[test]
fn settings_are_found_by_what_they_assign() {
    let project = Project::new([("shop/__init__.py", b"".as_slice()), ("shop/conf.py", BASE)]);
    assert_eq!(deployed(&project, &[]), ["shop.conf"]);
}

#[test]
fn a_repository_may_hold_several_projects() {
    let manage = |module: &str| format!("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '{module}')\n");
    let project = Project::new([
        ("backend/config/__init__.py", b"".as_slice()),
        ("backend/config/settings.py", BASE),
        ("tools/src/admin/__init__.py", b""),
        ("tools/src/admin/settings.py", BASE),
    ]);
    project.write("backend/manage.py", manage("config.settings"));
    project.write("tools/src/manage.py", manage("admin.settings"));
    assert_eq!(deployed(&project, &[]), ["config.settings", "admin.settings"]);
    assert_eq!(deployed(&project, &["tools"]), ["admin.settings"]);
    assert_eq!(deployed(&project, &["backend", "tools"]), ["config.settings", "admin.settings"]);
    project.write("tools/djudge.toml", "ignore = ['allowed-hosts-wildcard']\n");
    let output = project.djudge(&["check", "--output-format", "concise", "-q", "--ignore", "security"]);
    assert_eq!(output.stdout.lines().count(), 1, "{output:?}");
    assert!(output.stdout.starts_with("backend/config/settings.py:2:18: "), "{output:?}");
}

#[test]
fn ignored_files_are_left_alone_unless_they_are_named() {
    let project = Project::new([
        (".gitignore", b"copy/\n".as_slice()),
        ("config/__init__.py", b""),
        ("config/settings.py", BASE),
        ("copy/config/__init__.py", b""),
        ("copy/config/settings.py", BASE),
        (".venv/pyvenv.cfg", b""),
        (".venv/lib/site/settings.py", BASE),
    ]);
    let concise = |path: &str| project.djudge(&["check", "--output-format", "concise", "-q", path]).stdout;
    assert_eq!(concise(".").lines().count(), 1);
    assert!(concise("copy").starts_with("copy/config/settings.py:2:18: "));
    project.write("djudge.toml", "exclude = ['config']\n");
    assert_eq!(project.djudge(&["check"]).code, 2);
}

/// A base that two modules are built on, and a development module.
fn layered() -> Project {
    let project = Project::new([
        (
            "manage.py",
            b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings.dev')\n".as_slice(),
        ),
        ("config/__init__.py", b""),
        ("config/settings/__init__.py", b""),
        ("config/settings/base.py", BASE),
        ("config/settings/dev.py", PLAIN),
        ("config/settings/production.py", b"from .base import *\nDEBUG = False\n"),
        ("config/settings/staging.py", b"from .base import *\nDEBUG = False\n"),
        ("other.py", b"x = 1\n"),
    ]);
    std::fs::create_dir(project.path().join(".git")).expect("a folder");
    project
}

#[test]
fn a_file_is_judged_through_the_modules_that_import_it() {
    let project = layered();
    let output = project.djudge(&["check", "--output-format", "concise", "-q", "config/settings/base.py"]);
    assert_eq!(output.code, 1);
    // A finding in a shared base is reported once.
    assert_eq!(output.stdout.lines().count(), 1, "{output:?}");
    assert!(output.stdout.starts_with("config/settings/base.py:2:18: "), "{output:?}");
    let output = project.djudge(&["check", "other.py"]);
    assert_eq!((output.code, output.stdout.lines().count()), (0, 1), "{output:?}");
}

#[test]
fn an_unsaved_buffer_is_judged_in_its_project() {
    let project = layered();
    let args = ["check", "--stdin-filename", "config/settings/base.py", "--output-format", "concise", "-q"];
    let output = project.djudge_with_input(&args, "INSTALLED_APPS = []\nALLOWED_HOSTS = ['example.com']\n");
    assert_eq!((output.code, output.stdout.as_str()), (0, ""), "{output:?}");
    let output = project.djudge_with_input(&args, "INSTALLED_APPS = []\n\n\nALLOWED_HOSTS = ['*']\n");
    assert_eq!(output.code, 1);
    assert!(output.stdout.starts_with("config/settings/base.py:4:18: "), "{output:?}");
}

#[test]
fn the_package_of_settings_modules_is_none_itself() {
    let project = Project::new([
        (
            "config/wsgi.py",
            b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n".as_slice(),
        ),
        ("config/__init__.py", b""),
        ("config/settings/__init__.py", b"# Settings stand in the modules below.\n"),
        ("config/settings/base.py", BASE),
        ("config/settings/live.py", PLAIN),
    ]);
    assert_eq!(deployed(&project, &[]), ["config.settings.live"]);
}

#[test]
fn templates_of_projects_are_no_projects() {
    let project = Project::new([
        ("{{cookiecutter.slug}}/manage.py", b"DJANGO_SETTINGS_MODULE = 'config.settings'\n".as_slice()),
        ("{{cookiecutter.slug}}/config/settings.py", b"{% if x %}\nINSTALLED_APPS = []\n"),
    ]);
    assert_eq!(project.djudge(&["check"]).code, 2);
}

#[test]
fn nothing_is_missing_from_a_part_of_settings() {
    let part = "INSTALLED_APPS = []\nDEBUG = False\n";
    let project = Project::new([("parts/apps.py", part.as_bytes())]);
    assert_eq!(project.djudge(&["check", "--select", "allowed-hosts-empty"]).code, 0);
    project.write("parts/apps.py", format!("{part}SECRET_KEY = 'x'\n"));
    assert_eq!(project.djudge(&["check", "--select", "allowed-hosts-empty"]).code, 1);
}

/// A project whose settings stand in classes, and what names one of them.
fn in_classes(mention: (&str, &[u8]), classes: &str) -> Project {
    let conf = format!("from base import Base\n{classes}");
    Project::new([
        ("manage.py", b"DJANGO_SETTINGS_MODULE = 'conf'\n".as_slice()),
        ("base.py", b"from configurations import Configuration\nclass Base(Configuration):\n    SECRET_KEY = 'x'\n"),
        ("conf.py", conf.as_bytes()),
        mention,
    ])
}

#[test]
fn settings_in_classes_are_those_of_the_deployed_one() {
    let classes = "class Dev(Base):\n    DEBUG = True\nclass Web(Base):\n    ALLOWED_HOSTS = ['*']\n";
    let shown = |mention: (&str, &[u8])| -> Value {
        let output = in_classes(mention, classes).djudge(&["show", "--output-format", "json"]);
        serde_json::from_str(&output.stdout).expect("JSON")
    };
    let module = &shown(("Dockerfile", b"ENV DJANGO_CONFIGURATION=Web"))["modules"][0];
    assert_eq!(
        (&module["deployed"], &module["settings"]["CONFIGURATION"]["value"]),
        (&true.into(), &"conf.Web".into())
    );
    assert_eq!(module["settings"]["ALLOWED_HOSTS"]["origin"]["line"], 5);
    assert_eq!(module["settings"]["SECRET_KEY"]["certainty"], "known");
    let module = &shown(("x.py", b"os.environ.setdefault('DJANGO_CONFIGURATION', 'Dev')"))["modules"][0];
    assert_eq!((&module["deployed"], &module["settings"]["DEBUG"]["value"]), (&false.into(), &true.into()));
}

#[test]
fn settings_in_classes_of_which_none_is_named_are_not_judged() {
    let classes = "class Web(Base):\n    ALLOWED_HOSTS = []\nclass Api(Base):\n    ALLOWED_HOSTS = []\n";
    let output = in_classes(("x.py", b"pass"), classes).djudge(&["check", "-v"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stdout.contains("DJANGO_CONFIGURATION"), "{output:?}");
}

/// The ASGI application that is shown.
fn application(files: &[(&str, &str)]) -> Option<String> {
    let project = Project::new([
        ("config/__init__.py", b"".as_slice()),
        ("config/settings.py", b"INSTALLED_APPS = ['channels']\nDEBUG = False\nSECRET_KEY = 'x'\n"),
    ]);
    for (path, text) in files {
        project.write(path, text);
    }
    let output = project.djudge(&["check", "-v", "--select", "djudge"]);
    let line = output.stdout.lines().find_map(|line| line.trim().strip_prefix("ASGI application "))?;
    Some(line.split(' ').next()?.to_owned())
}

#[test]
fn the_asgi_application_is_found() {
    const DJANGO: &str = "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n";
    const CHANNELS: &str = "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({})\n";
    let found = |files: &[(&str, &str)]| application(files);
    assert_eq!(found(&[]), None);
    assert_eq!(found(&[("config/asgi.py", DJANGO)]).as_deref(), Some("config.asgi.application"));
    assert_eq!(found(&[("config/sockets.py", CHANNELS)]).as_deref(), Some("config.sockets.application"));
    let both = [("config/asgi.py", DJANGO), ("config/sockets.py", CHANNELS)];
    assert_eq!(found(&both).as_deref(), Some("config.asgi.application"));
    let started = [both[0], both[1], ("Procfile", "web: daphne config.sockets:application\n")];
    assert_eq!(found(&started).as_deref(), Some("config.sockets.application"));
    let wsgi =
        [both[1], ("config/wsgi.py", "application = 1\n"), ("Procfile", "web: gunicorn config.wsgi:application\n")];
    assert_eq!(found(&wsgi).as_deref(), Some("config.sockets.application"));
    let settings = "INSTALLED_APPS = ['channels']\nSECRET_KEY = 'x'\nASGI_APPLICATION = 'config.sockets.app'\n";
    let named =
        [both[0], ("config/sockets.py", "from .asgi import application as app\n"), ("config/settings.py", settings)];
    assert_eq!(found(&named).as_deref(), Some("config.sockets.app"));
}

#[test]
fn a_settings_module_is_judged_once_under_the_name_it_is_imported_by() {
    let settings = b"SECRET_KEY = 'x'\nINSTALLED_APPS = []\nALLOWED_HOSTS = []\n".as_slice();
    let asgi = b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.base')\n".as_slice();
    // A `manage.py` within the package.
    let project = Project::new([
        ("shop/__init__.py", b"".as_slice()),
        ("shop/settings/__init__.py", b""),
        ("shop/settings/base.py", settings),
        ("shop/settings/parts.py", settings),
        ("shop/asgi.py", asgi),
        ("shop/manage.py", asgi),
    ]);
    assert_eq!(deployed(&project, &[]), ["shop.settings.base"]);
    assert_eq!(project.djudge(&["check", "-v"]).stdout.matches("project ").count(), 1);
    // A name that is left over from before the package was one.
    let left_over = b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings.base')\n".as_slice();
    let project = Project::new([
        ("shop/__init__.py", b"".as_slice()),
        ("shop/settings/__init__.py", b""),
        ("shop/settings/base.py", settings),
        ("shop/wsgi.py", left_over),
        ("Procfile", b"web: DJANGO_SETTINGS_MODULE=shop.settings.base gunicorn shop.wsgi"),
    ]);
    assert_eq!(deployed(&project, &[]), ["shop.settings.base"]);
}

#[test]
fn settings_of_tests_and_documentation_are_not_deployed() {
    let project = Project::new([
        ("README.md", b"".as_slice()),
        ("tests/site/settings.py", BASE),
        ("tests/manage.py", b"import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'site.settings'\n"),
        ("docs/conf.py", b"import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'docs_settings'\n"),
        ("docs/docs_settings.py", BASE),
    ]);
    assert_eq!(deployed(&project, &[]), Vec::<String>::new());
    assert!(project.djudge(&["check", "docs"]).stdout.starts_with("Judged no settings module: "));
    assert_eq!(deployed(&project, &["--settings", "site.settings"]), ["site.settings"]);
}

#[test]
fn an_example_is_judged_where_it_is_asked_for() {
    let project = Project::new([
        ("demo/manage.py", b"DJANGO_SETTINGS_MODULE = 'config.settings'\n".as_slice()),
        ("demo/config/__init__.py", b""),
        ("demo/config/settings.py", BASE),
    ]);
    std::fs::create_dir(project.path().join(".git")).expect("a folder");
    assert_eq!(deployed(&project, &[]), [] as [&str; 0]);
    assert_eq!(deployed(&project, &["demo"]), ["config.settings"]);
}

#[test]
fn settings_that_serve_no_url_are_for_commands_alone() {
    let project = Project::new([
        ("manage.py", b"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.commands')\n".as_slice()),
        ("config/__init__.py", b""),
        ("config/commands.py", b"INSTALLED_APPS = []\nALLOWED_HOSTS = ['*']\nROOT_URLCONF = ''\n"),
    ]);
    assert_eq!(project.djudge(&["check"]).code, 0);
    assert_eq!(project.djudge(&["check", "--settings", "config.commands"]).code, 1);
}
