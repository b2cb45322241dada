//! Finds template engines whose class is missing or does not exist.

use crate::diagnostic::Applicability;
use crate::eval::value::Kind;
use crate::project::spelling::nearest;
use crate::project::template_engines::{DJANGO, JINJA2, engines};
use crate::rule::{Context, Findings, origin_note};

/// Django's own, the one that knows no tags included.
const BACKENDS: [&str; 3] = [DJANGO, JINJA2, "django.template.backends.dummy.TemplateStrings"];

/// Reports each written engine of such a class.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("TEMPLATES");
    for engine in engines(context.settings()) {
        let Some(entry) = engine.dict.get("BACKEND") else {
            if engine.dict.open.is_none() {
                let place = context.place_of(&resolved, engine.value);
                let path = context.quoted(place.file, DJANGO);
                let edits = context.add_entry(engine.value, false, "BACKEND", &path);
                findings
                    .report(place, "a template engine has no `BACKEND`: rendering a page raises `ImproperlyConfigured`")
                    .setting("TEMPLATES", &resolved)
                    .help(format!("add it: `\"BACKEND\": \"{DJANGO}\"`"))
                    .unsafe_fix(format!("add `{DJANGO}`"), edits);
            }
            continue;
        };
        for (when, backend) in entry.value.options() {
            let path = match &backend.kind {
                Kind::Str(path) => path.as_ref(),
                _ => continue,
            };
            let is_wrong = !path.contains('.') || path.starts_with("django.template.") && !BACKENDS.contains(&path);
            if !is_wrong {
                continue;
            }
            let meant = nearest(path, [DJANGO, JINJA2], |known| known.len() / 3).unwrap_or(DJANGO);
            let is_slip = nearest(path, [DJANGO, JINJA2], |_| 3).is_some();
            let applicability = if is_slip { Applicability::Safe } else { Applicability::Unsafe };
            findings
                .report(
                    context.place_of(&resolved, backend),
                    format!("`{path}`{} is no template engine: no page can be rendered", origin_note(&when)),
                )
                .setting("TEMPLATES", &resolved)
                .help(format!("write `{meant}`"))
                .fix(applicability, format!("write `{meant}`"), context.rewrite_string(backend, meant));
        }
    }
}
