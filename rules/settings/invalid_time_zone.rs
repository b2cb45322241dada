//! Finds time zones that do not exist.

use crate::eval::value::{Condition, Value};
use crate::project::aliases::aliased;
use crate::project::spelling::nearest;
use crate::project::time_zones::{is_time_zone, names};
use crate::rule::{Context, Findings, origin_note};

/// Reports every name that is written in `TIME_ZONE`, or in that of a database, and is none of a time zone.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let zone = settings.get("TIME_ZONE");
    for (when, value) in zone.value.options() {
        judge(context, findings, "TIME_ZONE", &when, value);
    }
    for database in aliased(settings, "DATABASES") {
        for (when, value) in database.get("TIME_ZONE").map(|entry| entry.value.options()).unwrap_or_default() {
            judge(context, findings, "DATABASES", &when, value);
        }
    }
}

fn judge(context: &Context, findings: &mut Findings, setting: &str, when: &Condition, value: &Value) {
    let Some(name) = value.as_str().filter(|name| !name.is_empty() && !is_time_zone(name)) else { return };
    let resolved = context.settings().get(setting);
    let meant = nearest(name, names(), |_| 2);
    let edits = meant.and_then(|meant| context.rewrite_string(value, meant));
    let help = match meant {
        Some(meant) => format!("write `{meant}`"),
        None => "write the name of a zone: `UTC`, `Europe/Berlin`".to_owned(),
    };
    findings
        .report(
            context.place_of(&resolved, value),
            format!(
                "there is no time zone `{name}`{}: Django raises `ValueError` and does not start",
                origin_note(when)
            ),
        )
        .setting(setting, &resolved)
        .help(help)
        .unsafe_fix(format!("write `{}`", meant.unwrap_or_default()), edits);
}
