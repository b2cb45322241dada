//! What the fuzz targets judge: the same as the tests with random sources.

#[path = "../../tests/fuzzing/judge.rs"]
pub mod judge;
