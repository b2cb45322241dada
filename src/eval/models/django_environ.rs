//! django-environ 0.4 to 0.14: `env = environ.Env(…)`, `env("NAME")`, `env.bool("NAME")`.

use super::django_environ_casts::{Cast, cast_of, parse};
use super::plain::is_at_least;
use super::{Call, django_environ_file, django_environ_urls, variables};
use crate::eval::formula::Formula;
use crate::eval::heap::{Contents, Dict, Key, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, HeapId, Kind, Object};
use crate::eval::raise::Exception;
use crate::eval::text::class_of;
use crate::source::Place;

pub(super) const DISTRIBUTION: &str = "django-environ";

/// An `Env` object.
pub(super) struct Env {
    /// `NAME=(cast, default)`.
    schema: Arguments,
    /// The attributes that the program set: `prefix`, `smart_cast`, `escape_proxy`.
    attributes: Option<HeapId>,
    /// Whether a variable with `_FILE` after its name comes first.
    is_file_aware: bool,
}

/// How a variable is asked for.
pub(super) struct Request {
    pub name: Object,
    pub cast: Option<Cast>,
    pub default: Option<Object>,
    pub parses_default: bool,
}

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    // `from environ.environ import Env` and `FileAwareEnv` have the same methods.
    let name = call.name.replace("environ.environ.", "environ.").replace("FileAwareEnv", "Env");
    let method = match name.as_str() {
        "environ.Env" => return Some(Ok(constructed(machine, call))),
        "environ.Env.read_env" | "environ.Env().read_env" => return Some(django_environ_file::read_env(machine, call)),
        "environ.Path" | "environ.Path()" => {
            return Some(Ok(Object::unknown("environ.Path is not evaluated", call.place)));
        }
        "environ.Env()" => "",
        other => other.strip_prefix("environ.Env().")?,
    };
    let env = Env::of(call)?;
    if call.arguments.open {
        return Some(
            machine.may_raise("env()").map(|()| Object::unknown("how env is called is not known", call.place)),
        );
    }
    if let Some(result) = django_environ_urls::call(machine, &env, method, call) {
        return Some(result);
    }
    let default_at = |at| call.arg(at, "default").cloned();
    let name = call.arg(0, "var").cloned();
    let (cast, default) = match method {
        "" | "get_value" => (call.arg(1, "cast").map(|cast| cast_of(machine, cast)), default_at(2)),
        "bool" => (Some(Cast::Bool), default_at(1)),
        "int" => (Some(Cast::Int), default_at(1)),
        "float" => (Some(Cast::Float), default_at(1)),
        // Until 0.4 the schema said how to cast it.
        "str" if !is_at_least(machine, DISTRIBUTION, [0, 5]) => (None, default_at(1)),
        "unicode" if is_at_least(machine, DISTRIBUTION, [0, 10]) => return None,
        "str" | "unicode" => (Some(Cast::Str), default_at(1)),
        "json" => (Some(Cast::Json), default_at(1)),
        "bytes" => (Some(Cast::Str), default_at(1)),
        "list" | "tuple" => {
            let inner = call.arg(1, "cast").filter(|cast| !matches!(cast.kind, Kind::None)).cloned();
            let cast = match (method, inner) {
                ("list", None) => Cast::List,
                ("list", Some(inner)) => Cast::ListOf(inner),
                (_, None) => Cast::Tuple,
                (_, Some(inner)) => Cast::TupleOf(inner),
            };
            (Some(cast), default_at(2))
        }
        "dict" => (Some(call.arg(1, "cast").map_or(Cast::Dict, |cast| cast_of(machine, cast))), default_at(2)),
        "path" | "url" => {
            let why = format!("env.{method}() is not evaluated");
            return Some(machine.may_raise("env()").map(|()| Object::unknown(why, call.place)));
        }
        _ => return None,
    };
    let Some(name) = name else { return Some(Ok(Object::unknown("env() without a name", call.place))) };
    let parses_default = match method {
        "" | "get_value" => call.arg(3, "parse_default").is_some_and(|it| !matches!(it.kind, Kind::Bool(false))),
        _ => false,
    };
    let request = Request { name, cast, default, parses_default };
    let value = env.get(machine, &request, call.place);
    Some(match method {
        "str" => value.and_then(|value| changed_text(machine, &value, call)),
        "bytes" => value.map(|value| Object::unknown("env.bytes() is not evaluated", value.origin)),
        _ => value,
    })
}

/// `Env(…)`: a record with a dict for the attributes that the program sets.
fn constructed(machine: &mut Machine, call: &Call) -> Object {
    let attributes = machine.allocate(Contents::Dict(Dict::scope()));
    let mut arguments = call.arguments.clone();
    arguments.positional = vec![Object::new(Kind::Heap(attributes), call.place)];
    super::made(call.name, arguments, call.place)
}

/// `env.prefix = …`
pub(super) fn set_attribute(machine: &mut Machine, made: &Arguments, name: &Object, value: Object) {
    if let Some(Object { kind: Kind::Heap(attributes), .. }) = made.positional.first() {
        machine.set_entry(*attributes, name, value);
    }
}

/// `env.str(multiline=…, choices=…)`.
fn changed_text(machine: &mut Machine, value: &Object, call: &Call) -> Run<Object> {
    let is_multiline = match call.arg(2, "multiline").map(|it| &it.kind) {
        None | Some(Kind::Bool(false)) => false,
        Some(Kind::Bool(true)) => true,
        Some(_) => return Ok(Object::unknown("whether env.str() reads several lines is not known", call.place)),
    };
    if !is_multiline {
        if call.arg(3, "choices").is_some() {
            machine.may_raise("env.str() with choices")?;
        }
        return Ok(value.clone());
    }
    let value = machine.spelled_out(value);
    machine.map(&value, |machine, value| {
        Ok(match &value.kind {
            // `re.sub(r'(\\r)?\\n', r'\n', value)`; 0.4 left `\r`.
            Kind::Str(text) if !text.contains("\\r") => Object::str(text.replace("\\n", "\n"), value.origin),
            Kind::Unknown(unknown) => {
                machine.derived(unknown, Class::Str, |text| format!("lines({text})"), value.origin)
            }
            _ => Object::unknown_of(Class::Str, "the lines of the text are not known", value.origin),
        })
    })
}

/// Whether it is `Env.NOTSET`.
fn is_not_set(object: &Object) -> bool {
    match &object.kind {
        Kind::Method(method) => method.1.as_ref() == "NOTSET",
        Kind::Symbol(name) => name.starts_with("environ.") && name.ends_with(".NOTSET"),
        _ => false,
    }
}

impl Env {
    fn of(call: &Call) -> Option<Self> {
        let schema = call.made_with()?.clone();
        let attributes = match schema.positional.first() {
            Some(Object { kind: Kind::Heap(id), .. }) => Some(*id),
            _ => None,
        };
        Some(Self { schema, attributes, is_file_aware: call.name.contains("FileAwareEnv") })
    }

    /// An attribute that the program set.
    fn attribute(&self, machine: &mut Machine, name: &str) -> Option<Object> {
        let entry = machine.dict_of(self.attributes?)?.entries.get(&Key::str(name)).cloned()?;
        let value = machine.narrowed(&entry.value);
        // Set in some cases only: not evaluated.
        let is_certain = machine.formulas.implies(machine.state.path, entry.when);
        Some(if is_certain { value } else { Object::unknown("it is set in some cases only", value.origin) })
    }

    /// `get_value(…)`.
    pub fn get(&self, machine: &mut Machine, request: &Request, place: Option<Place>) -> Run<Object> {
        let smart_cast = self.attribute(machine, "smart_cast").map_or(Some(true), |value| known_bool(&value));
        let escapes = self.attribute(machine, "escape_proxy").map_or(Some(false), |value| known_bool(&value));
        let prefix = self.attribute(machine, "prefix").map_or(Some("".into()), |value| value.as_str().cloned());
        let (Some(smart_cast), Some(false), Some(prefix)) = (smart_cast, escapes, prefix) else {
            machine.may_raise("env()")?;
            return Ok(Object::unknown("an attribute of env is not evaluated", place));
        };
        machine.each(&request.name, |machine, name| {
            let Some(name) = name.as_str().cloned() else {
                machine.may_raise("env()")?;
                return Ok(Object::unknown("the name of the variable is not known", place));
            };
            let name: std::sync::Arc<str> = format!("{prefix}{name}").into();
            let declared = self.schema.by_name(&name).cloned();
            if self.schema.open {
                machine.may_raise("env()")?;
                return Ok(Object::unknown(format!("how {name} is read is not known"), place));
            }
            let (by_schema, default_by_schema) = match &declared {
                Some(declared) => declaration(machine, declared),
                None => (None, None),
            };
            let given = request.cast.clone().filter(|cast| !matches!(cast, Cast::Nothing));
            let default = request.default.clone().filter(|default| !is_not_set(default)).or(default_by_schema);
            let cast = match (given.or(by_schema), &default) {
                (Some(cast), _) => cast,
                (None, Some(default)) if smart_cast => cast_by_default(machine, default),
                (None, _) => Cast::Nothing,
            };
            self.value(machine, &name, &cast, default, request.parses_default, place)
        })
    }

    fn value(
        &self,
        machine: &mut Machine,
        name: &std::sync::Arc<str>,
        cast: &Cast,
        default: Option<Object>,
        parses_default: bool,
        place: Option<Place>,
    ) -> Run<Object> {
        let (present, raw) = self.look_up(machine, name, place);
        machine.branch(
            present,
            |machine| {
                let raw = machine.narrowed(&raw);
                proxied_or(machine, &raw, |machine, raw| {
                    read_value(machine, raw, cast, default.as_ref(), parses_default, place)
                })
            },
            |machine| match &default {
                Some(default) => Ok(given_default(machine, default, parses_default)),
                None => {
                    let message = format!("Set the {name} environment variable");
                    Err(machine.raise(Exception::new("django.core.exceptions.ImproperlyConfigured", message)))
                }
            },
        )
    }

    /// In which cases a variable is set, and what it holds there.
    fn look_up(&self, machine: &mut Machine, name: &std::sync::Arc<str>, place: Option<Place>) -> (Formula, Object) {
        let found = variables::look_up(machine, name, place);
        if !self.is_file_aware {
            return (found.present, found.value);
        }
        let file = variables::look_up(machine, &format!("{name}_FILE").into(), place);
        let has_path = machine.truth(&file.value);
        let from_file = machine.formulas.and(file.present, has_path);
        let direct = machine.formulas.and_not(found.present, from_file);
        let content = machine.map(&file.value, |machine, value| {
            Ok(match &value.kind {
                Kind::Unknown(unknown) => {
                    machine.derived(unknown, Class::Str, |text| format!("open({text}).read()"), place)
                }
                _ => Object::unknown_of(Class::Str, "the file that holds it is not read", place),
            })
        });
        let content = content.unwrap_or_else(|_| Object::unknown_of(Class::Str, "the file that holds it", place));
        let value = either(&mut machine.formulas, [(from_file, &content), (direct, &found.value)]);
        (machine.formulas.or(from_file, found.present), value)
    }
}

fn known_bool(value: &Object) -> Option<bool> {
    match value.kind {
        Kind::Bool(value) => Some(value),
        _ => None,
    }
}

/// What `read` makes of a value, unless it begins with `$` and so names another variable.
fn proxied_or(
    machine: &mut Machine,
    raw: &Object,
    mut read: impl FnMut(&mut Machine, &Object) -> Run<Object>,
) -> Run<Object> {
    let raw = machine.spelled_out(raw);
    machine.each(&raw, |machine, raw| match &raw.kind {
        Kind::Str(text) if text.starts_with('$') => {
            machine.may_raise("env()")?;
            Ok(Object::unknown("a value that begins with $ names another variable", raw.origin))
        }
        _ => read(machine, &raw),
    })
}

/// What a value from the environment gives.
fn read_value(
    machine: &mut Machine,
    raw: &Object,
    cast: &Cast,
    default: Option<&Object>,
    parses_default: bool,
    place: Option<Place>,
) -> Run<Object> {
    let parsed = match (&raw.kind, default.map(|default| (&default.kind, default))) {
        // What equals the default is not cast.
        (Kind::Str(text), Some((Kind::Str(other), default))) if text == other && !parses_default => {
            return Ok(default.clone());
        }
        (Kind::Str(_), Some((Kind::Either(_) | Kind::Template(_) | Kind::Unknown(_), _))) => {
            machine.may_raise("env()")?;
            return Ok(Object::unknown("whether the value equals the default is not known", place));
        }
        (Kind::Str(text), Some((Kind::None, _))) if text.is_empty() && is_at_least(machine, DISTRIBUTION, [0, 8]) => {
            return Ok(Object::none(place));
        }
        _ => parse(machine, raw, cast, place)?,
    };
    let gives_none = matches!(default, Some(Object { kind: Kind::None, .. }));
    let is_new = is_at_least(machine, DISTRIBUTION, [0, 8]);
    Ok(if gives_none && is_new { none_for_empty(machine, raw, &parsed) } else { parsed })
}

/// What a default gives where the variable is not set.
fn given_default(machine: &mut Machine, default: &Object, parses_default: bool) -> Object {
    let is_proxy = |object: &Object| object.as_str().is_some_and(|text| text.starts_with('$'));
    let spelled_out = machine.spelled_out(default);
    if machine.possible(&spelled_out).iter().any(|(_, object)| is_proxy(object)) {
        return Object::unknown("a default that begins with $ names another variable", default.origin);
    }
    match (&default.kind, parses_default) {
        (Kind::None, _) | (_, false) => default.clone(),
        (_, true) => Object::unknown("how the default is parsed is not evaluated", default.origin),
    }
}

/// What the constructor's `NAME=(cast, default)` or `NAME=cast` says.
fn declaration(machine: &mut Machine, declared: &Object) -> (Option<Cast>, Option<Object>) {
    let pair = match &declared.kind {
        Kind::Tuple(items) => items.to_vec(),
        Kind::Heap(_) | Kind::Either(_) | Kind::Unknown(_) | Kind::Str(_) => return (Some(Cast::Other), None),
        _ => return (Some(cast_of(machine, declared)), None),
    };
    match pair.as_slice() {
        [cast, default] => {
            let cast = cast_of(machine, &cast.object);
            let default = Some(default.object.clone()).filter(|default| !is_not_set(default));
            (Some(cast).filter(|cast| !matches!(cast, Cast::Nothing)), default)
        }
        _ => (Some(Cast::Other), None),
    }
}

/// Without a cast, the type of the default is one.
fn cast_by_default(machine: &Machine, default: &Object) -> Cast {
    match &default.kind {
        Kind::None => Cast::Nothing,
        Kind::Heap(id) => match machine.contents(*id) {
            Some(Contents::List(_)) => Cast::List,
            Some(Contents::Dict(_)) => Cast::Dict,
            _ => Cast::Other,
        },
        _ => match class_of(default) {
            Class::Bool => Cast::Bool,
            Class::Int => Cast::Int,
            Class::Float => Cast::Float,
            Class::Str => Cast::Str,
            Class::Tuple => Cast::Tuple,
            _ => Cast::Other,
        },
    }
}

/// With a default of `None`, an empty value is `None` too.
fn none_for_empty(machine: &mut Machine, raw: &Object, parsed: &Object) -> Object {
    let place = parsed.origin;
    let has_text = machine.truth(raw);
    let empty = machine.formulas.not(has_text);
    let none = Object::none(place);
    either(&mut machine.formulas, [(has_text, parsed), (empty, &none)])
}
