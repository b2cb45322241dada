//! A debug toolbar that visitors are near to.

use crate::rule::{Context, Findings, written_items};

/// Reports the toolbar in `INSTALLED_APPS` where `DEBUG` is off.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let apps = settings.get("INSTALLED_APPS");
    let items = written_items(&apps.value);
    let is_it = |text: &str| text == "debug_toolbar" || text.starts_with("debug_toolbar.apps.");
    let Some((_, entry)) = items.iter().find(|(_, item)| item.as_str().is_some_and(is_it)) else { return };
    let place = context.place_of(&apps, entry);
    let wrong = settings.installed("debug_toolbar").and(settings.truth("DEBUG").negated());
    if findings.is_certain(&wrong, "INSTALLED_APPS", Some(place)) {
        findings
            .report(place, "the debug toolbar is loaded where `DEBUG` is off")
            .setting("INSTALLED_APPS", &apps)
            .related(settings.get("DEBUG").value.origin, "debugging is off")
            .help("add the app and its middleware in `if DEBUG:`, or in a developer's own settings");
    }
}
