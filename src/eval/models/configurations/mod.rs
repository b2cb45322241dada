//! django-configurations 2.5: settings as the attributes of a class.
//!
//! Source: `configurations/base.py`, `importer.py` and `values.py` of django-configurations 2.5.1.

mod casts;
mod importer;
mod values;

use super::Call;
use super::django_defaults::{django_default, is_django_setting};
use crate::eval::heap::Contents;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{HeapId, Kind, Object};
use crate::python::ast::Name;

pub(super) use values::truth;

/// What `Configuration` itself is called, wherever it is imported from.
const BASES: [&str; 2] = ["configurations.Configuration", "configurations.base.Configuration"];

/// Settings of Django that a configuration class does not get a copy of.
const NOT_COPIED: [&str; 7] = [
    "DEFAULT_AUTO_FIELD",
    "DEFAULT_CONTENT_TYPE",
    "DEFAULT_FILE_STORAGE",
    "DEFAULT_HASHING_ALGORITHM",
    "FILE_CHARSET",
    "PASSWORD_RESET_TIMEOUT_DAYS",
    "STATICFILES_STORAGE",
];

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match base_member(call.name) {
        Some(method) => importer::base_method(machine, call, method),
        None => values::construct(machine, call),
    }
}

/// The value of an attribute of `Configuration`: Django's defaults are among them.
pub(super) fn attribute(machine: &mut Machine, name: &str) -> Option<Object> {
    let member = base_member(name)?;
    if member == "DOTENV_LOADED" {
        return Some(Object::none(None));
    }
    if lacks(member) || !is_django_setting(member) {
        return None;
    }
    let version = machine.world.packages.get("django").cloned().flatten();
    Some(match django_default(member, version.as_ref()) {
        Some(default) => machine.thawed(default),
        None => Object::unknown(format!("{member} has no default that is known"), machine.statement()),
    })
}

/// Whether a symbol is `Configuration` and lacks an attribute.
pub(super) fn lacks_attribute(symbol: &str, name: &str) -> bool {
    is_base(symbol) && lacks(name)
}

fn lacks(name: &str) -> bool {
    const OWN: [&str; 6] = ["DOTENV_LOADED", "load_dotenv", "pre_setup", "post_setup", "setup", "mro"];
    !OWN.contains(&name) && !name.starts_with("__") && (!is_django_setting(name) || NOT_COPIED.contains(&name))
}

fn is_base(symbol: &str) -> bool {
    BASES.contains(&symbol)
}

/// `name` of `configurations.Configuration.name`.
fn base_member(name: &str) -> Option<&str> {
    let member = BASES.iter().find_map(|base| name.strip_prefix(base)?.strip_prefix('.'))?;
    (!member.contains(['.', '('])).then_some(member)
}

/// What the importer takes for a setting.
fn is_uppercase(name: &str) -> bool {
    !name.starts_with('_') && name.to_uppercase() == name
}

impl Machine<'_> {
    /// Whether a class derives from `Configuration`.
    pub(in crate::eval) fn is_configuration(&mut self, id: HeapId) -> bool {
        let order = self.resolution_order(id);
        order.iter().any(|base| matches!(&base.kind, Kind::Symbol(name) if is_base(name)))
    }

    /// Whether the metaclass copies an attribute from the bases into each class, so that the first base that has it in
    /// whatever way goes before all later ones.
    pub(in crate::eval) fn copies_attribute(&mut self, id: HeapId, name: &Name) -> bool {
        is_uppercase(name) && !NOT_COPIED.contains(&name.as_ref()) && self.is_configuration(id)
    }

    /// The classes that such an attribute is looked up in: each base with all of its own before the next.
    pub(in crate::eval) fn copying_order(&mut self, id: HeapId) -> Vec<Object> {
        const MAX_CLASSES: usize = 1000;
        let mut order = Vec::new();
        let mut open = vec![Object::new(Kind::Heap(id), None)];
        while let Some(class) = open.pop() {
            let Kind::Heap(id) = class.kind else {
                order.push(class);
                continue;
            };
            if order.len() > MAX_CLASSES {
                // More than anybody writes: what comes after them is not known.
                order.push(Object::unknown("it has too many base classes", None));
                break;
            }
            match self.contents(id).cloned() {
                Some(Contents::Class(source)) if self.is_configuration(id) => {
                    order.push(class);
                    open.extend(source.bases.iter().rev().cloned());
                }
                _ => order.extend(self.resolution_order(id)),
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_the_base_class() {
        assert_eq!(base_member("configurations.Configuration.MIDDLEWARE"), Some("MIDDLEWARE"));
        assert_eq!(base_member("configurations.base.Configuration.pre_setup"), Some("pre_setup"));
        assert_eq!(base_member("configurations.Configuration"), None);
        assert_eq!(base_member("configurations.values.Value"), None);
    }

    #[test]
    fn names_of_settings() {
        assert!(is_uppercase("A_1") && is_uppercase("X"));
        assert!(!is_uppercase("_A") && !is_uppercase("Aa"));
    }
}
