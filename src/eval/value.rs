//! What rules see: the values that a program's names hold after it ran.
//!
//! A [`Value`] is a tree, taken from the machine when the program ended. Every part of it knows where it was written.
//! What the source does not decide is an [`Either`], whose options say when they hold.

use std::sync::Arc;

pub use super::brief::brief;
pub use super::condition::{Condition, Fact};
use crate::source::Place;

/// A value and where it was written.
#[derive(Debug, Clone)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it was written; none for Django's defaults and for what no source holds.
    pub origin: Option<Place>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A string known to the last character.
    Str(Arc<str>),
    /// A string of which parts are known.
    Template(Template),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A list.
    List(Sequence),
    /// A tuple.
    Tuple(Sequence),
    /// A set.
    Set(Sequence),
    /// A dict.
    Dict(Dict),
    /// A `pathlib` path, as text.
    Path(Box<Value>),
    /// What a call of something that is not evaluated gave.
    Call(Arc<Call>),
    /// An instance of a class of the project.
    Instance(Arc<Instance>),
    /// Something imported that is not evaluated, by its qualified name.
    Symbol(Arc<str>),
    /// A function of the project, by its qualified name.
    Function(Function),
    /// A class of the project.
    Class(Arc<Class>),
    /// A module of the project, by its name.
    Module(Arc<str>),
    /// One of several.
    Either(Either),
    /// The name or key is not bound at all: only ever an option of an [`Either`].
    Missing,
    /// Something that cannot be known.
    Unknown(Unknown),
}

/// A string of which parts are known.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its pieces in order.
    pub pieces: Vec<Piece>,
    /// What the string is where no environment variable in it is set, if that is known.
    pub unset: Option<Box<Value>>,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone)]
pub enum Piece {
    /// Known text.
    Literal(Arc<str>),
    /// Text that is not known for certain.
    Hole(Value),
}

impl Piece {
    /// The text, where it is known.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Hole(_) => None,
        }
    }
}

impl Template {
    /// The known text in it, piece by piece.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(Piece::literal)
    }

    /// The text that it begins with, where that is known.
    pub fn beginning(&self) -> Option<&str> {
        self.pieces.first()?.literal()
    }

    /// The text that it ends with, where that is known.
    pub fn end(&self) -> Option<&str> {
        self.pieces.last()?.literal()
    }
}

/// The items of a list, tuple or set.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    /// The items that are known, in order.
    pub items: Vec<Item>,
    /// Why there may be more items, where there may.
    pub open: Option<Arc<str>>,
    /// When there may be more.
    pub open_when: Condition,
}

/// An item of a sequence.
#[derive(Debug, Clone)]
pub struct Item {
    /// The item.
    pub value: Value,
    /// When it is there.
    pub when: Condition,
}

/// A dict.
#[derive(Debug, Clone, Default)]
pub struct Dict {
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// Why there may be more entries, where there may.
    pub open: Option<Arc<str>>,
    /// When there may be more.
    pub open_when: Condition,
}

/// An entry of a dict.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: Value,
    /// The value.
    pub value: Value,
    /// When it is there.
    pub when: Condition,
}

/// A call of something that is not evaluated.
#[derive(Debug)]
pub struct Call {
    /// The qualified name of what is called. Where it is a method, the first argument is the object it was taken from.
    pub function: Arc<str>,
    /// The arguments by position.
    pub args: Vec<Value>,
    /// The arguments by name.
    pub named: Vec<(Arc<str>, Value)>,
    /// Whether there may be more arguments.
    pub open: bool,
}

impl Call {
    /// The argument at `index`, or by `name`.
    pub fn arg(&self, index: usize, name: &str) -> Option<&Value> {
        let by_name = || self.named.iter().find(|(given, _)| given.as_ref() == name).map(|(_, value)| value);
        self.args.get(index).or_else(by_name)
    }
}

/// An instance of a class of the project.
#[derive(Debug)]
pub struct Instance {
    /// Its class.
    pub class: Value,
    /// What it was made with.
    pub args: Vec<Value>,
    /// The same, by name.
    pub named: Vec<(Arc<str>, Value)>,
}

/// A function of the project.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its qualified name.
    pub name: Arc<str>,
    /// Where it is named.
    pub place: Option<Place>,
    /// `async def`.
    pub is_async: bool,
}

/// A class of the project.
#[derive(Debug)]
pub struct Class {
    /// Its name.
    pub name: Arc<str>,
    /// The module that defines it.
    pub module: Arc<str>,
    /// The classes that it inherits from, nearest first, without itself: classes of the project and symbols.
    pub ancestors: Vec<Value>,
    /// Where it is named.
    pub place: Option<Place>,
    /// All of its source.
    pub body: Option<Place>,
}

/// One of several values.
#[derive(Debug, Clone)]
pub struct Either {
    /// The values, each with when it holds; two at least.
    pub options: Vec<Choice>,
    /// The environment variables that decide between them; none where something else decides as well, even where none
    /// of them is set.
    pub variables: Vec<Arc<str>>,
    /// Which option holds where none of these variables is set; none where the program then does not start.
    pub unset: Option<usize>,
}

/// An option of an [`Either`].
#[derive(Debug, Clone)]
pub struct Choice {
    /// When it holds.
    pub when: Condition,
    /// The value.
    pub value: Value,
}

/// Something that cannot be known.
#[derive(Debug, Clone)]
pub struct Unknown {
    /// Why, as a clause: "the environment variable REDIS_URL decides it".
    pub why: Arc<str>,
    /// The environment variables that it is read from.
    pub variables: Vec<Arc<str>>,
    /// What type it is of, in Python's words, where that is certain.
    pub type_name: Option<&'static str>,
}

/// How far a value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// What CPython would compute.
    Known,
    /// The same, if the assumptions about production hold.
    Assumed,
    /// The environment or an undecided condition changes it.
    Depends,
    /// At least a part of it cannot be known.
    Unknown,
}

impl Unknown {
    /// Something of which nothing is known but why.
    pub fn of(why: impl Into<Arc<str>>) -> Self {
        Self { why: why.into(), variables: Vec::new(), type_name: None }
    }
}

impl Value {
    /// A value written at `origin`.
    pub fn new(kind: Kind, origin: Option<Place>) -> Self {
        Self { kind, origin }
    }

    /// The text of a fully known string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list, tuple or set.
    pub fn sequence(&self) -> Option<&Sequence> {
        match &self.kind {
            Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => Some(items),
            _ => None,
        }
    }

    /// A dict.
    pub fn as_dict(&self) -> Option<&Dict> {
        match &self.kind {
            Kind::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The values that it can be, each with when: its options, or itself.
    pub fn options(&self) -> Vec<(Condition, &Value)> {
        match &self.kind {
            Kind::Either(either) => either.options.iter().map(|choice| (choice.when.clone(), &choice.value)).collect(),
            _ => vec![(Condition::always(), self)],
        }
    }

    /// What type it is of, in Python's words.
    pub fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::None => "None",
            Kind::Ellipsis => "ellipsis",
            Kind::Bool(_) => "bool",
            Kind::Int(_) => "int",
            Kind::Float(_) => "float",
            Kind::Str(_) | Kind::Template(_) => "str",
            Kind::Bytes(_) => "bytes",
            Kind::List(_) => "list",
            Kind::Tuple(_) => "tuple",
            Kind::Set(_) => "set",
            Kind::Dict(_) => "dict",
            Kind::Path(_) => "path",
            Kind::Function(_) => "function",
            Kind::Class(_) => "class",
            Kind::Module(_) => "module",
            Kind::Unknown(unknown) => unknown.type_name.unwrap_or("object"),
            Kind::Call(_) | Kind::Instance(_) | Kind::Symbol(_) | Kind::Either(_) | Kind::Missing => "object",
        }
    }

    /// How far the value itself is known, assumptions apart.
    pub fn certainty(&self) -> Certainty {
        match self.certainty_of_parts() {
            // What else it is, only the environment knows.
            Certainty::Unknown
                if self.when_unset().is_some_and(|unset| unset.certainty_of_parts() == Certainty::Known) =>
            {
                Certainty::Depends
            }
            certainty => certainty,
        }
    }

    fn certainty_of_parts(&self) -> Certainty {
        let all = |values: &mut dyn Iterator<Item = Certainty>| values.max().unwrap_or(Certainty::Known);
        match &self.kind {
            Kind::Either(either) => {
                let options = either.options.iter().map(|choice| match &choice.value.kind {
                    // An option that only the environment knows is what makes it depend on the environment.
                    Kind::Unknown(unknown) if !unknown.variables.is_empty() => Certainty::Depends,
                    _ => choice.value.certainty(),
                });
                all(&mut options.chain([Certainty::Depends]))
            }
            Kind::Unknown(unknown) if unknown.variables.is_empty() => Certainty::Unknown,
            Kind::Unknown(_) => Certainty::Depends,
            Kind::Template(template) => all(&mut template.pieces.iter().map(|piece| match piece {
                Piece::Literal(_) => Certainty::Known,
                Piece::Hole(hole) => hole.certainty().max(Certainty::Depends),
            })),
            Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
                let open = if items.open.is_some() { Certainty::Unknown } else { Certainty::Known };
                let items = items.items.iter().map(|item| at_least_depends(&item.when, item.value.certainty()));
                all(&mut items.chain([open]))
            }
            Kind::Dict(dict) => {
                let open = if dict.open.is_some() { Certainty::Unknown } else { Certainty::Known };
                let entries = dict
                    .entries
                    .iter()
                    .map(|entry| at_least_depends(&entry.when, entry.key.certainty().max(entry.value.certainty())));
                all(&mut entries.chain([open]))
            }
            Kind::Path(text) => text.certainty(),
            Kind::Call(_)
            | Kind::Instance(_)
            | Kind::Symbol(_)
            | Kind::Function(_)
            | Kind::Class(_)
            | Kind::Ellipsis
            | Kind::Module(_) => Certainty::Unknown,
            // JSON has no such numbers.
            Kind::Float(number) if !number.is_finite() => Certainty::Unknown,
            Kind::Missing => Certainty::Depends,
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Str(_) | Kind::Bytes(_) => {
                Certainty::Known
            }
        }
    }
}

fn at_least_depends(when: &Condition, certainty: Certainty) -> Certainty {
    if when.is_always() { certainty } else { certainty.max(Certainty::Depends) }
}

impl Dict {
    /// The entry of a string key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.as_str() == Some(key))
    }
}

impl Class {
    /// Whether it inherits from a class whose qualified name `test` accepts.
    pub fn inherits(&self, test: impl Fn(&str) -> bool) -> bool {
        self.ancestors.iter().any(|ancestor| match &ancestor.kind {
            Kind::Symbol(name) => test(name),
            Kind::Class(class) => test(&format!("{}.{}", class.module, class.name)),
            _ => false,
        })
    }
}
