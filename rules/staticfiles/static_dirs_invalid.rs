//! Finds what Django's checks refuse in `STATICFILES_DIRS`.

use crate::eval::value::Value;
use crate::project::folders::{Relation, folder, relation};
use crate::project::settings::{Truth, contains};
use crate::project::shape::{is_no_list, type_title};
use crate::rule::{Context, Findings, origin_note, written_items};

const SETTING: &str = "STATICFILES_DIRS";
const FINDER: &str = "django.contrib.staticfiles.finders.FileSystemFinder";

/// Reports a value that is no list, and each folder in it that is refused.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    if !resolved.is_set {
        return;
    }
    let place = context.place_of_setting(&resolved);
    let has_finder = contains(&settings.get("STATICFILES_FINDERS").value, |finder| finder == FINDER);
    let applies = settings.installed("django.contrib.staticfiles").and(has_finder);
    if applies.is_no() {
        return;
    }
    let is_refused = Truth::over(&resolved.value, is_no_list).and(applies.clone());
    if findings.is_certain(&is_refused, SETTING, Some(place)) {
        let types: Vec<&str> = resolved.value.options().iter().map(|(_, option)| type_title(option)).take(1).collect();
        let value = &resolved.value;
        let is_folder = value.type_name() == "path" || value.as_str().is_some_and(|text| !text.is_empty());
        let is_written = resolved.history.last().is_some_and(|made| value.origin.is_some_and(|at| made.holds(at)));
        let edits = value.origin.filter(|_| is_folder && is_written);
        let edits = edits.and_then(|at| context.edit_at(at, |editor, span| editor.put_in_list(span)));
        findings
            .report(place, format!("`{SETTING}` is {}, not a list: `manage.py check` fails", types.concat()))
            .setting(SETTING, &resolved)
            .django_checks(&["staticfiles.E001"])
            .help("write a list: `[BASE_DIR / \"static\"]`")
            .safe_fix("make it a list", edits);
        return;
    }
    if !applies.is_yes() {
        return;
    }
    let root = settings.get("STATIC_ROOT");
    for (when, item) in written_items(&resolved.value) {
        let pair = item.sequence().filter(|pair| pair.items.len() == 2).map(|pair| &pair.items);
        let path = pair.and_then(|pair| pair.last()).map_or(item, |item| &item.value);
        let prefix = pair.and_then(|pair| pair.first()).and_then(|item| item.value.as_str());
        let place = context.place_of(&resolved, item);
        let note = origin_note(&when);
        if let Some(prefix) = prefix.filter(|prefix| prefix.ends_with('/')) {
            let bare = prefix.trim_end_matches('/');
            let written = pair.and_then(|pair| pair.first()).filter(|_| !bare.is_empty());
            let edits = written.and_then(|item| context.rewrite_string(&item.value, bare));
            findings
                .report(
                    place,
                    format!("the prefix `{prefix}`{note} in `{SETTING}` ends with a slash: `manage.py check` fails"),
                )
                .setting(SETTING, &resolved)
                .django_checks(&["staticfiles.E003"])
                .help(format!("write `{bare}`"))
                .safe_fix("remove the slash", edits);
        }
        if is_same(&root.value, path) {
            findings
                .report(
                    place,
                    format!("`STATIC_ROOT` is one of the folders in `{SETTING}`{note}: `manage.py check` fails"),
                )
                .setting(SETTING, &resolved)
                .related(root.history.last().copied(), "`STATIC_ROOT`")
                .django_checks(&["staticfiles.E002"])
                .help("collect into a folder of its own: `STATIC_ROOT = BASE_DIR / \"staticfiles\"`");
        }
    }
}

fn is_same(root: &Value, path: &Value) -> bool {
    let (Some(root), Some(path)) = (folder(root), folder(path)) else { return false };
    relation(&root, &path) == Some(Relation::Same)
}
