//! Finds entries of `CSRF_TRUSTED_ORIGINS` without a scheme.

use crate::diagnostic::{Confidence, Severity};
use crate::eval::value::{Kind, Value};
use crate::rule::{Context, Findings, origin_note, shown, written_items};

const SETTING: &str = "CSRF_TRUSTED_ORIGINS";

/// Reports every written entry that has no scheme, from Django 4.0 on.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.is_at_least("django", "4.0") {
        return;
    }
    let resolved = settings.get(SETTING);
    let hosts = settings.get("ALLOWED_HOSTS");
    for (when, item) in written_items(&resolved.value).into_iter().filter(|(_, item)| lacks_scheme(item)) {
        let (entry, note) = (item.as_str(), origin_note(&when));
        let mut meant = None;
        let (message, help) = match entry {
            Some("") => (
                format!("an empty string in `{SETTING}`{note} is no origin: `manage.py check` fails"),
                "leave empty strings out: `[origin for origin in origins if origin]`".to_owned(),
            ),
            _ => {
                meant = entry.and_then(with_scheme);
                let item_text = shown(item);
                let message = format!(
                    "{item_text} in `{SETTING}`{note} has no scheme: it matches no origin, and `manage.py check` fails"
                );
                (message, entry.map_or_else(|| "write `https://` before it".to_owned(), help))
            }
        };
        // What an unset variable leaves behind is not there where it is set.
        let is_remainder = entry == Some("") && !when.is_always();
        let written = context.place_of(&resolved, item);
        // A host of `ALLOWED_HOSTS` is right where it is written.
        let is_host = hosts.history.iter().any(|statement| statement.holds(written));
        let place = if is_host { context.place_of_setting(&resolved) } else { written };
        let report = findings
            .report(place, message)
            .setting(SETTING, &resolved)
            .related(Some(written), "the entry is written here")
            .help(if is_host { from_hosts() } else { help });
        let report = match meant.filter(|_| !is_host) {
            Some(meant) => {
                let edits = context.rewrite_string(item, &meant);
                report.unsafe_fix(format!("write `{meant}`"), edits)
            }
            None if entry == Some("") => report.safe_fix("remove the empty string", context.remove_from_list(item)),
            None => report,
        };
        if is_remainder {
            report.severity(Severity::Warning).confidence(Confidence::Medium);
        }
    }
}

fn from_hosts() -> String {
    "put a scheme before each host: `[f\"https://{host}\" for host in ALLOWED_HOSTS]`".to_owned()
}

fn lacks_scheme(item: &Value) -> bool {
    match &item.kind {
        Kind::Str(text) => !text.contains("://"),
        // What begins like a host does not go on with a scheme.
        Kind::Template(template) => {
            let begins_as_host = template.beginning().is_some_and(|text| text.contains(['.', '*']));
            begins_as_host && !template.literals().any(|text| text.contains("://"))
        }
        _ => false,
    }
}

fn help(entry: &str) -> String {
    match with_scheme(entry) {
        Some(origin) => format!("write `{origin}`"),
        None => "list the origins, or a domain with all below it: `https://*.example.com`".to_owned(),
    }
}

/// The origin that a host without a scheme probably means.
fn with_scheme(entry: &str) -> Option<String> {
    let bare = entry.trim().trim_start_matches('/');
    let name = bare.split(':').next().unwrap_or_default();
    match bare {
        "*" => None,
        _ if bare.starts_with('.') => Some(format!("https://*{bare}")),
        _ if matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0") => Some(format!("http://{bare}")),
        _ => Some(format!("https://{bare}")),
    }
}
