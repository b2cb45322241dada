//! What includes settings from files: which files a string may name.

use super::formula::Formula;
use super::heap::Key;
use super::machine::{Machine, Run};
use super::object::{HeapId, Kind, Object, Piece};

impl Machine<'_> {
    /// Runs `work` with each of some names that a string may be, in the cases in which it is, and once more for the
    /// others.
    pub(super) fn each_candidate(
        &mut self,
        text: &Object,
        names: &[String],
        work: &mut dyn FnMut(&mut Self, Candidate) -> Run<Object>,
    ) -> Run<Object> {
        const MAX_CANDIDATES: usize = 12;
        let text = self.spelled_out(text);
        self.each(&text, |machine, text| {
            if let Kind::Str(known) = &text.kind {
                return work(machine, Candidate::Name(known));
            }
            let mut fitting = Vec::new();
            for name in names {
                if let Some((hole, rest)) = hole_of(&text, name) {
                    fitting.push((machine.equal(&hole, &Object::str(rest, None)), name.as_str()));
                }
            }
            if fitting.len() > MAX_CANDIDATES {
                fitting.clear();
            }
            let others = if fitting.is_empty() { Candidate::Any } else { Candidate::NoneOfThem };
            machine.first_of(&fitting, others, work)
        })
    }

    fn first_of(
        &mut self,
        candidates: &[(Formula, &str)],
        others: Candidate,
        work: &mut dyn FnMut(&mut Self, Candidate) -> Run<Object>,
    ) -> Run<Object> {
        let Some(((when, name), rest)) = candidates.split_first() else { return work(self, others) };
        // Both arms need the work, one after the other.
        let work = std::cell::RefCell::new(work);
        self.branch(
            *when,
            |machine| (work.borrow_mut())(machine, Candidate::Name(name)),
            |machine| machine.first_of(rest, others, &mut **work.borrow_mut()),
        )
    }

    /// The value of a name in a scope, where it is bound for certain.
    pub(super) fn bound_in(&mut self, scope: HeapId, name: &str) -> Option<Object> {
        let entry = self.dict_of(scope)?.entries.get(&Key::str(name)).cloned()?;
        self.formulas.implies(self.state.path, entry.when).then(|| self.narrowed(&entry.value))
    }
}

/// What a string may be that names a file or a module.
#[derive(Debug, Clone, Copy)]
pub(super) enum Candidate<'n> {
    /// This name.
    Name(&'n str),
    /// None of the names that fit it.
    NoneOfThem,
    /// Anything: no name fits it.
    Any,
}

/// What the one part of a string that is not known must be for the string to be `name`.
fn hole_of<'n>(text: &Object, name: &'n str) -> Option<(Object, &'n str)> {
    let pieces = match &text.kind {
        Kind::Template(pieces) => pieces.as_ref(),
        _ => return None,
    };
    let (before, hole, after) = match pieces {
        [Piece::Literal(before), Piece::Hole(hole)] => (before.as_ref(), hole, ""),
        [Piece::Hole(hole), Piece::Literal(after)] => ("", hole, after.as_ref()),
        [Piece::Literal(before), Piece::Hole(hole), Piece::Literal(after)] => (before.as_ref(), hole, after.as_ref()),
        _ => return None,
    };
    let rest = name.strip_prefix(before)?.strip_suffix(after)?;
    (!rest.is_empty() && !rest.contains(['/', '.'])).then(|| (hole.clone(), rest))
}
