//! Finds SQLite databases with an option of PostgreSQL.

use crate::project::databases::{certain, databases, is_sqlite, option};
use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

/// Reports each that has it in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("DATABASES");
    for database in databases(context.settings()) {
        let engine = database.get("ENGINE").and_then(|entry| entry.value.as_str());
        let (Some(options), true) = (database.get("OPTIONS"), engine.is_some_and(is_sqlite)) else { continue };
        let has_option = option(&database, "sslmode", Truth::No, |_| Truth::Yes);
        let place = context.place_of(&resolved, &options.value);
        if !findings.is_certain(&certain(&database, has_option), "DATABASES", Some(place)) {
            continue;
        }
        let entry = options.value.as_dict().and_then(|options| options.get("sslmode"));
        findings
            .report(
                place,
                format!("`{}` is SQLite, which has no `sslmode`: connecting raises `TypeError`", database.title()),
            )
            .setting("DATABASES", &resolved)
            .help("remove `sslmode`, or `ssl_require`, for SQLite")
            .safe_fix("remove `sslmode`", entry.and_then(|entry| context.remove_entry(entry)));
    }
}
