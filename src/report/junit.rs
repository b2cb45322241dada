//! JUnit: a test suite for each file that was found fault with, a failed test case for each finding. Where nothing was
//! found, one case that passed, since some consumers take an empty report for a broken one.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::Places;
use crate::diagnostic::Finding;

/// The report of some findings, which are sorted by file.
pub fn junit<'f>(findings: impl Iterator<Item = &'f Finding>, places: &Places) -> Result<String, SerializeError> {
    let mut report = Report::new("djudge");
    for finding in findings {
        let file = places.file(finding.place);
        if report.test_suites.last().is_none_or(|suite| suite.name.as_str() != file) {
            report.add_test_suite(TestSuite::new(file.clone()));
        }
        if let Some(suite) = report.test_suites.last_mut() {
            suite.add_test_case(case(finding, &file, places));
        }
    }
    // `add_test_suite` counts what a suite holds at that time.
    let suites = std::mem::take(&mut report.test_suites);
    let mut counted = Report::new("djudge");
    counted.add_test_suites(suites);
    if counted.test_suites.is_empty() {
        let mut suite = TestSuite::new("djudge");
        suite.add_test_case(TestCase::new("nothing to report", TestCaseStatus::success()));
        counted.add_test_suite(suite);
    }
    counted.to_string()
}

fn case(finding: &Finding, file: &str, places: &Places) -> TestCase {
    let start = places.start(finding.place);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.severity.name());
    status.set_message(finding.message.clone());
    let help = finding.help.as_deref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    status.set_description(format!("{file}:{}:{}: {}{help}", start.line, start.column, finding.message));
    let mut case = TestCase::new(format!("{}:{}", finding.rule, start.line), status);
    case.set_classname(file.to_owned());
    case
}
