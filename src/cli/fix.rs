//! `djudge check --fix`, `--unsafe-fixes` and `--diff`.

use std::fmt::Write as _;

use similar::TextDiff;

use super::usage;
use crate::diagnostic::Applicability;
use crate::engine::{Error, Fixed, Made};
use crate::report::{Places, amount};
use crate::source::replace_files;

/// What to do about fixes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Fixes")]
pub struct FixOptions {
    /// Apply the safe fixes of what is shown, and judge again
    #[arg(long, conflicts_with_all = ["stdin_filename", "add_ignores", "write_baseline"])]
    fix: bool,

    /// Apply the other fixes too, which want to be looked at
    #[arg(long, conflicts_with_all = ["add_ignores", "write_baseline"])]
    unsafe_fixes: bool,

    /// Print what fixes would change, and write nothing
    #[arg(long, conflicts_with_all = ["add_ignores", "write_baseline", "output_file"])]
    diff: bool,
}

impl FixOptions {
    /// Which fixes are wanted.
    pub fn wanted(&self) -> Option<Applicability> {
        match (self.unsafe_fixes, self.fix || self.diff) {
            (true, _) => Some(Applicability::Unsafe),
            (false, true) => Some(Applicability::Safe),
            (false, false) => None,
        }
    }

    /// Whether nothing is to be written.
    pub fn is_diff(&self) -> bool {
        self.diff
    }
}

/// Writes what fixes made, all of it or nothing.
pub fn write(fixed: &Fixed) -> Result<(), Error> {
    let files: Vec<_> = fixed.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect();
    replace_files(&files).map_err(|error| usage(error.to_string(), Some("no file was changed".to_owned())))
}

/// What fixes change, as `git apply` and `patch -p1` take it.
pub fn diff(fixed: &Fixed, places: &Places) -> String {
    let mut text = String::new();
    for file in &fixed.files {
        let path = places.path(&file.path);
        let diff = TextDiff::from_lines(&file.before, &file.after);
        text += &diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    }
    text
}

/// What was made, or would be, and what was not.
pub fn told(fixed: &Fixed, is_diff: bool, places: &Places) -> String {
    let mut text = String::new();
    let line = |made: &Made| format!("{}: {}: {}", places.path(&made.path), made.rule, made.title);
    for (made, why) in &fixed.refused {
        let _ = writeln!(text, "{} was not done: {why}", line(made));
    }
    if !is_diff {
        for made in &fixed.made {
            let _ = writeln!(text, "{}", line(made));
        }
    }
    let (made, files) = (amount(fixed.made.len(), "fix"), amount(fixed.files.len(), "file"));
    match (fixed.made.len(), is_diff) {
        (0, _) => text += "No fix to apply\n",
        (_, true) => {
            let _ = writeln!(text, "{made} in {files} would be applied");
        }
        (_, false) => {
            let _ = writeln!(text, "Applied {made} in {files}");
        }
    }
    text
}
