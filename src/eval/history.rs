//! What each statement had to do with the value that a name ends with.

use super::changes::Change;
use super::condition::Condition;
use super::formula::Formula;
use super::machine::Machine;
use crate::source::Place;

/// A statement that had to do with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The statement.
    pub place: Place,
    /// What it does.
    pub deed: Deed,
    /// In which cases it is reached.
    pub when: Condition,
}

/// What a statement does to a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Assigns it where nothing had before.
    Sets,
    /// Assigns it again.
    Replaces,
    /// Changes its value in place: `append`, `+=`, a subscript.
    Changes,
    /// Nothing in the cases that are assumed of production.
    Nothing,
}

/// A statement, with all runs of it taken together.
struct Statement {
    place: Place,
    is_assignment: bool,
    is_change: bool,
    /// In which cases it is reached; none where that was not followed.
    path: Option<Formula>,
}

impl Machine<'_> {
    /// The steps of a name that some statements assigned, and whose value some changed in place; oldest first.
    pub(super) fn steps_of(&mut self, assigned: &[Change], changed: &[Change]) -> Vec<Step> {
        // Telling the history must not cost the value.
        let mark = self.formulas.mark();
        let statements = self.statements(assigned, changed);
        let steps = self.steps_in_order(&statements);
        match self.formulas.release(mark) {
            true => steps,
            false => steps.into_iter().map(|step| Step { when: Condition::default(), ..step }).collect(),
        }
    }

    fn statements(&mut self, assigned: &[Change], changed: &[Change]) -> Vec<Statement> {
        let mut all: Vec<(&Change, bool)> =
            assigned.iter().map(|change| (change, true)).chain(changed.iter().map(|change| (change, false))).collect();
        all.sort_by_key(|(change, _)| change.order);
        let mut statements: Vec<Statement> = Vec::with_capacity(all.len());
        for (change, is_assignment) in all {
            match statements.iter_mut().find(|known| known.place == change.place) {
                Some(known) => {
                    known.is_assignment |= is_assignment;
                    known.is_change |= !is_assignment;
                    known.path = known.path.zip(change.path).map(|(a, b)| self.formulas.or(a, b));
                }
                None => statements.push(Statement {
                    place: change.place,
                    is_assignment,
                    is_change: !is_assignment,
                    path: change.path,
                }),
            }
        }
        statements
    }

    fn steps_in_order(&mut self, statements: &[Statement]) -> Vec<Step> {
        let end = self.state.path;
        let world = self.formulas.and(end, self.assumed);
        let mut steps = Vec::with_capacity(statements.len());
        let mut set_before = Formula::FALSE;
        for statement in statements {
            let path = statement.path.unwrap_or(Formula::TRUE);
            let here = self.formulas.and(world, path);
            let deed = match statement {
                _ if here.is_false() => Deed::Nothing,
                Statement { is_change: true, .. } => Deed::Changes,
                _ if self.formulas.excludes(here, set_before) => Deed::Sets,
                _ => Deed::Replaces,
            };
            if statement.is_assignment {
                set_before = self.formulas.or(set_before, here);
            }
            let when = match statement.path {
                // Why it is reached in none of them.
                Some(path) if here.is_false() => self.told(path, end),
                Some(path) => self.told(path, world),
                None => Condition::default(),
            };
            steps.push(Step { place: statement.place, deed, when });
        }
        steps
    }
}
