//! Finds names that are nearly those of settings.

use crate::diagnostic::Confidence;
use crate::eval::{django_settings, is_django_setting};
use crate::project::removed;
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings};

/// What Channels reads.
const CHANNELS: [&str; 2] = ["ASGI_APPLICATION", "CHANNEL_LAYERS"];

/// Names at least this long are long enough for two letters.
const LONG: usize = 12;

/// Reports each that nothing names, where the setting that it is near is not set.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let known = django_settings().chain(CHANNELS);
    let unset: Vec<&str> = known.filter(|known| !settings.names.contains_key(*known)).collect();
    for (name, setting) in &settings.names {
        let name = name.as_ref();
        let is_removed = removed::SETTINGS.iter().any(|removed| removed.name == name);
        if is_django_setting(name) || CHANNELS.contains(&name) || is_removed {
            continue;
        }
        let tolerance = |known: &str| if known.len() < LONG { 1 } else { 2 };
        let Some(meant) = nearest(name, unset.iter().copied(), tolerance) else { continue };
        if setting.history.is_empty() || context.is_named_outside(name, &setting.history) {
            continue;
        }
        let resolved = settings.get(name);
        let place = context.place_of_setting(&resolved);
        if let Some(why) = &settings.open {
            findings.silent(Some(name), why.to_string(), Some(place));
            continue;
        }
        findings
            .report(place, format!("`{name}` is no setting of Django's, and nothing names it; `{meant}` is not set"))
            .setting(name, &resolved)
            .confidence(Confidence::Medium)
            .help(format!("write `{meant}`"))
            .unsafe_fix(format!("write `{meant}`"), context.rename_setting(name, meant))
            .fix_changes(&[meant]);
    }
}
