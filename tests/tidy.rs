//! The arrows between the layers point one way, and other promises of the architecture that a compiler does not keep.

#![allow(clippy::expect_used)]

use std::path::{Path, PathBuf};

/// The layers, lowest first: a file of one names none that comes later.
const LAYERS: [&str; 12] = [
    "source",
    "python",
    "eval",
    "project",
    "diagnostic",
    "rule",
    "rules",
    "config",
    "engine",
    "report",
    "server",
    "cli",
];

/// Who alone may name a crate.
const OWNERS: [(&str, &[&str]); 10] = [
    ("ruff_python", &["src/python"]),
    ("ruff_text_size", &["src/python"]),
    ("clap", &["src/cli"]),
    ("miette", &["src/report"]),
    ("lsp_server", &["src/server"]),
    ("lsp_types", &["src/server"]),
    ("serde_json", &["src/report", "src/server", "src/cli", "src/eval", "src/project", "src/config", "src/rule"]),
    ("toml", &["src/config", "src/rule", "src/project", "src/eval", "src/engine"]),
    ("ignore", &["src/source"]),
    ("pulldown_cmark", &["src/rule"]),
];

const MAX_LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|end| end == "rs") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("a file of the crate").to_string_lossy().into_owned()
}

fn layer_of(path: &str) -> Option<usize> {
    let rest = path.strip_prefix("src/");
    let name = match rest {
        Some(rest) => rest.split(['/', '.']).next()?,
        None => "rules",
    };
    LAYERS.iter().position(|layer| *layer == name)
}

/// The layers that a text names: `crate::eval`, `use crate::{eval, source}`.
fn named_layers(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        for after in line.split("crate::").skip(1) {
            let names: Vec<&str> = match after.strip_prefix('{') {
                Some(list) => list.split([',', '}']).collect(),
                None => vec![after],
            };
            for name in names {
                let end = name.trim().find(|c: char| !c.is_ascii_lowercase()).unwrap_or(name.trim().len());
                found.extend(
                    LAYERS.iter().position(|layer| *layer == &name.trim()[..end]).map(|layer| (number + 1, layer)),
                );
            }
        }
    }
    found
}

#[test]
fn no_layer_names_a_later_one() {
    let mut wrong = Vec::new();
    for path in rust_files("src").into_iter().chain(rust_files("rules")) {
        let name = relative(&path);
        let Some(own) = layer_of(&name) else { continue };
        let text = std::fs::read_to_string(&path).expect("a file");
        for (line, named) in named_layers(&text) {
            // The rule book is made of what `rule` offers, and a rule's own file asks the project.
            if named > own {
                wrong.push(format!("{name}:{line} names {}", LAYERS[named]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn crates_stay_behind_their_layer() {
    let mut wrong = Vec::new();
    for path in rust_files("src").into_iter().chain(rust_files("rules")) {
        let name = relative(&path);
        let text = std::fs::read_to_string(&path).expect("a file");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for (krate, owners) in OWNERS {
                let names_it = line.contains(&format!("{krate}::")) || line.contains(&format!("use {krate}"));
                let is_word = line.find(krate).is_some_and(|at| {
                    line[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '_')
                });
                if names_it && is_word && !owners.iter().any(|owner| name.starts_with(owner)) {
                    wrong.push(format!("{name}:{} names {krate}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn lines_and_columns_exist_in_reports_alone() {
    let mut wrong = Vec::new();
    for path in rust_files("src").into_iter().chain(rust_files("rules")) {
        let name = relative(&path);
        let is_allowed = ["src/source", "src/report", "src/cli", "src/engine/example.rs"];
        let text = std::fs::read_to_string(&path).expect("a file");
        if text.contains("LineColumn") && !is_allowed.iter().any(|folder| name.starts_with(folder)) {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn files_are_short_enough_to_read() {
    let files = ["src", "rules", "tests"].into_iter().flat_map(rust_files);
    let long: Vec<String> = files
        .filter_map(|path| {
            let lines = std::fs::read_to_string(&path).expect("a file").lines().count();
            (lines > MAX_LINES).then(|| format!("{} has {lines} lines", relative(&path)))
        })
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn the_main_file_is_short() {
    let text = std::fs::read_to_string(root().join("src/main.rs")).expect("src/main.rs");
    assert!(text.lines().count() <= 40);
}
