//! Views that settings name by a dotted path.

use super::settings::Settings;
use crate::eval::{Imports, Machine, Mode, World};
use crate::python::ast::{self, ExprKind, Function, ParameterKind, StmtKind};

/// Why a path names no view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoView {
    /// It has no dot.
    NoModule,
    /// The module is one of the project's own and does not exist.
    MissingModule {
        /// The module.
        module: String,
        /// Whether the package that it would be in exists.
        has_parent: bool,
    },
    /// The module does not bind the name.
    MissingName {
        /// The module.
        module: String,
        /// The name.
        name: String,
    },
    /// It names a function that cannot be called as Django calls it.
    WrongParameters,
    /// It may name one, but that is not known.
    Unknown {
        /// Why.
        why: &'static str,
    },
}

/// Why the path in `CSRF_FAILURE_VIEW` names no view that takes a request and a reason, or may name none; nothing where it
/// names one.
pub fn no_csrf_failure_view(world: &World, settings: &Settings) -> Option<NoView> {
    let value = &settings.names.get("CSRF_FAILURE_VIEW")?.value;
    let Some((module, name)) = value.as_str()?.rsplit_once('.') else { return Some(NoView::NoModule) };
    let is_own = |module: &str| {
        let outermost = world.module(module.split('.').next().unwrap_or(module));
        outermost.is_some_and(|source| source.file().is_some())
    };
    let Some(source) = world.module(module) else {
        let has_parent = module.rsplit_once('.').is_none_or(|(parent, _)| world.module(parent).is_some());
        return Some(match is_own(module) {
            true => NoView::MissingModule { module: module.to_owned(), has_parent },
            false => NoView::Unknown { why: "the module is not one of the project's own" },
        });
    };
    let Some(file) = source.file() else {
        return Some(NoView::Unknown { why: "the module is not one of the project's own" });
    };
    // Most modules say so without being run.
    if world.trees.get(file).is_some_and(|tree| defines_view(&tree, name)) {
        return None;
    }
    let mut machine =
        Machine::new(world, Mode { imports: Imports::Lazy, production: settings.is_deployed, bare: false });
    let Ok(program) = machine.run_program(module) else {
        return Some(NoView::Unknown { why: "the module raises in every case" });
    };
    // A function `__getattr__` makes names as they are asked for.
    let is_bound = [name, "__getattr__"].into_iter().any(|name| machine.freeze_name(&program, name).is_some());
    let is_open = machine.open_names(&program).is_some() || machine.exhaustion().is_some();
    match (is_bound, is_open) {
        (true, false) => {
            let view = machine.function_named(&program, name)?;
            (!takes_request_and_reason(&view)).then_some(NoView::WrongParameters)
        }
        (true, true) => None,
        (false, true) => Some(NoView::Unknown { why: "the module may have more names" }),
        (false, false) => Some(NoView::MissingName { module: module.to_owned(), name: name.to_owned() }),
    }
}

/// Whether a module plainly defines a function that takes a request and a reason, or one that a decorator makes into
/// something, and binds the name to nothing else afterwards.
fn defines_view(module: &ast::Module, name: &str) -> bool {
    let definition = module.body.iter().enumerate().rev().find_map(|(at, statement)| match &statement.kind {
        StmtKind::Function { function, decorators } if function.name.as_ref() == name => {
            Some((at, !decorators.is_empty() || takes_request_and_reason(function)))
        }
        _ => None,
    });
    let Some((at, true)) = definition else { return false };
    module.errors.is_empty() && module.body[at + 1..].iter().all(|statement| leaves(statement, name))
}

/// Whether a statement plainly binds other names alone.
fn leaves(statement: &ast::Stmt, name: &str) -> bool {
    match &statement.kind {
        StmtKind::Function { function, .. } => function.name.as_ref() != name,
        StmtKind::Class { class, .. } => class.name.as_ref() != name,
        StmtKind::Assign { targets, .. } => {
            targets.iter().all(|target| matches!(&target.kind, ExprKind::Name(other) if other.as_ref() != name))
        }
        StmtKind::Pass => true,
        StmtKind::Expr(value) => matches!(value.kind, ExprKind::Str(_)),
        _ => false,
    }
}

/// Whether `view(request, reason=reason)` finds a parameter for each argument, and an argument for each parameter.
fn takes_request_and_reason(view: &Function) -> bool {
    let is_by_position = |kind| matches!(kind, ParameterKind::PositionalOnly | ParameterKind::Positional);
    let first = view.parameters.iter().position(|parameter| is_by_position(parameter.kind));
    let has = |kind| view.parameters.iter().any(|parameter| parameter.kind == kind);
    let mut takes_reason = has(ParameterKind::KeywordRest);
    for (index, parameter) in view.parameters.iter().enumerate() {
        let is_named = matches!(parameter.kind, ParameterKind::Positional | ParameterKind::Keyword);
        let is_reason = is_named && parameter.name.as_ref() == "reason";
        let is_rest = matches!(parameter.kind, ParameterKind::Rest | ParameterKind::KeywordRest);
        match (Some(index) == first, is_reason) {
            // It gets the request already.
            (true, true) => return false,
            (true, false) => {}
            (false, true) => takes_reason = true,
            (false, false) if is_rest || parameter.default.is_some() => {}
            (false, false) => return false,
        }
    }
    takes_reason && (first.is_some() || has(ParameterKind::Rest))
}
