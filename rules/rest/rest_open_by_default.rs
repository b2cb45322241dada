//! An API that is open where nobody thought of it.

use crate::eval::value::Kind;
use crate::project::rest::{SETTING, asks};
use crate::project::shape::known;
use crate::rule::{Context, Findings, written_items};

/// Reports an API without default permissions.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let apps = settings.get("INSTALLED_APPS");
    let lacks =
        asks(&resolved, "DEFAULT_PERMISSION_CLASSES", |value| known(value, |value| matches!(value.kind, Kind::None)));
    let wrong = settings.installed("rest_framework").and(lacks);
    if !findings.is_certain(&wrong, SETTING, resolved.value.origin) {
        return;
    }
    let items = written_items(&apps.value);
    let app = items.iter().find(|(_, item)| item.as_str().is_some_and(|text| text.starts_with("rest_framework")));
    let (name, setting, place) = match (resolved.is_set, app) {
        (false, Some((_, app))) => ("INSTALLED_APPS", &apps, context.place_of(&apps, app)),
        _ => (SETTING, &resolved, context.place_of_setting(&resolved)),
    };
    findings
        .report(place, "without `DEFAULT_PERMISSION_CLASSES` a view that names no permission is open to everyone")
        .setting(name, setting)
        .help(
            "set `REST_FRAMEWORK[\"DEFAULT_PERMISSION_CLASSES\"]`: `[\"rest_framework.permissions.IsAuthenticated\"]`, or \
             `AllowAny` if that is meant",
        );
}
