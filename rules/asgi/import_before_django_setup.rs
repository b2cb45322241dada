//! Imports of an entry point that reach models before Django is set up.

use crate::project::asgi::early_imports::EarlyImport;
use crate::rule::{Context, Findings};
use crate::source::{Place, Span};

/// Reports each import of the entry point that needs the app registry before it is ready.
pub fn check(context: &Context, findings: &mut Findings) {
    for early in context.early_imports() {
        let file = early.place.file;
        // What sets nothing up is imported by something that does, such as the asgi.py beside it.
        let Some(setup) = early.setup else {
            findings.silent(None, "the module does not set Django up itself", Some(early.place));
            continue;
        };
        let started = context.entry().map(|entry| format!("{}:{}", entry.module, entry.name));
        let is_started =
            context.deployment().applications.iter().any(|shown| Some(shown.what.as_ref()) == started.as_deref());
        if !context.file_name(file).ends_with("asgi.py") && !is_started {
            findings.silent(None, "another module may import this one when Django is set up", Some(early.place));
            continue;
        }
        report(context, findings, early, setup);
    }
}

fn report(context: &Context, findings: &mut Findings, early: &EarlyImport, setup: Place) {
    let module = &early.module;
    let call = context.text_at(setup);
    let call = if call.len() <= 60 && !call.contains('\n') { call } else { "Django is set up".to_owned() };
    let call = if call.ends_with(')') { format!("`{call}`") } else { call };
    let what = match early.chain.last() {
        Some((_, last)) => format!("`{last}` {}", early.reached),
        None if early.reached.starts_with("imports ") => "that module defines models".to_owned(),
        None => format!("it {}", early.reached),
    };
    let before = Place::new(early.place.file, Span::new(0, early.place.span.start));
    let error = match context.text_at(before).contains("DJANGO_SETTINGS_MODULE") {
        true => "`AppRegistryNotReady`",
        false => "`AppRegistryNotReady`, or `ImproperlyConfigured` where `DJANGO_SETTINGS_MODULE` is not set yet",
    };
    let message =
        format!("`{module}` is imported before {call}, and {what}: a server that loads this module stops with {error}");
    let edits =
        context.edit_at(early.place, |editor, import| editor.move_below_call(import, setup.span, "django_asgi_app"));
    let mut report =
        findings.report(early.place, message).help("move the import below the line that sets Django up").safe_fix(
            format!("import `{module}` after Django is set up"),
            edits.filter(|_| setup.file == early.place.file),
        );
    for (place, imported) in &early.chain {
        report = report.related(Some(*place), format!("imports `{imported}`"));
    }
    let is_new = early.chain.iter().all(|(place, _)| *place != early.reached_at);
    report = report.related(Some(early.reached_at).filter(|_| is_new), "needs the app registry");
    report.related(Some(setup), "Django is set up here");
}
