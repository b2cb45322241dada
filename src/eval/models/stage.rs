//! What production is: the assumptions about stages and command lines.

use std::sync::Arc;

use crate::eval::formula::Formula;
use crate::eval::machine::Machine;
use crate::eval::object::Term;
use crate::eval::truth::readable;

const PRODUCTION: [&str; 6] = ["prod", "production", "live", "prd", "release", "deploy"];

const OTHER_STAGES: [&str; 22] = [
    "ci",
    "debug",
    "dev",
    "devel",
    "develop",
    "development",
    "docker-dev",
    "e2e",
    "integration",
    "local",
    "localhost",
    "preprod",
    "preview",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "test",
    "testing",
    "tests",
    "uat",
    "unittest",
];

/// Names of variables that hold a stage, as whole names or after a prefix and an underscore.
const STAGE_NAMES: [&str; 8] =
    ["ENV", "ENVIRONMENT", "STAGE", "DEPLOYMENT", "DJANGO_ENV", "APP_ENV", "RUNTIME_ENV", "MODE"];

/// Modules that are imported where tests are run, and not in production.
const TEST_RUNNERS: [&str; 8] =
    ["_pytest", "behave", "django.test", "nose", "pytest", "pytest_django", "test", "unittest"];

impl Machine<'_> {
    /// Notes what production is assumed to answer to `term == word`, `term in words`, or `word in term`.
    pub(in crate::eval) fn note_stage(&mut self, term: &Term, words: &[Arc<str>], formula: Formula) {
        let shown = readable(&term.text);
        let literals: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
        let literals = literals.join(" or ");
        let not = self.formulas.not(formula);
        let is_tested = words.iter().all(|word| TEST_RUNNERS.contains(&word.as_ref()));
        if term.text.starts_with("sys.argv") || term.text.starts_with("sys.modules") && is_tested {
            return self.assume(not, format!("{literals} is not in {shown}"));
        }
        if matches!(term.text.as_ref(), "os.name" | "sys.platform" | "platform.system()") {
            let is_unix = words.iter().any(|word| matches!(word.as_ref(), "posix" | "linux" | "Linux"));
            return match is_unix {
                true => self.assume(formula, format!("{shown} is {literals}")),
                false => self.assume(not, format!("{shown} is not {literals}")),
            };
        }
        let [variable] = term.variables.as_ref() else { return };
        let is_stage = names_stage(variable);
        let is_production = |word: &Arc<str>| {
            let lower = word.to_lowercase();
            matches!(lower.as_str(), "prod" | "production") || is_stage && PRODUCTION.contains(&lower.as_str())
        };
        if words.iter().any(is_production) {
            let is_set = self.is_set(variable);
            let assumed = self.formulas.and(is_set, formula);
            self.assume(assumed, format!("{shown} is {literals}"));
        } else if is_stage && words.iter().all(|word| OTHER_STAGES.contains(&word.to_lowercase().as_str())) {
            self.assume(not, format!("{shown} is not {literals}"));
        }
    }
}

fn names_stage(variable: &str) -> bool {
    let upper = variable.to_uppercase();
    STAGE_NAMES.iter().any(|name| upper == *name || upper.ends_with(&format!("_{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_hold_a_stage() {
        for name in ["ENV", "DJANGO_ENV", "MYAPP_ENVIRONMENT", "STAGE", "environment"] {
            assert!(names_stage(name), "{name}");
        }
        for name in ["ENVIRON", "REDIS_URL", "ENVELOPE", "LOG_LEVEL"] {
            assert!(!names_stage(name), "{name}");
        }
    }
}
