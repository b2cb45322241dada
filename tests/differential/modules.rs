//! Small modules, each for something that Python does: what djudge says of it is what CPython makes of it.
//!
//! The files of `modules/` hold them, divided by lines of `---`.

use std::path::Path;

use libtest_mimic::Failed;

use crate::cases::{self, parts};
use crate::environment::root;

/// What djudge says of each module is what CPython makes of it.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/differential/modules"))? {
        let name = entry?.file_name();
        let parts = parts(&format!("modules/{}", name.to_string_lossy()), "\n---\n")?;
        cases.extend(parts.into_iter().map(|module| module + "\n"));
    }
    cases.sort();
    cases::are_what_cpython_makes_of_them(&cases, environment)
}
