//! Settings by a name that is not read.

use crate::eval::value::brief;
use crate::project::cors::{ALL_ORIGINS, ORIGINS, PATTERNS, is_used};
use crate::rule::{Context, Findings};

/// Reports each older name whose newer one is set too.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.is_at_least("django-cors-headers", "3.5") {
        return;
    }
    for [newer, older] in [ORIGINS, PATTERNS, ALL_ORIGINS] {
        let (Some(_), Some(_)) = (settings.names.get(newer), settings.names.get(older)) else { continue };
        let (read, ignored) = (settings.get(newer), settings.get(older));
        let is_same = read.value.origin.is_some() && read.value.origin == ignored.value.origin;
        let place = context.place_of_setting(&ignored);
        if is_same || brief(&read.value) == brief(&ignored.value) {
            continue;
        }
        // Where the newer one is there in some cases only, the older one counts in the others.
        let is_partial = read.value.options().iter().any(|(_, value)| value.type_name() == "object");
        if is_partial || !findings.is_certain(&is_used(settings), older, Some(place)) {
            continue;
        }
        findings
            .report(place, format!("`{older}` is not read, since `{newer}` is set: what it says is lost"))
            .setting(older, &ignored)
            .related(Some(context.place_of_setting(&read)), "this is read")
            .help(format!("put it into `{newer}`, and remove `{older}`"));
    }
}
