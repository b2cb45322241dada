//! A content security policy that nobody sends.

use crate::project::csp::{LEGACY, PACKAGE_MIDDLEWARE};
use crate::rule::{Context, Findings};

/// Reports the first setting of a version of django-csp before 4.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let mut legacy = settings.names.keys().filter(|name| LEGACY.contains(&name.as_ref()));
    let Some(name) = legacy.next() else { return };
    let others = legacy.count();
    let resolved = settings.get(name);
    let place = context.place_of_setting(&resolved);
    let is_installed = settings.installed("csp");
    let is_used = settings.uses_middleware(PACKAGE_MIDDLEWARE).or(is_installed.clone());
    if !settings.is_at_least("django-csp", "4.0") || !findings.is_certain(&is_used, name, Some(place)) {
        return;
    }
    let policies = ["CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY_REPORT_ONLY"];
    let effect = match policies.iter().any(|policy| settings.get(policy).is_set) {
        true => "",
        false => ", and no policy is sent",
    };
    let and_others = match others {
        0 => String::new(),
        1 => " and another setting".to_owned(),
        others => format!(" and {others} other settings"),
    };
    let verb = if others == 0 { "is" } else { "are" };
    let ids: &[&str] = if is_installed.is_yes() { &["csp.E001"] } else { &[] };
    findings
        .report(place, format!("`{name}`{and_others} {verb} not read since django-csp 4{effect}"))
        .setting(name, &resolved)
        .django_checks(ids)
        .help("write `CONTENT_SECURITY_POLICY = {\"DIRECTIVES\": {…}}`; `manage.py check` prints it if `csp` is installed");
}
