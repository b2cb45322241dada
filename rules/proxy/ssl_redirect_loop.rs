//! Finds `SECURE_SSL_REDIRECT` where Django takes every request for plain HTTP.

use crate::diagnostic::{Confidence, Severity};
use crate::project::asgi::application::Node;
use crate::project::deployment::{Server, Shown};
use crate::project::proxy::header::header_name;
use crate::project::proxy::platform::Platform;
use crate::project::proxy::secure_header::SETTING as HEADER;
use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

const REDIRECT: &str = "SECURE_SSL_REDIRECT";
const MIDDLEWARE: &str = "django.middleware.security.SecurityMiddleware";

/// Reports `SECURE_SSL_REDIRECT` behind a proxy of which neither Django nor the server takes the scheme.
pub fn check(context: &Context, findings: &mut Findings) {
    let settings = context.settings();
    let redirect = settings.get(REDIRECT);
    let is_off = match settings.truth(HEADER) {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown => unknown,
    };
    let holds = settings.truth(REDIRECT).and(is_off).and(settings.uses_middleware(MIDDLEWARE));
    let deployment = context.deployment();
    let Some(platform) = deployment.platforms.first() else { return };
    let place = context.place_of(&redirect, &redirect.value);
    if !findings.is_certain(&holds, REDIRECT, Some(place)) {
        return;
    }
    let why = match deployment.servers_without_scheme() {
        None => "the server may take the scheme from the proxy",
        Some(_) if !is_plain(context) => "something around Django may take the scheme from the proxy",
        Some(servers) => return report(context, findings, platform, servers),
    };
    findings.silent(Some(REDIRECT), why, Some(place));
}

fn report(context: &Context, findings: &mut Findings, platform: &Shown<&'static Platform>, servers: &[Shown<Server>]) {
    let redirect = context.settings().get(REDIRECT);
    let (severity, confidence) = match context.deployment().is_platform_declared() {
        true => (Severity::Error, Confidence::High),
        false => (Severity::Warning, Confidence::Medium),
    };
    let names: Vec<&str> = servers.iter().map(|server| server.what.title()).collect();
    let (key, value) = platform.what.sends.first().copied().unwrap_or_default();
    let message = format!(
        "`{REDIRECT}` redirects each page, login and token request to itself for ever: behind {}, {} reports plain \
         HTTP, and `{HEADER}` is not set",
        platform.what.title,
        names.join(" and ")
    );
    let header = header_name(key);
    let pair = format!("`{HEADER} = (\"{key}\", \"{value}\")`");
    let help = match platform.what.is_configured {
        true => format!("have the proxy set `{header}` in every request, and write {pair}"),
        false => format!("name the header that the proxy sends: {pair}"),
    };
    findings
        .report(context.place_of(&redirect, &redirect.value), message)
        .severity(severity)
        .confidence(confidence)
        .setting(REDIRECT, &redirect)
        .related(platform.place, "this shows what stands before the application")
        .related(servers.first().and_then(|server| server.place), "this server does not take the scheme from a proxy")
        .help(help);
}

/// Whether nothing stands between the server and `SecurityMiddleware` that could set the scheme.
fn is_plain(context: &Context) -> bool {
    const HARMLESS: [&str; 4] = ["django.", "corsheaders.", "whitenoise.", "debug_toolbar."];
    let middleware = context.settings().get("MIDDLEWARE");
    let Some(items) = middleware.value.sequence() else { return false };
    let mut before = items.items.iter().map(|item| item.value.as_str()).take_while(|path| *path != Some(MIDDLEWARE));
    let is_harmless =
        |path: Option<&str>| path.is_some_and(|path| HARMLESS.iter().any(|start| path.starts_with(start)));
    items.open.is_none()
        && before.all(is_harmless)
        && context.application().is_none_or(|application| answers_http_itself(&application.node))
}

/// Whether HTTP requests get to Django without anything around it.
fn answers_http_itself(node: &Node) -> bool {
    match node {
        Node::Django(_) => true,
        Node::Protocols(protocols) => {
            let mut http = protocols.branches.iter().filter(|branch| branch.protocol.as_ref() == "http").peekable();
            http.peek().is_some() && http.all(|branch| matches!(branch.node, Node::Django(_)))
        }
        _ => false,
    }
}
