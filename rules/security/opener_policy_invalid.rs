//! Finds opener policies that do not exist.

use crate::eval::value::{Kind, brief};
use crate::project::security::{OPENER_POLICIES, SECURITY_MIDDLEWARE};
use crate::project::settings::Truth;
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, is_seen_by_checks, origin_note};

const SETTING: &str = "SECURE_CROSS_ORIGIN_OPENER_POLICY";

/// Reports every value that is written somewhere and is no policy.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    // Django 4.0 is the first that reads it.
    if !settings.is_at_least("django", "4.0") {
        return;
    }
    let resolved = settings.get(SETTING);
    let place = context.place_of(&resolved, &resolved.value);
    match settings.uses_middleware(SECURITY_MIDDLEWARE) {
        Truth::Yes => {}
        Truth::No => return,
        Truth::Unknown(why) => return findings.silent(Some("MIDDLEWARE"), why.to_string(), Some(place)),
    }
    for (when, option) in resolved.value.options() {
        let place = context.place_of(&resolved, option);
        match &option.kind {
            Kind::Str(text) if OPENER_POLICIES.contains(&text.as_ref()) => continue,
            Kind::None => continue,
            Kind::Str(_) | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => {}
            _ => {
                findings.silent(Some(SETTING), "the value is not known", Some(place));
                continue;
            }
        }
        let consequence = match &option.kind {
            Kind::Str(text) if text.is_empty() => "no policy is sent, which `None` says",
            Kind::Bool(false) | Kind::Int(0) => "no policy is sent, which `None` says",
            _ => "browsers ignore it, so that a site that opens a page keeps a hand on its window",
        };
        let near = option
            .as_str()
            .and_then(|text| nearest(&text.trim().replace('_', "-"), OPENER_POLICIES, |name| name.len() / 4));
        let help = match near {
            Some(meant) => format!("write \"{meant}\""),
            None => format!("use one of {}, or `None`", OPENER_POLICIES.join(", ")),
        };
        let message = format!(
            "`{SETTING}` is `{}`{}, which is no opener policy: {consequence}",
            brief(option),
            origin_note(&when)
        );
        let report = findings
            .report(place, message)
            .setting(SETTING, &resolved)
            .help(help)
            .unsafe_fix("write the policy that is meant", near.and_then(|meant| context.rewrite_string(option, meant)));
        if !is_seen_by_checks(&when) {
            report.django_checks(&[]);
        }
    }
}
