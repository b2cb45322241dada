//! django-heroku 0.3 and django-on-heroku 1.1: `settings(locals())`, which writes into the settings' namespace.

use super::plain::Plain;
use super::{Call, os, variables};
use crate::eval::heap::{Key, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, HeapId, Item, Kind, Object};
use crate::eval::raise::Exception;
use crate::source::Place;

const WHITENOISE: &str = "whitenoise.middleware.WhiteNoiseMiddleware";

/// A call of `settings(config, …)`.
struct Settings {
    config: HeapId,
    /// Whether it is django-on-heroku.
    is_fork: bool,
    place: Option<Place>,
}

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    let is_fork = match call.name {
        "django_heroku.settings" | "django_heroku.core.settings" => false,
        "django_on_heroku.settings" | "django_on_heroku.core.settings" => true,
        _ => return None,
    };
    let Kind::Heap(config) = call.arg(0, "config")?.kind else { return None };
    machine.dict_of(config)?;
    let switch = |name: &str, default: bool| match call.arguments.by_name(name).map(|value| &value.kind) {
        None => Some(default),
        Some(Kind::Bool(value)) => Some(*value),
        Some(_) => None,
    };
    // With switches that are not known, anything may be written.
    if call.arguments.open || switch("db_colors", false)? || switch("geodjango", false)? {
        return None;
    }
    let switches = ["databases", "test_runner", "staticfiles", "allowed_hosts", "logging", "secret_key"];
    let mut on = [true; 6];
    for (on, name) in on.iter_mut().zip(switches) {
        *on = switch(name, true)?;
    }
    let settings = Settings { config, is_fork, place: call.place };
    let has_databases = settings.entry(machine, "DATABASES");
    if on[0] && matches!(has_databases, Entry::Perhaps)
        || on[2] && !matches!(settings.entry(machine, "MIDDLEWARE_CLASSES"), Entry::Missing)
    {
        return None;
    }
    Some(settings.write(machine, call, on))
}

/// What the namespace holds under a name.
enum Entry {
    Missing,
    Is(Object),
    Perhaps,
}

impl Settings {
    fn entry(&self, machine: &mut Machine, name: &str) -> Entry {
        let Some(dict) = machine.dict_of(self.config) else { return Entry::Perhaps };
        let is_open = dict.open.is_some();
        let Some(entry) = dict.entries.get(&Key::str(name)).cloned() else {
            return if is_open { Entry::Perhaps } else { Entry::Missing };
        };
        if machine.formulas.implies(machine.state.path, entry.when) {
            return Entry::Is(machine.narrowed(&entry.value));
        }
        match machine.formulas.excludes(machine.state.path, entry.when) {
            true if !is_open => Entry::Missing,
            _ => Entry::Perhaps,
        }
    }

    fn set(&self, machine: &mut Machine, name: &str, value: Object) {
        machine.set_entry(self.config, &Object::str(name, self.place), value);
    }

    /// The value that must be there under a name.
    fn required(&self, machine: &mut Machine, name: &str) -> Run<Object> {
        match self.entry(machine, name) {
            Entry::Is(value) => Ok(value),
            Entry::Missing => machine.fail(Exception::new("KeyError", name)),
            Entry::Perhaps => {
                machine.may_raise("django_heroku.settings")?;
                Ok(Object::unknown(format!("{name} is set in some cases only"), self.place))
            }
        }
    }

    fn write(&self, machine: &mut Machine, call: &Call, on: [bool; 6]) -> Run<Object> {
        let [databases, test_runner, staticfiles, allowed_hosts, logging, secret_key] = on;
        let place = self.place;
        if databases {
            self.databases(machine, call)?;
        }
        if test_runner {
            let module = if self.is_fork { "django_on_heroku" } else { "django_heroku" };
            let runner = Object::str(format!("{module}.HerokuDiscoverRunner"), place);
            self.set_where_set(machine, "CI", "TEST_RUNNER", Some(runner))?;
        }
        if staticfiles {
            let folder = self.required(machine, "BASE_DIR")?;
            let join = Object::symbol("os.path.join", place);
            let folder = machine.map(&folder, |_, folder| Ok(os::as_text(folder, place)))?;
            let parts = Arguments::positional(vec![folder, Object::str("staticfiles", place)]);
            let root = machine.call(&join, parts, place)?;
            self.set(machine, "STATIC_ROOT", root);
            self.set(machine, "STATIC_URL", Object::str("/static/", place));
            let middleware = self.required(machine, "MIDDLEWARE")?;
            let middleware = self.with_whitenoise(machine, &middleware)?;
            self.set(machine, "MIDDLEWARE", middleware);
            let storage = Object::str("whitenoise.storage.CompressedManifestStaticFilesStorage", place);
            self.set(machine, "STATICFILES_STORAGE", storage);
        }
        if allowed_hosts {
            let hosts = machine.list(vec![Item::new(Object::str("*", place))], place);
            self.set(machine, "ALLOWED_HOSTS", hosts);
        }
        if logging {
            let logging = logging_config().into_object(machine, place);
            self.set(machine, "LOGGING", logging);
        }
        if secret_key {
            self.set_where_set(machine, "SECRET_KEY", "SECRET_KEY", None)?;
        }
        Ok(Object::none(place))
    }

    /// Sets a name where a variable is set: to a value, or to that of the variable.
    fn set_where_set(&self, machine: &mut Machine, variable: &str, name: &str, value: Option<Object>) -> Run<()> {
        let found = variables::look_up(machine, &variable.into(), self.place);
        let value = value.unwrap_or(found.value);
        let none = Object::none(self.place);
        machine.branch(
            found.present,
            |machine| {
                let value = machine.narrowed(&value);
                self.set(machine, name, value);
                Ok(none.clone())
            },
            |_| Ok(none.clone()),
        )?;
        Ok(())
    }

    fn databases(&self, machine: &mut Machine, call: &Call) -> Run<()> {
        let place = self.place;
        let databases = match self.entry(machine, "DATABASES") {
            Entry::Is(databases) => databases,
            _ => {
                let databases = Plain::Dict(vec![("default".to_owned(), Plain::None)]).into_object(machine, place);
                self.set(machine, "DATABASES", databases.clone());
                databases
            }
        };
        let conn_max_age = match self.is_fork {
            false => Object::int(600, place),
            true => self.conn_max_age(machine)?,
        };
        let ssl = call.arguments.by_name("db_ssl_required").cloned().unwrap_or_else(|| Object::bool(true, place));
        let url = variables::look_up(machine, &"DATABASE_URL".into(), place);
        let none = Object::none(place);
        machine.branch(
            url.present,
            |machine| {
                let config = Object::symbol("dj_database_url.config", place);
                let named = vec![("conn_max_age".into(), conn_max_age), ("ssl_require".into(), ssl)];
                let arguments = Arguments { named, ..Arguments::default() };
                let database = machine.call(&config, arguments, place)?;
                // A test database is named in the same dict.
                let ci = variables::look_up(machine, &"CI".into(), place);
                let no_ci = machine.formulas.not(ci.present);
                let database = match database.kind {
                    Kind::Unknown(_) => database,
                    _ => {
                        let tested = Object::unknown("CI adds its own test database", place);
                        either(&mut machine.formulas, [(no_ci, &database), (ci.present, &tested)])
                    }
                };
                match &databases.kind {
                    Kind::Heap(id) if machine.dict_of(*id).is_some() => {
                        machine.set_entry(*id, &Object::str("default", place), database);
                    }
                    _ => machine.escape(&databases, "its default is set from DATABASE_URL"),
                }
                Ok(none.clone())
            },
            |_| Ok(none.clone()),
        )?;
        Ok(())
    }

    /// `config.get('CONN_MAX_AGE', int(os.environ.get('CONN_MAX_AGE', 600)))`
    fn conn_max_age(&self, machine: &mut Machine) -> Run<Object> {
        let name = Object::str("CONN_MAX_AGE", self.place);
        let set = variables::get(machine, &name, &Object::int(600, self.place))?;
        let set = crate::eval::convert::to_int(machine, &set, self.place)?;
        Ok(match self.entry(machine, "CONN_MAX_AGE") {
            Entry::Is(own) => own,
            Entry::Missing => set,
            Entry::Perhaps => Object::unknown("CONN_MAX_AGE is set in some cases only", self.place),
        })
    }

    /// The middleware as a tuple, with whitenoise first, or, in the fork, after Django's `SecurityMiddleware`.
    fn with_whitenoise(&self, machine: &mut Machine, middleware: &Object) -> Run<Object> {
        const SECURITY: &str = "django.middleware.security.SecurityMiddleware";
        let mut items = machine.items_or_unknown(middleware)?;
        let mut at = 0;
        if self.is_fork {
            let found =
                items.iter().position(|item| item.object.as_str().is_some_and(|name| name.as_ref() == SECURITY));
            let before = &items[..found.map_or(items.len(), |found| found + 1)];
            if !before.iter().all(|item| item.is_certain() && item.object.as_str().is_some()) {
                return Ok(Object::unknown("where whitenoise is put is not known", self.place));
            }
            at = found.map_or(0, |found| found + 1);
        }
        items.insert(at, Item::new(Object::str(WHITENOISE, self.place)));
        Ok(machine.tuple(items, self.place))
    }
}

fn logging_config() -> Plain {
    let dict = |entries: Vec<(&str, Plain)>| {
        Plain::Dict(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let verbose = "%(asctime)s [%(process)d] [%(levelname)s] pathname=%(pathname)s lineno=%(lineno)s \
                   funcname=%(funcName)s %(message)s";
    let formatters = dict(vec![
        ("verbose", dict(vec![("format", Plain::str(verbose)), ("datefmt", Plain::str("%Y-%m-%d %H:%M:%S"))])),
        ("simple", dict(vec![("format", Plain::str("%(levelname)s %(message)s"))])),
    ]);
    let null = dict(vec![("level", Plain::str("DEBUG")), ("class", Plain::str("logging.NullHandler"))]);
    let console = dict(vec![
        ("level", Plain::str("DEBUG")),
        ("class", Plain::str("logging.StreamHandler")),
        ("formatter", Plain::str("verbose")),
    ]);
    let handlers = Plain::List(vec![Plain::str("console")]);
    let logger = dict(vec![("handlers", handlers), ("level", Plain::str("INFO"))]);
    dict(vec![
        ("version", Plain::Int(1)),
        ("disable_existing_loggers", Plain::Bool(false)),
        ("formatters", formatters),
        ("handlers", dict(vec![("null", null), ("console", console)])),
        ("loggers", dict(vec![("testlogger", logger)])),
    ])
}
