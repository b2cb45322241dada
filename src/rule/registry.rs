//! All rules: those of the rule book and a user's own.

use super::Check;
use super::condition::Answer;
use super::context::Context;
use super::findings::Findings;
use super::page::Page;
use super::possibilities::origin_note;
use crate::project::spelling;

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its page.
    pub page: Page,
    /// Its logic, where the condition on its page does not suffice.
    pub check: Option<Check>,
}

/// All rules, sorted by id.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    rules: Vec<Rule>,
}

impl Registry {
    /// These rules.
    pub fn new(mut rules: Vec<Rule>) -> Self {
        rules.sort_by(|a, b| a.page.id.cmp(&b.page.id));
        Self { rules }
    }

    /// All of them.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of an id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.page.id.as_ref() == id)
    }

    /// Whether `selector` names a rule or a group of them.
    pub fn knows(&self, selector: &str) -> bool {
        self.rules.iter().any(|rule| rule.is_selected_by(selector))
    }

    /// What to do about the id of a rule that does not exist.
    pub fn hint(&self, wrong: &str) -> String {
        let group = self.rules.iter().find(|rule| rule.page.group == wrong);
        match group {
            Some(_) => format!("`{wrong}` is a group of rules; `djudge rules list` prints those in it"),
            None => self.hint_among(wrong, self.rules.iter().map(|rule| rule.page.id.as_ref())),
        }
    }

    /// What to do about a name that is neither that of a rule nor that of a group.
    pub fn hint_of_selector(&self, wrong: &str) -> String {
        let names = self.rules.iter().flat_map(|rule| [rule.page.id.as_ref(), rule.page.group.as_str()]);
        self.hint_among(wrong, names)
    }

    fn hint_among<'r>(&'r self, wrong: &str, names: impl Iterator<Item = &'r str>) -> String {
        if let Some(meant) = spelling::nearest(wrong, names, |_| wrong.len().max(6) / 3) {
            return format!("did you mean `{meant}`?");
        }
        let lower = wrong.to_lowercase().replace('_', "-");
        let ids = self.rules.iter().map(|rule| rule.page.id.as_ref());
        let alike: Vec<&str> = ids.filter(|id| lower.len() > 2 && id.contains(lower.as_str())).take(5).collect();
        match alike.is_empty() {
            true => "`djudge rules list` prints the names of all rules".to_owned(),
            false => format!("did you mean one of {}?", alike.join(", ")),
        }
    }
}

impl Rule {
    /// Whether a selector of the command line or the configuration means this rule: its id, its group, or `all`.
    pub fn is_selected_by(&self, selector: &str) -> bool {
        selector == self.page.id.as_ref() || selector == self.page.group || selector == "all"
    }

    /// Lets the rule say what it finds.
    pub fn run(&self, context: &Context, findings: &mut Findings) {
        findings.begin(&self.page, context.settings());
        let first = findings.found.len();
        match self.check {
            Some(check) => check(context, findings),
            None => self.answer(context, findings),
        }
        findings.withhold_silenced(first, context.settings());
        for fix in findings.found[first..].iter_mut().flat_map(|finding| &mut finding.fixes) {
            fix.changes.extend(context.helpers_changed_by(fix));
        }
    }

    fn answer(&self, context: &Context, findings: &mut Findings) {
        let Some(condition) = &self.page.condition else { return };
        match condition.answer(context) {
            Answer::No => {}
            Answer::Unknown { why, setting, place } => findings.silent(setting.as_deref(), why.to_string(), place),
            Answer::Yes(hits) => {
                if hits.is_empty() {
                    let report = findings.report(context.settings().place(), self.page.message.clone());
                    if let Some(help) = &self.page.help {
                        report.help(help);
                    }
                }
                for hit in hits {
                    let fill = |text: &str| text.replace("{value}", &hit.value).replace("{setting}", &hit.setting);
                    let message = fill(&self.page.message) + &origin_note(&hit.case);
                    let resolved = context.settings().get(&hit.setting);
                    let mut report = findings.report(hit.place, message).setting(&hit.setting, &resolved);
                    if let Some(help) = &self.page.help {
                        report = report.help(fill(help));
                    }
                    if let Some(fix) = &self.page.fix {
                        fix.add_to(report, context, &hit);
                    }
                }
            }
        }
    }
}
