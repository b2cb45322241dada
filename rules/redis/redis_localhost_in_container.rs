//! Redis on `localhost`, from within a container.

use crate::eval::value::{Condition, Kind, Value};
use crate::project::channel_layers::layers;
use crate::project::containers::RedisContainer;
use crate::project::redis::layer_hosts::{LayerHost, layer_entries};
use crate::project::redis::text::server_url;
use crate::rule::{Context, Fault, Findings, origin_note, report_host, report_urls};

/// Reports addresses of the own machine where Redis runs in a container of its own.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(container) = &context.deployment().redis_container else { return };
    let before = findings.found.len();
    report_urls(context, findings, |url, shown| {
        let parts = server_url(&url.text)?;
        let host = parts.host();
        // The clients take no host for this one.
        let is_local = host.is_empty() && !url.text.contains(crate::project::url::HOLE) || is_local(&host);
        (is_local && holds(&url.when, container)).then(|| fault(shown, container))
    });
    for host in layer_entries(context.settings()) {
        if let Some(name) = host_of(&host)
            && is_local(name)
            && holds(&host.when, container)
        {
            let shown = format!("`{name}`{}", origin_note(&host.when));
            report_host(context, findings, &host, fault(&shown, container));
        }
    }
    report_default(context, findings, container);
    for finding in &mut findings.found[before..] {
        let related = crate::diagnostic::Related { place: container.place, message: "Redis runs here".to_owned() };
        finding.related.push(related);
    }
}

fn fault(shown: &str, container: &RedisContainer) -> Fault {
    let service = &container.service;
    Fault::new(
        format!(
            "{shown} is the container that asks, and Redis runs in another one, `{service}`: the connection is refused"
        ),
        format!("write `redis://{service}:6379`"),
    )
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "[::1]")
}

/// Whether a value holds in the container: always, or as the default of variables that nothing sets there.
fn holds(when: &Condition, container: &RedisContainer) -> bool {
    let unset = when.unset_variables();
    let is_default = !unset.is_empty() && when.env_file.is_none() && when.when_unset == Some(true);
    when.is_always() || is_default && unset.iter().all(|variable| !container.may_set(variable))
}

/// The host of a pair, or of a dict with `host` and `port`.
fn host_of<'v>(host: &LayerHost<'v>) -> Option<&'v str> {
    if let Some(dict) = host.by_host_and_port() {
        return dict.get("host")?.value.as_str();
    }
    let (Kind::List(items) | Kind::Tuple(items)) = &host.value.kind else { return None };
    items.items.first()?.value.as_str()
}

/// A channel layer of channels_redis without `hosts` looks on the own machine.
fn report_default(context: &Context, findings: &mut Findings, container: &RedisContainer) {
    let setting = context.settings().get("CHANNEL_LAYERS");
    for layer in layers(context.settings()) {
        let is_redis = layer.backend().is_some_and(|backend| backend.starts_with("channels_redis."));
        let is_known = |config: &Value| {
            config.as_dict().is_some_and(|config| config.open.is_none() && config.get("hosts").is_none())
        };
        let has_no_hosts = match (layer.dict(), layer.get("CONFIG")) {
            (Some(dict), None) => dict.open.is_none(),
            (_, Some(config)) => is_known(&config.value),
            _ => false,
        };
        if !is_redis || !has_no_hosts || !layer.is_certain {
            continue;
        }
        let message = format!(
            "`{}` has no `hosts`, for which channels_redis takes `localhost`: Redis runs in another container, `{}`",
            layer.title(),
            container.service
        );
        findings
            .report(context.place_of(&setting, layer.key), message)
            .setting("CHANNEL_LAYERS", &setting)
            .help(format!("add `\"CONFIG\": {{\"hosts\": [\"redis://{}:6379\"]}}`", container.service));
    }
}
