//! The configuration as it is written, with where each value stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// `djudge.toml`, or `[tool.djudge]` in `pyproject.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Raw {
    /// What stands before the application.
    pub platform: Option<Spanned<String>>,
    /// What runs it.
    pub server: Option<Spanned<String>>,
    /// How many processes of it run.
    pub processes: Option<Spanned<u32>>,
    /// The version of Django.
    pub django: Option<Spanned<String>>,
    /// The settings modules that are deployed.
    #[serde(default)]
    pub settings: Vec<String>,
    /// The environment files that the deployed process is started with.
    #[serde(default)]
    pub env_files: Vec<Spanned<String>>,
    /// The project's own rule pages, as globs.
    #[serde(default)]
    pub rules: Vec<Spanned<String>>,
    /// Only these rules or groups.
    #[serde(default)]
    pub select: Vec<Spanned<String>>,
    /// Not these rules or groups.
    #[serde(default)]
    pub ignore: Vec<Spanned<String>>,
    /// Files and folders to leave out, as globs.
    #[serde(default)]
    pub exclude: Vec<Spanned<String>>,
    /// The severity of a rule's findings.
    #[serde(default)]
    pub severity: BTreeMap<String, Spanned<String>>,
    /// The mildest severity that is shown.
    pub min_severity: Option<Spanned<String>>,
    /// The mildest severity that fails the run.
    pub fail_on: Option<Spanned<String>>,
}

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
