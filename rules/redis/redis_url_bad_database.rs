//! A Redis URL whose database is no number.

use crate::project::redis::client::{Client, Database, python_int};
use crate::project::redis::text::{python_error, server_url};
use crate::project::redis::urls::RedisUrl;
use crate::project::url::{HOLE, SplitUrl};
use crate::rule::{Context, Fault, Findings, report_urls};

const HELP: &str = "name the database by its number alone: `redis://host:6379/1`";

/// Judges the path, and the option `db`, of each URL.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, |url, shown| {
        let effect = effect(url)?;
        Some(Fault::new(format!("{shown} names no database that Redis has: {effect}"), HELP))
    });
}

fn effect(url: &RedisUrl) -> Option<String> {
    if url.is_cut_short() || python_error(&url.text).is_some() {
        return None;
    }
    let parts = server_url(&url.text)?;
    let client = url.client.title();
    let is_redis_py = url.client.is_redis_py();
    if url.client != Client::CeleryBroker
        && let Some((_, option)) = parts.options().into_iter().find(|(name, _)| name == "db")
    {
        let is_wrong = !option.contains(HOLE) && python_int(&option).is_none();
        return is_wrong.then(|| format!("{client} raises `ValueError`, since `db={option}` is no number"));
    }
    if parts.path.contains(HOLE) || url.options.has("db") {
        return None;
    }
    let path = &parts.path;
    match url.client.database(&parts) {
        Database::Invalid if is_redis_py => Some(format!("{client} ignores `{path}` and uses database 0")),
        Database::Invalid => Some(format!("{client} raises `ValueError`, since `{path}` is no number")),
        Database::Number(number) if number < 0 => Some(format!("Redis refuses `SELECT {number}`")),
        Database::Number(number) if is_redis_py && has_several_parts(&parts) && !is_last_part(number, path) => {
            Some(format!("{client} drops the slashes of `{path}` and uses database {number}"))
        }
        Database::Number(_) | Database::Default => None,
    }
}

/// Whether a number is what the last part of a path says, so that it makes no difference that the slashes are dropped.
fn is_last_part(number: i64, path: &str) -> bool {
    path.trim_end_matches('/').rsplit('/').next().and_then(python_int) == Some(number)
}

fn has_several_parts(parts: &SplitUrl) -> bool {
    parts.path.trim_matches('/').contains('/')
}
