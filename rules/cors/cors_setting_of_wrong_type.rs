//! Settings of django-cors-headers of the wrong type.

use crate::diagnostic::Applicability;
use crate::eval::value::{Kind, Value, brief};
use crate::project::cors::{ALL_ORIGINS, ORIGINS, PATTERNS, checks_of, effective, is_used};
use crate::rule::{Context, Findings, origin_note};

#[derive(Clone, Copy)]
enum Shape {
    Switch,
    Seconds,
    Strings,
    Patterns,
    Pattern,
}

const SETTINGS: [([&str; 2], Shape, &str); 10] = [
    (["CORS_ALLOW_HEADERS"; 2], Shape::Strings, "corsheaders.E001"),
    (["CORS_ALLOW_METHODS"; 2], Shape::Strings, "corsheaders.E002"),
    (["CORS_ALLOW_CREDENTIALS"; 2], Shape::Switch, "corsheaders.E003"),
    (["CORS_PREFLIGHT_MAX_AGE"; 2], Shape::Seconds, "corsheaders.E004"),
    (ALL_ORIGINS, Shape::Switch, "corsheaders.E005"),
    (ORIGINS, Shape::Strings, "corsheaders.E006"),
    (PATTERNS, Shape::Patterns, "corsheaders.E007"),
    (["CORS_EXPOSE_HEADERS"; 2], Shape::Strings, "corsheaders.E008"),
    (["CORS_URLS_REGEX"; 2], Shape::Pattern, "corsheaders.E009"),
    (["CORS_ALLOW_PRIVATE_NETWORK"; 2], Shape::Switch, "corsheaders.E015"),
];

/// Reports every written value of a type that django-cors-headers does not take.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for (names, shape, id) in SETTINGS {
        let (name, resolved) = effective(settings, names);
        if !resolved.is_set {
            continue;
        }
        for (when, value) in resolved.value.options() {
            let Some((fault, help)) = fault(value, shape) else {
                if matches!(value.kind, Kind::Unknown(_)) {
                    findings.silent(Some(name), "the value is not known", value.origin);
                }
                continue;
            };
            if matches!(shape, Shape::Switch) && !when.variables.is_empty() {
                findings.silent(Some(name), "an environment variable that is not cast decides it", value.origin);
                continue;
            }
            if !findings.is_certain(&is_used(settings), name, value.origin) {
                return;
            }
            let is_string = matches!(value.kind, Kind::Str(_)) && matches!(shape, Shape::Strings | Shape::Patterns);
            let ids: &[&str] = match (is_string, name) {
                (true, _) if ORIGINS.contains(&name) => &["corsheaders.E013"],
                (true, _) => &[],
                _ => &[id],
            };
            let (applicability, title, edits) = match meant(value, shape) {
                _ if !when.unset_variables().is_empty() => (Applicability::Unsafe, String::new(), None),
                Some((applicability, source)) => {
                    let edits = context.rewrite(value, &source);
                    (applicability, format!("write `{name} = {source}`"), edits)
                }
                None if is_string => (Applicability::Safe, "make it a list".to_owned(), context.put_in_list(value)),
                None => (Applicability::Unsafe, String::new(), None),
            };
            findings
                .report(
                    context.place_of(&resolved, value),
                    format!("`{name}` is `{}`{}, {fault}", brief(value), origin_note(&when)),
                )
                .setting(name, &resolved)
                .django_checks(checks_of(settings, ids))
                .help(help)
                .fix(applicability, title, edits);
        }
    }
}

/// What a switch or a number is meant to be, as source. A text that says no counts as yes until then.
fn meant(value: &Value, shape: Shape) -> Option<(Applicability, String)> {
    match (shape, &value.kind) {
        (Shape::Switch, Kind::Int(number @ (0 | 1))) => {
            Some((Applicability::Safe, if *number == 1 { "True" } else { "False" }.to_owned()))
        }
        (Shape::Switch, Kind::Str(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some((Applicability::Safe, "True".to_owned())),
            "false" | "0" | "no" | "off" => Some((Applicability::Unsafe, "False".to_owned())),
            _ => None,
        },
        (Shape::Seconds, Kind::Str(text)) => {
            let seconds: u32 = text.trim().parse().ok()?;
            Some((Applicability::Safe, seconds.to_string()))
        }
        _ => None,
    }
}

/// What is wrong with a value, and what to do; none where it is right, or cannot be known.
fn fault(value: &Value, shape: Shape) -> Option<(String, &'static str)> {
    const LIST: &str = "write a list of strings";
    const SWITCH: &str = "write `True` or `False`; compare what an environment variable says: `== \"True\"`";
    let is_plain = !matches!(
        value.kind,
        Kind::Unknown(_) | Kind::Call(_) | Kind::Symbol(_) | Kind::Instance(_) | Kind::Template(_) | Kind::Missing
    );
    if !is_plain {
        return None;
    }
    let of_type = |wanted: &str| format!("of type {}, not {wanted}", value.type_name());
    match (shape, &value.kind) {
        (Shape::Switch, Kind::Bool(_)) => None,
        (Shape::Switch, _) => Some((of_type("bool"), SWITCH)),
        (Shape::Seconds, Kind::Bool(_)) => None,
        (Shape::Seconds, Kind::Int(seconds)) => {
            (*seconds < 0).then(|| ("which is below zero".to_owned(), "write a number of seconds, or 0 for none"))
        }
        (Shape::Seconds, _) => Some((of_type("int"), "write a number of seconds: `int(…)`")),
        (Shape::Pattern, Kind::Str(_)) => None,
        (Shape::Pattern, _) => Some((of_type("a pattern"), "write one pattern; `|` parts several")),
        (Shape::Strings, Kind::Str(text)) if text.is_empty() => None,
        (Shape::Patterns, Kind::Str(text)) if text.is_empty() => None,
        (Shape::Strings, Kind::Str(_)) => {
            Some(("a string: each of its characters is taken for an entry".to_owned(), LIST))
        }
        (Shape::Patterns, Kind::Str(_)) => {
            Some(("a string: each of its characters is taken for a pattern".to_owned(), "write a list of patterns"))
        }
        (Shape::Strings, Kind::List(items) | Kind::Tuple(items)) => {
            let is_other = |value: &Value| {
                matches!(
                    value.kind,
                    Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::List(_) | Kind::Tuple(_) | Kind::Bytes(_)
                )
            };
            let item = items.items.iter().find(|item| item.when.is_always() && is_other(&item.value))?;
            Some((format!("of which `{}` is no string", brief(&item.value)), LIST))
        }
        (Shape::Patterns, Kind::List(_) | Kind::Tuple(_)) => None,
        (Shape::Strings | Shape::Patterns, _) => Some((of_type("a list or tuple"), LIST)),
    }
}
