//! Finds lists of admins and managers that Django refuses.

use crate::diagnostic::Edit;
use crate::eval::value::{Item, Kind, Value};
use crate::project::settings::{Resolved, Truth};
use crate::project::shape::is_string;
use crate::rule::{Context, Findings};

/// How an admin is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A name and an address.
    Pair,
    /// An address.
    Address,
    /// A text that is no address, or a list of another length.
    Wrong,
    /// What is not known.
    Unknown,
}

/// Reports each setting that is wrong in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let takes_addresses = settings.is_at_least("django", "6.0");
    for name in ["ADMINS", "MANAGERS"] {
        let resolved = settings.get(name);
        if !resolved.is_set {
            continue;
        }
        let place = context.place_of_setting(&resolved);
        let is_wrong = Truth::over(&resolved.value, |value| is_refused(value, takes_addresses));
        if !findings.is_certain(&is_wrong, name, Some(place)) {
            continue;
        }
        let (wanted, help) = match takes_addresses {
            true => (
                "a list of addresses",
                "write `[\"ada@example.com\"]`, or pairs before Django 6.0: `[(\"Ada\", \"ada@example.com\")]`",
            ),
            false => ("a list of pairs", "write `[(\"Ada\", \"ada@example.com\")]`"),
        };
        let edits = edits(context, &resolved, takes_addresses);
        findings
            .report(place, format!("`{name}` is not {wanted}: mail to them fails"))
            .setting(name, &resolved)
            .help(help)
            .safe_fix("make it a list", edits);
    }
}

/// A single address, or a single pair, of which the list was forgotten.
fn edits(context: &Context, admins: &Resolved, takes_addresses: bool) -> Option<Vec<Edit>> {
    let value = &admins.value;
    let is_pair = value.sequence().is_some_and(|pair| match pair.items.as_slice() {
        [name, address] => shape(name) == Shape::Wrong && shape(address) == Shape::Address && pair.open.is_none(),
        _ => false,
    });
    let is_address = takes_addresses && value.as_str().is_some_and(|text| text.contains('@'));
    let is_written = admins.history.last().is_some_and(|made| value.origin.is_some_and(|at| made.holds(at)));
    match (is_pair, is_address) {
        (true, _) if is_written => context.edit_at(value.origin?, |editor, span| editor.put_in_list(span)),
        (_, true) => context.put_setting_in_list(admins),
        _ => None,
    }
}

fn is_refused(value: &Value, takes_addresses: bool) -> Truth {
    let Some(list) = value.sequence() else {
        return match is_string(value) {
            Truth::Yes => Truth::known(value.as_str() != Some("")),
            answer => answer,
        };
    };
    let shapes: Vec<Shape> = list.items.iter().filter(|item| item.when.is_always()).map(shape).collect();
    let has = |shape: Shape| shapes.contains(&shape);
    let is_wrong =
        has(Shape::Wrong) || has(Shape::Pair) && has(Shape::Address) || has(Shape::Address) && !takes_addresses;
    match (is_wrong, has(Shape::Unknown), &list.open) {
        (true, ..) => Truth::Yes,
        (_, true, _) => Truth::Unknown("one of them is not known".into()),
        (_, _, Some(why)) => Truth::Unknown(why.clone()),
        _ => Truth::No,
    }
}

fn shape(item: &Item) -> Shape {
    match &item.value.kind {
        Kind::Str(text) if text.contains('@') => Shape::Address,
        Kind::Str(text) if text.is_empty() => Shape::Unknown,
        Kind::Str(_) => Shape::Wrong,
        Kind::List(parts) | Kind::Tuple(parts) => match (parts.items.len(), &parts.open) {
            (2, None) => Shape::Pair,
            (_, None) => Shape::Wrong,
            _ => Shape::Unknown,
        },
        _ => Shape::Unknown,
    }
}
