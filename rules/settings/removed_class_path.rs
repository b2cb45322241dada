//! Finds dotted paths of classes and functions that the installed release has no more.

use crate::diagnostic::{Applicability, Confidence, Severity};
use crate::project::removed::PATHS;
use crate::project::shape::written_strings;
use crate::rule::{Context, Findings, origin_note};

const MEMCACHED: &str = "django.core.cache.backends.memcached.MemcachedCache";
const SESSION_AUTHENTICATION: &str = "django.contrib.auth.middleware.SessionAuthenticationMiddleware";

/// The settings that name such.
const NAMED_IN: [&str; 11] = [
    "AUTHENTICATION_BACKENDS",
    "CACHES",
    "DEFAULT_FILE_STORAGE",
    "FORM_RENDERER",
    "MIDDLEWARE",
    "PASSWORD_HASHERS",
    "SESSION_SERIALIZER",
    "STATICFILES_FINDERS",
    "STATICFILES_STORAGE",
    "STORAGES",
    "TEMPLATES",
];

/// Reports every one that is written in a setting which this Django reads.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for name in NAMED_IN.into_iter().filter(|name| settings.default_of(name).is_some()) {
        let Some(setting) = settings.names.get(name) else { continue };
        let resolved = settings.get(name);
        for (when, value) in written_strings(&setting.value) {
            let path = value.as_str().unwrap_or_default();
            let gone = PATHS.iter().find_map(|removed| Some((removed, removed.matches(path)?)));
            let Some((removed, successor)) = gone else { continue };
            if !settings.is_at_least(removed.package, removed.since) {
                continue;
            }
            let release = match removed.package {
                "whitenoise" => "WhiteNoise",
                _ => "Django",
            };
            let is_open = settings.requirements.at_least(removed.package, removed.since).is_none();
            // A package that it needs may be missing; and what is removed without a successor may be missed.
            let is_evident = removed.path == SESSION_AUTHENTICATION || successor.is_some() && removed.path != MEMCACHED;
            let applicability = if is_evident && !is_open { Applicability::Safe } else { Applicability::Unsafe };
            let (title, edits) = match &successor {
                Some(successor) => (format!("write `{successor}`"), context.rewrite_string(value, successor)),
                None => ("remove it".to_owned(), context.remove_from_list(value)),
            };
            let help = match successor {
                Some(successor) => format!("use `{successor}`"),
                None => "remove it".to_owned(),
            };
            let report = findings
                .report(
                    context.place_of(&resolved, value),
                    format!(
                        "`{path}`{} in `{name}` was removed in {release} {}: importing it raises `ImportError`",
                        origin_note(&when),
                        removed.since
                    ),
                )
                .setting(name, &resolved)
                .help(help)
                .fix(applicability, title, edits);
            if is_open {
                report.severity(Severity::Warning).confidence(Confidence::Medium);
            }
        }
    }
}
