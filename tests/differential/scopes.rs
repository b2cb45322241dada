//! Names in nested functions and classes: each is bound, declared, deleted and looked up in many ways at every depth.

use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Failed;

use crate::cases;

/// What a body does to the name `x`, before and after what is nested in it. `N` is its number.
const DEEDS: [(&str, &str); 17] = [
    ("", ""),
    ("x = N", ""),
    ("", "x = N"),
    ("if 0: x = N", ""),
    ("global x\nx = N", ""),
    ("if 0:\n    global x", "x = N"),
    ("nonlocal x\nx = N", ""),
    ("nonlocal x\nx += 10", ""),
    ("x = N\ndel x", ""),
    ("for x in [N]: pass", ""),
    ("try:\n    1 / 0\nexcept ZeroDivisionError as x:\n    pass", ""),
    ("[x := N for _ in [1]]", ""),
    ("x: int", ""),
    ("if os.environ.get('E'): x = N", ""),
    ("x = N\nif os.environ.get('E'): del x", ""),
    ("try:\n    int(os.environ['E'])\nexcept (KeyError, ValueError) as x:\n    pass", "x = N"),
    ("for x in os.environ.get('E', ''): pass", ""),
];
/// Ways to look the name up.
const READS: [&str; 5] =
    ["x", "[x for _ in [1]][0]", "(lambda: x)()", "next(x for _ in [1])", "[x for _ in [1] for x in [x]][0]"];
/// How many levels are nested at most.
const MOST_LEVELS: usize = 3;
/// Of the combinations with the most levels, every so many is taken.
const STRIDE: usize = 11;

/// A body: whether it is a class, and the number of what it does.
type Level = (bool, usize);

/// What djudge finds each name to be is what CPython finds.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let choices: Vec<Level> =
        [false, true].iter().flat_map(|kind| (0..DEEDS.len()).map(|deed| (*kind, deed))).collect();
    let mut nested: Vec<Vec<Level>> = vec![Vec::new()];
    let mut cases = Vec::new();
    for depth in 1..=MOST_LEVELS {
        nested = nested
            .iter()
            .flat_map(|around| choices.iter().map(move |level| around.iter().copied().chain([*level]).collect()))
            .collect();
        let step = if depth == MOST_LEVELS { STRIDE } else { 1 };
        for (index, levels) in nested.iter().step_by(step).enumerate() {
            cases.push(module(levels, index % 2 == 0, READS[index % READS.len()]));
        }
    }
    cases::are_what_cpython_makes_of_them(&cases, environment)
}

fn module(levels: &[Level], is_bound: bool, read: &str) -> String {
    let mut text = String::from("import os\nX = []\n");
    if is_bound {
        text += "x = 0\n";
    }
    let _ = write!(text, "try:\n{}except NameError:\n    X.append('ended')\n", indented(&body(levels, 1, read)));
    text + "Y = 'x' in globals()\n"
}

/// A body of the first of some levels, with the others nested in it.
fn body(levels: &[Level], number: usize, read: &str) -> String {
    let Some(((is_class, deed), within)) = levels.split_first() else { return String::new() };
    let (before, after) = DEEDS[*deed];
    let [before, after] = [before, after].map(|deed| deed.replace('N', &number.to_string()));
    let look = format!("try:\n    X.append({read})\nexcept UnboundLocalError:\n    X.append('local')\n")
        + "except NameError:\n    X.append('name')\n";
    let inner = indented(&format!("{before}\n{}{look}{after}\n", body(within, number + 1, read)));
    match is_class {
        true => format!("class c{number}:\n{inner}"),
        false => format!("def f{number}():\n{inner}f{number}()\n"),
    }
}

fn indented(text: &str) -> String {
    text.lines().filter(|line| !line.is_empty()).fold(String::new(), |all, line| all + "    " + line + "\n")
}
