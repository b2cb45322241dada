//! Consumers that use a channel layer where none is configured.

use crate::eval::value::Kind;
use crate::project::channel_layers::meant;
use crate::project::settings::Truth;
use crate::rule::{Context, Findings};

/// Looks for a consumer whose `self.channel_layer` is `None`.
pub fn check(context: &Context, findings: &mut Findings) {
    let sockets = context.sockets();
    let consumers = sockets.iter().filter(|socket| socket.is_certain).filter_map(|socket| socket.consumer());
    let mut uses = consumers.filter_map(|consumer| {
        let class = consumer.class.as_ref()?;
        context.layer_use(class).map(|found| (class, found))
    });
    let Some((class, (used_at, method))) = uses.next() else { return };
    let settings = context.settings();
    let layers = settings.get("CHANNEL_LAYERS");
    let has_default = Truth::over(&layers.value, |value| match &value.kind {
        Kind::Missing => Truth::No,
        Kind::Dict(dict) => match (&dict.open, dict.get("default")) {
            // Where the backend stands in place of an alias, another rule says so.
            _ if dict.get("BACKEND").is_some() => Truth::Yes,
            (_, Some(entry)) if entry.when.is_always() => Truth::Yes,
            (None, None) => Truth::No,
            (Some(why), None) => Truth::Unknown(why.clone()),
            (_, Some(entry)) => Truth::Unknown(format!("it is there {}", entry.when.describe()).into()),
        },
        Kind::Unknown(unknown) => Truth::Unknown(unknown.why.clone()),
        _ => Truth::Unknown("it is no dict".into()),
    });
    if let Truth::Unknown(why) = &has_default {
        findings.silent(Some("CHANNEL_LAYERS"), why.to_string(), layers.history.last().copied());
    }
    if !has_default.is_no() {
        return;
    }
    let misspelt = settings
        .names
        .iter()
        .filter(|(name, _)| !layers.is_set && meant("CHANNEL_LAYERS", [name.as_ref()]).is_some())
        .find_map(|(name, setting)| Some((name, *setting.history.last()?)));
    let fails = format!("`self.channel_layer` is `None`, and `self.channel_layer.{method}` in `{}` fails", class.name);
    let (place, message, help) = match misspelt {
        Some((name, place)) => {
            (place, format!("`{name}` is no setting of Channels: {fails}"), "rename it to `CHANNEL_LAYERS`".to_owned())
        }
        None => (
            context.place_of(&layers, &layers.value),
            format!(
                "`CHANNEL_LAYERS` {}: {fails}",
                if layers.is_set { "has no layer `default`" } else { "is not set" }
            ),
            "set `CHANNEL_LAYERS = {\"default\": {\"BACKEND\": \"channels_redis.core.RedisChannelLayer\", \"CONFIG\": \
             {\"hosts\": [\"redis://…\"]}}}`"
                .to_owned(),
        ),
    };
    findings
        .report(place, message)
        .setting("CHANNEL_LAYERS", &layers)
        .related(Some(used_at), "the layer is used here")
        .help(help);
}
