//! Daphne behind the static files app, whose `runserver` then goes before Daphne's.

use crate::eval::value::Item;
use crate::project::settings::contains;
use crate::python::edit::Beside;
use crate::rule::{Context, Findings};

/// Reports the entry of Daphne in `INSTALLED_APPS` where that of the static files stands before it.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    // Daphne has a `runserver` and the check since version 4.
    if !settings.is_at_least("daphne", "4.0") {
        return;
    }
    let silenced = settings.get("SILENCED_SYSTEM_CHECKS");
    if !contains(&silenced.value, |id| id == "daphne.E001").is_no() && silenced.is_set {
        return findings.silent(Some("SILENCED_SYSTEM_CHECKS"), "`daphne.E001` is, or may be, silenced", None);
    }
    let apps = settings.get("INSTALLED_APPS");
    for (_, value) in apps.value.options() {
        let Some(sequence) = value.sequence() else { continue };
        let find = |names: [&str; 2]| {
            let is_one = |item: &&Item| item.value.as_str().is_some_and(|text| names.contains(&text));
            sequence.items.iter().enumerate().find(|(_, item)| is_one(item))
        };
        let static_files = ["django.contrib.staticfiles", "django.contrib.staticfiles.apps.StaticFilesConfig"];
        let (Some((daphne_at, daphne)), Some((static_at, static_files))) =
            (find(["daphne", "daphne.apps.DaphneConfig"]), find(static_files))
        else {
            continue;
        };
        // Where one of them is there in some cases only, it must be certain that both are there together.
        let are_together = static_files.when.is_always() || static_files.when.is_same_as(&daphne.when);
        if daphne_at < static_at || !are_together {
            continue;
        }
        let message = "`daphne` stands after `django.contrib.staticfiles`: `manage.py runserver`, `migrate` and \
                       `collectstatic` stop with `daphne.E001`";
        findings
            .report(context.place_of(&apps, &daphne.value), message)
            .setting("INSTALLED_APPS", &apps)
            .related(static_files.value.origin, "the static files")
            .help("move `\"daphne\"` to the beginning of `INSTALLED_APPS`")
            .safe_fix(
                "move `\"daphne\"` before `django.contrib.staticfiles`",
                context.move_item(&daphne.value, Beside::Before, &static_files.value),
            );
    }
}
