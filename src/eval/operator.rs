//! Operators: arithmetic, joining, comparing, truth.

use std::sync::Arc;

use super::changes::Changes;
use super::formula::{Formula, Subject};
use super::heap::Contents;
use super::machine::{Machine, Run};
use super::object::{Class, Item, Kind, Object, Piece, Unknown};
use super::raise::Exception;
use super::text::{self, MAX_TEXT};
use crate::python::ast::{BinaryOp, UnaryOp};
use crate::source::Place;

/// A longer list is called unknown.
pub const MAX_ITEMS: usize = 50_000;

/// Which of two equal items an intersection takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// That of the shorter set, or of the second where they are equally long, as between two sets.
    OfShorter,
    /// That of the second.
    Second,
}

impl Machine<'_> {
    /// `left op right`.
    pub(super) fn binary(&mut self, op: BinaryOp, left: &Object, right: &Object, place: Option<Place>) -> Run<Object> {
        let (mut left, mut right) = (self.narrowed(left), self.narrowed(right));
        self.meet(&left);
        self.meet(&right);
        if op == BinaryOp::Div {
            // What a path is joined with may be absolute, or be written in more than one way.
            (left, right) = (self.spelled_out_each(&left)?, self.spelled_out_each(&right)?);
        }
        let result = self.map2(&left, &right, |machine, left, right| {
            machine.binary_of(op, &left.as_operand(), &right.as_operand(), place)
        })?;
        // What is not known at all may not go with the other, even where it is clear what they would give.
        let is_vague = |(_, object): &(Formula, Object)| matches!(&object.kind, Kind::Unknown(unknown) if unknown.class == Class::Any);
        if self.is_guarded() && [left, right].iter().flat_map(Object::alternatives).any(|part| is_vague(&part)) {
            self.may_raise("an operator")?;
        }
        Ok(result)
    }

    fn binary_of(
        &mut self,
        op: BinaryOp,
        left: &Object,
        right: &Object,
        place: Option<Place>,
    ) -> Result<Object, Exception> {
        let number = |value: Option<i64>| match value {
            Some(value) => Object::int(value, place),
            None => Object::unknown_of(Class::Int, "the number is wider than 64 bits", place),
        };
        let result = match (op, &left.kind, &right.kind) {
            (_, Kind::Unknown(unknown), other) => return Ok(self.binary_unknown(op, unknown, other, true, place)),
            (BinaryOp::Mod, Kind::Str(format), _) => return Ok(self.percent_format(format, right, place)),
            (_, other, Kind::Unknown(unknown)) => return Ok(self.binary_unknown(op, unknown, other, false, place)),

            (BinaryOp::Div, Kind::Path(path), Kind::Str(_) | Kind::Template(_) | Kind::Path(_)) => {
                let path = path.as_ref().clone();
                return Ok(super::models::pathlib::join(&path, right, place));
            }
            (BinaryOp::Div, Kind::Str(_), Kind::Path(_)) => {
                return Ok(super::models::pathlib::join(left, right, place));
            }

            (BinaryOp::Add, Kind::Str(_) | Kind::Template(_), Kind::Str(_) | Kind::Template(_)) => {
                return Ok(text::template(vec![Piece::Hole(left.clone()), Piece::Hole(right.clone())], place));
            }
            (BinaryOp::Mul, Kind::Str(text), count) | (BinaryOp::Mul, count, Kind::Str(text))
                if int(count).is_some() =>
            {
                let count = int(count).unwrap_or_default().max(0) as usize;
                return Ok(match text.len().checked_mul(count) {
                    Some(length) if length <= MAX_TEXT => Object::str(text.repeat(count), place),
                    _ => Object::unknown_of(Class::Str, "the string is too long", place),
                });
            }
            (BinaryOp::Add, Kind::Bytes(a), Kind::Bytes(b)) => {
                if a.len() + b.len() > MAX_TEXT {
                    return Ok(Object::unknown_of(Class::Bytes, "the bytes are too many", place));
                }
                let joined: Vec<u8> = a.iter().chain(b.iter()).copied().collect();
                return Ok(Object::new(Kind::Bytes(joined.into()), place));
            }
            (BinaryOp::Mul, Kind::Bytes(bytes), count) | (BinaryOp::Mul, count, Kind::Bytes(bytes))
                if int(count).is_some() =>
            {
                let count = int(count).unwrap_or_default().max(0) as usize;
                return Ok(match bytes.len().checked_mul(count) {
                    Some(length) if length <= MAX_TEXT => Object::new(Kind::Bytes(bytes.repeat(count).into()), place),
                    _ => Object::unknown_of(Class::Bytes, "the bytes are too long", place),
                });
            }
            (BinaryOp::Mod, Kind::Bytes(_), _) => {
                return Ok(Object::unknown_of(Class::Bytes, "the % formatting is not evaluated", place));
            }
            (BinaryOp::Mod, Kind::Template(_), _) => {
                return Ok(Object::unknown_of(Class::Str, "the % formatting is not evaluated", place));
            }
            (BinaryOp::Add, Kind::Tuple(a), Kind::Tuple(b)) => {
                return Ok(match a.len() + b.len() > MAX_ITEMS {
                    true => Object::unknown_of(Class::Tuple, "the tuple is too long", place),
                    false => self.tuple(a.iter().chain(b.iter()).cloned().collect(), place),
                });
            }
            (BinaryOp::Mul, Kind::Tuple(items), count) | (BinaryOp::Mul, count, Kind::Tuple(items))
                if int(count).is_some() =>
            {
                return Ok(match repeated(items, int(count).unwrap_or_default()) {
                    Some(items) => self.tuple(items, place),
                    None => Object::unknown_of(Class::Tuple, "the tuple is too long", place),
                });
            }
            (_, Kind::Heap(_), _) | (_, _, Kind::Heap(_)) => return self.binary_heap(op, left, right, place),

            (_, Kind::Float(_), other) | (_, other, Kind::Float(_)) if nearest_float(other).is_some() => {
                return float_binary(op, &left.kind, &right.kind, place);
            }
            (BinaryOp::Div, a, b) if float(a).is_some() && float(b).is_some() => {
                return float_binary(op, a, b, place);
            }
            (_, a, b) if int(a).is_some() && int(b).is_some() => {
                let (x, y) = (int(a).unwrap_or_default(), int(b).unwrap_or_default());
                if let (Kind::Bool(a), Kind::Bool(b)) = (a, b) {
                    match op {
                        BinaryOp::BitAnd => return Ok(Object::bool(a & b, place)),
                        BinaryOp::BitOr => return Ok(Object::bool(a | b, place)),
                        BinaryOp::BitXor => return Ok(Object::bool(a ^ b, place)),
                        _ => {}
                    }
                }
                if op == BinaryOp::Pow && y < 0 {
                    return match x {
                        0 => Err(Exception::new("ZeroDivisionError", "0 to a negative power")),
                        _ => Ok(Object::unknown_of(Class::Float, "a negative power is not evaluated", place)),
                    };
                }
                let result = int_binary(op, x, y)?;
                if op == BinaryOp::Div {
                    return Ok(Object::unknown_of(
                        Class::Float,
                        "the quotient of large numbers is not evaluated",
                        place,
                    ));
                }
                result
            }
            (_, Kind::Symbol(_) | Kind::Made(_) | Kind::Template(_), _)
            | (_, _, Kind::Symbol(_) | Kind::Made(_) | Kind::Template(_)) => {
                return Ok(Object::unknown("an operation on a value that is not evaluated", place));
            }
            _ => return Err(Exception::new("TypeError", "unsupported operand types")),
        };
        Ok(number(result))
    }

    /// An operation of which one side is unknown.
    fn binary_unknown(
        &mut self,
        op: BinaryOp,
        unknown: &Arc<Unknown>,
        other: &Kind,
        is_left: bool,
        place: Option<Place>,
    ) -> Object {
        let here = Object::new(Kind::Unknown(unknown.clone()), place);
        let other_object = Object::new(other.clone(), place);
        let other_class = text::class_of(&other_object);
        match (op, unknown.class, other_class) {
            (BinaryOp::Add, Class::Str, Class::Str | Class::Any) | (BinaryOp::Add, Class::Any, Class::Str)
                if matches!(other, Kind::Str(_) | Kind::Template(_) | Kind::Unknown(_))
                    && unknown.class == Class::Str =>
            {
                let pieces = [Piece::Hole(here), Piece::Hole(other_object)];
                let [a, b] = pieces;
                text::template(if is_left { vec![a, b] } else { vec![b, a] }, place)
            }
            (BinaryOp::Add, Class::List | Class::Any, _) if matches!(other, Kind::Heap(_)) => {
                // A list with something unknown before or after it is a list of at least these items.
                match other {
                    Kind::Heap(id) => match self.contents(*id) {
                        Some(Contents::List(items)) => {
                            let mut items = items.clone();
                            let rest = Item::any_number(super::iterate::unknown_item(&here));
                            if is_left {
                                items.insert(0, rest)
                            } else {
                                items.push(rest)
                            }
                            self.list(items, place)
                        }
                        _ => self.derived(unknown, Class::Any, |text| text.to_owned(), place),
                    },
                    _ => here,
                }
            }
            (BinaryOp::Div, Class::Path, _) => Object::new(
                Kind::Unknown(Arc::new(Unknown { why: unknown.why.clone(), class: Class::Path, term: None })),
                place,
            ),
            (BinaryOp::Div, _, Class::Path) => Object::new(
                Kind::Unknown(Arc::new(Unknown { why: unknown.why.clone(), class: Class::Path, term: None })),
                place,
            ),
            (_, Class::Int, Class::Int | Class::Bool) if !matches!(op, BinaryOp::Div | BinaryOp::Pow) => {
                Object::unknown_of(Class::Int, unknown.why.clone(), place)
            }
            (BinaryOp::Add, Class::Tuple, Class::Tuple) => Object::unknown_of(Class::Tuple, unknown.why.clone(), place),
            (BinaryOp::Mod, Class::Str, _) if is_left => Object::unknown_of(Class::Str, unknown.why.clone(), place),
            _ => Object::unknown(unknown.why.clone(), place),
        }
    }

    fn binary_heap(
        &mut self,
        op: BinaryOp,
        left: &Object,
        right: &Object,
        place: Option<Place>,
    ) -> Result<Object, Exception> {
        let contents = |machine: &mut Self, object: &Object| match &object.kind {
            Kind::Heap(id) => machine.copied(*id),
            _ => None,
        };
        Ok(match (op, contents(self, left), contents(self, right)) {
            (BinaryOp::Add, Some(Contents::List(mut a)), Some(Contents::List(b))) => {
                a.extend(b);
                match a.len() > MAX_ITEMS {
                    true => Object::unknown_of(Class::List, "the list is too long", place),
                    false => self.list(a, place),
                }
            }
            (BinaryOp::Mul, Some(Contents::List(items)), None) | (BinaryOp::Mul, None, Some(Contents::List(items))) => {
                match int(&left.kind).or_else(|| int(&right.kind)).and_then(|count| repeated(&items, count)) {
                    Some(items) => self.list(items, place),
                    None => Object::unknown_of(Class::List, "the list is too long", place),
                }
            }
            (BinaryOp::BitOr, Some(Contents::Dict(a)), Some(Contents::Dict(b))) => {
                let joined = self.allocate(Contents::Dict(a));
                let from = self.allocate(Contents::Dict(b));
                // Updating a dict from a dict raises nothing.
                let _ = self.update_dict(joined, &Object::new(Kind::Heap(from), place));
                if let Some(cell) = self.state.cell_mut(joined) {
                    cell.changes = Changes::default();
                }
                Object::new(Kind::Heap(joined), place)
            }
            (BinaryOp::BitOr, Some(Contents::Set(mut a)), Some(Contents::Set(b))) => {
                a.extend(b);
                let items = self.distinct(a);
                self.set(items, place)
            }
            (BinaryOp::Sub, Some(Contents::Set(a)), Some(Contents::Set(b))) => {
                let items = self.without(&a, &b);
                self.set(items, place)
            }
            (BinaryOp::BitAnd, Some(Contents::Set(a)), Some(Contents::Set(b))) => {
                let items = self.common(&a, &b, Taken::OfShorter);
                self.set(items, place)
            }
            (BinaryOp::BitXor, Some(Contents::Set(a)), Some(Contents::Set(b))) => {
                let mut items = self.without(&a, &b);
                items.extend(self.without(&b, &a));
                self.set(items, place)
            }
            (_, Some(Contents::Instance(_) | Contents::Class(_)), _)
            | (_, _, Some(Contents::Instance(_) | Contents::Class(_))) => {
                Object::unknown("operators of the project's own classes are not evaluated", place)
            }
            (_, _, None) if matches!(right.kind, Kind::Symbol(_) | Kind::Made(_) | Kind::Template(_)) => {
                Object::unknown("an operation on a value that is not evaluated", place)
            }
            (_, None, _) if matches!(left.kind, Kind::Symbol(_) | Kind::Made(_) | Kind::Template(_)) => {
                Object::unknown("an operation on a value that is not evaluated", place)
            }
            _ => return Err(Exception::new("TypeError", "unsupported operand types")),
        })
    }

    /// The items of a set that are among others, too.
    pub(super) fn common(&mut self, a: &[Item], b: &[Item], taken: Taken) -> Vec<Item> {
        let (outside_a, outside_b) = (self.without(a, b), self.without(b, a));
        let (of_a, of_b) = (self.without(a, &outside_a), self.without(b, &outside_b));
        let is_one = |item: &Item| of_b.iter().any(|other| item.object.same(&other.object));
        match () {
            () if of_a.iter().all(is_one) => of_a,
            () if taken == Taken::OfShorter && !a.iter().chain(b).all(Item::is_certain) => {
                vec![Item::any_number(Object::unknown("which of two equal items is taken is not known", None))]
            }
            () if taken == Taken::OfShorter && b.len() > a.len() => of_a,
            () => of_b,
        }
    }

    /// The items of a set without those of another.
    fn without(&mut self, items: &[Item], others: &[Item]) -> Vec<Item> {
        let mut kept = Vec::new();
        for item in items {
            let mut gone = Formula::FALSE;
            for other in others {
                let equal = match other.repeated || item.repeated {
                    true => self.fresh("items of the sets are equal", Subject::Other),
                    false => self.same_or_equal(&item.object, &other.object),
                };
                let both = self.formulas.and(equal, other.when);
                gone = self.formulas.or(gone, both);
            }
            let when = self.formulas.and_not(item.when, gone);
            if !when.is_false() {
                kept.push(Item { when, ..item.clone() });
            }
        }
        kept
    }

    /// `op value`.
    pub(super) fn unary(&mut self, op: UnaryOp, value: &Object, place: Option<Place>) -> Run<Object> {
        if op == UnaryOp::Not {
            let truth = self.truth(value);
            let not = self.formulas.not(truth);
            return Ok(self.truth_object(not, place));
        }
        self.meet(value);
        self.map(value, |_, value| {
            let number = |value: Option<i64>| match value {
                Some(value) => Object::int(value, place),
                None => Object::unknown_of(Class::Int, "the number is wider than 64 bits", place),
            };
            Ok(match (op, &value.kind) {
                (UnaryOp::Neg, Kind::Float(float)) => Object::new(Kind::Float(-float), place),
                (UnaryOp::Pos, Kind::Float(float)) => Object::new(Kind::Float(*float), place),
                (UnaryOp::Neg, kind) if int(kind).is_some() => number(int(kind).and_then(i64::checked_neg)),
                (UnaryOp::Pos, kind) if int(kind).is_some() => number(int(kind)),
                (UnaryOp::Invert, kind) if int(kind).is_some() => number(int(kind).map(|value| !value)),
                (_, Kind::Unknown(unknown)) => Object::unknown(unknown.why.clone(), place),
                (_, Kind::None | Kind::Str(_) | Kind::Bytes(_) | Kind::Tuple(_) | Kind::Path(_)) => {
                    return Err(Exception::new("TypeError", "bad operand type for a unary operator"));
                }
                _ => Object::unknown("an operation on a value that is not evaluated", place),
            })
        })
    }
}

/// A whole number; `True` is 1.
pub(super) fn int(kind: &Kind) -> Option<i64> {
    match kind {
        Kind::Int(value) => Some(*value),
        Kind::Bool(value) => Some(i64::from(*value)),
        _ => None,
    }
}

pub(super) fn float(kind: &Kind) -> Option<f64> {
    match kind {
        Kind::Float(value) => Some(*value),
        // Beyond 53 bits a float does not hold every whole number.
        kind => int(kind).filter(|value| value.abs() <= 1 << 53).map(|value| value as f64),
    }
}

/// The float that Python computes with for a number.
fn nearest_float(kind: &Kind) -> Option<f64> {
    match kind {
        Kind::Float(value) => Some(*value),
        kind => int(kind).map(|value| value as f64),
    }
}

pub(super) fn repeated(items: &[Item], count: i64) -> Option<Vec<Item>> {
    let count = count.max(0) as usize;
    let length = items.len().checked_mul(count)?;
    (length <= MAX_ITEMS).then(|| std::iter::repeat_n(items, count).flatten().cloned().collect())
}

/// The result of whole-number arithmetic; none where it is wider than 64 bits.
fn int_binary(op: BinaryOp, a: i64, b: i64) -> Result<Option<i64>, Exception> {
    let by_zero = || Exception::new("ZeroDivisionError", "division by zero");
    Ok(match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod if b == 0 => return Err(by_zero()),
        BinaryOp::FloorDiv => {
            let quotient = a.checked_div(b);
            quotient.map(|quotient| if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
        }
        BinaryOp::Mod => a.checked_rem(b).map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }),
        BinaryOp::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        BinaryOp::LShift | BinaryOp::RShift if b < 0 => {
            return Err(Exception::new("ValueError", "negative shift count"));
        }
        BinaryOp::LShift => match u32::try_from(b) {
            Ok(bits) if bits < 63 => a.checked_mul(1 << bits),
            _ => None,
        },
        BinaryOp::RShift => u32::try_from(b).ok().map(|bits| a >> bits.min(63)),
        BinaryOp::BitOr => Some(a | b),
        BinaryOp::BitXor => Some(a ^ b),
        BinaryOp::BitAnd => Some(a & b),
        BinaryOp::Div => None,
        BinaryOp::MatMul => return Err(Exception::new("TypeError", "unsupported operand types")),
    })
}

fn float_binary(op: BinaryOp, a: &Kind, b: &Kind, place: Option<Place>) -> Result<Object, Exception> {
    let (a, b) = (nearest_float(a).unwrap_or_default(), nearest_float(b).unwrap_or_default());
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod if b == 0.0 => {
            return Err(Exception::new("ZeroDivisionError", "division by zero"));
        }
        BinaryOp::Div => a / b,
        _ => return Ok(Object::unknown_of(Class::Float, "the operation is not evaluated", place)),
    };
    Ok(Object::new(Kind::Float(result), place))
}
