//! The Python process that asks real software.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::Value as Json;

use crate::environment::root;

/// Workers that wait for a question.
static IDLE: Mutex<Vec<Worker>> = Mutex::new(Vec::new());

struct Worker {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn start(environment: &Path) -> Self {
        let mut process = Command::new(environment.join("python"))
            .arg(root().join("tests/proofs/prove.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python starts");
        let requests = process.stdin.take().expect("its input is a pipe");
        let answers = BufReader::new(process.stdout.take().expect("its output is a pipe"));
        Self { process, requests, answers }
    }

    fn ask(&mut self, request: &Json) -> Json {
        writeln!(self.requests, "{request}").expect("Python reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("Python answers");
        serde_json::from_str(&line).expect("Python answers in JSON")
    }
}

/// Asks a question; a worker that is idle answers it.
///
/// # Errors
/// When the question could not be asked.
pub fn ask(environment: &Path, request: &Json) -> Result<Json, String> {
    let idle = IDLE.lock().expect("no other test panicked").pop();
    let mut worker = idle.unwrap_or_else(|| Worker::start(environment));
    let answer = worker.ask(request);
    IDLE.lock().expect("no other test panicked").push(worker);
    match answer["failed"].as_str() {
        Some(failed) => Err(failed.to_owned()),
        None => Ok(answer),
    }
}

/// Ends all workers, and with them the Redis servers that they started.
pub fn end() {
    for mut worker in IDLE.lock().expect("no other test panicked").drain(..) {
        drop(worker.requests);
        let _ = worker.process.wait();
    }
}
