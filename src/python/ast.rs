//! The syntax tree that the evaluator runs.
//!
//! It is smaller than Python's own grammar: what the evaluator treats alike is one node here (an annotated assignment is
//! an assignment), annotations are left out but for those of a class's names, and what it never runs is [`ExprKind::Opaque`].
//! Nodes that values outlive their module with (functions, classes) stand behind an [`Arc`].

use std::sync::Arc;

use crate::source::Span;

/// An identifier.
pub type Name = Arc<str>;

/// A parsed module.
#[derive(Debug, Default)]
pub struct Module {
    /// Its statements in order.
    pub body: Vec<Stmt>,
    /// What kept it from being Python; the body then holds what could be recovered.
    pub errors: Vec<SyntaxError>,
    /// Where its comments stand, in order, each from `#` to the end of the line.
    pub comments: Vec<Span>,
}

/// Where and why a text is not Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What the parser expected or found.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// Where it stands, from its first token to its last.
    pub span: Span,
}

/// What a statement does.
#[derive(Debug)]
pub enum StmtKind {
    /// An expression whose value is dropped.
    Expr(Expr),
    /// `a = b = value`; annotated assignments too, where they have a value.
    Assign {
        /// Left to right.
        targets: Vec<Expr>,
        /// What is assigned.
        value: Expr,
    },
    /// `target op= value`.
    AugAssign {
        /// A name, an attribute or a subscript.
        target: Expr,
        /// The operator without `=`.
        op: BinaryOp,
        /// The right-hand side.
        value: Expr,
    },
    /// `del a, b`.
    Delete(Vec<Expr>),
    /// `if` and its `elif`s, in order, and `else`.
    If {
        /// Each condition with what runs where it is the first to hold.
        branches: Vec<(Expr, Vec<Stmt>)>,
        /// Run where none holds.
        orelse: Vec<Stmt>,
    },
    /// `for target in iter`.
    For {
        /// What is bound to each item.
        target: Expr,
        /// What is iterated over.
        iter: Expr,
        /// The loop's body.
        body: Vec<Stmt>,
        /// Run when the loop was not left by `break`.
        orelse: Vec<Stmt>,
        /// `async for`.
        is_async: bool,
    },
    /// `while test`.
    While {
        /// The condition.
        test: Expr,
        /// The loop's body.
        body: Vec<Stmt>,
        /// Run when the loop was not left by `break`.
        orelse: Vec<Stmt>,
    },
    /// `with item, item`.
    With {
        /// Context expressions, each with its `as` target.
        items: Vec<(Expr, Option<Expr>)>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `try`.
    Try {
        /// The guarded statements.
        body: Vec<Stmt>,
        /// The `except` clauses in order.
        handlers: Vec<Handler>,
        /// Run when nothing was raised.
        orelse: Vec<Stmt>,
        /// Run in any case.
        finalbody: Vec<Stmt>,
    },
    /// `match subject`.
    Match {
        /// What is matched.
        subject: Expr,
        /// The cases in order.
        cases: Vec<Case>,
    },
    /// `raise`, with or without an exception.
    Raise {
        /// The exception.
        exception: Option<Expr>,
        /// What stands after `from`.
        cause: Option<Expr>,
    },
    /// `assert test, message`.
    Assert {
        /// What must hold.
        test: Expr,
        /// Evaluated where it does not.
        message: Option<Expr>,
    },
    /// `return`, with or without a value.
    Return(Option<Expr>),
    /// `import a.b as c, d`.
    Import(Vec<Alias>),
    /// `from ..a import b as c`.
    ImportFrom {
        /// Leading dots.
        level: u32,
        /// The dotted name after the dots; empty in `from . import x`.
        module: Name,
        /// What is imported; a name `*` stands for all.
        names: Vec<Alias>,
    },
    /// A function, with its decorators from the first to the last line.
    Function {
        /// The function.
        function: Arc<Function>,
        /// Outermost first.
        decorators: Vec<Expr>,
    },
    /// A class, with its decorators from the first to the last line.
    Class {
        /// The class.
        class: Arc<Class>,
        /// Outermost first.
        decorators: Vec<Expr>,
    },
    /// `global` names.
    Global(Vec<Name>),
    /// `nonlocal` names.
    Nonlocal(Vec<Name>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `name: type` without a value.
    Annotate(Name),
    /// `pass`.
    Pass,
}

/// An imported name.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The name as it stands in the module imported from; dotted in `import a.b`.
    pub name: Name,
    /// The name after `as`.
    pub asname: Option<Name>,
    /// Where it stands.
    pub span: Span,
}

/// An `except` clause.
#[derive(Debug)]
pub struct Handler {
    /// The class, or tuple of classes; none in a bare `except:`.
    pub class: Option<Expr>,
    /// The name after `as`.
    pub name: Option<Name>,
    /// What runs.
    pub body: Vec<Stmt>,
}

/// A `case` of a `match`.
#[derive(Debug)]
pub struct Case {
    /// The pattern.
    pub pattern: Pattern,
    /// The condition after `if`.
    pub guard: Option<Expr>,
    /// What runs.
    pub body: Vec<Stmt>,
}

/// A pattern of a `case`.
#[derive(Debug)]
pub enum Pattern {
    /// A literal or a dotted name, compared with `==`; `None`, `True`, `False` with `is`.
    Value(Expr),
    /// `a | b`.
    Or(Vec<Pattern>),
    /// `_` or a name that takes whatever is there.
    Capture(Option<Name>),
    /// `pattern as name`.
    As(Box<Pattern>, Name),
    /// Sequences, mappings and classes; the names that they would bind.
    Structure(Vec<Name>),
}

/// A function or a lambda.
#[derive(Debug)]
pub struct Function {
    /// Its name; `<lambda>` for a lambda, `<genexpr>` for a generator expression.
    pub name: Name,
    /// Where it is named.
    pub name_span: Span,
    /// Its parameters in order.
    pub parameters: Vec<Parameter>,
    /// Its body; a lambda's is one `return`.
    pub body: Vec<Stmt>,
    /// What it does to names, its parameters among them.
    pub names: Arc<Names>,
    /// `async def`.
    pub is_async: bool,
    /// Whether its body holds a `yield`.
    pub is_generator: bool,
    /// All of it, without decorators.
    pub span: Span,
}

impl Function {
    /// The comprehension that a generator expression runs.
    pub fn comprehension(&self) -> Option<&Comprehension> {
        match self.body.as_slice() {
            [Stmt { kind: StmtKind::Expr(Expr { kind: ExprKind::Comprehension(comprehension), .. }), .. }] => {
                Some(comprehension)
            }
            _ => None,
        }
    }
}

/// What a function, a class body or a comprehension does to names, nested ones aside.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Those that it binds, and so makes its own, sorted. Those that it declares `global` or `nonlocal` are not among
    /// them.
    pub bound: Vec<Name>,
    /// Those that it declares `global`, sorted.
    pub global: Vec<Name>,
}

impl Names {
    /// Whether it makes a name its own.
    pub fn binds(&self, name: &Name) -> bool {
        self.bound.binary_search(name).is_ok()
    }

    /// Whether it declares a name `global`.
    pub fn is_global(&self, name: &Name) -> bool {
        self.global.binary_search(name).is_ok()
    }
}

/// A parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// How arguments reach it.
    pub kind: ParameterKind,
    /// Its default.
    pub default: Option<Expr>,
}

/// How arguments reach a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position alone.
    PositionalOnly,
    /// By position or by name.
    Positional,
    /// `*args`.
    Rest,
    /// By name alone.
    Keyword,
    /// `**kwargs`.
    KeywordRest,
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// Its name.
    pub name: Name,
    /// Where it is named.
    pub name_span: Span,
    /// Its bases.
    pub bases: Vec<Expr>,
    /// Keywords such as `metaclass=`.
    pub keywords: Vec<(Option<Name>, Expr)>,
    /// Its body.
    pub body: Vec<Stmt>,
    /// What its body does to names.
    pub names: Arc<Names>,
    /// The names that its body annotates, each with the annotation.
    pub annotations: Vec<(Name, Expr)>,
    /// All of it, without decorators.
    pub span: Span,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug)]
pub enum ExprKind {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number that fits 64 bits.
    Int(i64),
    /// A number with a point or an exponent.
    Float(f64),
    /// A string; adjacent literals are joined already.
    Str(Arc<str>),
    /// Bytes; adjacent literals are joined already.
    Bytes(Arc<[u8]>),
    /// An f-string.
    Format(Vec<FormatPart>),
    /// A name.
    Name(Name),
    /// `value.name`.
    Attribute(Box<Expr>, Name),
    /// `value[index]`.
    Subscript(Box<Expr>, Box<Expr>),
    /// `lower:upper:step` within a subscript.
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// A call.
    Call(Box<Call>),
    /// `[a, *b]`.
    List(Vec<Expr>),
    /// `(a, *b)`.
    Tuple(Vec<Expr>),
    /// `{a, *b}`.
    Set(Vec<Expr>),
    /// `{k: v, **d}`; a missing key stands for `**`.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// `*value` in a call, a display or a target.
    Starred(Box<Expr>),
    /// `left op right`.
    Binary(Box<Expr>, BinaryOp, Box<Expr>),
    /// `op value`.
    Unary(UnaryOp, Box<Expr>),
    /// `a and b and c`.
    And(Vec<Expr>),
    /// `a or b or c`.
    Or(Vec<Expr>),
    /// `a < b < c`.
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `body if test else orelse`.
    IfElse {
        /// The condition.
        test: Box<Expr>,
        /// The value where it holds.
        body: Box<Expr>,
        /// The value where it does not.
        orelse: Box<Expr>,
    },
    /// A lambda.
    Lambda(Arc<Function>),
    /// A comprehension.
    Comprehension(Box<Comprehension>),
    /// A generator expression: a function whose body is the comprehension, to be run as its items are asked for.
    Generator(Arc<Function>),
    /// `name := value`.
    Walrus(Name, Box<Expr>),
    /// `yield x`, `yield from x` or `await x`: `x` is handed to whoever runs the function.
    Suspend(Suspension, Option<Box<Expr>>),
    /// What the evaluator never runs, and what to call it.
    Opaque(&'static str),
}

/// How a function is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Suspension {
    Yield,
    YieldFrom,
    Await,
}

/// A piece of an f-string.
#[derive(Debug)]
pub enum FormatPart {
    /// Text as it stands.
    Literal(Arc<str>),
    /// `{value!conversion:spec}`.
    Hole {
        /// What is put in.
        value: Expr,
        /// `s`, `r` or `a`, after `!`; also `r` where `=` asks for it.
        conversion: Option<char>,
        /// The pieces after `:`.
        spec: Vec<FormatPart>,
    },
}

/// A call.
#[derive(Debug)]
pub struct Call {
    /// What is called.
    pub function: Expr,
    /// Arguments by position; a starred one is [`ExprKind::Starred`].
    pub args: Vec<Expr>,
    /// Arguments by name; one without a name stands for `**`.
    pub keywords: Vec<(Option<Name>, Expr)>,
}

/// A comprehension.
#[derive(Debug)]
pub struct Comprehension {
    /// What is built.
    pub kind: ComprehensionKind,
    /// The element, or the key of a dict.
    pub element: Expr,
    /// The value of a dict.
    pub value: Option<Expr>,
    /// The `for` clauses, outermost first.
    pub clauses: Vec<Clause>,
    /// The names that the clauses bind.
    pub names: Arc<Names>,
}

/// What a comprehension builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComprehensionKind {
    /// `[…]`.
    List,
    /// `{…}`.
    Set,
    /// `{k: v …}`.
    Dict,
}

/// A `for` of a comprehension.
#[derive(Debug)]
pub struct Clause {
    /// What is bound.
    pub target: Expr,
    /// What is iterated over.
    pub iter: Expr,
    /// The conditions.
    pub ifs: Vec<Expr>,
    /// `async for`.
    pub is_async: bool,
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
}

/// An operator before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Not,
    Neg,
    Pos,
    Invert,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CompareOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

impl CompareOp {
    /// The operator as Python spells it.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::NotEq => "!=",
            Self::Lt => "<",
            Self::LtE => "<=",
            Self::Gt => ">",
            Self::GtE => ">=",
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }
}
