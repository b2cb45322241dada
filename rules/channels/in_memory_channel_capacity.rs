//! Capacities of channels in memory, which the layer cannot read.

use crate::project::channel_layers::{IN_MEMORY, layers};
use crate::project::settings::{Truth, truth};
use crate::rule::{Context, Findings};

/// Reports a `channel_capacity` that is not empty.
pub fn check(context: &Context, findings: &mut Findings) {
    let setting = context.settings().get("CHANNEL_LAYERS");
    for layer in layers(context.settings()) {
        let Some(config) = layer.get("CONFIG").filter(|_| layer.backend() == Some(IN_MEMORY)) else { continue };
        let Some(entry) = config.value.as_dict().and_then(|config| config.get("channel_capacity")) else { continue };
        match truth(&entry.value) {
            Truth::Yes => {
                findings
                    .report(
                        context.place_of(&setting, &entry.key),
                        "`InMemoryChannelLayer` cannot read `channel_capacity`: each message that is sent to a channel \
                         raises `ValueError`",
                    )
                    .setting("CHANNEL_LAYERS", &setting)
                    .help("remove it; `capacity` holds for all channels")
                    .unsafe_fix("remove it", context.remove_entry(entry));
            }
            Truth::No => {}
            Truth::Unknown(why) => findings.silent(Some("CHANNEL_LAYERS"), why.to_string(), entry.value.origin),
        }
    }
}
