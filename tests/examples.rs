//! Every rule page: what it must hold, and its examples, which are the tests of the rule.

#![allow(clippy::expect_used)]

use std::collections::BTreeSet;

use djudge::config::{Config, Overrides};
use djudge::engine::run_example;
use djudge::rule::{CaseKind, Rule, examples};

fn rules() -> Vec<Rule> {
    let config = Config::default_for(&Overrides::default()).expect("the rule book is sound");
    config.registry.rules().to_vec()
}

#[test]
fn every_example_is_judged_as_its_page_says() {
    let mut failures = Vec::new();
    // RULE=part-of-a-name runs these alone.
    let wanted = std::env::var("RULE").unwrap_or_default();
    for rule in rules().iter().filter(|rule| rule.page.id.contains(&wanted)) {
        for example in examples(&rule.page.text) {
            let name =
                format!("{} / {:?} / {}", rule.page.id, example.kind, example.title.as_deref().unwrap_or("first"));
            match run_example(rule, &example) {
                Ok(differences) => {
                    failures.extend(differences.iter().map(|difference| format!("{name}: {difference:?}")))
                }
                Err(error) => failures.push(format!("{name}: {error}")),
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_page_has_wrong_right_and_unknown_examples() {
    for rule in rules() {
        let found = examples(&rule.page.text);
        for kind in [CaseKind::Wrong, CaseKind::Right, CaseKind::Unknown] {
            assert!(found.iter().any(|example| example.kind == kind), "{} has no {kind:?} example", rule.page.id);
        }
        for example in found {
            let marks: usize = example.files.iter().map(|file| file.marked.len()).sum();
            assert_eq!(marks > 0, example.kind == CaseKind::Wrong, "{}: marks in {:?}", rule.page.id, example.kind);
        }
    }
}

#[test]
fn every_rule_has_exactly_one_way_to_be_found() {
    for rule in rules() {
        let ways = [rule.check.is_some(), rule.page.condition.is_some(), rule.page.by_engine];
        let count = ways.iter().filter(|way| **way).count();
        assert_eq!(count, 1, "{} needs a [when], a sibling .rs, or by-engine", rule.page.id);
    }
}

#[test]
fn pages_stand_in_the_folder_of_their_group_under_their_own_name() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut on_disk = BTreeSet::new();
    for group in std::fs::read_dir(&root).expect("rules/").flatten().filter(|entry| entry.path().is_dir()) {
        for page in std::fs::read_dir(group.path()).expect("a group").flatten() {
            let path = page.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().replace('_', "-");
            match path.extension().and_then(|end| end.to_str()) {
                Some("md") => assert!(on_disk.insert((stem, group.file_name().to_string_lossy().into_owned()))),
                Some("rs") => assert!(path.with_extension("md").is_file(), "{} has no page", path.display()),
                _ => panic!("{} is neither a page nor logic", path.display()),
            }
        }
    }
    let in_book: BTreeSet<(String, String)> =
        rules().iter().map(|rule| (rule.page.id.to_string(), rule.page.group.clone())).collect();
    assert_eq!(in_book, on_disk);
}
