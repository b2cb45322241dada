//! Encryption keys of a channel layer that are one string.

use crate::eval::value::Kind;
use crate::project::channel_layers::layers;
use crate::rule::{Context, Findings, origin_note};

/// Reports `symmetric_encryption_keys` that hold a string where channels_redis wants a list of them.
pub fn check(context: &Context, findings: &mut Findings) {
    let setting = context.settings().get("CHANNEL_LAYERS");
    for layer in layers(context.settings()) {
        if !layer.backend().is_some_and(|backend| backend.starts_with("channels_redis.")) {
            continue;
        }
        let Some(config) = layer.get("CONFIG").and_then(|config| config.value.as_dict()) else { continue };
        let Some(keys) = config.get("symmetric_encryption_keys") else { continue };
        for (when, value) in keys.value.options() {
            let is_text = match &value.kind {
                Kind::Str(text) => !text.is_empty(),
                Kind::Bytes(bytes) => !bytes.is_empty(),
                Kind::Template(_) => true,
                // Read from a variable, and not split.
                Kind::Unknown(unknown) => unknown.type_name == Some("str"),
                _ => false,
            };
            if !is_text {
                continue;
            }
            let is_written = value.origin.is_some_and(|key| setting.history.iter().any(|made| made.holds(key)));
            // The default of a variable would be put right alone, and not what is set.
            let can_be_listed = is_written && when.is_always() && keys.when.is_always();
            let edits = if can_be_listed { context.wrap(value, "[", "]") } else { None };
            findings
                .report(
                    context.place_of(&setting, &keys.key),
                    format!(
                        "`symmetric_encryption_keys` is one string{}, where channels_redis takes a list of keys: \
                         every WebSocket fails with `ValueError`",
                        origin_note(&when)
                    ),
                )
                .setting("CHANNEL_LAYERS", &setting)
                .help("put the key in a list: `\"symmetric_encryption_keys\": [key]`")
                .safe_fix("put it in a list", edits);
        }
    }
}
