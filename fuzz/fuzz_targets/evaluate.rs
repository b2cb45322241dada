//! Any bytes as a settings module.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/fuzzing/judge.rs"]
mod judge;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    judge::evaluate(bytes);
});
