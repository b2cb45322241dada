//! Messages that find no session.

use crate::project::middleware::{MESSAGES, Need, SESSION};
use crate::project::settings::Truth;
use crate::rule::{Context, Findings, order_applicability, unmet_needs};

const SETTING: &str = "MESSAGE_STORAGE";
const NEED: Need = Need { user: &[MESSAGES], needed: &[SESSION], word: "session" };
const WITH_SESSION: [&str; 2] = [
    "django.contrib.messages.storage.fallback.FallbackStorage",
    "django.contrib.messages.storage.session.SessionStorage",
];

/// Reports `MessageMiddleware` before the sessions, where its storage is one that needs these.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let storage = settings.get(SETTING);
    let needs_session = Truth::over(&storage.value, |value| match value.as_str() {
        Some(path) => Truth::known(WITH_SESSION.contains(&path)),
        None => Truth::Unknown("the storage is not known".into()),
    });
    let middleware = settings.get("MIDDLEWARE");
    let unmet = unmet_needs(&middleware, &NEED, true, findings);
    if unmet.is_empty() || !findings.is_certain(&needs_session, SETTING, storage.value.origin) {
        return;
    }
    for (user, needed) in unmet {
        let what = match needed {
            Some(_) => "stands before `SessionMiddleware`",
            None => "has no `SessionMiddleware` before it",
        };
        findings
            .report(
                context.place_of(&middleware, user),
                format!("`MessageMiddleware` {what}: every request fails with `ImproperlyConfigured`"),
            )
            .setting("MIDDLEWARE", &middleware)
            .related(needed.and_then(|needed| needed.origin), "the sessions")
            .help("put `SessionMiddleware` before `MessageMiddleware`")
            .fix(
                order_applicability(needed),
                "put `SessionMiddleware` before it",
                context.put_before(user, needed, SESSION),
            );
    }
}
