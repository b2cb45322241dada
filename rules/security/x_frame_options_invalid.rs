//! Finds values of `X_FRAME_OPTIONS` that browsers do not know.

use crate::diagnostic::Severity;
use crate::eval::value::{Kind, brief};
use crate::project::security::CLICKJACKING_MIDDLEWARE;
use crate::project::settings::Truth;
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, is_seen_by_checks, origin_note};

const SETTING: &str = "X_FRAME_OPTIONS";

/// Reports every value that is written somewhere and is neither `DENY` nor `SAMEORIGIN`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let place = context.place_of(&resolved, &resolved.value);
    match settings.uses_middleware(CLICKJACKING_MIDDLEWARE) {
        Truth::Yes => {}
        Truth::No => return,
        Truth::Unknown(why) => return findings.silent(Some("MIDDLEWARE"), why.to_string(), Some(place)),
    }
    for (when, option) in resolved.value.options() {
        let place = context.place_of(&resolved, option);
        let note = origin_note(&when);
        let (severity, message) = match &option.kind {
            Kind::Str(text) if matches!(text.to_uppercase().as_str(), "DENY" | "SAMEORIGIN") => continue,
            Kind::Str(text) => {
                let message = format!(
                    "`{SETTING}` is {:?}{note}, which browsers do not know and ignore: every site may show the pages \
                     in a frame of its own",
                    text.as_ref()
                );
                (Severity::Warning, message)
            }
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::List(_) | Kind::Tuple(_) => {
                let message = format!(
                    "`{SETTING}` is `{}`{note}, which is no string: `XFrameOptionsMiddleware` raises an AttributeError \
                     at every page",
                    brief(option)
                );
                (Severity::Error, message)
            }
            _ => {
                findings.silent(Some(SETTING), "the value is not known", Some(place));
                continue;
            }
        };
        let near = option.as_str().and_then(|text| nearest(text.trim(), ["DENY", "SAMEORIGIN"], |name| name.len() / 4));
        let report = findings
            .report(place, message)
            .severity(severity)
            .setting(SETTING, &resolved)
            .help(
                "write \"DENY\" or \"SAMEORIGIN\"; to let certain sites frame pages, exempt these from the middleware and \
                 use the policy `frame-ancestors`",
            )
            .unsafe_fix("write the value that is meant", near.and_then(|near| context.rewrite_string(option, near)));
        if !is_seen_by_checks(&when) {
            report.django_checks(&[]);
        }
    }
}
