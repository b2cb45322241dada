//! Points between the statements of a module, to go on from when what comes after them has changed.

use std::slice;
use std::sync::Arc;

use super::foundation::leading_import;
use super::machine::{Machine, Run, Stop};
use super::snapshot::Snapshot;
use super::world::{ModuleSource, World};
use crate::python::ast;
use crate::source::FileId;

/// A point between two statements of a module.
pub(super) struct Checkpoint {
    snapshot: Snapshot,
    /// The module's file, and its text.
    file: FileId,
    text: Arc<str>,
    /// How many of its statements have run, and where the last of them ends.
    statements: usize,
    end: usize,
    /// The files that were read for that, but for the module's own text.
    read: Vec<FileId>,
    /// Those that were parsed.
    parsed: Vec<FileId>,
}

impl Checkpoint {
    /// Whether it rests on what a file holds; on the module's own in as far as that has run.
    pub fn rests_on(&self, file: FileId) -> bool {
        self.read.contains(&file) || self.file != file && self.parsed.contains(&file)
    }

    /// Whether a module begins as far as here with the same statements.
    fn is_of(&self, part: &Part) -> bool {
        let end = |body: &[ast::Stmt]| body.last().map(|last| last.span.end as usize);
        self.file == part.file
            && part.tree.body.get(..self.statements).and_then(end) == Some(self.end)
            && part.text.get(..self.end).is_some_and(|begin| self.text.get(..self.end) == Some(begin))
    }
}

/// Runs a module, where nothing else is being run. Goes on from the last of the checkpoints that the module still begins
/// with; afterwards they are those of this run.
pub(super) fn run_module(machine: &mut Machine, name: &str, checkpoints: &mut Vec<Checkpoint>) -> Run<()> {
    let known = std::mem::take(checkpoints);
    let (world, mode) = (machine.world, machine.mode);
    let parts = match machine.state.has_loaded(name) {
        true => Vec::new(),
        false => parts(world, name),
    };
    if parts.is_empty() {
        return machine.import_module(name).map(drop);
    }
    let part_of = |point: &Checkpoint| parts.iter().position(|part| point.is_of(part));
    *checkpoints = known.into_iter().take_while(|point| part_of(point).is_some()).collect();
    let (innermost, mut begun) = match checkpoints.last().and_then(|last| Some((part_of(last)?, last))) {
        Some((part, last)) => {
            *machine = last.snapshot.resume(world, mode);
            world.trees.note(&last.read, &last.parsed);
            (part, last.statements)
        }
        None => {
            for part in &parts {
                machine.enter_module(&part.name, &part.source);
            }
            (parts.len() - 1, 0)
        }
    };
    let mut ran = Ok(());
    for part in parts[..=innermost].iter().rev() {
        ran = part.run(machine, begun, checkpoints);
        begun = 0;
    }
    ran
}

/// A module that is run statement by statement.
struct Part {
    name: String,
    source: ModuleSource,
    file: FileId,
    tree: Arc<ast::Module>,
    text: Arc<str>,
}

/// A module, and where it is a package that begins with the names of a module in it, that module, and so on. None where it
/// cannot be run statement by statement.
fn parts(world: &World, name: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(part) = next.as_deref().and_then(|name| Part::of(world, name)) {
        let is_child = |base: &String| base.rsplit_once('.').is_some_and(|(package, _)| package == part.name);
        next = leading_import(world, &part.name).filter(is_child);
        parts.push(part);
    }
    parts
}

impl Part {
    fn of(world: &World, name: &str) -> Option<Self> {
        let source = world.module(name)?;
        let file = source.file()?;
        let tree = world.trees.get(file)?;
        let text = world.trees.sources.file(file).ok()?.text.clone();
        tree.errors.is_empty().then(|| Self { name: name.to_owned(), source, file, tree, text })
    }

    /// Runs the module's statements but for the first ones, and ends it.
    fn run(&self, machine: &mut Machine, begun: usize, checkpoints: &mut Vec<Checkpoint>) -> Run<()> {
        /// So many steps are run again rather than remembered, and such a share of all.
        const STEPS: u64 = 300;
        const SHARE: u64 = 4;
        let trees = machine.world.trees;
        machine.grant(self.file);
        // That its text was asked for here is not something that the program rests on.
        trees.sources.unnote(self.file);
        let mut noted = machine.steps_taken();
        let ran = machine.deeper(|machine| {
            for (index, statement) in self.tree.body.iter().enumerate().skip(begun) {
                machine.run_block(slice::from_ref(statement));
                let taken = machine.steps_taken();
                if taken - noted >= STEPS.max(noted / SHARE) || index + 1 == self.tree.body.len() {
                    noted = taken;
                    checkpoints.push(Checkpoint {
                        snapshot: Snapshot::of(machine),
                        file: self.file,
                        text: self.text.clone(),
                        statements: index + 1,
                        end: statement.span.end as usize,
                        read: trees.sources.asked(),
                        parsed: trees.asked(),
                    });
                }
            }
        });
        match ran {
            Some(()) => machine.leave_module(None).map(drop),
            None => Err(Stop),
        }
    }
}
