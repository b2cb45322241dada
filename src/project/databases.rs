//! `DATABASES`: engines and what they need.

use super::aliases::{Aliased, aliased};
use super::settings::{Settings, Truth};
use super::shape::{known, under_key};
use crate::eval::value::{Kind, Value};

/// The engines that come with Django, below `django.db.backends` and `django.contrib.gis.db.backends`.
pub const ENGINES: [&str; 9] = [
    "django.db.backends.mysql",
    "django.db.backends.oracle",
    "django.db.backends.postgresql",
    "django.db.backends.sqlite3",
    "django.db.backends.dummy",
    "django.contrib.gis.db.backends.mysql",
    "django.contrib.gis.db.backends.oracle",
    "django.contrib.gis.db.backends.postgis",
    "django.contrib.gis.db.backends.spatialite",
];

/// The name of the engine for PostgreSQL before Django 1.9, which is still understood.
pub const OLD_POSTGRESQL: &str = "django.db.backends.postgresql_psycopg2";

/// A database, in one of the forms that it can have.
pub type Database<'v> = Aliased<'v>;

/// Every database, in each form that it can have.
pub fn databases(settings: &Settings) -> Vec<Database<'_>> {
    aliased(settings, "DATABASES")
}

/// Whether an engine is the one for SQLite, or one that Django derives from it.
pub fn is_sqlite(engine: &str) -> bool {
    matches!(engine, "django.db.backends.sqlite3" | "django.contrib.gis.db.backends.spatialite")
}

/// Whether an engine is the one for PostgreSQL, or one that Django derives from it.
pub fn is_postgresql(engine: &str) -> bool {
    matches!(engine, "django.db.backends.postgresql" | OLD_POSTGRESQL | "django.contrib.gis.db.backends.postgis")
}

/// What holds of a database as it is written: open where it is there in some cases only.
pub fn certain(database: &Database, truth: Truth) -> Truth {
    match truth {
        Truth::Yes if !database.is_certain => Truth::Unknown("the database is so in some cases only".into()),
        truth => truth,
    }
}

/// Whether connections are kept open between requests.
pub fn keeps_connections(database: &Database) -> Truth {
    let Some(dict) = database.dict() else { return Truth::No };
    under_key(dict, "CONN_MAX_AGE", Truth::No, |age| {
        known(age, |age| match &age.kind {
            Kind::None => true,
            Kind::Int(age) => *age != 0,
            Kind::Float(age) => *age != 0.0,
            Kind::Bool(age) => *age,
            _ => false,
        })
    })
}

/// What `test` says of an option, `missing` where there is none.
pub fn option(database: &Database, name: &str, missing: Truth, test: impl Fn(&Value) -> Truth) -> Truth {
    let Some(dict) = database.dict() else { return missing };
    under_key(dict, "OPTIONS", missing.clone(), |options| match options.as_dict() {
        Some(options) => under_key(options, name, missing.clone(), &test),
        None => known(options, |_| false).and(missing.clone()),
    })
}
