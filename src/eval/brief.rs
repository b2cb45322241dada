//! Values as messages show them.

use super::text::float_repr;
use super::value::{Kind, Sequence, Value};

/// A value as Python writes it, cut short: for messages.
pub fn brief(value: &Value) -> String {
    const MAX: usize = 60;
    let mut text = String::new();
    write_brief(value, &mut text);
    if text.chars().count() > MAX {
        text = text.chars().take(MAX - 1).collect::<String>() + "…";
    }
    text
}

fn write_brief(value: &Value, text: &mut String) {
    const ENOUGH: usize = 200;
    if text.len() > ENOUGH {
        return;
    }
    match &value.kind {
        Kind::None => text.push_str("None"),
        Kind::Ellipsis => text.push_str("..."),
        Kind::Bool(value) => text.push_str(if *value { "True" } else { "False" }),
        Kind::Int(number) => text.push_str(&number.to_string()),
        Kind::Float(number) => text.push_str(&float_repr(*number)),
        Kind::Str(string) => text.push_str(&quoted(string)),
        Kind::Template(template) => {
            text.push_str("f\"");
            template.pieces.iter().for_each(|piece| text.push_str(piece.literal().unwrap_or("{…}")));
            text.push('"');
        }
        Kind::Bytes(bytes) => text.push_str(&format!("b{}", quoted(&String::from_utf8_lossy(bytes)))),
        Kind::List(items) => {
            text.push('[');
            write_items(items, text);
            text.push(']');
        }
        Kind::Tuple(items) => {
            text.push('(');
            write_items(items, text);
            text.push_str(if items.items.len() == 1 { ",)" } else { ")" });
        }
        Kind::Set(items) => {
            text.push('{');
            write_items(items, text);
            text.push('}');
        }
        Kind::Dict(dict) => {
            text.push('{');
            write_each(&dict.entries, ", ", text, |entry, text| {
                write_brief(&entry.key, text);
                text.push_str(": ");
                write_brief(&entry.value, text);
            });
            text.push('}');
        }
        Kind::Path(path) => {
            text.push_str("Path(");
            write_brief(path, text);
            text.push(')');
        }
        Kind::Call(call) => text.push_str(&format!("{}(…)", call.function.rsplit('.').next().unwrap_or_default())),
        Kind::Symbol(name) => text.push_str(name),
        Kind::Function(function) => text.push_str(&function.name),
        Kind::Class(class) => text.push_str(&class.name),
        Kind::Module(name) => text.push_str(name),
        Kind::Either(either) => {
            write_each(&either.options, " or ", text, |choice, text| write_brief(&choice.value, text));
        }
        Kind::Missing => text.push_str("nothing"),
        Kind::Instance(_) | Kind::Unknown(_) => text.push('…'),
    }
}

fn write_items(items: &Sequence, text: &mut String) {
    write_each(&items.items, ", ", text, |item, text| write_brief(&item.value, text));
    if items.open.is_some() {
        text.push_str(if items.items.is_empty() { "…" } else { ", …" });
    }
}

fn write_each<T>(parts: &[T], separator: &str, text: &mut String, write: impl Fn(&T, &mut String)) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        write(part, text);
    }
}

/// A string in quotes, double ones where there is a choice.
fn quoted(text: &str) -> String {
    let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '\n' => "\\n".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c == quote => format!("\\{c}"),
            c => c.to_string(),
        })
        .collect();
    format!("{quote}{escaped}{quote}")
}
