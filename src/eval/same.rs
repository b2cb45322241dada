//! Whether two values of two runs are the same, wherever they were written.

use super::value::{Call, Dict, Either, Instance, Item, Kind, Piece, Sequence, Template, Value};

impl Value {
    /// Whether another value, of another run perhaps, says the same: places apart.
    pub fn is_same_as(&self, other: &Self) -> bool {
        use Kind::{Call, Class, Dict, Either, Function, Instance, List, Module, Path, Set, Symbol, Tuple, Unknown};
        match (&self.kind, &other.kind) {
            (Kind::None, Kind::None) | (Kind::Ellipsis, Kind::Ellipsis) | (Kind::Missing, Kind::Missing) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
            (Kind::Str(a), Kind::Str(b)) | (Symbol(a), Symbol(b)) | (Module(a), Module(b)) => a == b,
            (Kind::Bytes(a), Kind::Bytes(b)) => a == b,
            (Kind::Template(a), Kind::Template(b)) => same_templates(a, b),
            (List(a), List(b)) | (Tuple(a), Tuple(b)) | (Set(a), Set(b)) => same_sequences(a, b),
            (Dict(a), Dict(b)) => same_dicts(a, b),
            (Path(a), Path(b)) => a.is_same_as(b),
            (Call(a), Call(b)) => same_calls(a, b),
            (Instance(a), Instance(b)) => same_instances(a, b),
            (Function(a), Function(b)) => a.name == b.name,
            (Class(a), Class(b)) => (&a.module, &a.name) == (&b.module, &b.name),
            (Either(a), Either(b)) => same_choices(a, b),
            (Unknown(a), Unknown(b)) => (&a.why, &a.variables, a.type_name) == (&b.why, &b.variables, b.type_name),
            _ => false,
        }
    }
}

fn all_same<'v>(a: impl ExactSizeIterator<Item = &'v Value>, b: impl ExactSizeIterator<Item = &'v Value>) -> bool {
    a.len() == b.len() && a.zip(b).all(|(a, b)| a.is_same_as(b))
}

fn same_options(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.is_same_as(b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn same_templates(a: &Template, b: &Template) -> bool {
    let same = |(a, b): (&Piece, &Piece)| match (a, b) {
        (Piece::Literal(a), Piece::Literal(b)) => a == b,
        (Piece::Hole(a), Piece::Hole(b)) => a.is_same_as(b),
        _ => false,
    };
    a.pieces.len() == b.pieces.len()
        && a.pieces.iter().zip(&b.pieces).all(same)
        && same_options(a.unset.as_deref(), b.unset.as_deref())
}

fn same_sequences(a: &Sequence, b: &Sequence) -> bool {
    let same = |(a, b): (&Item, &Item)| a.value.is_same_as(&b.value) && a.when.describe() == b.when.describe();
    (a.items.len(), &a.open, a.open_when.describe()) == (b.items.len(), &b.open, b.open_when.describe())
        && a.items.iter().zip(&b.items).all(same)
}

fn same_dicts(a: &Dict, b: &Dict) -> bool {
    (a.entries.len(), &a.open, a.open_when.describe()) == (b.entries.len(), &b.open, b.open_when.describe())
        && a.entries.iter().zip(&b.entries).all(|(a, b)| {
            a.key.is_same_as(&b.key) && a.value.is_same_as(&b.value) && a.when.describe() == b.when.describe()
        })
}

fn same_calls(a: &Call, b: &Call) -> bool {
    (&a.function, a.open) == (&b.function, b.open)
        && all_same(a.args.iter(), b.args.iter())
        && a.named.iter().map(|(name, _)| name).eq(b.named.iter().map(|(name, _)| name))
        && all_same(a.named.iter().map(|(_, value)| value), b.named.iter().map(|(_, value)| value))
}

fn same_instances(a: &Instance, b: &Instance) -> bool {
    a.class.is_same_as(&b.class)
        && all_same(a.args.iter(), b.args.iter())
        && a.named.iter().map(|(name, _)| name).eq(b.named.iter().map(|(name, _)| name))
        && all_same(a.named.iter().map(|(_, value)| value), b.named.iter().map(|(_, value)| value))
}

fn same_choices(a: &Either, b: &Either) -> bool {
    (a.options.len(), &a.variables, a.unset) == (b.options.len(), &b.variables, b.unset)
        && a.options
            .iter()
            .zip(&b.options)
            .all(|(a, b)| a.value.is_same_as(&b.value) && a.when.describe() == b.when.describe())
}
