//! Django itself, as far as settings and entry points use it: `django.conf.settings`, `import_string`, and the constants of
//! Django and Channels that stand for a value.

use super::Call;
use super::django_defaults::{OLDEST, django_default, django_settings};
use crate::eval::heap::{Contents, Key};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{HeapId, Object};

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name {
        "django.core.exceptions.ImproperlyConfigured" => None,
        "django.utils.module_loading.import_string" => {
            let name = call.arguments.positional.first()?.as_str()?.clone();
            Some(machine.resolved(&Object::symbol(name, call.place)))
        }
        _ => None,
    }
}

pub(super) fn attribute(machine: &mut Machine, name: &str) -> Option<Object> {
    if let Some(level) = name.strip_prefix("django.contrib.messages.").and_then(message_level) {
        return Some(Object::int(level, machine.statement()));
    }
    if let Some(alias) = alias(name) {
        return Some(Object::str(alias, machine.statement()));
    }
    if let Some(setting) = name.strip_prefix("django.conf.global_settings.") {
        let module = machine.import_module("django.conf.global_settings").ok()?;
        return machine.attribute(&module, &setting.into()).ok();
    }
    let setting = name.strip_prefix("django.conf.settings.")?;
    if setting.contains('.') {
        return None;
    }
    let settings = machine.django_settings?;
    let dict = machine.dict_of(settings)?;
    match (dict.entries.get(&Key::str(setting)).cloned(), dict.open.clone()) {
        (Some(entry), _) => Some(machine.narrowed(&entry.value)),
        (None, Some(why)) => Some(Object::unknown(why, machine.statement())),
        (None, None) => {
            let version = machine.world.packages.get("django").cloned().flatten();
            Some(match django_default(setting, version.as_ref()) {
                Some(default) => machine.thawed(default),
                None => Object::unknown(format!("{setting} is not set"), machine.statement()),
            })
        }
    }
}

/// The names of `django.conf.global_settings`.
pub(in crate::eval) fn bind_global_settings(machine: &mut Machine, namespace: HeapId) {
    let version = machine.world.packages.get("django").cloned().flatten();
    for name in django_settings() {
        if let Some(default) = django_default(name, version.as_ref()) {
            let default = machine.thawed(default);
            machine.bind(&name.into(), default);
        }
    }
    machine.bind(&"gettext_noop".into(), Object::symbol("django.conf.global_settings.gettext_noop", None));
    // Older versions have names that the newest has no more.
    if version.is_none_or(|version| version.release() < OLDEST)
        && let Some(Contents::Dict(dict)) = machine.change(namespace).map(|cell| &mut cell.contents)
    {
        dict.open = Some("which version of Django is installed is not known".into());
    }
}

/// The names that entries of `DATABASES`, `CACHES`, `STORAGES` and `CHANNEL_LAYERS` have by default. Sources:
/// `django/db/utils.py`, `django/core/cache/__init__.py`, `django/conf/__init__.py` and `channels/__init__.py`.
fn alias(name: &str) -> Option<&'static str> {
    match name {
        "django.db.DEFAULT_DB_ALIAS"
        | "django.db.utils.DEFAULT_DB_ALIAS"
        | "django.core.cache.DEFAULT_CACHE_ALIAS"
        | "django.conf.DEFAULT_STORAGE_ALIAS"
        | "channels.DEFAULT_CHANNEL_LAYER" => Some("default"),
        "django.conf.STATICFILES_STORAGE_ALIAS" => Some("staticfiles"),
        _ => None,
    }
}

/// The levels of messages: keys of `MESSAGE_TAGS`. Source: `django/contrib/messages/constants.py`, whose names the package
/// has as well.
fn message_level(name: &str) -> Option<i64> {
    Some(match name.strip_prefix("constants.").unwrap_or(name) {
        "DEBUG" => 10,
        "INFO" => 20,
        "SUCCESS" => 25,
        "WARNING" => 30,
        "ERROR" => 40,
        _ => return None,
    })
}
