//! Finds entries of `CSRF_TRUSTED_ORIGINS` that no `Origin` header matches.

use crate::diagnostic::Severity;
use crate::eval::value::{Kind, Value};
use crate::project::hosts::Mismatch;
use crate::project::hosts::trusted_origins::origin_mismatch;
use crate::project::settings::Truth;
use crate::rule::{Context, Findings, origin_note, shown, written_items};

const SETTING: &str = "CSRF_TRUSTED_ORIGINS";

/// Reports every written entry that can match nothing, and a string in place of the list.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let has_origins = settings.is_at_least("django", "4.0");
    let is_string = Truth::over(&resolved.value, is_string);
    let is_used = resolved.value.options().iter().any(|(_, option)| is_text(option));
    if is_used && findings.is_certain(&is_string, SETTING, resolved.value.origin) {
        let check = if has_origins { ", and `manage.py check` fails" } else { "" };
        let message =
            format!("`{SETTING}` is a string, not a list: each of its characters is taken for an origin{check}");
        let report = findings
            .report(context.place_of_setting(&resolved), message)
            .setting(SETTING, &resolved)
            .help("write a list, `[\"https://example.com\"]`, or split the string at its commas: `.split(\",\")`")
            .safe_fix("make it a list", context.put_setting_in_list(&resolved));
        if has_origins {
            let report = report.severity(Severity::Error);
            // Where it comes from the environment, it is empty as long as nothing is set.
            if resolved.value.as_str().is_some() {
                report.django_checks(&["4_0.E001"]);
            }
        }
        return;
    }
    if !has_origins {
        return;
    }
    for (when, item) in written_items(&resolved.value) {
        let Some(mismatch) = mismatch(item) else { continue };
        let (item_text, note) = (shown(item), origin_note(&when));
        let message = format!("{item_text} in `{SETTING}`{note} matches no `Origin` header: {}", mismatch.why);
        let meant = mismatch.meant.filter(|origin| origin_mismatch(origin).is_none());
        let is_right = |origin: &str| origin.contains("://") && origin_mismatch(origin).is_none();
        let (title, edits) = match &meant {
            Some(origin) => (format!("write `{origin}`"), context.rewrite_string(item, origin)),
            None => ("write each origin as an item of its own".to_owned(), context.split_item(item, is_right)),
        };
        findings
            .report(context.place_of(&resolved, item), message)
            .setting(SETTING, &resolved)
            .help(mismatch.fix)
            .safe_fix(title, edits);
    }
}

/// A string, or nothing at all, as where a variable is not set.
fn is_string(value: &Value) -> Truth {
    match &value.kind {
        Kind::None => Truth::Yes,
        _ if value.type_name() == "str" => Truth::Yes,
        Kind::Unknown(unknown) if unknown.type_name.is_none() => Truth::Unknown(unknown.why.clone()),
        _ => Truth::No,
    }
}

/// A string that is not known to be empty.
fn is_text(value: &Value) -> bool {
    value.type_name() == "str" && value.as_str() != Some("")
}

fn mismatch(item: &Value) -> Option<Mismatch> {
    match &item.kind {
        Kind::Str(text) => origin_mismatch(text),
        Kind::Template(template) => {
            let (begin, end) = (template.beginning()?, template.end()?);
            let is_origin = begin.starts_with("https://") || begin.starts_with("http://");
            let is_path = is_origin && template.pieces.len() > 1 && end.ends_with('/') && !begin.contains('*');
            is_path.then(|| Mismatch {
                why: "an origin has no path",
                fix: "leave the slash out".to_owned(),
                meant: None,
            })
        }
        _ => None,
    }
}
