//! Whatever is in the files, djudge ends, says the same twice, and does not panic.
//!
//! What a run of the fuzz targets in `fuzz/` found is kept in `regressions/`, by target.

#![allow(clippy::expect_used, clippy::panic)]

mod judge;
mod mutate;

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many inputs each test makes.
const CASES: u32 = 100;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The same inputs in every run.
fn run<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, test: impl Fn(T) -> Result<(), TestCaseError>) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner.run(&strategy, test).expect("it holds");
}

fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    prop_assert_eq!(judge::evaluate(bytes), judge::evaluate(bytes));
    prop_assert_eq!(judge::check(bytes), judge::check(bytes));
    Ok(())
}

#[test]
fn random_bytes_are_judged() {
    run(proptest::collection::vec(any::<u8>(), 0..400), |bytes| holds(&bytes));
}

#[test]
fn mutated_sources_are_judged() {
    run(mutate::mutated(), |text| holds(text.as_bytes()));
}

#[test]
fn spliced_sources_are_judged() {
    run(mutate::spliced(), |text| holds(text.as_bytes()));
}

#[test]
fn what_fuzzing_found_is_judged() {
    for target in ["evaluate", "check"] {
        let folder = root().join("tests/fuzzing/regressions").join(target);
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let bytes = std::fs::read(entry.path()).expect("a regression can be read");
            if let Err(error) = holds(&bytes) {
                panic!("{}: {error}", entry.path().display());
            }
        }
    }
}
