//! The proofs on a rule's page: blocks of TOML under `## Proof`.

use std::collections::BTreeMap;

use djudge::rule::{CaseKind, Example, Rule, examples};
use serde::{Deserialize, Serialize};

/// A proof: what is done with the project of an example, and what comes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Proof {
    /// Why there is none.
    pub none: Option<String>,
    /// Code that is run; the value of its last line, or the exception, is the answer.
    pub python: Option<String>,
    /// Whether Django is set up before it runs.
    #[serde(default = "yes")]
    pub setup: bool,
    /// The servers that are asked; daphne and uvicorn where nothing else is said.
    #[serde(default = "servers")]
    pub server: Vec<String>,
    /// What they run.
    #[serde(default = "application")]
    pub application: String,
    /// What they are asked.
    pub ask: Option<Ask>,
    /// What the wrong example's answer holds.
    pub wrong: Option<String>,
    /// What the right example's answer holds.
    pub right: Option<String>,
    /// What the server's log of the wrong example holds.
    pub wrong_log: Option<String>,
    /// The heading of the wrong example, if not the first.
    pub wrong_example: Option<String>,
    /// That of the right one.
    pub right_example: Option<String>,
    /// `"all"`: every wrong and every right example is asked.
    pub both: Option<String>,
    /// Environment variables.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The settings module.
    pub settings: Option<String>,
    /// `true` or `"tls"`: a Redis server at `REDIS_URL`.
    pub redis: Option<toml::Value>,
}

/// An example, and what its answer holds, or does not.
pub struct Case<'a> {
    pub example: Example,
    pub expected: &'a str,
    pub is_so: bool,
}

/// A request of HTTP.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    path: String,
    #[serde(default)]
    upgrade: bool,
    #[serde(default = "get")]
    method: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

fn servers() -> Vec<String> {
    vec!["daphne".into(), "uvicorn".into()]
}

fn application() -> String {
    "config.asgi:application".into()
}

fn get() -> String {
    "GET".into()
}

/// The proofs on a page.
pub fn proofs(rule: &Rule) -> Result<Vec<Proof>, String> {
    let blocks = rule.page.text.split("```toml proof\n").skip(1);
    let parse = |block: &str| toml::from_str(block.split("\n```").next().unwrap_or_default());
    blocks.map(|block| parse(block).map_err(|error| format!("{}: {error}", rule.page.id))).collect()
}

impl Proof {
    /// The examples that it is about, with what comes of each; what a fix makes of a wrong one is wrong no more.
    pub fn cases<'a>(&'a self, rule: &Rule) -> Result<Vec<Case<'a>>, String> {
        let mut cases = Vec::new();
        let all = examples(&rule.page.text);
        for (kind, title, expected) in
            [(CaseKind::Wrong, &self.wrong_example, &self.wrong), (CaseKind::Right, &self.right_example, &self.right)]
        {
            let expected =
                expected.as_deref().ok_or("a proof says what comes of the wrong and of the right example")?;
            let mut fitting = all.iter().filter(|example| example.kind == kind);
            let chosen: Vec<&Example> = match (title, self.both.as_deref()) {
                (None, Some("all")) => fitting.collect(),
                (None, None) => fitting.next().into_iter().collect(),
                (Some(title), None) => {
                    let named = fitting.find(|example| example.title.as_ref() == Some(title));
                    vec![named.ok_or(format!("there is no {kind:?} example {title:?}"))?]
                }
                _ => return Err("`both` is \"all\", and then no example is named".into()),
            };
            for example in chosen {
                cases.push(Case { example: example.clone(), expected, is_so: true });
                cases.extend(example.as_fixed().map(|fixed| Case { example: fixed, expected, is_so: false }));
            }
        }
        Ok(cases)
    }
}
