//! Finds keys of a cache that its backend does not read.

use crate::project::caches::{BACKENDS, DJANGO_REDIS_OPTIONS, KEYS, REDIS, caches};
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, origin_note};

/// What `BaseCache` reads of `OPTIONS`.
const OF_OPTIONS: [&str; 2] = ["CULL_FREQUENCY", "MAX_ENTRIES"];

/// Reports each that is written.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("CACHES");
    for cache in caches(context.settings()) {
        let (Some(dict), Some(backend)) = (cache.dict(), cache.backend()) else { continue };
        let is_djangos = BACKENDS.contains(&backend);
        let is_django_redis = backend == "django_redis.cache.RedisCache";
        if !is_djangos && !is_django_redis {
            continue;
        }
        for entry in &dict.entries {
            let Some(key) = entry.key.as_str().filter(|key| !KEYS.contains(key)) else { continue };
            if is_django_redis && !DJANGO_REDIS_OPTIONS.contains(&key) {
                continue;
            }
            let is_option = is_django_redis || OF_OPTIONS.contains(&key) && backend != REDIS;
            let meant = match key {
                "PREFIX" => Some("KEY_PREFIX"),
                _ => nearest(key, KEYS.into_iter().filter(|known| known.chars().any(char::is_uppercase)), |_| 2),
            };
            // What else stands there may be read by an app.
            if !is_option && meant.is_none() && !OF_OPTIONS.contains(&key) && !DJANGO_REDIS_OPTIONS.contains(&key) {
                continue;
            }
            let (title, edits) = match meant {
                _ if is_option => {
                    // The first one makes `OPTIONS`, and the others go there then.
                    let mut keys = dict.entries.iter().filter_map(|entry| entry.key.as_str());
                    let is_first = keys.find(|key| !KEYS.contains(key)) == Some(key);
                    (format!("put `{key}` into `OPTIONS`"), context.move_entry(dict, entry, "OPTIONS", is_first))
                }
                Some(meant) => (format!("write `{meant}`"), context.rename_key(dict, entry, meant)),
                None => (String::new(), None),
            };
            let help = match meant {
                _ if is_option => format!("put it into `OPTIONS`: `\"OPTIONS\": {{\"{key}\": …}}`"),
                Some(meant) => format!("write `{meant}`"),
                None => "remove it, or put what the backend takes into `OPTIONS`".to_owned(),
            };
            findings
                .report(
                    context.place_of(&resolved, &entry.key),
                    format!("`{key}` in `{}`{} is ignored", cache.title(), origin_note(&entry.when)),
                )
                .setting("CACHES", &resolved)
                .help(help)
                .unsafe_fix(title, edits);
        }
    }
}
