//! What a value is where no environment variable that it depends on is set.

use std::sync::Arc;

use super::value::{Condition, Dict, Entry, Item, Kind, Piece, Sequence, Value};

impl Value {
    /// The value where none of the environment variables is set that decide it, or a part of it. None where something
    /// else decides as well, where it cannot be known, or where the program does not start without them.
    pub fn when_unset(&self) -> Option<Value> {
        let kind = match &self.kind {
            Kind::List(items) => Kind::List(sequence(items)?),
            Kind::Tuple(items) => Kind::Tuple(sequence(items)?),
            Kind::Set(items) => Kind::Set(distinct(sequence(items)?)?),
            Kind::Dict(entries) => Kind::Dict(dict(entries)?),
            Kind::Path(text) => Kind::Path(Box::new(text.when_unset()?)),
            Kind::Either(either) => return either.options.get(either.unset?)?.value.when_unset(),
            Kind::Template(template) => return template.unset.as_deref().cloned(),
            Kind::Unknown(_) | Kind::Missing => return None,
            _ => self.kind.clone(),
        };
        Some(Value::new(kind, self.origin))
    }

    /// The environment variables that decide which items or entries there are, not what they hold.
    pub fn deciding_variables(&self) -> Vec<Arc<str>> {
        let (conditions, open): (Vec<&Condition>, &Condition) = match &self.kind {
            Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
                (items.items.iter().map(|item| &item.when).collect(), &items.open_when)
            }
            Kind::Dict(dict) => (dict.entries.iter().map(|entry| &entry.when).collect(), &dict.open_when),
            _ => return Vec::new(),
        };
        let mut variables: Vec<Arc<str>> = Vec::new();
        for variable in conditions.into_iter().chain([open]).flat_map(|condition| &condition.variables) {
            if !variables.contains(variable) {
                variables.push(variable.clone());
            }
        }
        variables
    }
}

fn is_there(when: &Condition) -> Option<bool> {
    if when.is_always() { Some(true) } else { when.when_unset }
}

fn sequence(items: &Sequence) -> Option<Sequence> {
    if items.open.is_some() && is_there(&items.open_when)? {
        return None;
    }
    let mut left = Sequence::default();
    for item in &items.items {
        if is_there(&item.when)? {
            left.items.push(Item { value: item.value.when_unset()?, when: Condition::always() });
        }
    }
    Some(left)
}

/// The items of a set: what differs where variables are set may be one where they are not. None where that is not clear.
fn distinct(items: Sequence) -> Option<Sequence> {
    let mut left: Vec<Item> = Vec::with_capacity(items.items.len());
    for item in items.items {
        let mut is_new = true;
        for known in &left {
            is_new &= !is_equal(&known.value, &item.value)?;
        }
        if is_new {
            left.push(item);
        }
    }
    Some(Sequence { items: left, ..items })
}

/// Whether constants are equal, as Python has it; none for other values.
fn is_equal(a: &Value, b: &Value) -> Option<bool> {
    let number = |value: &Value| match value.kind {
        Kind::Bool(value) => Some(f64::from(u8::from(value))),
        Kind::Int(value) => Some(value as f64),
        Kind::Float(value) => Some(value),
        _ => None,
    };
    let is_constant = |value: &Value| {
        number(value).is_some() || matches!(value.kind, Kind::None | Kind::Str(_) | Kind::Bytes(_) | Kind::Ellipsis)
    };
    Some(match (&a.kind, &b.kind) {
        (Kind::Int(a), Kind::Int(b)) => a == b,
        (Kind::Str(a), Kind::Str(b)) => a == b,
        (Kind::Bytes(a), Kind::Bytes(b)) => a == b,
        (Kind::None, Kind::None) | (Kind::Ellipsis, Kind::Ellipsis) => true,
        _ if number(a).is_some() && number(b).is_some() => number(a) == number(b),
        _ if is_constant(a) && is_constant(b) => false,
        (Kind::Tuple(_) | Kind::Path(_), _) if is_constant(b) => false,
        (_, Kind::Tuple(_) | Kind::Path(_)) if is_constant(a) => false,
        _ => return None,
    })
}

fn dict(dict: &Dict) -> Option<Dict> {
    if dict.open.is_some() && is_there(&dict.open_when)? {
        return None;
    }
    let mut left = Dict::default();
    for entry in &dict.entries {
        if is_there(&entry.when)? {
            let (key, value) = (entry.key.when_unset()?, entry.value.when_unset()?);
            left.entries.push(Entry { key, value, when: Condition::always() });
        }
    }
    Some(left)
}

/// The text of a template where the environment variables in it are not set.
pub(super) fn text(pieces: &[Piece]) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Hole(hole) => match hole.when_unset()?.kind {
                Kind::Str(part) => text.push_str(&part),
                Kind::Int(number) => text.push_str(&number.to_string()),
                Kind::None => text.push_str("None"),
                Kind::Bool(value) => text.push_str(if value { "True" } else { "False" }),
                _ => return None,
            },
        }
    }
    Some(text)
}
