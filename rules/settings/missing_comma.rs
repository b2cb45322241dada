//! Finds strings of a list that Python joins, as the comma between them is missing.

use crate::eval::value::{Kind, Value};
use crate::project::template_engines::{DJANGO, engines};
use crate::python::adjacent_strings;
use crate::rule::{Context, Findings, written_items};
use crate::source::Place;

/// What the items of a list are.
#[derive(Clone, Copy)]
enum Items {
    /// Dotted paths.
    Paths,
    /// Hosts or addresses.
    Hosts,
    /// Origins.
    Origins,
}

const LISTS: [(&str, Items); 12] = [
    ("ALLOWED_HOSTS", Items::Hosts),
    ("AUTHENTICATION_BACKENDS", Items::Paths),
    ("CORS_ALLOWED_ORIGINS", Items::Origins),
    ("CORS_ORIGIN_WHITELIST", Items::Origins),
    ("CSRF_TRUSTED_ORIGINS", Items::Origins),
    ("DATABASE_ROUTERS", Items::Paths),
    ("FILE_UPLOAD_HANDLERS", Items::Paths),
    ("INSTALLED_APPS", Items::Paths),
    ("INTERNAL_IPS", Items::Hosts),
    ("MIDDLEWARE", Items::Paths),
    ("PASSWORD_HASHERS", Items::Paths),
    ("STATICFILES_FINDERS", Items::Paths),
];

/// Reports every string of such a list that consists of parts which are each an item.
pub fn check(context: &Context, findings: &mut Findings) {
    let mut told: Vec<Place> = Vec::new();
    for (name, items) in LISTS {
        let resolved = context.settings().get(name);
        if resolved.is_set {
            judge(context, findings, name, &resolved.value, items, &mut told);
        }
    }
    for engine in engines(context.settings()).iter().filter(|engine| engine.backend() == Some(DJANGO)) {
        for (_, entry) in engine.option_entries() {
            if entry.key.as_str() == Some("context_processors") {
                judge(context, findings, "TEMPLATES", &entry.value, Items::Paths, &mut told);
            }
        }
    }
}

fn judge(context: &Context, findings: &mut Findings, name: &str, list: &Value, items: Items, told: &mut Vec<Place>) {
    let resolved = context.settings().get(name);
    for (_, item) in written_items(list) {
        let (Kind::Str(text), Some(place)) = (&item.kind, item.origin) else { continue };
        if told.contains(&place) {
            continue;
        }
        let file = context.file_text(place.file);
        let (before, rest) = file.split_at_checked(place.span.start as usize).unwrap_or_default();
        let after = rest.get((place.span.end - place.span.start) as usize..).unwrap_or_default();
        // What is in parentheses of its own is meant to be one.
        if before.trim_end().ends_with('(') && after.trim_start().starts_with(')') {
            continue;
        }
        let parts = adjacent_strings(&context.text_at(place));
        if parts.len() < 2 || parts.concat() != text.as_ref() || !are_items(&parts, items) {
            continue;
        }
        told.push(place);
        let shown: Vec<String> = parts.iter().map(|part| format!("`{part}`")).collect();
        findings
            .report(
                place,
                format!(
                    "a comma is missing in `{name}` between {}: Python joins them to `{text}`",
                    shown.join(" and ")
                ),
            )
            .setting(name, &resolved)
            .help("write a comma between them; for one string in two parts, put parentheses around it")
            .safe_fix(
                "write the comma",
                context.edit_at(place, |editor, span| editor.is_in_list(span).then(|| editor.part_string(span))?),
            );
    }
}

fn are_items(parts: &[String], items: Items) -> bool {
    parts.iter().all(|part| match items {
        Items::Paths => part.split('.').all(is_identifier),
        Items::Hosts => is_host(part),
        Items::Origins => part.contains("://"),
    })
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_host(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let ends_well = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text == "localhost"
        || text.contains('.')
            && text.chars().all(is_inner)
            && ends_well(text.chars().next())
            && ends_well(text.chars().next_back())
}
