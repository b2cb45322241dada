//! Half of a cache of pages.

use crate::eval::value::Item;
use crate::project::middleware::{FETCH_FROM_CACHE, UPDATE_CACHE, is_plain};
use crate::rule::{Context, Findings, Position};

/// Reports one of the two classes that cache pages where the other is missing.
pub fn check(context: &Context, findings: &mut Findings) {
    let middleware = context.settings().get("MIDDLEWARE");
    for (_, list) in middleware.value.options() {
        let Some(sequence) = list.sequence() else { continue };
        let find = |name: &str| sequence.items.iter().find(|item| item.value.as_str() == Some(name));
        let (one, what, other) = match (find(UPDATE_CACHE), find(FETCH_FROM_CACHE)) {
            (Some(one), None) => (one, "`UpdateCacheMiddleware` keeps no page", "FetchFromCacheMiddleware"),
            (None, Some(one)) => (one, "`FetchFromCacheMiddleware` finds no page", "UpdateCacheMiddleware"),
            _ => continue,
        };
        let place = context.place_of(&middleware, &one.value);
        let is_open = |item: &Item| item.value.as_str().is_none_or(|path| !is_plain(path));
        if let Some(why) = &sequence.open {
            findings.silent(Some("MIDDLEWARE"), why.to_string(), Some(place));
            continue;
        }
        if sequence.items.iter().any(is_open) {
            findings.silent(Some("MIDDLEWARE"), "another entry may do the rest", Some(place));
            continue;
        }
        let (end, position) =
            if other.starts_with("Fetch") { ("end", Position::Last) } else { ("beginning", Position::First) };
        let path = format!("django.middleware.cache.{other}");
        findings
            .report(place, format!("{what} while `{other}` is not in `MIDDLEWARE`: nothing is cached"))
            .setting("MIDDLEWARE", &middleware)
            .help(format!("add `django.middleware.cache.{other}` at the {end}, or remove both"))
            .unsafe_fix(format!("add `{other}` at the {end}"), context.add_to_list("MIDDLEWARE", &path, position));
    }
}
