//! What Django's own checks of security settings ask: which middleware is in use, which cookies there are, which keys
//! are weak. Source: `django/core/checks/security/`.

use std::sync::Arc;

use super::settings::{Settings, Truth, contains};
use crate::eval::value::{Kind, Value};

/// Flags of cookies, of security headers and of what proxies say, which Django counts by truth.
pub const FLAGS: [&str; 15] = [
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SECURE",
    "CSRF_USE_SESSIONS",
    "LANGUAGE_COOKIE_HTTPONLY",
    "LANGUAGE_COOKIE_SECURE",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SECURE",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE",
    "SESSION_SAVE_EVERY_REQUEST",
    "USE_X_FORWARDED_HOST",
    "USE_X_FORWARDED_PORT",
];

/// Sends the headers that the `SECURE_*` settings ask for, and redirects to HTTPS.
pub const SECURITY_MIDDLEWARE: &str = "django.middleware.security.SecurityMiddleware";
/// Sends `X-Frame-Options`.
pub const CLICKJACKING_MIDDLEWARE: &str = "django.middleware.clickjacking.XFrameOptionsMiddleware";
/// Compares the CSRF token of a request with that of its cookie or session.
pub const CSRF_MIDDLEWARE: &str = "django.middleware.csrf.CsrfViewMiddleware";
/// Sets the session cookie.
pub const SESSION_MIDDLEWARE: &str = "django.contrib.sessions.middleware.SessionMiddleware";
/// Sends the content security policy, from Django 6.0 on.
pub const CSP_MIDDLEWARE: &str = "django.middleware.csp.ContentSecurityPolicyMiddleware";

/// The settings that nothing but `SecurityMiddleware` reads. Source: `django/middleware/security.py`.
pub const OF_SECURITY_MIDDLEWARE: [&str; 8] = [
    "SECURE_SSL_REDIRECT",
    "SECURE_SSL_HOST",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_REFERRER_POLICY",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY",
];

/// What `Referrer-Policy` may say. Source: `REFERRER_POLICY_VALUES` in `django/core/checks/security/base.py`.
pub const REFERRER_POLICIES: [&str; 8] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];

/// What `Cross-Origin-Opener-Policy` may say. Source: `CROSS_ORIGIN_OPENER_POLICY_VALUES` in the same file.
pub const OPENER_POLICIES: [&str; 3] = ["same-origin", "same-origin-allow-popups", "unsafe-none"];

/// The ids of a check that tells three cases apart: the sessions app is installed, its middleware is in use, or both.
pub struct SessionIds {
    /// The app alone.
    pub app: &'static str,
    /// The middleware alone.
    pub middleware: &'static str,
    /// Both.
    pub both: &'static str,
}

/// The ids about `SESSION_COOKIE_SECURE`.
pub const SESSION_SECURE: SessionIds =
    SessionIds { app: "security.W010", middleware: "security.W011", both: "security.W012" };
/// The ids about `SESSION_COOKIE_HTTPONLY`.
pub const SESSION_HTTPONLY: SessionIds =
    SessionIds { app: "security.W013", middleware: "security.W014", both: "security.W015" };

impl SessionIds {
    /// The id that Django reports for a flag that is not on; none where the project uses no sessions.
    ///
    /// # Errors
    /// Why that is not known.
    pub fn reported(&self, settings: &Settings) -> Result<Option<&'static str>, Arc<str>> {
        // A configuration class of the app does not count.
        let app = contains(&settings.get("INSTALLED_APPS").value, |entry| entry == "django.contrib.sessions");
        match (app, settings.uses_middleware(SESSION_MIDDLEWARE)) {
            (Truth::Unknown(why), _) | (_, Truth::Unknown(why)) => Err(why),
            (Truth::Yes, Truth::Yes) => Ok(Some(self.both)),
            (Truth::Yes, Truth::No) => Ok(Some(self.app)),
            (Truth::No, Truth::Yes) => Ok(Some(self.middleware)),
            (Truth::No, Truth::No) => Ok(None),
        }
    }
}

/// The ids of the checks that ask whether a flag is `True` itself; none where the flag has no effect.
///
/// # Errors
/// Why that is not known.
pub fn flag_checks(settings: &Settings, name: &str) -> Result<Option<Vec<&'static str>>, Arc<str>> {
    let security = || settings.uses_middleware(SECURITY_MIDDLEWARE);
    let hsts = || security().and(settings.truth("SECURE_HSTS_SECONDS"));
    let csrf = || settings.uses_middleware(CSRF_MIDDLEWARE);
    let has_cookie = || match settings.truth("CSRF_USE_SESSIONS") {
        Truth::Yes => Truth::No,
        Truth::No => csrf(),
        unknown => unknown,
    };
    let under = |truth: Truth, ids: &[&'static str]| match truth {
        Truth::Yes => Ok(Some(ids.to_vec())),
        Truth::No => Ok(None),
        Truth::Unknown(why) => Err(why),
    };
    let one = |id: Option<&'static str>| id.map(|id| vec![id]);
    match name {
        "SECURE_SSL_REDIRECT" => under(security(), &["security.W008"]),
        "SECURE_CONTENT_TYPE_NOSNIFF" => under(security(), &["security.W006"]),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS" => under(hsts(), &["security.W005"]),
        "SECURE_HSTS_PRELOAD" => under(hsts(), &["security.W021"]),
        "CSRF_COOKIE_SECURE" => under(has_cookie(), &["security.W016"]),
        "CSRF_COOKIE_HTTPONLY" => under(has_cookie(), &[]),
        "CSRF_USE_SESSIONS" => under(csrf(), &[]),
        "SESSION_COOKIE_SECURE" => SESSION_SECURE.reported(settings).map(one),
        "SESSION_COOKIE_HTTPONLY" => SESSION_HTTPONLY.reported(settings).map(one),
        _ => Ok(Some(Vec::new())),
    }
}

/// Whether a value is anything but `True` itself, which is what most of the checks ask.
pub fn is_not_true(value: &Value) -> Truth {
    Truth::over(value, |value| match &value.kind {
        Kind::Bool(value) => Truth::known(!value),
        Kind::Unknown(unknown) => match unknown.type_name {
            None | Some("bool") => Truth::Unknown(unknown.why.clone()),
            Some(_) => Truth::Yes,
        },
        Kind::Call(_) | Kind::Instance(_) | Kind::Symbol(_) | Kind::Either(_) => {
            Truth::Unknown("the value is not known".into())
        }
        _ => Truth::Yes,
    })
}

/// Whether Django's checks take a flag for off, since it is not `True` itself: in every case, or where no variable is
/// set.
pub fn is_reported_as_off(flag: &Value) -> bool {
    is_not_true(flag).is_yes() || flag.when_unset().is_some_and(|unset| is_not_true(&unset).is_yes())
}

/// The variable whose text a value is.
pub fn text_of_variable(value: &Value) -> Option<&str> {
    match &value.kind {
        Kind::Unknown(unknown) if unknown.type_name == Some("str") => match unknown.variables.as_slice() {
            [variable] => Some(variable),
            _ => None,
        },
        _ => None,
    }
}

/// A middleware that may do what one of Django's does, as a subclass would: one of these words stands in its name.
pub fn look_alike<'s>(settings: &'s Settings, words: &[&str]) -> Option<&'s str> {
    let middleware = settings.names.get("MIDDLEWARE")?;
    let lists = middleware.value.options().into_iter().filter_map(|(_, list)| list.sequence());
    let mut names = lists.flat_map(|list| &list.items).filter_map(|item| item.value.as_str());
    names.find(|name| {
        let name = name.to_lowercase();
        words.iter().any(|word| name.contains(word))
    })
}

/// Why a key is too weak to sign anything with, as the end of a sentence about it; none for a key that Django accepts.
pub fn weakness(key: &str) -> Option<String> {
    const PREFIX: &str = "django-insecure-";
    const MIN_LENGTH: usize = 50;
    const MIN_DISTINCT: usize = 5;
    let length = key.chars().count();
    let mut distinct: Vec<char> = key.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    match (length, distinct.len()) {
        _ if key.starts_with(PREFIX) => {
            Some(format!("begins with `{PREFIX}`: `startproject` wrote it, and it is not meant for production"))
        }
        (length, _) if length < MIN_LENGTH => Some(format!("has {length} of at least {MIN_LENGTH} characters")),
        (_, count) if count < MIN_DISTINCT => {
            Some(format!("is made of {count} different characters, fewer than {MIN_DISTINCT}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_keys() {
        let strong = "k3y-with-fifty-characters-or-more-0123456789-abcdef";
        assert_eq!(weakness(strong), None);
        assert!(weakness(&format!("django-insecure-{strong}")).is_some_and(|why| why.starts_with("begins")));
        assert!(weakness("short").is_some_and(|why| why.starts_with("has 5 of")));
        assert!(weakness(&"abcd".repeat(20)).is_some_and(|why| why.starts_with("is made of 4")));
        // Django counts characters, not bytes.
        assert!(weakness(&"éàüö0".repeat(9)).is_some());
        assert_eq!(weakness(&"éàüö0".repeat(10)), None);
    }
}
