//! Data as files hold it: what parsers of several formats make, and the objects it becomes.

use super::{Call, files};
use crate::eval::heap::Dict;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::{FileId, Place, Span};

/// Deeper nesting is called unknown.
pub(super) const MAX_DEPTH: usize = 100;

/// A part of a file of data.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub datum: Datum,
    pub span: Span,
}

/// What a part of a file of data is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Datum {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    List(Vec<Node>),
    /// Keys and values in order; a later entry of the same key replaces an earlier one.
    Dict(Vec<(Node, Node)>),
    /// What cannot be told for certain, and why.
    Unknown(Class, &'static str),
}

impl Node {
    /// Whether all of it is told.
    fn is_decided(&self) -> bool {
        match &self.datum {
            Datum::Unknown(..) => false,
            Datum::List(nodes) => nodes.iter().all(Self::is_decided),
            Datum::Dict(entries) => entries.iter().all(|(key, value)| key.is_decided() && value.is_decided()),
            _ => true,
        }
    }
}

/// Where the parts of a text stand: in a file, where the text is all of it; else wherever the text does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    file: Option<FileId>,
    otherwise: Option<Place>,
}

impl Origin {
    /// Of the parts of a text.
    pub fn of(machine: &Machine, text: &Object, place: Option<Place>) -> Self {
        Self { file: files::whole_file(machine, text), otherwise: text.origin.or(place) }
    }

    /// Of a part.
    pub fn part(self, span: Span) -> Option<Place> {
        self.file.map(|file| Place::new(file, span)).or(self.otherwise)
    }
}

/// Why a document gives no value.
#[derive(Debug, PartialEq)]
pub(super) enum Wrong {
    /// The library raises.
    Document,
    /// What the library makes of the document is left open.
    Undecided,
}

/// What loading a document gives: from a file object, from text or from bytes. `is_plain` says that no argument changes
/// how it is read.
pub(super) fn load(
    machine: &mut Machine,
    call: &Call,
    given: &Object,
    is_plain: bool,
    parse: fn(&str) -> Result<Node, Wrong>,
    error: &str,
) -> Run<Object> {
    let text = machine.map(given, |machine, given| {
        Ok(match files::file_of(given) {
            Some(file) => files::read_all(machine, file)
                .unwrap_or_else(|| Object::unknown("how far the file is read is not known", call.place)),
            None => given.clone(),
        })
    })?;
    let text = machine.spelled_out(&text);
    let is_decided = |text: &Object| {
        let parsed = match &text.kind {
            Kind::Str(text) => parse(text),
            Kind::Bytes(bytes) => std::str::from_utf8(bytes).map_or(Err(Wrong::Undecided), parse),
            _ => Err(Wrong::Undecided),
        };
        parsed.map_or_else(|wrong| wrong == Wrong::Document, |node| node.is_decided())
    };
    if !is_plain || call.arguments.open || !machine.possible(&text).iter().all(|(_, text)| is_decided(text)) {
        machine.may_raise(call.name)?;
    }
    machine.map(&text, |machine, text| {
        let place = text.origin.or(call.place);
        let known = match &text.kind {
            _ if !is_plain || call.arguments.open => None,
            Kind::Str(text) => Some(text.as_ref()),
            Kind::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            Kind::Unknown(unknown) => {
                return Ok(machine.derived(unknown, Class::Any, |text| format!("{}({text})", call.name), place));
            }
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Tuple(_) => {
                return Err(Exception::of_any_class("what is loaded is no text"));
            }
            _ => None,
        };
        match known.map(parse) {
            Some(Ok(node)) => {
                let origin = Origin::of(machine, text, call.place);
                Ok(object(machine, &node, origin))
            }
            Some(Err(Wrong::Document)) => Err(Exception::new(error, "the document is malformed")),
            Some(Err(Wrong::Undecided)) | None => {
                Ok(Object::unknown("what the document holds is not evaluated", place))
            }
        }
    })
}

/// The object that data becomes.
pub(super) fn object(machine: &mut Machine, node: &Node, origin: Origin) -> Object {
    let place = origin.part(node.span);
    let kind = match &node.datum {
        Datum::Null => Kind::None,
        Datum::Bool(value) => Kind::Bool(*value),
        Datum::Int(value) => Kind::Int(*value),
        Datum::Float(value) => Kind::Float(*value),
        Datum::Str(text) => Kind::Str(text.as_str().into()),
        Datum::Unknown(class, why) => return Object::unknown_of(*class, *why, place),
        Datum::List(nodes) => {
            let items = nodes.iter().map(|node| Item::new(object(machine, node, origin))).collect();
            return machine.list(items, place);
        }
        Datum::Dict(entries) => {
            let dict = machine.dict(Dict::default(), place);
            if let Kind::Heap(id) = dict.kind {
                for (key, value) in entries {
                    let (key, value) = (object(machine, key, origin), object(machine, value, origin));
                    machine.set_entry(id, &key, value);
                }
            }
            return dict;
        }
    };
    Object::new(kind, place)
}
