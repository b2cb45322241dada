//! Finds caches in files that share a folder with what is served.

use crate::eval::value::Value;
use crate::project::caches::{FILES, caches};
use crate::project::folders::{Relation, folder, relation};
use crate::rule::{Context, Findings, written_items};

/// Reports each whose folder has to do with one of the folders that are served.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get("CACHES");
    let roots = ["MEDIA_ROOT", "STATIC_ROOT"].map(|name| (name, settings.get(name)));
    let dirs = settings.get("STATICFILES_DIRS");
    let mut served: Vec<(&str, &Value)> = Vec::new();
    for (name, root) in &roots {
        served.push((name, &root.value));
    }
    for (_, item) in written_items(&dirs.value) {
        let pair = item.sequence().and_then(|pair| pair.items.get(1));
        served.push(("STATICFILES_DIRS", pair.map_or(item, |item| &item.value)));
    }
    for cache in caches(settings).into_iter().filter(|cache| cache.backend() == Some(FILES)) {
        let Some(location) = cache.get("LOCATION").map(|entry| &entry.value) else { continue };
        let Some(path) = folder(location) else { continue };
        let hit = served.iter().find_map(|(name, value)| Some((name, value, relation(&path, &folder(value)?)?)));
        let Some((name, value, relation)) = hit else { continue };
        let relation = match relation {
            Relation::Same => "is",
            Relation::Inside => "lies within",
            Relation::Around => "lies around",
        };
        findings
            .report(
                context.place_of(&resolved, location),
                format!(
                    "the `LOCATION` of `{}` {relation} `{name}`, which is served: cached data are exposed",
                    cache.title()
                ),
            )
            .setting("CACHES", &resolved)
            .related(value.origin, "the folder that is served")
            .help("give the cache a folder of its own, such as `BASE_DIR / \"var\" / \"cache\"`");
    }
}
