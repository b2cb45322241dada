//! Every example of every page, and what fixes make of them, judged by all rules and by all of Django's checks: of the ids that rule pages name, both
//! find the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use djudge::rule::{Rule, examples_with_fixes};
use libtest_mimic::Failed;
use rayon::prelude::*;
use serde_json::{Value as Json, json};

use crate::project::{Project, django_checks, pins_versions};
use crate::worker;

/// Checks that read more than settings, or that depend on what an example leaves out.
pub fn examples_agree_with_django(environment: &Path, rules: &[Rule]) -> Result<(), Failed> {
    let mut by_id: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in rules {
        for id in &rule.page.django_checks {
            by_id.entry(id.as_str()).or_default().insert(&rule.page.id);
        }
    }
    let all: Vec<_> = rules
        .iter()
        .flat_map(|rule| examples_with_fixes(&rule.page.text).into_iter().map(move |example| (rule, example)))
        .filter(|(_, example)| !pins_versions(example))
        .collect();
    let results: Vec<Result<Option<String>, String>> = all
        .par_iter()
        .map(|(rule, example)| {
            let project = Project::of(example);
            let report = project.judged(&[]);
            let request = json!({
                "kind": "checks", "folder": project.path(), "settings": project.settings(), "environment": {},
            });
            let answer = worker::ask(environment, &request)?;
            let Some(ids) = answer["ids"].as_array() else { return Ok(None) };
            let theirs: BTreeSet<&str> =
                ids.iter().filter_map(Json::as_str).filter(|id| by_id.contains_key(id)).collect();
            let ours = django_checks(&report);
            let silent: BTreeSet<&str> = report["silent"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|silent| silent["rule"].as_str())
                .collect();
            let is_open = |id: &str| by_id.get(id).is_some_and(|rules| !rules.is_disjoint(&silent));
            let missed: Vec<&&str> = theirs.iter().filter(|id| !ours.contains(**id) && !is_open(id)).collect();
            let added: Vec<&String> = ours.iter().filter(|id| !theirs.contains(id.as_str())).collect();
            let name =
                format!("{} / {:?} / {}", rule.page.id, example.kind, example.title.as_deref().unwrap_or("first"));
            // Of a developer's own settings `check --deploy` says what nobody wants to hear.
            let is_same = missed.is_empty() && added.is_empty() || !project.is_deployed();
            Ok((!is_same).then(|| format!("{name}: djudge misses {missed:?}, and finds {added:?} besides")))
        })
        .collect();
    let mut wrong = Vec::new();
    for result in results {
        wrong.extend(result?);
    }
    println!("{} examples, {} ids of checks", all.len(), by_id.len());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
