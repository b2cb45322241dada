//! What the rules about Redis share: how they report a URL, or an entry of `hosts`.

use super::context::Context;
use super::findings::Findings;
use super::possibilities::origin_note;
use crate::diagnostic::Confidence;
use crate::project::redis::layer_hosts::LayerHost;
use crate::project::redis::text::masked;
use crate::project::redis::urls::{RedisUrl, redis_urls};
use crate::source::Place;

/// What is wrong with a URL, or an entry of `hosts`.
pub struct Fault {
    /// The sentence.
    message: String,
    /// What to do.
    help: String,
    /// Where, if not where that is written.
    place: Option<Place>,
    /// How sure it is.
    confidence: Confidence,
}

impl Fault {
    /// A fault of the whole of it.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), place: None, confidence: Confidence::High }
    }

    /// The same at another place, where there is one.
    pub fn at(self, place: Option<Place>) -> Self {
        Self { place, ..self }
    }

    /// The same, where code that is not looked at may put it right.
    pub fn uncertain(self) -> Self {
        Self { confidence: Confidence::Medium, ..self }
    }
}

/// Reports every Redis URL in which `fault` finds something, once where several settings take it. `fault` is given the
/// URL for a message too, without its password.
pub fn report_urls(context: &Context, findings: &mut Findings, fault: impl Fn(&RedisUrl, &str) -> Option<Fault>) {
    let mut told: Vec<Place> = Vec::new();
    for url in redis_urls(context.settings()) {
        let shown = format!("`{}`{}", masked(&url.text, url.separators), origin_note(&url.when));
        let Some(fault) = fault(&url, &shown) else { continue };
        let resolved = context.settings().get(url.setting_name());
        let place = fault.place.unwrap_or_else(|| context.place_of(&resolved, url.value));
        if told.contains(&place) {
            continue;
        }
        told.push(place);
        findings
            .report(place, fault.message)
            .help(fault.help)
            .confidence(fault.confidence)
            .setting(url.setting_name(), &resolved)
            .related(resolved.history.last().copied(), format!("`{}` takes it here", url.setting));
    }
}

/// Reports a fault of the `hosts` of a channel layer, or of an entry of them.
pub fn report_host(context: &Context, findings: &mut Findings, host: &LayerHost, fault: Fault) {
    let resolved = context.settings().get("CHANNEL_LAYERS");
    let place = fault.place.unwrap_or_else(|| context.place_of(&resolved, host.value));
    findings
        .report(place, fault.message)
        .help(fault.help)
        .confidence(fault.confidence)
        .setting("CHANNEL_LAYERS", &resolved);
}
