//! How django-allauth lets people in: how they log in, and what they enter to sign up.
//!
//! Source: django-allauth 65.21 `allauth/account/app_settings.py`.

use std::sync::Arc;

use super::settings::{Settings, Truth};
use crate::eval::value::Kind;

/// What is known, or why it is not.
type Known<T> = Result<T, Arc<str>>;

/// The names by which people log in: `username`, `email`, `phone`.
pub fn login_methods(settings: &Settings) -> Known<Vec<String>> {
    if let Some(methods) = strings(settings, "ACCOUNT_LOGIN_METHODS")? {
        return Ok(methods);
    }
    let older = settings.get("ACCOUNT_AUTHENTICATION_METHOD");
    match &older.value.kind {
        Kind::Missing => Ok(vec!["username".to_owned()]),
        Kind::Str(text) if text.as_ref() == "username_email" => Ok(vec!["email".to_owned(), "username".to_owned()]),
        Kind::Str(text) => Ok(vec![text.to_string()]),
        _ => Err("`ACCOUNT_AUTHENTICATION_METHOD` is not known".into()),
    }
}

/// The fields of the sign-up form that have to be filled in.
pub fn required_fields(settings: &Settings) -> Known<Vec<String>> {
    if let Some(fields) = strings(settings, "ACCOUNT_SIGNUP_FIELDS")?.filter(|fields| !fields.is_empty()) {
        return Ok(fields.iter().filter_map(|field| field.split_once('*')).map(|(name, _)| name.to_owned()).collect());
    }
    let mut fields = Vec::new();
    for (name, field, default) in
        [("ACCOUNT_USERNAME_REQUIRED", "username", Truth::Yes), ("ACCOUNT_EMAIL_REQUIRED", "email", Truth::No)]
    {
        match flag(settings, name, default) {
            Truth::Yes => fields.push(field.to_owned()),
            Truth::No => {}
            Truth::Unknown(why) => return Err(why),
        }
    }
    Ok(fields)
}

/// Whether an address has to be confirmed before anything else.
pub fn verification_is_mandatory(settings: &Settings) -> Truth {
    let resolved = settings.get("ACCOUNT_EMAIL_VERIFICATION");
    Truth::over(&resolved.value, |value| match &value.kind {
        Kind::Str(text) => Truth::known(text.as_ref() == "mandatory"),
        Kind::Bool(value) => Truth::known(*value),
        Kind::Missing => Truth::No,
        _ => Truth::Unknown("`ACCOUNT_EMAIL_VERIFICATION` is not known".into()),
    })
}

/// Whether a switch is on, which has a default.
pub fn flag(settings: &Settings, name: &str, default: Truth) -> Truth {
    match (settings.names.contains_key(name), &settings.open) {
        (true, _) => settings.truth(name),
        (false, Some(why)) => Truth::Unknown(why.clone()),
        (false, None) => default,
    }
}

/// A list of strings; none where it is not set.
fn strings(settings: &Settings, name: &str) -> Known<Option<Vec<String>>> {
    let resolved = settings.get(name);
    match &resolved.value.kind {
        Kind::Missing | Kind::None => return Ok(None),
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) if items.open.is_none() => {
            let known = items.items.iter().map(|item| item.value.as_str().filter(|_| item.when.is_always()));
            if let Some(texts) = known.map(|text| text.map(str::to_owned)).collect::<Option<Vec<_>>>() {
                return Ok(Some(texts));
            }
        }
        _ => {}
    }
    Err(format!("`{name}` is not known").into())
}
