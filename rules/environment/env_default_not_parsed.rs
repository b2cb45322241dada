//! Defaults of environment variables that are strings where the variable is not.

use crate::diagnostic::Applicability;
use crate::eval::value::{Condition, Kind, Value, brief};
use crate::project::security::FLAGS;
use crate::project::settings::Resolved;
use crate::rule::{Context, Findings};

/// Looks for such a default in every setting.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for name in settings.names.keys().filter(|name| !has_rules_of_its_own(name)) {
        let resolved = settings.get(name);
        visit(context, findings, name, &resolved, &resolved.value, 0);
    }
}

/// Whether other rules tell of a string in a setting: of flags, of CORS, of the addresses of channel layers.
fn has_rules_of_its_own(name: &str) -> bool {
    name == "CHANNEL_LAYERS" || name.starts_with("CORS_") || FLAGS.contains(&name)
}

fn visit(context: &Context, findings: &mut Findings, name: &str, resolved: &Resolved, value: &Value, depth: usize) {
    const MAX_DEPTH: usize = 8;
    if depth > MAX_DEPTH {
        return;
    }
    let mut inside = |value: &Value| visit(context, findings, name, resolved, value, depth + 1);
    match &value.kind {
        Kind::Dict(dict) => dict.entries.iter().for_each(|entry| inside(&entry.value)),
        Kind::List(items) | Kind::Tuple(items) => items.items.iter().for_each(|item| inside(&item.value)),
        Kind::Either(either) => {
            for choice in &either.options {
                let Kind::Unknown(unknown) = &choice.value.kind else { continue };
                let ([variable], Some(type_name)) = (unknown.variables.as_slice(), unknown.type_name) else { continue };
                let is_default = |when: &Condition| when.unset_variables().contains(&variable);
                let default = either.options.iter().find(|other| is_default(&other.when)).map(|other| &other.value);
                let Some(default) = default.filter(|default| is_unparsed(default, type_name)) else { continue };
                report(context, findings, (name, resolved), variable, type_name, default);
            }
        }
        _ => {}
    }
}

/// Whether a default is the text of what it should be.
fn is_unparsed(default: &Value, type_name: &str) -> bool {
    const TRUTHS: [&str; 14] = ["true", "false", "yes", "no", "on", "off", "1", "0", "y", "n", "t", "f", "ok", ""];
    let Some(text) = default.as_str() else { return false };
    match type_name {
        "list" | "tuple" | "dict" => true,
        "bool" => TRUTHS.contains(&text.trim().to_lowercase().as_str()),
        "int" => text.trim().parse::<i64>().is_ok(),
        "float" => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

fn report(
    context: &Context,
    findings: &mut Findings,
    (name, resolved): (&str, &Resolved),
    variable: &str,
    type_name: &str,
    default: &Value,
) {
    let text = default.as_str().unwrap_or_default();
    let (effect, help) = match type_name {
        "bool" if text.is_empty() => return,
        "bool" => ("counts as true, whatever it says", "write `True` or `False`"),
        "int" | "float" => ("is no number", "write the number without quotes"),
        "dict" => ("is no dict", "write a dict"),
        _ => ("is no list", "write a list"),
    };
    let quote = |text: &str| context.quoted(default.origin.map_or(context.settings().file, |place| place.file), text);
    let source = parsed(text, type_name, quote);
    // A text that says no counts as yes until then.
    let is_no = source.as_deref() == Some("False");
    let applicability = if is_no { Applicability::Unsafe } else { Applicability::Safe };
    let edits = source.as_ref().and_then(|source| context.rewrite(default, source));
    findings
        .report(
            context.place_of(resolved, default),
            format!(
                "{variable} is read as {}, but its default stays the string {}, which {effect}",
                article(type_name),
                brief(default)
            ),
        )
        .setting(name, resolved)
        .help(help)
        .fix(applicability, format!("write `{}`", source.unwrap_or_default()), edits);
}

/// What a text is meant to be, as source.
fn parsed(text: &str, type_name: &str, quote: impl Fn(&str) -> String) -> Option<String> {
    let text = text.trim();
    let items = || text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(&quote).collect::<Vec<_>>();
    match type_name {
        "bool" => match text.to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "y" | "t" | "ok" => Some("True".to_owned()),
            _ => Some("False".to_owned()),
        },
        "int" => text.parse::<i64>().ok().map(|number| number.to_string()),
        "float" => text.parse::<f64>().ok().map(|_| text.to_owned()),
        "list" if !text.contains(['[', '(', '{', '"', '\'']) => Some(format!("[{}]", items().join(", "))),
        _ => None,
    }
}

fn article(type_name: &str) -> String {
    let article = if type_name.starts_with(['i', 'o']) { "an" } else { "a" };
    format!("{article} `{type_name}`")
}
