//! The table of rules in the README is that of the rule book. `UPDATE=1 cargo test --test readme` writes it anew.

#![allow(clippy::expect_used)]

use std::fmt::Write as _;
use std::path::Path;

use djudge::config::{Config, Overrides};
use djudge::rule::Rule;

const START: &str = "<!-- rules: written by tests/readme.rs -->\n";
const END: &str = "<!-- end of rules -->\n";

fn table() -> String {
    let config = Config::default_for(&Overrides::default()).expect("the rule book is sound");
    let mut rules: Vec<&Rule> = config.registry.rules().iter().collect();
    rules.sort_by(|a, b| (&a.page.group, &a.page.id).cmp(&(&b.page.group, &b.page.id)));
    let mut text = "| rule | severity | what it finds |\n|---|---|---|\n".to_owned();
    for rule in rules {
        let page = &rule.page;
        let file = format!("rules/{}/{}.md", page.group, page.id.replace('-', "_"));
        let message = page.message().replace('|', "\\|");
        let _ = writeln!(text, "| [{}]({file}) | {} | {message} |", page.id, page.severity);
    }
    text
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
