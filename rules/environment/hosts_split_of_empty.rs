//! The empty string, split into hosts.

use crate::eval::value::{Condition, Kind, Value};
use crate::rule::{Context, Findings};

const SETTING: &str = "ALLOWED_HOSTS";

/// Reports an `ALLOWED_HOSTS` that holds nothing but an empty string where its variable is not set.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    for (when, value) in resolved.value.options() {
        let Some(variable) = variable(&when).filter(|_| is_empty_string_alone(value)) else { continue };
        let message = format!(
            "where {variable} is not set, `{SETTING}` is `[\"\"]`, which no host matches: every request is answered \
             with 400, on `localhost` and with `DEBUG` on too"
        );
        findings
            .report(context.place_of(&resolved, value), message)
            .setting(SETTING, &resolved)
            .help("leave empty strings out: `[host for host in hosts.split(\",\") if host]`");
    }
}

fn variable(when: &Condition) -> Option<String> {
    when.unset_variables().first().map(ToString::to_string)
}

fn is_empty_string_alone(value: &Value) -> bool {
    let (Kind::List(items) | Kind::Tuple(items)) = &value.kind else { return false };
    let [item] = items.items.as_slice() else { return false };
    items.open.is_none() && item.when.is_always() && item.value.as_str().is_some_and(|host| host.trim().is_empty())
}
