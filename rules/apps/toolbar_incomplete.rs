//! A debug toolbar that does not appear.

use crate::project::apps::lacks_middleware;
use crate::project::settings::Truth;
use crate::project::template_engines::skips_apps;
use crate::rule::{Context, Findings};

const MIDDLEWARE: &str = "debug_toolbar.middleware.DebugToolbarMiddleware";

/// Reports what the toolbar needs in `MIDDLEWARE` and `TEMPLATES`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.installed("debug_toolbar").is_yes() {
        return;
    }
    let apps = settings.get("INSTALLED_APPS");
    let place_of = |name: &'static str| {
        let resolved = settings.get(name);
        match resolved.is_set {
            true => (name, context.place_of_setting(&resolved)),
            false => ("INSTALLED_APPS", context.place_of_setting(&apps)),
        }
    };
    let (name, place) = place_of("MIDDLEWARE");
    if findings.is_certain(&lacks_middleware(settings, MIDDLEWARE), "MIDDLEWARE", Some(place)) {
        findings
            .report(place, "the debug toolbar does not appear without `DebugToolbarMiddleware` in `MIDDLEWARE`")
            .setting(name, &settings.get(name))
            .django_checks(&["debug_toolbar.W001"])
            .help(format!("add `\"{MIDDLEWARE}\"` to `MIDDLEWARE`; where there is no toolbar, remove the app"))
            .unsafe_fix(format!("add `\"{MIDDLEWARE}\"` to `MIDDLEWARE`"), context.add_middleware(MIDDLEWARE))
            .fix_changes(&["MIDDLEWARE"]);
    }
    let (name, place) = place_of("TEMPLATES");
    let templates = settings.get("TEMPLATES");
    let all_skip = Truth::over(&templates.value, |value| {
        let Some(sequence) = value.sequence() else { return Truth::Unknown("the engines are not known".into()) };
        let open = match &sequence.open {
            Some(why) => Truth::Unknown(why.clone()),
            None => Truth::Yes,
        };
        sequence.items.iter().fold(open, |all, item| {
            let skips = item.value.as_dict().map_or(Truth::Unknown("an engine is not known".into()), skips_apps);
            if item.when.is_always() { all.and(skips) } else { Truth::Unknown("an engine is not always there".into()) }
        })
    });
    if findings.is_certain(&all_skip, "TEMPLATES", Some(place)) {
        findings
            .report(place, "the debug toolbar does not find its templates: no engine looks in the folders of apps")
            .setting(name, &settings.get(name))
            .django_checks(&["debug_toolbar.W006"])
            .help("set `\"APP_DIRS\": True` for an engine, or add the loader `app_directories`");
    }
}
