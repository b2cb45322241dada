//! Every rule page: what it must hold, and its examples, which are the tests of the rule.

#![allow(clippy::expect_used)]

use std::collections::BTreeSet;

use djudge::config::{Config, Overrides};
use djudge::engine::{fix_example, run_example};
use djudge::rule::{CaseKind, Example, Rule, examples};

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

/// The page of a rule with what its fixes make of an example, in place of what it says they do.
fn with_fixed(page: &str, example: &Example, fixed: &[(String, String)]) -> String {
    let block = |path: &str, text: &str| format!("```python fixed={path}\n{text}```\n");
    let mut page = page.to_owned();
    let heading = match &example.title {
        Some(title) => format!("\n### {title}\n"),
        None => "\n## Wrong\n".to_owned(),
    };
    let section = page.find(&heading).expect("the heading of the example") + heading.len();
    let end = page[section..].find("\n## ").into_iter().chain(page[section..].find("\n### ")).min();
    let end = section + end.unwrap_or(page.len() - section);
    let mut own = page[section..end].to_owned();
    for (path, text) in &example.fixed {
        own = own.replacen(&format!("\n{}", block(path, text)), "", 1);
    }
    page.replace_range(section..end, &own);
    let end = section + own.len();
    let blocks: String = fixed.iter().map(|(path, text)| format!("\n{}", block(path, text))).collect();
    page.insert_str(end, &blocks);
    page
}

/// UPDATE=1 writes what fixes make of them into the examples that say it, and into the first one of a page without.
#[test]
fn fixes_make_of_examples_what_their_page_says() {
    let is_update = std::env::var_os("UPDATE").is_some();
    let wanted = std::env::var("RULE").unwrap_or_default();
    let mut failures = Vec::new();
    let mut with_fixes = BTreeSet::new();
    for rule in rules().iter().filter(|rule| rule.page.id.contains(&wanted)) {
        let all = examples(&rule.page.text);
        let is_shown = all.iter().any(|example| !example.fixed.is_empty());
        let mut page = rule.page.text.to_string();
        for example in &all {
            let name = format!("{} / {}", rule.page.id, example.title.as_deref().unwrap_or("first"));
            let fixed = fix_example(rule, example).expect("a project");
            failures
                .extend(fixed.refused.iter().map(|(made, why)| format!("{name}: {} is refused: {why}", made.title)));
            let files: Vec<(String, String)> =
                fixed.files.iter().map(|file| (file.path.to_string_lossy().into_owned(), file.after.clone())).collect();
            if files.is_empty() && example.fixed.is_empty() {
                continue;
            }
            if example.kind != CaseKind::Wrong {
                failures.push(format!("{name}: there is a fix for what is not wrong"));
            }
            if is_update && (!example.fixed.is_empty() || !is_shown && !with_fixes.contains(&rule.page.id)) {
                page = with_fixed(&page, example, &files);
            } else if !example.fixed.is_empty() && example.fixed != files {
                let made: String = files.iter().map(|(path, text)| format!("--- {path}\n{text}")).collect();
                failures.push(format!("{name}: the fix makes\n{made}"));
            }
            with_fixes.insert(rule.page.id.clone());
            let fixed = Example { fixed: files, ..example.clone() };
            let again = fixed.as_fixed().map(|fixed| fix_example(rule, &fixed).expect("a project"));
            if again.is_some_and(|again| !again.files.is_empty()) {
                failures.push(format!("{name}: fixed twice is not fixed once"));
            }
        }
        if with_fixes.contains(&rule.page.id) && !is_shown && !is_update {
            failures.push(format!("{}: no example shows what the fix makes", rule.page.id));
        }
        if page != *rule.page.text {
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
            let file = root.join(&rule.page.group).join(rule.page.id.replace('-', "_") + ".md");
            std::fs::write(file, page).expect("the page");
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
