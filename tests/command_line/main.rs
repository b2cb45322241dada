//! The command as people and tools run it, on small projects in temporary folders.

#![allow(clippy::expect_used, clippy::panic)]

mod bad_input;
mod baseline;
mod bounds;
mod contract;
mod determinism;
mod discovery;
mod environment;
mod evaluation;
mod fixes;
mod ignores;
mod project;
