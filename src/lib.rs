//! djudge judges a Django project's configuration before it is deployed.
//!
//! It reads settings modules, ASGI entry points and deployment files without importing or running any of them, works out
//! what Django would see, and says what would break, or let someone in.
//!
//! The layers, each of which knows only those before it:
//!
//! 1. [`source`]: text and places in it, and where files come from.
//! 2. [`python`]: from text to a syntax tree.
//! 3. [`eval`]: the abstract interpreter: what a module's names hold after it ran.
//! 4. [`project`]: which files make a project, and what rules ask about it.
//! 5. [`diagnostic`]: findings, as plain data.
//! 6. [`rule`]: what a rule is; the rule book itself stands in `rules/`.
//! 7. [`config`]: how a project is to be judged.
//! 8. [`engine`]: the pipeline from paths to findings.
//! 9. [`report`]: findings in the formats that people and tools read.
//! 10. [`server`]: the same for editors, by the Language Server Protocol.
//! 11. [`cli`]: the command line.

pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod engine;
pub mod eval;
pub mod project;
pub mod python;
pub mod report;
pub mod rule;
#[path = "../rules/mod.rs"]
mod rules;
pub mod server;
pub mod source;
