//! A CPython process that loads settings modules.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Map, Value as Json, json};

use crate::environment::root;

/// Environment variables by name.
pub type Environment = Vec<(String, String)>;

/// How modules are loaded.
pub struct Loading {
    /// Whether packages that are not installed are stood in for.
    pub stub: bool,
    /// Seconds of processor time that a module takes at most; one that takes longer does not end.
    pub seconds: f64,
    /// Files that are there besides those on disk: absolute path and text.
    pub files: &'static [(&'static str, &'static str)],
}

impl Loading {
    /// For modules that need nothing.
    pub const PLAIN: Self = Self { stub: false, seconds: 2.0, files: &[] };
}

/// How a module ended with an environment.
pub struct Run {
    /// The environment.
    pub environment: Environment,
    /// What its upper-case names held, or how it raised.
    pub outcome: Result<Map<String, Json>, String>,
}

/// A CPython process; it ends when this is dropped.
pub struct Cpython {
    environment: PathBuf,
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Cpython {
    /// Starts the Python of an environment.
    pub fn start(environment: &Path) -> Self {
        let mut process = Command::new(environment.join("python"))
            .arg(root().join("tests/differential/cpython.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // The order of sets differs from run to run otherwise.
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python starts");
        let requests = process.stdin.take().expect("its input is a pipe");
        let answers = BufReader::new(process.stdout.take().expect("its output is a pipe"));
        Self { environment: environment.to_owned(), process, requests, answers }
    }

    /// Loads modules, with folders on the import path, with each environment.
    pub fn load(
        &mut self,
        roots: &[&Path],
        modules: &[&str],
        environments: &[Environment],
        loading: &Loading,
    ) -> Vec<Vec<Run>> {
        let by_name = |environment: &Environment| -> Map<String, Json> {
            environment.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
        };
        let environments_json: Vec<_> = environments.iter().map(by_name).collect();
        let files: Map<String, Json> = loading.files.iter().map(|(path, text)| ((*path).into(), json!(text))).collect();
        let request = json!({
            "roots": roots, "modules": modules, "environments": environments_json,
            "stub": loading.stub, "seconds": loading.seconds, "files": files,
        });
        writeln!(self.requests, "{request}").expect("Python reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("Python answers");
        if line.is_empty() {
            // A module ended the process: the others are loaded by a new one.
            *self = Self::start(&self.environment.clone());
            return match modules {
                [_] => {
                    let ended = |environment: &Environment| Run {
                        environment: environment.clone(),
                        outcome: Err("Python ended".to_owned()),
                    };
                    vec![environments.iter().map(ended).collect()]
                }
                _ => modules.iter().flat_map(|module| self.load(roots, &[module], environments, loading)).collect(),
            };
        }
        let answers: Vec<Vec<Map<String, Json>>> = serde_json::from_str(&line).expect("Python answers in JSON");
        let run = |(environment, names): (&Environment, Map<String, Json>)| Run {
            environment: environment.clone(),
            outcome: match names.get("$raised").and_then(Json::as_str) {
                Some(error) => Err(error.to_owned()),
                None => Ok(names),
            },
        };
        answers.into_iter().map(|runs| environments.iter().zip(runs).map(run).collect()).collect()
    }
}

impl Drop for Cpython {
    fn drop(&mut self) {
        // It may have ended on its own.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
