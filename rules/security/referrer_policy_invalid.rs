//! Finds referrer policies that do not exist.

use crate::eval::value::{Kind, Value, brief};
use crate::project::security::{REFERRER_POLICIES, SECURITY_MIDDLEWARE};
use crate::project::settings::Truth;
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, is_seen_by_checks, origin_note};

const SETTING: &str = "SECURE_REFERRER_POLICY";

/// Reports every value that is written somewhere and names a policy that does not exist.
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
        let Some((at, wrong)) = wrong_policy(option) else {
            if !is_known(option) {
                findings.silent(Some(SETTING), "the value is not known", Some(context.place_of(&resolved, option)));
            }
            continue;
        };
        let note = origin_note(&when);
        let what = match wrong.as_str() {
            "" if option.as_str() == Some("") => format!("`{SETTING}` is empty{note}: no policy is sent"),
            "" => format!("`{SETTING}` names an empty policy{note}, which browsers ignore"),
            wrong => {
                format!("`{SETTING}` names `{wrong}`{note}, which is no referrer policy: browsers ignore it")
            }
        };
        let near = nearest(&wrong.replace('_', "-"), REFERRER_POLICIES, |name| name.len() / 4);
        let help = match near {
            Some(meant) => format!("write \"{meant}\""),
            None => format!("use one of {}", REFERRER_POLICIES.join(", ")),
        };
        let meant = near.zip(at.as_str()).map(|(meant, text)| text.replacen(&wrong, meant, 1));
        let report = findings
            .report(context.place_of(&resolved, at), what)
            .setting(SETTING, &resolved)
            .help(help)
            .unsafe_fix("write the policy that is meant", meant.and_then(|meant| context.rewrite_string(at, &meant)));
        if !is_seen_by_checks(&when) {
            report.django_checks(&[]);
        }
    }
}

/// The first policy in a value that does not exist, and where it is written.
fn wrong_policy(value: &Value) -> Option<(&Value, String)> {
    let is_wrong = |policy: &str| !REFERRER_POLICIES.contains(&policy);
    if let Some(text) = value.as_str() {
        return text.split(',').map(str::trim).find(|policy| is_wrong(policy)).map(|policy| (value, policy.to_owned()));
    }
    value.sequence()?.items.iter().filter(|item| item.when.is_always()).find_map(|item| match &item.value.kind {
        Kind::Str(policy) => is_wrong(policy).then(|| (&item.value, policy.to_string())),
        Kind::None | Kind::Bool(_) | Kind::Int(_) => Some((&item.value, brief(&item.value))),
        _ => None,
    })
}

fn is_known(value: &Value) -> bool {
    let is_plain = |value: &Value| matches!(value.kind, Kind::None | Kind::Str(_));
    is_plain(value)
        || value
            .sequence()
            .is_some_and(|list| list.open.is_none() && list.items.iter().all(|item| is_plain(&item.value)))
}
