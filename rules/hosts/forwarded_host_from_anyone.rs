//! A host that whoever sends a request may choose.

use crate::project::settings::contains;
use crate::rule::{Context, Findings};

const SETTING: &str = "USE_X_FORWARDED_HOST";

/// Reports `USE_X_FORWARDED_HOST` where every host is allowed.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get(SETTING);
    let hosts = settings.get("ALLOWED_HOSTS");
    if !resolved.is_set {
        return;
    }
    let wrong = settings.truth(SETTING).and(contains(&hosts.value, |host| host == "*"));
    if findings.is_certain(&wrong, SETTING, resolved.value.origin) {
        findings
            .report(
                context.place_of_setting(&resolved),
                format!(
                    "`{SETTING}` takes the host from `X-Forwarded-Host`, and `ALLOWED_HOSTS` accepts every host: whoever \
                     sends a request chooses the host in the links that Django builds"
                ),
            )
            .setting(SETTING, &resolved)
            .related(Some(context.place_of_setting(&hosts)), "every host is allowed")
            .help("list the hosts of the site in `ALLOWED_HOSTS`; if no proxy sends the header, leave the setting out");
    }
}
