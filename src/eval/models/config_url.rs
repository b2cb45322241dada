//! `config(env, default)` and `parse(url)`, as dj-email-url and django-cache-url have them.

use super::plain::{Failure, Plain, parsed};
use super::{Call, variables};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};

/// A library that makes a dict of a URL.
pub(super) struct Library {
    /// Its `parse`, by its qualified name.
    pub parse_name: &'static str,
    /// Its `config`.
    pub config_name: &'static str,
    /// The variable that `config` reads.
    pub variable: &'static str,
    /// What `config` takes where that is not set.
    pub default: Option<&'static str>,
    /// What it makes of a URL.
    pub parse: fn(&Machine, &str) -> Result<Plain, Failure>,
}

impl Library {
    /// What a call of one of the two gives.
    pub fn call(&self, machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
        let is_config = call.name == self.config_name;
        let url = match call.name {
            name if name == self.parse_name => Ok(call.arg(0, "url")?.clone()),
            _ if is_config => {
                let text = |text| Object::str(text, call.place);
                let name = call.arg(0, "env").cloned().unwrap_or_else(|| text(self.variable));
                let own = self.default.map_or_else(|| Object::none(call.place), text);
                let default = call.arg(1, "default").cloned().unwrap_or(own);
                variables::get(machine, &name, &default)
            }
            _ => return None,
        };
        Some(url.and_then(|url| self.read(machine, &url, call, is_config)))
    }

    fn read(&self, machine: &mut Machine, url: &Object, call: &Call, is_config: bool) -> Run<Object> {
        let nothing = || Ok(Plain::Dict(Vec::new()));
        parsed(
            machine,
            url,
            (self.parse_name, Class::Dict),
            call.place,
            |machine, text| match text {
                "" if is_config => nothing(),
                _ => (self.parse)(machine, text),
            },
            |other| match other.kind {
                Kind::None if is_config => nothing(),
                _ => Err(Failure::Unsure("the URL is not a string")),
            },
        )
    }
}
