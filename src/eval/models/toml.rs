//! `tomllib`, and `tomli` before it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Call;
use super::data::{self, Datum, MAX_DEPTH, Node, Wrong};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Object};
use crate::source::Span;

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let given = call.arguments.positional.first()?.clone();
    let is_plain = call.arguments.positional.len() == 1 && call.arguments.named.is_empty();
    match call.name.split_once('.')?.1 {
        "load" | "loads" => Some(data::load(machine, call, &given, is_plain, parse, "tomllib.TOMLDecodeError")),
        _ => None,
    }
}

fn parse(text: &str) -> Result<Node, Wrong> {
    let table = DeTable::parse(text).map_err(|_| Wrong::Undecided)?;
    let span = span_of(&table);
    let datum = entries(table.get_ref(), 0).ok_or(Wrong::Undecided)?;
    Ok(Node { datum, span })
}

fn span_of<T>(spanned: &Spanned<T>) -> Span {
    let range = spanned.span();
    Span::new(range.start as u32, range.end as u32)
}

/// Entries in the order in which they stand.
fn entries(table: &DeTable, depth: usize) -> Option<Datum> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table.iter() {
        let key = Node { datum: Datum::Str(key.get_ref().to_string()), span: span_of(key) };
        entries.push((key, node(value, depth + 1)?));
    }
    entries.sort_by_key(|(key, _)| key.span.start);
    Some(Datum::Dict(entries))
}

fn node(value: &Spanned<DeValue>, depth: usize) -> Option<Node> {
    if depth > MAX_DEPTH {
        return None;
    }
    let datum = match value.get_ref() {
        DeValue::String(text) => Datum::Str(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Datum::Unknown(Class::Int, "the number is not evaluated"), Datum::Int),
        DeValue::Float(number) => {
            number.as_str().parse().map_or(Datum::Unknown(Class::Float, "the number is not evaluated"), Datum::Float)
        }
        DeValue::Boolean(value) => Datum::Bool(*value),
        DeValue::Datetime(_) => Datum::Unknown(Class::Any, "dates are not evaluated"),
        DeValue::Array(items) => Datum::List(items.iter().map(|item| node(item, depth + 1)).collect::<Option<_>>()?),
        DeValue::Table(table) => entries(table, depth)?,
    };
    Some(Node { datum, span: span_of(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents() {
        let Datum::Dict(entries) = parse("z = 0x1F\n[b]\nx = 1_000.5\n[a]\ny = [1, '2']\n").unwrap().datum else {
            unreachable!()
        };
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.datum.clone()).collect();
        assert_eq!(keys, ["z", "b", "a"].map(|key| Datum::Str(key.into())));
        let Datum::Dict(b) = &entries[1].1.datum else { unreachable!() };
        assert_eq!(b[0].1.datum, Datum::Float(1000.5));
        assert_eq!(parse("a = "), Err(Wrong::Undecided));
    }
}
