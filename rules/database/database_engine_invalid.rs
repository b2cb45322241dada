//! Finds databases whose engine is missing or does not exist.

use crate::diagnostic::Applicability;
use crate::project::databases::{ENGINES, OLD_POSTGRESQL, databases};
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, origin_note};

/// Short names that are those of no package with an engine.
const SHORT: [(&str, &str); 8] = [
    ("sqlite", "django.db.backends.sqlite3"),
    ("sqlite3", "django.db.backends.sqlite3"),
    ("postgres", "django.db.backends.postgresql"),
    ("postgresql", "django.db.backends.postgresql"),
    ("psycopg2", "django.db.backends.postgresql"),
    ("postgis", "django.contrib.gis.db.backends.postgis"),
    ("mysql", "django.db.backends.mysql"),
    ("oracle", "django.db.backends.oracle"),
];

/// Reports each written engine that does not exist, and each database without one.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("DATABASES");
    for database in databases(context.settings()) {
        let Some(dict) = database.dict().filter(|dict| !dict.entries.is_empty()) else { continue };
        let Some(entry) = dict.get("ENGINE") else {
            let is_database = ["NAME", "HOST", "USER"].iter().any(|key| dict.get(key).is_some());
            if dict.open.is_none() && database.is_certain && is_database {
                findings
                    .report(
                        context.place_of(&resolved, database.value),
                        format!("`{}` has no `ENGINE`: each query raises `ImproperlyConfigured`", database.title()),
                    )
                    .setting("DATABASES", &resolved)
                    .help("add it: `\"ENGINE\": \"django.db.backends.postgresql\"`");
            }
            continue;
        };
        for (when, engine) in entry.value.options() {
            let Some(path) = engine.as_str().filter(|path| !exists(path)) else { continue };
            let short = SHORT.iter().find(|(name, _)| *name == path).map(|(_, engine)| *engine);
            let last = path.rsplit('.').next().unwrap_or(path);
            let by_name = SHORT.iter().find(|(name, _)| last.starts_with(name)).map(|(_, engine)| *engine);
            let meant = short.or(by_name).or_else(|| nearest(path, ENGINES, |_| 3));
            let is_evident = short.is_some() || nearest(path, meant, |_| 3).is_some();
            let applicability = if is_evident { Applicability::Safe } else { Applicability::Unsafe };
            let edits = meant.and_then(|meant| context.rewrite_string(engine, meant));
            let help = match meant {
                Some(meant) => format!("write `{meant}`"),
                None => "write one of Django's engines, such as `django.db.backends.postgresql`".to_owned(),
            };
            findings
                .report(
                    context.place_of(&resolved, engine),
                    format!(
                        "there is no database engine `{path}`{}: Django raises `ImproperlyConfigured`",
                        origin_note(&when)
                    ),
                )
                .setting("DATABASES", &resolved)
                .help(help)
                .fix(applicability, format!("write `{}`", meant.unwrap_or_default()), edits);
        }
    }
}

/// Whether an engine exists, or may: those of packages are let through.
fn exists(path: &str) -> bool {
    let is_djangos = path.starts_with("django.db.") || path.starts_with("django.contrib.gis.db.");
    let is_short = SHORT.iter().any(|(name, _)| *name == path);
    match (is_djangos, is_short) {
        (true, _) => ENGINES.contains(&path) || path == OLD_POSTGRESQL || path == "django.db.backends.",
        (false, is_short) => !is_short,
    }
}
