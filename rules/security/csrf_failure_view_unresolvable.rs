//! A `CSRF_FAILURE_VIEW` that names nothing.

use crate::eval::value::Kind;
use crate::project::views::NoView;
use crate::rule::{Context, Findings};

const SETTING: &str = "CSRF_FAILURE_VIEW";

/// Reports a `CSRF_FAILURE_VIEW` whose module or name is not there, or that cannot be called with a reason.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    if !settings.names.contains_key(SETTING) {
        return;
    }
    let resolved = settings.get(SETTING);
    let place = context.place_of(&resolved, &resolved.value);
    if !matches!(resolved.value.kind, Kind::Str(_)) {
        return findings.silent(Some(SETTING), "the path is not known", Some(place));
    }
    let Some(problem) = context.no_csrf_failure_view() else { return };
    // Of a name that a module lacks the check does not tell: it ends in an exception of its own.
    let (what, checks): (String, &[&str]) = match problem {
        NoView::NoModule => ("names no module".to_owned(), &["security.E102"]),
        NoView::MissingModule { module, has_parent: false } => {
            (format!("names the module `{module}`, which does not exist"), &["security.E102"])
        }
        NoView::MissingModule { module, has_parent: true } => {
            (format!("names the module `{module}`, which does not exist"), &[])
        }
        NoView::WrongParameters => {
            ("names a view that does not take `request` and `reason`".to_owned(), &["security.E101"])
        }
        NoView::Unknown { why } => return findings.silent(Some(SETTING), *why, Some(place)),
        NoView::MissingName { module, name } => (format!("names `{name}`, which `{module}` does not define"), &[]),
    };
    let message = format!(
        "`{SETTING}` {what}: `manage.py` refuses to serve or to migrate, and each form that fails the CSRF check is \
         answered with 500"
    );
    findings
        .report(place, message)
        .setting(SETTING, &resolved)
        .django_checks(checks)
        .help("write the dotted path of a view that takes `request` and `reason`");
}
