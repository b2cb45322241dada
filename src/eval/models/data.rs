//! Data as files hold it: what parsers of several formats make, and the objects it becomes.

use super::files;
use crate::eval::heap::Dict;
use crate::eval::machine::Machine;
use crate::eval::object::{Class, Item, Kind, Object};
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
