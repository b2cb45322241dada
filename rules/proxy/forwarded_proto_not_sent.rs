//! Finds a `SECURE_PROXY_SSL_HEADER` that names a header which nothing in front of the application sends.

use crate::diagnostic::{Confidence, Severity};
use crate::project::deployment::Deployment;
use crate::project::proxy::header::header_name;
use crate::project::proxy::platform::Platform;
use crate::project::proxy::secure_header::{Key, SETTING, Written, key_kind};
use crate::project::proxy::senders::{Sender, edge, header_set, sender, standard_values};
use crate::rule::{Context, Findings, REDIRECT_NOTE, origin_note, written_headers};

/// Reports every written header that is not sent.
pub fn check(context: &Context, findings: &mut Findings) {
    let resolved = context.settings().get(SETTING);
    let deployment = context.deployment();
    let headers = written_headers(&resolved, findings);
    for header in headers.iter().filter(|header| key_kind(header.key) == Key::Header) {
        let sender = sender(deployment, header.key);
        let place = context.place_of(&resolved, header.key_value);
        let Some(Described { problem, help, sent }) = describe(deployment, header, sender) else {
            if sender == Sender::Unclear {
                let why = format!("nothing shows what sends {}", header_name(header.key));
                findings.silent(Some(SETTING), why, Some(place));
            }
            continue;
        };
        let consequence = context.without_header();
        let (severity, confidence) = match sender {
            // Behind a network like CloudFront there may be a balancer of one's own, which sends what it likes.
            Sender::NotDeclared if !is_network(deployment) => (Severity::Error, Confidence::High),
            _ => (Severity::Warning, Confidence::Medium),
        };
        let shown = deployment.platforms.first().filter(|_| !matches!(sender, Sender::Misspelt(_)));
        findings
            .report(place, format!("{problem}, so {}", consequence.text))
            .severity(severity)
            .confidence(confidence)
            .setting(SETTING, &resolved)
            .related(consequence.redirect, REDIRECT_NOTE)
            .related(shown.and_then(|shown| shown.place), "this shows what stands before the application")
            .help(help)
            .unsafe_fix(
                "name the header that is sent",
                // Its value must be the one that is compared with, too.
                sent.filter(|(_, value)| header.secure.as_str() == Some(*value))
                    .and_then(|(key, _)| context.rewrite_string(header.key_value, key)),
            );
    }
}

/// What is wrong, what to do, and the header that is sent instead, with its value for a secure connection.
struct Described {
    problem: String,
    help: String,
    sent: Option<(&'static str, &'static str)>,
}

/// None where nothing is wrong.
fn describe(deployment: &Deployment, header: &Written, sender: Sender) -> Option<Described> {
    let name = format!("`{}`{}", header_name(header.key), origin_note(&header.when));
    let first = deployment.platforms.first().map(|shown| shown.what);
    let problem = match sender {
        Sender::Possible | Sender::Unclear => return None,
        Sender::Misspelt(meant) => {
            let problem = format!("no known platform or proxy sends {name}");
            let help = format!("did you mean `\"{meant}\"`?");
            return Some(Described {
                problem,
                help,
                sent: standard_values(meant).first().map(|value| (meant, *value)),
            });
        }
        Sender::NotSet => {
            let key = header_set(deployment)?;
            let problem = format!("the project's proxy does not set {name}, but `{}`", header_name(key));
            return Some(Described { problem, help: pair(key, "https"), sent: None });
        }
        Sender::NotShown => {
            let edge = edge(header.key)?;
            format!("only {} sends {name}, and nothing shows it in front of {}", edge.title, first?.title)
        }
        Sender::NotDeclared | Sender::NotDetected => match deployment.platforms.as_slice() {
            [only] => format!("{name} is never sent by {}, which sends {}", only.what.title, sent_by(only.what)),
            _ => format!("{name} is sent by none of {}", deployment.platform_titles()),
        },
    };
    let platform = first?;
    // Behind CloudFront the header may still come from a balancer that is not declared.
    let sent = platform.sends.first().copied().filter(|_| deployment.platforms.len() == 1 && !is_network(deployment));
    Some(Described { problem, help: help(platform), sent })
}

fn is_network(deployment: &Deployment) -> bool {
    deployment.platforms.iter().any(|shown| matches!(shown.what.name, "cloudfront" | "cloudflare" | "fastly"))
}

fn sent_by(platform: &Platform) -> String {
    let key = platform.sends.first().map_or("", |(key, _)| key);
    let condition = if platform.is_configured { " where it is configured to" } else { "" };
    format!("`{}`{condition}", header_name(key))
}

fn help(platform: &Platform) -> String {
    let (key, value) = platform.sends.first().copied().unwrap_or_default();
    match platform.name {
        "cloudfront" => format!(
            "have CloudFront add `{}` and {}; where a load balancer stands behind it, declare that one as the platform",
            header_name(key),
            pair(key, value)
        ),
        _ => pair(key, value),
    }
}

fn pair(key: &str, value: &str) -> String {
    format!("name the header that is sent: `{SETTING} = (\"{key}\", \"{value}\")`")
}
