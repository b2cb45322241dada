//! What rule pages claim, held against real Django, Channels, Daphne, Uvicorn and Redis.
//!
//! Each page is a test of its name. Its `django-checks` are those that Django's check framework raises for the wrong
//! examples, and none for the right ones. A block `toml proof` on the page says what else is done with the examples, and
//! what comes of it: `python` runs code in the example's project, `ask` asks it on real servers, `none` says why there is
//! no proof.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../tools/environment.rs"]
mod environment;
mod page;
mod parity;
mod project;
mod worker;

use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

use djudge::config::{Config, Overrides};
use djudge::rule::{CaseKind, Rule, examples};
use environment::trial;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::json;

use page::{Case, Proof, proofs};
use project::{Project, django_checks};

/// How many pages of a hundred must be proven.
const MIN_PERCENT: usize = 90;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let config = Config::default_for(&Overrides::default()).expect("the rule book is sound");
    let rules = config.registry.rules().to_vec();
    let mut trials: Vec<Trial> = vec![Trial::test("pages_are_proven", {
        let rules = rules.clone();
        move || pages_are_proven(&rules)
    })];
    trials.push(trial("examples_agree_with_django", "proofs", {
        let rules = rules.clone();
        move |environment| parity::examples_agree_with_django(environment, &rules)
    }));
    trials.extend(rules.into_iter().filter(|rule| !rule.page.by_engine).map(|rule| {
        let name = rule.page.id.to_string();
        trial(&name, "proofs", move |environment| is_proven(environment, &rule))
    }));
    let conclusion = libtest_mimic::run(&arguments, trials);
    worker::end();
    conclusion.exit_code()
}

/// Nearly every page has a proof, and the others say why not.
fn pages_are_proven(rules: &[Rule]) -> Result<(), Failed> {
    let mut unproven = Vec::new();
    let mut missing = Vec::new();
    let rules: Vec<&Rule> = rules.iter().filter(|rule| !rule.page.by_engine).collect();
    for rule in &rules {
        let proofs = proofs(rule)?;
        let is_held_against_django =
            !rule.page.django_checks.is_empty() && proofs.iter().all(|proof| proof.none.is_none());
        let is_proven = is_held_against_django || proofs.iter().any(|proof| proof.none.is_none());
        match is_proven {
            true => {}
            false if proofs.is_empty() => missing.push(rule.page.id.to_string()),
            false => unproven.push(rule.page.id.to_string()),
        }
    }
    let proven = rules.len() - unproven.len() - missing.len();
    println!("{proven} of {} pages are proven; not {}", rules.len(), unproven.join(", "));
    if !missing.is_empty() {
        return Err(format!("without a proof, or a reason why there is none: {}", missing.join(", ")).into());
    }
    match proven * 100 >= rules.len() * MIN_PERCENT {
        true => Ok(()),
        false => Err(format!("fewer than {MIN_PERCENT} % of the pages are proven").into()),
    }
}

fn is_proven(environment: &Path, rule: &Rule) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let proofs = proofs(rule)?;
    // The checks may be those of a Django that is not installed here.
    let has_no_proof = proofs.iter().any(|proof| proof.none.is_some());
    if !rule.page.django_checks.is_empty() && !has_no_proof {
        wrong.extend(checks_disagree(environment, rule)?);
    }
    for proof in proofs {
        if proof.none.is_none() {
            wrong.extend(refuted(environment, rule, &proof)?);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Where Django's checks find other things in the examples than djudge does.
fn checks_disagree(environment: &Path, rule: &Rule) -> Result<Vec<String>, Failed> {
    let (mut wrong, mut unloaded, mut compared) = (Vec::new(), Vec::new(), HashSet::new());
    for example in examples(&rule.page.text) {
        if example.kind == CaseKind::Unknown || project::pins_versions(&example) {
            continue;
        }
        let project = Project::of(&example);
        let ours = django_checks(&project.judged(&["--select", &rule.page.id]));
        let ask = |settings: &str| {
            let request = json!({
                "kind": "checks", "folder": project.path(), "settings": settings, "environment": {},
            });
            worker::ask(environment, &request)
        };
        let mut answer = ask(project.settings())?;
        if answer.get("raised").is_some() {
            answer = ask(project.complete(project.settings()))?;
        }
        let title = example.title.as_deref().unwrap_or("first");
        if let Some(raised) = answer["raised"].as_str() {
            unloaded.push(format!("{:?} example {title:?} does not load: {raised}", example.kind));
            continue;
        }
        compared.insert(example.kind);
        let ids = answer["ids"].as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned));
        let theirs = ids.filter(|id| rule.page.django_checks.contains(id)).collect();
        if ours != theirs {
            wrong.push(format!("{:?} example {title:?}: Django finds {theirs:?}, djudge {ours:?}", example.kind));
        }
    }
    if !(compared.contains(&CaseKind::Wrong) && compared.contains(&CaseKind::Right)) {
        wrong.extend(unloaded);
        wrong.push("Django's checks were not held against a wrong and a right example".to_owned());
    }
    Ok(wrong)
}

/// Where something else comes of a proof than it says.
fn refuted(environment: &Path, rule: &Rule, proof: &Proof) -> Result<Vec<String>, Failed> {
    let mut wrong = Vec::new();
    for Case { example, expected, is_so } in proof.cases(rule)? {
        let project = Project::of(&example);
        // A fix may leave what it has no answer to.
        if !is_so && project.judged(&["--select", &rule.page.id])["findings"] != json!([]) {
            continue;
        }
        let settings = proof.settings.as_deref().unwrap_or(project.settings());
        let redis = match &proof.redis {
            Some(toml::Value::Boolean(true)) => Some("plain"),
            Some(toml::Value::String(kind)) => Some(kind.as_str()),
            _ => None,
        };
        let request = json!({
            "folder": project.path(), "settings": project.complete(settings), "environment": proof.env, "redis": redis,
            "code": proof.python, "set_up": proof.setup, "ask": proof.ask, "application": proof.application,
        });
        let title = example.title.as_deref().unwrap_or("first");
        let mut check = |by: &str, answer: &str, log: &str| {
            if answer.contains(expected) != is_so {
                let end: Vec<&str> = log.lines().rev().take(15).collect();
                let end = end.into_iter().rev().collect::<Vec<_>>().join("\n    ");
                wrong.push(format!(
                    "{:?} example {title:?}, {by}: {answer}, {} {expected}\n    {end}",
                    example.kind,
                    if is_so { "not" } else { "still" }
                ));
            }
            if let (CaseKind::Wrong, Some(expected)) = (example.kind, &proof.wrong_log)
                && !log.contains(expected)
            {
                wrong.push(format!("{:?} example {title:?}, {by}: {expected} is not in the log:\n{log}", example.kind));
            }
        };
        let ask = |kind: &str, server: &str| {
            let mut request = request.clone();
            request["kind"] = kind.into();
            request["server"] = server.into();
            let answer = worker::ask(environment, &request)?;
            Ok::<_, Failed>((text(&answer["answer"]), text(&answer["log"])))
        };
        if proof.python.is_some() {
            let (answer, log) = ask("python", "")?;
            check("Python", &answer, &log);
        }
        if proof.ask.is_some() {
            for server in &proof.server {
                let (answer, log) = ask("server", server)?;
                check(server, &answer, &log);
            }
        }
    }
    Ok(wrong)
}

fn text(json: &serde_json::Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}
