//! A guard against guessed passwords that does not stand where it should.

use crate::diagnostic::Severity;
use crate::project::aliases::aliased;
use crate::project::settings::{Settings, Truth, contains};
use crate::rule::{Context, Findings, Position};

const APPS: &str = "INSTALLED_APPS";
const MIDDLEWARE: &str = "axes.middleware.AxesMiddleware";
const BACKENDS: [&str; 2] = ["axes.backends.AxesStandaloneBackend", "axes.backends.AxesBackend"];
/// Packages of which no backend inherits from that of django-axes.
const OTHERS: [&str; 7] =
    ["django.", "allauth.", "guardian.", "oauth2_provider.", "rules.", "social_core.", "mozilla_django_oidc."];
const LOCAL_CACHES: [&str; 3] = [
    "django.core.cache.backends.dummy.DummyCache",
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.filebased.FileBasedCache",
];

/// Reports each part of django-axes that is missing.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.installed("axes").is_yes() {
        return;
    }
    if settings.get("AXES_ENABLED").is_set
        && !findings.is_certain(&settings.truth("AXES_ENABLED"), "AXES_ENABLED", None)
    {
        return;
    }
    let apps = settings.get(APPS);
    let place_of = |name: &'static str| {
        let resolved = settings.get(name);
        match resolved.is_set {
            true => (name, context.place_of_setting(&resolved)),
            false => (APPS, context.place_of_setting(&apps)),
        }
    };
    let (name, place) = place_of("AUTHENTICATION_BACKENDS");
    if findings.is_certain(&lacks_backend(settings), name, Some(place)) {
        findings
            .report(place, "django-axes locks nobody out without its backend in `AUTHENTICATION_BACKENDS`")
            .severity(Severity::Error)
            .setting(name, &settings.get(name))
            .django_checks(&["axes.W003"])
            .help(format!("put `\"{}\"` first in `AUTHENTICATION_BACKENDS`", BACKENDS[0]))
            .unsafe_fix(
                format!("put `\"{}\"` first in `AUTHENTICATION_BACKENDS`", BACKENDS[0]),
                context.add_to_list("AUTHENTICATION_BACKENDS", BACKENDS[0], Position::First),
            )
            .fix_changes(&["AUTHENTICATION_BACKENDS"]);
    }
    let (name, place) = place_of("MIDDLEWARE");
    if findings.is_certain(&settings.uses_middleware(MIDDLEWARE).negated(), name, Some(place)) {
        findings
            .report(place, "`AxesMiddleware` is not in `MIDDLEWARE`: who is locked out is not told so")
            .setting(name, &settings.get(name))
            .django_checks(&["axes.W002"])
            .help(format!("add `\"{MIDDLEWARE}\"` at the end of `MIDDLEWARE`"))
            .unsafe_fix(
                format!("add `\"{MIDDLEWARE}\"` at the end of `MIDDLEWARE`"),
                context.add_to_list("MIDDLEWARE", MIDDLEWARE, Position::Last),
            )
            .fix_changes(&["MIDDLEWARE"]);
    }
    let (name, place) = place_of("CACHES");
    if findings.is_certain(&counts_locally(settings), name, Some(place)) {
        findings
            .report(place, "django-axes counts in a cache that other processes do not see")
            .setting(name, &settings.get(name))
            .django_checks(&["axes.W001"])
            .help("name a cache that all processes share in `AXES_CACHE`, or leave `AXES_HANDLER` out");
    }
}

fn lacks_backend(settings: &Settings) -> Truth {
    let backends = settings.get("AUTHENTICATION_BACKENDS");
    let has = contains(&backends.value, |path| BACKENDS.contains(&path));
    let is_other = |path: &str| OTHERS.iter().any(|package| path.starts_with(package));
    match (has, contains(&backends.value, |path| !BACKENDS.contains(&path) && !is_other(path))) {
        (Truth::No, Truth::No) => Truth::Yes,
        (Truth::No, _) => Truth::Unknown("a backend may inherit from that of django-axes".into()),
        (has, _) => has.negated(),
    }
}

/// Whether the failures are counted in a cache of one process or machine.
fn counts_locally(settings: &Settings) -> Truth {
    let is_text = |name: &str, test: &dyn Fn(&str) -> bool| {
        Truth::over(&settings.get(name).value, |value| match value.as_str() {
            Some(text) => Truth::known(test(text)),
            None => Truth::Unknown("the value is not known".into()),
        })
    };
    if !settings.get("AXES_HANDLER").is_set {
        return match &settings.open {
            Some(why) => Truth::Unknown(why.clone()),
            None => Truth::No,
        };
    }
    let in_cache = is_text("AXES_HANDLER", &|path| path == "axes.handlers.cache.AxesCacheHandler");
    if in_cache.is_no() {
        return Truth::No;
    }
    let alias = settings.get("AXES_CACHE");
    let alias = if alias.is_set { alias.value.as_str().map(str::to_owned) } else { Some("default".to_owned()) };
    let Some(alias) = alias else { return Truth::Unknown("the cache is not known".into()) };
    if !settings.get("CACHES").is_set && settings.open.is_none() {
        // Django's own default is within the process.
        return in_cache.and(Truth::known(alias == "default"));
    }
    let caches = aliased(settings, "CACHES");
    let Some(cache) = caches.iter().find(|cache| cache.alias == alias) else {
        return Truth::Unknown("the cache is not known".into());
    };
    let backends = cache.backends();
    match (cache.is_certain, backends.as_slice()) {
        (true, [(_, backend)]) => match backend.as_str() {
            Some(path) => in_cache.and(Truth::known(LOCAL_CACHES.contains(&path))),
            None => Truth::Unknown("the cache is not known".into()),
        },
        _ => Truth::Unknown("the cache differs from case to case".into()),
    }
}
