//! Finds flags that hold something other than `True` and `False`.

use crate::diagnostic::{Applicability, Severity};
use crate::eval::value::{Condition, Kind, Value, brief};
use crate::project::security::{FLAGS, flag_checks, is_reported_as_off, text_of_variable};
use crate::project::settings::{Resolved, truth};
use crate::rule::{Context, Findings, origin_note};

/// How a value misses being a flag.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// It is no bool, but means what it counts as.
    Loose,
    /// It says no, and counts as yes.
    Opposite,
}

/// Reports values that count as true and are not `True`.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    for name in FLAGS.into_iter().filter(|name| settings.names.contains_key(*name)) {
        let resolved = settings.get(name);
        // The text of a variable is told of by `env-flag-not-cast`.
        if resolved.value.options().iter().any(|(_, option)| text_of_variable(option).is_some()) {
            continue;
        }
        let faults = resolved
            .value
            .options()
            .into_iter()
            .filter_map(|(when, option)| fault(option).map(|fault| (fault, when, option)));
        let Some((fault, when, option)) = faults.max_by(|a, b| a.0.cmp(&b.0)) else { continue };
        let place = context.place_of(&resolved, option);
        match flag_checks(settings, name) {
            Ok(Some(ids)) => report(context, findings, (name, &resolved), (fault, &when, option), &ids),
            Ok(None) => {}
            Err(why) => findings.silent(Some(name), why.to_string(), Some(place)),
        }
    }
}

fn report(
    context: &Context,
    findings: &mut Findings,
    (name, resolved): (&str, &Resolved),
    (fault, when, option): (Fault, &Condition, &Value),
    ids: &[&str],
) {
    let shown = brief(option);
    let message = match fault {
        Fault::Opposite => format!(
            "`{name}` is the string `{shown}`{}, and a string that is not empty counts as true: the flag is on",
            origin_note(when)
        ),
        Fault::Loose => {
            format!("`{name}` is `{shown}`{}, which counts as true but is not `True`", origin_note(when))
        }
    };
    // What is on stays on; what was meant to be off may be relied on to be on.
    let (applicability, meant) = match fault {
        Fault::Loose => (Applicability::Safe, "True"),
        Fault::Opposite => (Applicability::Unsafe, "False"),
    };
    let severity = if fault == Fault::Loose { Severity::Advice } else { Severity::Warning };
    findings
        .report(context.place_of(resolved, option), message)
        .severity(severity)
        .setting(name, resolved)
        .django_checks(if is_reported_as_off(&resolved.value) { ids } else { &[] })
        .help(format!("write `{name} = True` or `{name} = False`"))
        .fix(applicability, format!("write `{name} = {meant}`"), context.rewrite(option, meant));
}

fn fault(value: &Value) -> Option<Fault> {
    const NO: [&str; 8] = ["0", "false", "f", "no", "n", "off", "none", "null"];
    match &value.kind {
        Kind::Str(text) if NO.contains(&text.trim().to_lowercase().as_str()) => Some(Fault::Opposite),
        Kind::Bool(_) => None,
        _ => truth(value).is_yes().then_some(Fault::Loose),
    }
}
