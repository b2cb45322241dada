//! Finds entries of `ALLOWED_HOSTS` that no `Host` header matches.

use crate::eval::value::{Condition, Kind, Value};
use crate::project::hosts::Mismatch;
use crate::project::hosts::allowed_hosts::{host_mismatch, partial_host_mismatch};
use crate::rule::{Context, Findings, origin_note, shown, written_items};

const SETTING: &str = "ALLOWED_HOSTS";

/// Reports every written entry that can match nothing.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    let items = written_items(&resolved.value);
    let bad: Vec<(Condition, &Value, Mismatch)> = items
        .iter()
        .filter_map(|(when, item)| Some((when.clone(), *item, mismatch(item, when, items.len())?)))
        .collect();
    if context.has_own_host_check() {
        if let Some((_, item, _)) = bad.first() {
            findings.silent(Some(SETTING), "the project has its own code about `validate_host`", item.origin);
        }
        return;
    }
    for (when, item, mismatch) in bad {
        let (item_text, note) = (shown(item), origin_note(&when));
        let message = format!("{item_text} in `{SETTING}`{note} matches no `Host` header: {}", mismatch.why);
        let is_there = |host: &str| items.iter().any(|(_, other)| other.as_str() == Some(host));
        let (title, edits) = match mismatch.meant.filter(|host| host_mismatch(host).is_none()) {
            Some(host) if is_there(&host) => {
                (format!("remove it, since `{host}` is there"), context.remove_from_list(item))
            }
            Some(host) => (format!("write `{host}`"), context.rewrite_string(item, &host)),
            None if item.as_str() == Some("") => ("remove the empty string".to_owned(), context.remove_from_list(item)),
            None => {
                let edits = context.split_item(item, |host| host_mismatch(host).is_none() && host != "*");
                ("write each host as an item of its own".to_owned(), edits)
            }
        };
        findings
            .report(context.place_of(&resolved, item), message)
            .setting(SETTING, &resolved)
            .help(mismatch.fix)
            .safe_fix(title, edits);
    }
}

fn mismatch(item: &Value, when: &Condition, count: usize) -> Option<Mismatch> {
    match &item.kind {
        // A list of one is `allowed-hosts-empty`'s; the rest of a variable that is not set does no harm.
        Kind::Str(text) if text.is_empty() && (count == 1 || !when.is_always()) => None,
        Kind::Str(text) => host_mismatch(text),
        Kind::Template(template) => {
            let literals: Vec<&str> = template.literals().collect();
            partial_host_mismatch(&literals, template.beginning().is_some(), template.end().is_some())
        }
        _ => None,
    }
}
