//! Finds apps that are installed twice.

use crate::eval::value::Value;
use crate::rule::{Context, Findings};

/// Reports each entry of `INSTALLED_APPS` that names the app of an earlier one, where both are there in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("INSTALLED_APPS");
    let Some(apps) = resolved.value.sequence() else { return };
    let mut seen: Vec<(&str, &Value)> = Vec::new();
    for item in apps.items.iter().filter(|item| item.when.is_always()) {
        let Some(entry) = item.value.as_str() else { continue };
        let app = app_of(entry);
        let Some((earlier, first)) = seen.iter().find(|(known, _)| app_of(known) == app).copied() else {
            seen.push((entry, &item.value));
            continue;
        };
        let by_class = match earlier == entry {
            true => String::new(),
            false => format!(", as `{earlier}` and as `{entry}`"),
        };
        // What the settings module adds itself is what is too much, rather than what a base has.
        let is_own = |value: &Value| value.origin.is_some_and(|place| place.file == context.settings().file);
        let superfluous = if is_own(first) && !is_own(&item.value) { first } else { &item.value };
        let edits = context.remove_from_list(superfluous);
        let first = Some(context.place_of(&resolved, first));
        findings
            .report(
                context.place_of(&resolved, &item.value),
                format!(
                    "`{app}` is installed twice{by_class}: Django raises `ImproperlyConfigured` and does not start"
                ),
            )
            .setting("INSTALLED_APPS", &resolved)
            .related(first, "it is installed here already")
            .help("remove one of the two")
            .safe_fix("remove one of the two", edits);
    }
}

/// The app that an entry names: itself, or that of a configuration class. Of these only Django's own are known to be of
/// the app that they stand in.
fn app_of(entry: &str) -> &str {
    match entry.rsplit_once(".apps.") {
        Some((app, _)) if app.starts_with("django.contrib.") => app,
        _ => entry,
    }
}
