//! Where each value that is in force comes from.

use std::fmt;
use std::path::PathBuf;

use toml::Spanned;

use super::Overrides;
use super::raw::Raw;
use super::resolve::File;

/// A value that is in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// Its key, as `djudge.toml` has it.
    pub key: String,
    /// The value, as TOML writes it.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody says otherwise.
    Default,
    /// An option of the command line.
    CommandLine,
    /// A line of a configuration file, counted from 1.
    File(PathBuf, usize),
}

impl fmt::Display for InForce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} = {}", self.key, self.value)
    }
}

/// What is in force, in the order of the keys: the options of the command line go before the file, except that `ignore`
/// has both.
pub fn in_force(raw: &Raw, file: &File, overrides: &Overrides) -> Vec<InForce> {
    let mut found = Collector { found: Vec::new(), file };
    found.one("platform", raw.platform.as_ref());
    found.one("server", raw.server.as_ref());
    found.one("processes", raw.processes.as_ref());
    found.one("django", raw.django.as_ref());
    found.list("settings", &overrides.settings, &raw.settings);
    let env_files: Vec<String> = overrides.env_files.iter().map(|path| path.display().to_string()).collect();
    found.list("env-files", &env_files, &raw.env_files);
    found.list("rules", &[], &raw.rules);
    found.list("select", &overrides.select, &raw.select);
    found.list("ignore", &[], &raw.ignore);
    found.list("ignore", &overrides.ignore, &[]);
    found.list("exclude", &[], &raw.exclude);
    for (files, rules) in &raw.per_file_ignores {
        found.list(&format!("per-file-ignores.{}", quoted(files.get_ref())), &[], rules);
    }
    for (rule, severity) in &raw.severity {
        found.one(&format!("severity.{}", rule.get_ref()), Some(severity));
    }
    found.one_or("min-severity", raw.min_severity.as_ref(), "\"warning\"");
    found.one_or("fail-on", raw.fail_on.as_ref(), "\"warning\"");
    found.one_or("output-format", raw.output_format.as_ref(), "\"full\"");
    found.one("baseline", raw.baseline.as_ref());
    found.one_or("show-silent", raw.show_silent.as_ref(), "false");
    found.one_or("statistics", raw.statistics.as_ref(), "false");
    match overrides.force_exclude {
        true => found.add("force-exclude", "true".to_owned(), Origin::CommandLine),
        false => found.one_or("force-exclude", raw.force_exclude.as_ref(), "false"),
    }
    found.one_or("exit-zero", raw.exit_zero.as_ref(), "false");
    found.found
}

struct Collector<'f> {
    found: Vec<InForce>,
    file: &'f File<'f>,
}

impl Collector<'_> {
    fn one<T: Clone + Into<toml::Value>>(&mut self, key: &str, value: Option<&Spanned<T>>) {
        if let Some(value) = value {
            let text = value.get_ref().clone().into().to_string();
            self.add(key, text, self.origin_of(value));
        }
    }

    /// The same for a key with a default, which is given as TOML.
    fn one_or<T: Clone + Into<toml::Value>>(&mut self, key: &str, value: Option<&Spanned<T>>, default: &str) {
        match value {
            Some(_) => self.one(key, value),
            None => self.add(key, default.to_owned(), Origin::Default),
        }
    }

    fn list(&mut self, key: &str, over: &[String], own: &[Spanned<String>]) {
        let text = |values: Vec<&str>| format!("[{}]", values.into_iter().map(quoted).collect::<Vec<_>>().join(", "));
        match (over, own) {
            ([], []) => {}
            ([], [first, ..]) => {
                let values = text(own.iter().map(|value| value.get_ref().as_str()).collect());
                self.add(key, values, self.origin_of(first));
            }
            _ => self.add(key, text(over.iter().map(String::as_str).collect()), Origin::CommandLine),
        }
    }

    fn add(&mut self, key: &str, value: String, origin: Origin) {
        self.found.push(InForce { key: key.to_owned(), value, origin });
    }

    fn origin_of<T>(&self, value: &Spanned<T>) -> Origin {
        let before = self.file.text.get(..value.span().start).unwrap_or_default();
        Origin::File(self.file.path.to_path_buf(), before.matches('\n').count() + 1)
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
