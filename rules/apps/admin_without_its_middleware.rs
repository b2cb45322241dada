//! An admin that cannot tell who asks.

use crate::project::apps::lacks_middleware;
use crate::project::middleware::{AUTHENTICATION, MESSAGES, SESSION};
use crate::rule::{Context, Findings};

const NEEDED: [(&str, &str); 3] = [(SESSION, "admin.E410"), (AUTHENTICATION, "admin.E408"), (MESSAGES, "admin.E409")];

/// Reports each class that the admin needs in `MIDDLEWARE` and that is not there.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let middleware = settings.get("MIDDLEWARE");
    let place = context.place_of_setting(&middleware);
    if !findings.is_certain(&settings.installed("django.contrib.admin"), "INSTALLED_APPS", None) {
        return;
    }
    for (path, id) in NEEDED {
        if findings.is_certain(&lacks_middleware(settings, path), "MIDDLEWARE", Some(place)) {
            let name = path.rsplit('.').next().unwrap_or(path);
            findings
                .report(place, format!("the admin needs `{name}` in `MIDDLEWARE`: `manage.py check` fails"))
                .setting("MIDDLEWARE", &middleware)
                .django_checks(&[id])
                .help(format!("add `\"{path}\"` to `MIDDLEWARE`"))
                .unsafe_fix(format!("add `\"{path}\"` to `MIDDLEWARE`"), context.add_middleware(path));
        }
    }
}
