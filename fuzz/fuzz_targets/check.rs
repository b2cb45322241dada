//! Any bytes as a project of several files.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/fuzzing/judge.rs"]
mod judge;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    judge::check(bytes);
});
