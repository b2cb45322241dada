//! What the rules about Redis share: how they report a URL, or an entry of `hosts`.

use super::context::Context;
use super::findings::Findings;
use super::possibilities::origin_note;
use crate::diagnostic::{Applicability, Confidence, Edit};
use crate::eval::value::Value;
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
    /// How to put it right.
    fix: Option<FaultFix>,
}

/// What puts a fault right.
struct FaultFix {
    applicability: Applicability,
    title: String,
    remedy: FaultRemedy,
}

enum FaultRemedy {
    /// The URL becomes this.
    Url(String),
    /// Another string beside it becomes this.
    Text(Value, String),
    /// What is written becomes an item of a list.
    List,
}

impl FaultFix {
    fn edits(&self, context: &Context, value: &Value) -> Option<Vec<Edit>> {
        match &self.remedy {
            FaultRemedy::Url(text) => context.rewrite_string(value, text),
            FaultRemedy::Text(value, text) => context.rewrite_string(value, text),
            FaultRemedy::List => {
                let history = context.settings().get("CHANNEL_LAYERS").history;
                let is_written = value.origin.is_some_and(|place| history.iter().any(|made| made.holds(place)));
                is_written.then(|| context.wrap(value, "[", "]"))?
            }
        }
    }
}

impl Fault {
    /// A fault of the whole of it.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), place: None, confidence: Confidence::High, fix: None }
    }

    /// The same at another place, where there is one.
    pub fn at(self, place: Option<Place>) -> Self {
        Self { place, ..self }
    }

    /// The same, put right where the URL becomes `text`.
    pub fn url_becomes(self, applicability: Applicability, title: impl Into<String>, text: String) -> Self {
        Self { fix: Some(FaultFix { applicability, title: title.into(), remedy: FaultRemedy::Url(text) }), ..self }
    }

    /// The same, put right where a string beside the URL becomes `text`.
    pub fn text_becomes(
        self,
        applicability: Applicability,
        title: impl Into<String>,
        value: &Value,
        text: &str,
    ) -> Self {
        let remedy = FaultRemedy::Text(value.clone(), text.to_owned());
        Self { fix: Some(FaultFix { applicability, title: title.into(), remedy }), ..self }
    }

    /// The same, put right where what is written becomes an item of a list.
    pub fn belongs_in_list(self) -> Self {
        let fix = FaultFix {
            applicability: Applicability::Safe,
            title: "put it in a list".to_owned(),
            remedy: FaultRemedy::List,
        };
        Self { fix: Some(fix), ..self }
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
        let report = findings
            .report(place, fault.message)
            .help(fault.help)
            .confidence(fault.confidence)
            .setting(url.setting_name(), &resolved)
            .related(resolved.history.last().copied(), format!("`{}` takes it here", url.setting));
        let Some(fix) = fault.fix else { continue };
        // One string may be the URL of several settings, for all of which it is wrong.
        let urls = redis_urls(context.settings());
        let same = urls.iter().filter(|other| other.value.origin == url.value.origin);
        let settings: Vec<&str> = same.map(RedisUrl::setting_name).collect();
        let edits = fix.edits(context, url.value);
        report.fix(fix.applicability, fix.title, edits).fix_changes(&settings);
    }
}

/// Reports a fault of the `hosts` of a channel layer, or of an entry of them.
pub fn report_host(context: &Context, findings: &mut Findings, host: &LayerHost, fault: Fault) {
    let resolved = context.settings().get("CHANNEL_LAYERS");
    let place = fault.place.unwrap_or_else(|| context.place_of(&resolved, host.value));
    let report = findings
        .report(place, fault.message)
        .help(fault.help)
        .confidence(fault.confidence)
        .setting("CHANNEL_LAYERS", &resolved);
    if let Some(fix) = fault.fix {
        let edits = fix.edits(context, host.value);
        report.fix(fix.applicability, fix.title, edits);
    }
}
