//! Redis in a container beside the one of the application, as compose files tell of it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::commands::servers_in;
use crate::source::{Place, Sources, Span};

/// A Redis server in a container of its own.
#[derive(Debug)]
pub struct RedisContainer {
    /// Its host name for the other containers: the name of the service.
    pub service: Arc<str>,
    /// Where its image is named.
    pub place: Place,
    /// The file that names it.
    text: Arc<str>,
}

impl RedisContainer {
    /// The one that a compose file starts beside the application, where each has a network of its own.
    pub fn in_file(path: &Path, text: &str, sources: &Sources) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let is_compose = (name.starts_with("docker-compose") || name.starts_with("compose"))
            && (name.ends_with(".yml") || name.ends_with(".yaml"));
        if !is_compose || text.contains("network_mode") || !starts_application(text) {
            return None;
        }
        let (service, span) = image_in(text)?;
        Some(Self { service, place: Place::new(sources.id(path), span), text: text.into() })
    }

    /// Whether the file may set an environment variable.
    pub fn may_set(&self, variable: &str) -> bool {
        self.text.contains(variable) || self.text.contains("env_file")
    }
}

/// Whether a compose file starts the application too, rather than what it needs alone.
fn starts_application(text: &str) -> bool {
    let is_command = |line: &str| {
        let line = line.trim_start();
        line.starts_with("command:") && (line.contains("manage.py") || line.contains("celery"))
    };
    !servers_in(text).is_empty() || text.lines().any(is_command)
}

/// The service whose image is Redis or one of its kind, and where the image is named.
fn image_in(text: &str) -> Option<(Arc<str>, Span)> {
    // Few files name one, and the pattern takes long to compile.
    ["redis", "valkey", "keydb", "dragonfly"].iter().find(|name| text.contains(**name))?;
    static IMAGE: OnceLock<Option<Regex>> = OnceLock::new();
    let image = IMAGE.get_or_init(|| {
        Regex::new(r#"(?m)^(\s+)image:\s*["']?((?:[\w.-]+/)*(?:redis|valkey|keydb|dragonfly)(?:[:@][^\s"'#]*)?)["']?\s*(?:#.*)?$"#)
            .ok()
    });
    let found = image.as_ref()?.captures(text)?;
    let (indent, image) = (found.get(1)?, found.get(2)?);
    let depth = indent.as_str().trim_start_matches(['\r', '\n']).len();
    let is_less = |line: &&str| line.len() - line.trim_start().len() < depth && !line.trim().is_empty();
    let line = text[..indent.start()].lines().rev().filter(|line| !line.trim_start().starts_with('#')).find(is_less)?;
    let service = line.trim().strip_suffix(':')?.trim_matches(['"', '\'']);
    Some((service.into(), Span::new(image.start() as u32, image.end() as u32)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_services() {
        let service = |text: &str| image_in(text).map(|(service, _)| service.to_string());
        let text = "services:\n  web:\n    build: .\n  cache:\n    restart: always\n    image: redis:7-alpine\n";
        assert_eq!(service(text).as_deref(), Some("cache"));
        assert_eq!(service("services:\n  x:\n    image: \"bitnami/valkey\"  # x\n").as_deref(), Some("x"));
        assert_eq!(service("services:\n  x:\n    image: redislabs/redisinsight\n"), None);
        assert_eq!(service("services:\n  x:\n    image: oliver006/redis_exporter\n"), None);
    }
}
