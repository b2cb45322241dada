//! The same files give the same bytes: whatever the number of threads, the order of files on the disk, and the folder
//! that djudge is run in.

use std::path::Path;
use std::process::Command;

use crate::project::Project;

const COMMANDS: [&[&str]; 4] = [
    &["check", "--verbose", "--show-silent", "--min-severity", "advice"],
    &["check", "--output-format", "json"],
    &["show", "--output-format", "json"],
    &["show"],
];

/// What all commands print in a folder, with so many threads.
fn printed(folder: &Path, threads: &str) -> Vec<String> {
    let run = |args: &&[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_djudge"));
        command.args(*args).current_dir(folder).env("RAYON_NUM_THREADS", threads).env("NO_COLOR", "1");
        let output = command.output().expect("djudge starts");
        format!(
            "{}\n{}\n{:?}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
            output.status.code()
        )
    };
    COMMANDS.iter().map(run).collect()
}

/// Files below a folder, with their bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
                    found.push((name, std::fs::read(&path).expect("it can be read")));
                }
            }
        }
    }
    found.sort();
    found
}

/// Several projects in one folder: the examples, and one with many settings modules, apps and environment files.
fn projects() -> Vec<(String, Vec<u8>)> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut all = files(&examples);
    let mut add = |path: String, text: String| all.push((path, text.into_bytes()));
    add("many/manage.py".into(), "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.base')\n".into());
    add("many/site/__init__.py".into(), String::new());
    add("many/.env".into(), "HOSTS=*\nA=1\n".into());
    add(
        "many/site/base.py".into(),
        "import os, environ\nenv = environ.Env()\nenviron.Env.read_env(os.path.join(os.path.dirname(__file__), '..', \
         '.env'))\nSECRET_KEY = 'x'\nINSTALLED_APPS = ['channels']\nALLOWED_HOSTS = env.list('HOSTS')\n\
         NAMES = {'b', 'a', 'c'}\n"
            .into(),
    );
    for index in 0..12 {
        let conditions: String = (0..6)
            .map(|at| format!("if os.environ.get('V{at}{index}'):\n    INSTALLED_APPS += ['app{at}']\n"))
            .collect();
        let text = format!("from .base import *\nimport os\n{conditions}CACHES = {{}}\nX{index} = {index}\n");
        add(format!("many/site/stage{index}.py"), text);
    }
    add("many/Procfile".into(), "web: daphne site.asgi:application\n".into());
    all
}

fn written<'f>(files: impl IntoIterator<Item = &'f (String, Vec<u8>)>) -> Project {
    Project::new(files.into_iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}

#[test]
fn threads_and_repetition_make_no_difference() {
    let files = projects();
    let project = written(&files);
    let first = printed(&project.path(), "1");
    assert!(first[0].contains("stage11") && first[1].contains("allowed-hosts-wildcard"), "{first:?}");
    for threads in ["1", "2", "8", "8", "8"] {
        assert_eq!(printed(&project.path(), threads), first, "{threads} threads");
    }
}

#[test]
fn the_order_of_files_on_the_disk_makes_no_difference() {
    let files = projects();
    let (forward, backward) = (written(&files), written(files.iter().rev()));
    let here = |project: &Project| -> Vec<String> {
        let folder = project.path().to_string_lossy().into_owned();
        printed(&project.path(), "4").into_iter().map(|text| text.replace(&folder, "HERE")).collect()
    };
    assert_eq!(here(&forward), here(&backward));
}

#[test]
fn the_working_directory_changes_nothing_but_the_paths() {
    let files = projects();
    let project = written(&files);
    let inside = project.path().join("many/site");
    let of = |folder: &Path, path: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_djudge"));
        command.args(["check", "--output-format", "concise", path]).current_dir(folder);
        let output = command.output().expect("djudge starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.replace(&format!("{}/", project.path().display()), "").replace("many/site/", "").replace("many/", "")
    };
    let absolute = project.path().join("many").to_string_lossy().into_owned();
    let above = of(&project.path(), "many");
    assert!(above.contains("[allowed-hosts-wildcard]"), "{above}");
    assert_eq!(of(&inside, &absolute), above);
    assert_eq!(of(&inside, ".."), above);
}
