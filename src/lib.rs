//! djudge
pub mod diagnostic;
pub mod eval;
pub mod project;
pub mod python;
pub mod report;
pub mod rule;
pub mod source;
