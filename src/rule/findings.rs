//! What a rule says.

use std::sync::Arc;

use super::page::Page;
use crate::diagnostic::{Confidence, Finding, Related, Severity, Silent};
use crate::project::settings::{Resolved, Settings, Truth, contains};
use crate::source::{FileId, Place};

/// What rules found, and where they said nothing.
#[derive(Debug, Default)]
pub struct Findings {
    /// What is wrong.
    pub found: Vec<Finding>,
    /// Where nothing was said because something is not known.
    pub silent: Vec<Silent>,
    rule: Option<RuleFacts>,
}

/// What every finding of a rule in a settings module begins with.
#[derive(Debug, Clone)]
struct RuleFacts {
    id: Arc<str>,
    severity: Severity,
    django_checks: Vec<String>,
    settings_module: String,
    settings_place: Place,
}

impl Findings {
    /// What follows is said by the rule of `page` about `settings`.
    pub fn begin(&mut self, page: &Page, settings: &Settings) {
        self.rule = Some(RuleFacts {
            id: page.id.clone(),
            severity: page.severity,
            django_checks: page.django_checks.clone(),
            settings_module: settings.module.clone(),
            settings_place: settings.place(),
        });
    }

    /// Says that something is wrong. What more is to be said of it is added to the result.
    pub fn report(&mut self, place: Place, message: impl Into<String>) -> Report<'_> {
        let facts = self.rule.clone();
        let (id, severity, django_checks, module) = match facts {
            Some(facts) => (facts.id, facts.severity, facts.django_checks, Some(facts.settings_module)),
            None => ("".into(), Severity::Warning, Vec::new(), None),
        };
        self.found.push(Finding {
            rule: id,
            severity,
            confidence: Confidence::High,
            message: message.into(),
            help: None,
            place,
            setting: None,
            settings_module: module,
            django_checks,
            related: Vec::new(),
            fixes: Vec::new(),
            stems_from: Vec::new(),
        });
        let last = self.found.len() - 1;
        Report { finding: &mut self.found[last] }
    }

    /// Says why nothing is said.
    pub fn silent(&mut self, setting: Option<&str>, why: impl Into<String>, place: Option<Place>) {
        let Some(facts) = &self.rule else { return };
        self.silent.push(Silent {
            rule: facts.id.clone(),
            setting: setting.map(str::to_owned),
            why: why.into(),
            place: place.unwrap_or(facts.settings_place),
        });
    }

    /// Takes back what was found from the index `first` on where the project silences each of Django's checks that report
    /// the same: whoever runs these has decided.
    pub fn withhold_silenced(&mut self, first: usize, settings: &Settings) {
        const SETTING: &str = "SILENCED_SYSTEM_CHECKS";
        if !settings.names.contains_key(SETTING) {
            return;
        }
        let silenced = settings.get(SETTING);
        let is_silenced = |finding: &Finding| {
            let mut ids = finding.django_checks.iter();
            !finding.django_checks.is_empty() && ids.all(|id| contains(&silenced.value, |entry| entry == id).is_yes())
        };
        let (withheld, kept): (Vec<_>, Vec<_>) = self.found.split_off(first).into_iter().partition(is_silenced);
        self.found.extend(kept);
        for finding in withheld {
            let why = format!("`{SETTING}` names {}", finding.django_checks.join(" and "));
            self.silent(finding.setting.as_deref(), why, Some(finding.place));
        }
    }

    /// Whether something holds for certain. Where that is open, says so, and answers no.
    pub fn is_certain(&mut self, truth: &Truth, setting: &str, place: Option<Place>) -> bool {
        match truth {
            Truth::Yes => true,
            Truth::No => false,
            Truth::Unknown(why) => {
                self.silent(Some(setting), why.to_string(), place);
                false
            }
        }
    }
}

/// A finding that is being written.
pub struct Report<'f> {
    pub(super) finding: &'f mut Finding,
}

impl Report<'_> {
    /// What to do, as a command.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.finding.help = Some(help.into());
        self
    }

    /// How bad it is, where that differs from what the page says.
    pub fn severity(self, severity: Severity) -> Self {
        self.finding.severity = severity;
        self
    }

    /// How sure it is, where that is not high.
    pub fn confidence(self, confidence: Confidence) -> Self {
        self.finding.confidence = confidence;
        self
    }

    /// The setting that it is about, with every file that had a hand in it.
    pub fn setting(self, name: &str, resolved: &Resolved) -> Self {
        self.finding.setting = Some(name.to_owned());
        let files = resolved.history.iter().map(|place| place.file);
        self.finding.stems_from.extend(files.collect::<Vec<FileId>>());
        self
    }

    /// The ids of Django's own checks that report the same here.
    pub fn django_checks(self, ids: &[&str]) -> Self {
        self.finding.django_checks = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    /// Another place that has to do with it.
    pub fn related(self, place: Option<Place>, message: impl Into<String>) -> Self {
        if let Some(place) = place.filter(|place| *place != self.finding.place) {
            self.finding.related.push(Related { place, message: message.into() });
        }
        self
    }
}
