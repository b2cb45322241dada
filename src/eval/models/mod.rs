//! Libraries that the evaluator knows: one file for each.
//!
//! A model says what a call, an attribute, a subscript gives. What no model knows becomes a symbol or the record of a
//! call, and the program goes on.

pub mod compose_env_file;
mod config_url;
mod configparser;
mod configurations;
mod data;
mod datetime;
mod decouple;
mod decouple_casts;
mod dj_database_url;
mod dj_email_url;
mod django;
mod django_cache_url;
pub mod django_defaults;
mod django_environ;
mod django_environ_casts;
mod django_environ_file;
mod django_environ_schemes;
mod django_environ_urls;
mod django_heroku;
mod dotenv;
mod dotenv_file;
pub mod env_file;
pub(super) mod environs;
mod environs_fields;
pub(super) mod files;
mod json;
mod loading;
mod os;
mod packages;
pub(super) mod pathlib;
mod plain;
pub(super) mod pydantic;
mod re;
mod split_settings;
mod stage;
mod stdlib;
pub(super) mod sys;
mod toml;
pub(super) mod variables;
mod yaml;

use std::sync::Arc;

use super::formula::{Formula, Subject};
use super::machine::{Machine, Run};
use super::object::{Arguments, Class, Item, Kind, Made, Object};
use crate::source::Place;

pub(super) use django::bind_global_settings;
pub(super) use packages::{comes_with_python, is_required, is_standard_library};

/// A call of something that is not the project's own.
pub(super) struct Call<'a> {
    /// The qualified name of what is called. What a call gave is named with `()`: `environ.Env().bool`.
    pub name: &'a str,
    /// What it was taken from, where that is what a call gave.
    pub receiver: Option<&'a Object>,
    /// With what.
    pub arguments: &'a Arguments,
    /// Where.
    pub place: Option<Place>,
}

impl Call<'_> {
    /// The argument at `index`, or by `name`.
    pub fn arg(&self, index: usize, name: &str) -> Option<&Object> {
        self.arguments.get(index, name)
    }

    /// The arguments that the receiver was made with.
    pub fn made_with(&self) -> Option<&Arguments> {
        match &self.receiver?.kind {
            Kind::Made(made) => Some(&made.arguments),
            _ => None,
        }
    }
}

/// The result of a call, where a model knows the function.
pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let top = call.name.split(['.', '(']).next().unwrap_or_default();
    match top {
        "os" | "posixpath" => os::call(machine, call),
        "pathlib" => pathlib::construct(machine, call),
        "datetime" => datetime::call(machine, call),
        "re" => re::call(machine, call),
        "decouple" => decouple::call(machine, call),
        "dj_database_url" => dj_database_url::call(machine, call),
        "dj_email_url" => dj_email_url::call(machine, call),
        "django_cache_url" => django_cache_url::call(machine, call),
        "django_heroku" | "django_on_heroku" => django_heroku::call(machine, call),
        "environ" => django_environ::call(machine, call),
        "environs" => environs::call(machine, call),
        "dotenv" => dotenv::call(machine, call),
        "django" => django::call(machine, call),
        "configurations" => configurations::call(machine, call),
        "builtins" | "io" => files::call(machine, call),
        "configparser" => configparser::call(machine, call),
        "json" => json::call(machine, call),
        "tomllib" | "tomli" => toml::call(machine, call),
        "yaml" => yaml::call(machine, call),
        "split_settings" => split_settings::call(machine, call),
        _ => stdlib::call(machine, call),
    }
}

/// The value of an attribute by its qualified name, where a model knows it.
pub(super) fn attribute(machine: &mut Machine, name: &str) -> Option<Object> {
    match name.split('.').next().unwrap_or_default() {
        "os" => os::attribute(machine, name),
        "sys" => sys::attribute(machine, name),
        "django" | "channels" => django::attribute(machine, name),
        "configurations" => configurations::attribute(machine, name),
        "typing" | "typing_extensions" if name.ends_with(".TYPE_CHECKING") => {
            Some(Object::bool(false, machine.statement()))
        }
        _ => None,
    }
}

/// Whether a symbol is true or false for certain.
pub(super) fn truth(name: &str) -> Option<bool> {
    // Functions, classes and modules are true; so is what a module of the standard library holds under a lower-case name.
    is_standard_library(name).then_some(true).or_else(|| name.starts_with("builtins.").then_some(true))
}

/// In which cases what a call gave is true, where a model knows.
pub(super) fn made_truth(machine: &mut Machine, made: &Made, place: Option<Place>) -> Option<Formula> {
    configurations::truth(machine, made, place)
}

/// Whether a class that is not evaluated lacks an attribute for certain.
pub(super) fn lacks_attribute(symbol: &str, name: &str) -> bool {
    configurations::lacks_attribute(symbol, name)
}

/// In which cases a symbol contains an item.
pub(super) fn contains(machine: &mut Machine, name: &str, item: &Object) -> Run<Formula> {
    if name == "os.environ" {
        return variables::contains(machine, item);
    }
    machine.may_raise("`in`")?;
    Ok(machine.fresh(format!("{name} contains it"), Subject::Other))
}

/// The value of a subscript of a symbol.
pub(super) fn subscript(machine: &mut Machine, name: &str, index: &Object) -> Run<Object> {
    if name == "os.environ" {
        return variables::required(machine, index, "KeyError");
    }
    let place = machine.statement();
    machine.may_raise("a subscript")?;
    Ok(Object::unknown(format!("{name} is not evaluated"), place))
}

/// The value of a subscript of what a call gave, where a model knows it.
pub(super) fn made_subscript(
    machine: &mut Machine,
    made: &Made,
    object: &Object,
    index: &Object,
) -> Option<Run<Object>> {
    match pathlib::parents(object) {
        Some(parents) => Some(machine.subscript(parents, index)),
        None => configparser::subscript(machine, made, object, index),
    }
}

/// The items of what a call gave: none inside where a model knows it, but not what it holds.
pub(super) fn made_items(object: &Object) -> Option<Vec<Item>> {
    match pathlib::parents(object) {
        Some(Object { kind: Kind::Tuple(parents), .. }) => Some(parents.to_vec()),
        _ => None,
    }
}

/// An assignment to a subscript of a symbol.
pub(super) fn set_subscript(machine: &mut Machine, name: &str, index: &Object, value: Object) -> Run<()> {
    if name == "os.environ" {
        variables::may_refuse(machine, index, &value)?;
        variables::assign(machine, index, value);
        return Ok(());
    }
    // Modules are there for everybody already.
    if name != "sys.modules" {
        machine.conceal(&value);
    }
    machine.may_raise("setting an item")
}

/// An assignment to an attribute of what a call gave.
pub(super) fn set_attribute(machine: &mut Machine, made: &Made, name: &Object, value: Object) {
    let function = made.function.as_ref();
    if function.starts_with("environ.") && function.ends_with("Env") {
        django_environ::set_attribute(machine, &made.arguments, name, value);
    }
}

/// A subscript of a symbol is deleted.
pub(super) fn delete_subscript(machine: &mut Machine, name: &str, index: &Object) -> Run<()> {
    if name == "os.environ" {
        variables::required(machine, index, "KeyError")?;
        variables::remove(machine, index);
    }
    Ok(())
}

/// `symbol |= value`, where a model knows what that changes.
pub(super) fn updated(machine: &mut Machine, name: &str, value: &Object) -> Run<bool> {
    if name != "os.environ" {
        return Ok(false);
    }
    machine.update_dict(machine.environ, value)?;
    Ok(true)
}

/// Anything may have been done to what a symbol stands for.
pub(super) fn escape(machine: &mut Machine, name: &str, why: &str) {
    if name == "os.environ" {
        variables::replace_any(machine, why);
    }
}

/// Whether a symbol stands for something that [`escape`] changes.
pub(super) fn can_change(name: &str) -> bool {
    name == "os.environ"
}

/// The items of a symbol, where a model knows them.
pub(super) fn items(machine: &mut Machine, name: &str) -> Option<Vec<Item>> {
    let place = machine.statement();
    let text = |why: &str| Object::unknown_of(Class::Str, why, place);
    let variable = || text("which environment variables are set is not known");
    Some(vec![Item::any_number(match name {
        "os.environ" | "os.environ.keys" => variable(),
        "os.environ.values" => text("the environment decides it"),
        "os.environ.items" => {
            let pair = vec![Item::new(variable()), Item::new(text("the environment decides it"))];
            machine.tuple(pair, place)
        }
        _ => return None,
    })])
}

/// The record of a call.
pub(super) fn made(function: &str, arguments: Arguments, place: Option<Place>) -> Object {
    Object::new(Kind::Made(Arc::new(Made { function: function.into(), arguments })), place)
}

/// Whether a function that no model knows is trusted not to change lists and dicts that it is given.
pub(super) fn leaves_arguments_alone(name: &str) -> bool {
    const HARMLESS: [&str; 23] = [
        "asgiref",
        "celery",
        "channels",
        "channels_redis",
        "corsheaders",
        "cryptography",
        "django",
        "django_redis",
        "environs",
        "fastapi",
        "kombu",
        "pkg_resources",
        "redis",
        "requests",
        "rest_framework",
        "rich",
        "sentry_sdk",
        "socketio",
        "starlette",
        "structlog",
        "whitenoise",
        "yaml",
        "strawberry",
    ];
    /// Modules of the standard library that change what they are given.
    const CHANGING: [&str; 4] = ["bisect", "heapq", "operator", "random"];
    let top = name.split(['.', '(']).next().unwrap_or_default();
    is_standard_library(top) && !CHANGING.contains(&top)
        || HARMLESS.binary_search(&top).is_ok()
        || HARMLESS.contains(&top)
}

/// Whether what a function of the standard library gives may be one of its arguments, or change one.
pub(super) fn gives_arguments(name: &str) -> bool {
    const GIVING: [&str; 6] = ["collections", "contextlib", "functools", "itertools", "types", "weakref"];
    GIVING.contains(&name.split(['.', '(']).next().unwrap_or_default())
}

/// Whether an argument of a call is a function of the standard library that changes what it is given.
pub(super) fn changes_arguments(argument: &Object) -> bool {
    match &argument.kind {
        Kind::Symbol(name) => {
            is_standard_library(name.split('.').next().unwrap_or_default()) && !leaves_arguments_alone(name)
        }
        Kind::Made(made) => !leaves_arguments_alone(&made.function) || made.arguments.all().any(changes_arguments),
        Kind::Either(alternatives) => alternatives.iter().any(|(_, argument)| changes_arguments(argument)),
        _ => false,
    }
}

/// Whether a function that is trusted not to change what it is given may call it.
pub(super) fn may_call_back(name: &str) -> bool {
    is_standard_library(name.split(['.', '(']).next().unwrap_or_default())
}
