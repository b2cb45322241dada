//! Functions and methods with every argument of a kind: what they give, and what they raise.
//!
//! Each file of `calls/` has paragraphs: what stands in the place of `<name>`, an expression on each line below that name,
//! and the calls, below `calls`.

use std::path::Path;

use libtest_mimic::Failed;

use crate::cases::{self, BEGIN, END, parts};

const FILES: [&str; 7] =
    ["collections.txt", "data.txt", "durations.txt", "formats.txt", "numbers.txt", "paths.txt", "texts.txt"];

/// What djudge says of each call is what CPython makes of it.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let mut modules = Vec::new();
    for file in FILES {
        let paragraphs = parts(&format!("calls/{file}"), "\n\n")?;
        let paragraphs: Vec<(&str, Vec<&str>)> = paragraphs
            .iter()
            .map(|paragraph| paragraph.split_once('\n').unwrap_or((paragraph, "")))
            .map(|(name, lines)| (name, lines.lines().collect()))
            .collect();
        let (calls, arguments): (Vec<_>, Vec<_>) = paragraphs.into_iter().partition(|(name, _)| *name == "calls");
        for call in calls.iter().flat_map(|(_, calls)| calls) {
            let filled = filled(call, &arguments);
            modules.extend(filled.iter().map(|call| format!("{BEGIN}try:\n    X = {call}\n    Y = str(X)\n{END}")));
        }
    }
    cases::are_what_cpython_makes_of_them(&modules, environment)
}

/// A call with each of the expressions in the places of their names.
fn filled(call: &str, arguments: &[(&str, Vec<&str>)]) -> Vec<String> {
    let mut filled = vec![call.to_owned()];
    for (name, expressions) in arguments.iter().filter(|(name, _)| call.contains(name)) {
        filled = filled
            .iter()
            .flat_map(|call| expressions.iter().map(move |expression| call.replace(name, expression)))
            .collect();
    }
    filled
}
