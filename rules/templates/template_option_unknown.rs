//! Finds keys and options that a template engine does not take.

use crate::project::spelling::nearest;
use crate::project::template_engines::{DJANGO, JINJA2, engines};
use crate::rule::{Context, Findings, origin_note};

/// Source: `django/template/utils.py`, `EngineHandler.templates`.
const KEYS: [&str; 5] = ["APP_DIRS", "BACKEND", "DIRS", "NAME", "OPTIONS"];

/// What `django.template.Engine` takes, but for what the keys give it.
///
/// Source: `django/template/engine.py`, `Engine.__init__`.
const OPTIONS: [&str; 8] = [
    "autoescape",
    "builtins",
    "context_processors",
    "debug",
    "file_charset",
    "libraries",
    "loaders",
    "string_if_invalid",
];

/// Reports each that is written for an engine of Django's.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("TEMPLATES");
    for engine in engines(context.settings()) {
        let Some(backend) = engine.backend().filter(|backend| [DJANGO, JINJA2].contains(backend)) else { continue };
        for entry in &engine.dict.entries {
            let Some(key) = entry.key.as_str().filter(|key| !KEYS.contains(key)) else { continue };
            let is_option = |key: &str| backend == DJANGO && OPTIONS.contains(&key);
            let (title, edits) = match nearest(key, KEYS, |_| 2) {
                _ if is_option(key) => {
                    let mut keys = engine.dict.entries.iter().filter_map(|entry| entry.key.as_str());
                    let is_first = keys.find(|key| is_option(key)) == Some(key);
                    let edits = context.move_entry(engine.dict, entry, "OPTIONS", is_first);
                    (format!("put `{key}` into `OPTIONS`"), edits)
                }
                Some(meant) => (format!("write `{meant}`"), context.rename_key(engine.dict, entry, meant)),
                None => (String::new(), None),
            };
            let help = match () {
                () if backend == DJANGO && OPTIONS.contains(&key) => {
                    format!("put it into `OPTIONS`: `\"OPTIONS\": {{\"{key}\": …}}`")
                }
                () => match nearest(key, KEYS, |_| 2) {
                    Some(meant) => format!("write `{meant}`"),
                    None => "remove it, or put it into `OPTIONS`".to_owned(),
                },
            };
            let note = origin_note(&engine.when.narrowed_by(&entry.when));
            findings
                .report(
                    context.place_of(&resolved, &entry.key),
                    format!(
                        "a template engine has no key `{key}`{note}: rendering a page raises `ImproperlyConfigured`"
                    ),
                )
                .setting("TEMPLATES", &resolved)
                .help(help)
                .safe_fix(title, edits);
        }
        if backend != DJANGO {
            continue;
        }
        for (when, entry) in engine.option_entries() {
            let Some(option) = entry.key.as_str().filter(|option| !OPTIONS.contains(option)) else { continue };
            let help = match nearest(option, KEYS, |_| 0) {
                Some(key) => format!("put it one level higher, as `\"{key}\"`"),
                None => match nearest(option, OPTIONS, |_| 2) {
                    Some(meant) => format!("write `{meant}`"),
                    None => "remove it".to_owned(),
                },
            };
            let is_key = KEYS.iter().any(|key| key.eq_ignore_ascii_case(option));
            let meant = nearest(option, OPTIONS, |_| 2).filter(|_| !is_key);
            let renamed = meant.zip(engine.options());
            let edits = renamed.and_then(|(meant, options)| context.rename_key(options, entry, meant));
            findings
                .report(
                    context.place_of(&resolved, &entry.key),
                    format!(
                        "Django's template engine takes no option `{option}`{}: rendering a page raises `TypeError`",
                        origin_note(&when)
                    ),
                )
                .setting("TEMPLATES", &resolved)
                .help(help)
                .safe_fix(format!("write `{}`", meant.unwrap_or_default()), edits);
        }
    }
}
