//! Channel layers that reach one process only.

use crate::diagnostic::Confidence;
use crate::project::channel_layers::{IN_MEMORY, layers};
use crate::rule::{Context, Findings};

/// Looks for the in-memory layer where more than one process may run.
pub fn check(context: &Context, findings: &mut Findings) {
    let setting = context.settings().get("CHANNEL_LAYERS");
    let processes = context.deployment().processes.as_ref();
    for layer in layers(context.settings()) {
        let backends = layer.backends();
        let Some((_, value)) = backends.iter().find(|(_, path)| path.as_str() == Some(IN_MEMORY)) else { continue };
        let place = context.place_of(&setting, value);
        let is_certain =
            layer.is_certain && backends.len() == 1 && layer.get("BACKEND").is_some_and(|entry| entry.when.is_always());
        if !is_certain {
            findings.silent(Some("CHANNEL_LAYERS"), "the in-memory layer is used in some cases only", Some(place));
            continue;
        }
        let (shown, confidence) = match processes {
            Some(processes) if processes.what <= 1 => {
                findings.silent(Some("CHANNEL_LAYERS"), "one process is started", processes.place.or(Some(place)));
                continue;
            }
            Some(processes) => (format!(", and {} processes run", processes.what), Confidence::High),
            None => (String::new(), Confidence::Medium),
        };
        findings
            .report(
                place,
                format!(
                    "`InMemoryChannelLayer` delivers a message only within the process that sends it{shown}: who is \
                     connected to another one never gets it"
                ),
            )
            .setting("CHANNEL_LAYERS", &setting)
            .confidence(confidence)
            .related(processes.and_then(|processes| processes.place), "the number of processes")
            .help(
                "use `channels_redis.core.RedisChannelLayer`; if all runs in one process, say `processes = 1` in `djudge.toml`",
            );
    }
}
