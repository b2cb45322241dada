//! A serializer that channels_redis does not have.

use crate::diagnostic::Applicability;
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
            let known = meant(&name.to_lowercase(), SERIALIZERS);
            let is_case = known.is_some_and(|known| name.eq_ignore_ascii_case(known));
            // Another name may be that of a serializer which is registered elsewhere.
            let applicability = if is_case { Applicability::Safe } else { Applicability::Unsafe };
            let edits = known.and_then(|known| context.rewrite_string(value, known));
            let help = match known {
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
                .help(help)
                .fix(applicability, format!("write `{}`", known.unwrap_or_default()), edits);
        }
    }
}
