//! Finds `"*"` in `ALLOWED_HOSTS`.

use crate::project::settings::{Truth, contains};
use crate::rule::{Context, Findings, origin_note, written_items};

const SETTING: &str = "ALLOWED_HOSTS";

/// Reports every `"*"` that is written in some form of the list.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    let validator = context.allowed_hosts_validator();
    let sockets = match validator {
        Some(_) => "; `AllowedHostsOriginValidator` then lets every site open WebSockets",
        None => "",
    };
    for (when, item) in written_items(&resolved.value) {
        if item.as_str() != Some("*") {
            continue;
        }
        let note = origin_note(&when);
        let message = format!(
            "`*` in `{SETTING}`{note} accepts every `Host` header, so whoever sends a request chooses the host in the \
             links that Django builds, as in password reset mails{sockets}"
        );
        findings
            .report(context.place_of(&resolved, item), message)
            .setting(SETTING, &resolved)
            .related(
                validator.and_then(|validator| validator.place),
                "this compares the origin of WebSockets with the list",
            )
            .help("list the hosts that the site is reached at, or a domain with a leading dot: `.example.com`");
    }
    if let Truth::Unknown(why) = contains(&resolved.value, |host| host == "*") {
        findings.silent(Some(SETTING), why.to_string(), resolved.value.origin.or(resolved.history.last().copied()));
    }
}
