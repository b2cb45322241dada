//! Settings of django-allauth that contradict each other.

use std::sync::Arc;

use crate::diagnostic::Severity;
use crate::project::allauth::{flag, login_methods, required_fields, verification_is_mandatory};
use crate::project::settings::{Truth, contains};
use crate::rule::{Context, Findings};

/// A contradiction: the setting to change, what is wrong, what to do, and the check that reports it.
struct Contradiction {
    holds: Truth,
    settings: [&'static str; 2],
    message: &'static str,
    help: &'static str,
    check: Option<&'static str>,
}

/// Reports each contradiction.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.installed("allauth.account").is_yes() || !settings.is_at_least("django-allauth", "65.5") {
        return;
    }
    let (methods, required) = (login_methods(settings), required_fields(settings));
    let names = |list: &Result<Vec<String>, Arc<str>>, name: &str| match list {
        Ok(list) => Truth::known(list.iter().any(|item| item == name)),
        Err(why) => Truth::Unknown(why.clone()),
    };
    let is_mandatory = verification_is_mandatory(settings);
    let matches = match (&methods, &required) {
        (Ok(methods), Ok(required)) => Truth::known(methods.iter().any(|method| required.contains(method))),
        (Err(why), _) | (_, Err(why)) => Truth::Unknown(why.clone()),
    };
    let fields = settings.get("ACCOUNT_SIGNUP_FIELDS");
    let found = [
        Contradiction {
            holds: is_mandatory.clone().and(names(&required, "email").negated()),
            settings: ["ACCOUNT_EMAIL_VERIFICATION", "ACCOUNT_SIGNUP_FIELDS"],
            message: "an address has to be confirmed, but nobody has to enter one: `manage.py check` fails",
            help: "add `\"email*\"` to `ACCOUNT_SIGNUP_FIELDS`",
            check: None,
        },
        Contradiction {
            holds: flag(settings, "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED", Truth::No).and(is_mandatory.negated()),
            settings: ["ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED", "ACCOUNT_EMAIL_VERIFICATION"],
            message: "an address is confirmed by a code, but need not be confirmed: `manage.py check` fails",
            help: "set `ACCOUNT_EMAIL_VERIFICATION = \"mandatory\"`",
            check: None,
        },
        Contradiction {
            holds: names(&methods, "email").and(flag(settings, "ACCOUNT_UNIQUE_EMAIL", Truth::Yes).negated()),
            settings: ["ACCOUNT_UNIQUE_EMAIL", "ACCOUNT_LOGIN_METHODS"],
            message: "people log in by an address that several accounts may have: `manage.py check` fails",
            help: "leave `ACCOUNT_UNIQUE_EMAIL` out",
            check: None,
        },
        Contradiction {
            holds: contains(&fields.value, |field| field == "password" || field == "password*"),
            settings: ["ACCOUNT_SIGNUP_FIELDS", "ACCOUNT_LOGIN_METHODS"],
            message: "there is no field `password` in the form: `manage.py check` fails",
            help: "write `\"password1*\"`",
            check: None,
        },
        Contradiction {
            holds: matches.negated(),
            settings: ["ACCOUNT_SIGNUP_FIELDS", "ACCOUNT_LOGIN_METHODS"],
            message: "people log in by something that they need not enter when they sign up",
            help: "add the field with `*` to `ACCOUNT_SIGNUP_FIELDS`, or change `ACCOUNT_LOGIN_METHODS`",
            check: Some("account.W001"),
        },
    ];
    for contradiction in found {
        let name = contradiction.settings.into_iter().find(|name| settings.names.contains_key(*name));
        let name = name.unwrap_or("INSTALLED_APPS");
        let resolved = settings.get(name);
        let place = context.place_of_setting(&resolved);
        if !findings.is_certain(&contradiction.holds, name, Some(place)) {
            continue;
        }
        let other =
            contradiction.settings.into_iter().find(|other| *other != name && settings.names.contains_key(*other));
        let severity = if contradiction.check.is_some() { Severity::Warning } else { Severity::Error };
        findings
            .report(place, contradiction.message)
            .severity(severity)
            .setting(name, &resolved)
            .django_checks(contradiction.check.as_slice())
            .related(other.map(|other| context.place_of_setting(&settings.get(other))), "this contradicts it")
            .help(contradiction.help);
    }
}
