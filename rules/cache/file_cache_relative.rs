//! Finds caches in files whose folder is relative.

use crate::project::caches::{FILES, caches};
use crate::project::folders::folder;
use crate::rule::{Context, Findings, origin_note};

/// Reports each folder that is written so.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("CACHES");
    for cache in caches(context.settings()).into_iter().filter(|cache| cache.backend() == Some(FILES)) {
        for (when, location) in cache.get("LOCATION").map(|entry| entry.value.options()).unwrap_or_default() {
            let Some(folder) = folder(location) else { continue };
            // A drive of Windows: `c:/cache`.
            if folder.is_absolute() || folder.to_string_lossy().contains(':') {
                continue;
            }
            findings
                .report(
                    context.place_of(&resolved, location),
                    format!(
                        "the `LOCATION` of `{}`{} is relative: it depends on where the process is started",
                        cache.title(),
                        origin_note(&when)
                    ),
                )
                .setting("CACHES", &resolved)
                .help("write it from the project's folder on: `BASE_DIR / \"var\" / \"cache\"`");
        }
    }
}
