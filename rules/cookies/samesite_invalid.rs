//! Values of `SameSite` that `set_cookie` refuses.

use crate::eval::value::{Kind, Value, brief};
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, origin_note};

const SETTINGS: [&str; 3] = ["SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_SAMESITE"];

/// Reports each written value that is true and none of those that Django takes.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for name in SETTINGS {
        let resolved = settings.get(name);
        for (when, value) in resolved.value.options() {
            let error = match refusal(value) {
                Refusal::None => continue,
                Refusal::Unknown => {
                    findings.silent(Some(name), "the value is not known", value.origin);
                    continue;
                }
                Refusal::Raises(error) => error,
            };
            let meant = value.as_str().and_then(|text| nearest(text.trim(), ["Lax", "Strict", "None"], |_| 1));
            let edits = meant.and_then(|meant| context.rewrite_string(value, meant));
            findings
                .report(
                    context.place_of(&resolved, value),
                    format!(
                        "`{name}` is `{}`{}, which Django refuses with `{error}` when it sets the cookie",
                        brief(value),
                        origin_note(&when)
                    ),
                )
                .setting(name, &resolved)
                .help("write \"Lax\", \"Strict\" or \"None\"; `None` without quotes sends no `SameSite`")
                .safe_fix(format!("write `{}`", meant.unwrap_or_default()), edits);
        }
    }
}

enum Refusal {
    None,
    Unknown,
    Raises(&'static str),
}

fn refusal(value: &Value) -> Refusal {
    match &value.kind {
        Kind::Str(text) => match text.to_ascii_lowercase().as_str() {
            "" | "lax" | "strict" | "none" => Refusal::None,
            _ => Refusal::Raises("ValueError"),
        },
        Kind::Bool(true) => Refusal::Raises("AttributeError"),
        Kind::Int(number) if *number != 0 => Refusal::Raises("AttributeError"),
        Kind::None | Kind::Missing | Kind::Bool(false) | Kind::Int(_) => Refusal::None,
        _ => Refusal::Unknown,
    }
}
