//! Finds static files that are to be collected, but into no folder.

use crate::eval::value::Kind;
use crate::project::folders::collects_into_static_root;
use crate::project::settings::{Truth, truth};
use crate::rule::{Context, Findings};

const WHITENOISE: &str = "whitenoise.middleware.WhiteNoiseMiddleware";

/// Reports a `STATIC_ROOT` that is missing where WhiteNoise serves it, or a command of the deployment fills it.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let root = settings.get("STATIC_ROOT");
    let not = |truth: Truth| match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        open => open,
    };
    let serves_others = settings.truth("WHITENOISE_USE_FINDERS").or(settings.truth("WHITENOISE_AUTOREFRESH"));
    let whitenoise = settings.uses_middleware(WHITENOISE).and(not(serves_others));
    let collected_at = context.deployment().collectstatic;
    let is_missing = not(truth(&root.value))
        .and(settings.installed("django.contrib.staticfiles"))
        .and(collects_into_static_root(settings))
        .and(Truth::known(collected_at.is_some()).or(whitenoise.clone()));
    let middleware = settings.get("MIDDLEWARE");
    let written = || {
        let items = middleware.value.sequence().into_iter().flat_map(|list| &list.items);
        items.map(|item| &item.value).find(|item| item.as_str() == Some(WHITENOISE)).and_then(|item| item.origin)
    };
    let place = match (root.is_set, collected_at) {
        (true, _) => context.place_of_setting(&root),
        (false, Some(place)) => place,
        (false, None) => written().unwrap_or_else(|| settings.place()),
    };
    if !findings.is_certain(&is_missing, "STATIC_ROOT", Some(place)) {
        return;
    }
    let consequence = match whitenoise {
        Truth::Yes => "WhiteNoise serves no static file, and `collectstatic` raises `ImproperlyConfigured`",
        _ => "`collectstatic` raises `ImproperlyConfigured`",
    };
    let state = if root.is_set { "is empty" } else { "is not set" };
    let base = settings.names.get("BASE_DIR").filter(|base| matches!(base.value.kind, Kind::Path(_)));
    let quoted = context.quoted(settings.file, "staticfiles");
    let edits = base.and_then(|_| context.set("STATIC_ROOT", &format!("BASE_DIR / {quoted}")));
    findings
        .report(place, format!("`STATIC_ROOT` {state}: {consequence}"))
        .setting("STATIC_ROOT", &root)
        .related(collected_at, "static files are collected here")
        .help("name a folder: `STATIC_ROOT = BASE_DIR / \"staticfiles\"`")
        .unsafe_fix("collect them into `BASE_DIR / \"staticfiles\"`", edits);
}
