//! A line on standard error while a run lasts, for those who wait at a terminal.

use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::source::Sources;

/// After how long there is a line.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is written anew.
const PERIOD: Duration = Duration::from_millis(200);
/// Back to the first column, and nothing on the line.
const ERASE: &str = "\r\x1b[K";

/// Does some work; where it lasts, a line tells how many files were read, and is gone at the end.
pub fn while_waiting<T>(is_wanted: bool, sources: &Sources, work: impl FnOnce() -> T) -> T {
    if !is_wanted {
        return work();
    }
    let (running, ended) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut wait = PATIENCE;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                write(&format!("{ERASE}djudge: {} files read", sources.count_read()));
                wait = PERIOD;
            }
            if wait == PERIOD {
                write(ERASE);
            }
        });
        // Dropped however the work ends, and then the thread ends.
        let _running = running;
        work()
    })
}

fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}
