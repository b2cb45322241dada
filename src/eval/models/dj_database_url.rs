//! dj-database-url 0.5 to 3.1: `config(…)` and `parse(url)`.

use super::plain::{Failure, Plain, is_at_least, parsed, set};
use super::{Call, variables};
use crate::eval::formula::Formula;
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Arguments, Class, Kind, Object};
use crate::eval::raise::Exception;
use crate::eval::url::{SplitUrl, percent_decoded};

const DISTRIBUTION: &str = "dj-database-url";

/// Source: `register(…)` of 3.1. 0.5 knows the first 14, 1.0 the first 16.
const SCHEMES: [(&str, &str); 18] = [
    ("postgres", "django.db.backends.postgresql"),
    ("postgresql", "django.db.backends.postgresql"),
    ("pgsql", "django.db.backends.postgresql"),
    ("postgis", "django.contrib.gis.db.backends.postgis"),
    ("mysql", "django.db.backends.mysql"),
    ("mysql2", "django.db.backends.mysql"),
    ("mysqlgis", "django.contrib.gis.db.backends.mysql"),
    ("mysql-connector", "mysql.connector.django"),
    ("mssql", "sql_server.pyodbc"),
    ("spatialite", "django.contrib.gis.db.backends.spatialite"),
    ("sqlite", "django.db.backends.sqlite3"),
    ("oracle", "django.db.backends.oracle"),
    ("oraclegis", "django.contrib.gis.db.backends.oracle"),
    ("redshift", "django_redshift_backend"),
    ("cockroach", "django_cockroachdb"),
    ("mssqlms", "mssql"),
    ("timescale", "timescale.db.backends.postgresql"),
    ("timescalegis", "timescale.db.backends.postgis"),
];

/// Schemes whose option `currentSchema` becomes a search path.
const WITH_SCHEMA: [&str; 7] = ["postgres", "postgresql", "pgsql", "postgis", "redshift", "timescale", "timescalegis"];

/// Which releases there are to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Release {
    /// Up to 0.5: PostgreSQL has its old name.
    Zero,
    /// 1.0.
    First,
    /// 1.2 to 2.1: connection health checks and options of the test database.
    HealthChecks,
    /// 2.2 and 2.3: server-side cursors, and options that are truth values.
    Cursors,
    /// 3.0 and later: rewritten.
    Third,
}

/// The arguments after the URL.
struct Options {
    engine: Option<String>,
    conn_max_age: Object,
    conn_health_checks: Object,
    disable_server_side_cursors: Object,
    ssl_require: Formula,
    test_options: Option<Object>,
}

pub(super) fn call(machine: &mut Machine, call: &Call) -> Option<Run<Object>> {
    match call.name {
        "dj_database_url.config" => Some(config(machine, call)),
        "dj_database_url.parse" => Some(parse_call(machine, call)),
        _ => None,
    }
}

fn release(machine: &Machine) -> Release {
    let is_at_least = |release| is_at_least(machine, DISTRIBUTION, release);
    match () {
        () if is_at_least([3, 0]) => Release::Third,
        () if is_at_least([2, 2]) => Release::Cursors,
        () if is_at_least([1, 2]) => Release::HealthChecks,
        () if is_at_least([1, 0]) => Release::First,
        () => Release::Zero,
    }
}

fn config(machine: &mut Machine, call: &Call) -> Run<Object> {
    let name = call.arg(0, "env").cloned().unwrap_or_else(|| Object::str("DATABASE_URL", call.place));
    let default = call.arg(1, "default").cloned().unwrap_or_else(|| Object::none(call.place));
    let url = variables::get(machine, &name, &default)?;
    read(machine, &url, call, 2, true)
}

fn parse_call(machine: &mut Machine, call: &Call) -> Run<Object> {
    let Some(url) = call.arg(0, "url").cloned() else {
        return machine.fail(Exception::new("TypeError", "parse() missing 1 required positional argument: 'url'"));
    };
    read(machine, &url, call, 1, false)
}

/// What a URL gives with the options of the call, of which the first is at `first`. `config` takes one that is missing
/// or empty for no database; `parse` raises.
fn read(machine: &mut Machine, url: &Object, call: &Call, first: usize, is_config: bool) -> Run<Object> {
    let Some(options) = options(machine, call.arguments, first) else {
        machine.may_raise(call.name)?;
        return Ok(Object::unknown_of(Class::Dict, "how the database URL is read is not known", call.place));
    };
    with_url(machine, url, call, &options, is_config)
}

fn with_url(machine: &mut Machine, url: &Object, call: &Call, options: &Options, is_config: bool) -> Run<Object> {
    let release = release(machine);
    machine.branch(
        options.ssl_require,
        |machine| one(machine, url, call, options, release, (true, is_config)),
        |machine| one(machine, url, call, options, release, (false, is_config)),
    )
}

fn one(
    machine: &mut Machine,
    url: &Object,
    call: &Call,
    options: &Options,
    release: Release,
    (ssl_require, is_config): (bool, bool),
) -> Run<Object> {
    let nothing = || Ok(Plain::Dict(Vec::new()));
    parsed(
        machine,
        url,
        ("dj_database_url.parse", Class::Dict),
        call.place,
        |_, text| match text {
            "" if is_config => nothing(),
            _ => parse(text, options, release, ssl_require),
        },
        |other| match other.kind {
            Kind::None if is_config => nothing(),
            Kind::None => Err(Failure::Raises(Exception::new("ValueError", "None is not a database URL"))),
            _ => Err(Failure::Unsure("the database URL is not a string")),
        },
    )
}

/// The options of a call; none where they are not known, or not as the release takes them, or it is not evaluated.
fn options(machine: &mut Machine, arguments: &Arguments, first: usize) -> Option<Options> {
    // In 1.1 `config` passed `ssl_require` on as `conn_health_checks`.
    if is_at_least(machine, DISTRIBUTION, [1, 1]) && !is_at_least(machine, DISTRIBUTION, [1, 2]) {
        return None;
    }
    let names: &[&str] = match release(machine) {
        Release::Zero | Release::First => &["engine", "conn_max_age", "ssl_require"],
        Release::HealthChecks => &["engine", "conn_max_age", "conn_health_checks", "ssl_require", "test_options"],
        Release::Cursors | Release::Third => &[
            "engine",
            "conn_max_age",
            "conn_health_checks",
            "disable_server_side_cursors",
            "ssl_require",
            "test_options",
        ],
    };
    let is_taken = |name: &str| names.contains(&name) || matches!(name, "url" | "env" | "default");
    if arguments.open
        || arguments.positional.len() > first + names.len()
        || !arguments.named.iter().all(|(name, _)| is_taken(name))
    {
        return None;
    }
    let get = |name: &str| {
        let at = names.iter().position(|known| *known == name)?;
        arguments.get(first + at, name).cloned()
    };
    let no = Object::bool(false, None);
    let engine = match get("engine").map(|engine| engine.kind) {
        None | Some(Kind::None) => None,
        Some(Kind::Str(engine)) if !engine.is_empty() => Some(engine.to_string()),
        Some(_) => return None,
    };
    let test_options = get("test_options").filter(|options| !matches!(options.kind, Kind::None));
    let test_options = match test_options {
        None => None,
        Some(options) => {
            let is_set = machine.truth(&options);
            match (is_set.is_true(), is_set.is_false()) {
                (true, _) => Some(options),
                (_, true) => None,
                _ => return None,
            }
        }
    };
    let ssl_require = get("ssl_require").map_or(Formula::FALSE, |required| machine.truth(&required));
    Some(Options {
        engine,
        conn_max_age: get("conn_max_age").unwrap_or_else(|| Object::int(0, None)),
        conn_health_checks: get("conn_health_checks").unwrap_or_else(|| no.clone()),
        disable_server_side_cursors: get("disable_server_side_cursors").unwrap_or(no),
        ssl_require,
        test_options,
    })
}

/// The library's own classes of errors came in 3.0.
fn raises(message: &str) -> Failure {
    Failure::Raises(Exception::of_any_class(message))
}

/// `parse(url, …)`.
fn parse(url: &str, options: &Options, release: Release, ssl_require: bool) -> Result<Plain, Failure> {
    if url == "sqlite://:memory:" {
        let entries = [("ENGINE", "django.db.backends.sqlite3"), ("NAME", ":memory:")];
        return Ok(Plain::Dict(entries.map(|(key, text)| (key.to_owned(), Plain::str(text))).to_vec()));
    }
    let split = SplitUrl::parse(url).map_err(|_| raises("it is not a valid URL"))?;
    if !split.is_settled() {
        return Err(Failure::Unsure("Python's versions differ in reading the URL's host"));
    }
    let is_third = release == Release::Third;
    let engine = match (&options.engine, backend(&split.scheme, release)) {
        // Until 2.x a given engine made every scheme a known one.
        (Some(engine), None) if !is_third => engine.clone(),
        (_, None) => return Err(raises("the URL's scheme is not known")),
        (Some(engine), Some(_)) => engine.clone(),
        (None, Some(backend)) => backend.to_owned(),
    };
    let port = split.port().map_err(|_| raises("the URL's port is not valid"))?;
    let mut path = percent_decoded(split.path.get(1..).unwrap_or_default());
    if split.scheme == "sqlite" && path.is_empty() {
        path = ":memory:".into();
    }
    let decoded = |text: Option<&str>| Plain::str(percent_decoded(text.unwrap_or_default()));
    let mut entries = vec![
        ("ENGINE".to_owned(), Plain::str(engine.clone())),
        ("USER".to_owned(), decoded(split.username())),
        ("PASSWORD".to_owned(), decoded(split.password())),
        ("HOST".to_owned(), Plain::str(host(&split, release)?)),
        ("PORT".to_owned(), port_value(port, &split.scheme, &engine, release)),
        ("NAME".to_owned(), Plain::str(path)),
    ];
    let mut query = query(&split, release)?;
    if let Some(at) = query.iter().position(|(name, _)| name == "ssl-ca")
        && (split.scheme == "mysql" || split.scheme == "mysql2" && is_third)
    {
        let (_, ca) = query.remove(at);
        let ca = Plain::Dict(vec![("ca".to_owned(), ca)]);
        set(&mut query, "ssl", ca);
    }
    if let Some(at) = query.iter().position(|(name, _)| name == "currentSchema")
        && WITH_SCHEMA.contains(&split.scheme.as_str())
    {
        if options.engine.is_some() && !is_third {
            return Err(Failure::Unsure("the engine decides what becomes of currentSchema"));
        }
        match query.remove(at).1 {
            Plain::Str(schema) => set(&mut query, "options", Plain::Str(format!("-c search_path={schema}"))),
            _ => return Err(Failure::Unsure("the schema is not a name")),
        }
    }
    if ssl_require {
        set(&mut query, "sslmode", Plain::str("require"));
    }
    if !query.is_empty() {
        entries.push(("OPTIONS".to_owned(), Plain::Dict(query)));
    }
    entries.push(("CONN_MAX_AGE".to_owned(), Plain::Object(options.conn_max_age.clone())));
    if release >= Release::HealthChecks {
        entries.push(("CONN_HEALTH_CHECKS".to_owned(), Plain::Object(options.conn_health_checks.clone())));
    }
    if release >= Release::Cursors {
        let cursors = Plain::Object(options.disable_server_side_cursors.clone());
        entries.push(("DISABLE_SERVER_SIDE_CURSORS".to_owned(), cursors));
    }
    if let Some(test) = &options.test_options {
        entries.push(("TEST".to_owned(), Plain::Object(test.clone())));
    }
    Ok(Plain::Dict(entries))
}

fn backend(scheme: &str, release: Release) -> Option<&'static str> {
    let known = match release {
        Release::Zero => &SCHEMES[..14],
        Release::First => &SCHEMES[..16],
        _ => &SCHEMES,
    };
    match (known.iter().find(|(known, _)| *known == scheme)?.1, release) {
        ("django.db.backends.postgresql", Release::Zero) => Some("django.db.backends.postgresql_psycopg2"),
        (backend, _) => Some(backend),
    }
}

fn host(split: &SplitUrl, release: Release) -> Result<String, Failure> {
    let host = split.host();
    match release {
        _ if !host.contains('%') => Ok(host),
        Release::Third => Ok(percent_decoded(&host)),
        _ => Err(Failure::Unsure("how a host with % is read differs between releases of dj-database-url")),
    }
}

fn port_value(port: Option<u16>, scheme: &str, engine: &str, release: Release) -> Plain {
    let is_text = match release {
        Release::Third => matches!(scheme, "oracle" | "mssql" | "mssqlms"),
        Release::Zero => engine == "django.db.backends.oracle",
        _ => matches!(engine, "django.db.backends.oracle" | "sql_server.pyodbc" | "mssql"),
    };
    match port.filter(|port| *port != 0) {
        Some(port) if is_text => Plain::Str(port.to_string()),
        Some(port) => Plain::Int(port.into()),
        None => Plain::str(""),
    }
}

/// The query as `OPTIONS`.
fn query(split: &SplitUrl, release: Release) -> Result<Vec<(String, Plain)>, Failure> {
    let unsure = Failure::Unsure("an option of the URL is not evaluated");
    let convert = |value: &str| {
        let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        match value {
            _ if !value.is_ascii() && value.chars().any(char::is_numeric) => Err(unsure.clone()),
            _ if release <= Release::First => Ok(Plain::str(value)),
            _ if is_digits => value.parse().map(Plain::Int).map_err(|_| unsure.clone()),
            // `int()` takes blanks, signs and underscores too.
            _ if release == Release::HealthChecks && value.contains(|c: char| c.is_ascii_digit()) => {
                match value.contains(|c: char| c.is_ascii_alphabetic()) {
                    true => Ok(Plain::str(value)),
                    false => Err(unsure.clone()),
                }
            }
            _ if release >= Release::Cursors && value.eq_ignore_ascii_case("true") => Ok(Plain::Bool(true)),
            _ if release >= Release::Cursors && value.eq_ignore_ascii_case("false") => Ok(Plain::Bool(false)),
            _ => Ok(Plain::str(value)),
        }
    };
    let mut entries = Vec::new();
    for (name, values) in split.all_options() {
        let value = match (values.as_slice(), values.last()) {
            ([_, _, ..], _) if release == Release::Third => {
                Plain::List(values.iter().map(|value| convert(value)).collect::<Result<_, _>>()?)
            }
            (_, Some(last)) => convert(last)?,
            (_, None) => continue,
        };
        entries.push((name, value));
    }
    Ok(entries)
}
