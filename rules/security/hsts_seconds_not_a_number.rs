//! Finds HSTS headers whose time is not a whole number.

use crate::eval::value::{Kind, brief};
use crate::project::security::SECURITY_MIDDLEWARE;
use crate::project::settings::Truth;
use crate::rule::{Context, Findings, origin_note};

const SETTING: &str = "SECURE_HSTS_SECONDS";

/// Reports every value that is written somewhere and that Python does not write with digits alone.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let place = context.place_of(&resolved, &resolved.value);
    match settings.uses_middleware(SECURITY_MIDDLEWARE) {
        Truth::Yes => {}
        Truth::No => return,
        Truth::Unknown(why) => return findings.silent(Some("MIDDLEWARE"), why.to_string(), Some(place)),
    }
    for (when, option) in resolved.value.options() {
        let place = context.place_of(&resolved, option);
        let sent = match &option.kind {
            // No header is sent then.
            Kind::None | Kind::Bool(false) => continue,
            Kind::Int(number) if *number >= 0 => continue,
            Kind::Float(number) if *number == 0.0 => continue,
            Kind::Str(text) if text.trim().bytes().all(|byte| byte.is_ascii_digit()) => continue,
            Kind::Bool(true) | Kind::Int(_) | Kind::Float(_) => brief(option),
            Kind::Str(text) => text.to_string(),
            Kind::Call(call) if call.function.as_ref() == "datetime.timedelta" => "1 day, 0:00:00".to_owned(),
            _ => {
                findings.silent(Some(SETTING), "the value is not known", Some(place));
                continue;
            }
        };
        let is_length = matches!(option.kind, Kind::Call(_));
        let like = if is_length { "such as " } else { "" };
        let message = format!(
            "`{SETTING}`{} is sent as it is, {like}`max-age={sent}`: browsers want digits alone, and ignore the header",
            origin_note(&when)
        );
        let number = match &option.kind {
            Kind::Float(seconds) if seconds.fract() == 0.0 && (0.0..1e15).contains(seconds) => {
                Some(format!("{seconds:.0}"))
            }
            Kind::Str(text) => {
                let digits = text.replace(['_', ' ', ','], "");
                (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
            }
            _ => None,
        };
        let help = match &option.kind {
            Kind::Float(_) => "make it a whole number: `int(…)`",
            Kind::Call(_) => "write the seconds: `int(timedelta(…).total_seconds())`",
            _ => "write the seconds as a number, such as `SECURE_HSTS_SECONDS = 31536000`",
        };
        findings
            .report(place, message)
            .setting(SETTING, &resolved)
            .help(help)
            .safe_fix("write it as a whole number", number.and_then(|number| context.rewrite(option, &number)));
    }
}
