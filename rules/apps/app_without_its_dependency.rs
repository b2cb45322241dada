//! Apps without others that they need.

use crate::project::apps::{DEPENDENCIES, lacks};
use crate::rule::{Context, Findings, Position, written_items};

/// Reports each app that lacks one that it needs, the first of these.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let apps = settings.get("INSTALLED_APPS");
    let mut reported = Vec::new();
    for dependency in DEPENDENCIES.iter().filter(|dependency| settings.installed(dependency.app).is_yes()) {
        let (app, needed) = (dependency.app, dependency.needed);
        let items = written_items(&apps.value);
        let is_it = |text: &str| text == app || text.strip_prefix(app).is_some_and(|rest| rest.starts_with(".apps."));
        let entry = items.iter().find(|(_, item)| item.as_str().is_some_and(is_it));
        let Some((_, entry)) = entry else { continue };
        let place = context.place_of(&apps, entry);
        if reported.contains(&app) || !findings.is_certain(&lacks(settings, needed), "INSTALLED_APPS", Some(place)) {
            continue;
        }
        reported.push(app);
        let effect = match dependency.check {
            Some(_) => "`manage.py check` fails",
            None => "Django does not start",
        };
        findings
            .report(place, format!("`{app}` needs `{needed}`, which is not installed: {effect}"))
            .setting("INSTALLED_APPS", &apps)
            .django_checks(dependency.check.as_slice())
            .help(format!("add `\"{needed}\"` to `INSTALLED_APPS`"))
            .unsafe_fix(
                format!("add `\"{needed}\"` to `INSTALLED_APPS`"),
                entry.as_str().and_then(|app| context.add_to_list("INSTALLED_APPS", needed, Position::Before(app))),
            );
    }
}
