//! Finds databases without the name that their engine needs.

use crate::eval::value::Kind;
use crate::project::databases::{certain, databases, is_postgresql, is_sqlite, option};
use crate::project::settings::{Truth, truth};
use crate::project::shape::{known, under_key};
use crate::rule::{Context, Findings};

/// Reports each that has none in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("DATABASES");
    for database in databases(context.settings()) {
        let Some(dict) = database.dict() else { continue };
        let Some(engine) = dict.get("ENGINE").and_then(|entry| entry.value.as_str()) else { continue };
        let is_nameless = match () {
            () if is_sqlite(engine) => under_key(dict, "NAME", Truth::Yes, |name| match truth(name) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                open => open,
            }),
            () if is_postgresql(engine) => {
                let has_service = option(&database, "service", Truth::No, truth);
                let is_nameless = under_key(dict, "NAME", Truth::Yes, |name| {
                    known(name, |name| matches!(&name.kind, Kind::Str(text) if text.is_empty()))
                });
                match has_service {
                    Truth::No => is_nameless,
                    Truth::Yes => Truth::No,
                    open => is_nameless.and(open),
                }
            }
            () => continue,
        };
        let place = match dict.get("NAME") {
            Some(entry) => context.place_of(&resolved, &entry.value),
            None => context.place_of(&resolved, database.value),
        };
        if !findings.is_certain(&certain(&database, is_nameless), "DATABASES", Some(place)) {
            continue;
        }
        findings
            .report(place, format!("`{}` has no `NAME`: connecting raises `ImproperlyConfigured`", database.title()))
            .setting("DATABASES", &resolved)
            .help("name the database, or the file: `\"NAME\": BASE_DIR / \"db.sqlite3\"`");
    }
}
