//! Finds a `STORAGES` without one of the storages that Django needs.

use crate::diagnostic::{Edit, Severity};
use crate::project::settings::{Resolved, Truth};
use crate::project::shape::{known, under_key};
use crate::rule::{Context, Findings};

const SETTING: &str = "STORAGES";

/// A storage more in the dict, `default` as the first one.
fn add(context: &Context, storages: &Resolved, alias: &str, backend: &str) -> Option<Vec<Edit>> {
    let file = storages.value.origin?.file;
    let [key, path] = ["BACKEND", backend].map(|text| context.quoted(file, text));
    context.add_entry(&storages.value, alias != "default", alias, &format!("{{{key}: {path}}}"))
}

/// Reports each that is missing in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    if !resolved.is_set || !settings.is_at_least("django", "4.2") {
        return;
    }
    let place = context.place_of_setting(&resolved);
    let lacks = |alias: &str| {
        Truth::over(&resolved.value, |storages| match storages.as_dict() {
            Some(storages) => under_key(storages, alias, Truth::Yes, |_| Truth::No),
            None => known(storages, |_| false),
        })
    };
    let lacks_static = lacks("staticfiles").and(settings.installed("django.contrib.staticfiles"));
    if findings.is_certain(&lacks_static, SETTING, Some(place)) {
        let is_checked = settings.is_at_least("django", "5.0");
        let edits = add(context, &resolved, "staticfiles", "django.contrib.staticfiles.storage.StaticFilesStorage");
        let report = findings
            .report(place, format!("`{SETTING}` has no `staticfiles`: `{{% static %}}` raises `InvalidStorageError`"))
            .setting(SETTING, &resolved)
            .help(
                "add it, with the `BACKEND` `django.contrib.staticfiles.storage.StaticFilesStorage`: the setting replaces \
                 Django's default",
            )
            .safe_fix("add Django's own", edits);
        if !is_checked {
            report.django_checks(&[]);
        }
    }
    if findings.is_certain(&lacks("default"), SETTING, Some(place)) {
        let edits = add(context, &resolved, "default", "django.core.files.storage.FileSystemStorage");
        findings
            .report(
                place,
                format!("`{SETTING}` has no `default`: the first file that is stored raises `InvalidStorageError`"),
            )
            .setting(SETTING, &resolved)
            .severity(Severity::Warning)
            .django_checks(&[])
            .help(
                "add it, with the `BACKEND` `django.core.files.storage.FileSystemStorage`: the setting replaces Django's \
                 default",
            )
            .safe_fix("add Django's own", edits);
    }
}
