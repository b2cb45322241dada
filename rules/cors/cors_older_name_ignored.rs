//! Settings by a name that is not read.

use crate::diagnostic::{Applicability, Edit};
use crate::eval::value::{Value, brief};
use crate::project::cors::{ALL_ORIGINS, ORIGINS, PATTERNS, is_used};
use crate::rule::{Context, Findings, Position};

/// Reports each older name whose newer one is set too.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.is_at_least("django-cors-headers", "3.5") {
        return;
    }
    for [newer, older] in [ORIGINS, PATTERNS, ALL_ORIGINS] {
        let (Some(_), Some(_)) = (settings.names.get(newer), settings.names.get(older)) else { continue };
        let (read, ignored) = (settings.get(newer), settings.get(older));
        let is_same = read.value.origin.is_some() && read.value.origin == ignored.value.origin;
        let place = context.place_of_setting(&ignored);
        if is_same || brief(&read.value) == brief(&ignored.value) {
            continue;
        }
        // Where the newer one is there in some cases only, the older one counts in the others.
        let is_partial = read.value.options().iter().any(|(_, value)| value.type_name() == "object");
        if is_partial || !findings.is_certain(&is_used(settings), older, Some(place)) {
            continue;
        }
        let (applicability, title, edits) = match missing(&read.value, &ignored.value) {
            Some(missing) if missing.is_empty() => {
                (Applicability::Safe, format!("remove `{older}`"), context.unset(older))
            }
            Some(missing) => {
                let title = format!("put what is missing into `{newer}`, and remove `{older}`");
                let removed = context.unset(older);
                (Applicability::Unsafe, title, removed.and_then(|removed| moved(context, newer, &missing, removed)))
            }
            None => (Applicability::Unsafe, format!("remove `{older}`"), context.unset(older)),
        };
        findings
            .report(place, format!("`{older}` is not read, since `{newer}` is set: what it says is lost"))
            .setting(older, &ignored)
            .related(Some(context.place_of_setting(&read)), "this is read")
            .help(format!("put it into `{newer}`, and remove `{older}`"))
            .fix(applicability, title, edits)
            .fix_changes(&[newer]);
    }
}

/// What the older list has and the newer one lacks; none where they are no lists of strings that are known.
fn missing(newer: &Value, older: &Value) -> Option<Vec<String>> {
    let (newer, older) = (strings(newer)?, strings(older)?);
    Some(older.into_iter().filter(|item| !newer.contains(item)).collect())
}

fn strings(list: &Value) -> Option<Vec<String>> {
    let list = list.sequence().filter(|list| list.open.is_none())?;
    list.items.iter().map(|item| item.value.as_str().filter(|_| item.when.is_always()).map(str::to_owned)).collect()
}

/// The removal of the older setting, and one item more in the newer one.
fn moved(context: &Context, newer: &str, missing: &[String], mut removed: Vec<Edit>) -> Option<Vec<Edit>> {
    let [item] = missing else { return None };
    removed.extend(context.add_to_list(newer, item, Position::Last)?);
    Some(removed)
}
