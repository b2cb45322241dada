//! Finds template engines with both `APP_DIRS` and loaders.

use crate::eval::value::Kind;
use crate::project::settings::{Truth, truth};
use crate::project::shape::{known, under_key};
use crate::project::template_engines::{DJANGO, engines};
use crate::rule::{Context, Findings};

/// Reports each engine of Django's own language that has them in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("TEMPLATES");
    // Later versions leave it to the engine.
    let checks: &[&str] = if context.settings().is_at_least("django", "5.1") { &[] } else { &["templates.E001"] };
    for engine in engines(context.settings()).into_iter().filter(|engine| engine.backend() == Some(DJANGO)) {
        let has_loaders = under_key(engine.dict, "OPTIONS", Truth::No, |options| match options.as_dict() {
            Some(options) => under_key(options, "loaders", Truth::No, |loaders| {
                known(loaders, |loaders| !matches!(loaders.kind, Kind::None))
            }),
            None => known(options, |_| false),
        });
        let is_wrong = under_key(engine.dict, "APP_DIRS", Truth::No, truth).and(has_loaders);
        let is_wrong = match is_wrong {
            Truth::Yes if !engine.when.is_always() => {
                Truth::Unknown(format!("the engine is there {}", engine.when.describe()).into())
            }
            answer => answer,
        };
        let Some(entry) = engine.dict.get("APP_DIRS") else { continue };
        let place = context.place_of(&resolved, &entry.value);
        if !findings.is_certain(&is_wrong, "TEMPLATES", Some(place)) {
            continue;
        }
        let loaders = engine.options().and_then(|options| options.get("loaders"));
        findings
            .report(place, "`APP_DIRS` is on and `OPTIONS` has `loaders`: Django raises `ImproperlyConfigured`")
            .setting("TEMPLATES", &resolved)
            .django_checks(checks)
            .related(loaders.and_then(|entry| entry.key.origin), "the loaders")
            .help("remove `APP_DIRS`, and list `django.template.loaders.app_directories.Loader` if it is to be used")
            .safe_fix("remove `APP_DIRS`", context.remove_entry(entry));
    }
}
