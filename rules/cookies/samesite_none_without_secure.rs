//! Cookies for other sites that browsers refuse.

use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

const COOKIES: [(&str, &str, &str); 3] = [
    ("SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_SECURE", "the session cookie"),
    ("CSRF_COOKIE_SAMESITE", "CSRF_COOKIE_SECURE", "the CSRF cookie"),
    ("LANGUAGE_COOKIE_SAMESITE", "LANGUAGE_COOKIE_SECURE", "the language cookie"),
];

/// Reports each cookie that is `SameSite=None` without `Secure`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (same_site, secure, cookie) in COOKIES {
        let resolved = settings.get(same_site);
        if !resolved.is_set {
            continue;
        }
        let is_none = Truth::over(&resolved.value, |value| match value.as_str() {
            Some(text) => Truth::known(text.eq_ignore_ascii_case("none")),
            None if value.type_name() == "object" || value.type_name() == "str" => {
                Truth::Unknown("the value is not known".into())
            }
            None => Truth::No,
        });
        let in_session = match same_site {
            "CSRF_COOKIE_SAMESITE" => settings.truth("CSRF_USE_SESSIONS"),
            _ => Truth::No,
        };
        let secure_is_off = settings.truth(secure).negated();
        let place = context.place_of_setting(&resolved);
        let wrong = is_none.and(in_session.negated()).and(secure_is_off);
        if findings.is_certain(&wrong, same_site, Some(place)) {
            findings
                .report(place, format!("`{same_site}` is `None`, but `{secure}` is off: browsers refuse {cookie}"))
                .setting(same_site, &resolved)
                .related(settings.get(secure).value.origin, "`Secure` is off")
                .help(format!("set `{secure} = True`; if no other site needs the cookie, `{same_site} = \"Lax\"`"))
                .unsafe_fix(format!("write `{secure} = True`"), context.set(secure, "True"))
                .fix_changes(&[secure]);
        }
    }
}
