//! Finds a `LANGUAGE_CODE` that none of `LANGUAGES` stands for.

use crate::eval::value::{Kind, Value};
use crate::project::languages::{is_covered, is_language_code};
use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

/// Reports it where that is so in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let (code, languages) = (settings.get("LANGUAGE_CODE"), settings.get("LANGUAGES"));
    if !code.is_set && !languages.is_set {
        return;
    }
    let place = if code.is_set { context.place_of_setting(&code) } else { context.place_of_setting(&languages) };
    let is_missing = Truth::over(&languages.value, |languages| {
        let codes = match codes(languages) {
            Ok(codes) => codes,
            Err(why) => return Truth::Unknown(why.into()),
        };
        Truth::over(&code.value, |code| match (&code.kind, code.as_str()) {
            (_, Some(code)) => Truth::known(is_language_code(code) && !is_covered(code, &codes)),
            (Kind::Unknown(unknown), _) => Truth::Unknown(unknown.why.clone()),
            (Kind::None | Kind::Bool(_) | Kind::Int(_), _) => Truth::No,
            _ => Truth::Unknown("the value is not known".into()),
        })
    });
    let is_missing = is_missing.and(settings.truth("USE_I18N"));
    if !findings.is_certain(&is_missing, "LANGUAGE_CODE", Some(place)) {
        return;
    }
    let codes: Vec<&str> = code.value.options().into_iter().filter_map(|(_, option)| option.as_str()).collect();
    let default = if code.is_set { "" } else { ", which is Django's default," };
    findings
        .report(
            place,
            format!(
                "`LANGUAGE_CODE` `{}`{default} is not among `LANGUAGES`: `manage.py check` fails",
                codes.join("` or `")
            ),
        )
        .setting("LANGUAGE_CODE", &code)
        .related(languages.history.last().copied(), "the languages")
        .help("set `LANGUAGE_CODE` to one of the languages, or add it to these");
}

/// The codes in `LANGUAGES`, or why they are not all known.
fn codes(languages: &Value) -> Result<Vec<&str>, &'static str> {
    const UNKNOWN: &str = "not all of the languages are known";
    let list = languages.sequence().filter(|list| list.open.is_none()).ok_or(UNKNOWN)?;
    list.items.iter().map(|item| code(&item.value).ok_or(UNKNOWN)).collect()
}

fn code(pair: &Value) -> Option<&str> {
    pair.sequence()?.items.first()?.value.as_str()
}
