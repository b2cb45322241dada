//! The names of protocols in an ASGI application.

use super::application::{Branch, Protocols};
use crate::project::spelling::nearest;

/// The types of connection that ASGI servers and Channels' workers name: `scope["type"]`.
const PROTOCOLS: [&str; 4] = ["http", "websocket", "lifespan", "channel"];

/// The protocol that a key of a `ProtocolTypeRouter` means but does not name: `ws`, `websockets`, `Websocket`.
pub fn meant_protocol(key: &str) -> Option<&'static str> {
    if PROTOCOLS.contains(&key) {
        return None;
    }
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    match plain.as_str() {
        "ws" | "wss" => return Some("websocket"),
        "https" | "http2" | "http11" => return Some("http"),
        _ => {}
    }
    // The longer the word, the more of it can be mistyped without being another one.
    nearest(&plain, PROTOCOLS, |protocol| protocol.len() / 4)
}

impl Protocols {
    /// What serves a protocol.
    pub fn branch(&self, protocol: &str) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.protocol.as_ref() == protocol)
    }

    /// Whether it is certain that nothing serves a protocol, nor was meant to under a wrong name.
    pub fn lacks(&self, protocol: &str) -> bool {
        let is_meant = |branch: &Branch| meant_protocol(&branch.protocol) == Some(protocol);
        !self.open && self.branch(protocol).is_none() && !self.branches.iter().any(is_meant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_meant() {
        for key in ["ws", "wss", "WebSocket", "websockets", "web_socket", "websoket"] {
            assert_eq!(meant_protocol(key), Some("websocket"), "{key}");
        }
        for key in ["https", "HTTP", "http2"] {
            assert_eq!(meant_protocol(key), Some("http"), "{key}");
        }
        for key in
            ["http", "websocket", "lifespan", "channel", "mqtt", "telegram", "webrtc", "smtp", "webhook", "email"]
        {
            assert_eq!(meant_protocol(key), None, "{key}");
        }
    }
}
