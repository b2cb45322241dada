//! Finds settings that are read from the environment and then replaced by a constant.

use crate::eval::Deed;
use crate::python::code_only;
use crate::rule::{Context, Findings};
use crate::source::Place;

/// How the environment is read, by the libraries for it.
const READERS: [&str; 8] = ["environ[", "environ.get(", "getenv(", "env(", "env.", "config(", "decouple.", "get_env("];

/// Reports each where both statements stand in one file outside of any condition.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (name, setting) in &settings.names {
        let [.., before, last] = setting.steps.as_slice() else { continue };
        let is_replaced = matches!(before.deed, Deed::Sets | Deed::Replaces) && last.deed == Deed::Replaces;
        if !is_replaced || before.place.file != last.place.file || before.place.span.end > last.place.span.start {
            continue;
        }
        let file = context.file_text(last.place.file);
        let stands_free = |place: Place| {
            file.get(..place.span.start as usize).is_some_and(|before| before.is_empty() || before.ends_with('\n'))
        };
        let between = file.get(before.place.span.end as usize..last.place.span.start as usize).unwrap_or_default();
        if !stands_free(before.place)
            || !stands_free(last.place)
            || names(&code_only(between), name)
            || !reads_environment(&context.text_at(before.place), name)
            || !assigns_constant(&context.text_at(last.place), name)
        {
            continue;
        }
        let resolved = settings.get(name);
        findings
            .report(
                last.place,
                format!(
                    "`{name}` is read from the environment, and replaced by a constant here: the variable does nothing"
                ),
            )
            .setting(name, &resolved)
            .related(Some(before.place), "it is read from the environment here")
            .help("remove one of the two");
    }
}

fn right_side<'t>(statement: &'t str, name: &str) -> Option<&'t str> {
    let rest = statement.strip_prefix(name)?.trim_start();
    // An annotation may stand in between.
    let (between, value) = rest.split_once('=')?;
    (between.trim().is_empty() || between.starts_with(':')).then_some(value)
}

fn reads_environment(statement: &str, name: &str) -> bool {
    let Some(value) = right_side(statement, name) else { return false };
    let code = code_only(value);
    READERS.iter().any(|reader| code.contains(reader))
}

/// Whether the value is made of literals alone.
fn assigns_constant(statement: &str, name: &str) -> bool {
    let Some(value) = right_side(statement, name).filter(|value| !value.starts_with('=')) else { return false };
    let code = code_only(value);
    words(&code).all(|word| matches!(word, "True" | "False" | "None") || word.starts_with(|c: char| c.is_ascii_digit()))
        && !code.contains('{')
}

fn names(code: &str, name: &str) -> bool {
    words(code).any(|word| word == name)
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
