//! Classes that a request passes more than once.

use crate::eval::value::Item;
use crate::rule::{Context, Findings};

/// Reports each entry of `MIDDLEWARE` that stands there before already.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    let mut reported = Vec::new();
    for (_, list) in middleware.value.options() {
        let Some(sequence) = list.sequence() else { continue };
        for (at, item) in sequence.items.iter().enumerate() {
            let Some(path) = item.value.as_str() else { continue };
            let first = sequence.items[..at].iter().find(|before| {
                let are_together =
                    before.when.is_always() || item.when.is_always() || before.when.is_same_as(&item.when);
                // One entry of which the index is not certain is there once for each.
                let is_other = before.value.origin.is_none() || before.value.origin != item.value.origin;
                are_together && is_other && before.value.as_str() == Some(path)
            });
            let Some(first) = first else { continue };
            // What the settings module adds itself is what is too much, rather than what a base has.
            let is_own = |item: &Item| item.value.origin.is_some_and(|origin| origin.file == settings.file);
            let (first, item) = if is_own(first) && !is_own(item) { (item, first) } else { (first, item) };
            let place = context.place_of(&middleware, &item.value);
            if reported.contains(&place) {
                continue;
            }
            reported.push(place);
            let is_toolbar = path == "debug_toolbar.middleware.DebugToolbarMiddleware";
            let is_checked = is_toolbar && settings.installed("debug_toolbar").is_yes();
            let ids: &[&str] = if is_checked { &["debug_toolbar.W002"] } else { &[] };
            let name = path.rsplit('.').next().unwrap_or(path);
            findings
                .report(place, format!("`{name}` is in `MIDDLEWARE` already: each request passes it twice"))
                .setting("MIDDLEWARE", &middleware)
                .django_checks(ids)
                .related(first.value.origin, "it stands here too")
                .help("remove one of the two")
                .safe_fix("remove this one", item.value.origin.and_then(|place| context.remove(place)));
        }
    }
}
