//! Any bytes as a settings module.

#![no_main]

use djudge_fuzz::judge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    judge::evaluate(bytes);
});
