//! What something that may or may not have happened, or any number of times, leaves unknown.

use rustc_hash::{FxHashMap, FxHashSet};

use super::descriptor::members_of;
use super::formula::{Formula, Subject};
use super::heap::{Contents, Dict, Entry, Key, State, either};
use super::machine::{Machine, Run};
use super::object::{HeapId, Item, Kind, Object, same_items};
use crate::source::Place;

/// How many objects are compared in the time of a step.
const CELLS_PER_STEP: usize = 8;

const OUT_OF_SIGHT: &str = "it may be changed where the program does not show it";

impl Machine<'_> {
    /// Runs `work` zero or more times, as a loop does: everything that some run of it changes is unknown afterwards.
    pub(super) fn any_number_of_times(&mut self, work: impl FnMut(&mut Self) -> Run<()>) {
        let why = "it is changed in a loop of which the number of rounds is not known";
        let entered = self.fresh("the loop has rounds", Subject::Other);
        self.run_until_blurred(entered, why, false, work);
    }

    /// The same where the program does not show it: only what `work` changes is of interest.
    pub(super) fn out_of_sight(&mut self, work: impl FnMut(&mut Self) -> Run<()>) {
        let entered = self.fresh("it is called out of sight", Subject::Other);
        let path = self.state.path;
        self.run_until_blurred(entered, OUT_OF_SIGHT, true, work);
        // Whatever it raises may be caught out of sight, too.
        if self.is_alive() {
            self.state.path = path;
        }
    }

    /// What was changed since a state, out of sight, may be something else.
    pub(super) fn blur_since(&mut self, before: &State) {
        let mut blurred = Blurred { is_out_of_sight: true, ..Blurred::default() };
        let differing = State::differing(before, &self.state);
        self.charge(differing.len() / CELLS_PER_STEP);
        for (id, old, new) in differing {
            // What stays as it is must not look changed: what has looked at it would be run again.
            let is_blurred = id == self.concealed || self.is_escaped(&Object::new(Kind::Heap(id), None));
            if let Some(old) = old.filter(|_| !is_blurred) {
                self.blur(id, &old.contents, &new.contents, OUT_OF_SIGHT, &mut blurred);
            }
        }
    }

    /// What one run changes, a later one may carry into something else: it is run again until that is nothing new.
    fn run_until_blurred(
        &mut self,
        entered: Formula,
        why: &str,
        is_out_of_sight: bool,
        mut work: impl FnMut(&mut Self) -> Run<()>,
    ) {
        const MOST_ROUNDS: usize = 6;
        let path = self.state.path;
        let mut blurred = Blurred { since: Some(HeapId(self.next_id)), is_out_of_sight, ..Blurred::default() };
        for _ in 0..MOST_ROUNDS {
            self.state.path = path;
            if !self.blurred_by(&mut work, entered, why, &mut blurred) || self.is_exhausted() {
                return;
            }
        }
        self.state.path = path;
        self.lose();
    }

    /// Makes unknown what `work` changes; whether that is more than was before.
    fn blurred_by(
        &mut self,
        work: &mut impl FnMut(&mut Self) -> Run<()>,
        entered: Formula,
        why: &str,
        blurred: &mut Blurred,
    ) -> bool {
        let before = self.state.clone();
        self.state.path = self.formulas.and(before.path, entered);
        let (ran, mut ends) = match blurred.is_out_of_sight {
            true => {
                self.handlers.enter_out_of_sight();
                let most_values = self.formulas.tell_apart(1);
                let ran = work(self).is_ok();
                self.formulas.tell_apart(most_values);
                (ran, self.handlers.leave_out_of_sight())
            }
            false => (work(self).is_ok(), Vec::new()),
        };
        let after = std::mem::replace(&mut self.state, before.clone());
        let skipped = self.formulas.and_not(before.path, entered);
        self.state.path = match ran {
            true => self.formulas.or(skipped, after.path),
            false => skipped,
        };
        ends.push(after);
        let mut is_more = false;
        let mut last = &before;
        for end in &ends {
            is_more |= self.blurred_until((&before, last), end, why, blurred);
            last = end;
        }
        is_more
    }

    /// Makes unknown what differs between two states; whether that is more than was before. What `after` has in common
    /// with `last` has been looked at.
    fn blurred_until(
        &mut self,
        (before, last): (&State, &State),
        after: &State,
        why: &str,
        blurred: &mut Blurred,
    ) -> bool {
        let mut is_more = false;
        if let Some(Contents::List(concealed)) = after.cell(self.concealed).map(|cell| &cell.contents) {
            for object in concealed.clone().into_iter().map(|item| item.object) {
                is_more |= match object.kind {
                    Kind::Function(_) | Kind::Symbol(_) | Kind::Module(_) => self.note_concealed(vec![object]),
                    Kind::Heap(id) if !blurred.is_new(id) => self.note_concealed(vec![object]),
                    Kind::Bound(ref pair) if !matches!(pair.0.kind, Kind::Heap(id) if blurred.is_new(id)) => {
                        self.note_concealed(vec![object])
                    }
                    Kind::Made(ref made) if members_of(made).is_some_and(|(class, _)| !blurred.is_new(class)) => {
                        self.note_concealed(vec![object])
                    }
                    // What a round itself makes, it makes anew.
                    _ => self.conceal_held(after, &object, blurred.first_new()),
                };
            }
        }
        for (id, old, new) in State::differing_since(last, before, after) {
            match old {
                Some(_) if id == self.concealed => {}
                Some(old) => {
                    for object in new_objects(&old.contents, &new.contents) {
                        is_more |= self.conceal_held(after, &object, blurred.first_new());
                    }
                    // What another end of the same round changed is so already.
                    let now = self.state.shared(id).cloned().unwrap_or(old);
                    is_more |= self.blur(id, &now.contents, &new.contents, why, blurred);
                }
                None => self.state.insert(id, new.contents.clone()),
            }
        }
        is_more
    }

    /// Makes unknown what differs between an object before and after something that may or may not have happened;
    /// whether it was not so unknown before.
    pub(super) fn blur(
        &mut self,
        id: HeapId,
        old: &Contents,
        new: &Contents,
        why: &str,
        blurred: &mut Blurred,
    ) -> bool {
        let place = self.statement();
        let contents = match (old, new) {
            (Contents::List(old), Contents::List(new)) => {
                self.blurred_items(id, (old, new), why, place, blurred).map(Contents::List)
            }
            (Contents::Set(old), Contents::Set(new)) => {
                self.blurred_items(id, (old, new), why, place, blurred).map(Contents::Set)
            }
            (Contents::Dict(old), Contents::Dict(new)) => {
                self.blurred_dict(id, old, new, why, blurred).map(Contents::Dict)
            }
            _ => None,
        };
        let Some(contents) = contents else { return false };
        if let Some(cell) = self.change(id) {
            cell.contents = contents;
        }
        true
    }

    /// None where the dict is as unknown already.
    fn blurred_dict(&mut self, id: HeapId, old: &Dict, new: &Dict, why: &str, blurred: &mut Blurred) -> Option<Dict> {
        let mut dict = old.clone();
        let mut is_more = false;
        let other = Object::unknown(why, self.statement());
        // What was open before may still be what it was then.
        let kept_open = old.open.clone().or_else(|| new.open.clone());
        let mut opened = kept_open.clone();
        for (key, entry) in &new.entries {
            match dict.entries.get_mut(key) {
                Some(known) if known.value.same(&entry.value) && known.when == entry.when => {}
                Some(known) => {
                    let now = [(Formula::TRUE, &entry.value)];
                    let held = self.held_anew((id, Some(key.clone())), &known.value, &now, blurred);
                    let is_differing = !known.value.same(&entry.value);
                    let is_unknown = blurred.is_out_of_sight && self.may_be_replaced(&known.value);
                    let is_new = is_differing && !is_unknown && blurred.values.insert((id, key.clone()));
                    if is_new || is_differing && !held.is_empty() {
                        known.value = self.blurred_value(&known.value, &other, &held, is_new, why, blurred);
                        known.history = entry.history.clone();
                        is_more = true;
                    }
                    if known.when != entry.when && blurred.presences.insert((id, key.clone())) {
                        let when = self.may_be_there(id, key, why, blurred);
                        is_more |= std::mem::replace(&mut known.when, when) != when;
                    }
                }
                None => {
                    let when = self.may_be_there(id, key, why, blurred);
                    let now = [(Formula::TRUE, &entry.value)];
                    let held = self.held_anew((id, Some(key.clone())), &other, &now, blurred);
                    let value = self.one_of_held(&other, &held);
                    dict.entries.insert(key.clone(), Entry { value, when, ..entry.clone() });
                    opened = opened.or_else(|| Some(why.into()));
                    blurred.values.insert((id, key.clone()));
                    blurred.presences.insert((id, key.clone()));
                    is_more = true;
                }
            }
        }
        for (key, known) in &mut dict.entries {
            if !new.entries.contains_key(key) && blurred.presences.insert((id, key.clone())) {
                let kept = self.may_be_there(id, key, why, blurred);
                let when = self.formulas.and(known.when, kept);
                is_more |= std::mem::replace(&mut known.when, when) != when;
            }
        }
        // A new key of one round is one of many; a new name is only that one.
        dict.open = if new.is_scope { kept_open } else { opened };
        if old.open.is_none() || old.open_when != new.open_when {
            dict.open_when = Formula::TRUE;
        }
        dict.is_reordered |= new.is_reordered;
        let is_opened = (dict.open.is_some(), dict.open_when) != (old.open.is_some(), old.open_when);
        (is_more || is_opened || dict.is_reordered != old.is_reordered).then_some(dict)
    }

    /// A value that may be `other` or one of `held`, too; `is_new` says whether it was none of them before.
    fn blurred_value(
        &mut self,
        known: &Object,
        other: &Object,
        held: &[Object],
        is_new: bool,
        why: &str,
        blurred: &mut Blurred,
    ) -> Object {
        if blurred.is_out_of_sight {
            let value = if is_new { self.replaced_by(known, other) } else { known.clone() };
            return self.one_of_held(&value, held);
        }
        let is_plain = is_new && known.is_plain();
        // What was as unknown before is one alternative with what is so now, or each loop would add one.
        let before = known.alternatives();
        let before =
            before.iter().map(|(when, object)| (*when, if object.is_as_unknown(other) { other } else { object }));
        let known = either(&mut self.formulas, before);
        let other = self.one_of_held(other, held);
        let changed = match blurred.plain_changed {
            Some(changed) if is_plain => changed,
            _ => self.fresh(why, Subject::Other),
        };
        if is_plain {
            blurred.plain_changed = Some(changed);
        }
        let kept = self.formulas.not(changed);
        either(&mut self.formulas, [(kept, &known), (changed, &other)])
    }

    /// The cases in which an entry is there that may be there or not.
    fn may_be_there(&mut self, id: HeapId, key: &Key, why: &str, blurred: &Blurred) -> Formula {
        match blurred.is_out_of_sight {
            true => self.is_left(id, key),
            false => self.fresh(why, Subject::Other),
        }
    }

    /// None where the items are as unknown already.
    fn blurred_items(
        &mut self,
        id: HeapId,
        (old, new): (&[Item], &[Item]),
        why: &str,
        place: Option<Place>,
        blurred: &mut Blurred,
    ) -> Option<Vec<Item>> {
        let unknown = Object::unknown(why, place);
        let open = old.last().filter(|last| last.repeated && last.when.is_true()).map(|last| last.object.clone());
        let open = open.filter(|open| {
            let is_unknown =
                |object: &Object| matches!(&object.kind, Kind::Unknown(unknown) if unknown.why.as_ref() == why);
            open.alternatives().iter().any(|(_, object)| is_unknown(object))
        });
        let other = open.as_ref().unwrap_or(&unknown);
        let kept = old.len() - usize::from(open.is_some());
        let is_longer = new.len() >= kept && same_items(&old[..kept], &new[..kept]);
        let taken = if is_longer { &new[kept..] } else { new };
        let taken: Vec<(Formula, &Object)> = taken.iter().map(|item| (item.when, &item.object)).collect();
        let held = self.held_anew((id, None), other, &taken, blurred);
        if held.is_empty()
            && (if is_longer { new.len() == old.len() || open.is_some() } else { open.is_some() && old.len() == 1 })
        {
            return None;
        }
        let any = Item::any_number(self.one_of_held(other, &held));
        Some(match is_longer {
            true => old[..kept].iter().cloned().chain([any]).collect(),
            false => vec![any],
        })
    }

    /// Objects that can be changed, or that change others, among what something may be now in cases in which it was not
    /// them before; only those that were not found so earlier.
    fn held_anew(
        &mut self,
        place: (HeapId, Option<Key>),
        before: &Object,
        now: &[(Formula, &Object)],
        blurred: &mut Blurred,
    ) -> Vec<Object> {
        let held = blurred.older(self.held_in(now.iter().map(|(_, object)| *object)));
        let mut anew = Vec::new();
        for object in held {
            let was = self.holds(&[(Formula::TRUE, before)], &object);
            let is = self.holds(now, &object);
            if !self.formulas.implies(is, was) && blurred.is_first(&place, &object) {
                anew.push(object);
            }
        }
        anew
    }

    /// In which cases one of some objects is a certain one.
    fn holds(&mut self, objects: &[(Formula, &Object)], wanted: &Object) -> Formula {
        let mut any = Formula::FALSE;
        for (when, object) in objects {
            for (alternative, object) in object.alternatives() {
                if is_one_of_rounds(&object, wanted) {
                    let when = self.formulas.and(*when, alternative);
                    any = self.formulas.or(any, when);
                }
            }
        }
        any
    }

    /// Objects that can be changed, or that change others, among what some objects may be.
    pub(super) fn held_in<'o>(&self, objects: impl IntoIterator<Item = &'o Object>) -> Vec<Object> {
        let mut held: Vec<Object> = Vec::new();
        for (_, object) in objects.into_iter().flat_map(Object::alternatives) {
            let is_held = match &object.kind {
                // What a round itself makes, only names know that are unknown after it.
                Kind::Heap(id) => match self.contents(*id) {
                    Some(Contents::List(_) | Contents::Set(_) | Contents::Dict(_) | Contents::Instance(_)) => true,
                    Some(Contents::Class(_)) | None => false,
                },
                Kind::Function(_) => true,
                _ => false,
            };
            if is_held && !held.iter().any(|other| is_one_of_rounds(&object, other)) {
                held.push(object);
            }
        }
        held
    }

    /// What is not known, but may be one of these: a change of it changes them.
    pub(super) fn one_of_held(&mut self, unknown: &Object, held: &[Object]) -> Object {
        let mut one = unknown.clone();
        for object in held {
            let is_it = self.fresh("it is this object", Subject::Other);
            let is_other = self.formulas.not(is_it);
            one = either(&mut self.formulas, [(is_it, object), (is_other, &one)]);
        }
        one
    }
}

/// Whether two objects are one, or a function that each round makes anew.
fn is_one_of_rounds(a: &Object, b: &Object) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Function(a), Kind::Function(b)) => std::sync::Arc::ptr_eq(&a.function, &b.function),
        _ => a.same(b),
    }
}

/// The objects in an object that were not in it before.
fn new_objects(old: &Contents, new: &Contents) -> Vec<Object> {
    match (old, new) {
        (Contents::List(old) | Contents::Set(old), Contents::List(new) | Contents::Set(new)) => {
            let known = old.iter().zip(new).take_while(|(old, new)| old.object.same(&new.object)).count();
            new[known..].iter().map(|item| item.object.clone()).collect()
        }
        (Contents::Dict(old), Contents::Dict(new)) => {
            let is_new =
                |key: &Key, entry: &Entry| !old.entries.get(key).is_some_and(|old| old.value.same(&entry.value));
            new.entries.iter().filter(|(key, entry)| is_new(key, entry)).map(|(_, entry)| entry.value.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// What was made unknown at one point of the program: entries by their dict and key.
#[derive(Default)]
pub(super) struct Blurred {
    /// The first object that was made since the program came there, where that is run more than once.
    since: Option<HeapId>,
    /// Whether it happens where the program does not show it.
    is_out_of_sight: bool,
    /// If not, the cases in which plain values are called unknown. One formula serves them all: what is unknown may also
    /// be what it was before, so that whatever happens is among the cases in which all of them are.
    plain_changed: Option<Formula>,
    values: FxHashSet<(HeapId, Key)>,
    /// What may be in them, or among the items of a list.
    held: FxHashMap<(HeapId, Option<Key>), Vec<Object>>,
    presences: FxHashSet<(HeapId, Key)>,
}

impl Blurred {
    fn first_new(&self) -> HeapId {
        self.since.unwrap_or(HeapId(u32::MAX))
    }

    /// Whether a round made an object. The next one makes it anew, and only names know it that are unknown after it.
    fn is_new(&self, id: HeapId) -> bool {
        id >= self.first_new()
    }

    /// Notes that something may be an object; whether that is said for the first time.
    fn is_first(&mut self, place: &(HeapId, Option<Key>), object: &Object) -> bool {
        let held = self.held.entry(place.clone()).or_default();
        let is_first = !held.iter().any(|other| is_one_of_rounds(object, other));
        held.extend(is_first.then(|| object.clone()));
        is_first
    }

    /// Those of some objects that no round made.
    fn older(&self, mut objects: Vec<Object>) -> Vec<Object> {
        objects.retain(|object| !matches!(object.kind, Kind::Heap(id) if self.is_new(id)));
        objects
    }
}
