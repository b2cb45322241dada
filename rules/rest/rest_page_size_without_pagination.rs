//! A size of pages, and no pages.

use crate::project::rest::{SETTING, asks, entries};
use crate::project::settings::{contains, truth};
use crate::rule::{Context, Findings};

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
        findings
            .report(place, "`PAGE_SIZE` has no effect without `DEFAULT_PAGINATION_CLASS`: lists come as a whole")
            .setting(SETTING, &resolved)
            .help("set `DEFAULT_PAGINATION_CLASS` to `\"rest_framework.pagination.PageNumberPagination\"`");
    }
}
