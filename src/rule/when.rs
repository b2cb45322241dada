//! Conditions as rule pages write them, in a block `[when]`. All keys of a block must hold together.

use serde::Deserialize;

use super::condition::{Condition, Test};
use super::pattern::Pattern;

/// A condition as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// An app is in `INSTALLED_APPS`.
    uses: Option<String>,
    /// A class is in `MIDDLEWARE`.
    middleware: Option<String>,
    /// One of these platforms stands before the application.
    platform: Option<OneOrMany>,
    /// One of these servers runs it.
    server: Option<OneOrMany>,
    /// A package is required in such a version: `channels>=4`.
    package: Option<String>,
    /// A setting, or a part of one: `CACHES.*.TIMEOUT`, `SECURE_PROXY_SSL_HEADER.0`. `*` is every item or entry.
    setting: Option<String>,
    /// One written value is enough, such as the default of an environment variable; otherwise all must agree.
    #[serde(default)]
    possible: bool,
    is: Option<toml::Value>,
    is_not: Option<toml::Value>,
    one_of: Option<Vec<toml::Value>>,
    none_of: Option<Vec<toml::Value>>,
    is_set: Option<bool>,
    is_empty: Option<bool>,
    is_true: Option<bool>,
    is_type: Option<OneOrMany>,
    is_not_type: Option<OneOrMany>,
    matches: Option<String>,
    does_not_match: Option<String>,
    contains: Option<toml::Value>,
    lacks: Option<toml::Value>,
    /// These stand in the list in another order than this one.
    out_of_order: Option<Vec<String>>,
    #[serde(default)]
    all: Vec<When>,
    #[serde(default)]
    any: Vec<When>,
    not: Option<Box<When>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

impl When {
    /// Checks a condition.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn compile(self) -> Result<Condition, String> {
        let mut parts = Vec::new();
        parts.extend(self.uses.clone().map(Condition::Uses));
        parts.extend(self.middleware.clone().map(Condition::Middleware));
        parts.extend(self.platform.clone().map(|names| Condition::Platform(names.into_vec())));
        parts.extend(self.server.clone().map(|names| Condition::Server(names.into_vec())));
        if let Some(package) = &self.package {
            parts.push(package_condition(package)?);
        }
        let tests = self.tests();
        match (&self.setting, tests.len()) {
            (Some(setting), 1) => parts.extend(tests.into_iter().map(|test| Condition::Setting {
                path: setting.split('.').map(str::to_owned).collect(),
                possible: self.possible,
                test,
            })),
            (Some(setting), 0) => {
                return Err(format!(
                    "{setting} is named, but nothing is asked of it: add `is`, `is-empty`, `matches` or the like"
                ));
            }
            (Some(setting), _) => {
                return Err(format!("more than one thing is asked of {setting}: use `all = [{{ … }}, {{ … }}]`"));
            }
            (None, 0) => {}
            (None, _) => return Err("a test without a `setting` that it is about".to_owned()),
        }
        let compile_all = |list: Vec<When>| list.into_iter().map(When::compile).collect::<Result<Vec<_>, _>>();
        if !self.any.is_empty() {
            parts.push(Condition::Any(compile_all(self.any)?));
        }
        parts.extend(compile_all(self.all)?);
        if let Some(not) = self.not {
            parts.push(Condition::Not(Box::new(not.compile()?)));
        }
        match parts.len() {
            0 => Err("`[when]` is empty".to_owned()),
            1 => Ok(parts.swap_remove(0)),
            _ => Ok(Condition::All(parts)),
        }
    }

    /// Its regular expressions.
    pub fn patterns(&self) -> Vec<&str> {
        let own = self.matches.iter().chain(&self.does_not_match).map(String::as_str);
        own.chain(self.all.iter().chain(&self.any).chain(self.not.as_deref()).flat_map(Self::patterns)).collect()
    }

    fn tests(&self) -> Vec<Test> {
        let not = |test: Test| Test::Not(Box::new(test));
        let flag = |wanted: bool, test: Test| if wanted { test } else { not(test) };
        let mut tests = Vec::new();
        tests.extend(self.is.clone().map(Test::Is));
        tests.extend(self.is_not.clone().map(|value| not(Test::Is(value))));
        tests.extend(self.one_of.clone().map(Test::OneOf));
        tests.extend(self.none_of.clone().map(|values| not(Test::OneOf(values))));
        tests.extend(self.is_set.map(|wanted| flag(wanted, Test::IsSet)));
        tests.extend(self.is_empty.map(|wanted| flag(wanted, Test::IsEmpty)));
        tests.extend(self.is_true.map(|wanted| flag(wanted, Test::IsTrue)));
        tests.extend(self.is_type.clone().map(|types| Test::IsType(types.into_vec())));
        tests.extend(self.is_not_type.clone().map(|types| not(Test::IsType(types.into_vec()))));
        if let Some(pattern) = &self.matches {
            tests.push(Test::Matches(Pattern::new(pattern)));
        }
        if let Some(pattern) = &self.does_not_match {
            tests.push(not(Test::Matches(Pattern::new(pattern))));
        }
        tests.extend(self.contains.clone().map(Test::Contains));
        tests.extend(self.lacks.clone().map(|value| not(Test::Contains(value))));
        tests.extend(self.out_of_order.clone().map(Test::OutOfOrder));
        tests
    }
}

fn package_condition(text: &str) -> Result<Condition, String> {
    let (operator, at_least) = if text.contains(">=") { (">=", true) } else { ("<", false) };
    let (name, version) = text
        .split_once(operator)
        .ok_or_else(|| format!("{text:?}: a package is written name>=version or name<version"))?;
    Ok(Condition::Package { name: name.trim().to_owned(), at_least, version: version.trim().to_owned() })
}
