//! The command as people and tools run it, on small projects in temporary folders.

#![allow(clippy::expect_used, clippy::panic)]

mod bad_input;
mod contract;
mod discovery;
mod evaluation;
mod project;
