//! The table of rules in the README, and the contents of the book under `docs/`, are those of the rule book.
//! `UPDATE=1 cargo test --test readme` writes them anew.

#![allow(clippy::expect_used)]

use std::fmt::Write as _;
use std::path::Path;

use djudge::config::{Config, Overrides};
use djudge::rule::Rule;

const START: &str = "<!-- rules: written by tests/readme.rs -->\n";
const END: &str = "<!-- end of rules -->\n";

fn rules() -> Vec<Rule> {
    let config = Config::default_for(&Overrides::default()).expect("the rule book is sound");
    let mut rules = config.registry.rules().to_vec();
    rules.sort_by(|a, b| (&a.page.group, &a.page.id).cmp(&(&b.page.group, &b.page.id)));
    rules
}

fn file(rule: &Rule) -> String {
    format!("rules/{}/{}.md", rule.page.group, rule.page.id.replace('-', "_"))
}

fn table() -> String {
    let mut text = "| rule | severity | what it finds |\n|---|---|---|\n".to_owned();
    for rule in rules() {
        let (page, file) = (&rule.page, file(&rule));
        let message = page.message.replace('|', "\\|");
        let _ = writeln!(text, "| [{}]({file}) | {} | {message} |", page.id, page.severity);
    }
    text
}

/// Each rule's page, by group; they are not copied, but stand in `docs/src/rules`, a link.
fn contents() -> String {
    let mut text = "# Summary\n\n[djudge](introduction.md)\n[In the editor](editors.md)\n\n# Rules\n".to_owned();
    let mut group = String::new();
    for rule in rules() {
        if rule.page.group != group {
            group.clone_from(&rule.page.group);
            let _ = writeln!(text, "\n- [{group}]()");
        }
        let _ = writeln!(text, "  - [{}]({})", rule.page.id, file(&rule));
    }
    text + "\n---\n\n[Contributing](contributing.md)\n[Architecture](architecture.md)\n[Changes](changelog.md)\n"
}

#[test]
fn the_contents_of_the_book_are_up_to_date() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let contents = contents();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(source.join("SUMMARY.md"), &contents).expect("SUMMARY.md can be written");
    }
    let written = std::fs::read_to_string(source.join("SUMMARY.md")).expect("SUMMARY.md");
    assert_eq!(written, contents, "UPDATE=1 cargo test --test readme writes it");
    for link in contents.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.is_empty()) {
        assert!(source.join(link).is_file(), "{link} is not there");
    }
}

#[test]
fn the_table_of_rules_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let (before, rest) = readme.split_once(START).expect("the table begins");
    let (written, after) = rest.split_once(END).expect("the table ends");
    let table = table();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{START}{table}{END}{after}")).expect("README.md can be written");
    } else {
        assert_eq!(written, table, "UPDATE=1 cargo test --test readme writes it");
    }
}
