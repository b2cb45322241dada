//! What a name holds while a module runs.
//!
//! An [`Object`] is what CPython would hold a reference to. Immutable ones stand here; lists, dicts, sets, instances
//! and classes live on the [heap](super::heap), so that one list bound to two names is one list.

use std::sync::{Arc, OnceLock};

use super::formula::Formula;
use super::machine::Frame;
use super::scope::Scope;
use crate::python::ast::{self, Name};
use crate::source::{FileId, Place};

/// A value and where it was written.
#[derive(Debug, Clone)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Where it was written; none for what no source holds.
    pub origin: Option<Place>,
}

/// What an object is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number of at most 64 bits.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A string known to the last character.
    Str(Arc<str>),
    /// A string of which parts are known: `f"redis://{host}:6379"`.
    Template(Arc<[Piece]>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A tuple.
    Tuple(Arc<[Item]>),
    /// A `pathlib` path; the object is its text, a `Str` or a `Template`.
    Path(Arc<Object>),
    /// A list, dict, set, class or instance.
    Heap(HeapId),
    /// A module of the project.
    Module(Module),
    /// A function of the project, or a lambda.
    Function(Arc<Closure>),
    /// A method bound to the object it was taken from.
    Bound(Arc<(Object, Object)>),
    /// A method of a built-in type, taken from an object of it.
    Method(Arc<(Object, Name)>),
    /// Something imported that is not evaluated, by its qualified name.
    Symbol(Arc<str>),
    /// What calling a symbol gave.
    Made(Arc<Made>),
    /// One of several, each where its formula holds. The formulas exclude each other; none of the objects is an `Either`.
    Either(Arc<[(Formula, Object)]>),
    /// Not bound: only ever an alternative of an `Either`, or a deleted name.
    Unbound,
    /// Something that cannot be known, and why.
    Unknown(Arc<Unknown>),
}

/// The number of an object on the heap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeapId(pub(super) u32);

/// A piece of a [`Kind::Template`].
#[derive(Debug, Clone)]
pub enum Piece {
    /// Known text.
    Literal(Arc<str>),
    /// What `str()` of an object gives that is not known for certain.
    Hole(Object),
}

/// An item of a list, a tuple or a set.
#[derive(Debug, Clone)]
pub struct Item {
    /// The item.
    pub object: Object,
    /// In which cases it is there.
    pub when: Formula,
    /// Whether it stands for any number of items, none included.
    pub repeated: bool,
}

impl Item {
    /// An item that is there in every case.
    pub fn new(object: Object) -> Self {
        Self { object, when: Formula::TRUE, repeated: false }
    }

    /// Any number of items of which nothing is known but what `object` says.
    pub fn any_number(object: Object) -> Self {
        Self { object, when: Formula::TRUE, repeated: true }
    }

    /// Whether it is one item, there in every case.
    pub fn is_certain(&self) -> bool {
        self.when.is_true() && !self.repeated
    }
}

/// A module of the project that was run.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its dotted name.
    pub name: Arc<str>,
    /// Its file; none for a folder without `__init__.py`.
    pub file: Option<FileId>,
    /// Whether it is a package, so that its relative imports start in it.
    pub is_package: bool,
    /// The dict of its names.
    pub namespace: HeapId,
}

/// A function with what it closes over.
#[derive(Debug)]
pub struct Closure {
    /// Its source.
    pub function: Arc<ast::Function>,
    /// One for each parameter: its default, evaluated when the function was defined.
    pub defaults: Vec<Option<Object>>,
    /// The scopes around it, innermost first, without class bodies and without the module.
    pub scopes: Vec<Scope>,
    /// The class in whose body it was defined, or the function right around it: Python's `__class__`.
    pub class: Option<ClassCell>,
    /// The module it was defined in.
    pub module: Module,
    /// Its qualified name.
    pub qualified: Arc<str>,
    /// Where it was defined.
    pub place: Option<Place>,
    /// How it binds when taken from a class.
    pub binding: Binding,
    /// Of a generator expression: the frame that it is run in, with its own scope first.
    pub generator: Option<Frame>,
}

/// The class that a body makes, as soon as that has run.
pub type ClassCell = Arc<OnceLock<HeapId>>;

/// How a function binds when it is taken from a class or an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// A plain function: to the instance.
    Instance,
    /// `@classmethod`.
    Class,
    /// `@staticmethod`.
    Static,
    /// `@property`: called when taken from an instance.
    Property,
    /// `@cached_property`: the same, once.
    CachedProperty,
}

/// What calling something that is not evaluated gave.
#[derive(Debug)]
pub struct Made {
    /// The qualified name of what was called: `channels.routing.ProtocolTypeRouter`.
    pub function: Arc<str>,
    /// With what.
    pub arguments: Arguments,
}

/// The arguments of a call.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    /// By position.
    pub positional: Vec<Object>,
    /// By name.
    pub named: Vec<(Name, Object)>,
    /// Whether there may be more, from `*unknown` or `**unknown`.
    pub open: bool,
}

impl Arguments {
    /// Arguments by position alone.
    pub fn positional(positional: Vec<Object>) -> Self {
        Self { positional, ..Self::default() }
    }

    /// The argument at `index`, or by `name`.
    pub fn get(&self, index: usize, name: &str) -> Option<&Object> {
        self.positional.get(index).or_else(|| self.by_name(name))
    }

    /// The argument by `name`.
    pub fn by_name(&self, name: &str) -> Option<&Object> {
        self.named.iter().find(|(given, _)| given.as_ref() == name).map(|(_, object)| object)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Object> {
        self.positional.iter().chain(self.named.iter().map(|(_, object)| object))
    }
}

/// Something that cannot be known.
#[derive(Debug)]
pub struct Unknown {
    /// Why, as the end of a sentence: "the environment variable REDIS_URL is set outside".
    pub why: Arc<str>,
    /// What type it is of, where that is known.
    pub class: Class,
    /// What it is a function of, where it is one: two unknowns of the same term are equal.
    pub term: Option<Term>,
}

/// An expression over environment variables, as a name for its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Canonical text: `STAGE.lower()`.
    pub text: Arc<str>,
    /// The variables in it.
    pub variables: Arc<[Name]>,
}

/// A built-in type, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Class {
    Any,
    Bool,
    Int,
    Float,
    Str,
    Bytes,
    List,
    Tuple,
    Set,
    Dict,
    Path,
    /// An open file.
    File,
}

impl Class {
    /// Its name in Python's words, where it is one class.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Any | Self::File => None,
            Self::Bool => Some("bool"),
            Self::Int => Some("int"),
            Self::Float => Some("float"),
            Self::Str => Some("str"),
            Self::Bytes => Some("bytes"),
            Self::List => Some("list"),
            Self::Tuple => Some("tuple"),
            Self::Set => Some("set"),
            Self::Dict => Some("dict"),
            Self::Path => Some("path"),
        }
    }
}

impl Object {
    /// Whether it is an attribute of something that is not evaluated: a method as well as any value.
    pub fn is_unknown_attribute(&self) -> bool {
        let Kind::Method(method) = &self.kind else { return false };
        match &method.0.kind {
            Kind::Made(_) | Kind::Method(_) => true,
            Kind::Unknown(unknown) => matches!(unknown.class, Class::Any | Class::Path | Class::File),
            _ => false,
        }
    }

    /// The object as an operand: an attribute of something that is not evaluated may be any value.
    pub fn as_operand(&self) -> Self {
        match self.is_unknown_attribute() {
            true => Self::unknown("an attribute that is not evaluated", self.origin),
            false => self.clone(),
        }
    }

    /// Whether it is in all cases known by its value alone: nothing can change it in place.
    pub fn is_plain(&self) -> bool {
        match &self.kind {
            Kind::None | Kind::Ellipsis | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => true,
            Kind::Str(_) | Kind::Template(_) | Kind::Bytes(_) | Kind::Path(_) | Kind::Unknown(_) => true,
            Kind::Tuple(items) => items.iter().all(|item| item.object.is_plain()),
            Kind::Either(alternatives) => alternatives.iter().all(|(_, object)| object.is_plain()),
            Kind::Heap(_) | Kind::Module(_) | Kind::Function(_) | Kind::Bound(_) | Kind::Method(_) => false,
            Kind::Symbol(_) | Kind::Made(_) | Kind::Unbound => false,
        }
    }

    /// An object written at `origin`.
    pub fn new(kind: Kind, origin: Option<Place>) -> Self {
        Self { kind, origin }
    }

    /// `None`.
    pub fn none(origin: Option<Place>) -> Self {
        Self::new(Kind::None, origin)
    }

    /// A string.
    pub fn str(text: impl Into<Arc<str>>, origin: Option<Place>) -> Self {
        Self::new(Kind::Str(text.into()), origin)
    }

    /// A truth value.
    pub fn bool(value: bool, origin: Option<Place>) -> Self {
        Self::new(Kind::Bool(value), origin)
    }

    /// A whole number.
    pub fn int(value: i64, origin: Option<Place>) -> Self {
        Self::new(Kind::Int(value), origin)
    }

    /// A symbol by its qualified name.
    pub fn symbol(name: impl Into<Arc<str>>, origin: Option<Place>) -> Self {
        Self::new(Kind::Symbol(name.into()), origin)
    }

    /// Something that cannot be known.
    pub fn unknown(why: impl Into<Arc<str>>, origin: Option<Place>) -> Self {
        Self::unknown_of(Class::Any, why, origin)
    }

    /// Something that cannot be known but for its type.
    pub fn unknown_of(class: Class, why: impl Into<Arc<str>>, origin: Option<Place>) -> Self {
        Self::new(Kind::Unknown(Arc::new(Unknown { why: why.into(), class, term: None })), origin)
    }

    /// The same object, written elsewhere.
    pub fn at(mut self, origin: Option<Place>) -> Self {
        self.origin = origin.or(self.origin);
        self
    }

    /// The text of a fully known string.
    pub fn as_str(&self) -> Option<&Arc<str>> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The alternatives of an `Either`, or the object itself.
    pub fn alternatives(&self) -> Vec<(Formula, Object)> {
        match &self.kind {
            Kind::Either(alternatives) => alternatives.to_vec(),
            _ => vec![(Formula::TRUE, self.clone())],
        }
    }

    /// Whether what is known of two objects is the same nothing: each is unknown, and for the same reason.
    pub fn is_as_unknown(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Unknown(a), Kind::Unknown(b)) => {
                a.term.is_none() && b.term.is_none() && a.class == b.class && a.why == b.why
            }
            _ => false,
        }
    }

    /// Whether two objects are one: the same constant, or the same thing on the heap. Where they were written does
    /// not count.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::None, Kind::None) | (Kind::Ellipsis, Kind::Ellipsis) | (Kind::Unbound, Kind::Unbound) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
            (Kind::Str(a), Kind::Str(b)) | (Kind::Symbol(a), Kind::Symbol(b)) => a == b,
            (Kind::Bytes(a), Kind::Bytes(b)) => a == b,
            (Kind::Template(a), Kind::Template(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|pair| match pair {
                        (Piece::Literal(a), Piece::Literal(b)) => a == b,
                        (Piece::Hole(a), Piece::Hole(b)) => a.same(b),
                        _ => false,
                    })
            }
            (Kind::Tuple(a), Kind::Tuple(b)) => Arc::ptr_eq(a, b) || same_items(a, b),
            (Kind::Path(a), Kind::Path(b)) => a.same(b),
            (Kind::Heap(a), Kind::Heap(b)) => a == b,
            (Kind::Module(a), Kind::Module(b)) => a.namespace == b.namespace,
            (Kind::Function(a), Kind::Function(b)) => Arc::ptr_eq(a, b),
            (Kind::Bound(a), Kind::Bound(b)) => a.0.same(&b.0) && a.1.same(&b.1),
            (Kind::Method(a), Kind::Method(b)) => a.0.same(&b.0) && a.1 == b.1,
            (Kind::Made(a), Kind::Made(b)) => Arc::ptr_eq(a, b),
            (Kind::Either(a), Kind::Either(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.0 == b.0 && a.1.same(&b.1))
            }
            (Kind::Unknown(a), Kind::Unknown(b)) => {
                Arc::ptr_eq(a, b) || a.class == b.class && a.term.is_some() && a.term == b.term
            }
            _ => false,
        }
    }
}

/// Whether two sequences hold the same objects in the same cases.
pub fn same_items(a: &[Item], b: &[Item]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_item(a, b))
}

/// Whether two items are the same object in the same cases.
pub fn same_item(a: &Item, b: &Item) -> bool {
    a.when == b.when && a.repeated == b.repeated && a.object.same(&b.object)
}
