//! Settings of Django REST framework that it does not read.

use crate::diagnostic::Severity;
use crate::project::rest::{KEYS, NOT_READ, SETTING, dicts, is_in_use};
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, origin_note};

/// Reports every written key that is misspelt, or read no more.
pub fn check(context: &Context, findings: &mut Findings) {
    if !is_in_use(context.settings()) {
        return;
    }
    let resolved = context.settings().get(SETTING);
    if let Some(why) = dicts(&resolved).into_iter().find_map(|dict| dict.open.as_ref()) {
        findings.silent(Some(SETTING), why.to_string(), resolved.value.origin);
    }
    for (dict, entry) in
        dicts(&resolved).into_iter().flat_map(|dict| dict.entries.iter().map(move |entry| (dict, entry)))
    {
        let Some(key) = entry.key.as_str().filter(|key| !KEYS.contains(key)) else { continue };
        let gone = NOT_READ.iter().find(|(name, _)| *name == key).map(|(_, instead)| *instead);
        let meant = nearest(key, KEYS, |name| (name.len() / 8).clamp(1, 3));
        let (severity, help) = match (gone, meant) {
            (Some("PAGE_SIZE"), _) => (Severity::Warning, "rename it to `PAGE_SIZE`".to_owned()),
            (Some(instead), _) => (Severity::Warning, format!("remove it, and set {instead}")),
            (None, Some(meant)) => {
                let lets_in = meant.contains("PERMISSION");
                (if lets_in { Severity::Error } else { Severity::Warning }, format!("rename it to `{meant}`"))
            }
            (None, None) => continue,
        };
        // What was ignored until then takes effect.
        let renamed = gone.filter(|instead| *instead == "PAGE_SIZE").or(meant.filter(|_| gone.is_none()));
        let edits = renamed.and_then(|name| context.rename_key(dict, entry, name));
        let effect =
            if severity == Severity::Error { ": views that name no permission are open to everyone" } else { "" };
        findings
            .report(
                context.place_of(&resolved, &entry.key),
                format!("Django REST framework does not read `{key}`{}{effect}", origin_note(&entry.when)),
            )
            .severity(severity)
            .setting(SETTING, &resolved)
            .help(help)
            .unsafe_fix(format!("rename it to `{}`", renamed.unwrap_or_default()), edits);
    }
}
