//! What is wrong with a configuration file, in words that its writer can act on.

use super::raw::KEYS;
use crate::project::spelling::nearest;

/// What the TOML reader says, and what to write instead where that is known.
pub fn worded(message: &str) -> (String, Option<String>) {
    let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
    if message.starts_with("unknown field")
        && let Some(key) = quoted(message)
    {
        let meant = nearest(&key, KEYS, |_| key.len().max(6) / 3);
        let help = meant.map_or_else(|| format!("the keys are {}", KEYS.join(", ")), did_you_mean);
        return (format!("there is no key {key:?}"), Some(help));
    }
    let Some((found, expected)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    else {
        return match message.contains("expected u32") {
            true => ("it is a whole number from 1".to_owned(), None),
            false => (message.to_owned(), None),
        };
    };
    let is_text = found.starts_with("string");
    let (wanted, help) = match expected {
        "a string" if found == "sequence" || found == "map" => ("text", "write one value, in quotes".to_owned()),
        "a string" => {
            let value = quoted(found).map(|value| format!(": \"{value}\"")).unwrap_or_default();
            ("text", format!("write it in quotes{value}"))
        }
        "a sequence" => {
            let value = found.strip_prefix("string ").filter(|_| is_text).map(|value| format!(": [{value}]"));
            ("a list", format!("write it in brackets{}", value.unwrap_or_default()))
        }
        "a boolean" => ("true or false", "write true or false, without quotes".to_owned()),
        "a map" => ("a table", "write it as a table, such as [severity], with a line for each entry".to_owned()),
        "u32" => ("a whole number", "write a number from 1, without quotes".to_owned()),
        _ => return (message.to_owned(), None),
    };
    (format!("this is {}, where {wanted} belongs", kind(found)), Some(help))
}

/// "did you mean `x`?"
pub fn did_you_mean(meant: &str) -> String {
    format!("did you mean `{meant}`?")
}

/// What was found, without its value.
fn kind(found: &str) -> &'static str {
    match found.split(['`', '"']).next().unwrap_or_default().trim() {
        "string" => "text",
        "integer" | "floating point" => "a number",
        "boolean" => "true or false",
        "sequence" => "a list",
        "map" => "a table",
        _ => "a value of another type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (message, worded_as, help) in [
            ("unknown field `sever`, expected one of `x`", "there is no key \"sever\"", "did you mean `server`?"),
            (
                "invalid type: floating point `5.2`, expected a string",
                "this is a number, where text belongs",
                "write it in quotes: \"5.2\"",
            ),
            (
                "invalid type: string \"redis\", expected a sequence",
                "this is text, where a list belongs",
                "write it in brackets: [\"redis\"]",
            ),
            (
                "invalid type: sequence, expected a string",
                "this is a list, where text belongs",
                "write one value, in quotes",
            ),
            (
                "invalid type: string \"yes\", expected a boolean",
                "this is text, where true or false belongs",
                "write true or false, without quotes",
            ),
        ] {
            assert_eq!(worded(message), (worded_as.to_owned(), Some(help.to_owned())));
        }
        assert!(
            worded("unknown field `colour`, expected").1.is_some_and(|help| help.starts_with("the keys are platform,"))
        );
    }
}
