//! pydantic-settings 2 and the `BaseSettings` of pydantic 1: fields that are read from the environment.
//!
//! Source: `pydantic_settings/main.py` and `sources/` of 2.16.3; `pydantic/env_settings.py` of 1.10. Names of variables
//! are compared without regard to case; here they are taken in capitals, as everybody writes them.

use std::sync::Arc;

use super::variables;
use crate::eval::heap::{Contents, Dict, Key, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, HeapId, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::eval::text::class_of;
use crate::python::ast::{self, BinaryOp, Expr, ExprKind, Name, StmtKind};
use crate::source::Place;

const CURRENT: [&str; 2] = ["pydantic_settings.BaseSettings", "pydantic_settings.main.BaseSettings"];
const FORMER: [&str; 3] = ["pydantic.BaseSettings", "pydantic.v1.BaseSettings", "pydantic.env_settings.BaseSettings"];

/// What of a configuration does not change what simple fields hold.
const HARMLESS: [&str; 9] = [
    "arbitrary_types_allowed",
    "case_sensitive",
    "env_file",
    "env_file_encoding",
    "env_nested_delimiter",
    "env_prefix",
    "extra",
    "frozen",
    "title",
];

/// What of a field does not change what it holds, if the program starts at all.
const HARMLESS_IN_FIELDS: [&str; 13] = [
    "alias",
    "default",
    "default_factory",
    "description",
    "env",
    "examples",
    "ge",
    "gt",
    "le",
    "lt",
    "repr",
    "title",
    "validation_alias",
];

/// How a class reads its fields.
struct Reading {
    prefix: Arc<str>,
    is_case_sensitive: bool,
    /// Pydantic 1.
    is_former: bool,
}

/// What a field is annotated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Type {
    class: Class,
    /// Whether `None` is a value.
    is_optional: bool,
    /// What items are, for lists.
    items: Class,
}

/// Whether a class is one of settings that are read by Pydantic.
pub(in crate::eval) fn is_settings_class(machine: &mut Machine, class: HeapId) -> bool {
    base_of(machine, class).is_some()
}

/// The name of the base class, where it is one of Pydantic's settings.
fn base_of(machine: &mut Machine, class: HeapId) -> Option<Arc<str>> {
    machine.resolution_order(class).into_iter().find_map(|base| match base.kind {
        Kind::Symbol(name) if CURRENT.contains(&name.as_ref()) || FORMER.contains(&name.as_ref()) => Some(name),
        _ => None,
    })
}

/// Fills the fields of a new instance; does nothing for other classes.
pub(in crate::eval) fn fill(
    machine: &mut Machine,
    class: HeapId,
    attributes: HeapId,
    arguments: &Arguments,
    place: Option<Place>,
) -> Option<Run<()>> {
    let base = base_of(machine, class)?;
    let sources: Vec<(HeapId, Arc<ast::Class>)> = machine
        .resolution_order(class)
        .into_iter()
        .rev()
        .filter_map(|base| match base.kind {
            Kind::Heap(id) => match machine.contents(id) {
                Some(Contents::Class(class)) => Some((class.namespace, class.source.clone())),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let reading = reading(machine, &sources, FORMER.contains(&base.as_ref()));
    let is_given_apart = arguments.open
        || !arguments.positional.is_empty()
        || arguments.named.iter().any(|(name, _)| name.starts_with('_'))
        || sources.iter().any(|(_, source)| is_customized(source));
    let Some(reading) = reading.filter(|_| !is_given_apart) else {
        machine.open_dict(attributes, "how its fields are read is not known");
        return Some(Ok(()));
    };
    Some(fill_each(machine, &sources, attributes, arguments, &reading, place))
}

fn fill_each(
    machine: &mut Machine,
    sources: &[(HeapId, Arc<ast::Class>)],
    attributes: HeapId,
    arguments: &Arguments,
    reading: &Reading,
    place: Option<Place>,
) -> Run<()> {
    let mut fields: Vec<(&Name, Option<Type>, Option<Object>, bool)> = Vec::new();
    for (namespace, source) in sources {
        for (name, annotation) in &source.annotations {
            if name.starts_with('_') || name.as_ref() == "model_config" || is_class_variable(annotation) {
                continue;
            }
            let entry = machine.dict_of(*namespace).and_then(|dict| dict.entries.get(&Key::Str(name.clone())).cloned());
            let is_certain = entry.as_ref().is_none_or(|entry| entry.when.is_true());
            fields.retain(|(known, ..)| *known != name);
            fields.push((name, type_of(annotation), entry.map(|entry| entry.value), is_certain));
        }
    }
    for (name, declared, default, is_certain) in fields {
        let value = match arguments.by_name(name) {
            Some(given) => Object::unknown("what it is given is converted", given.origin),
            None if !is_certain => Object::unknown("its default is there in some cases only", place),
            None => field(machine, name, declared, default.as_ref(), reading, place)?,
        };
        machine.set_entry(attributes, &Object::str(name.clone(), place), value);
    }
    Ok(())
}

/// What a field holds.
fn field(
    machine: &mut Machine,
    name: &Name,
    declared: Option<Type>,
    given: Option<&Object>,
    reading: &Reading,
    place: Option<Place>,
) -> Run<Object> {
    let origin = given.and_then(|given| given.origin).or(place);
    let unknown = |why: &str| Ok(Object::unknown(why, origin));
    let mut default = given.cloned();
    let mut variable: Option<Arc<str>> = None;
    if let Some(Object { kind: Kind::Made(made), .. }) = given
        && made.function.rsplit('.').next() == Some("Field")
    {
        let options = &made.arguments;
        if options.open
            || options.positional.len() > 1
            || options.named.iter().any(|(name, _)| !HARMLESS_IN_FIELDS.contains(&name.as_ref()))
        {
            return unknown("how the field is read is not known");
        }
        default = options.get(0, "default").cloned();
        if let Some(factory) = options.by_name("default_factory").cloned() {
            default = Some(machine.call(&factory, Arguments::default(), origin)?);
        }
        let names = [("env", true), ("alias", false), ("validation_alias", false)];
        for (option, is_former) in names {
            match options.by_name(option) {
                None => {}
                // Each version ignores what the other takes for the variable's name.
                Some(_) if is_former != reading.is_former => return unknown("how the field is read is not known"),
                Some(alias) => match alias.as_str() {
                    Some(alias) => variable = Some(alias.clone()),
                    None => return unknown("the name of the variable is not known"),
                },
            }
        }
    }
    let default = default.filter(|default| !matches!(default.kind, Kind::Ellipsis));
    let Some(declared) = declared else { return unknown("its type is not evaluated") };
    let variable = variable.unwrap_or_else(|| format!("{}{name}", reading.prefix).into());
    let variable: Name = if reading.is_case_sensitive { variable } else { variable.to_uppercase().into() };
    let found = variables::look_up(machine, &variable, origin);
    let absent = machine.formulas.not(found.present);
    let present = machine.map(&found.value, |machine, raw| {
        Ok(match &raw.kind {
            Kind::Str(_) if declared.class == Class::Str => raw.clone(),
            Kind::Unknown(unknown) if declared.class == Class::Str => {
                Object::new(Kind::Unknown(unknown.clone()), raw.origin)
            }
            Kind::Unknown(unknown) => {
                let class = if declared.is_optional { Class::Any } else { declared.class };
                machine.derived(unknown, class, |text| format!("{:?}({text})", declared.class), raw.origin)
            }
            _ => Object::unknown_of(declared.class, "how it is converted is not evaluated", raw.origin),
        })
    })?;
    let Some(default) = default else {
        let message = format!("the field {name} is required");
        machine.raise_when(absent, Exception::new("pydantic.ValidationError", message))?;
        return Ok(machine.narrowed(&present));
    };
    let default = machine.each(&default, |machine, default| Ok(validated(machine, &default, declared)))?;
    Ok(either(&mut machine.formulas, [(found.present, &present), (absent, &default)]))
}

/// The default, which is validated as any value is: as it stands where it is of the declared type to the letter.
fn validated(machine: &mut Machine, default: &Object, declared: Type) -> Object {
    let converted = || Object::unknown("its default is converted", default.origin);
    match &default.kind {
        Kind::None if declared.is_optional || declared.class == Class::Any => default.clone(),
        _ if declared.class == Class::Any => match default.kind {
            Kind::Heap(_) => converted(),
            _ => default.clone(),
        },
        Kind::Heap(id) => match (machine.contents(*id).cloned(), declared.class) {
            (Some(Contents::List(items)), Class::List) => {
                let fits = |item: &Item| declared.items == Class::Any || class_of(&item.object) == declared.items;
                match items.iter().all(fits) {
                    true => machine.list(items, default.origin),
                    false => converted(),
                }
            }
            (Some(Contents::Dict(dict)), Class::Dict) if declared.items == Class::Any => {
                machine.dict(Dict { is_scope: false, ..dict }, default.origin)
            }
            _ => converted(),
        },
        Kind::Int(number) if declared.class == Class::Float && number.abs() < 1 << 53 => {
            Object::new(Kind::Float(*number as f64), default.origin)
        }
        Kind::Unknown(_) | Kind::Made(_) | Kind::Symbol(_) | Kind::Tuple(_) => converted(),
        _ if class_of(default) == declared.class => default.clone(),
        _ => converted(),
    }
}

/// How the classes say that fields are read; none where they say it in a way that is not known.
fn reading(machine: &mut Machine, sources: &[(HeapId, Arc<ast::Class>)], is_former: bool) -> Option<Reading> {
    let mut reading = Reading { prefix: "".into(), is_case_sensitive: false, is_former };
    for (namespace, _) in sources {
        let dict = machine.dict_of(*namespace)?.clone();
        if dict.open.is_some() {
            return None;
        }
        for name in ["model_config", "Config"] {
            let Some(entry) = dict.entries.get(&Key::str(name)) else { continue };
            let options: Vec<(Name, Object)> = match &entry.value.kind {
                _ if !entry.when.is_true() => return None,
                Kind::Made(made) if made.arguments.positional.is_empty() && !made.arguments.open => {
                    made.arguments.named.clone()
                }
                Kind::Heap(id) => {
                    let options = machine.dict_of(*id)?;
                    if options.open.is_some() {
                        return None;
                    }
                    let entries = options.entries.values().filter(|entry| entry.when.is_true());
                    let named = entries.map(|entry| Some((entry.key.as_str()?.clone(), entry.value.clone())));
                    named.collect::<Option<_>>()?
                }
                _ => return None,
            };
            for (name, value) in options.into_iter().filter(|(name, _)| !name.starts_with("__")) {
                match (name.as_ref(), &value.kind) {
                    ("env_prefix", Kind::Str(prefix)) => reading.prefix = prefix.clone(),
                    ("case_sensitive", Kind::Bool(value)) => reading.is_case_sensitive = *value,
                    ("env_prefix" | "case_sensitive", _) => return None,
                    ("env_file", _) if names_kept_file(machine, &value) => return None,
                    (name, _) if HARMLESS.contains(&name) => {}
                    _ => return None,
                }
            }
        }
    }
    Some(reading)
}

/// Whether an `env_file` may be a file that version control keeps. One that it does not keep is part of the
/// environment, as any is that sets variables.
fn names_kept_file(machine: &mut Machine, value: &Object) -> bool {
    let files: Vec<Object> = match &value.kind {
        Kind::Tuple(items) => items.iter().map(|item| item.object.clone()).collect(),
        Kind::Heap(_) => return true,
        _ => machine.possible(value).into_iter().map(|(_, value)| value).collect(),
    };
    files.iter().any(|file| match &file.kind {
        Kind::None => false,
        _ => match super::os::as_text(file, None).as_str() {
            Some(path) => {
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                machine.world.committed.ending(std::path::Path::new(&name)).next().is_some()
            }
            None => true,
        },
    })
}

/// Whether a class changes by code of its own what its fields hold.
fn is_customized(source: &ast::Class) -> bool {
    const HOOKS: [&str; 5] =
        ["__init__", "__new__", "model_post_init", "settings_customise_sources", "customise_sources"];
    !source.keywords.is_empty()
        || source.body.iter().any(|statement| match &statement.kind {
            StmtKind::Function { function, decorators } => {
                HOOKS.contains(&function.name.as_ref()) || decorators.iter().any(is_validator)
            }
            StmtKind::Assign { value, .. } => is_validator(value),
            _ => false,
        })
}

fn is_validator(decorator: &Expr) -> bool {
    match &decorator.kind {
        ExprKind::Name(name) | ExprKind::Attribute(_, name) => name.contains("validator"),
        ExprKind::Call(call) => is_validator(&call.function),
        _ => false,
    }
}

fn is_class_variable(annotation: &Expr) -> bool {
    match &annotation.kind {
        ExprKind::Subscript(of, _) => is_class_variable(of),
        _ => name_of(annotation) == Some("ClassVar"),
    }
}

fn name_of(annotation: &Expr) -> Option<&str> {
    match &annotation.kind {
        ExprKind::Name(name) | ExprKind::Attribute(_, name) => Some(name),
        _ => None,
    }
}

/// The type that an annotation means; none where it is not one of the simple ones.
fn type_of(annotation: &Expr) -> Option<Type> {
    let plain = |class| Some(Type { class, is_optional: false, items: Class::Any });
    match &annotation.kind {
        ExprKind::Name(_) | ExprKind::Attribute(..) => match name_of(annotation)? {
            "bool" => plain(Class::Bool),
            "int" => plain(Class::Int),
            "float" => plain(Class::Float),
            "str" => plain(Class::Str),
            "list" | "List" => plain(Class::List),
            "dict" | "Dict" => plain(Class::Dict),
            "Any" => plain(Class::Any),
            _ => None,
        },
        ExprKind::Subscript(of, argument) => match name_of(of)? {
            "Optional" => type_of(argument).map(|inner| Type { is_optional: true, ..inner }),
            "list" | "List" => {
                let items = type_of(argument).filter(|items| !items.is_optional)?.class;
                matches!(items, Class::Str | Class::Int | Class::Bool | Class::Any).then_some(Type {
                    class: Class::List,
                    is_optional: false,
                    items,
                })
            }
            _ => None,
        },
        ExprKind::Binary(left, BinaryOp::BitOr, right) => match (&left.kind, &right.kind) {
            (_, ExprKind::None) => type_of(left).map(|inner| Type { is_optional: true, ..inner }),
            (ExprKind::None, _) => type_of(right).map(|inner| Type { is_optional: true, ..inner }),
            _ => None,
        },
        _ => None,
    }
}
