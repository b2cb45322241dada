//! Finds static and uploaded files at the same URL or in the same folder.

use crate::eval::value::{Kind, Value};
use crate::project::folders::{collects_into_static_root, served_url};
use crate::project::settings::{Resolved, Truth};
use crate::project::shape::known;
use crate::rule::{Context, Findings};

/// Reports the pairs that are equal in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let applies = settings.installed("django.contrib.staticfiles").and(collects_into_static_root(settings));
    let pairs: [(&str, &str, fn(&Value) -> Option<String>); 2] =
        [("STATIC_URL", "MEDIA_URL", url), ("STATIC_ROOT", "MEDIA_ROOT", folder)];
    for (name, other, form) in pairs {
        let (one, two) = (settings.get(name), settings.get(other));
        if !one.is_set {
            continue;
        }
        let place = context.place_of_setting(&one);
        let are_equal = Truth::over(&one.value, |one| {
            Truth::over(&two.value, |two| {
                let is_equal = |two: &Value| form(one).is_some_and(|one| form(two) == Some(one));
                known(one, |_| true).and(known(two, is_equal))
            })
        });
        if !findings.is_certain(&are_equal.and(applies.clone()), name, Some(place)) {
            continue;
        }
        let default = default_note(&two);
        findings
            .report(
                place,
                format!(
                    "`{name}` and `{other}`{default} are equal: Django raises `ImproperlyConfigured` for static files"
                ),
            )
            .setting(name, &one)
            .related(two.history.last().copied(), "the other one")
            .help("keep the two apart: `/static/` and `/media/`");
    }
}

fn default_note(setting: &Resolved) -> &'static str {
    if setting.is_set { "" } else { ", which is `/` by default," }
}

fn url(value: &Value) -> Option<String> {
    value.as_str().map(served_url).filter(|url| !url.is_empty())
}

/// A string and a path are never equal to Python.
fn folder(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Path(path) => path.as_str().map(|path| format!("path {path}")),
        _ => value.as_str().filter(|text| !text.is_empty()).map(|text| format!("text {text}")),
    }
}
