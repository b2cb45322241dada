//! From a program's tree to its files.

use std::collections::BTreeSet;

use super::tree::{
    Call, Clause, Expression, Filled, Function, KINDS, Layout, Name, Piece, Program, RESULTS, Scope, Statement, Style,
    assigned,
};

/// How many variables of each kind there are.
pub const NAMES: u8 = 3;

impl Program {
    /// The files by their paths, for a program of this name, and its settings module.
    pub fn files(&self, name: &str) -> (Vec<(String, String)>, String) {
        let mut renderer = Renderer::default();
        let base = renderer.block_text(&self.base);
        if self.layout == Layout::Single {
            let text = format!("{}{}{base}", imports(&base), self.initial_text(&used(&base)));
            return (vec![(format!("{name}.py"), text)], name.to_owned());
        }
        let top = renderer.block_text(&self.top);
        let (in_base, in_top) = (used(&base), used(&top));
        let exported: Vec<Name> = match self.layout {
            Layout::All => in_base.iter().copied().filter(|name| name.number != 2).collect(),
            _ => in_base.clone(),
        };
        let shared: Vec<Name> = in_top.iter().copied().filter(|name| exported.contains(name)).collect();
        let own: Vec<Name> = in_top.into_iter().filter(|name| !exported.contains(name)).collect();
        let mut base = format!("{}_HIDDEN = 'a'\n{}{base}", imports(&base), self.initial_text(&in_base));
        if self.layout == Layout::All {
            let names: Vec<String> = exported.iter().map(|name| format!("{:?}", name.to_string())).collect();
            base += &format!("__all__ = [{}]\n__all__ += ['_HIDDEN']\n", names.join(", "));
        }
        let listed = |separator: &str, each: &dyn Fn(&Name) -> String| -> String {
            shared.iter().map(each).collect::<Vec<_>>().join(separator)
        };
        let taken = match self.layout {
            Layout::Single | Layout::Star | Layout::All | Layout::Chosen => "from .base import *\n".to_owned(),
            Layout::Absolute => format!("from {name}.base import *\n"),
            Layout::Names if shared.is_empty() => "from .base import _HIDDEN\n".to_owned(),
            Layout::Names => format!("from .base import {}\n", listed(", ", &Name::to_string)),
            Layout::Module => {
                format!("from . import base\n{}", listed("", &|name| format!("{name} = base.{name}\n")))
            }
            Layout::Update => {
                "from . import base\nglobals().update({k: v for k, v in vars(base).items() if k.isupper()})\n"
                    .to_owned()
            }
            Layout::Missing => {
                "try:\n    from .local import *\nexcept ImportError:\n    pass\nfrom .base import *\n".to_owned()
            }
        };
        let hidden = "HIDDEN = globals().get('_HIDDEN', 'not there')\n";
        let top = format!("{}{taken}{hidden}{}{top}", imports(&top), self.initial_text(&own));
        let (package, module) = match self.layout {
            Layout::Chosen => (
                "import os\nif os.environ.get('E1') == '1':\n    from .base import *\nelse:\n    from .production import *\n",
                name.to_owned(),
            ),
            _ => ("", format!("{name}.production")),
        };
        let files = [("__init__", package.to_owned()), ("base", base), ("production", top)];
        (files.into_iter().map(|(file, text)| (format!("{name}/{file}.py"), text)).collect(), module)
    }

    /// The first binding of names.
    fn initial_text(&self, names: &[Name]) -> String {
        names.iter().map(|name| format!("{name} = {}\n", self.initial_of(*name))).collect()
    }

    fn initial_of(&self, name: Name) -> &'static str {
        let kind = KINDS.iter().position(|kind| *kind == name.kind).unwrap_or_default();
        self.initial[kind * usize::from(NAMES) + usize::from(name.number) - 1]
    }
}

/// The variables that a text mentions.
fn used(text: &str) -> Vec<Name> {
    let all = KINDS.iter().flat_map(|kind| (1..=NAMES).map(|number| Name { kind: *kind, number }));
    all.filter(|name| text.contains(&name.to_string())).collect()
}

fn imports(text: &str) -> String {
    let modules = ["ast", "datetime", "json", "os", "sys"];
    let mut lines: String = modules
        .iter()
        .filter(|module| text.contains(&format!("{module}.")))
        .map(|module| format!("import {module}\n"))
        .collect();
    if text.contains("Path(") || text.contains("PATH_") {
        lines += "from pathlib import Path, PurePosixPath\n";
    }
    if text.contains("item") {
        lines += "item = None\n";
    }
    lines
}

#[derive(Default)]
struct Renderer {
    lines: String,
    indent: usize,
    /// How many names of their own statements have.
    fresh: usize,
    /// The names that each function around this place binds, innermost last.
    functions: Vec<BTreeSet<Name>>,
    /// What the innermost function gives.
    result: usize,
    forbids_walrus: bool,
}

impl Renderer {
    fn block_text(&mut self, block: &[Statement]) -> String {
        self.block(block);
        std::mem::take(&mut self.lines)
    }

    fn out(&mut self, text: &str) {
        for line in text.lines() {
            self.lines += &"    ".repeat(self.indent);
            self.lines += line;
            self.lines.push('\n');
        }
    }

    fn block(&mut self, block: &[Statement]) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn body(&mut self, first: &str, block: &[Statement]) {
        self.indent += 1;
        self.out(if first.is_empty() && block.is_empty() { "pass" } else { first });
        self.block(block);
        self.indent -= 1;
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Simple(filled) => {
                let mut text = self.filled(filled);
                if !self.functions.is_empty() {
                    // Python forbids an annotation where the name is declared `global`.
                    text = text.replace(": int = ", " = ");
                }
                self.out(&text);
            }
            Statement::Compound(clauses) => self.compound(clauses),
            Statement::While { times, condition, body, otherwise } => {
                let counter = self.fresh("w");
                self.out(&format!("{counter} = {times}"));
                let and = condition.as_ref().map(|condition| format!(" and {}", self.expression(condition)));
                self.out(&format!("while {counter}{}:", and.unwrap_or_default()));
                self.body(&format!("{counter} -= 1"), body);
                if let Some(otherwise) = otherwise {
                    self.out("else:");
                    self.body("", otherwise);
                }
            }
            Statement::Function(function) => self.function(function),
            Statement::Return(values) => {
                let value = self.expression(&values[self.result]);
                self.out(&format!("return {value}"));
            }
        }
    }

    fn compound(&mut self, clauses: &[Clause]) {
        let is_match = matches!(clauses.first(), Some(first) if self.filled(&first.head).starts_with("match "));
        for (index, clause) in clauses.iter().enumerate() {
            let text = self.filled(&clause.head);
            let (mut head, first) = text.split_once('\n').unwrap_or((&text, ""));
            let is_followed = clauses.get(index + 1).is_some_and(|next| self.filled(&next.head).starts_with("except"));
            if head == "except:" && is_followed {
                head = "except Exception:";
            }
            self.out(head);
            if is_match && index == 0 {
                self.indent += 1;
            } else {
                self.body(first, &clause.body);
            }
        }
        self.indent -= usize::from(is_match);
    }

    fn function(&mut self, function: &Function) {
        let name = self.fresh("f");
        let mut names: BTreeSet<Name> = BTreeSet::new();
        let is_first = |(name, _): &&(Name, Option<&str>)| names.insert(*name);
        let mut parameters: Vec<_> = function.parameters.iter().filter(is_first).collect();
        parameters.sort_by_key(|(_, default)| default.is_some());
        let mut signature: Vec<String> = parameters
            .iter()
            .map(|(name, default)| default.map_or_else(|| name.to_string(), |default| format!("{name}={default}")))
            .collect();
        if function.style == Style::Recursive {
            signature.insert(0, "depth".to_owned());
        }
        if function.has_rest {
            signature.extend(["*args".to_owned(), "**named".to_owned()]);
        }
        if function.style == Style::Decorated {
            let (wrapper, inner) = (self.fresh("d"), self.fresh("i"));
            self.out(&format!("def {wrapper}(f):\n    def {inner}(*a, **k):\n        return f(*a, **k)"));
            self.out(&format!("    return {inner}\n@{wrapper}"));
        }
        self.out(&format!("def {name}({}):", signature.join(", ")));
        let mut bound = BTreeSet::new();
        assigned(&function.body, &mut bound);
        bound.retain(|name| !names.contains(name));
        let first = self.declarations(function.scope, &bound);
        if matches!(function.scope, Scope::Local | Scope::Bare) {
            names.extend(bound);
        }
        self.functions.push(names);
        let outer = std::mem::replace(&mut self.result, function.result);
        let forbids_walrus = std::mem::replace(&mut self.forbids_walrus, true);
        self.body(&first, &[]);
        self.forbids_walrus = false;
        self.indent += 1;
        self.block(&function.body);
        self.forbids_walrus = true;
        let last = self.expression(&function.last[function.result]);
        self.out(&match function.style {
            Style::Generator => format!("for n in range(2):\n    yield {last}\nyield 'end'"),
            Style::Recursive => format!("return {last} if depth < 1 else {name}({})", recursion(&parameters)),
            _ => format!("return {last}"),
        });
        self.indent -= 1;
        self.functions.pop();
        self.forbids_walrus = forbids_walrus;
        self.result = outer;
        let required = parameters.iter().filter(|(_, default)| default.is_none()).count();
        for call in &function.calls {
            let text = self.call(&name, function, call, &parameters, required);
            self.out(&text);
        }
    }

    fn declarations(&self, scope: Scope, bound: &BTreeSet<Name>) -> String {
        let listed = |names: Vec<&Name>| names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ");
        let around = |name: &Name| self.functions.iter().any(|names| names.contains(name));
        let mut lines = Vec::new();
        match scope {
            Scope::Bare => {}
            Scope::Local => {
                lines.extend(
                    bound.iter().map(|name| format!("{name} = {}", super::expressions::literals(name.kind)[1])),
                );
            }
            Scope::Global => lines.push(format!("global {}", listed(bound.iter().collect()))),
            Scope::Nonlocal => {
                let (nonlocal, global): (Vec<&Name>, Vec<&Name>) = bound.iter().partition(|name| around(name));
                lines.push(format!("nonlocal {}", listed(nonlocal)));
                lines.push(format!("global {}", listed(global)));
            }
        }
        lines.retain(|line| !line.ends_with("global ") && !line.ends_with("nonlocal "));
        lines.join("\n")
    }

    fn call(
        &mut self,
        name: &str,
        function: &Function,
        call: &Call,
        parameters: &[&(Name, Option<&str>)],
        required: usize,
    ) -> String {
        let given = call.arguments.len().min(parameters.len()).max(required.min(call.arguments.len()));
        let mut arguments: Vec<String> =
            call.arguments[..given].iter().map(|argument| self.expression(argument)).collect();
        if call.by_name
            && let Some(last) = arguments.last_mut()
        {
            *last = format!("{}={last}", parameters[given - 1].0);
        }
        if function.style == Style::Recursive {
            arguments.insert(0, "2".to_owned());
        }
        if function.has_rest && !call.rest.is_empty() && !(call.by_name && call.rest.starts_with("*[")) {
            arguments.push(call.rest.to_owned());
        }
        let target = Name { kind: RESULTS[function.result], number: call.target };
        let called = format!("{name}({})", arguments.join(", "));
        match function.style {
            Style::Generator => format!("LIST_{} = list({called})", call.target),
            _ => format!("{target} = {called}"),
        }
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.fresh += 1;
        format!("{prefix}{}", self.fresh)
    }

    fn expression(&mut self, expression: &Expression) -> String {
        match expression {
            Expression::Literal(text) => (*text).to_owned(),
            Expression::Name(name) => name.to_string(),
            Expression::Pattern(filled) if self.forbids_walrus && filled.pattern.is_walrus() => {
                format!("({})", self.expression(&filled.holes[1]))
            }
            Expression::Pattern(filled) => self.filled(filled),
        }
    }

    fn filled(&mut self, filled: &Filled) -> String {
        let forbids_walrus = self.forbids_walrus;
        self.forbids_walrus |= filled.pattern.forbids_walrus();
        let mut text = String::new();
        let mut fresh: Vec<(&str, String)> = Vec::new();
        for piece in &filled.pattern.pieces {
            match piece {
                Piece::Text(literal) => text += literal,
                Piece::Hole(index) => {
                    let part = self.expression(&filled.holes[*index]);
                    let is_loose = match &filled.holes[*index] {
                        Expression::Pattern(inner) => inner.pattern.is_loose || part.starts_with('-'),
                        // A number has no attributes: `1.real`.
                        Expression::Literal(text) => text.starts_with(['-', '0', '1', '2', '3', '4', '5']),
                        Expression::Name(_) => false,
                    };
                    text += &if is_loose { format!("({part})") } else { part };
                }
                Piece::Fresh(prefix) => {
                    let known = fresh.iter().find(|(known, _)| known == prefix).map(|(_, name)| name.clone());
                    text += &known.unwrap_or_else(|| {
                        let name = self.fresh(prefix);
                        fresh.push((prefix, name.clone()));
                        name
                    });
                }
            }
        }
        self.forbids_walrus = forbids_walrus;
        text
    }
}

fn recursion(parameters: &[&(Name, Option<&str>)]) -> String {
    let mut arguments = vec!["depth - 1".to_owned()];
    arguments.extend(parameters.iter().map(|(name, _)| name.to_string()));
    arguments.join(", ")
}
