//! `configurations.values`: what each value object is made of, and what it stands for once it is set up.

use std::path::Path;
use std::sync::Arc;

use super::super::{Call, made, os, pathlib, variables};
use super::casts;
use crate::eval::formula::Formula;
use crate::eval::heap::Contents;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Kind, Made, Object};
use crate::eval::raise::Exception;
use crate::python::ast::Name;
use crate::source::Place;

const MODULE: &str = "configurations.values.";

/// The settings that `dj_email_url` may make of a URL.
const EMAIL_SETTINGS: [&str; 10] = [
    "EMAIL_BACKEND",
    "EMAIL_FILE_PATH",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "SERVER_EMAIL",
];

/// A class of `configurations.values`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Plain,
    Boolean,
    Integer,
    PositiveInteger,
    Float,
    Decimal,
    List,
    Tuple,
    NestedList,
    NestedTuple,
    Set,
    Dict,
    /// The text itself, where a validator accepts it.
    Validated,
    Path,
    Secret,
    EmailUrl,
    /// `{alias: parse(url)}`.
    Url {
        parse: &'static str,
        variable: &'static str,
    },
}

impl Type {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "Value" => Self::Plain,
            "BooleanValue" => Self::Boolean,
            "IntegerValue" => Self::Integer,
            "PositiveIntegerValue" => Self::PositiveInteger,
            "FloatValue" => Self::Float,
            "DecimalValue" => Self::Decimal,
            "ListValue" | "BackendsValue" => Self::List,
            "TupleValue" => Self::Tuple,
            "SingleNestedListValue" => Self::NestedList,
            "SingleNestedTupleValue" => Self::NestedTuple,
            "SetValue" => Self::Set,
            "DictValue" => Self::Dict,
            "EmailValue" | "URLValue" | "IPValue" | "RegexValue" => Self::Validated,
            "PathValue" => Self::Path,
            "SecretValue" => Self::Secret,
            "EmailURLValue" => Self::EmailUrl,
            "DatabaseURLValue" => Self::Url { parse: "dj_database_url.parse", variable: "DATABASE_URL" },
            "CacheURLValue" => Self::Url { parse: "django_cache_url.parse", variable: "CACHE_URL" },
            "SearchURLValue" => Self::Url { parse: "dj_search_url.parse", variable: "SEARCH_URL" },
            _ => return None,
        })
    }

    fn is_url(self) -> bool {
        matches!(self, Self::EmailUrl | Self::Url { .. })
    }
}

/// How a value object was made.
pub(super) struct Options {
    pub kind: Type,
    default: Object,
    environ: bool,
    environ_name: Option<Arc<str>>,
    environ_prefix: Option<Arc<str>>,
    environ_required: bool,
    late_binding: bool,
    pub converter: Option<Object>,
    pub separator: Arc<str>,
    pub seq_separator: Arc<str>,
    pub alias: Arc<str>,
    check_exists: bool,
    pub place: Option<Place>,
}

impl Options {
    /// What the arguments say; none where they are not known.
    fn of(kind: Type, arguments: &Arguments, place: Option<Place>) -> Option<Self> {
        const NAMED: [&str; 12] = [
            "default",
            "environ",
            "environ_name",
            "environ_prefix",
            "environ_required",
            "late_binding",
            "converter",
            "separator",
            "seq_separator",
            "alias",
            "check_exists",
            "regex",
        ];
        if arguments.open || arguments.named.iter().any(|(name, _)| !NAMED.contains(&name.as_ref())) {
            return None;
        }
        let flag = |given: Option<&Object>, default: bool| match given.map(|given| &given.kind) {
            None => Some(default),
            Some(Kind::Bool(value)) => Some(*value),
            Some(Kind::None) => Some(false),
            Some(_) => None,
        };
        let text = |given: Option<&Object>, default: Option<&str>| match given.map(|given| &given.kind) {
            None => Some(default.map(Arc::from)),
            Some(Kind::None) => Some(None),
            Some(Kind::Str(text)) => Some(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => None,
        };
        let own_variable = match kind {
            Type::EmailUrl => Some("EMAIL_URL"),
            Type::Url { variable, .. } => Some(variable),
            _ => None,
        };
        let prefix = text(arguments.get(3, "environ_prefix"), (!kind.is_url()).then_some("DJANGO"))?;
        Some(Self {
            kind,
            default: arguments.get(0, "default").cloned().unwrap_or_else(|| Object::none(place)),
            environ: kind == Type::Secret || flag(arguments.get(1, "environ"), true)?,
            environ_name: text(arguments.get(2, "environ_name"), own_variable)?,
            environ_prefix: prefix.map(|prefix| prefix.strip_suffix('_').unwrap_or(&prefix).into()),
            environ_required: kind == Type::Secret || flag(arguments.get(4, "environ_required"), false)?,
            late_binding: flag(arguments.by_name("late_binding"), kind.is_url())?,
            converter: arguments.by_name("converter").filter(|given| !matches!(given.kind, Kind::None)).cloned(),
            separator: text(arguments.by_name("separator"), Some(","))??,
            seq_separator: text(arguments.by_name("seq_separator"), Some(";"))??,
            alias: text(arguments.by_name("alias"), Some("default"))??,
            check_exists: flag(arguments.by_name("check_exists"), true)?,
            place,
        })
    }

    /// Of a value object that was made before: its default is converted already.
    fn of_made(made: &Made, place: Option<Place>) -> Option<Self> {
        Self::of(Type::of(made.function.strip_prefix(MODULE)?)?, &made.arguments, place)
    }

    /// `full_environ_name`.
    fn variable(&self, name: Option<&str>) -> Option<Name> {
        let name = match &self.environ_name {
            Some(name) => name.to_string(),
            None => name?.to_uppercase(),
        };
        Some(match &self.environ_prefix {
            Some(prefix) => format!("{prefix}_{name}").into(),
            None => name.into(),
        })
    }
}

/// Whether an object is a value object that is not set up yet.
pub(super) fn is_value(object: &Object) -> bool {
    matches!(&object.kind, Kind::Made(made) if made.function.strip_prefix(MODULE).and_then(Type::of).is_some())
}

/// In which cases a value object counts as true: `Value.__bool__`.
pub(in crate::eval::models) fn truth(machine: &mut Machine, made: &Made, place: Option<Place>) -> Option<Formula> {
    let options = Options::of_made(made, place)?;
    let value = match options.environ_name {
        Some(_) => set_up_as(machine, &options, None).ok()?,
        None => options.default.clone(),
    };
    Some(machine.truth(&value))
}

/// `BooleanValue(True)` and the like: a value object, or at once what it stands for where it is told its variable.
pub(super) fn construct(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let kind = Type::of(call.name.strip_prefix(MODULE)?)?;
    let place = call.place;
    let Some(options) = Options::of(kind, call.arguments, place) else {
        return Some(Ok(Object::unknown("how the value is read is not known", place)));
    };
    Some(constructed(machine, call, options))
}

fn constructed(machine: &mut Machine, call: &Call, options: Options) -> Run<Object> {
    let default = casts::default(machine, &options, &options.default)?;
    let options = Options { default, ..options };
    let is_early = match (options.late_binding, options.environ) {
        (true, _) => false,
        (false, true) => options.environ_name.is_some(),
        (false, false) => {
            let truth = machine.truth(&options.default);
            if machine.formulas.implies(machine.state.path, truth) {
                true
            } else if machine.formulas.excludes(machine.state.path, truth) {
                false
            } else {
                return Ok(Object::unknown("whether the value has a default is not known", call.place));
            }
        }
    };
    if is_early {
        let value = set_up_as(machine, &options, None)?;
        return match options.kind {
            Type::Path => absolute(machine, &value, call.place),
            _ => Ok(value),
        };
    }
    // The default stands first, converted as the constructor does.
    let mut arguments = Arguments::positional(vec![options.default]);
    let names = ["default", "environ", "environ_name", "environ_prefix", "environ_required"];
    for (index, given) in call.arguments.positional.iter().enumerate().skip(1) {
        let Some(name) = names.get(index) else { continue };
        arguments.named.push(((*name).into(), given.clone()));
    }
    arguments.named.extend(call.arguments.named.iter().filter(|(name, _)| name.as_ref() != "default").cloned());
    Ok(made(call.name, arguments, call.place))
}

/// What a value object stands for as the setting of a name, and the other settings that it makes.
pub(super) fn set_up(machine: &mut Machine, value: &Object, name: &Name) -> Run<(Object, Vec<(Name, Object)>)> {
    let options = match &value.kind {
        Kind::Made(made) => Options::of_made(made, value.origin),
        _ => None,
    };
    let Some(options) = options else {
        return Ok((Object::unknown("how the value is read is not known", value.origin), Vec::new()));
    };
    let result = set_up_as(machine, &options, Some(name))?;
    let mut others = Vec::new();
    if options.kind == Type::EmailUrl {
        let is_empty = matches!(&result.kind, Kind::Heap(id)
            if machine.dict_of(*id).is_some_and(|dict| dict.entries.is_empty() && dict.open.is_none()));
        for name in EMAIL_SETTINGS.iter().filter(|_| !is_empty) {
            others.push(((*name).into(), Object::unknown("a URL decides it", value.origin)));
        }
    }
    Ok((result, others))
}

/// `Value.setup`.
fn set_up_as(machine: &mut Machine, options: &Options, name: Option<&str>) -> Run<Object> {
    let place = options.place;
    let mut value = options.default.clone();
    if options.environ {
        let Some(variable) = options.variable(name) else {
            return Ok(Object::unknown("the name of the variable is not known", place));
        };
        let found = variables::look_up(machine, &variable, place);
        let absent = machine.formulas.not(found.present);
        if options.environ_required {
            let message = format!("the environment variable {variable} is required to be set");
            machine.raise_when(absent, Exception::new("ValueError", message))?;
            let present = machine.narrowed(&found.value);
            value = casts::to_python(machine, options, &present)?;
        } else {
            let (default, raw) = (value.clone(), found.value);
            value = machine.branch(
                found.present,
                |machine| {
                    let raw = machine.narrowed(&raw);
                    casts::to_python(machine, options, &raw)
                },
                |_| Ok(default),
            )?;
        }
    }
    match options.kind {
        Type::Secret => {
            let is_given = machine.truth(&value);
            let missing = machine.formulas.not(is_given);
            machine.raise_when(missing, Exception::new("ValueError", "a secret value is not set"))?;
            Ok(machine.narrowed(&value))
        }
        Type::Path => existing(machine, options, &value),
        _ => Ok(value),
    }
}

/// `PathValue.setup` fails where nothing is at the path.
fn existing(machine: &mut Machine, options: &Options, value: &Object) -> Run<Object> {
    let place = options.place;
    machine.map(value, |_, value| match value.kind {
        Kind::None => Err(Exception::new("TypeError", "expected str, bytes or os.PathLike object, not NoneType")),
        _ => Ok(value.clone()),
    })?;
    if options.check_exists {
        let mut exists = Formula::FALSE;
        for (when, value) in machine.possible(value) {
            let text = os::as_text(&value, place);
            let there = match text.as_str() {
                Some(path) if Path::new(path.as_ref()).is_absolute() => pathlib::exists(machine, &text, "exists"),
                _ => machine.fresh("the path exists", crate::eval::formula::Subject::Untracked),
            };
            let both = machine.formulas.and(when, there);
            exists = machine.formulas.or(exists, both);
        }
        let missing = machine.formulas.not(exists);
        machine.raise_when(missing, Exception::new("ValueError", "the path does not exist"))?;
    }
    Ok(machine.narrowed(value))
}

/// `os.path.abspath(os.path.expanduser(value))`.
fn absolute(machine: &mut Machine, value: &Object, place: Option<Place>) -> Run<Object> {
    let arguments = |object: &Object| Arguments::positional(vec![object.clone()]);
    let function = |name: &str| Object::symbol(name, place);
    let expanded = machine.call(&function("os.path.expanduser"), arguments(value), place)?;
    machine.call(&function("os.path.abspath"), arguments(&expanded), place)
}

/// A dict with one entry.
pub(super) fn single(machine: &mut Machine, key: &str, value: Object, place: Option<Place>) -> Object {
    let dict = machine.dict(crate::eval::heap::Dict::default(), place);
    if let Kind::Heap(id) = dict.kind {
        machine.set_entry(id, &Object::str(key, place), value);
    }
    dict
}

/// What a type gives for text that is not known.
pub(super) fn class_of_result(kind: Type) -> Class {
    match kind {
        Type::Plain | Type::Validated | Type::Path | Type::Secret => Class::Str,
        Type::Boolean => Class::Bool,
        Type::Integer | Type::PositiveInteger => Class::Int,
        Type::Float => Class::Float,
        Type::Decimal => Class::Any,
        Type::List | Type::NestedList => Class::List,
        Type::Tuple | Type::NestedTuple => Class::Tuple,
        Type::Set => Class::Set,
        Type::Dict | Type::EmailUrl | Type::Url { .. } => Class::Dict,
    }
}

/// Whether a default is a list, tuple or set whose items are known.
pub(super) fn is_sequence(machine: &Machine, object: &Object) -> bool {
    match &object.kind {
        Kind::Tuple(_) => true,
        Kind::Heap(id) => matches!(machine.contents(*id), Some(Contents::List(_) | Contents::Set(_))),
        Kind::Either(alternatives) => alternatives.iter().all(|(_, object)| is_sequence(machine, object)),
        _ => false,
    }
}
