//! Any bytes as a project of several files.

#![no_main]

use djudge_fuzz::judge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    judge::check(bytes);
});
