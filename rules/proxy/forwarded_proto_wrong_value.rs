//! Finds a `SECURE_PROXY_SSL_HEADER` whose value is never the one of a secure connection.

use crate::project::proxy::header::header_name;
use crate::project::proxy::secure_header::{Key, SETTING, Written, key_kind};
use crate::project::proxy::senders::{Sender, sender, standard_values};
use crate::rule::{Context, Findings, REDIRECT_NOTE, origin_note, written_headers};

/// Reports every written value that the header never has for a secure connection.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    let headers = written_headers(&resolved, findings);
    for header in headers.iter().filter(|header| is_sent(context, header)) {
        for (when, value) in header.secure.options() {
            let Some(text) = value.as_str() else {
                findings.silent(Some(SETTING), "the value is not known", value.origin);
                continue;
            };
            let standard = standard_values(header.key);
            let Some(usual) = standard.first().filter(|_| !standard.contains(&text)) else { continue };
            if context.deployment().headers.iter().any(|set| set.key == header.key && set.may_be_other(text)) {
                continue;
            }
            let when = header.when.narrowed_by(&when);
            let name = header_name(header.key);
            let (problem, redirect) = match text {
                "http" | "off" => {
                    let problem = format!(
                        "`{name}` is `{text}` for plain HTTP{}: Django takes plain requests for secure ones and secure \
                         ones for plain",
                        origin_note(&when)
                    );
                    (problem, None)
                }
                _ => {
                    let consequence = context.with_wrong_value();
                    let problem = format!(
                        "`{name}` is never `{text}`{}, but `{usual}` for a secure connection, so {}",
                        origin_note(&when),
                        consequence.text
                    );
                    (problem, consequence.redirect)
                }
            };
            findings
                .report(value.origin.unwrap_or_else(|| context.place_of(&resolved, header.whole)), problem)
                .setting(SETTING, &resolved)
                .related(redirect, REDIRECT_NOTE)
                .help(format!("compare with `\"{usual}\"`: `{SETTING} = (\"{}\", \"{usual}\")`", header.key))
                .unsafe_fix(format!("compare with `\"{usual}\"`"), context.rewrite_string(value, usual));
        }
    }
}

/// Where the header itself is wrong, its value does not matter.
fn is_sent(context: &Context, header: &Written) -> bool {
    key_kind(header.key) == Key::Header
        && matches!(sender(context.deployment(), header.key), Sender::Possible | Sender::Unclear)
}
