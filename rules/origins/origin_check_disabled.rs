//! Origin validators that let every origin in.

use crate::diagnostic::Severity;
use crate::eval::value::{Kind, Value};
use crate::project::asgi::application::{Wrapper, WrapperKind};
use crate::rule::{Context, Findings, origin_note, written_items};
use crate::source::Place;

/// Looks for `*` in what an origin validator compares with.
pub fn check(context: &Context, findings: &mut Findings) {
    let sockets = context.sockets();
    let mut seen: Vec<*const Wrapper> = Vec::new();
    for socket in &sockets {
        let validators: Vec<&Wrapper> = socket.validators().collect();
        // Of two validators, the stricter one decides.
        let [validator] = validators.as_slice() else { continue };
        if seen.contains(&std::ptr::from_ref(*validator)) {
            continue;
        }
        seen.push(std::ptr::from_ref(*validator));
        let reads_cookies = sockets.iter().any(|other| {
            other.cookies().is_some() && other.validators().any(|around| std::ptr::eq(around, *validator))
        });
        let severity = if reads_cookies { Severity::Warning } else { Severity::Advice };
        match &validator.kind {
            WrapperKind::AllowedHosts => by_allowed_hosts(context, findings, validator, severity),
            WrapperKind::Origins(patterns) => by_patterns(context, findings, validator, patterns, severity),
            WrapperKind::Cookies | WrapperKind::Other => {}
        }
    }
}

fn by_allowed_hosts(context: &Context, findings: &mut Findings, validator: &Wrapper, severity: Severity) {
    let hosts = context.settings().get("ALLOWED_HOSTS");
    if let Kind::Unknown(unknown) = &hosts.value.kind {
        return findings.silent(Some("ALLOWED_HOSTS"), unknown.why.to_string(), validator.place);
    }
    let Some((place, note)) = star(&hosts.value) else { return };
    let place = place.or_else(|| hosts.history.last().copied());
    let at = validator.place.or(place).unwrap_or_else(|| context.settings().place());
    findings
        .report(
            at,
            format!("`AllowedHostsOriginValidator` lets every web site in: `ALLOWED_HOSTS` holds `\"*\"`{note}"),
        )
        .severity(severity)
        .setting("ALLOWED_HOSTS", &hosts)
        .related(place, "every origin matches this")
        .help("name the hosts in `ALLOWED_HOSTS`, or use `OriginValidator(…, [\"https://…\"])` with the site's own origins");
}

fn by_patterns(context: &Context, findings: &mut Findings, validator: &Wrapper, patterns: &Value, severity: Severity) {
    let Some((place, note)) = star(patterns) else { return };
    // In a setting that serves others too, it is its use here that is wrong.
    let own = place.filter(|place| context.hosts_setting_of(*place).is_none());
    let at = own.or(validator.place).or(place).unwrap_or_else(|| context.settings().place());
    findings
        .report(at, format!("`OriginValidator` lets every web site in: its patterns hold `\"*\"`{note}"))
        .severity(severity)
        .related(if own.is_some() { validator.place } else { place }, "the validator and its pattern")
        .help("name the site's own origins: `OriginValidator(…, [\"https://example.com\"])`");
}

/// Where `*` is written among patterns. Of a string given for the list, every letter is a pattern.
fn star(patterns: &Value) -> Option<(Option<Place>, String)> {
    let mut options = patterns.options().into_iter();
    let as_text = options.find(|(_, option)| option.as_str().is_some_and(|text| text.contains('*')));
    let as_item = || written_items(patterns).into_iter().find(|(_, item)| item.as_str() == Some("*"));
    as_text.or_else(as_item).map(|(when, value)| (value.origin, origin_note(&when)))
}
