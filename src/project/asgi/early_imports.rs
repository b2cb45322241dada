//! What importing a module brings about: which of a project's modules define models, or use them, at once.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::app_registry::needs_app_registry;
use crate::eval::{ModuleSource, World};
use crate::project::modules::absolute;
use crate::python::ast::{Alias, Expr, ExprKind, Module, Stmt, StmtKind};
use crate::source::{FileId, Place, Span};

/// An import in an entry point that reaches models before Django is set up.
#[derive(Debug)]
pub struct EarlyImport {
    /// The import in the entry point.
    pub place: Place,
    /// The module that it imports.
    pub module: String,
    /// The imports from there to the end, each with the module that it imports.
    pub chain: Vec<(Place, String)>,
    /// What needs the app registry, as a clause: "defines the model `Message`".
    pub reached: String,
    /// Where.
    pub reached_at: Place,
    /// Where Django is set up: `get_asgi_application()` or `django.setup()`.
    pub setup: Option<Place>,
}

/// The imports of an entry point before `get_asgi_application()` or `django.setup()` that need the app registry.
pub fn early_imports(world: &World, entry: FileId, name: &str) -> Vec<EarlyImport> {
    let Some(tree) = world.trees.get(entry) else { return Vec::new() };
    let mut scanner = Scanner { world, seen: FxHashSet::default(), is_set_up: false };
    let facts = Facts::of(&tree, name, entry, world);
    let setup = facts.events.iter().find_map(|event| match event {
        Event::SetUp(span) => Some(*span),
        _ => None,
    });
    let mut found = Vec::new();
    // Importing `config.asgi` imports `config` first, which may set Django up.
    if let Some((package, _)) = name.rsplit_once('.') {
        scanner.reach(package, Place::new(entry, Span::default()));
    }
    if scanner.is_set_up {
        return found;
    }
    for event in &facts.events {
        match event {
            Event::SetUp(_) => break,
            Event::Import { module, span } => {
                let place = Place::new(entry, *span);
                if let Some(reached) = scanner.reach(module, place) {
                    let setup = setup.map(|span| Place::new(entry, span));
                    found.push(EarlyImport {
                        place,
                        module: module.clone(),
                        chain: reached.chain,
                        reached: reached.what,
                        reached_at: reached.place,
                        setup,
                    });
                }
            }
            // The entry point itself: what it defines before it sets Django up is beyond an import's order.
            Event::NeedsRegistry { .. } => {}
        }
    }
    found
}

struct Reached {
    chain: Vec<(Place, String)>,
    what: String,
    place: Place,
}

struct Scanner<'w, 'a> {
    world: &'w World<'a>,
    seen: FxHashSet<String>,
    /// Whether a module on the way sets Django up itself.
    is_set_up: bool,
}

impl Scanner<'_, '_> {
    /// What importing a module reaches first that needs the app registry.
    fn reach(&mut self, module: &str, from: Place) -> Option<Reached> {
        if self.is_set_up || !self.seen.insert(module.to_owned()) || self.seen.len() > 2_000 {
            return None;
        }
        // Importing `a.b.c` imports `a` and `a.b` first.
        if let Some((package, _)) = module.rsplit_once('.')
            && self.world.module(package).is_some()
            && let Some(reached) = self.reach(package, from)
        {
            return Some(reached);
        }
        let Some(source) = self.world.module(module) else {
            return needs_app_registry(module).then(|| Reached {
                chain: Vec::new(),
                what: format!("imports `{module}`, which defines models"),
                place: from,
            });
        };
        let file = match source {
            ModuleSource::File(file) | ModuleSource::Package(file) => file,
            ModuleSource::Namespace(_) | ModuleSource::GlobalSettings => return None,
        };
        let tree = self.world.trees.get(file)?;
        let facts = Facts::of(&tree, module, file, self.world);
        for event in facts.events {
            match event {
                Event::SetUp(_) => {
                    self.is_set_up = true;
                    return None;
                }
                Event::NeedsRegistry { what, span } => {
                    return Some(Reached { chain: Vec::new(), what, place: Place::new(file, span) });
                }
                Event::Import { module, span } => {
                    let place = Place::new(file, span);
                    if let Some(mut reached) = self.reach(&module, place) {
                        if self.world.module(&module).is_some() {
                            reached.chain.insert(0, (place, module));
                        }
                        return Some(reached);
                    }
                }
            }
        }
        None
    }
}

/// Something that happens while a module is being imported.
enum Event {
    Import { module: String, span: Span },
    SetUp(Span),
    NeedsRegistry { what: String, span: Span },
}

/// What happens, in order, while a module is being imported, and what its names stand for.
struct Facts<'w, 'a> {
    world: &'w World<'a>,
    module: &'w str,
    is_package: bool,
    names: FxHashMap<Arc<str>, String>,
    events: Vec<Event>,
}

impl<'w, 'a> Facts<'w, 'a> {
    fn of(tree: &Module, module: &'w str, file: FileId, world: &'w World<'a>) -> Self {
        let is_package = world.trees.sources.path(file).ends_with("__init__.py");
        let mut facts = Self { world, module, is_package, names: FxHashMap::default(), events: Vec::new() };
        facts.block(&tree.body);
        facts
    }

    /// Statements that run when the module is imported: not those of functions.
    fn block(&mut self, body: &[Stmt]) {
        for statement in body {
            match &statement.kind {
                StmtKind::Import(aliases) => aliases.iter().for_each(|alias| self.import_module(alias)),
                StmtKind::ImportFrom { level, module, names } => {
                    self.import_from(*level, module, names, statement.span)
                }
                StmtKind::If { branches, orelse } => {
                    let is_for_types = branches.iter().all(|(test, _)| self.is_type_checking(test));
                    for (test, body) in branches {
                        if !self.is_type_checking(test) && !is_main(test) {
                            self.expression(test);
                            self.uncertain(body);
                        }
                    }
                    if is_for_types { self.block(orelse) } else { self.uncertain(orelse) }
                }
                StmtKind::Try { body, handlers, orelse, finalbody } => {
                    match handlers.iter().any(|handler| catches_unready(handler.class.as_ref())) {
                        true => self.uncertain(body),
                        false => self.block(body),
                    }
                    handlers.iter().for_each(|handler| self.uncertain(&handler.body));
                    self.block(orelse);
                    self.block(finalbody);
                }
                StmtKind::With { items, body } => {
                    items.iter().for_each(|(context, _)| self.expression(context));
                    self.block(body);
                }
                StmtKind::For { iter, body, orelse, .. } => {
                    self.expression(iter);
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::Class { class, decorators } => {
                    decorators.iter().for_each(|decorator| self.expression(decorator));
                    for base in &class.bases {
                        if self.resolved(base).is_some_and(|base| is_model_base(&base)) {
                            let what = format!("defines the model `{}`", class.name);
                            self.events.push(Event::NeedsRegistry { what, span: class.name_span });
                        }
                    }
                    self.block(&class.body);
                }
                StmtKind::Function { function, decorators } => {
                    self.names.insert(function.name.clone(), format!("{}.{}", self.module, function.name));
                    decorators.iter().for_each(|decorator| self.expression(decorator));
                }
                StmtKind::Expr(value) | StmtKind::Assign { value, .. } | StmtKind::AugAssign { value, .. } => {
                    self.expression(value);
                }
                _ => {}
            }
        }
    }

    /// Statements that may not run, or whose failure is caught: they count only where they set Django up.
    fn uncertain(&mut self, body: &[Stmt]) {
        let before = self.events.len();
        self.block(body);
        let set_up = self.events.split_off(before).into_iter().filter(|event| matches!(event, Event::SetUp(_)));
        self.events.extend(set_up);
    }

    fn import(&mut self, module: String, span: Span) {
        // They make an application as they are imported: django-configurations 2.5, `configurations/asgi.py`.
        if matches!(module.as_str(), "configurations.asgi" | "configurations.wsgi") {
            self.events.push(Event::SetUp(span));
            return;
        }
        self.events.push(Event::Import { module, span });
    }

    fn import_module(&mut self, alias: &Alias) {
        self.import(alias.name.to_string(), alias.span);
        let (name, target) = match &alias.asname {
            Some(name) => (name.clone(), alias.name.to_string()),
            None => {
                let first = alias.name.split('.').next().unwrap_or_default();
                (first.into(), first.to_owned())
            }
        };
        self.names.insert(name, target);
    }

    fn import_from(&mut self, level: u32, module: &str, names: &[Alias], span: Span) {
        let Some(from) = absolute(self.module, self.is_package, level, module) else { return };
        if from == "__future__" {
            return;
        }
        self.import(from.clone(), span);
        for alias in names {
            let full = format!("{from}.{}", alias.name);
            // `from package import module` imports the module too.
            if self.world.module(&full).is_some() || self.world.module(&from).is_none() && needs_app_registry(&full) {
                self.import(full.clone(), alias.span);
            }
            self.names.insert(alias.asname.clone().unwrap_or_else(|| alias.name.clone()), full);
        }
    }

    /// Calls that an expression makes at once.
    fn expression(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Call(call) => {
                self.expression(&call.function);
                call.args.iter().for_each(|arg| self.expression(arg));
                call.keywords.iter().for_each(|(_, value)| self.expression(value));
                match self.resolved(&call.function).as_deref() {
                    Some(
                        "django.core.asgi.get_asgi_application"
                        | "django.setup"
                        | "configurations.setup"
                        | "configurations.asgi.get_asgi_application"
                        | "django.core.wsgi.get_wsgi_application",
                    ) => {
                        self.events.push(Event::SetUp(value.span));
                    }
                    Some("django.contrib.auth.get_user_model") => {
                        let what = "calls `get_user_model()`".to_owned();
                        self.events.push(Event::NeedsRegistry { what, span: value.span });
                    }
                    Some("django.apps.apps.get_model") => {
                        let what = "calls `apps.get_model()`".to_owned();
                        self.events.push(Event::NeedsRegistry { what, span: value.span });
                    }
                    Some(name) if self.may_set_up(name) => self.events.push(Event::SetUp(value.span)),
                    _ => {}
                }
            }
            ExprKind::Attribute(value, _) | ExprKind::Starred(value) | ExprKind::Unary(_, value) => {
                self.expression(value);
            }
            ExprKind::Subscript(left, right) | ExprKind::Binary(left, _, right) => {
                self.expression(left);
                self.expression(right);
            }
            ExprKind::List(items)
            | ExprKind::Tuple(items)
            | ExprKind::Set(items)
            | ExprKind::And(items)
            | ExprKind::Or(items) => {
                items.iter().for_each(|item| self.expression(item));
            }
            ExprKind::Dict(items) => {
                for (key, value) in items {
                    key.iter().for_each(|key| self.expression(key));
                    self.expression(value);
                }
            }
            ExprKind::IfElse { test, body, orelse } => {
                [test, body, orelse].into_iter().for_each(|part| self.expression(part));
            }
            _ => {}
        }
    }

    /// Whether a function of the project stands in a module that sets Django up: the function may be what does.
    fn may_set_up(&self, function: &str) -> bool {
        let module = function.rsplit_once('.').and_then(|(module, _)| self.world.module(module));
        let Some(source) = module.and_then(|source| source.file()) else { return false };
        let sources = self.world.trees.sources;
        sources.file(source).is_ok_and(|source| {
            ["django.setup", "from django import setup", "get_asgi_application", "get_wsgi_application"]
                .iter()
                .any(|call| source.text.contains(call))
        })
    }

    /// The qualified name that a name or an attribute of one stands for.
    fn resolved(&self, value: &Expr) -> Option<String> {
        match &value.kind {
            ExprKind::Name(name) => self.names.get(name).cloned(),
            ExprKind::Attribute(value, name) => Some(format!("{}.{name}", self.resolved(value)?)),
            _ => None,
        }
    }

    fn is_type_checking(&self, test: &Expr) -> bool {
        self.resolved(test).is_some_and(|name| name.ends_with(".TYPE_CHECKING"))
            || matches!(&test.kind, ExprKind::Name(name) if name.as_ref() == "TYPE_CHECKING")
    }
}

/// Whether an `except` clause catches what an app registry that is not ready raises, or may.
fn catches_unready(class: Option<&Expr>) -> bool {
    match class.map(|class| &class.kind) {
        Some(ExprKind::Name(name)) => !matches!(
            name.as_ref(),
            "ImportError" | "ModuleNotFoundError" | "KeyError" | "AttributeError" | "NameError" | "ValueError"
        ),
        Some(ExprKind::Tuple(items)) => items.iter().any(|item| catches_unready(Some(item))),
        _ => true,
    }
}

fn is_main(test: &Expr) -> bool {
    matches!(&test.kind, ExprKind::Compare(left, _) if matches!(&left.kind, ExprKind::Name(name) if name.as_ref() == "__name__"))
}

fn is_model_base(name: &str) -> bool {
    matches!(name, "django.db.models.Model" | "django.db.models.base.Model" | "django.contrib.gis.db.models.Model")
}
