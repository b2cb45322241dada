//! Finds template engines of the same name.

use crate::project::template_engines::engines;
use crate::rule::{Context, Findings};

/// Reports each engine that has the name of an earlier one, where both are there in every case.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get("TEMPLATES");
    let mut seen = Vec::new();
    for engine in engines(context.settings()).into_iter().filter(|engine| engine.when.is_always()) {
        let name = match engine.dict.get("NAME") {
            Some(entry) => entry.value.as_str().filter(|_| entry.when.is_always()),
            None if engine.dict.open.is_some() => None,
            None => engine.backend().and_then(|backend| backend.rsplit('.').nth(1)),
        };
        let Some(name) = name else { continue };
        let place = context.place_of(&resolved, engine.value);
        let first = seen.iter().find(|(known, _)| *known == name).map(|(_, place)| *place);
        seen.push((name, place));
        if first.is_none() {
            continue;
        }
        findings
            .report(
                place,
                format!("two template engines are called `{name}`: Django raises `ImproperlyConfigured`, and renders no page"),
            )
            .setting("TEMPLATES", &resolved)
            .related(first, "the other one")
            .help("give one of them another `NAME`");
    }
}
