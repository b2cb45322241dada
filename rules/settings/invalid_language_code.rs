//! Finds codes of languages that Django's checks refuse.

use crate::eval::value::{Condition, Kind, Value};
use crate::project::languages::{codes, is_covered, is_language_code};
use crate::project::settings::Truth;
use crate::rule::{Context, Findings, origin_note, shown, written_items};

/// Reports every written code that is malformed.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (when, code) in settings.get("LANGUAGE_CODE").value.options() {
        let is_missing = is_missing(context, code);
        let ids = if is_missing { &["translation.E001", "translation.E004"][..] } else { &["translation.E001"] };
        judge(context, findings, "LANGUAGE_CODE", ids, &when, code);
    }
    for (when, pair) in written_items(&settings.get("LANGUAGES").value) {
        let Some(code) = pair.sequence().and_then(|pair| pair.items.first()) else { continue };
        for (inner, code) in code.value.options() {
            judge(context, findings, "LANGUAGES", &["translation.E002"], &when.narrowed_by(&inner), code);
        }
    }
    for (when, code) in written_items(&settings.get("LANGUAGES_BIDI").value) {
        judge(context, findings, "LANGUAGES_BIDI", &["translation.E003"], &when, code);
    }
}

/// Whether Django finds the code in none of `LANGUAGES` either.
fn is_missing(context: &Context, code: &Value) -> bool {
    let languages = context.settings().get("LANGUAGES");
    let Some(codes) = codes(&languages.value) else { return false };
    match (&code.kind, context.settings().truth("USE_I18N")) {
        (Kind::None, _) => true,
        (Kind::Str(code), Truth::Yes) => !is_covered(code, &codes),
        _ => false,
    }
}

fn judge(context: &Context, findings: &mut Findings, setting: &str, ids: &[&str], when: &Condition, code: &Value) {
    let is_wrong = match &code.kind {
        Kind::Str(text) => !is_language_code(text),
        Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Bytes(_) => true,
        _ => false,
    };
    if !is_wrong {
        return;
    }
    let resolved = context.settings().get(setting);
    let repaired =
        code.as_str().map(|text| text.split('.').next().unwrap_or_default().replace('_', "-").to_lowercase());
    let repaired = repaired.filter(|text| is_language_code(text));
    let edits = repaired.as_ref().and_then(|repaired| context.rewrite_string(code, repaired));
    let title = format!("write `{}`", repaired.as_deref().unwrap_or_default());
    let help = match repaired {
        Some(repaired) => format!("write `{repaired}`"),
        None => "write the code of a language: `en`, `pt-br`".to_owned(),
    };
    findings
        .report(
            context.place_of(&resolved, code),
            format!(
                "{}{} in `{setting}` is no code of a language: `manage.py check` fails",
                shown(code),
                origin_note(when)
            ),
        )
        .setting(setting, &resolved)
        .django_checks(ids)
        .help(help)
        .safe_fix(title, edits);
}
