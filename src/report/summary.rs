//! What a run looked at, in words: the last line, and what `--verbose` and `--show-silent` add.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Places, amount, shown};
use crate::diagnostic::{Applicability, Severity};
use crate::engine::{Examined, Report, Stale};

/// The last line of a run. `known` findings were taken out by a baseline.
pub fn last_line(report: &Report, known: usize, min_severity: Severity) -> String {
    let judged = judged(&report.examined);
    let visible = shown(&report.findings, min_severity).count();
    let mut line = match visible {
        0 if report.examined.scope.given().is_empty() => "Nothing to judge: all that was given is excluded".to_owned(),
        0 if report.examined.projects.is_empty() => "Nothing to judge: no Django project holds these files".to_owned(),
        0 if report.examined.modules().next().is_none() && report.findings.is_empty() => {
            "Judged no settings module: all that were found are for tests, for examples or for others to build on; \
             --settings names what is deployed"
                .to_owned()
        }
        0 => format!("Judged {judged}: nothing to report"),
        _ => {
            let counts: Vec<String> = Severity::ALL
                .into_iter()
                .rev()
                .filter(|severity| *severity >= min_severity && count(report, *severity) > 0)
                .map(|severity| counted(severity, count(report, severity)))
                .collect();
            format!("Judged {judged}: {}", counts.join(", "))
        }
    };
    let fixable = |applicability| {
        let first = shown(&report.findings, min_severity).filter_map(|finding| finding.fixes.first());
        first.filter(|fix| fix.applicability == applicability).count()
    };
    match (fixable(Applicability::Safe), fixable(Applicability::Unsafe)) {
        (0, 0) => {}
        (safe, 0) => line += &format!("; --fix mends {safe}"),
        (0, all) => line += &format!("; --unsafe-fixes mends {all}"),
        (safe, others) => line += &format!("; --fix mends {safe}, --unsafe-fixes {others} more"),
    }
    let hidden: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .filter(|severity| *severity < min_severity && count(report, *severity) > 0)
        .map(|severity| counted(severity, count(report, severity)))
        .collect();
    if !hidden.is_empty() {
        let mildest = Severity::ALL.into_iter().find(|severity| count(report, *severity) > 0).unwrap_or(min_severity);
        let _ = write!(line, "; {} hidden (--min-severity {mildest} shows them)", hidden.join(", "));
    }
    if !report.suppressed.is_empty() {
        let _ = write!(line, "; {} suppressed", report.suppressed.len());
    }
    if known > 0 {
        let _ = write!(line, "; {known} in the baseline");
    }
    line + "\n"
}

/// How many findings each rule has, most first.
pub fn statistics(report: &Report) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry((&finding.rule, finding.severity.name())).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows.into_iter().map(|((rule, severity), count)| format!("{count:5}  {severity:7}  {rule}\n")).collect()
}

/// What a baseline counts in vain.
pub fn stale(stale: &[Stale], file: &str) -> String {
    let mut text = String::new();
    for Stale { path, rule, count } in stale {
        let _ = writeln!(text, "{file} counts {count} more of {rule} in {path} than there are");
    }
    if !stale.is_empty() {
        text += "--prune-baseline writes it anew\n";
    }
    text
}

fn count(report: &Report, severity: Severity) -> usize {
    report.findings.iter().filter(|finding| finding.severity == severity).count()
}

fn counted(severity: Severity, count: usize) -> String {
    match (severity, count) {
        (Severity::Advice, _) => format!("{count} advice"),
        (_, 1) => format!("1 {severity}"),
        _ => format!("{count} {severity}s"),
    }
}

/// "2 settings modules and 1 ASGI application".
fn judged(examined: &Examined) -> String {
    let modules = examined.modules().count();
    let mut applications: Vec<_> = examined
        .modules()
        .filter_map(|(_, judged)| judged.application.as_ref())
        .map(|application| (application.file, &application.name))
        .collect();
    applications.sort();
    applications.dedup();
    let modules = amount(modules, "settings module");
    match applications.len() {
        0 => modules,
        count => format!("{modules} and {}", amount(count, "ASGI application")),
    }
}

/// What was found and what was assumed, for `--verbose`.
pub fn verbose(examined: &Examined, places: &Places) -> String {
    let mut text = String::new();
    for project in &examined.projects {
        let _ = writeln!(text, "project {}", places.path(&project.project.root));
        if let Some(path) = &project.config.path {
            let _ = writeln!(text, "  configuration {}", places.path(path));
        }
        for env_file in &project.config.env_files {
            let _ = writeln!(text, "  started with {}", places.path(&env_file.path));
        }
        for platform in &project.deployment.platforms {
            let shown = platform.place.map_or("declared".to_owned(), |place| places.file(place));
            let _ = writeln!(text, "  behind {} ({shown})", platform.what.title);
        }
        for server in &project.deployment.servers {
            let shown = server.place.map_or("declared".to_owned(), |place| places.line(place));
            let _ = writeln!(text, "  served by {} ({shown})", server.what.name());
        }
        if let Some(processes) = &project.deployment.processes {
            let shown = processes.place.map_or("declared".to_owned(), |place| places.line(place));
            let _ = writeln!(text, "  in {} processes ({shown})", processes.what);
        }
        match project.deployment.requirements.pinned_version("django") {
            Some(version) => writeln!(text, "  Django {version}"),
            None => writeln!(text, "  Django of the newest version, as none is pinned"),
        }
        .ok();
        for (module, judged) in &project.modules {
            let deployed = if judged.settings.is_deployed { "deployed" } else { "not deployed" };
            let _ = write!(text, "  {} ({deployed}", module.name);
            if let Some(place) = module.named_at.first() {
                let _ = write!(text, ", named in {}", places.line(*place));
            }
            text.push_str(")\n");
            for assumption in &judged.settings.assumptions {
                let place = assumption.place.map_or(String::new(), |place| format!(" ({})", places.line(place)));
                let _ = writeln!(text, "    assumed: {}{place}", assumption.text);
            }
            if let Some(why) = &judged.settings.open {
                let _ = writeln!(text, "    may hold more settings: {why}");
            }
            if let Some(application) = &judged.application {
                let file = places.path(&places.sources.path(application.file));
                let _ = writeln!(text, "    ASGI application {}.{} ({file})", application.module, application.name);
            }
        }
    }
    text
}

/// Where rules said nothing because something is not known, for `--show-silent`.
pub fn silent(report: &Report, places: &Places) -> String {
    let mut text = String::new();
    for silent in &report.silent {
        let setting = silent.setting.as_ref().map_or(String::new(), |setting| format!("{setting}: "));
        let _ = writeln!(text, "{}: silent[{}] {setting}{}", places.line(silent.place), silent.rule, silent.why);
    }
    text
}
