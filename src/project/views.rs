//! Views that settings name by a dotted path.

use super::settings::Settings;
use crate::eval::{Imports, Machine, Mode, World};

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
    /// It may name one, but that is not known.
    Unknown {
        /// Why.
        why: &'static str,
    },
}

/// Why the path in a setting names no view, or may name none; nothing where it names one.
pub fn no_view(world: &World, settings: &Settings, setting: &str) -> Option<NoView> {
    let value = &settings.names.get(setting)?.value;
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
    if source.file().is_none() {
        return Some(NoView::Unknown { why: "the module is not one of the project's own" });
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
        (true, _) => None,
        (false, true) => Some(NoView::Unknown { why: "the module may have more names" }),
        (false, false) => Some(NoView::MissingName { module: module.to_owned(), name: name.to_owned() }),
    }
}
