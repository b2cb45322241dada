//! The URL readers of django-environ 0.4 to 0.14: `env.db()`, `env.cache()`, `env.email()`, `env.channels()`,
//! `env.search_url()`.

use super::django_environ::{DISTRIBUTION, Env, Request};
use super::plain::{Failure, Plain, digits_or_text, is_at_least, literal_or_text, parsed, set};
use super::{Call, django_environ_schemes as schemes, stdlib};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};
use crate::eval::raise::Exception;
use crate::eval::url::{SplitUrl, percent_decoded, unquoted};

/// What a URL is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Database,
    Cache,
    Email,
    Channels,
    Search,
}

type Entries = Vec<(String, Plain)>;

pub(super) fn call(machine: &mut Machine, env: &Env, method: &str, call: &Call) -> Option<Run<Object>> {
    let (reads, variable) = match method {
        "db" | "db_url" => (Reads::Database, "DATABASE_URL"),
        "cache" | "cache_url" => (Reads::Cache, "CACHE_URL"),
        "email" | "email_url" => (Reads::Email, "EMAIL_URL"),
        "channels" | "channels_url" => (Reads::Channels, "CHANNELS_URL"),
        "search_url" => (Reads::Search, "SEARCH_URL"),
        _ => return None,
    };
    let name = call.arg(0, "var").cloned().unwrap_or_else(|| Object::str(variable, call.place));
    let default = call.arg(1, "default").cloned();
    // The URL is parsed once more after the environment gave it, whether it is a default or not.
    let request = Request { name, cast: Some(super::django_environ_casts::Cast::Str), default, parses_default: false };
    Some(env.get(machine, &request, call.place).and_then(|url| read(machine, reads, &url, call)))
}

fn read(machine: &mut Machine, reads: Reads, url: &Object, call: &Call) -> Run<Object> {
    let argument = if matches!(reads, Reads::Database | Reads::Search) { "engine" } else { "backend" };
    let chosen = match call.arg(2, argument).map(|chosen| &chosen.kind) {
        None | Some(Kind::None) => Some(None),
        Some(Kind::Str(text)) if text.is_empty() => Some(None),
        Some(Kind::Str(text)) => Some(Some(text.to_string())),
        Some(_) => None,
    };
    let Some(chosen) = chosen else {
        machine.may_raise("env.db()")?;
        return Ok(Object::unknown_of(Class::Dict, "the engine or backend is not known", call.place));
    };
    let name = match reads {
        Reads::Database => "env.db",
        Reads::Cache => "env.cache",
        Reads::Email => "env.email",
        Reads::Channels => "env.channels",
        Reads::Search => "env.search_url",
    };
    parsed(
        machine,
        url,
        (name, Class::Dict),
        call.place,
        |machine, text| {
            match reads {
                Reads::Database => database(machine, text, chosen.as_deref()),
                Reads::Cache => cache(machine, text, chosen.as_deref()),
                Reads::Email => email(machine, text, chosen.as_deref()),
                Reads::Channels => channels(machine, text, chosen.as_deref()),
                Reads::Search => search(text, chosen.as_deref()),
            }
            .map(Plain::Dict)
        },
        |other| match other.kind {
            Kind::None if reads == Reads::Cache => Ok(Plain::Dict(Vec::new())),
            _ => Err(Failure::Unsure("the URL is not a string")),
        },
    )
}

fn entry(name: &str, value: impl Into<String>) -> (String, Plain) {
    (name.to_owned(), Plain::str(value))
}

fn invalid() -> Failure {
    Failure::Raises(Exception::new("ValueError", "it is not a valid URL"))
}

fn unknown_scheme(scheme: &str) -> Failure {
    let message = format!("Invalid schema {scheme}");
    Failure::Raises(Exception::new("django.core.exceptions.ImproperlyConfigured", message))
}

fn split(url: &str) -> Result<SplitUrl, Failure> {
    let split = SplitUrl::parse(url).map_err(|_| Failure::Unsure("the URL is not a valid one"))?;
    match split.is_settled() {
        true => Ok(split),
        false => Err(Failure::Unsure("Python's versions differ in reading the URL's host")),
    }
}

/// A user or password. Until 0.8 a `+` was a blank.
fn decoded(machine: &Machine, text: Option<&str>) -> Option<String> {
    let is_old = !is_at_least(machine, DISTRIBUTION, [0, 9]);
    text.map(|text| if is_old { unquoted(text) } else { percent_decoded(text) })
}

/// `db_url_config`.
fn database(machine: &Machine, url: &str, engine: Option<&str>) -> Result<Entries, Failure> {
    if url == "sqlite://:memory:" {
        return Ok(vec![entry("ENGINE", "django.db.backends.sqlite3"), entry("NAME", ":memory:")]);
    }
    let mut split = split(url)?;
    if split.path.is_empty() && is_at_least(machine, DISTRIBUTION, [0, 11]) {
        let again = quoted(url);
        if again != url {
            split = self::split(&again)?;
        }
    }
    let scheme = split.scheme.clone();
    if matches!(scheme.as_str(), "ldap") || split.netloc.contains(',') || split.netloc.to_lowercase().contains("%2c") {
        return Err(Failure::Unsure("a database with several hosts, or of LDAP, is not evaluated"));
    }
    let mut path = unquoted(split.path.get(1..).unwrap_or_default());
    if scheme == "sqlite" && path.is_empty() {
        path = ":memory:".into();
    }
    let port = split.port().map_err(|_| invalid())?.filter(|port| *port != 0);
    let port = port.map_or(Plain::str(""), |port| Plain::Int(port.into()));
    let mut entries = vec![
        entry("NAME", path.clone()),
        entry("USER", decoded(machine, split.username()).unwrap_or_default()),
        entry("PASSWORD", decoded(machine, split.password()).unwrap_or_default()),
        entry("HOST", split.host()),
        ("PORT".to_owned(), port),
    ];
    if path.starts_with('/') && (schemes::is_postgres(&scheme) || path.contains("cloudsql")) {
        if !is_at_least(machine, DISTRIBUTION, [0, 9]) {
            return Err(Failure::Unsure("a socket in the URL is read differently by old releases of django-environ"));
        }
        let (host, name) = path.rsplit_once('/').unwrap_or_default();
        set(&mut entries, "HOST", Plain::str(host));
        set(&mut entries, "NAME", Plain::str(name));
    }
    if scheme == "oracle" {
        if path.is_empty() {
            set(&mut entries, "NAME", Plain::str(split.host()));
            set(&mut entries, "HOST", Plain::str(""));
        }
        match split.port().map_err(|_| invalid())?.filter(|port| *port != 0) {
            Some(port) => set(&mut entries, "PORT", Plain::Str(port.to_string())),
            None => entries.retain(|(name, _)| name != "PORT"),
        }
    }
    if !split.query.is_empty() {
        let mut options = Entries::new();
        for (name, value) in split.options() {
            let upper = name.to_uppercase();
            if schemes::DATABASE_OPTIONS.contains(&upper.as_str()) {
                if upper == "CONN_HEALTH_CHECKS" || upper == "DISABLE_SERVER_SIDE_CURSORS" {
                    newest(machine, [0, 11])?;
                }
                set(&mut entries, upper, literal_or_text(&value).ok_or(Failure::Unsure("an option is not evaluated"))?);
            } else {
                set(&mut options, name, digits_or_text(&value).ok_or(Failure::Unsure("an option is not evaluated"))?);
            }
        }
        entries.push(("OPTIONS".to_owned(), Plain::Dict(options)));
    }
    let engine = engine.unwrap_or(&scheme);
    if schemes::is_late_database(engine) {
        newest(machine, [0, 13])?;
    }
    let engine = schemes::database(engine).unwrap_or(engine);
    if engine.is_empty() {
        return Ok(Entries::new());
    }
    entries.push(entry("ENGINE", engine));
    Ok(entries)
}

/// `quote(url, safe=':/?&=@')`
fn quoted(url: &str) -> String {
    stdlib::quoted(url, ":/?&=@", false)
}

fn newest(machine: &Machine, release: [u64; 2]) -> Result<(), Failure> {
    match is_at_least(machine, DISTRIBUTION, release) {
        true => Ok(()),
        false => Err(Failure::Unsure("old releases of django-environ read the URL differently")),
    }
}

/// `cache_url_config`.
fn cache(machine: &Machine, url: &str, backend: Option<&str>) -> Result<Entries, Failure> {
    newest(machine, [0, 8])?;
    if url.is_empty() {
        newest(machine, [0, 10])?;
    }
    let split = split(url)?;
    let scheme = split.scheme.as_str();
    let backend = match (backend, cache_backend(machine, scheme)?) {
        (Some(chosen), _) => Some(chosen.to_owned()),
        (None, known) => known,
    };
    let hosts: Vec<&str> = split.netloc.split(',').collect();
    let one_or_list = |mut texts: Vec<String>| match texts.len() {
        1 => Plain::Str(texts.swap_remove(0)),
        _ => Plain::List(texts.into_iter().map(Plain::Str).collect()),
    };
    let mut location = one_or_list(hosts.iter().map(ToString::to_string).collect());
    match scheme {
        "filecache" => location = Plain::Str(format!("{}{}", split.netloc, split.path)),
        "memcache" | "pymemcache" if split.netloc.is_empty() => location = Plain::Str(format!("unix:{}", split.path)),
        _ if scheme.starts_with("redis") => {
            let own = if split.host().is_empty() { "unix".to_owned() } else { scheme.replace("cache", "") };
            location = one_or_list(hosts.iter().map(|host| format!("{own}://{host}{}", split.path)).collect());
        }
        _ => {}
    }
    let is_lower = is_at_least(machine, DISTRIBUTION, [0, 13])
        && backend.as_deref() == Some("django.core.cache.backends.redis.RedisCache");
    let is_known = backend.is_some();
    let backend = backend.map_or(Plain::Unknown("which Redis client is installed is not known"), Plain::Str);
    let mut entries = vec![("BACKEND".to_owned(), backend), ("LOCATION".to_owned(), location)];
    if !split.query.is_empty() {
        if !is_known {
            return Err(Failure::Unsure("which Redis client is installed is not known"));
        }
        let mut options = Entries::new();
        for (name, value) in split.options() {
            let value = literal_or_text(&value).ok_or(Failure::Unsure("an option is not evaluated"))?;
            let upper = name.to_uppercase();
            let key = if is_lower { name.to_lowercase() } else { upper.clone() };
            match schemes::CACHE_OPTIONS.contains(&upper.as_str()) {
                true => set(&mut entries, key, value),
                false => set(&mut options, key, value),
            }
        }
        entries.push(("OPTIONS".to_owned(), Plain::Dict(options)));
    }
    Ok(entries)
}

/// The backend of a scheme; none where it hangs on what is installed and that is not known.
fn cache_backend(machine: &Machine, scheme: &str) -> Result<Option<String>, Failure> {
    let installed = |distribution| machine.world.requires(distribution);
    let known = match scheme {
        "rediscache" | "redis" | "rediss" | "valkey" | "valkeys" => {
            if scheme.starts_with("valkey") {
                newest(machine, [0, 13])?;
            }
            match installed("django-redis") {
                _ if !is_at_least(machine, DISTRIBUTION, [0, 11]) => None,
                Some(true) => Some("django_redis.cache.RedisCache"),
                Some(false) if is_at_least(machine, "django", [4, 0]) => {
                    Some("django.core.cache.backends.redis.RedisCache")
                }
                _ => None,
            }
        }
        "pymemcache" => match installed("pymemcache") {
            Some(true) if is_at_least(machine, DISTRIBUTION, [0, 9]) && is_at_least(machine, "django", [3, 2]) => {
                Some("django.core.cache.backends.memcached.PyMemcacheCache")
            }
            Some(false) => Some("django.core.cache.backends.memcached.PyLibMCCache"),
            _ => None,
        },
        _ => match schemes::cache(scheme) {
            Some(backend) => Some(backend),
            None => return Err(unknown_scheme(scheme)),
        },
    };
    Ok(known.map(str::to_owned))
}

/// `email_url_config`.
fn email(machine: &Machine, url: &str, backend: Option<&str>) -> Result<Entries, Failure> {
    let split = split(url)?;
    let scheme = split.scheme.as_str();
    let port = split.port().map_err(|_| invalid())?.map_or(Plain::None, |port| Plain::Int(port.into()));
    let host = Some(split.host()).filter(|host| !host.is_empty());
    let backend = backend.or_else(|| schemes::email(scheme)).ok_or_else(|| unknown_scheme(scheme))?;
    let mut entries = vec![
        entry("EMAIL_FILE_PATH", unquoted(split.path.get(1..).unwrap_or_default())),
        ("EMAIL_HOST_USER".to_owned(), Plain::optional(decoded(machine, split.username()))),
        ("EMAIL_HOST_PASSWORD".to_owned(), Plain::optional(decoded(machine, split.password()))),
        ("EMAIL_HOST".to_owned(), Plain::optional(host)),
        ("EMAIL_PORT".to_owned(), port),
        entry("EMAIL_BACKEND", backend),
    ];
    match scheme {
        "smtps" | "smtp+tls" => set(&mut entries, "EMAIL_USE_TLS", Plain::Bool(true)),
        "smtp+ssl" => set(&mut entries, "EMAIL_USE_SSL", Plain::Bool(true)),
        _ => {}
    }
    if !split.query.is_empty() {
        let mut options = Entries::new();
        for (name, value) in split.options() {
            let value = digits_or_text(&value).ok_or(Failure::Unsure("an option is not evaluated"))?;
            let upper = name.to_uppercase();
            match matches!(upper.as_str(), "EMAIL_USE_TLS" | "EMAIL_USE_SSL") {
                true => set(&mut entries, upper, value),
                false => set(&mut options, upper, value),
            }
        }
        entries.push(("OPTIONS".to_owned(), Plain::Dict(options)));
    }
    Ok(entries)
}

/// `channels_url_config`.
fn channels(machine: &Machine, url: &str, backend: Option<&str>) -> Result<Entries, Failure> {
    newest(machine, [0, 12])?;
    if let Some(backend) = backend {
        return Ok(vec![entry("BACKEND", backend)]);
    }
    let split = split(url)?;
    let scheme = split.scheme.as_str();
    if scheme.starts_with("rediss") {
        newest(machine, [0, 13])?;
    }
    let backend = schemes::channels(scheme).ok_or_else(|| unknown_scheme(scheme))?;
    let mut entries = vec![entry("BACKEND", backend)];
    if scheme.starts_with("redis") {
        if split.netloc.is_empty() {
            return Err(Failure::Unsure("a Redis URL without a host is not evaluated"));
        }
        let own = scheme.split('+').next().unwrap_or_default();
        let mut host = format!("{own}://{}{}", split.netloc, split.path);
        for (sign, rest) in [('?', &split.query), ('#', &split.fragment)] {
            if !rest.is_empty() {
                host.push(sign);
                host.push_str(rest);
            }
        }
        let hosts = Plain::Dict(vec![("hosts".to_owned(), Plain::List(vec![Plain::Str(host)]))]);
        entries.push(("CONFIG".to_owned(), hosts));
    }
    Ok(entries)
}

/// `search_url_config`, for URLs without options.
fn search(url: &str, engine: Option<&str>) -> Result<Entries, Failure> {
    let split = split(url)?;
    let scheme = split.scheme.as_str();
    if !split.query.is_empty() || split.netloc.is_empty() && scheme != "whoosh" && scheme != "xapian" {
        return Err(Failure::Unsure("options of a search URL are not evaluated"));
    }
    let backend = schemes::search(scheme).ok_or(Failure::Unsure("the search engine is not evaluated"))?;
    let mut entries = vec![entry("ENGINE", backend)];
    let path = unquoted(split.path.get(1..).unwrap_or_default());
    let path = path.strip_suffix('/').unwrap_or(&path);
    let with_path = |path: &str| match path.is_empty() {
        true => format!("http://{}", split.netloc),
        false => format!("http://{}/{path}", split.netloc),
    };
    match scheme {
        "simple" => {}
        "solr" => entries.push(entry("URL", with_path(path))),
        _ if scheme.starts_with("elasticsearch") => {
            let (path, index) = path.rsplit_once('/').unwrap_or(("", path));
            entries.push(entry("URL", with_path(path)));
            entries.push(entry("INDEX_NAME", index));
        }
        _ => {
            entries.push(entry("PATH", format!("/{path}")));
            if let Some(engine) = engine {
                set(&mut entries, "ENGINE", Plain::str(engine));
            }
        }
    }
    Ok(entries)
}
