//! A serializer that channels_redis does not have.

use crate::project::channel_layers::{layers, meant};
use crate::rule::{Context, Findings, origin_note};

/// Those that channels_redis registers itself: `channels_redis/serializers.py`.
const SERIALIZERS: [&str; 2] = ["json", "msgpack"];

/// Reports each `serializer_format` that names none of them.
pub fn check(context: &Context, findings: &mut Findings) {
    let setting = context.settings().get("CHANNEL_LAYERS");
    for layer in layers(context.settings()) {
        if !layer.backend().is_some_and(|backend| backend.starts_with("channels_redis.")) {
            continue;
        }
        let Some(config) = layer.get("CONFIG").and_then(|config| config.value.as_dict()) else { continue };
        let Some(format) = config.get("serializer_format") else { continue };
        for (when, value) in format.value.options() {
            let Some(name) = value.as_str().filter(|name| !SERIALIZERS.contains(name)) else { continue };
            let help = match meant(&name.to_lowercase(), SERIALIZERS) {
                Some(known) => format!("write `\"{known}\"`"),
                None => "write `\"msgpack\"` or `\"json\"`, or register a serializer of this name".to_owned(),
            };
            findings
                .report(
                    context.place_of(&setting, value),
                    format!(
                        "channels_redis has no serializer `{name}`{}: `get_channel_layer()` gives `None`, as if there \
                         were no layer",
                        origin_note(&when)
                    ),
                )
                .setting("CHANNEL_LAYERS", &setting)
                .help(help);
        }
    }
}
