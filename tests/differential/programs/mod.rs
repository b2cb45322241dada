//! Random settings programs, and what CPython contradicts of what djudge says of them.
//!
//! A program is a tree that renders to the files of a module or a package. The same seed and number give the same
//! program. One that djudge is wrong about is made smaller as long as djudge stays wrong.

mod expressions;
mod generate;
mod render;
mod shrink;
mod statements;
mod tree;

use std::path::Path;

use libtest_mimic::Failed;
use rayon::prelude::*;

use crate::claims::{contradictions, show};
use crate::cpython::{Cpython, Environment, Loading};
use tree::{Layout, Program};

/// Enough to meet every construct many times.
const PROGRAMS: u64 = 2_000;
/// What a program may take: the median takes less than a millisecond, and waiting for those that do not end takes most of
/// the time of a run otherwise.
const LOADING: Loading = Loading { seconds: 0.2, ..Loading::PLAIN };
/// Programs that djudge judges in one run.
const BATCH: usize = 100;
/// Smaller programs that it judges in one.
const SHRINK_BATCH: usize = 16;
/// How often a program is made smaller at most.
const MOST_STEPS: usize = 300;
/// How many programs are printed.
const MOST_SHOWN: usize = 10;

/// What djudge says of random programs is what CPython makes of them.
///
/// `DJUDGE_PROGRAMS` is how many, `DJUDGE_SEED` another beginning.
pub fn are_what_cpython_makes_of_them(environment: &Path) -> Result<(), Failed> {
    let count = number("DJUDGE_PROGRAMS").unwrap_or(PROGRAMS);
    let seed = number("DJUDGE_SEED").unwrap_or_default();
    let numbers: Vec<u64> = (0..count).collect();
    let tallies: Vec<Tally> = numbers
        .par_chunks(BATCH)
        .map_init(
            || Cpython::start(environment),
            |python, numbers| {
                let programs: Vec<Program> = numbers.iter().map(|number| generate::program(seed, *number)).collect();
                let mut tally = Tally::default();
                let found = judge(&programs, python, &mut tally);
                for (program, found) in programs.iter().zip(found) {
                    tally.wrong += usize::from(found.is_some());
                    if found.is_some() && tally.shown.len() < MOST_SHOWN {
                        let text = smallest(program, python);
                        tally.shown.push(text);
                    }
                }
                tally
            },
        )
        .collect();
    let tally = tallies.into_iter().fold(Tally::default(), Tally::plus);
    println!(
        "{count} programs from seed {seed}: {} wrong; {} end in CPython; djudge gives up {}; {} of {} values known",
        tally.wrong, tally.ended, tally.given_up, tally.known, tally.values
    );
    match tally.wrong {
        0 => Ok(()),
        _ => Err(tally.shown.into_iter().take(MOST_SHOWN).collect::<String>().into()),
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[derive(Default)]
struct Tally {
    wrong: usize,
    ended: usize,
    given_up: usize,
    known: usize,
    values: usize,
    shown: Vec<String>,
}

impl Tally {
    fn plus(mut self, other: Self) -> Self {
        self.wrong += other.wrong;
        self.ended += other.ended;
        self.given_up += other.given_up;
        self.known += other.known;
        self.values += other.values;
        self.shown.extend(other.shown);
        self
    }
}

/// What each variable is set to, run by run. In the first none is.
fn environments() -> Vec<Environment> {
    let each: [&[(&str, &str)]; 4] =
        [&[], &[("E1", "1"), ("E2", ""), ("E3", "4")], &[("E1", "a,b"), ("E3", "0")], &[("E1", "2"), ("E2", "True")]];
    each.iter().map(|set| set.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()).collect()
}

/// For each program what CPython contradicts, where it does.
fn judge(programs: &[Program], python: &mut Cpython, tally: &mut Tally) -> Vec<Option<String>> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut modules = Vec::new();
    for (index, program) in programs.iter().enumerate() {
        let (files, module) = program.files(&format!("p{index}"));
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(folder.path())).expect("a folder can be made");
            std::fs::write(path, text).expect("a file can be written");
        }
        modules.push(module);
    }
    let names: Vec<&str> = modules.iter().map(String::as_str).collect();
    let shown = show(folder.path(), &names);
    let runs = python.load(&[folder.path()], &names, &environments(), &LOADING);
    let found = names.iter().zip(programs).zip(runs).map(|((name, program), runs)| {
        let Some(module) = shown.iter().find(|module| module["module"] == **name) else {
            return Some("it was not judged".to_owned());
        };
        let settings = module["settings"].as_object().expect("settings are an object");
        let ends = runs.iter().any(|run| run.outcome.is_ok());
        tally.ended += usize::from(ends);
        tally.given_up += usize::from(ends && settings.is_empty());
        if ends {
            tally.values += settings.len();
            tally.known += settings.values().filter(|setting| setting["certainty"] == "known").count();
        }
        let mut found = contradictions(module, &runs);
        // Of a module that is not there nothing says which names it has.
        found.retain(|text| program.layout != Layout::Missing || !text.contains(" is missing with "));
        (!found.is_empty()).then(|| found.join("\n"))
    });
    found.collect()
}

/// The smallest program found that djudge is still wrong about, with what is wrong.
fn smallest(program: &Program, python: &mut Cpython) -> String {
    let mut program = program.clone();
    let mut tally = Tally::default();
    // What did not do before is tried last.
    let mut tried = 0;
    for _ in 0..MOST_STEPS {
        let mut smaller = program.smaller();
        let first = tried % smaller.len().max(1);
        smaller.rotate_left(first);
        let next = smaller.chunks(SHRINK_BATCH).enumerate().find_map(|(batch, programs)| {
            let found = judge(programs, python, &mut tally);
            found.iter().position(Option::is_some).map(|index| batch * SHRINK_BATCH + index)
        });
        match next {
            Some(next) => {
                tried = (first + next) % smaller.len();
                program = smaller.swap_remove(next);
            }
            None => break,
        }
    }
    let wrong = judge(std::slice::from_ref(&program), python, &mut tally).pop().flatten().unwrap_or_default();
    let (files, _) = program.files("p0");
    let files: String = files.iter().map(|(path, text)| format!("# {path}\n{text}")).collect();
    format!("---\n{files}{}\n", wrong.lines().map(|line| format!("=> {line}\n")).collect::<String>())
}
