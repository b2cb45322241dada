//! Finds names in `LOGGING` that nothing there defines.

use crate::eval::value::{Dict, Entry, Value};
use crate::project::spelling::nearest;
use crate::rule::{Context, Findings, written_items};

/// Reports each handler, formatter and filter that a logger or a handler names, where all that are defined are known.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let resolved = settings.get("LOGGING");
    let is_dict_config = settings.get("LOGGING_CONFIG").value.as_str() == Some("logging.config.dictConfig");
    let Some(logging) = resolved.value.as_dict().filter(|_| is_dict_config) else { return };
    if logging.open.is_some() || logging.get("incremental").is_some() {
        return;
    }
    let loggers = entries(logging, "loggers");
    let handlers = entries(logging, "handlers");
    for logger in loggers.iter().filter_map(|entry| certain(entry)).chain(logging.get("root").and_then(certain)) {
        judge(context, findings, logging, logger, "handlers", "logger");
        judge(context, findings, logging, logger, "filters", "logger");
    }
    for handler in handlers.iter().filter_map(|entry| certain(entry)) {
        judge(context, findings, logging, handler, "filters", "handler");
        judge(context, findings, logging, handler, "formatter", "handler");
    }
}

fn entries<'v>(logging: &'v Dict, section: &str) -> &'v [Entry] {
    let dict = logging.get(section).and_then(|entry| entry.value.as_dict());
    dict.map(|dict| dict.entries.as_slice()).unwrap_or_default()
}

/// What stands under a key in every case, in one form.
fn certain(entry: &Entry) -> Option<&Dict> {
    entry.value.as_dict().filter(|_| entry.when.is_always())
}

fn judge(context: &Context, findings: &mut Findings, logging: &Dict, user: &Dict, key: &str, what: &str) {
    let section = if key == "formatter" { "formatters" } else { key };
    let defined: Vec<&Entry> = match logging.get(section) {
        None => Vec::new(),
        Some(entry) => match entry.value.as_dict() {
            Some(dict) if dict.open.is_none() && entry.when.is_always() => dict.entries.iter().collect(),
            _ => return,
        },
    };
    let names: Option<Vec<&str>> = defined.iter().map(|entry| entry.key.as_str()).collect();
    let (Some(names), Some(entry)) = (names, user.get(key)) else { return };
    let used: Vec<&Value> = match entry.value.as_str() {
        Some(_) if key == "formatter" => vec![&entry.value],
        Some(_) => return,
        None => {
            let items = written_items(&entry.value);
            items.into_iter().filter(|(when, _)| when.is_always()).map(|(_, item)| item).collect()
        }
    };
    let resolved = context.settings().get("LOGGING");
    for item in used {
        let Some(name) = item.as_str().filter(|name| !name.is_empty() && !names.contains(name)) else { continue };
        let one = section.trim_end_matches('s');
        let meant = nearest(name, names.iter().copied(), |_| 2);
        let edits = meant.and_then(|meant| context.rewrite_string(item, meant));
        let help = match meant {
            Some(meant) => format!("write `{meant}`"),
            None => format!("define it in `{section}`, or leave it out"),
        };
        findings
            .report(
                context.place_of(&resolved, item),
                format!("a {what} in `LOGGING` has the {one} `{name}`, which is not defined: Django does not start"),
            )
            .setting("LOGGING", &resolved)
            .help(help)
            .safe_fix(format!("write `{}`", meant.unwrap_or_default()), edits);
    }
}
