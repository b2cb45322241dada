//! Finds HSTS headers that ask for preloading and are refused.

use crate::eval::value::Kind;
use crate::project::security::SECURITY_MIDDLEWARE;
use crate::rule::{Context, Findings, origin_note};

const SETTING: &str = "SECURE_HSTS_SECONDS";
/// A year, as https://hstspreload.org/ asks for.
const ENOUGH: i64 = 31_536_000;

/// Reports every time below a year that is written somewhere, where `SECURE_HSTS_PRELOAD` is on.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let holds = settings.truth("SECURE_HSTS_PRELOAD").and(settings.uses_middleware(SECURITY_MIDDLEWARE));
    if !findings.is_certain(&holds, "SECURE_HSTS_PRELOAD", Some(context.place_of(&resolved, &resolved.value))) {
        return;
    }
    let preload = settings.get("SECURE_HSTS_PRELOAD");
    for (when, option) in resolved.value.options() {
        let place = context.place_of(&resolved, option);
        let seconds = match &option.kind {
            Kind::Int(seconds) => *seconds,
            Kind::Str(_) | Kind::None | Kind::Bool(_) | Kind::Float(_) => continue,
            _ => {
                findings.silent(Some(SETTING), "the value is not known", Some(place));
                continue;
            }
        };
        // Without a time no header is sent.
        if seconds > 0 && seconds < ENOUGH {
            let message = format!(
                "`{SETTING}` is {seconds}{}, less than the year ({ENOUGH}) that the preload list asks for: \
                 `SECURE_HSTS_PRELOAD` has no effect",
                origin_note(&when)
            );
            findings
                .report(place, message)
                .setting(SETTING, &resolved)
                .related(Some(context.place_of_setting(&preload)), "this asks for preloading")
                .help(format!(
                    "raise it to {ENOUGH} once all works over HTTPS; until then leave `SECURE_HSTS_PRELOAD` off"
                ));
        }
    }
}
