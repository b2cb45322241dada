//! Finds sessions in a cache that is not there.

use crate::project::caches::{backend_is, caches};
use crate::project::settings::{Truth, contains};
use crate::project::shape::known;
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings};

const SETTING: &str = "SESSION_CACHE_ALIAS";

/// Reports an alias that names none in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let (alias, engine) = (settings.get(SETTING), settings.get("SESSION_ENGINE"));
    if !alias.is_set {
        // The default is `default`, which another rule looks after.
        return;
    }
    let uses_cache = Truth::over(&engine.value, |engine| {
        known(engine, |engine| {
            engine.as_str().is_some_and(|engine| {
                ["django.contrib.sessions.backends.cache", "django.contrib.sessions.backends.cached_db"]
                    .contains(&engine)
            })
        })
    });
    let middleware = settings.get("MIDDLEWARE");
    let has_sessions =
        contains(&middleware.value, |path| path == "django.contrib.sessions.middleware.SessionMiddleware");
    let is_missing = Truth::over(&alias.value, |alias| match alias.as_str() {
        Some(alias) => match backend_is(settings, alias, Truth::Yes, |_| false) {
            Truth::Unknown(why) => Truth::Unknown(why),
            answer => answer,
        },
        None => known(alias, |_| false),
    });
    let place = context.place_of_setting(&alias);
    if !findings.is_certain(&is_missing.and(uses_cache).and(has_sessions), SETTING, Some(place)) {
        return;
    }
    let name = alias.value.as_str().map(|name| format!(" `{name}`")).unwrap_or_default();
    let caches = caches(settings);
    let known = caches.iter().map(|cache| cache.alias);
    let meant = alias.value.as_str().and_then(|alias| nearest(alias, known, |_| 2));
    let edits = meant.and_then(|meant| context.rewrite_string(&alias.value, meant));
    findings
        .report(
            place,
            format!("sessions are kept in the cache{name}, which `CACHES` does not have: every request fails"),
        )
        .setting(SETTING, &alias)
        .related(settings.get("CACHES").history.last().copied(), "the caches")
        .help("name one of `CACHES`, or add that cache")
        .unsafe_fix(format!("write `{}`", meant.unwrap_or_default()), edits);
}
