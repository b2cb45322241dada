//! Cookies of which the name promises more than they keep.

use crate::project::settings::{Settings, Truth};
use crate::rule::{Context, Findings};

/// Reports each cookie with a prefix whose conditions it does not meet.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for cookie in ["SESSION", "CSRF", "LANGUAGE"] {
        let name = format!("{cookie}_COOKIE_NAME");
        let resolved = settings.get(&name);
        let begins = |prefix: &str| {
            Truth::over(&resolved.value, |value| match value.as_str() {
                Some(text) => Truth::known(text.starts_with(prefix)),
                None => Truth::Unknown("the name is not known".into()),
            })
        };
        let (for_host, for_secure) = (begins("__Host-"), begins("__Secure-"));
        if !resolved.is_set || (for_host.is_no() && for_secure.is_no()) {
            continue;
        }
        let place = context.place_of_setting(&resolved);
        if cookie == "CSRF" && !findings.is_certain(&settings.truth("CSRF_USE_SESSIONS").negated(), &name, Some(place))
        {
            continue;
        }
        let secure = format!("{cookie}_COOKIE_SECURE");
        let (domain, path) = (format!("{cookie}_COOKIE_DOMAIN"), format!("{cookie}_COOKIE_PATH"));
        let not_secure = settings.truth(&secure).negated().and(for_host.clone().or(for_secure));
        let has_domain = is_text(settings, &domain, |text| !text.is_empty()).and(for_host.clone());
        let has_path = is_text(settings, &path, |text| text != "/").and(for_host);
        let faults = [
            (not_secure, secure.clone(), format!("`{secure}` is off"), format!("set `{secure} = True`")),
            (has_domain, domain.clone(), format!("`{domain}` is set"), format!("leave `{domain}` out")),
            (has_path, path.clone(), format!("`{path}` is not `/`"), format!("leave `{path}` out")),
        ];
        for (fault, setting, what, help) in faults {
            if findings.is_certain(&fault, &setting, Some(place)) {
                let prefix = if begins("__Host-").is_yes() { "__Host-" } else { "__Secure-" };
                let (title, edits) = match setting == secure {
                    true => (format!("set `{setting} = True`"), context.set(&setting, "True")),
                    false => (format!("remove `{setting}`"), context.unset(&setting)),
                };
                findings
                    .report(place, format!("browsers refuse a cookie with the prefix `{prefix}` while {what}"))
                    .setting(&name, &resolved)
                    .related(settings.get(&setting).value.origin, what)
                    .help(help)
                    .unsafe_fix(title, edits)
                    .fix_changes(&[&setting]);
                break;
            }
        }
    }
}

/// Whether a setting is a string that `test` accepts; where it is `None`, not.
fn is_text(settings: &Settings, name: &str, test: impl Fn(&str) -> bool) -> Truth {
    Truth::over(&settings.get(name).value, |value| match value.as_str() {
        Some(text) => Truth::known(test(text)),
        None if value.type_name() == "None" => Truth::No,
        None => Truth::Unknown("the value is not known".into()),
    })
}
