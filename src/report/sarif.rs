//! SARIF 2.1.0, as GitHub's code scanning reads it.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/> and
//! <https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use serde_json::{Value as Json, json};

use super::Places;
use super::fingerprint::Fingerprints;
use crate::diagnostic::{Confidence, Finding, Fix, Severity};
use crate::rule::Rule;
use crate::source::{FileId, Place, Span};

/// The log of one run: all rules that may report something, and the findings.
pub fn sarif<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    rules: &[Rule],
    places: &Places,
) -> Result<String, serde_json::Error> {
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Json> = findings
        .map(|finding| {
            let index = rules.iter().position(|rule| rule.page.id == finding.rule);
            result(finding, index, fingerprints.next(finding, places), places)
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "djudge",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules.iter().map(rule).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "ROOT": { "description": { "text": "The root of the repository." } } },
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).map(|text| text + "\n")
}

fn rule(rule: &Rule) -> Json {
    let page = &rule.page;
    let message = &page.message;
    json!({
        "id": page.id.as_ref(),
        "shortDescription": { "text": message },
        "fullDescription": { "text": message },
        "help": { "text": page.prose(), "markdown": page.prose() },
        "defaultConfiguration": { "level": level(page.severity) },
        "properties": { "tags": [page.group], "problem.severity": problem(page.severity) },
    })
}

fn result(finding: &Finding, index: Option<usize>, fingerprint: String, places: &Places) -> Json {
    let related: Vec<Json> = finding
        .related
        .iter()
        .enumerate()
        .map(|(id, related)| {
            let mut location = location(related.place, places);
            location["id"] = json!(id + 1);
            location["message"] = json!({ "text": related.message });
            location
        })
        .collect();
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.rule.as_ref(),
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location(finding.place, places)],
        "relatedLocations": related,
        "partialFingerprints": { "djudge/v1": fingerprint },
        "properties": {
            "precision": match finding.confidence {
                Confidence::High => "very-high",
                Confidence::Medium => "medium",
            },
            "settingsModule": finding.settings_module,
            "djangoChecks": finding.django_checks,
        },
    });
    if !finding.fixes.is_empty() {
        result["fixes"] = finding.fixes.iter().map(|each| fix(each, places)).collect();
    }
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// A fix: for each file, what is replaced by what.
fn fix(fix: &Fix, places: &Places) -> Json {
    let mut by_file: Vec<(FileId, Vec<Json>)> = Vec::new();
    for edit in &fix.edits {
        let file = edit.place.file;
        let replacement = json!({
            "deletedRegion": region(edit.place, places),
            "insertedContent": { "text": edit.content },
        });
        match by_file.iter_mut().find(|(known, _)| *known == file) {
            Some((_, replacements)) => replacements.push(replacement),
            None => by_file.push((file, vec![replacement])),
        }
    }
    let change = |(file, replacements): (FileId, Vec<Json>)| {
        let start = Place::new(file, Span::default());
        json!({ "artifactLocation": artifact(start, places), "replacements": replacements })
    };
    json!({
        "description": { "text": fix.title },
        "artifactChanges": by_file.into_iter().map(change).collect::<Vec<_>>(),
    })
}

fn location(place: Place, places: &Places) -> Json {
    json!({
        "physicalLocation": { "artifactLocation": artifact(place, places), "region": region(place, places) },
    })
}

fn artifact(place: Place, places: &Places) -> Json {
    json!({ "uri": uri(&places.file(place)), "uriBaseId": "ROOT" })
}

fn region(place: Place, places: &Places) -> Json {
    let (start, end) = (places.start(place), places.end(place));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// GitHub's name of it.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Advice => "recommendation",
        _ => severity.name(),
    }
}

/// A path as a reference of a URI. Source: RFC 3986, section 3.3.
fn uri(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' => text.push(byte.into()),
            _ => text += &format!("%{byte:02X}"),
        }
    }
    text
}
