//! Finds keys that stand in the source.

use crate::eval::value::Kind;
use crate::project::security::weakness;
use crate::rule::{Context, Findings, origin_note};

const SETTING: &str = "SECRET_KEY";

/// Reports every key that is written in a Python file, unless it is weak, which another rule tells.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    for (when, key) in resolved.value.options() {
        let Some(text) = key.as_str() else {
            // What a variable of the environment holds stands elsewhere.
            let is_read = matches!(&key.kind, Kind::Unknown(unknown) if !unknown.variables.is_empty());
            if !is_read && !matches!(key.kind, Kind::None) {
                findings.silent(Some(SETTING), "the key is not known", Some(context.place_of(&resolved, key)));
            }
            continue;
        };
        let Some(place) = key.origin.filter(|_| !text.is_empty() && weakness(text).is_none()) else { continue };
        let is_written = context.file_name(place.file).ends_with(".py")
            && context.text_at(place).trim_start_matches(['(', 'r', 'b', 'u', 'f', 'R']).starts_with(['"', '\'']);
        if !is_written {
            findings.silent(Some(SETTING), "the key is not written in the settings", Some(place));
            continue;
        }
        let message = format!(
            "`{SETTING}`{} stands in the source: who reads the repository can sign sessions and password reset links",
            origin_note(&when)
        );
        findings
            .report(place, message)
            .setting(SETTING, &resolved)
            .help("make a new key, and read it from the environment without a default");
    }
}
