//! Finds an `ALLOWED_HOSTS` that no host is in.

use crate::diagnostic::Severity;
use crate::eval::value::{Kind, Value};
use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

const SETTING: &str = "ALLOWED_HOSTS";

/// Reports a list that is empty, or holds nothing but empty strings, in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let place = context.place_of_setting(&resolved);
    let is_empty = Truth::over(&resolved.value, |value| has_no_host(value, false));
    let has_no_host = Truth::over(&resolved.value, |value| has_no_host(value, true));
    if !findings.is_certain(&has_no_host, SETTING, Some(place)) {
        return;
    }
    let debug = settings.truth("DEBUG");
    let what = match (resolved.is_set, is_empty.is_yes()) {
        (false, _) => "is not set",
        (true, true) => "is empty",
        (true, false) => "holds nothing but an empty string",
    };
    let requests = match settings.uses_middleware("django.middleware.common.CommonMiddleware") {
        Truth::Yes => "every request",
        _ => "every request whose host is asked for",
    };
    let sockets = match context.allowed_hosts_validator() {
        Some(_) => ", and every WebSocket handshake with 403",
        None => "",
    };
    let case = if is_empty.is_yes() && !debug.is_no() { " where `DEBUG` is off" } else { "" };
    let report = findings
        .report(place, format!("`{SETTING}` {what}: {requests} is answered with 400{sockets}{case}"))
        .setting(SETTING, &resolved)
        .help("list the hosts that the site is reached at: `ALLOWED_HOSTS = [\"example.com\"]`");
    match is_empty.is_yes() {
        // An empty list stands for localhost there; a list of an empty string does not.
        true if debug.is_yes() => {
            report.severity(Severity::Advice);
        }
        true => {}
        false => {
            report.django_checks(&[]);
        }
    }
}

/// Whether a list is empty, or, where `or_blank` says so, holds nothing but empty strings.
fn has_no_host(value: &Value, or_blank: bool) -> Truth {
    let (Kind::List(items) | Kind::Tuple(items)) = &value.kind else {
        return match &value.kind {
            Kind::Unknown(unknown) => Truth::Unknown(unknown.why.clone()),
            _ => Truth::No,
        };
    };
    let mut open = items.open.clone();
    for item in &items.items {
        match item.value.as_str() {
            Some("") if or_blank => {}
            Some(_) if item.when.is_always() => return Truth::No,
            Some(_) => open = Some(format!("an item is there {}", item.when.describe()).into()),
            None => open = Some("an item is not known".into()),
        }
    }
    open.map_or(Truth::Yes, Truth::Unknown)
}
