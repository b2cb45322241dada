//! The empty string, split into hosts.

use crate::eval::value::{Certainty, Kind, Value};
use crate::rule::{Context, Findings};

const SETTING: &str = "ALLOWED_HOSTS";

/// Reports an `ALLOWED_HOSTS` that holds nothing but an empty string where its variable is not set.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    // One that is so in every case is what `allowed-hosts-empty` tells of.
    if !resolved.is_set || resolved.value.certainty() == Certainty::Known {
        return;
    }
    let is_empty = resolved.value.when_unset().is_some_and(|unset| is_empty_string_alone(&unset));
    let variables = variables(&resolved.value);
    let are = if variables.len() == 1 { "is" } else { "are" };
    if !is_empty || variables.is_empty() {
        return;
    }
    let variables = variables.join(" and ");
    let message = format!(
        "where {variables} {are} not set, `{SETTING}` is `[\"\"]`, which no host matches: every request is answered with \
         400, on `localhost` and with `DEBUG` on too"
    );
    let edits = context.change_source(&resolved, |source| {
        let is_split = [".split(\",\")", ".split(',')"].iter().any(|end| source.ends_with(end));
        is_split.then(|| format!("[host for host in {source} if host]"))
    });
    findings
        .report(context.place_of(&resolved, &resolved.value), message)
        .setting(SETTING, &resolved)
        .help("leave empty strings out: `[host for host in hosts.split(\",\") if host]`")
        .safe_fix("leave empty strings out", edits);
}

/// The variables without which an item is there, or all of it is what it is.
fn variables(value: &Value) -> Vec<String> {
    let options = value.options();
    let of_items = options.iter().filter_map(|(_, list)| list.sequence()).flat_map(|list| &list.items);
    let conditions = options.iter().map(|(when, _)| when).chain(of_items.map(|item| &item.when));
    let mut variables: Vec<String> =
        conditions.flat_map(|when| when.unset_variables()).map(ToString::to_string).collect();
    variables.sort();
    variables.dedup();
    variables
}

fn is_empty_string_alone(value: &Value) -> bool {
    let (Kind::List(items) | Kind::Tuple(items)) = &value.kind else { return false };
    let [item] = items.items.as_slice() else { return false };
    items.open.is_none() && item.when.is_always() && item.value.as_str().is_some_and(|host| host.trim().is_empty())
}
