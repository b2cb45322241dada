//! Patterns of an `OriginValidator` that match no origin.

use crate::diagnostic::Severity;
use crate::eval::value::{Kind, Sequence, Value, brief};
use crate::project::asgi::application::{Wrapper, WrapperKind};
use crate::project::hosts::origin_patterns::Verdict;
use crate::project::url::text_of;
use crate::rule::{Context, Findings, origin_note, shown};

/// Judges each pattern of each `OriginValidator`.
pub fn check(context: &Context, findings: &mut Findings) {
    let mut seen: Vec<*const Wrapper> = Vec::new();
    for socket in context.sockets() {
        for validator in socket.validators() {
            let WrapperKind::Origins(patterns) = &validator.kind else { continue };
            if seen.contains(&std::ptr::from_ref(validator)) {
                continue;
            }
            seen.push(std::ptr::from_ref(validator));
            for (_, option) in patterns.options() {
                list(context, findings, validator, option);
            }
        }
    }
}

fn list(context: &Context, findings: &mut Findings, validator: &Wrapper, patterns: &Value) {
    let place = patterns.origin.or(validator.place).unwrap_or_else(|| context.settings().place());
    if let Some(items) = patterns.sequence() {
        if items.items.is_empty() && items.open.is_none() {
            findings
                .report(place, "`OriginValidator` has no pattern: it refuses every WebSocket with 403")
                .severity(Severity::Error)
                .help("name the origins of the site's pages: `[\"https://example.com\"]`");
        }
        return each(context, findings, validator, items);
    }
    match &patterns.kind {
        // With a star in it, it lets everything in.
        Kind::Str(text) if !text.contains('*') => {
            let message = format!(
                "`{}` is no list: `OriginValidator` compares with each letter and refuses every page",
                brief(patterns)
            );
            let help = format!("put it into a list: `[{}]`", brief(patterns));
            findings.report(place, message).severity(Severity::Error).help(help);
        }
        Kind::Unknown(unknown) => findings.silent(None, unknown.why.to_string(), Some(place)),
        _ => {}
    }
}

fn each(context: &Context, findings: &mut Findings, validator: &Wrapper, items: &Sequence) {
    let options = || items.items.iter().flat_map(|item| item.value.options());
    let matches_something = |value: &Value| match verdict(value) {
        Some(verdict) => matches!(verdict, Verdict::Possible | Verdict::Any),
        None => true,
    };
    let is_dead = items.open.is_none() && !options().any(|(_, value)| matches_something(value));
    for (when, value) in options() {
        let Some(verdict) = verdict(value) else { continue };
        let note = origin_note(&when);
        let pattern = shown(value);
        let (message, help, severity) = match verdict {
            Verdict::Any | Verdict::Possible => continue,
            Verdict::Never { why, help } if is_dead => {
                (format!("{pattern}{note} matches no `Origin`, so every page is refused: {why}"), help, Severity::Error)
            }
            Verdict::Never { why, help } => {
                (format!("{pattern}{note} matches no `Origin`: {why}"), help, Severity::Warning)
            }
            Verdict::Raises(error) => (
                format!("{pattern}{note} breaks every WebSocket that no earlier pattern lets in: `{error}`"),
                "write an origin: `https://example.com`, with a port in digits where it is not the usual one"
                    .to_owned(),
                Severity::Error,
            ),
        };
        let shared = value.origin.and_then(|place| context.hosts_setting_of(place));
        let own = value.origin.filter(|_| shared.is_none());
        let place = own.or(validator.place).or(value.origin).unwrap_or_else(|| context.settings().place());
        let report = findings.report(place, message).severity(severity).help(help);
        match shared {
            Some(setting) => report.related(value.origin, format!("`{setting}`, which has other patterns")),
            None => report.related(validator.place, "the validator"),
        };
    }
}

fn verdict(value: &Value) -> Option<Verdict> {
    match &value.kind {
        Kind::None => Some(Verdict::Raises("AttributeError: 'NoneType' object has no attribute 'lower'")),
        Kind::Call(call) if call.function.as_ref() == "re.compile" => {
            Some(Verdict::Raises("AttributeError: 're.Pattern' object has no attribute 'lower'"))
        }
        _ => text_of(value).map(|text| Verdict::of(&text)),
    }
}
