//! Comparisons: equal, the same, ordered.

use super::formula::{Formula, Subject};
use super::heap::{Contents, Dict, Key};
use super::machine::{Machine, Run};
use super::object::{Class, HeapId, Item, Kind, Object, Piece};
use super::operator::{float, int};
use super::raise::Exception;
use super::truth::{constant, readable};
use crate::python::ast::CompareOp;

impl Machine<'_> {
    /// In which cases `left op right` holds.
    pub(super) fn compare(&mut self, op: CompareOp, left: &Object, right: &Object) -> Run<Formula> {
        let (left, right) = (self.narrowed(left), self.narrowed(right));
        if !matches!(op, CompareOp::Is | CompareOp::IsNot) {
            self.meet(&left);
            self.meet(&right);
        }
        Ok(match op {
            CompareOp::Eq => self.equal(&left, &right),
            CompareOp::NotEq => {
                let equal = self.equal(&left, &right);
                self.formulas.not(equal)
            }
            CompareOp::Is => self.identical(&left, &right),
            CompareOp::IsNot => {
                let identical = self.identical(&left, &right);
                self.formulas.not(identical)
            }
            CompareOp::In => self.contains(&right, &left)?,
            CompareOp::NotIn => {
                let contains = self.contains(&right, &left)?;
                self.formulas.not(contains)
            }
            CompareOp::Lt | CompareOp::LtE | CompareOp::Gt | CompareOp::GtE => {
                let result = self.map2(&left, &right, |machine, left, right| {
                    machine.ordered(op, &left.as_operand(), &right.as_operand())
                })?;
                if result
                    .alternatives()
                    .iter()
                    .any(|(_, result)| matches!(&result.kind, Kind::Unknown(unknown) if unknown.term.is_none()))
                {
                    self.may_raise("a comparison")?;
                }
                self.truth(&result)
            }
        })
    }

    /// In which cases two objects are equal.
    pub(super) fn equal(&mut self, left: &Object, right: &Object) -> Formula {
        // Lists that are in lists many times are compared many times.
        if self.steps(10).is_err() {
            return Formula::FALSE;
        }
        let (left, right) = (self.spelled_out(left), self.spelled_out(right));
        let mut any = Formula::FALSE;
        for (in_left, left) in self.possible(&left) {
            for (in_right, right) in self.possible(&right) {
                let when = self.formulas.and(in_left, in_right);
                if self.formulas.excludes(self.state.path, when) {
                    continue;
                }
                let equal = self.equal_single(&left.as_operand(), &right.as_operand());
                let both = self.formulas.and(when, equal);
                any = self.formulas.or(any, both);
            }
        }
        self.settled(any)
    }

    fn equal_single(&mut self, left: &Object, right: &Object) -> Formula {
        match (&left.kind, &right.kind) {
            (Kind::Unknown(unknown), constant) | (constant, Kind::Unknown(unknown)) => {
                // What was called unknown at one point may be several things: only a term says which.
                if unknown.term.is_some() && left.same(right) {
                    return Formula::TRUE;
                }
                let literal = literal_text(constant);
                match (&unknown.term, literal) {
                    (Some(term), Some(literal)) => {
                        if class_excludes(unknown.class, constant) {
                            return Formula::FALSE;
                        }
                        let text = format!("{} == {literal}", readable(&term.text));
                        let formula = self.test(term, text);
                        if let Kind::Str(word) = constant {
                            self.note_stage(term, std::slice::from_ref(word), formula);
                        }
                        formula
                    }
                    _ => self.fresh("two values are equal", Subject::Other),
                }
            }
            (Kind::Heap(a), Kind::Heap(b)) if a == b && !self.decides_equality(*a) => Formula::TRUE,
            (Kind::Heap(a), Kind::Heap(b)) => match (self.copied(*a), self.copied(*b)) {
                _ if self.step().is_err() => Formula::FALSE,
                (Some(Contents::List(a)), Some(Contents::List(b))) => match self.deeper(|m| m.equal_items(&a, &b)) {
                    Some(equal) => equal,
                    None => self.fresh("two lists are equal", Subject::Other),
                },
                (Some(Contents::Dict(a)), Some(Contents::Dict(b))) => match self.deeper(|m| m.equal_dicts(&a, &b)) {
                    Some(equal) => equal,
                    None => self.fresh("two dicts are equal", Subject::Other),
                },
                (Some(Contents::Instance(_)), _) | (_, Some(Contents::Instance(_))) => {
                    self.fresh("two objects are equal", Subject::Other)
                }
                _ if self.decides_equality(*a) || self.decides_equality(*b) => {
                    self.fresh("two objects are equal", Subject::Other)
                }
                (Some(Contents::Set(_)), Some(Contents::Set(_))) => self.fresh("two sets are equal", Subject::Other),
                _ => Formula::FALSE,
            },
            (Kind::Tuple(a), Kind::Tuple(b)) => {
                let (a, b) = (a.clone(), b.clone());
                self.equal_items(&a, &b)
            }
            (Kind::Template(pieces), Kind::Str(text)) | (Kind::Str(text), Kind::Template(pieces)) => {
                match may_equal(pieces, text) {
                    true => self.fresh(format!("the text is {text:?}"), Subject::Other),
                    false => Formula::FALSE,
                }
            }
            (Kind::Path(a), Kind::Path(b)) if a.as_str().is_none() || b.as_str().is_none() => match left.same(right) {
                true => Formula::TRUE,
                false => self.fresh("two paths are equal", Subject::Other),
            },
            (Kind::Symbol(a), Kind::Symbol(b)) if a == b => Formula::TRUE,
            (Kind::Symbol(_) | Kind::Made(_) | Kind::Template(_), other)
            | (other, Kind::Symbol(_) | Kind::Made(_) | Kind::Template(_)) => {
                // What is imported may compare equal to anything, but no constructor makes None.
                match (other, &left.kind, &right.kind) {
                    (Kind::None, Kind::Made(_) | Kind::Template(_), _)
                    | (Kind::None, _, Kind::Made(_) | Kind::Template(_)) => {
                        self.fresh("the object is None", Subject::Other)
                    }
                    _ => self.fresh("two values are equal", Subject::Other),
                }
            }
            (Kind::Heap(id), _) | (_, Kind::Heap(id)) => {
                let is_instance = matches!(self.contents(*id), Some(Contents::Instance(_)));
                match is_instance || self.decides_equality(*id) {
                    true => self.fresh("two objects are equal", Subject::Other),
                    false => Formula::FALSE,
                }
            }
            _ => match (Key::of(left), Key::of(right)) {
                (Some(a), Some(b)) => constant(a == b),
                _ => constant(left.same(right)),
            },
        }
    }

    /// Whether an object's class, or the metaclass of a class, may have an `__eq__` of its own.
    fn decides_equality(&mut self, id: HeapId) -> bool {
        let (class, of_instance) = match self.contents(id) {
            Some(Contents::Instance(instance)) => (instance.class, true),
            Some(Contents::Class(_)) => (id, false),
            _ => return false,
        };
        let is_plain = matches!(self.contents(class), Some(Contents::Class(class)) if class.is_plain);
        !is_plain || of_instance && self.own_method(class, "__eq__").is_some()
    }

    /// Whether a container takes an object for another: where it is the same one, or equal.
    pub(super) fn same_or_equal(&mut self, left: &Object, right: &Object) -> Formula {
        match (&left.kind, &right.kind) {
            (Kind::Heap(left), Kind::Heap(right)) if left == right => Formula::TRUE,
            _ => self.equal(left, right),
        }
    }

    fn equal_items(&mut self, a: &[Item], b: &[Item]) -> Formula {
        if a.iter().chain(b).any(|item| !item.is_certain()) {
            return self.fresh("two lists are equal", Subject::Other);
        }
        if a.len() != b.len() {
            return Formula::FALSE;
        }
        let mut all = Formula::TRUE;
        for (a, b) in a.iter().zip(b) {
            let equal = self.same_or_equal(&a.object, &b.object);
            all = self.formulas.and(all, equal);
        }
        all
    }

    fn equal_dicts(&mut self, a: &Dict, b: &Dict) -> Formula {
        let is_certain = |dict: &Dict| dict.open.is_none() && dict.entries.values().all(|entry| entry.when.is_true());
        if !is_certain(a) || !is_certain(b) {
            return self.fresh("two dicts are equal", Subject::Other);
        }
        if a.entries.len() != b.entries.len() {
            return Formula::FALSE;
        }
        let mut all = Formula::TRUE;
        for (key, entry) in &a.entries {
            let Some(other) = b.entries.get(key) else { return Formula::FALSE };
            let equal = self.same_or_equal(&entry.value, &other.value);
            all = self.formulas.and(all, equal);
        }
        all
    }

    fn identical(&mut self, left: &Object, right: &Object) -> Formula {
        let mut any = Formula::FALSE;
        for (in_left, left) in self.possible(left) {
            for (in_right, right) in self.possible(right) {
                let when = self.formulas.and(in_left, in_right);
                let identical = match (&left.kind, &right.kind) {
                    // `is` is used with singletons; for them it is the same as being equal, but for 1 and True.
                    (Kind::None | Kind::Bool(_) | Kind::Ellipsis, Kind::None | Kind::Bool(_) | Kind::Ellipsis) => {
                        constant(left.same(&right))
                    }
                    (Kind::None | Kind::Bool(_), other) | (other, Kind::None | Kind::Bool(_))
                        if is_no_singleton(other) =>
                    {
                        Formula::FALSE
                    }
                    (Kind::Unknown(unknown), Kind::None) | (Kind::None, Kind::Unknown(unknown))
                        if unknown.class != Class::Any =>
                    {
                        Formula::FALSE
                    }
                    (Kind::Unknown(unknown), Kind::Bool(_)) | (Kind::Bool(_), Kind::Unknown(unknown))
                        if unknown.class != Class::Bool =>
                    {
                        match unknown.class {
                            // It may be equal without being one, as 1 is equal to True.
                            Class::Any => {
                                let equal = self.equal_single(&left, &right);
                                let is_one = self.fresh("what is equal is one object", Subject::Other);
                                self.formulas.and(equal, is_one)
                            }
                            _ => Formula::FALSE,
                        }
                    }
                    (Kind::Heap(a), Kind::Heap(b)) => constant(a == b),
                    (Kind::None | Kind::Bool(_), _) | (_, Kind::None | Kind::Bool(_)) => {
                        self.equal_single(&left.as_operand(), &right.as_operand())
                    }
                    _ => self.fresh("two objects are one", Subject::Other),
                };
                let both = self.formulas.and(when, identical);
                any = self.formulas.or(any, both);
            }
        }
        any
    }

    fn ordered(&mut self, op: CompareOp, left: &Object, right: &Object) -> Result<Object, Exception> {
        let ordering = match (&left.kind, &right.kind) {
            (Kind::Str(a), Kind::Str(b)) => Some(a.as_ref().cmp(b.as_ref())),
            (Kind::Float(_), b) | (b, Kind::Float(_)) if float(b).is_some() => {
                let (a, b) = (float(&left.kind).unwrap_or_default(), float(&right.kind).unwrap_or_default());
                a.partial_cmp(&b)
            }
            (a, b) if int(a).is_some() && int(b).is_some() => Some(int(a).cmp(&int(b))),
            (Kind::None, Kind::Int(_) | Kind::Str(_) | Kind::None) | (Kind::Int(_) | Kind::Str(_), Kind::None) => {
                return Err(Exception::new("TypeError", "not supported between these types"));
            }
            (Kind::Unknown(unknown), constant) if unknown.term.is_some() && literal_text(constant).is_some() => {
                let Some(term) = &unknown.term else { return Ok(Object::unknown("", None)) };
                let literal = literal_text(constant).unwrap_or_default();
                let text = format!("{} {} {literal}", readable(&term.text), op.symbol());
                let formula = self.test(term, text);
                return Ok(self.truth_object(formula, None));
            }
            _ => match (left.symbol_name(), right.kind_tuple()) {
                (Some("sys.version_info"), Some(bound)) => super::models::sys::compare_version(op, &bound),
                _ => None,
            },
        };
        Ok(match ordering {
            Some(ordering) => Object::bool(
                match op {
                    CompareOp::Lt => ordering.is_lt(),
                    CompareOp::LtE => ordering.is_le(),
                    CompareOp::Gt => ordering.is_gt(),
                    _ => ordering.is_ge(),
                },
                None,
            ),
            None => Object::unknown_of(Class::Bool, "the order of two values is not known", None),
        })
    }

    /// The items without those that are equal to an earlier one.
    pub(super) fn distinct(&mut self, items: Vec<Item>) -> Vec<Item> {
        self.charge(items.len());
        let mut seen: rustc_hash::FxHashMap<Key, usize> = rustc_hash::FxHashMap::default();
        let mut kept: Vec<Item> = Vec::with_capacity(items.len());
        // What is one of several things, or not known, is no key.
        let mut vague: Vec<usize> = Vec::new();
        let is_one = |a: &Item, b: &Item| !a.repeated && !b.repeated && a.object.same(&b.object);
        for item in items {
            let key = Key::of(&item.object).filter(|_| !item.repeated);
            match key.as_ref().and_then(|key| seen.get(key)) {
                // The order of a set means nothing: the item is there where either of the two would be.
                Some(&index) => kept[index].when = self.formulas.or(kept[index].when, item.when),
                None if key.is_none()
                    && let Some(&index) = vague.iter().find(|&&index| is_one(&kept[index], &item)) =>
                {
                    kept[index].when = self.formulas.or(kept[index].when, item.when);
                }
                None => {
                    if key.is_none() {
                        vague.push(kept.len());
                    }
                    seen.extend(key.map(|key| (key, kept.len())));
                    kept.push(item);
                }
            }
        }
        kept
    }
}

impl Object {
    fn symbol_name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Symbol(name) => Some(name),
            _ => None,
        }
    }

    fn kind_tuple(&self) -> Option<Vec<i64>> {
        match &self.kind {
            Kind::Tuple(items) => items.iter().map(|item| int(&item.object.kind)).collect(),
            _ => None,
        }
    }
}

/// A constant as Python writes it, for the text of a condition.
pub(super) fn literal_text(kind: &Kind) -> Option<String> {
    Some(match kind {
        Kind::None => "None".into(),
        Kind::Bool(value) => if *value { "True" } else { "False" }.into(),
        Kind::Int(value) => value.to_string(),
        Kind::Str(text) => format!("{:?}", text.as_ref()),
        _ => return None,
    })
}

/// Whether no object of the class can be equal to a constant.
fn class_excludes(class: Class, constant: &Kind) -> bool {
    match (class, constant) {
        (Class::Any, _) => false,
        (_, Kind::None) => true,
        (Class::Str, constant) => !matches!(constant, Kind::Str(_)),
        (Class::Bool | Class::Int | Class::Float, constant) => {
            !matches!(constant, Kind::Bool(_) | Kind::Int(_) | Kind::Float(_))
        }
        _ => false,
    }
}

/// Whether a string of which parts are known may be `text`.
pub(super) fn may_equal(pieces: &[Piece], text: &str) -> bool {
    let mut rest = text;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Literal(part) = piece else { continue };
        if index == 0 {
            let Some(after) = rest.strip_prefix(part.as_ref()) else { return false };
            rest = after;
        } else if index == pieces.len() - 1 {
            return rest.ends_with(part.as_ref());
        } else {
            let Some(at) = rest.find(part.as_ref()) else { return false };
            rest = &rest[at + part.len()..];
        }
    }
    true
}

/// Whether something is of a class of which neither `None`, `True` nor `False` is.
fn is_no_singleton(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Int(_)
            | Kind::Float(_)
            | Kind::Str(_)
            | Kind::Template(_)
            | Kind::Bytes(_)
            | Kind::Path(_)
            | Kind::Tuple(_)
            | Kind::Heap(_)
            | Kind::Function(_)
            | Kind::Module(_)
    )
}
