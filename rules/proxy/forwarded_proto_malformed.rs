//! Finds values of `SECURE_PROXY_SSL_HEADER` that Django cannot unpack into a header and its value.

use crate::eval::value::brief;
use crate::project::proxy::secure_header::{Form, Malformed, SETTING, form};
use crate::rule::{Context, Findings, origin_note};

/// Reports every written value that is no pair of strings.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    for (when, value) in resolved.value.options() {
        let what = match form(value) {
            Form::Off | Form::Pair(..) => continue,
            Form::Unknown(why) => {
                findings.silent(Some(SETTING), why.to_string(), value.origin);
                continue;
            }
            Form::Malformed(what) => what,
        };
        let shown = match what {
            Malformed::Text => "a single string".to_owned(),
            _ => format!("`{}`", brief(value)),
        };
        let message = format!("`{SETTING}` is {shown}{}: {}", origin_note(&when), consequence(what));
        findings
            .report(context.place_of(&resolved, value), message)
            .setting(SETTING, &resolved)
            .help("write a pair of the header and its value: `(\"HTTP_X_FORWARDED_PROTO\", \"https\")`");
    }
}

fn consequence(what: Malformed) -> &'static str {
    match what {
        Malformed::Refused | Malformed::Text => {
            "Django wants exactly two values and raises `ImproperlyConfigured` in every request whose scheme is asked for"
        }
        Malformed::NotIterable => {
            "Django cannot unpack it and raises `TypeError` in every request whose scheme is asked for"
        }
        Malformed::TwoCharacters => "Django takes its two characters for the header and the value, so it has no effect",
        Malformed::TwoInNoOrder => "a set has no order, so which of the two is the header changes from start to start",
        Malformed::TwoKeys => "Django takes the two keys of the dict for the header and its value",
        Malformed::NoKey => "the first item is no string, so Django finds no header",
        Malformed::NoText => "the second item is no string, so no header ever has this value",
    }
}
