//! `sys`: how the program was started, and on which Python.

use std::cmp::Ordering;

use super::os::term;
use crate::eval::machine::Machine;
use crate::eval::object::{Class, Object};
use crate::python::ast::CompareOp;

/// The oldest and the first Python that no supported Django runs on any more, respectively not yet.
const OLDEST: [i64; 2] = [3, 6];
const NEXT_MAJOR: i64 = 4;

pub(super) fn attribute(machine: &mut Machine, name: &str) -> Option<Object> {
    let place = machine.statement();
    Some(match name {
        "sys.argv" => term("sys.argv", Class::List, "the command line is not known", place),
        "sys.modules" => term("sys.modules", Class::Dict, "what else is imported is not known", place),
        "sys.platform" => term("sys.platform", Class::Str, "the operating system is not known", place),
        "sys.version_info.major" => Object::int(3, place),
        "sys.maxsize" => Object::int(i64::MAX, place),
        _ => return None,
    })
}

/// `sys.version_info op bound`, where any Python that Django runs on gives the same answer.
pub(in crate::eval) fn compare_version(op: CompareOp, bound: &[i64]) -> Option<Ordering> {
    let _ = op;
    if bound < OLDEST.as_slice() {
        return Some(Ordering::Greater);
    }
    (bound >= [NEXT_MAJOR].as_slice()).then_some(Ordering::Less)
}
