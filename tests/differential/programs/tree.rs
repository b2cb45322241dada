//! A random program as a tree, and the patterns that its leaves are made of.

use std::collections::BTreeSet;

/// What a variable or an expression roughly is. Programs keep to it, so that most of them run without raising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Kind {
    Int,
    Float,
    Bool,
    Str,
    Bytes,
    /// A list of anything.
    List,
    /// A list of strings.
    Strs,
    Tuple,
    Set,
    Dict,
    Path,
}

pub const KINDS: [Kind; 11] = [
    Kind::Int,
    Kind::Float,
    Kind::Bool,
    Kind::Str,
    Kind::Bytes,
    Kind::List,
    Kind::Strs,
    Kind::Tuple,
    Kind::Set,
    Kind::Dict,
    Kind::Path,
];

impl Kind {
    /// As patterns name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Str => "str",
            Self::Bytes => "bytes",
            Self::List => "list",
            Self::Strs => "strs",
            Self::Tuple => "tuple",
            Self::Set => "set",
            Self::Dict => "dict",
            Self::Path => "path",
        }
    }

    fn of(word: &str) -> Self {
        *KINDS.iter().find(|kind| kind.word() == word).unwrap_or_else(|| panic!("no kind {word}"))
    }
}

/// A variable. There are a few of each kind, and every one is bound before it is used, whatever shrinking takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub kind: Kind,
    pub number: u8,
}

impl std::fmt::Display for Name {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "{}_{}", self.kind.word().to_uppercase(), self.number)
    }
}

#[derive(Debug, Clone)]
pub enum Expression {
    Literal(&'static str),
    Name(Name),
    Pattern(Filled),
}

/// A pattern with what fills its holes.
#[derive(Debug, Clone)]
pub struct Filled {
    pub pattern: &'static Pattern,
    pub holes: Vec<Expression>,
}

#[derive(Debug, Clone)]
pub enum Statement {
    Simple(Filled),
    /// `if`, `for`, `try`, `with`, `match`: heads, each with the statements below it.
    Compound(Vec<Clause>),
    /// A loop that ends, after `times` rounds or earlier.
    While {
        times: u8,
        condition: Option<Expression>,
        body: Block,
        otherwise: Option<Block>,
    },
    /// A function of which `calls` are made at once.
    Function(Box<Function>),
    /// `return` of the value that is of the function's kind.
    Return(Box<[Expression; 3]>),
}

pub type Block = Vec<Statement>;

#[derive(Debug, Clone)]
pub struct Clause {
    pub head: Filled,
    pub body: Block,
}

#[derive(Debug, Clone)]
pub struct Function {
    /// One of [`RESULTS`].
    pub result: usize,
    pub parameters: Vec<(Name, Option<&'static str>)>,
    pub has_rest: bool,
    pub scope: Scope,
    pub style: Style,
    pub body: Block,
    pub last: Box<[Expression; 3]>,
    pub calls: Vec<Call>,
}

/// What a function may give.
pub const RESULTS: [Kind; 3] = [Kind::Int, Kind::Str, Kind::List];

/// Whose the names are that a function assigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Its own, each bound first.
    Local,
    /// The module's.
    Global,
    /// Those of the function around it, where there is one.
    Nonlocal,
    /// Its own, perhaps not bound when they are read.
    Bare,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Recursive,
    Generator,
    Decorated,
}

#[derive(Debug, Clone)]
pub struct Call {
    pub target: u8,
    pub arguments: Vec<Expression>,
    /// Whether the last argument is given by its name.
    pub by_name: bool,
    pub rest: &'static str,
}

/// A program: the statements of its files.
#[derive(Debug, Clone)]
pub struct Program {
    pub layout: Layout,
    /// What variables are bound to at first, by their place in the list of all.
    pub initial: Vec<&'static str>,
    /// The module that is shared, or the only one.
    pub base: Block,
    /// The module on top of it.
    pub top: Block,
}

/// How a program's files hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One module.
    Single,
    /// `from .base import *`.
    Star,
    /// The same with an absolute name.
    Absolute,
    /// `__all__` names what is exported.
    All,
    /// `from .base import A, B`.
    Names,
    /// `from . import base`, whose names are then taken as attributes.
    Module,
    /// The package's own `__init__.py` takes `production` or `base`, as an environment variable has it.
    Chosen,
    /// `globals().update(vars(base))`.
    Update,
    /// `try: from .local import *`, which is not there, and `from .base import *`.
    Missing,
}

/// Source text with holes.
#[derive(Debug)]
pub struct Pattern {
    pub pieces: Vec<Piece>,
    pub holes: Vec<Hole>,
    /// Whether it stands in parentheses where it is a part of something.
    pub is_loose: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// What fills a hole, which may stand more than once.
    Hole(usize),
    /// A name that nothing else has: the prefix.
    Fresh(String),
}

/// What a hole takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hole {
    /// `{int}`: an expression.
    Value(Kind),
    /// `{any}`: an expression of any kind.
    Any,
    /// `{name_int}`: a variable.
    Name(Kind),
    /// `{=int}`: a variable that the statement assigns.
    Assigned(Kind),
    /// `{literal_int}`.
    Literal(Kind),
}

impl Pattern {
    /// The patterns of a text, in which `@(a b)` stands for each of its words, `{int}` for an expression of that kind,
    /// `{0}` for the first hole's again, `{new_f}` for a name of its own, and doubled braces for braces.
    pub fn all(text: &str) -> Vec<Self> {
        match text.split_once("@(") {
            None => vec![Self::one(text)],
            Some((before, rest)) => {
                let (words, after) = rest.split_once(')').expect("a choice ends");
                let each = |word| Self::all(&format!("{before}{word}{after}"));
                words.split(' ').flat_map(each).collect()
            }
        }
    }

    fn one(text: &str) -> Self {
        let mut pattern = Self { pieces: Vec::new(), holes: Vec::new(), is_loose: is_loose(text) };
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let (word, after) = rest.split_once('}').unwrap_or_else(|| panic!("a hole ends in {text}"));
            rest = after;
            pattern.pieces.push(Piece::Text(std::mem::take(&mut literal)));
            let piece = pattern.piece(word);
            pattern.pieces.push(piece);
        }
        literal.push_str(rest);
        pattern.pieces.push(Piece::Text(literal));
        pattern
    }

    fn piece(&mut self, word: &str) -> Piece {
        let hole = match (word.strip_prefix("new_"), word.parse::<usize>()) {
            (Some(prefix), _) => return Piece::Fresh(prefix.to_owned()),
            (_, Ok(index)) => return Piece::Hole(index),
            _ if word == "any" => Hole::Any,
            _ if word.starts_with('=') => Hole::Assigned(Kind::of(&word[1..])),
            _ if word.starts_with("name_") => Hole::Name(Kind::of(&word[5..])),
            _ if word.starts_with("literal_") => Hole::Literal(Kind::of(&word[8..])),
            _ => Hole::Value(Kind::of(word)),
        };
        self.holes.push(hole);
        Piece::Hole(self.holes.len() - 1)
    }

    /// Whether Python forbids `:=` in its holes.
    pub fn forbids_walrus(&self) -> bool {
        self.pieces.iter().any(|piece| {
            matches!(piece, Piece::Text(text) if text.contains(" for ") || text.contains("lambda") || text.contains("class "))
        })
    }

    /// Whether it is `(name := value)`.
    pub fn is_walrus(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text == " := "))
    }
}

/// Whether a space stands outside brackets and quotes.
fn is_loose(text: &str) -> bool {
    let (mut depth, mut quote) = (0, None);
    for character in text.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ' ') if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

impl Filled {
    /// The names that it assigns where it stands.
    pub fn assigned(&self, names: &mut BTreeSet<Name>) {
        for (hole, filling) in self.pattern.holes.iter().zip(&self.holes) {
            match (hole, filling) {
                (Hole::Assigned(_), Expression::Name(name)) => {
                    names.insert(*name);
                }
                (_, Expression::Pattern(inner)) => inner.assigned(names),
                _ => {}
            }
        }
    }
}

/// The names that statements assign in the scope they stand in.
pub fn assigned(block: &[Statement], names: &mut BTreeSet<Name>) {
    for statement in block {
        match statement {
            Statement::Simple(filled) => filled.assigned(names),
            Statement::Compound(clauses) => {
                for clause in clauses {
                    clause.head.assigned(names);
                    assigned(&clause.body, names);
                }
            }
            Statement::While { condition, body, otherwise, .. } => {
                if let Some(Expression::Pattern(filled)) = condition {
                    filled.assigned(names);
                }
                assigned(body, names);
                assigned(otherwise.as_deref().unwrap_or_default(), names);
            }
            Statement::Function(function) => {
                for call in &function.calls {
                    names.insert(Name { kind: RESULTS[function.result], number: call.target });
                    for argument in &call.arguments {
                        if let Expression::Pattern(filled) = argument {
                            filled.assigned(names);
                        }
                    }
                }
            }
            Statement::Return(values) => {
                for value in values.iter() {
                    if let Expression::Pattern(filled) = value {
                        filled.assigned(names);
                    }
                }
            }
        }
    }
}
