//! `datetime.timedelta`, of which settings mostly want the seconds.

use super::Call;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Kind, Object};

/// The units that `timedelta` takes, in the order of its parameters, in microseconds.
const UNITS: [(&str, i64); 7] = [
    ("days", 86_400_000_000),
    ("seconds", 1_000_000),
    ("microseconds", 1),
    ("milliseconds", 1_000),
    ("minutes", 60_000_000),
    ("hours", 3_600_000_000),
    ("weeks", 604_800_000_000),
];

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name {
        // One length of time for each alternative of what it is made of.
        "datetime.timedelta" => {
            let arguments = call.arguments;
            let index = arguments.all().position(|object| matches!(object.kind, Kind::Either(_)))?;
            let undecided = arguments.all().nth(index)?.clone();
            Some(machine.each(&undecided, |machine, object| {
                let mut arguments = arguments.clone();
                let count = arguments.positional.len();
                match arguments.positional.get_mut(index) {
                    Some(argument) => *argument = object,
                    None => arguments.named[index - count].1 = object,
                }
                machine.call_foreign(call.name, None, arguments, call.place)
            }))
        }
        "datetime.timedelta().total_seconds" => {
            let microseconds = microseconds(call.made_with()?)?;
            Some(Ok(Object::new(Kind::Float(microseconds as f64 / 1e6), call.place)))
        }
        _ => None,
    }
}

/// A length of time in microseconds; none where it is not made of whole numbers that are known, or too long for the
/// division by a million to be exact.
fn microseconds(arguments: &Arguments) -> Option<i64> {
    const MAX_EXACT: i64 = 1 << 53;
    if arguments.open || arguments.positional.len() > UNITS.len() {
        return None;
    }
    let by_position = UNITS.iter().map(|(name, _)| *name).zip(&arguments.positional);
    let by_name = arguments.named.iter().map(|(name, object)| (name.as_ref(), object));
    let mut total: i64 = 0;
    for (name, object) in by_position.chain(by_name) {
        let (_, unit) = UNITS.iter().find(|(known, _)| *known == name)?;
        let Kind::Int(count) = object.kind else { return None };
        total = total.checked_add(count.checked_mul(*unit)?)?;
    }
    (total.abs() < MAX_EXACT).then_some(total)
}
