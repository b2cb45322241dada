//! Points between the statements of a module, to go on from when what comes after them has changed.

use std::slice;
use std::sync::Arc;

use super::machine::{Machine, Run, Stop};
use super::snapshot::Snapshot;
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

    /// Whether a text begins as far as here with the same statements.
    fn is_of(&self, text: &str, tree: &ast::Module) -> bool {
        let end = |body: &[ast::Stmt]| body.last().map(|last| last.span.end as usize);
        tree.body.get(..self.statements).and_then(end) == Some(self.end)
            && text.get(..self.end).is_some_and(|begin| self.text.get(..self.end) == Some(begin))
    }
}

/// Runs a module, where nothing else is being run. Goes on from the last of the checkpoints that the module still begins
/// with; afterwards they are those of this run.
pub(super) fn run_module(machine: &mut Machine, name: &str, checkpoints: &mut Vec<Checkpoint>) -> Run<()> {
    /// So many steps are run again rather than remembered, and such a share of all.
    const STEPS: u64 = 300;
    const SHARE: u64 = 4;
    let known = std::mem::take(checkpoints);
    let (world, mode) = (machine.world, machine.mode);
    let source = world.module(name);
    let of_file = source.as_ref().and_then(|source| source.file()).and_then(|file| {
        let tree = world.trees.get(file)?;
        let text = world.trees.sources.file(file).ok()?.text.clone();
        tree.errors.is_empty().then_some((file, tree, text))
    });
    let (Some(source), Some((file, tree, text)), false) = (source, of_file, machine.state.has_loaded(name)) else {
        return machine.import_module(name).map(drop);
    };
    *checkpoints = known.into_iter().take_while(|known| known.file == file && known.is_of(&text, &tree)).collect();
    let begun = match checkpoints.last() {
        Some(last) => {
            *machine = last.snapshot.resume(world, mode);
            world.trees.note(&last.read, &last.parsed);
            last.statements
        }
        None => {
            machine.enter_module(name, &source);
            0
        }
    };
    machine.grant(file);
    // That its text was asked for here is not something that the program rests on.
    world.trees.sources.unnote(file);
    let mut noted = machine.steps_taken();
    let ran = machine.deeper(|machine| {
        for (index, statement) in tree.body.iter().enumerate().skip(begun) {
            machine.run_block(slice::from_ref(statement));
            let taken = machine.steps_taken();
            if taken - noted >= STEPS.max(noted / SHARE) || index + 1 == tree.body.len() {
                noted = taken;
                let (snapshot, text) = (Snapshot::of(machine), text.clone());
                let (statements, end) = (index + 1, statement.span.end as usize);
                let (read, parsed) = (world.trees.sources.asked(), world.trees.asked());
                checkpoints.push(Checkpoint { snapshot, file, text, statements, end, read, parsed });
            }
        }
    });
    match ran {
        Some(()) => machine.leave_module(None).map(drop),
        None => Err(Stop),
    }
}
