//! Prefixes of paths that all paths have.

use crate::project::csp::PACKAGE_MIDDLEWARE;
use crate::project::rest::entries;
use crate::rule::{Context, Findings};

const KEY: &str = "EXCLUDE_URL_PREFIXES";

/// Reports each string that is written for the list of prefixes.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for name in ["CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY_REPORT_ONLY"] {
        let resolved = settings.get(name);
        let Some(entry) = entries(&resolved).into_iter().find(|entry| entry.key.as_str() == Some(KEY)) else {
            if resolved.is_set && resolved.value.type_name() == "object" {
                findings.silent(Some(name), "the value is not known", resolved.value.origin);
            }
            continue;
        };
        let is_installed = settings.installed("csp");
        let is_used = settings.uses_middleware(PACKAGE_MIDDLEWARE).or(is_installed.clone());
        let Some(text) = entry.value.as_str() else { continue };
        let place = context.place_of(&resolved, &entry.value);
        if !settings.is_at_least("django-csp", "4.0") || !findings.is_certain(&is_used, name, Some(place)) {
            continue;
        }
        let effect = if text.contains('/') { ", and every path begins with `/`: no page has this policy" } else { "" };
        let ids: &[&str] = if is_installed.is_yes() { &["csp.E002"] } else { &[] };
        findings
            .report(place, format!("`{KEY}` is a string: each of its characters is a prefix{effect}"))
            .setting(name, &resolved)
            .django_checks(ids)
            .help(format!("write `[\"{text}\"]`"))
            .unsafe_fix("make it a list", context.put_in_list(&entry.value));
    }
}
