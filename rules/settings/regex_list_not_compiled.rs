//! Strings where Django needs compiled regular expressions.

use crate::diagnostic::Edit;
use crate::eval::value::{Kind, Value, brief};
use crate::rule::{Context, Findings, origin_note, written_items};

/// The lists, each with the middleware that reads it.
const LISTS: [(&str, &str); 2] = [
    ("DISALLOWED_USER_AGENTS", "django.middleware.common.CommonMiddleware"),
    ("IGNORABLE_404_URLS", "django.middleware.common.BrokenLinkEmailsMiddleware"),
];

/// Reports every string that is written in one of the lists.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (name, middleware) in LISTS {
        let resolved = settings.get(name);
        let items = written_items(&resolved.value);
        let wrong: Vec<_> = items.into_iter().filter(|(_, item)| item.type_name() == "str").collect();
        if !resolved.is_set {
            continue;
        }
        let is_open = |(_, list): &(_, &Value)| matches!(list.kind, Kind::Unknown(_) | Kind::Call(_));
        if resolved.value.options().iter().any(is_open) {
            findings.silent(Some(name), "the list is not known", resolved.value.origin);
        }
        if wrong.is_empty() || !findings.is_certain(&settings.uses_middleware(middleware), name, None) {
            continue;
        }
        for (when, item) in wrong {
            findings
                .report(
                    context.place_of(&resolved, item),
                    format!(
                        "`{name}` holds the string {}, where Django needs a compiled regular expression{}",
                        brief(item),
                        origin_note(&when)
                    ),
                )
                .setting(name, &resolved)
                .help("compile it: `re.compile(r\"…\")`")
                .safe_fix("compile it", compiled(context, item));
        }
    }
}

fn compiled(context: &Context, item: &Value) -> Option<Vec<Edit>> {
    context.edit_at(item.origin?, |editor, span| {
        editor.is_in_list(span).then_some(())?;
        let imported = editor.import("re", None)?;
        let mut changes = imported.changes;
        changes.extend(editor.wrap(span, &format!("{}.compile(", imported.name), ")")?);
        Some(changes)
    })
}
