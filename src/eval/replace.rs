//! What something that is not evaluated may have replaced or removed.

use super::formula::{Atom, Formula, Subject};
use super::heap::{Contents, Key, either};
use super::machine::Machine;
use super::object::{HeapId, Kind, Object};

impl Machine<'_> {
    /// Any entry of a dict may have been replaced, and others added.
    pub(super) fn open_dict(&mut self, id: HeapId, why: &str) {
        self.open_dict_where(id, why, |_| true);
    }

    /// Entries of a dict whose keys `may_be` accepts may have been replaced, and others added.
    pub(super) fn open_dict_where(&mut self, id: HeapId, why: &str, may_be: impl Fn(&Object) -> bool) {
        let (place, now) = (self.statement(), self.now());
        let unknown = Object::unknown(why, place);
        let Some(Contents::Dict(dict)) = self.contents(id) else { return };
        let mut dict = dict.clone();
        for entry in dict.entries.values_mut().filter(|entry| may_be(&entry.key)) {
            entry.value = self.replaced_by(&entry.value, &unknown);
            entry.history.note(now);
        }
        dict.open = dict.open.or_else(|| Some(why.into()));
        dict.open_when = Formula::TRUE;
        if let Some(cell) = self.change(id) {
            cell.contents = Contents::Dict(dict);
        }
    }

    /// Any entry of a dict may have been removed, each in the cases in which `is_left` does not hold.
    pub(super) fn thin_dict(&mut self, id: HeapId, mut is_left: impl FnMut(&mut Self, &Key) -> Formula) {
        let Some(Contents::Dict(mut dict)) = self.copied(id) else { return };
        let mut is_changed = false;
        for (key, entry) in &mut dict.entries {
            let is_left = is_left(self, key);
            let when = self.formulas.and(entry.when, is_left);
            is_changed |= std::mem::replace(&mut entry.when, when) != when;
        }
        if is_changed && let Some(cell) = self.change(id) {
            cell.contents = Contents::Dict(dict);
        }
    }

    /// The cases in which values are called unknown that something may have replaced.
    ///
    /// One formula serves them all: what is unknown may also be what it was before, so that whatever happens is among
    /// the cases in which all of them are. What happens out of sight has one of its own, which joins do not tell apart.
    pub(super) fn replaced(&mut self) -> Formula {
        let (key, subject) = match self.is_escaping {
            true => ("changed out of sight", Subject::OutOfSight),
            false => ("replaced", Subject::Other),
        };
        self.formulas.atom(key, || Atom { text: "it was replaced".into(), subject })
    }

    /// Whether an object may have been replaced already by anything, whatever else is the case.
    pub(super) fn may_be_replaced(&mut self, object: &Object) -> bool {
        let replaced = self.replaced();
        let is_it = |(when, object): &(Formula, Object)| {
            matches!(object.kind, Kind::Unknown(_)) && (*when == replaced || self.formulas.is_out_of_sight(*when))
        };
        object.alternatives().iter().any(is_it)
    }

    /// The cases in which an entry is there that something out of sight may have removed. They are the same each time,
    /// or the conditions would become too many; each entry has its own, since where one is gone, another may be there.
    ///
    /// What happens in sight leaves all entries or none for certain: one that is gone may be there all the same, since the
    /// dict is open then.
    pub(super) fn is_left(&mut self, id: HeapId, key: &Key) -> Formula {
        if !self.is_escaping {
            let replaced = self.replaced();
            return self.formulas.not(replaced);
        }
        let describe = || Atom { text: "it is not removed".into(), subject: Subject::OutOfSight };
        self.formulas.atom(&format!("left:{}:{key:?}", id.0), describe)
    }

    /// The object that was there or, where it may have been replaced, one that is not known.
    pub(super) fn replaced_by(&mut self, object: &Object, unknown: &Object) -> Object {
        let replaced = self.replaced();
        let kept = self.formulas.not(replaced);
        for (when, alternative) in object.alternatives() {
            // What was that object only in cases in which something was replaced is an unknown one now, and may be it.
            if self.formulas.excludes(when, kept) {
                self.conceal(&alternative);
            }
        }
        either(&mut self.formulas, [(kept, object), (replaced, unknown)])
    }
}
