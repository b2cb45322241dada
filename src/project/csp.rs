//! Content security policies in settings.
//!
//! Source: django-csp 4.0 `csp/checks.py`, `csp/utils.py`; Django 6.0 `django/utils/csp.py`, `django/middleware/csp.py`.

use super::settings::{Settings, Truth};
use crate::eval::value::{Dict, Kind, Value};

/// The middleware of django-csp.
pub const PACKAGE_MIDDLEWARE: &str = "csp.middleware.CSPMiddleware";
/// The middleware of Django 6.
pub const DJANGO_MIDDLEWARE: &str = "django.middleware.csp.ContentSecurityPolicyMiddleware";

/// What django-csp read before version 4, and refuses since.
pub const LEGACY: [&str; 33] = [
    "CSP_CHILD_SRC",
    "CSP_CONNECT_SRC",
    "CSP_DEFAULT_SRC",
    "CSP_SCRIPT_SRC",
    "CSP_SCRIPT_SRC_ATTR",
    "CSP_SCRIPT_SRC_ELEM",
    "CSP_OBJECT_SRC",
    "CSP_STYLE_SRC",
    "CSP_STYLE_SRC_ATTR",
    "CSP_STYLE_SRC_ELEM",
    "CSP_FONT_SRC",
    "CSP_FRAME_SRC",
    "CSP_IMG_SRC",
    "CSP_MANIFEST_SRC",
    "CSP_MEDIA_SRC",
    "CSP_PREFETCH_SRC",
    "CSP_WORKER_SRC",
    "CSP_BASE_URI",
    "CSP_PLUGIN_TYPES",
    "CSP_SANDBOX",
    "CSP_FORM_ACTION",
    "CSP_FRAME_ANCESTORS",
    "CSP_NAVIGATE_TO",
    "CSP_REQUIRE_SRI_FOR",
    "CSP_REQUIRE_TRUSTED_TYPES_FOR",
    "CSP_TRUSTED_TYPES",
    "CSP_UPGRADE_INSECURE_REQUESTS",
    "CSP_BLOCK_ALL_MIXED_CONTENT",
    "CSP_REPORT_URI",
    "CSP_REPORT_TO",
    "CSP_REPORT_ONLY",
    "CSP_EXCLUDE_URL_PREFIXES",
    "CSP_REPORT_PERCENTAGE",
];

/// The directives of a policy that is enforced, as a dict.
pub struct Policy<'v> {
    /// Its setting.
    pub setting: &'static str,
    /// The directives.
    pub directives: &'v Dict,
}

/// The policy of a setting's value, where it is one that is known and sent for certain.
pub fn policy<'v>(settings: &Settings, setting: &'static str, value: &'v Value) -> Option<Policy<'v>> {
    let dict = value.as_dict().filter(|dict| dict.open.is_none() && !dict.entries.is_empty())?;
    match setting {
        "CONTENT_SECURITY_POLICY" => {
            let is_sent = settings.uses_middleware(PACKAGE_MIDDLEWARE).is_yes();
            let is_new = settings.is_at_least("django-csp", "4.0");
            let directives = dict.get("DIRECTIVES").filter(|entry| entry.when.is_always())?.value.as_dict()?;
            (is_sent && is_new).then_some(Policy { setting, directives })
        }
        _ => {
            let is_sent = settings.uses_middleware(DJANGO_MIDDLEWARE).is_yes() && settings.is_at_least("django", "6.0");
            is_sent.then_some(Policy { setting, directives: dict })
        }
    }
}

impl<'v> Policy<'v> {
    /// What pages may connect to, and the directive that says so; none where nothing says so.
    pub fn connections(&self) -> Option<(&'static str, &'v Value)> {
        if self.directives.open.is_some() {
            return None;
        }
        for name in ["connect-src", "default-src"] {
            match self.directives.get(name) {
                Some(entry) if !entry.when.is_always() => return None,
                Some(entry) if matches!(entry.value.kind, Kind::None) => {}
                Some(entry) => return Some((name, &entry.value)),
                None => {}
            }
        }
        None
    }
}

/// Whether a list of sources lets pages connect to no WebSocket: it is `'none'`, or names nothing but other schemes.
pub fn allows_no_websocket(sources: &Value) -> Truth {
    let blocks = |text: &str| {
        let text = text.trim();
        text == "'none'" || text.starts_with("https://") || text.starts_with("http://") || text.starts_with("'nonce-")
    };
    Truth::over(sources, |value| match &value.kind {
        Kind::Str(text) => Truth::known(text.split_whitespace().all(blocks)),
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => {
            let mut answer = match &items.open {
                Some(why) => Truth::Unknown(why.clone()),
                None => Truth::Yes,
            };
            for item in &items.items {
                answer = answer.and(match item.value.as_str() {
                    Some(text) if blocks(text) => Truth::Yes,
                    Some(_) if item.when.is_always() => Truth::No,
                    _ => Truth::Unknown("a source is not known".into()),
                });
            }
            answer
        }
        _ => Truth::Unknown("the sources are not known".into()),
    })
}
