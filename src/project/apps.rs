//! `INSTALLED_APPS`, and what the apps in it need.

use super::middleware::is_plain;
use super::settings::{Settings, Truth, contains};

/// An app that needs another one.
#[derive(Debug)]
pub struct Dependency {
    /// The app.
    pub app: &'static str,
    /// What it needs.
    pub needed: &'static str,
    /// The id of the check that reports it; none where Django does not start.
    pub check: Option<&'static str>,
}

const fn needs(app: &'static str, needed: &'static str, check: Option<&'static str>) -> Dependency {
    Dependency { app, needed, check }
}

/// What Django's own apps need. Where there is no check, the app's models refer to those of the other.
///
/// Source: Django 5.2 `contrib/admin/checks.py`, `contrib/*/models.py`.
pub const DEPENDENCIES: [Dependency; 6] = [
    needs("django.contrib.auth", "django.contrib.contenttypes", None),
    needs("django.contrib.admin", "django.contrib.contenttypes", None),
    needs("django.contrib.admin", "django.contrib.auth", None),
    needs("django.contrib.admin", "django.contrib.messages", Some("admin.E406")),
    needs("django.contrib.flatpages", "django.contrib.sites", None),
    needs("django.contrib.redirects", "django.contrib.sites", None),
];

/// Whether an app is not installed. Open where a configuration class of the project may stand for it.
pub fn lacks(settings: &Settings, app: &str) -> Truth {
    let label = app.rsplit('.').next().unwrap_or(app);
    let may_be_it = |entry: &str| {
        let class = entry.rsplit('.').next().unwrap_or(entry);
        class.starts_with(|c: char| c.is_ascii_uppercase()) && entry.to_lowercase().contains(label)
    };
    let apps = settings.get("INSTALLED_APPS");
    match (settings.installed(app).negated(), contains(&apps.value, may_be_it)) {
        (Truth::Yes, Truth::No) => Truth::Yes,
        (Truth::Yes, Truth::Yes | Truth::Unknown(_)) => Truth::Unknown("an entry may be a configuration of it".into()),
        (lacks, _) => lacks,
    }
}

/// Whether neither a class nor one that may inherit from it is in `MIDDLEWARE`.
pub fn lacks_middleware(settings: &Settings, path: &str) -> Truth {
    let middleware = settings.get("MIDDLEWARE");
    match (settings.uses_middleware(path).negated(), contains(&middleware.value, |entry| !is_plain(entry))) {
        (Truth::Yes, Truth::No) => Truth::Yes,
        (Truth::Yes, _) => Truth::Unknown("an entry may inherit from it".into()),
        (lacks, _) => lacks,
    }
}
