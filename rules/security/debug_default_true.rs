//! Finds a `DEBUG` that is on until a variable turns it off.

use std::sync::Arc;

use crate::eval::value::{Kind, Value};
use crate::rule::{Context, Findings};

const SETTING: &str = "DEBUG";

/// Reports a `DEBUG` that an environment variable decides, and that is on where the variable is not set.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let Some(debug) = &settings.debug_unassumed else { return };
    let resolved = settings.get(SETTING);
    let place = context.place_of_setting(&resolved);
    // Text that is not turned into a bool is another defect.
    if debug.options().iter().any(|(_, option)| option.type_name() == "str") {
        return findings.silent(Some(SETTING), "it may hold text", Some(place));
    }
    let is_on = match debug.when_unset().map(|value| value.kind) {
        Some(Kind::Bool(is_on)) => is_on,
        Some(Kind::Int(number)) => number != 0,
        _ => return findings.silent(Some(SETTING), "its default is not known", Some(place)),
    };
    // A variable that tells the stage decides more than this, and is not forgotten so easily.
    let variable = variables(debug).into_iter().find(|name| name.to_uppercase().contains(SETTING));
    let Some(variable) = variable else {
        if is_on {
            findings.silent(Some(SETTING), "a variable that is not named after it decides it", Some(place));
        }
        return;
    };
    if is_on {
        findings
            .report(place, format!("`{SETTING}` is on where the environment variable {variable} is not set"))
            .setting(SETTING, &resolved)
            .help(format!("make `False` the default, and set {variable} where you develop"));
    }
}

fn variables(value: &Value) -> Vec<Arc<str>> {
    match &value.kind {
        Kind::Either(either) => either.variables.clone(),
        Kind::Unknown(unknown) => unknown.variables.clone(),
        _ => Vec::new(),
    }
}
