//! Finds options that django-redis does not look at.

use crate::eval::value::Dict;
use crate::project::caches::{DJANGO_REDIS_OPTIONS, caches};
use crate::project::redis::client::Client;
use crate::rule::{Context, Findings, origin_note};

const POOL: &str = "CONNECTION_POOL_KWARGS";

/// Reports each option of redis-py, or of another backend, that stands where django-redis does not read it.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("CACHES");
    for cache in caches(context.settings()) {
        if cache.backend() != Some("django_redis.cache.RedisCache") {
            continue;
        }
        for (when, options) in cache.get("OPTIONS").map(|entry| entry.value.options()).unwrap_or_default() {
            let Some(options) = options.as_dict().filter(|options| are_classes_known(options)) else { continue };
            for entry in &options.entries {
                let Some(option) = entry.key.as_str().filter(|option| is_ignored(option)) else { continue };
                let is_first =
                    options.entries.iter().filter_map(|entry| entry.key.as_str()).find(|key| is_ignored(key));
                let is_first = is_first == Some(option);
                let is_argument = option.chars().all(|c| !c.is_uppercase());
                let edits = if is_argument { context.move_entry(options, entry, POOL, is_first) } else { None };
                let help = match option {
                    "MAX_ENTRIES" | "CULL_FREQUENCY" => "remove it: Redis limits its memory by `maxmemory`".to_owned(),
                    _ => format!("write `\"CONNECTION_POOL_KWARGS\": {{\"{}\": …}}`", option.to_lowercase()),
                };
                findings
                    .report(
                        context.place_of(&resolved, &entry.key),
                        format!(
                            "django-redis ignores `{option}` in the `OPTIONS` of `{}`{}",
                            cache.title(),
                            origin_note(&when.narrowed_by(&entry.when))
                        ),
                    )
                    .setting("CACHES", &resolved)
                    .help(help)
                    .unsafe_fix(format!("put `{option}` into `{POOL}`"), edits);
            }
        }
    }
}

fn is_ignored(option: &str) -> bool {
    let of_others = ["CULL_FREQUENCY", "DB", "MAX_CONNECTIONS", "MAX_ENTRIES"];
    let is_of_redis_py = Client::DjangoRedis.takes(option) && option != "is_master";
    !DJANGO_REDIS_OPTIONS.contains(&option) && (of_others.contains(&option) || is_of_redis_py)
}

/// Whether the classes that are given the options are django-redis' own, or those that it takes by itself.
fn are_classes_known(options: &Dict) -> bool {
    const CLASSES: [&str; 6] = [
        "CLIENT_CLASS",
        "COMPRESSOR",
        "CONNECTION_FACTORY",
        "CONNECTION_POOL_CLASS",
        "REDIS_CLIENT_CLASS",
        "SERIALIZER",
    ];
    CLASSES.iter().filter_map(|class| options.get(class)).all(|entry| {
        entry.value.as_str().is_some_and(|path| path.starts_with("django_redis.") || path.starts_with("redis."))
    })
}
