//! From the parser's tree to ours.

mod format;
mod patterns;

use std::sync::Arc;

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::ast::*;
use super::names::{names_of_body, names_of_clauses, names_of_function};
use super::span;
use crate::source::Span;

/// Nodes nested deeper than this become [`ExprKind::Opaque`]. The deepest expression in the settings modules of a
/// hundred public projects is some forty levels deep.
const MAX_DEPTH: u32 = 400;

/// Calls `work`, on a new piece of stack where the present one may not hold the next few levels.
fn with_stack<T>(depth: u32, work: impl FnOnce() -> T) -> T {
    match depth.is_multiple_of(16) {
        true => stacker::maybe_grow(512 * 1024, 2 * 1024 * 1024, work),
        false => work(),
    }
}

/// A module's statements in our tree.
pub struct Lowered {
    pub body: Vec<Stmt>,
    /// Whether something was nested deeper than we follow.
    pub is_deep: bool,
}

/// Lowers a module.
pub fn module(suite: &[ruff::Stmt]) -> Lowered {
    let mut lower = Lower::default();
    let body = lower.block(suite);
    Lowered { body, is_deep: lower.is_deep }
}

#[derive(Default)]
struct Lower {
    names: FxHashSet<Name>,
    depth: u32,
    is_deep: bool,
    /// For each function that is being lowered, whether a `yield` was met.
    yields: Vec<bool>,
    /// What private names begin with in the class that is being lowered.
    private: Option<String>,
}

impl Lower {
    /// A name that the program binds or looks up. Within a class, `__name` is one of its own.
    ///
    /// Source: `_Py_Mangle` in `Python/compile.c` of CPython.
    fn name(&mut self, text: &str) -> Name {
        match &self.private {
            Some(class) if text.starts_with("__") && !text.ends_with("__") => self.plain(&format!("{class}{text}")),
            _ => self.plain(text),
        }
    }

    /// A name as it is written.
    fn plain(&mut self, text: &str) -> Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Name = text.into();
        self.names.insert(name.clone());
        name
    }

    fn block(&mut self, suite: &[ruff::Stmt]) -> Vec<Stmt> {
        if self.depth >= MAX_DEPTH {
            self.is_deep = true;
            return Vec::new();
        }
        self.depth += 1;
        let body = with_stack(self.depth, || suite.iter().map(|statement| self.statement(statement)).collect());
        self.depth -= 1;
        body
    }

    fn statement(&mut self, statement: &ruff::Stmt) -> Stmt {
        Stmt { span: span(statement.range()), kind: self.statement_kind(statement) }
    }

    fn statement_kind(&mut self, statement: &ruff::Stmt) -> StmtKind {
        match statement {
            ruff::Stmt::Expr(node) => StmtKind::Expr(self.expr(&node.value)),
            ruff::Stmt::Assign(node) => {
                StmtKind::Assign { targets: self.exprs(&node.targets), value: self.expr(&node.value) }
            }
            ruff::Stmt::AnnAssign(node) => match &node.value {
                Some(value) => StmtKind::Assign { targets: vec![self.expr(&node.target)], value: self.expr(value) },
                None => match node.target.as_ref() {
                    ruff::Expr::Name(name) if node.simple => StmtKind::Annotate(self.name(name.id.as_str())),
                    _ => StmtKind::Pass,
                },
            },
            ruff::Stmt::AugAssign(node) => StmtKind::AugAssign {
                target: self.expr(&node.target),
                op: binary_op(node.op),
                value: self.expr(&node.value),
            },
            ruff::Stmt::Delete(node) => StmtKind::Delete(self.exprs(&node.targets)),
            ruff::Stmt::If(node) => self.if_statement(node),
            ruff::Stmt::For(node) => StmtKind::For {
                target: self.expr(&node.target),
                iter: self.expr(&node.iter),
                body: self.block(&node.body),
                orelse: self.block(&node.orelse),
                is_async: node.is_async,
            },
            ruff::Stmt::While(node) => StmtKind::While {
                test: self.expr(&node.test),
                body: self.block(&node.body),
                orelse: self.block(&node.orelse),
            },
            ruff::Stmt::With(node) => {
                let items = node.items.iter().map(|item| {
                    (self.expr(&item.context_expr), item.optional_vars.as_ref().map(|target| self.expr(target)))
                });
                StmtKind::With { items: items.collect(), body: self.block(&node.body) }
            }
            ruff::Stmt::Try(node) => StmtKind::Try {
                body: self.block(&node.body),
                handlers: node.handlers.iter().map(|handler| self.handler(handler)).collect(),
                orelse: self.block(&node.orelse),
                finalbody: self.block(&node.finalbody),
            },
            ruff::Stmt::Match(node) => StmtKind::Match {
                subject: self.expr(&node.subject),
                cases: node.cases.iter().map(|case| self.case(case)).collect(),
            },
            ruff::Stmt::Raise(node) => StmtKind::Raise {
                exception: node.exc.as_ref().map(|value| self.expr(value)),
                cause: node.cause.as_ref().map(|value| self.expr(value)),
            },
            ruff::Stmt::Assert(node) => StmtKind::Assert {
                test: self.expr(&node.test),
                message: node.msg.as_ref().map(|message| self.expr(message)),
            },
            ruff::Stmt::Return(node) => StmtKind::Return(node.value.as_ref().map(|value| self.expr(value))),
            ruff::Stmt::Import(node) => StmtKind::Import(self.aliases(&node.names)),
            ruff::Stmt::ImportFrom(node) => StmtKind::ImportFrom {
                level: node.level,
                module: self.plain(node.module.as_ref().map_or("", |module| module.as_str())),
                names: self.aliases(&node.names),
            },
            ruff::Stmt::FunctionDef(node) => {
                let decorators = node.decorator_list.iter().map(|decorator| self.expr(&decorator.expression)).collect();
                self.yields.push(false);
                let body = self.block(&node.body);
                let is_generator = self.yields.pop().unwrap_or_default();
                let start = node.decorator_list.last().map_or(node.range.start(), |last| last.range.end());
                let parameters = self.parameters(&node.parameters);
                let function = Function {
                    name: self.name(node.name.as_str()),
                    name_span: span(node.name.range),
                    names: Arc::new(names_of_function(&parameters, &body)),
                    parameters,
                    body,
                    is_async: node.is_async,
                    is_generator,
                    span: Span::new(start.to_u32(), node.range.end().to_u32()),
                };
                StmtKind::Function { function: Arc::new(function), decorators }
            }
            ruff::Stmt::ClassDef(node) => {
                let decorators = node.decorator_list.iter().map(|decorator| self.expr(&decorator.expression)).collect();
                let (bases, keywords) = match &node.arguments {
                    Some(arguments) => (self.exprs(&arguments.args), self.keywords(&arguments.keywords)),
                    None => Default::default(),
                };
                let name = self.name(node.name.as_str());
                let prefix = node.name.trim_start_matches('_');
                let private = (!prefix.is_empty()).then(|| format!("_{prefix}"));
                let around = std::mem::replace(&mut self.private, private);
                let annotations = self.annotations(&node.body);
                let body = self.block(&node.body);
                self.private = around;
                let class = Class {
                    names: Arc::new(names_of_body(&body)),
                    annotations,
                    name,
                    name_span: span(node.name.range),
                    bases,
                    keywords,
                    body,
                    span: span(node.range),
                };
                StmtKind::Class { class: Arc::new(class), decorators }
            }
            ruff::Stmt::Global(node) => {
                StmtKind::Global(node.names.iter().map(|name| self.name(name.as_str())).collect())
            }
            ruff::Stmt::Nonlocal(node) => {
                StmtKind::Nonlocal(node.names.iter().map(|name| self.name(name.as_str())).collect())
            }
            ruff::Stmt::Break(_) => StmtKind::Break,
            ruff::Stmt::Continue(_) => StmtKind::Continue,
            ruff::Stmt::TypeAlias(node) => StmtKind::Assign {
                targets: vec![self.expr(&node.name)],
                value: Expr { kind: ExprKind::Opaque("a type alias"), span: span(node.value.range()) },
            },
            ruff::Stmt::Pass(_) | ruff::Stmt::IpyEscapeCommand(_) => StmtKind::Pass,
        }
    }

    fn if_statement(&mut self, node: &ruff::StmtIf) -> StmtKind {
        let mut branches = vec![(self.expr(&node.test), self.block(&node.body))];
        let mut orelse = Vec::new();
        for clause in &node.elif_else_clauses {
            match &clause.test {
                Some(test) => branches.push((self.expr(test), self.block(&clause.body))),
                None => orelse = self.block(&clause.body),
            }
        }
        StmtKind::If { branches, orelse }
    }

    fn handler(&mut self, handler: &ruff::ExceptHandler) -> Handler {
        let ruff::ExceptHandler::ExceptHandler(node) = handler;
        Handler {
            class: node.type_.as_ref().map(|class| self.expr(class)),
            name: node.name.as_ref().map(|name| self.name(name.as_str())),
            body: self.block(&node.body),
        }
    }

    fn aliases(&mut self, aliases: &[ruff::Alias]) -> Vec<Alias> {
        let lowered = aliases.iter().map(|alias| Alias {
            name: self.plain(alias.name.as_str()),
            asname: alias.asname.as_ref().map(|name| self.name(name.as_str())),
            span: span(alias.range),
        });
        lowered.collect()
    }

    fn parameters(&mut self, parameters: &ruff::Parameters) -> Vec<Parameter> {
        let mut lowered = Vec::new();
        let groups = [
            (&parameters.posonlyargs, ParameterKind::PositionalOnly),
            (&parameters.args, ParameterKind::Positional),
            (&parameters.kwonlyargs, ParameterKind::Keyword),
        ];
        for (group, kind) in groups {
            if kind == ParameterKind::Keyword {
                lowered.extend(self.rest_parameter(parameters.vararg.as_deref(), ParameterKind::Rest));
            }
            for parameter in group {
                let name = self.name(parameter.parameter.name.as_str());
                let default = parameter.default.as_ref().map(|default| self.expr(default));
                lowered.push(Parameter { name, kind, default });
            }
        }
        lowered.extend(self.rest_parameter(parameters.kwarg.as_deref(), ParameterKind::KeywordRest));
        lowered
    }

    fn rest_parameter(&mut self, parameter: Option<&ruff::Parameter>, kind: ParameterKind) -> Option<Parameter> {
        parameter.map(|parameter| Parameter { name: self.name(parameter.name.as_str()), kind, default: None })
    }

    fn exprs(&mut self, nodes: &[ruff::Expr]) -> Vec<Expr> {
        nodes.iter().map(|node| self.expr(node)).collect()
    }

    fn boxed(&mut self, node: &ruff::Expr) -> Box<Expr> {
        Box::new(self.expr(node))
    }

    fn optional(&mut self, node: Option<&ruff::Expr>) -> Option<Box<Expr>> {
        node.map(|node| self.boxed(node))
    }

    fn expr(&mut self, node: &ruff::Expr) -> Expr {
        let span = span(node.range());
        if self.depth >= MAX_DEPTH {
            self.is_deep = true;
            return Expr { kind: ExprKind::Opaque("an expression nested too deeply"), span };
        }
        self.depth += 1;
        let kind = with_stack(self.depth, || self.expr_kind(node));
        self.depth -= 1;
        Expr { kind, span }
    }

    fn expr_kind(&mut self, node: &ruff::Expr) -> ExprKind {
        match node {
            ruff::Expr::NoneLiteral(_) => ExprKind::None,
            ruff::Expr::EllipsisLiteral(_) => ExprKind::Ellipsis,
            ruff::Expr::BooleanLiteral(node) => ExprKind::Bool(node.value),
            ruff::Expr::NumberLiteral(node) => match &node.value {
                ruff::Number::Int(int) => match int.as_i64() {
                    Some(int) => ExprKind::Int(int),
                    None => ExprKind::Opaque("a number wider than 64 bits"),
                },
                ruff::Number::Float(float) => ExprKind::Float(*float),
                ruff::Number::Complex { .. } => ExprKind::Opaque("a complex number"),
            },
            ruff::Expr::StringLiteral(node) => match node.value.to_str() {
                text if text.contains(char::REPLACEMENT_CHARACTER) => ExprKind::Opaque(HALF),
                text => ExprKind::Str(text.into()),
            },
            ruff::Expr::BytesLiteral(node) => ExprKind::Bytes(node.value.bytes().collect()),
            ruff::Expr::FString(node) => ExprKind::Format(self.format_string(node)),
            ruff::Expr::TString(_) => ExprKind::Opaque("a template string"),
            ruff::Expr::Name(node) => ExprKind::Name(self.name(node.id.as_str())),
            ruff::Expr::Attribute(node) => {
                let name = self.name(node.attr.as_str());
                ExprKind::Attribute(self.boxed(&node.value), name)
            }
            ruff::Expr::Subscript(node) => ExprKind::Subscript(self.boxed(&node.value), self.boxed(&node.slice)),
            ruff::Expr::Slice(node) => ExprKind::Slice(
                self.optional(node.lower.as_deref()),
                self.optional(node.upper.as_deref()),
                self.optional(node.step.as_deref()),
            ),
            ruff::Expr::Call(node) => ExprKind::Call(Box::new(Call {
                function: self.expr(&node.func),
                args: self.exprs(&node.arguments.args),
                keywords: self.keywords(&node.arguments.keywords),
            })),
            ruff::Expr::List(node) => ExprKind::List(self.exprs(&node.elts)),
            ruff::Expr::Tuple(node) => ExprKind::Tuple(self.exprs(&node.elts)),
            ruff::Expr::Set(node) => ExprKind::Set(self.exprs(&node.elts)),
            ruff::Expr::Dict(node) => {
                let items = node.items.iter();
                ExprKind::Dict(
                    items.map(|item| (item.key.as_ref().map(|key| self.expr(key)), self.expr(&item.value))).collect(),
                )
            }
            ruff::Expr::Starred(node) => ExprKind::Starred(self.boxed(&node.value)),
            ruff::Expr::BinOp(node) => {
                ExprKind::Binary(self.boxed(&node.left), binary_op(node.op), self.boxed(&node.right))
            }
            ruff::Expr::UnaryOp(node) => ExprKind::Unary(unary_op(node.op), self.boxed(&node.operand)),
            ruff::Expr::BoolOp(node) => match node.op {
                ruff::BoolOp::And => ExprKind::And(self.exprs(&node.values)),
                ruff::BoolOp::Or => ExprKind::Or(self.exprs(&node.values)),
            },
            ruff::Expr::Compare(node) => {
                let rest = node.ops.iter().zip(&node.comparators);
                let rest = rest.map(|(op, right)| (compare_op(*op), self.expr(right))).collect();
                ExprKind::Compare(self.boxed(&node.left), rest)
            }
            ruff::Expr::If(node) => ExprKind::IfElse {
                test: self.boxed(&node.test),
                body: self.boxed(&node.body),
                orelse: self.boxed(&node.orelse),
            },
            ruff::Expr::Lambda(node) => ExprKind::Lambda(Arc::new(self.lambda(node))),
            ruff::Expr::ListComp(node) => {
                self.comprehension(ComprehensionKind::List, Some(&node.elt), None, &node.generators)
            }
            ruff::Expr::SetComp(node) => {
                self.comprehension(ComprehensionKind::Set, Some(&node.elt), None, &node.generators)
            }
            ruff::Expr::DictComp(node) => {
                self.comprehension(ComprehensionKind::Dict, node.key.as_deref(), Some(&node.value), &node.generators)
            }
            ruff::Expr::Generator(node) => {
                let kind = self.comprehension(ComprehensionKind::List, Some(&node.elt), None, &node.generators);
                let body = Expr { kind, span: span(node.range) };
                ExprKind::Generator(Arc::new(Function {
                    name: self.name("<genexpr>"),
                    name_span: body.span,
                    parameters: Vec::new(),
                    names: Arc::default(),
                    is_async: false,
                    is_generator: false,
                    span: body.span,
                    body: vec![Stmt { span: body.span, kind: StmtKind::Expr(body) }],
                }))
            }
            ruff::Expr::Named(node) => match node.target.as_ref() {
                ruff::Expr::Name(target) => {
                    let name = self.name(target.id.as_str());
                    ExprKind::Walrus(name, self.boxed(&node.value))
                }
                _ => ExprKind::Opaque("an assignment expression"),
            },
            ruff::Expr::Await(node) => ExprKind::Suspend(Suspension::Await, Some(self.boxed(&node.value))),
            ruff::Expr::Yield(node) => {
                self.note_yield();
                ExprKind::Suspend(Suspension::Yield, node.value.as_ref().map(|value| self.boxed(value)))
            }
            ruff::Expr::YieldFrom(node) => {
                self.note_yield();
                ExprKind::Suspend(Suspension::YieldFrom, Some(self.boxed(&node.value)))
            }
            ruff::Expr::IpyEscapeCommand(_) => ExprKind::Opaque("a shell escape"),
        }
    }

    /// The function around is a generator.
    fn note_yield(&mut self) {
        if let Some(yields) = self.yields.last_mut() {
            *yields = true;
        }
    }

    /// The annotated names of a class body.
    fn annotations(&mut self, body: &[ruff::Stmt]) -> Vec<(Name, Expr)> {
        let annotated = body.iter().filter_map(|statement| match statement {
            ruff::Stmt::AnnAssign(node) => match node.target.as_ref() {
                ruff::Expr::Name(name) => Some((self.name(name.id.as_str()), self.expr(&node.annotation))),
                _ => None,
            },
            _ => None,
        });
        annotated.collect()
    }

    fn keywords(&mut self, keywords: &[ruff::Keyword]) -> Vec<(Option<Name>, Expr)> {
        let lowered = keywords
            .iter()
            .map(|keyword| (keyword.arg.as_ref().map(|name| self.plain(name.as_str())), self.expr(&keyword.value)));
        lowered.collect()
    }

    fn lambda(&mut self, node: &ruff::ExprLambda) -> Function {
        self.yields.push(false);
        let value = self.expr(&node.body);
        let is_generator = self.yields.pop().unwrap_or_default();
        let span = span(node.range);
        let parameters = node.parameters.as_ref().map(|parameters| self.parameters(parameters)).unwrap_or_default();
        let body = vec![Stmt { span: value.span, kind: StmtKind::Return(Some(value)) }];
        Function {
            name: self.name("<lambda>"),
            name_span: span,
            names: Arc::new(names_of_function(&parameters, &body)),
            parameters,
            body,
            is_async: false,
            is_generator,
            span,
        }
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: Option<&ruff::Expr>,
        value: Option<&ruff::Expr>,
        generators: &[ruff::Comprehension],
    ) -> ExprKind {
        // `{**d for d in ds}` of Python 3.15 has no key.
        let Some(element) = element else { return ExprKind::Opaque("a dict comprehension with **") };
        let clauses = generators.iter().map(|generator| Clause {
            target: self.expr(&generator.target),
            iter: self.expr(&generator.iter),
            ifs: self.exprs(&generator.ifs),
            is_async: generator.is_async,
        });
        let clauses: Vec<Clause> = clauses.collect();
        let element = self.expr(element);
        let value = value.map(|value| self.expr(value));
        ExprKind::Comprehension(Box::new(Comprehension {
            names: Arc::new(names_of_clauses(&clauses)),
            kind,
            element,
            value,
            clauses,
        }))
    }
}

fn binary_op(op: ruff::Operator) -> BinaryOp {
    match op {
        ruff::Operator::Add => BinaryOp::Add,
        ruff::Operator::Sub => BinaryOp::Sub,
        ruff::Operator::Mult => BinaryOp::Mul,
        ruff::Operator::MatMult => BinaryOp::MatMul,
        ruff::Operator::Div => BinaryOp::Div,
        ruff::Operator::FloorDiv => BinaryOp::FloorDiv,
        ruff::Operator::Mod => BinaryOp::Mod,
        ruff::Operator::Pow => BinaryOp::Pow,
        ruff::Operator::LShift => BinaryOp::LShift,
        ruff::Operator::RShift => BinaryOp::RShift,
        ruff::Operator::BitOr => BinaryOp::BitOr,
        ruff::Operator::BitXor => BinaryOp::BitXor,
        ruff::Operator::BitAnd => BinaryOp::BitAnd,
    }
}

fn unary_op(op: ruff::UnaryOp) -> UnaryOp {
    match op {
        ruff::UnaryOp::Not => UnaryOp::Not,
        ruff::UnaryOp::USub => UnaryOp::Neg,
        ruff::UnaryOp::UAdd => UnaryOp::Pos,
        ruff::UnaryOp::Invert => UnaryOp::Invert,
    }
}

fn compare_op(op: ruff::CmpOp) -> CompareOp {
    match op {
        ruff::CmpOp::Eq => CompareOp::Eq,
        ruff::CmpOp::NotEq => CompareOp::NotEq,
        ruff::CmpOp::Lt => CompareOp::Lt,
        ruff::CmpOp::LtE => CompareOp::LtE,
        ruff::CmpOp::Gt => CompareOp::Gt,
        ruff::CmpOp::GtE => CompareOp::GtE,
        ruff::CmpOp::Is => CompareOp::Is,
        ruff::CmpOp::IsNot => CompareOp::IsNot,
        ruff::CmpOp::In => CompareOp::In,
        ruff::CmpOp::NotIn => CompareOp::NotIn,
    }
}

/// What a literal with an escape of half a character is: the parser puts another character in its place.
const HALF: &str = "a string that may not be Unicode";
