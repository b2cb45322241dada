//! Exemptions from the redirect to https that match nothing.

use crate::diagnostic::Severity;
use crate::project::middleware::SECURITY;
use crate::project::settings::Truth;
use crate::rule::{Context, Findings, origin_note, written_items};

const SETTING: &str = "SECURE_REDIRECT_EXEMPT";

/// Reports each written pattern that begins with a slash.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let is_used = settings.truth("SECURE_SSL_REDIRECT").and(settings.uses_middleware(SECURITY));
    let items = written_items(&resolved.value);
    let wrong: Vec<_> =
        items.iter().filter_map(|(when, item)| Some((when, item, Slash::of(item.as_str()?)?))).collect();
    if !resolved.is_set || wrong.is_empty() {
        if let Truth::Unknown(why) = settings.truth(SETTING) {
            findings.silent(Some(SETTING), why.to_string(), resolved.value.origin);
        }
        return;
    }
    if !findings.is_certain(&is_used, "SECURE_SSL_REDIRECT", None) {
        return;
    }
    for (when, item, slash) in wrong {
        let text = item.as_str().unwrap_or_default();
        let (what, severity) = match slash {
            Slash::Anchored => ("is found in no path", Severity::Error),
            Slash::Free => ("is not found at the beginning of a path", Severity::Warning),
        };
        findings
            .report(
                context.place_of(&resolved, item),
                format!(
                    "`{text}` in `{SETTING}`{} {what}, which is compared without its first slash",
                    origin_note(when)
                ),
            )
            .severity(severity)
            .setting(SETTING, &resolved)
            .help(format!("write `r\"^{}\"`", text.trim_start_matches(['^', '/'])))
            .safe_fix("remove the first slash", context.rewrite_string(item, &text.replacen('/', "", 1)));
    }
}

enum Slash {
    Anchored,
    Free,
}

impl Slash {
    /// Whether a pattern begins with a slash that has to be there.
    fn of(pattern: &str) -> Option<Self> {
        let bare = pattern.strip_prefix("^").or_else(|| pattern.strip_prefix(r"\A"));
        let rest = bare.unwrap_or(pattern).strip_prefix('/')?;
        let may_lack = rest.starts_with(['?', '*', '{']) || pattern.contains('|');
        match (may_lack, bare) {
            (true, _) => None,
            (false, Some(_)) => Some(Self::Anchored),
            (false, None) => Some(Self::Free),
        }
    }
}
