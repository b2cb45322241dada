//! Finds databases with a pool that Django keeps connections of.

use crate::project::databases::{certain, databases, is_postgresql, keeps_connections, option};
use crate::project::settings::{Truth, truth};
use crate::rule::{Context, Findings};

/// Reports each where that is so in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    if !context.settings().is_at_least("django", "5.1") {
        return;
    }
    let resolved = context.settings().get("DATABASES");
    for database in databases(context.settings()) {
        let Some(dict) = database.dict() else { continue };
        let engine = dict.get("ENGINE").and_then(|entry| entry.value.as_str());
        let (Some(age), true) = (dict.get("CONN_MAX_AGE"), engine.is_some_and(is_postgresql)) else { continue };
        let is_wrong = option(&database, "pool", Truth::No, truth).and(keeps_connections(&database));
        let place = context.place_of(&resolved, &age.value);
        if !findings.is_certain(&certain(&database, is_wrong), "DATABASES", Some(place)) {
            continue;
        }
        findings
            .report(
                place,
                format!(
                    "`{}` has a pool and keeps connections: connecting raises `ImproperlyConfigured`",
                    database.title()
                ),
            )
            .setting("DATABASES", &resolved)
            .help("remove `CONN_MAX_AGE`, or set it to 0")
            .safe_fix("set it to 0", context.rewrite(&age.value, "0"));
    }
}
