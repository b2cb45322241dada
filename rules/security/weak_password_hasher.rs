//! Passwords that are fast to guess.

use crate::eval::value::Value;
use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

const SETTING: &str = "PASSWORD_HASHERS";
/// What is fast to compute, with the version of Django that has it no more.
const WEAK: [(&str, Option<&str>); 5] = [
    ("MD5PasswordHasher", None),
    ("SHA1PasswordHasher", Some("5.1")),
    ("UnsaltedMD5PasswordHasher", Some("5.1")),
    ("UnsaltedSHA1PasswordHasher", Some("5.1")),
    ("CryptPasswordHasher", Some("5.0")),
];

/// Reports the first entry of the list where it is fast to compute in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let weak = |path: &str| {
        let name = path.strip_prefix("django.contrib.auth.hashers.")?;
        WEAK.iter().find(|(weak, _)| *weak == name)
    };
    let first = |value: &Value| {
        let Some(sequence) = value.sequence() else { return Truth::Unknown("the list is not known".into()) };
        let Some(item) = sequence.items.first() else { return Truth::No };
        match item.value.as_str() {
            Some(path) if weak(path).is_none() => Truth::No,
            Some(_) if item.when.is_always() && sequence.open.is_none() => Truth::Yes,
            _ => Truth::Unknown("its first entry is not known".into()),
        }
    };
    let place = context.place_of_setting(&resolved);
    if !resolved.is_set || !findings.is_certain(&Truth::over(&resolved.value, first), SETTING, Some(place)) {
        return;
    }
    for (_, list) in resolved.value.options() {
        let Some(item) = list.sequence().and_then(|sequence| sequence.items.first()) else { continue };
        let Some((name, gone)) = item.value.as_str().and_then(weak) else { continue };
        if gone.is_some_and(|version| settings.is_at_least("django", version)) {
            findings.silent(Some(SETTING), format!("Django has `{name}` no more"), item.value.origin);
            continue;
        }
        let message = format!("`{name}` comes first in `{SETTING}`: passwords are kept in a way that is fast to guess");
        findings
            .report(context.place_of(&resolved, &item.value), message)
            .setting(SETTING, &resolved)
            .help("put `django.contrib.auth.hashers.PBKDF2PasswordHasher` first, or leave the setting out");
    }
}
