//! A size of pages, and no pages.

use crate::project::rest::{SETTING, asks, entries};
use crate::project::settings::{contains, truth};
use crate::python::edit::Beside;
use crate::rule::{Context, Findings};

const CLASS: &str = "DEFAULT_PAGINATION_CLASS";
const PAGINATION: &str = "rest_framework.pagination.PageNumberPagination";

/// Reports `PAGE_SIZE` where there is no pagination.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let size = asks(&resolved, "PAGE_SIZE", truth);
    let paginates = asks(&resolved, "DEFAULT_PAGINATION_CLASS", truth);
    if !resolved.is_set || !settings.installed("rest_framework").is_yes() {
        return;
    }
    let silenced = settings.get("SILENCED_SYSTEM_CHECKS");
    let silenced = contains(&silenced.value, |id| id == "rest_framework.W001");
    let Some(entry) = entries(&resolved).into_iter().find(|entry| entry.key.as_str() == Some("PAGE_SIZE")) else {
        return;
    };
    let place = context.place_of(&resolved, &entry.key);
    let wrong = size.and(silenced.negated()).and(paginates.negated());
    if findings.is_certain(&wrong, SETTING, Some(place)) {
        let is_free = resolved.value.as_dict().is_some_and(|dict| dict.get(CLASS).is_none());
        let edits = entry.key.origin.filter(|_| is_free).and_then(|key| {
            let [name, path] = [CLASS, PAGINATION].map(|text| context.quoted(key.file, text));
            context.edit_at(key, |editor, span| {
                editor.is_in_dict(span).then(|| editor.insert_item(Beside::Before(span), &format!("{name}: {path}")))?
            })
        });
        findings
            .report(place, "`PAGE_SIZE` has no effect without `DEFAULT_PAGINATION_CLASS`: lists come as a whole")
            .setting(SETTING, &resolved)
            .help("set `DEFAULT_PAGINATION_CLASS` to `\"rest_framework.pagination.PageNumberPagination\"`")
            .unsafe_fix("set `DEFAULT_PAGINATION_CLASS`", edits);
    }
}
