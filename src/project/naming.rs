//! What the name of a settings module, or the path of a file, says about its use.

use std::path::Path;

/// What a settings module is for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The name says nothing: `settings`, `config.settings.base`.
    Plain,
    /// Production, or a stage like it.
    Production,
    /// A developer's machine.
    Development,
    /// Tests.
    Tests,
    /// A template to be copied, or documentation.
    Example,
}

const PRODUCTION: [&str; 17] = [
    "aws",
    "azure",
    "cloud",
    "deploy",
    "deployment",
    "docker",
    "flyio",
    "gcp",
    "heroku",
    "k8s",
    "kubernetes",
    "live",
    "prd",
    "prod",
    "production",
    "release",
    "staging",
];

const DEVELOPMENT: [&str; 12] = [
    "debug",
    "dev",
    "devel",
    "develop",
    "developer",
    "development",
    "devserver",
    "devstack",
    "local",
    "localhost",
    "sandbox",
    "vagrant",
];

const TESTS: [&str; 14] = [
    "build",
    "ci",
    "compress",
    "e2e",
    "fixtures",
    "integration",
    "lint",
    "pytest",
    "test",
    "testing",
    "testproject",
    "tests",
    "testsettings",
    "unittest",
];

const EXAMPLE: [&str; 11] = [
    "default_settings",
    "demo",
    "dist",
    "docs",
    "example",
    "examples",
    "sample",
    "samples",
    "skeleton",
    "template",
    "templates",
];

/// The purpose of a settings module by its dotted name, or by its path without an ending where it has none.
///
/// The last part of the name decides (`settings.dev`, `settings_dev`); that it belongs to tests or examples may also be
/// said by a folder around it.
pub fn purpose(module: &str) -> Purpose {
    let parts: Vec<&str> = module.split(['.', '/']).collect();
    let words = |part: &str| -> Vec<String> {
        part.split(['_', '-']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let last = parts.last().copied().unwrap_or_default();
    let says = |part: &str, vocabulary: &[&str]| words(part).iter().any(|word| vocabulary.contains(&word.as_str()));
    // `dockerdev`, `proddev`.
    let is_for_development = |part: &str| words(part).iter().any(|word| word.ends_with("dev"));
    if says(last, &EXAMPLE) || EXAMPLE.contains(&last) {
        return Purpose::Example;
    }
    if says(last, &TESTS) {
        return Purpose::Tests;
    }
    if says(last, &DEVELOPMENT) || is_for_development(last) {
        return Purpose::Development;
    }
    if says(last, &PRODUCTION) {
        return Purpose::Production;
    }
    around(&parts[..parts.len().saturating_sub(1)])
}

/// What a module in a folder is for, by the names in the folder's path.
pub fn purpose_of_folder(path: &str) -> Purpose {
    around(&path.split(['/', '\\']).collect::<Vec<&str>>())
}

fn around(parts: &[&str]) -> Purpose {
    for part in parts.iter().map(|part| part.to_lowercase()) {
        match part.as_str() {
            "test" | "tests" | "testing" | "e2e" | "testproject" | "test_project" | "integration_tests" => {
                return Purpose::Tests;
            }
            "example" | "examples" | "example_project" | "demo" | "docs" | "sample" | "samples" => {
                return Purpose::Example;
            }
            _ => {}
        }
    }
    Purpose::Plain
}

/// Whether a path in a project is that of a test, of documentation or of an example.
pub fn is_for_tests(path: &Path) -> bool {
    path.iter().filter_map(|part| part.to_str()).any(|part| {
        matches!(part, "tests" | "test" | "docs" | "examples" | "example" | "testing" | "conftest.py" | "tests.py")
            || part.starts_with("test_")
            || part.ends_with("_test.py")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_are_for() {
        for (module, expected) in [
            ("config.settings.production", Purpose::Production),
            ("config.settings.base", Purpose::Plain),
            ("config.settings.local", Purpose::Development),
            ("proj.settings", Purpose::Plain),
            ("proj.settings_dev", Purpose::Development),
            ("proj.dev_settings", Purpose::Development),
            ("tests.settings", Purpose::Tests),
            ("proj.settings.test", Purpose::Tests),
            ("proj.settings_example", Purpose::Example),
            ("example.settings", Purpose::Example),
            ("proj.settings.dockerdev", Purpose::Development),
            ("proj.settings.lint", Purpose::Tests),
            ("proj.settings_compress", Purpose::Tests),
            ("devices.settings", Purpose::Plain),
            ("contest.settings", Purpose::Plain),
        ] {
            assert_eq!(purpose(module), expected, "{module}");
        }
    }
}
