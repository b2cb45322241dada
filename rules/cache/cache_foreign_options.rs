//! Finds options that Django's Redis cache hands on to redis-py, which does not take them.

use crate::project::caches::{REDIS, caches};
use crate::rule::{Context, Findings, origin_note};

/// What redis-py, or the backend, takes in lower case.
const LOWER: [&str; 6] = ["PASSWORD", "USERNAME", "SOCKET_TIMEOUT", "SOCKET_CONNECT_TIMEOUT", "DB", "SERIALIZER"];

/// Reports each option with capitals, as no keyword argument of redis-py has any.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("CACHES");
    for cache in caches(context.settings()).into_iter().filter(|cache| cache.backend() == Some(REDIS)) {
        for (when, options) in cache.get("OPTIONS").map(|entry| entry.value.options()).unwrap_or_default() {
            let Some(options) = options.as_dict().filter(|options| options.get("pool_class").is_none()) else {
                continue;
            };
            for entry in &options.entries {
                let Some(option) = entry.key.as_str().filter(|option| option.chars().any(char::is_uppercase)) else {
                    continue;
                };
                let lower = option.to_lowercase();
                let is_known = LOWER.contains(&option);
                let edits = if is_known { context.rename_key(options, entry, &lower) } else { None };
                let help = match option {
                    _ if is_known => {
                        format!("write it in lower case, `\"{lower}\"`")
                    }
                    "MAX_ENTRIES" | "CULL_FREQUENCY" => "remove it: Redis limits its memory by `maxmemory`".to_owned(),
                    _ => "remove it, or use `django_redis.cache.RedisCache`".to_owned(),
                };
                findings
                    .report(
                        context.place_of(&resolved, &entry.key),
                        format!(
                            "Django's Redis cache takes no option `{option}`{}: using `{}` raises `TypeError`",
                            origin_note(&when.narrowed_by(&entry.when)),
                            cache.title()
                        ),
                    )
                    .setting("CACHES", &resolved)
                    .help(help)
                    .safe_fix(format!("write `{lower}`"), edits);
            }
        }
    }
}
