//! A blacklist of tokens that nobody keeps.

use crate::project::apps::lacks;
use crate::project::rest::{asks, entries};
use crate::project::settings::truth;
use crate::rule::{Context, Findings, Position};

const SETTING: &str = "SIMPLE_JWT";
const KEY: &str = "BLACKLIST_AFTER_ROTATION";
const APP: &str = "rest_framework_simplejwt.token_blacklist";

/// Reports `BLACKLIST_AFTER_ROTATION` without the app.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let Some(entry) = entries(&resolved).into_iter().find(|entry| entry.key.as_str() == Some(KEY)) else { return };
    let place = context.place_of(&resolved, &entry.key);
    let is_on = |key| asks(&resolved, key, truth);
    let wrong = is_on(KEY).and(is_on("ROTATE_REFRESH_TOKENS")).and(lacks(settings, APP));
    if findings.is_certain(&wrong, SETTING, Some(place)) {
        findings
            .report(
                place,
                format!("`{KEY}` is on, but `{APP}` is not installed: refresh tokens work on after rotation"),
            )
            .setting(SETTING, &resolved)
            .help(format!("add `\"{APP}\"` to `INSTALLED_APPS`, and run `manage.py migrate`"))
            .unsafe_fix(
                "add the app, of which `manage.py migrate` makes the tables",
                context.add_to_list("INSTALLED_APPS", APP, Position::Last),
            )
            .fix_changes(&["INSTALLED_APPS"]);
    }
}
