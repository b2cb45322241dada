//! The configuration as it is written, with where each value stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// `djudge.toml`, or `[tool.djudge]` in `pyproject.toml`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Raw {
    /// What stands before the application.
    #[cfg_attr(test, schemars(with = "String"))]
    pub platform: Option<Spanned<String>>,
    /// What runs it.
    #[cfg_attr(test, schemars(with = "String"))]
    pub server: Option<Spanned<String>>,
    /// How many processes of it run.
    #[cfg_attr(test, schemars(with = "u32"))]
    pub processes: Option<Spanned<u32>>,
    /// The version of Django.
    #[cfg_attr(test, schemars(with = "String"))]
    pub django: Option<Spanned<String>>,
    /// The settings modules that are deployed.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub settings: Vec<Spanned<String>>,
    /// The environment files that the deployed process is started with.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub env_files: Vec<Spanned<String>>,
    /// The project's own rule pages, as globs.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub rules: Vec<Spanned<String>>,
    /// Only these rules or groups.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub select: Vec<Spanned<String>>,
    /// Not these rules or groups.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub ignore: Vec<Spanned<String>>,
    /// Files and folders to leave out, as globs.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub exclude: Vec<Spanned<String>>,
    /// Rules or groups that are not asked about files, by globs of these.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Vec<String>>"))]
    pub per_file_ignores: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    /// The severity of a rule's findings.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    pub severity: BTreeMap<Spanned<String>, Spanned<String>>,
    /// The mildest severity that is shown.
    #[cfg_attr(test, schemars(with = "String"))]
    pub min_severity: Option<Spanned<String>>,
    /// The mildest severity that fails the run.
    #[cfg_attr(test, schemars(with = "String"))]
    pub fail_on: Option<Spanned<String>>,
    /// The form of the report.
    #[cfg_attr(test, schemars(with = "String"))]
    pub output_format: Option<Spanned<String>>,
    /// A file that counts findings which are left out.
    #[cfg_attr(test, schemars(with = "String"))]
    pub baseline: Option<Spanned<String>>,
    /// Whether to tell where rules said nothing because something is not known.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub show_silent: Option<Spanned<bool>>,
    /// Whether to add how many findings each rule has.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub statistics: Option<Spanned<bool>>,
    /// Whether to leave out what `exclude` names even where it is given by name.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub force_exclude: Option<Spanned<bool>>,
    /// Whether to exit with 0 even when there are findings.
    #[cfg_attr(test, schemars(with = "bool"))]
    pub exit_zero: Option<Spanned<bool>>,
}

/// The keys, in order.
pub const KEYS: [&str; 20] = [
    "platform",
    "server",
    "processes",
    "django",
    "settings",
    "env-files",
    "rules",
    "select",
    "ignore",
    "exclude",
    "per-file-ignores",
    "severity",
    "min-severity",
    "fail-on",
    "output-format",
    "baseline",
    "show-silent",
    "statistics",
    "force-exclude",
    "exit-zero",
];

/// The part of `pyproject.toml` that is djudge's.
#[derive(Debug, Default, Deserialize)]
pub struct PyProject {
    /// `[tool]`.
    #[serde(default)]
    pub tool: Tool,
}

/// `[tool]`.
#[derive(Debug, Default, Deserialize)]
pub struct Tool {
    /// `[tool.djudge]`.
    pub djudge: Option<Raw>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::config::{Config, OutputFormat, Overrides};
    use crate::diagnostic::Severity;
    use crate::project::deployment::Server;
    use crate::project::proxy::platform::PLATFORMS;

    /// The schema of `djudge.toml`, with the names that its values may have.
    fn schema() -> Json {
        let mut schema = schemars::schema_for!(Raw).to_value();
        schema["$id"] = json!("djudge.schema.json");
        // TOML has no null, and what is not there has no value.
        for property in schema["properties"].as_object_mut().into_iter().flatten() {
            property.1.as_object_mut().map(|property| property.remove("default"));
        }
        schema["title"] = json!("Configuration of djudge");
        let severities: Vec<&str> = Severity::ALL.iter().map(|severity| severity.name()).collect();
        let registry = Config::default_for(&Overrides::default()).expect("the rule book is sound").registry;
        let mut rules: Vec<&str> = registry.rules().iter().map(|rule| rule.page.id.as_ref()).collect();
        let ids = rules.clone();
        rules.extend(registry.rules().iter().map(|rule| rule.page.group.as_str()));
        rules.sort_unstable();
        rules.dedup();
        let properties = &mut schema["properties"];
        properties["platform"]["enum"] = PLATFORMS.iter().map(|platform| platform.name).collect();
        properties["server"]["enum"] = Server::ALL.iter().map(|server| server.name()).collect();
        properties["min-severity"]["enum"] = json!(severities);
        properties["fail-on"]["enum"] = json!(severities);
        properties["processes"]["minimum"] = json!(1);
        properties["output-format"]["enum"] = OutputFormat::ALL.iter().map(|format| format.name()).collect();
        let own = json!({"pattern": "^local/"});
        for key in ["select", "ignore"] {
            properties[key]["items"]["anyOf"] = json!([{"enum": rules}, own]);
        }
        properties["per-file-ignores"]["additionalProperties"]["items"]["anyOf"] = json!([{"enum": rules}, own]);
        properties["severity"]["additionalProperties"]["enum"] = json!(severities);
        properties["severity"]["propertyNames"] = json!({"anyOf": [{"enum": ids}, own]});
        schema
    }

    #[test]
    fn the_keys_are_those_of_the_schema() {
        let schema = schema();
        let mut known: Vec<&str> =
            schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        let mut keys = KEYS.to_vec();
        known.sort_unstable();
        keys.sort_unstable();
        assert_eq!(keys, known);
    }

    /// `UPDATE=1` writes it anew.
    #[test]
    fn the_shipped_schema_is_up_to_date() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("djudge.schema.json");
        let text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON") + "\n";
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).expect("the schema can be written");
        }
        let shipped = std::fs::read_to_string(&path).expect("the schema can be read");
        assert!(shipped == text, "UPDATE=1 cargo test --lib schema writes djudge.schema.json");
    }
}
