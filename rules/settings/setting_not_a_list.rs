//! Finds settings that Django refuses to load, because they are neither a list nor a tuple.

use crate::project::settings::Truth;
use crate::project::shape::{is_no_list, type_title};
use crate::rule::{Context, Findings};

/// What Django looks at, each with the version since which it does.
///
/// Source: `django/conf/__init__.py`, `Settings.__init__`.
const LISTS: [(&str, &str); 4] =
    [("INSTALLED_APPS", "1"), ("LOCALE_PATHS", "1"), ("TEMPLATE_DIRS", "1"), ("SECRET_KEY_FALLBACKS", "4.1")];

/// Reports each that is of another type in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (name, _) in LISTS.into_iter().filter(|(_, since)| settings.is_at_least("django", since)) {
        let resolved = settings.get(name);
        let place = context.place_of_setting(&resolved);
        if !resolved.is_set || !findings.is_certain(&Truth::over(&resolved.value, is_no_list), name, Some(place)) {
            continue;
        }
        let mut types: Vec<&str> = resolved.value.options().iter().map(|(_, option)| type_title(option)).collect();
        types.dedup();
        let help = match types.contains(&"a string") {
            true => "write a list, or split the string at its commas: `.split(\",\")`",
            false => "write a list: `[…]`",
        };
        findings
            .report(
                place,
                format!(
                    "`{name}` is {}, not a list: Django raises `ImproperlyConfigured` and does not start",
                    types.join(" or ")
                ),
            )
            .setting(name, &resolved)
            .help(help)
            .safe_fix("make it a list", context.put_setting_in_list(&resolved));
    }
}
