//! What the parts of a run cost, on projects in memory: parsing, evaluating, checking, reporting, and how the cost grows
//! with settings modules and the modules that they build on.
//!
//! `cargo bench`; `compare.py` measures whole processes.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use djudge::diagnostic::Severity;
use djudge::engine::{self, Cache, Request};
use djudge::eval::Trees;
use djudge::python;
use djudge::report::{Places, json};
use djudge::source::{Memory, Sources};

/// The files of `examples/outage`, which has findings.
fn example() -> Memory {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/outage");
    let mut open = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = Path::new("/project").join(path.strip_prefix(&root).unwrap());
                files.push((below, std::fs::read(&path).unwrap()));
            }
        }
    }
    Memory::new(files)
}

/// A project with so many settings modules, each at the end of a chain of so many that import each other with `*`.
fn chains(modules: usize, length: usize) -> Memory {
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![("/project/config/__init__.py".into(), Vec::new())];
    for module in 0..modules {
        for link in 0..length {
            let mut text = String::from("import os\n");
            match link {
                0 => {
                    text += "INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes']\nSECRET_KEY = os.environ['KEY']\n"
                }
                _ => writeln!(text, "from .settings_{module}_{} import *\nINSTALLED_APPS += ['app{link}']", link - 1)
                    .unwrap(),
            }
            writeln!(text, "DEBUG = os.environ.get('DEBUG') == '1'\nALLOWED_HOSTS = ['www{link}.example.com']")
                .unwrap();
            files.push((format!("/project/config/settings_{module}_{link}.py").into(), text.into_bytes()));
        }
    }
    Memory::new(files)
}

fn request() -> Request {
    Request { paths: vec!["/project".into()], ..Request::default() }
}

fn parts(criterion: &mut Criterion) {
    let files = example();
    let sources = Sources::new(&files);
    let file = sources.id(Path::new("/project/config/settings/base.py"));
    let text = sources.file(file).unwrap().text.clone();
    criterion.bench_function("parse", |bencher| bencher.iter(|| python::parse(black_box(&text))));
    criterion.bench_function("evaluate", |bencher| {
        bencher.iter(|| {
            let sources = Sources::new(&files);
            engine::examine(&request(), &Trees::new(&sources), &mut Cache::default())
                .map(|examined| examined.projects.len())
                .unwrap()
        });
    });
    criterion.bench_function("check", |bencher| {
        bencher.iter(|| engine::check(&request(), &Sources::new(&files)).unwrap().findings.len());
    });
    let report = engine::check(&request(), &sources).unwrap();
    let places = Places { sources: &sources, base: "/project".into() };
    criterion.bench_function("report", |bencher| {
        bencher.iter(|| json::json(&report, Severity::Advice, &places).unwrap().len());
    });
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("modules by length of chain");
    for (modules, length) in [(1, 1), (1, 4), (1, 16), (4, 4), (16, 4), (16, 16)] {
        let files = chains(modules, length);
        group.bench_function(BenchmarkId::from_parameter(format!("{modules} by {length}")), |bencher| {
            bencher.iter(|| engine::check(&request(), &Sources::new(&files)).unwrap().findings.len());
        });
    }
    group.finish();
}

criterion_group!(benches, parts, growth);
criterion_main!(benches);
