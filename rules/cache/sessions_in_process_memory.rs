//! Finds sessions in a cache that other processes do not see.

use crate::project::caches::{DUMMY, MEMORY, backend_is};
use crate::project::settings::{Truth, contains};
use crate::project::shape::known;
use crate::rule::{Context, Findings};

const ENGINE: &str = "django.contrib.sessions.backends.cache";

/// Reports the engine where its cache is in memory, or a dummy, in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let (engine, alias) = (settings.get("SESSION_ENGINE"), settings.get("SESSION_CACHE_ALIAS"));
    if !engine.is_set {
        return;
    }
    let place = context.place_of_setting(&engine);
    let uses_cache = Truth::over(&engine.value, |engine| known(engine, |engine| engine.as_str() == Some(ENGINE)));
    let middleware = settings.get("MIDDLEWARE");
    let has_sessions =
        contains(&middleware.value, |path| path == "django.contrib.sessions.middleware.SessionMiddleware");
    let cache_is = |wanted: &[&str]| {
        Truth::over(&alias.value, |alias| match alias.as_str() {
            Some(alias) => backend_is(settings, alias, Truth::No, |backend| wanted.contains(&backend)),
            None => known(alias, |_| false),
        })
    };
    let is_lost = cache_is(&[MEMORY, DUMMY]).and(uses_cache).and(has_sessions);
    if !findings.is_certain(&is_lost, "SESSION_ENGINE", Some(place)) {
        return;
    }
    let is_dummy = cache_is(&[DUMMY]).is_yes();
    let processes = context.deployment().processes.as_ref();
    if !is_dummy && processes.is_some_and(|processes| processes.what <= 1) {
        findings.silent(Some("SESSION_ENGINE"), "one process is started", Some(place));
        return;
    }
    let consequence = match is_dummy {
        true => "`DummyCache`, which keeps nothing: nobody can log in",
        false => {
            "`LocMemCache`, which each process has one of: another worker, or a restart, knows nobody who logged in"
        }
    };
    let caches = settings.get("CACHES");
    findings
        .report(place, format!("sessions are kept in {consequence}"))
        .setting("SESSION_ENGINE", &engine)
        .related(caches.history.last().copied(), "the cache")
        .related(processes.and_then(|processes| processes.place), "the number of processes")
        .help("use a cache that all share, such as Redis, or `django.contrib.sessions.backends.cached_db`");
}
