//! A value as JSON, as the contract of `show` has it.

use serde_json::{Map, Value as Json, json};

use crate::eval::value::{Condition, Dict, Either, Kind, Sequence, Template, Value};

/// The JSON of a value.
pub fn value_json(value: &Value) -> Json {
    if let Some(json) = unset_json(value) {
        return json;
    }
    match &value.kind {
        Kind::None => Json::Null,
        Kind::Ellipsis => json!({"$unknown": "..."}),
        Kind::Bool(value) => json!(value),
        Kind::Int(value) => json!(value),
        Kind::Float(value) => serde_json::Number::from_f64(*value)
            .map_or_else(|| json!({"$unknown": format!("the number {value}")}), Json::Number),
        Kind::Str(text) => json!(text.as_ref()),
        Kind::Template(template) => template_json(template),
        Kind::Bytes(bytes) => json!({"$bytes": bytes.iter().map(|&byte| escaped(byte)).collect::<String>()}),
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) if items.open.is_some() || !is_certain(items) => {
            json!({"$open": items_json(items)})
        }
        Kind::List(items) => items_json(items),
        Kind::Tuple(items) => json!({"$tuple": items_json(items)}),
        Kind::Set(items) => json!({"$set": items_json(items)}),
        Kind::Dict(dict) => dict_json(dict),
        Kind::Path(text) => json!({"$path": value_json(text)}),
        Kind::Call(call) => json!({"$call": call.function.as_ref()}),
        Kind::Instance(instance) => json!({"$call": class_name(&instance.class)}),
        Kind::Symbol(name) => json!({"$call": name.as_ref()}),
        Kind::Function(function) => json!({"$call": function.name.as_ref()}),
        Kind::Class(_) => json!({"$call": class_name(value)}),
        Kind::Module(name) => json!({"$call": name.as_ref()}),
        Kind::Either(either) => either_json(either),
        Kind::Missing => json!({"$unknown": "it is not set"}),
        Kind::Unknown(unknown) => match unknown.variables.first() {
            Some(variable) => json!({"$env": {"name": variable.as_ref()}}),
            None => json!({"$unknown": unknown.why.as_ref()}),
        },
    }
}

/// Of a list or dict of which the environment decides what is in it: what it is where nothing is set.
fn unset_json(value: &Value) -> Option<Json> {
    let variables = value.deciding_variables();
    let name = variables.first()?;
    Some(json!({"$env": {"name": name.as_ref(), "default": value_json(&value.when_unset()?)}}))
}

fn class_name(class: &Value) -> String {
    match &class.kind {
        Kind::Class(class) => format!("{}.{}", class.module, class.name),
        _ => "object".to_owned(),
    }
}

fn is_certain(items: &Sequence) -> bool {
    items.items.iter().all(|item| item.when.is_always())
}

fn items_json(items: &Sequence) -> Json {
    items.items.iter().map(|item| conditional(&item.when, value_json(&item.value))).collect()
}

/// What is there in some cases only is one of the value and nothing.
fn conditional(when: &Condition, json: Json) -> Json {
    if when.is_always() {
        json
    } else {
        json!({"$either": [json, {"$unknown": format!("it is there {}", when.describe())}]})
    }
}

fn dict_json(dict: &Dict) -> Json {
    let is_plain = dict.entries.iter().all(|entry| entry.key.as_str().is_some_and(|key| !key.starts_with('$')));
    let value = |entry: &crate::eval::value::Entry| conditional(&entry.when, value_json(&entry.value));
    let known = match is_plain {
        true => Json::Object(
            dict.entries
                .iter()
                .map(|entry| (entry.key.as_str().unwrap_or_default().to_owned(), value(entry)))
                .collect::<Map<String, Json>>(),
        ),
        false => {
            let pairs: Vec<Json> =
                dict.entries.iter().map(|entry| json!([value_json(&entry.key), value(entry)])).collect();
            json!({"$dict": pairs})
        }
    };
    match &dict.open {
        Some(why) => json!({"$either": [known, {"$unknown": why.as_ref()}]}),
        None => known,
    }
}

fn either_json(either: &Either) -> Json {
    match either.variables.first() {
        Some(variable) => {
            let mut environment = Map::new();
            environment.insert("name".into(), json!(variable.as_ref()));
            if let Some(default) = either.unset.and_then(|index| either.options.get(index)) {
                // It may itself be decided by variables, which are not set either.
                let unset = default.value.when_unset();
                environment.insert("default".into(), value_json(unset.as_ref().unwrap_or(&default.value)));
            }
            json!({"$env": environment})
        }
        None => {
            let options: Vec<Json> = either.options.iter().map(|choice| value_json(&choice.value)).collect();
            json!({"$either": options})
        }
    }
}

fn template_json(template: &Template) -> Json {
    let mut variables = Vec::new();
    let by_environment = template.pieces.iter().all(|piece| match piece {
        crate::eval::value::Piece::Literal(_) => true,
        crate::eval::value::Piece::Hole(hole) => match &hole.kind {
            Kind::Either(either) => {
                variables.extend(either.variables.iter().cloned());
                !either.variables.is_empty()
            }
            Kind::Unknown(unknown) => {
                variables.extend(unknown.variables.iter().cloned());
                !unknown.variables.is_empty()
            }
            _ => false,
        },
    });
    match (by_environment, variables.first(), &template.unset) {
        (true, Some(variable), Some(unset)) => {
            json!({"$env": {"name": variable.as_ref(), "default": value_json(unset)}})
        }
        (true, Some(variable), None) => json!({"$env": {"name": variable.as_ref()}}),
        _ => json!({"$unknown": "a part of the string is not known"}),
    }
}

fn escaped(byte: u8) -> String {
    match byte {
        b'\\' => "\\\\".into(),
        b' '..=b'~' => (byte as char).to_string(),
        _ => format!("\\x{byte:02x}"),
    }
}
