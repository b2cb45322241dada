//! Adding and moving imports.

use ruff_python_ast::{Expr, Stmt, StmtImportFrom};

use super::{Change, Editor, end, start};
use crate::source::Span;

/// A name that is imported, and what makes it so.
pub struct Imported {
    /// What the module calls it.
    pub name: String,
    /// The changes that import it; none where it is imported already.
    pub changes: Vec<Change>,
}

impl Editor {
    /// Has the module import `name` from `module`, or all of `module` where there is no name.
    pub fn import(&self, module: &str, name: Option<&str>) -> Option<Imported> {
        let wanted = name.unwrap_or(module);
        for statement in self.body() {
            let found = match (statement, name) {
                (Stmt::ImportFrom(import), Some(name)) if is_from(import, module) => {
                    import.names.iter().find(|alias| alias.name.as_str() == name)
                }
                (Stmt::Import(import), None) => import.names.iter().find(|alias| alias.name.as_str() == module),
                _ => None,
            };
            if let Some(alias) = found {
                let name = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                return Some(Imported { name, changes: Vec::new() });
            }
        }
        let changes = match name.and_then(|name| self.extend_import(module, name)) {
            Some(changes) => changes,
            None => self.add_import(module, name)?,
        };
        Some(Imported { name: wanted.to_owned(), changes })
    }

    /// Adds a name to a statement that imports others from the same module.
    fn extend_import(&self, module: &str, name: &str) -> Option<Vec<Change>> {
        let import = self.body().iter().find_map(|statement| match statement {
            Stmt::ImportFrom(import) if is_from(import, module) => Some(import),
            _ => None,
        })?;
        let (first, last) = (import.names.first()?, import.names.last()?);
        if self.has_comment(start(import), end(import)) || first.name.as_str() == "*" {
            return None;
        }
        let is_on_one_line = self.line_end(start(import)) >= end(import);
        let next = import.names.iter().find(|alias| alias.name.as_str().to_lowercase() > name.to_lowercase());
        let width = end(import) - self.line_start(start(import)) + name.len() as u32 + 2;
        if is_on_one_line && width > 88 {
            return None;
        }
        Some(match (next, is_on_one_line) {
            (Some(next), true) => vec![Change::insert(start(next), format!("{name}, "))],
            (None, true) => vec![Change::insert(end(last), format!(", {name}"))],
            (next, false) => {
                let anchor = next.unwrap_or(last);
                let indentation = self.indentation(start(anchor));
                match next {
                    Some(next) => vec![Change::insert(start(next), format!("{name},\n{indentation}"))],
                    None => vec![Change::insert(end(last), format!(",\n{indentation}{name}"))],
                }
            }
        })
    }

    /// Adds a statement where an import sorter would leave it.
    fn add_import(&self, module: &str, name: Option<&str>) -> Option<Vec<Change>> {
        let line = match name {
            Some(name) => format!("from {module} import {name}"),
            None => format!("import {module}"),
        };
        let root = root_of(module);
        let imports: Vec<(&Stmt, String, Option<u32>)> =
            self.body().iter().filter_map(|statement| key(statement).map(|(m, level)| (statement, m, level))).collect();
        let of_section =
            |section: Section| imports.iter().filter(move |(_, module, level)| section_of(module, *level) == section);
        let ours = Section::of(root);
        // `import x` stands before `from x import y`, as isort has it.
        let sorts_before = |other: &(&Stmt, String, Option<u32>)| {
            (other.2.is_some(), other.1.to_lowercase()) <= (name.is_some(), module.to_lowercase())
        };
        let siblings: Vec<_> =
            imports.iter().filter(|(_, other, level)| *level != Some(1) && root_of(other) == root).collect();
        let group: Vec<_> = if siblings.is_empty() { of_section(ours).collect() } else { siblings };
        let after = group.iter().rev().find(|other| sorts_before(other));
        if let Some((statement, ..)) = after {
            self.lines_of(Span::new(start(*statement), end(*statement)))?;
            return Some(vec![Change::insert(self.line_end(end(*statement)), format!("\n{line}"))]);
        }
        if let Some((statement, ..)) = group.first() {
            self.lines_of(Span::new(start(*statement), end(*statement)))?;
            return Some(vec![Change::insert(self.line_start(start(*statement)), format!("{line}\n"))]);
        }
        let before = imports.iter().rev().find(|(_, module, level)| section_of(module, *level) < ours);
        if let Some((statement, ..)) = before {
            self.lines_of(Span::new(start(*statement), end(*statement)))?;
            return Some(vec![Change::insert(self.line_end(end(*statement)), format!("\n\n{line}"))]);
        }
        let first = self.body().iter().find(|statement| !is_docstring(statement));
        let at = first.map_or(self.text.len() as u32, |statement| self.line_start(start(statement)));
        let is_import = first.is_some_and(|statement| key(statement).is_some());
        let gap = if is_import || first.is_some() { "\n\n" } else { "\n" };
        Some(vec![Change::insert(at, format!("{line}{gap}"))])
    }

    /// Moves a statement of the module below another one.
    pub fn move_below(&self, statement: Span, anchor: Span) -> Option<Vec<Change>> {
        let is_top = |span: Span| self.body().iter().any(|top| (start(top), end(top)) == (span.start, span.end));
        if !is_top(statement) || !is_top(anchor) {
            return None;
        }
        let (from, to) = self.lines_of(statement)?;
        let (_, below) = self.lines_of(anchor)?;
        let mut moved = self.slice(from, to).to_owned();
        if !moved.ends_with(['\n', '\r']) {
            moved.push('\n');
        }
        let gap = if self.slice(below, self.text.len() as u32).starts_with(['\n', '\r']) { "" } else { "\n" };
        // The blank line that stood before a group of its own goes with it.
        let is_own_group = self.is_blank_line_before(from) && self.slice(to, self.next_line(to)).trim().is_empty();
        let until = if is_own_group && to < self.text.len() as u32 { self.next_line(to) } else { to };
        Some(vec![Change::delete(from, until), Change::insert(below, format!("\n{moved}{gap}"))])
    }

    /// Moves a statement of the module below the one that holds a call. Where that does more than to call, the call gets a
    /// statement of its own before it, which binds `name`.
    pub fn move_below_call(&self, statement: Span, call: Span, name: &str) -> Option<Vec<Change>> {
        let holds = |top: &&Stmt| start(*top) <= call.start && call.end <= end(*top);
        let top = self.body().iter().find(holds)?;
        let anchor = Span::new(start(top), end(top));
        let value = match top {
            Stmt::Assign(assign) => Some(assign.value.as_ref()),
            Stmt::Expr(expression) => Some(expression.value.as_ref()),
            _ => None,
        };
        let is_whole = |value: &Expr| (start(value), end(value)) == (call.start, call.end);
        match value {
            Some(value) if is_whole(value) => return self.move_below(statement, anchor),
            Some(_) if !self.text.contains(name) && statement.end <= anchor.start => {}
            _ => return None,
        }
        self.expression(call)?;
        let (from, to) = self.lines_of(statement)?;
        let moved = self.slice(from, to).trim_end();
        let is_own_group = self.is_blank_line_before(from) && self.slice(to, self.next_line(to)).trim().is_empty();
        let until = if is_own_group { self.next_line(to) } else { to };
        let own = format!("{name} = {}\n\n{moved}\n\n", self.slice(call.start, call.end));
        Some(vec![
            Change::delete(from, until),
            Change::insert(self.line_start(anchor.start), own),
            Change::replace(call, name),
        ])
    }

    fn is_blank_line_before(&self, line_start: u32) -> bool {
        line_start > 0 && self.slice(self.line_start(line_start - 1), line_start).trim().is_empty()
    }
}

/// The groups of imports, as isort has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Future,
    Standard,
    Installed,
    Own,
}

impl Section {
    fn of(root: &str) -> Self {
        const STANDARD: [&str; 16] = [
            "ast",
            "collections",
            "datetime",
            "enum",
            "functools",
            "importlib",
            "json",
            "logging",
            "os",
            "pathlib",
            "re",
            "socket",
            "ssl",
            "sys",
            "typing",
            "urllib",
        ];
        match root {
            "__future__" => Self::Future,
            root if STANDARD.contains(&root) => Self::Standard,
            _ => Self::Installed,
        }
    }
}

fn section_of(module: &str, level: Option<u32>) -> Section {
    match level {
        Some(1..) => Section::Own,
        _ => Section::of(root_of(module)),
    }
}

fn root_of(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

/// The module that a statement imports, and, where it imports from it, how many dots it has.
fn key(statement: &Stmt) -> Option<(String, Option<u32>)> {
    match statement {
        Stmt::Import(import) => Some((import.names.first()?.name.to_string(), None)),
        Stmt::ImportFrom(import) => {
            let module = import.module.as_ref().map(ToString::to_string).unwrap_or_default();
            Some((module, Some(import.level)))
        }
        _ => None,
    }
}

fn is_from(import: &StmtImportFrom, module: &str) -> bool {
    import.level == 0 && import.module.as_ref().is_some_and(|from| from.as_str() == module)
}

fn is_docstring(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(expression) if expression.value.is_string_literal_expr())
}

#[cfg(test)]
mod tests {
    use super::super::changed;
    use super::*;

    fn with(text: &str, module: &str, name: Option<&str>) -> String {
        let editor = Editor::new(text).expect("Python");
        let imported = editor.import(module, name).expect("a place");
        changed(text, &imported.changes)
    }

    #[test]
    fn imports_go_where_they_belong() {
        let text = "import os\n\nfrom channels.auth import AuthMiddlewareStack\nfrom channels.routing import ProtocolTypeRouter, URLRouter\nfrom django.core.asgi import get_asgi_application\n\nfrom .x import y\n";
        let security = "from channels.security.websocket import AllowedHostsOriginValidator\n";
        assert_eq!(
            with(text, "channels.security.websocket", Some("AllowedHostsOriginValidator")),
            text.replace("from django", &format!("{security}from django"))
        );
        assert_eq!(with(text, "re", None), text.replace("import os\n", "import os\nimport re\n"));
        assert_eq!(
            with(text, "channels.routing", Some("ChannelNameRouter")),
            text.replace("import Protocol", "import ChannelNameRouter, Protocol")
        );
        assert_eq!(with(text, "os", None), text);
        assert_eq!(with("A = 1\n", "re", None), "import re\n\nA = 1\n");
        assert_eq!(
            with("\"\"\"D.\"\"\"\nfrom .b import *\n", "re", None),
            "\"\"\"D.\"\"\"\nimport re\n\nfrom .b import *\n"
        );
        assert_eq!(with("import sys\nA = 1\n", "re", None), "import re\nimport sys\nA = 1\n");
    }

    #[test]
    fn statements_move_below_others() {
        let text = "import os\n\nfrom chat import x\n\nA = 1\n\nB = x\n";
        let editor = Editor::new(text).expect("Python");
        let at = |part: &str| {
            let start = text.find(part).unwrap_or_default() as u32;
            Span::new(start, start + part.len() as u32)
        };
        let changes = editor.move_below(at("from chat import x"), at("A = 1")).expect("a place");
        assert_eq!(changed(text, &changes), "import os\n\nA = 1\n\nfrom chat import x\n\nB = x\n");
    }
}
