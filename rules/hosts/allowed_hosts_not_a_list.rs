//! Finds an `ALLOWED_HOSTS` that is neither a list nor a tuple.

use crate::eval::value::Value;
use crate::project::settings::Truth;
use crate::project::shape::{is_no_list, type_title};
use crate::rule::{Context, Findings};

const SETTING: &str = "ALLOWED_HOSTS";

/// Reports a value that is of another type in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let place = context.place_of_setting(&resolved);
    let is_refused = settings.is_at_least("django", "4.0");
    let test = if is_refused { is_no_list } else { is_plain_string };
    if !findings.is_certain(&Truth::over(&resolved.value, test), SETTING, Some(place)) {
        return;
    }
    let mut types: Vec<&str> = resolved.value.options().iter().map(|(_, option)| type_title(option)).collect();
    types.dedup();
    let consequence = match is_refused {
        true => "Django raises `ImproperlyConfigured` and does not start",
        false => "Django compares the host with each of its characters and answers every request with 400",
    };
    let help = match types.contains(&"a string") {
        true => "write a list, `[\"example.com\"]`, or split the string at its commas: `.split(\",\")`",
        false => "write a list: `[\"example.com\"]`",
    };
    findings
        .report(place, format!("`{SETTING}` is {}, not a list: {consequence}", types.join(" or ")))
        .setting(SETTING, &resolved)
        .help(help)
        .safe_fix("make it a list", context.put_setting_in_list(&resolved));
}

/// Before 4.0 Django takes whatever it can iterate over. `*` among the characters stands for every host there.
fn is_plain_string(value: &Value) -> Truth {
    match value.as_str() {
        Some(text) if text.contains('*') => Truth::No,
        Some(_) => Truth::Yes,
        None => Truth::No,
    }
}
