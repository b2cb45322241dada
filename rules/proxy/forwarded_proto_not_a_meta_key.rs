//! Finds names in `SECURE_PROXY_SSL_HEADER` that no entry of `request.META` has.

use crate::project::proxy::secure_header::{Key, SETTING, key_kind, key_meant};
use crate::rule::{Context, Findings, REDIRECT_NOTE, origin_note, written_headers};

/// Reports every written name of a header that is not written as a key of `request.META`.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    for header in written_headers(&resolved, findings) {
        if key_kind(header.key) != Key::Impossible || context.deployment().sets_header(header.key) {
            continue;
        }
        let swapped = header.secure.as_str().filter(|text| key_kind(text) == Key::Header);
        let meant = swapped.map_or_else(|| key_meant(header.key), str::to_owned);
        let help = match swapped {
            Some(_) => format!("swap the two items: `(\"{meant}\", \"{}\")`", header.key),
            None => format!("write the key: `\"{meant}\"`"),
        };
        let edits = match swapped {
            Some(_) => None,
            None => context.rewrite_string(header.key_value, &meant),
        };
        let consequence = context.without_header();
        let message = format!(
            "`{}`{} is no key of `request.META`, where the header is called `{meant}`, so {}",
            header.key,
            origin_note(&header.when),
            consequence.text
        );
        findings
            .report(context.place_of(&resolved, header.key_value), message)
            .setting(SETTING, &resolved)
            .related(consequence.redirect, REDIRECT_NOTE)
            .help(help)
            .unsafe_fix(format!("write `\"{meant}\"`"), edits);
    }
}
