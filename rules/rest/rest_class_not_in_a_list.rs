//! One class where Django REST framework goes through a list.

use crate::project::rest::{CLASS_LISTS, SETTING, entries, is_in_use};
use crate::rule::{Context, Findings, origin_note};

/// Reports every string that is written for a list of classes.
pub fn check(context: &Context, findings: &mut Findings) {
    if !is_in_use(context.settings()) {
        return;
    }
    let resolved = context.settings().get(SETTING);
    for entry in entries(&resolved) {
        let Some(key) = entry.key.as_str().filter(|key| CLASS_LISTS.contains(key)) else { continue };
        let effect = match key {
            "DEFAULT_FILTER_BACKENDS" => "each list fails",
            key if key.starts_with("TEST") => "the client of its tests fails",
            _ => "each request to the API fails",
        };
        for (when, value) in entry.value.options() {
            let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { continue };
            // The default of a variable would be put right alone, and not what is set.
            let is_read = !when.unset_variables().is_empty();
            let edits = if is_read { None } else { context.put_in_list(value) };
            findings
                .report(
                    context.place_of(&resolved, value),
                    format!("`{key}` is the string `{text}`{}, not a list: {effect}", origin_note(&when)),
                )
                .setting(SETTING, &resolved)
                .help(format!("write `[\"{text}\"]`"))
                .safe_fix("make it a list", edits);
        }
        if matches!(entry.value.type_name(), "object") && entry.value.options().len() < 2 {
            findings.silent(Some(SETTING), format!("`{key}` is not known"), entry.value.origin);
        }
    }
}
