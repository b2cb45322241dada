//! Finds flags that hold something other than `True` and `False`.

use crate::diagnostic::Severity;
use crate::eval::value::{Condition, Kind, Value, brief};
use crate::project::security::{
    CSRF_MIDDLEWARE, FLAGS, SECURITY_MIDDLEWARE, SESSION_HTTPONLY, SESSION_SECURE, is_not_true,
};
use crate::project::settings::{Resolved, Settings, Truth, truth};
use crate::rule::{Context, Findings, origin_note};

/// How a value misses being a flag.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// It is no bool, but means what it counts as.
    Loose,
    /// It is text that the environment gives.
    Text,
    /// It says no, and counts as yes.
    Opposite,
}

/// Reports values that count as true and are not `True`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for name in FLAGS.into_iter().filter(|name| settings.names.contains_key(*name)) {
        let resolved = settings.get(name);
        let faults = resolved
            .value
            .options()
            .into_iter()
            .filter_map(|(when, option)| fault(option).map(|fault| (fault, when, option)));
        let Some((fault, when, option)) = faults.max_by(|a, b| a.0.cmp(&b.0)) else { continue };
        let place = context.place_of(&resolved, option);
        match ids(settings, name) {
            Ok(Some(ids)) => report(context, findings, (name, &resolved), (fault, &when, option), &ids),
            Ok(None) => {}
            Err(why) => findings.silent(Some(name), why.to_string(), Some(place)),
        }
    }
}

fn report(
    context: &Context,
    findings: &mut Findings,
    (name, resolved): (&str, &Resolved),
    (fault, when, option): (Fault, &Condition, &Value),
    ids: &[&str],
) {
    let shown = brief(option);
    let message = match fault {
        Fault::Opposite => format!(
            "`{name}` is the string `{shown}`{}, and a string that is not empty counts as true: the flag is on",
            origin_note(when)
        ),
        Fault::Text => format!(
            "`{name}` is the text of an environment variable, and text that is not empty counts as true: \"False\" \
             turns the flag on"
        ),
        Fault::Loose => {
            format!("`{name}` is `{shown}`{}, which counts as true but is not `True`", origin_note(when))
        }
    };
    let severity = if fault == Fault::Loose { Severity::Advice } else { Severity::Warning };
    // Django is told apart by what holds where no variable is set, like any default.
    let unset = resolved.value.when_unset();
    let is_reported = is_not_true(&resolved.value).is_yes() || unset.is_some_and(|value| is_not_true(&value).is_yes());
    findings
        .report(context.place_of(resolved, option), message)
        .severity(severity)
        .setting(name, resolved)
        .django_checks(if is_reported { ids } else { &[] })
        .help(match fault {
            Fault::Text => format!("turn the text into a bool: `{name} = os.environ.get(…) == \"true\"`"),
            _ => format!("write `{name} = True` or `{name} = False`"),
        });
}

fn fault(value: &Value) -> Option<Fault> {
    const NO: [&str; 8] = ["0", "false", "f", "no", "n", "off", "none", "null"];
    match &value.kind {
        Kind::Str(text) if NO.contains(&text.trim().to_lowercase().as_str()) => Some(Fault::Opposite),
        Kind::Unknown(unknown) if unknown.type_name == Some("str") && !unknown.variables.is_empty() => {
            Some(Fault::Text)
        }
        Kind::Template(_) => Some(Fault::Text),
        Kind::Bool(_) => None,
        _ => truth(value).is_yes().then_some(Fault::Loose),
    }
}

/// The ids of the checks that ask whether a flag is `True` itself; none where the flag has no effect.
fn ids(settings: &Settings, name: &str) -> Result<Option<Vec<&'static str>>, std::sync::Arc<str>> {
    let security = || settings.uses_middleware(SECURITY_MIDDLEWARE);
    let hsts = || security().and(settings.truth("SECURE_HSTS_SECONDS"));
    let csrf = || settings.uses_middleware(CSRF_MIDDLEWARE);
    let has_cookie = || match settings.truth("CSRF_USE_SESSIONS") {
        Truth::Yes => Truth::No,
        Truth::No => csrf(),
        unknown => unknown,
    };
    let under = |truth: Truth, ids: &[&'static str]| match truth {
        Truth::Yes => Ok(Some(ids.to_vec())),
        Truth::No => Ok(None),
        Truth::Unknown(why) => Err(why),
    };
    let one = |id: Option<&'static str>| id.map(|id| vec![id]);
    match name {
        "SECURE_SSL_REDIRECT" => under(security(), &["security.W008"]),
        "SECURE_CONTENT_TYPE_NOSNIFF" => under(security(), &["security.W006"]),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS" => under(hsts(), &["security.W005"]),
        "SECURE_HSTS_PRELOAD" => under(hsts(), &["security.W021"]),
        "CSRF_COOKIE_SECURE" => under(has_cookie(), &["security.W016"]),
        "CSRF_COOKIE_HTTPONLY" => under(has_cookie(), &[]),
        "CSRF_USE_SESSIONS" => under(csrf(), &[]),
        "SESSION_COOKIE_SECURE" => SESSION_SECURE.reported(settings).map(one),
        "SESSION_COOKIE_HTTPONLY" => SESSION_HTTPONLY.reported(settings).map(one),
        _ => Ok(Some(Vec::new())),
    }
}
