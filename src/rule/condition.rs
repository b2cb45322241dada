//! Conditions of rule pages, and how they are answered: it holds, and where; it does not hold; or it cannot be known,
//! and why.

use std::sync::Arc;

use super::context::Context;
use super::pattern::Pattern;
use crate::eval::value::{Condition as Case, Kind, Unknown, Value, brief};
use crate::project::settings::{Truth, truth};
use crate::source::Place;

/// A condition, checked.
#[derive(Debug, Clone)]
pub enum Condition {
    /// An app is installed.
    Uses(String),
    /// A middleware is in use.
    Middleware(String),
    /// One of these platforms stands before the application.
    Platform(Vec<String>),
    /// One of these servers runs it.
    Server(Vec<String>),
    /// A package is of at least, or below, a version.
    Package {
        /// The package.
        name: String,
        /// Whether at least, rather than below.
        at_least: bool,
        /// The version.
        version: String,
    },
    /// Something about a setting.
    Setting {
        /// The setting and the way to a part of it.
        path: Vec<String>,
        /// Whether one written value is enough.
        possible: bool,
        /// What is asked.
        test: Test,
    },
    /// All of these.
    All(Vec<Condition>),
    /// One of these at least.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
}

/// What is asked about a value.
#[derive(Debug, Clone)]
pub enum Test {
    /// It is this constant.
    Is(toml::Value),
    /// It is one of these.
    OneOf(Vec<toml::Value>),
    /// Some module assigns it, or the key is there.
    IsSet,
    /// It is an empty list, dict or string.
    IsEmpty,
    /// Python counts it as true.
    IsTrue,
    /// It is of one of these types.
    IsType(Vec<String>),
    /// The regular expression is found in it.
    Matches(Pattern),
    /// It is a list that holds this, or a string of which this is a part.
    Contains(toml::Value),
    /// These stand in it in another order.
    OutOfOrder(Vec<String>),
    /// The opposite.
    Not(Box<Test>),
}

/// Whether a condition holds.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It does; at these places, where it is about a place.
    Yes(Vec<Hit>),
    /// It does not.
    No,
    /// It cannot be known.
    Unknown {
        /// Why.
        why: Arc<str>,
        /// The setting.
        setting: Option<String>,
        /// Where the unknown is.
        place: Option<Place>,
    },
}

/// A place where a condition holds.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The setting.
    pub setting: String,
    /// Where.
    pub place: Place,
    /// The value there, cut short.
    pub value: String,
    /// When it holds.
    pub case: Case,
    /// How much of the setting is there.
    pub extent: Extent,
    /// The key that is missing in the dict at the place, where that is all that is missing.
    pub missing_key: Option<String>,
}

/// How much of a setting a condition holds of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// A part of it.
    Part,
    /// A part that is not there; the place is that of what it would be a part of.
    Absent,
}

impl Condition {
    /// Whether it holds.
    pub fn answer(&self, context: &Context) -> Answer {
        let settings = context.settings();
        match self {
            Self::Uses(app) => of_truth(settings.installed(app), "INSTALLED_APPS"),
            Self::Middleware(path) => of_truth(settings.uses_middleware(path), "MIDDLEWARE"),
            Self::Platform(names) => {
                let platforms = &context.deployment().platforms;
                let holds = platforms.iter().any(|platform| names.iter().any(|name| name == platform.what.name));
                if holds { Answer::Yes(Vec::new()) } else { Answer::No }
            }
            Self::Server(names) => {
                let servers = &context.deployment().servers;
                let holds = servers.iter().any(|server| names.iter().any(|name| name == server.what.name()));
                if holds { Answer::Yes(Vec::new()) } else { Answer::No }
            }
            Self::Package { name, at_least, version } => match settings.is_at_least(name, version) == *at_least {
                true => Answer::Yes(Vec::new()),
                false => Answer::No,
            },
            Self::Setting { path, possible, test } => setting_answer(context, path, *possible, test),
            Self::All(parts) => {
                let mut hits = Vec::new();
                let mut open = None;
                for part in parts {
                    match part.answer(context) {
                        Answer::No => return Answer::No,
                        Answer::Yes(more) => hits.extend(more),
                        unknown => open = open.or(Some(unknown)),
                    }
                }
                open.unwrap_or(Answer::Yes(hits))
            }
            Self::Any(parts) => {
                let mut hits: Option<Vec<Hit>> = None;
                let mut open = None;
                for part in parts {
                    match part.answer(context) {
                        Answer::No => {}
                        Answer::Yes(more) => hits.get_or_insert_default().extend(more),
                        unknown => open = open.or(Some(unknown)),
                    }
                }
                hits.map(Answer::Yes).or(open).unwrap_or(Answer::No)
            }
            Self::Not(inner) => match inner.answer(context) {
                Answer::Yes(_) => Answer::No,
                Answer::No => Answer::Yes(Vec::new()),
                unknown => unknown,
            },
        }
    }
}

fn of_truth(truth: Truth, setting: &str) -> Answer {
    match truth {
        Truth::Yes => Answer::Yes(Vec::new()),
        Truth::No => Answer::No,
        Truth::Unknown(why) => Answer::Unknown { why, setting: Some(setting.to_owned()), place: None },
    }
}

fn setting_answer(context: &Context, path: &[String], possible: bool, test: &Test) -> Answer {
    let Some((name, rest)) = path.split_first() else { return Answer::No };
    let resolved = context.settings().get(name);
    if rest.is_empty() && matches!(test.base(), Test::IsSet) {
        let is_unknown = matches!(&resolved.value.kind, Kind::Unknown(_)) && !resolved.is_set;
        let place = resolved.history.last().copied().unwrap_or_else(|| context.settings().place());
        return match (is_unknown, resolved.is_set != test.is_negated()) {
            (true, _) => unknown_value(&resolved.value, name),
            (false, true) => Answer::Yes(vec![Hit {
                setting: name.clone(),
                place,
                value: brief(&resolved.value),
                case: Case::always(),
                extent: Extent::Whole,
                missing_key: None,
            }]),
            (false, false) => Answer::No,
        };
    }
    let walk = Walk {
        setting: name,
        possible,
        test,
        extent: if rest.is_empty() { Extent::Whole } else { Extent::Part },
        fallback: resolved.history.last().copied().unwrap_or_else(|| context.settings().place()),
    };
    walk.part(&resolved.value, rest, &Case::always())
}

fn unknown_value(value: &Value, setting: &str) -> Answer {
    let why: Arc<str> = match &value.kind {
        Kind::Unknown(unknown) => unknown.why.clone(),
        Kind::Template(_) => "a part of the string is not known".into(),
        _ => "the value is not known".into(),
    };
    Answer::Unknown { why, setting: Some(setting.to_owned()), place: value.origin }
}

/// The way from a setting to the part of it that is asked about.
struct Walk<'w> {
    setting: &'w str,
    possible: bool,
    test: &'w Test,
    fallback: Place,
    extent: Extent,
}

impl Walk<'_> {
    fn part(&self, value: &Value, path: &[String], case: &Case) -> Answer {
        if let Kind::Either(either) = &value.kind {
            let answers = either.options.iter().map(|choice| self.part(&choice.value, path, &choice.when));
            return if self.possible { any_of(answers) } else { self.agreed(answers.collect(), value) };
        }
        let Some((step, rest)) = path.split_first() else { return self.ask(value, case) };
        match (&value.kind, step.as_str()) {
            (Kind::Unknown(_) | Kind::Call(_) | Kind::Symbol(_), _) => unknown_value(value, self.setting),
            (Kind::Dict(dict), "*") => {
                let open = dict.open.as_ref().map(|why| self.open(why, value));
                any_of(
                    dict.entries
                        .iter()
                        .map(|entry| self.under(&entry.when, self.part(&entry.value, rest, case)))
                        .chain(open),
                )
            }
            (Kind::Dict(dict), key) => match (dict.get(key), &dict.open) {
                (Some(entry), _) => self.under(&entry.when, self.part(&entry.value, rest, case)),
                (None, Some(why)) => self.open(why, value),
                (None, None) => {
                    let mut answer = self.part(&Value::new(Kind::Missing, value.origin), &[], case);
                    if let (Answer::Yes(hits), []) = (&mut answer, rest) {
                        hits.iter_mut().for_each(|hit| hit.missing_key = Some(key.to_owned()));
                    }
                    answer
                }
            },
            (_, "*") => match value.sequence() {
                Some(items) => {
                    let open = items.open.as_ref().map(|why| self.open(why, value));
                    any_of(
                        items
                            .items
                            .iter()
                            .map(|item| self.under(&item.when, self.part(&item.value, rest, case)))
                            .chain(open),
                    )
                }
                None => Answer::No,
            },
            (_, index) => {
                let item = index.parse::<usize>().ok().and_then(|index| value.sequence()?.items.get(index));
                match item {
                    Some(item) => self.part(&item.value, rest, case),
                    None => Answer::No,
                }
            }
        }
    }

    /// What is there in some cases only holds in these, which is enough where one written value is.
    fn under(&self, when: &Case, answer: Answer) -> Answer {
        match answer {
            Answer::Yes(_) if !when.is_always() && !self.possible => {
                self.open(&format!("it is there {}", when.describe()).into(), &Value::new(Kind::None, None))
            }
            answer => answer,
        }
    }

    fn open(&self, why: &Arc<str>, value: &Value) -> Answer {
        Answer::Unknown { why: why.clone(), setting: Some(self.setting.to_owned()), place: value.origin }
    }

    /// What all options of a value answer.
    fn agreed(&self, answers: Vec<Answer>, value: &Value) -> Answer {
        let holds = answers.iter().filter(|answer| matches!(answer, Answer::Yes(_))).count();
        let fails = answers.iter().filter(|answer| matches!(answer, Answer::No)).count();
        match (holds == answers.len(), fails == answers.len()) {
            (true, _) => any_of(answers),
            (_, true) => Answer::No,
            _ => {
                let unknown = answers.into_iter().find(|answer| matches!(answer, Answer::Unknown { .. }));
                unknown.unwrap_or_else(|| self.open(&"it differs from case to case".into(), value))
            }
        }
    }

    fn ask(&self, value: &Value, case: &Case) -> Answer {
        match self.test.holds(value) {
            Truth::Yes => Answer::Yes(vec![Hit {
                setting: self.setting.to_owned(),
                place: value.origin.unwrap_or(self.fallback),
                value: brief(value),
                case: case.clone(),
                extent: match &value.kind {
                    Kind::Missing => Extent::Absent,
                    _ => self.extent,
                },
                missing_key: None,
            }]),
            Truth::No => Answer::No,
            Truth::Unknown(why) => self.open(&why, value),
        }
    }
}

/// The hits of all that hold; else what is open; else no.
fn any_of(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let mut hits: Option<Vec<Hit>> = None;
    let mut open = None;
    for answer in answers {
        match answer {
            Answer::Yes(more) => hits.get_or_insert_default().extend(more),
            Answer::No => {}
            unknown => open = open.or(Some(unknown)),
        }
    }
    hits.map(Answer::Yes).or(open).unwrap_or(Answer::No)
}

impl Test {
    fn base(&self) -> &Self {
        match self {
            Self::Not(inner) => inner.base(),
            test => test,
        }
    }

    fn is_negated(&self) -> bool {
        matches!(self, Self::Not(_))
    }

    fn holds(&self, value: &Value) -> Truth {
        let is_unknown = matches!(
            value.kind,
            Kind::Unknown(_) | Kind::Call(_) | Kind::Symbol(_) | Kind::Instance(_) | Kind::Template(_)
        );
        let unknown = || match &value.kind {
            Kind::Unknown(unknown) => Truth::Unknown(unknown.why.clone()),
            _ => Truth::Unknown("the value is not known".into()),
        };
        match self {
            Self::Not(inner) => match inner.holds(value) {
                Truth::Yes => Truth::No,
                // What is not there at all is asked nothing else.
                Truth::No if matches!(value.kind, Kind::Missing) && !matches!(inner.as_ref(), Self::IsSet) => Truth::No,
                Truth::No => Truth::Yes,
                unknown => unknown,
            },
            Self::IsSet => Truth::known(!matches!(value.kind, Kind::Missing)),
            Self::IsType(types) => match &value.kind {
                Kind::Unknown(Unknown { type_name: Some(known), .. }) => {
                    Truth::known(types.iter().any(|name| name == known))
                }
                Kind::Unknown(_) | Kind::Call(_) | Kind::Symbol(_) | Kind::Instance(_) => unknown(),
                _ => Truth::known(types.iter().any(|name| name == value.type_name())),
            },
            Self::Matches(pattern) => match value.as_str() {
                Some(text) => pattern.is_in(text).map_or_else(unknown, Truth::known),
                None if is_unknown => unknown(),
                None => Truth::No,
            },
            _ if is_unknown => unknown(),
            Self::Is(constant) => Truth::known(equals(value, constant)),
            Self::OneOf(constants) => Truth::known(constants.iter().any(|constant| equals(value, constant))),
            Self::IsTrue => truth(value),
            Self::IsEmpty => match &value.kind {
                Kind::None | Kind::Missing | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => Truth::No,
                _ => match truth(value) {
                    Truth::Yes => Truth::No,
                    Truth::No => Truth::Yes,
                    unknown => unknown,
                },
            },
            Self::Contains(constant) => contains(value, constant),
            Self::OutOfOrder(wanted) => out_of_order(value, wanted),
        }
    }
}

fn contains(value: &Value, constant: &toml::Value) -> Truth {
    if let (Some(text), Some(part)) = (value.as_str(), constant.as_str()) {
        return Truth::known(text.contains(part));
    }
    let Some(items) = value.sequence() else { return Truth::No };
    let mut open = items.open.clone();
    for item in &items.items {
        match (&item.value.kind, item.when.is_always()) {
            (_, true) if equals(&item.value, constant) => return Truth::Yes,
            (Kind::Unknown(unknown), _) => open = Some(unknown.why.clone()),
            (Kind::Either(_) | Kind::Template(_), _) => open = Some("an item is not known".into()),
            (_, false) if equals(&item.value, constant) => {
                open = Some(format!("it is there {}", item.when.describe()).into())
            }
            _ => {}
        }
    }
    open.map_or(Truth::No, Truth::Unknown)
}

/// Whether the first of `wanted` stands in a list of apps or classes after one of the others.
fn out_of_order(value: &Value, wanted: &[String]) -> Truth {
    let Some(items) = value.sequence() else { return Truth::No };
    let is =
        |text: &str, name: &str| text == name || text.strip_prefix(name).is_some_and(|rest| rest.starts_with(".apps."));
    let position =
        |name: &String| items.items.iter().position(|item| item.value.as_str().is_some_and(|text| is(text, name)));
    let positions: Vec<Option<usize>> = wanted.iter().map(position).collect();
    let found: Vec<usize> = positions.into_iter().flatten().collect();
    Truth::known(!found.is_sorted())
}

/// Whether a value is a constant of a page; `"None"` is not `None`, which TOML cannot write: `is-set = false` or
/// `is-type = "None"` ask for it.
fn equals(value: &Value, constant: &toml::Value) -> bool {
    match (&value.kind, constant) {
        (Kind::Str(text), toml::Value::String(other)) => text.as_ref() == other,
        (Kind::Bool(value), toml::Value::Boolean(other)) => value == other,
        (Kind::Int(value), toml::Value::Integer(other)) => value == other,
        (Kind::Float(value), toml::Value::Float(other)) => value == other,
        (Kind::List(items) | Kind::Tuple(items) | Kind::Set(items), toml::Value::Array(others)) => {
            items.open.is_none()
                && items.items.len() == others.len()
                && items
                    .items
                    .iter()
                    .zip(others)
                    .all(|(item, other)| item.when.is_always() && equals(&item.value, other))
        }
        _ => false,
    }
}
