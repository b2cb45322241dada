//! Bytes as a settings module or as a whole project, judged in memory. The fuzz targets and their twins among the tests
//! share this.

use std::path::PathBuf;

use djudge::diagnostic::Severity;
use djudge::engine::{self, Request};
use djudge::eval::{Imports, Machine, Mode, Trees, World, with_stack};
use djudge::report::Places;
use djudge::report::json::json;
use djudge::source::{Memory, Sources};

/// Where the project lies.
const ROOT: &str = "/project";
/// What begins a file, followed by its path.
pub const FILE: &str = "=== ";
/// What a project has that does not bring its own.
const SKELETON: [(&str, &str); 2] = [
    ("manage.py", "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"config.settings\")\n"),
    ("config/__init__.py", ""),
];

/// What the names of a settings module hold, as text.
pub fn evaluate(bytes: &[u8]) -> String {
    let root = PathBuf::from(ROOT);
    let memory = Memory::new([(root.join("settings.py"), bytes.to_vec())]);
    let sources = Sources::new(&memory);
    let trees = Trees::new(&sources);
    let world = World::new(&trees, vec![root]);
    with_stack(|| {
        let mut machine = Machine::new(&world, Mode { imports: Imports::Eager, production: true, bare: false });
        let names = machine.run_program("settings").map(|module| machine.freeze_names(&module));
        format!("{names:?} {:?}", machine.exhaustion())
    })
}

/// What is found in a project, as text. A line `=== path` begins a file; what stands before the first one is the
/// settings module.
pub fn check(bytes: &[u8]) -> String {
    let root = PathBuf::from(ROOT);
    let text = String::from_utf8_lossy(bytes);
    let mut files: Vec<(PathBuf, String)> =
        SKELETON.iter().map(|(path, text)| (root.join(path), (*text).to_owned())).collect();
    files.push((root.join("config/settings.py"), String::new()));
    for line in text.split_inclusive('\n') {
        match line.strip_prefix(FILE).map(str::trim) {
            Some(path) if is_plain(path) => files.push((root.join(path), String::new())),
            _ => files.last_mut().into_iter().for_each(|(_, text)| text.push_str(line)),
        }
    }
    let memory = Memory::new(files.into_iter().map(|(path, text)| (path, text.into_bytes())));
    let sources = Sources::new(&memory);
    let request = Request { paths: vec![root.clone()], ..Request::default() };
    match engine::check(&request, &sources) {
        // Files are numbered as threads meet them: what counts is what is printed.
        Ok(report) => {
            let places = Places { sources: &sources, base: root };
            let printed = json(&report, Severity::Advice, &places).unwrap_or_else(|error| error.to_string());
            format!("{printed} {} suppressed", report.suppressed.len())
        }
        Err(error) => error.to_string(),
    }
}

fn is_plain(path: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.len() < 100;
    path.len() < 200 && path.split('/').all(is_part)
}
