//! Accounts of django-allauth without their middleware.

use crate::rule::{Context, Findings, written_items};

const MIDDLEWARE: &str = "allauth.account.middleware.AccountMiddleware";

/// Reports `allauth.account` where its middleware is not in use.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.installed("allauth.account").is_yes() || !settings.is_at_least("django-allauth", "0.56") {
        return;
    }
    let apps = settings.get("INSTALLED_APPS");
    let items = written_items(&apps.value);
    let is_it = |text: &str| text == "allauth.account" || text.starts_with("allauth.account.apps.");
    let Some((_, entry)) = items.iter().find(|(_, item)| item.as_str().is_some_and(is_it)) else { return };
    let middleware = settings.get("MIDDLEWARE");
    let place = context.place_of(&apps, entry);
    if findings.is_certain(&settings.uses_middleware(MIDDLEWARE).negated(), "MIDDLEWARE", middleware.value.origin) {
        findings
            .report(place, format!("`allauth.account` needs `{MIDDLEWARE}` in `MIDDLEWARE`: Django does not start"))
            .setting("INSTALLED_APPS", &apps)
            .related(middleware.is_set.then(|| context.place_of_setting(&middleware)), "it is not here")
            .help(format!("add `\"{MIDDLEWARE}\"` to `MIDDLEWARE`"))
            .safe_fix(format!("add `\"{MIDDLEWARE}\"` to `MIDDLEWARE`"), context.add_middleware(MIDDLEWARE))
            .fix_changes(&["MIDDLEWARE"]);
    }
}
