//! Folders and URLs that settings name, and how they lie to each other.

use std::path::{Component, Path, PathBuf};

use super::settings::{Settings, Truth};
use super::shape::{known, under_key};
use crate::eval::value::{Kind, Value};

/// How a folder lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They are the same.
    Same,
    /// It lies within the other.
    Inside,
    /// The other lies within it.
    Around,
}

/// The folder that a string or a `pathlib` path names, without `.` and `..`; none where it is empty or not known.
pub fn folder(value: &Value) -> Option<PathBuf> {
    let text = match &value.kind {
        Kind::Path(text) => text.as_str()?,
        _ => value.as_str().filter(|text| !text.is_empty())?,
    };
    let mut folder = PathBuf::new();
    for part in Path::new(text).components() {
        match part {
            Component::ParentDir if folder.file_name().is_some_and(|name| name != "..") => {
                folder.pop();
            }
            Component::CurDir => {}
            part => folder.push(part),
        }
    }
    Some(folder)
}

/// How `one` lies to `other`; none where they have nothing to do with each other, or where one of them alone is relative.
pub fn relation(one: &Path, other: &Path) -> Option<Relation> {
    match () {
        () if one.is_absolute() != other.is_absolute() => None,
        () if one == other => Some(Relation::Same),
        () if one.starts_with(other) => Some(Relation::Inside),
        () if other.starts_with(one) => Some(Relation::Around),
        () => None,
    }
}

/// `STATIC_URL` and `MEDIA_URL` as Django hands them out: with a slash before what is relative.
///
/// Source: `django/conf/__init__.py`, `LazySettings._add_script_prefix`.
pub fn served_url(url: &str) -> String {
    let is_absolute = ["http://", "https://", "/"].iter().any(|start| url.starts_with(start));
    if is_absolute { url.to_owned() } else { format!("/{url}") }
}

/// Whether static files are collected into `STATIC_ROOT`: their storage is Django's own or WhiteNoise's.
pub fn collects_into_static_root(settings: &Settings) -> Truth {
    let is_local = |value: &Value| {
        known(value, |value| {
            let path = value.as_str().unwrap_or_default();
            path.starts_with("django.contrib.staticfiles.storage.") || path.starts_with("whitenoise.storage.")
        })
    };
    let old = settings.get("STATICFILES_STORAGE");
    let storages = settings.get("STORAGES");
    if old.is_set && !settings.is_at_least("django", "5.1") {
        return Truth::over(&old.value, is_local);
    }
    Truth::over(&storages.value, |storages| match &storages.kind {
        Kind::Dict(storages) => under_key(storages, "staticfiles", Truth::No, |storage| match storage.as_dict() {
            Some(storage) => under_key(storage, "BACKEND", Truth::No, is_local),
            None => known(storage, |_| false),
        }),
        // Before 4.2 there is none.
        Kind::Missing => Truth::Yes,
        _ => known(storages, |_| false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_to_each_other() {
        let relation = |one: &str, other: &str| {
            let folder = |text: &str| folder(&Value::new(Kind::Str(text.into()), None)).unwrap();
            super::relation(&folder(one), &folder(other))
        };
        assert_eq!(relation("/srv/a/", "/srv/./b/../a"), Some(Relation::Same));
        assert_eq!(relation("/srv/a/b", "/srv/a"), Some(Relation::Inside));
        assert_eq!(relation("/srv", "/srv/a"), Some(Relation::Around));
        assert_eq!(relation("/srv/ab", "/srv/a"), None);
        assert_eq!(relation("a", "/a"), None);
    }

    #[test]
    fn urls_as_they_are_served() {
        assert_eq!(served_url("static/"), "/static/");
        assert_eq!(served_url(""), "/");
        assert_eq!(served_url("https://cdn/"), "https://cdn/");
    }
}
