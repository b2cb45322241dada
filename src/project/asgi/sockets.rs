//! WebSocket consumers, each with everything that a handshake passes on its way to it.

use std::sync::Arc;

use super::application::{Consumer, Node, Wrapper, WrapperKind};
use crate::eval::value::{Class, Kind};
use crate::source::Place;

/// A consumer, or an unknown part of the application, that a handshake reaches.
#[derive(Debug, Clone)]
pub struct Socket<'n> {
    /// What is around it, outermost first.
    pub wrappers: Vec<&'n Wrapper>,
    /// What is reached.
    pub end: End<'n>,
    /// Where the key `"websocket"` is written.
    pub branch: Option<Place>,
    /// Whether it is reached in every case.
    pub is_certain: bool,
}

/// What a handshake reaches.
#[derive(Debug, Clone, Copy)]
pub enum End<'n> {
    /// A consumer.
    Consumer(&'n Consumer),
    /// Something that is not known, and why.
    Unknown(&'n str, Option<Place>),
}

impl<'n> Socket<'n> {
    /// Every way into the `"websocket"` branch of an application, in the order of the routes.
    pub fn all(application: &'n Node) -> Vec<Self> {
        let mut walk = Walk { found: Vec::new(), wrappers: Vec::new(), branch: None };
        walk.visit(application, false, true);
        walk.found
    }

    /// The origin validators on the way.
    pub fn validators(&self) -> impl Iterator<Item = &'n Wrapper> + '_ {
        self.wrappers.iter().copied().filter(|wrapper| wrapper.is_origin_validator())
    }

    /// The outermost part of Channels on the way that reads cookies.
    pub fn cookies(&self) -> Option<&'n Wrapper> {
        self.wrappers.iter().copied().find(|wrapper| matches!(wrapper.kind, WrapperKind::Cookies))
    }

    /// The consumer, where it is known.
    pub fn consumer(&self) -> Option<&'n Consumer> {
        match self.end {
            End::Consumer(consumer) => Some(consumer),
            End::Unknown(..) => None,
        }
    }
}

impl Wrapper {
    /// Whether it checks the `Origin` header.
    pub fn is_origin_validator(&self) -> bool {
        matches!(self.kind, WrapperKind::AllowedHosts | WrapperKind::Origins(_))
    }

    /// Its name without the module.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

/// The source of a class and of the project's classes that it inherits from.
pub fn bodies(class: &Arc<Class>) -> Vec<Place> {
    let inherited = class.ancestors.iter().filter_map(|ancestor| match &ancestor.kind {
        Kind::Class(class) => class.body,
        _ => None,
    });
    class.body.into_iter().chain(inherited).collect()
}

/// Where a consumer's code uses `self.channel_layer` as if it were always there: the offset, and what of it is used.
/// None where the code also does something else with it, such as asking whether it is there. `code` holds no strings
/// and no comments.
pub fn layer_use(code: &str) -> Option<(usize, &'static str)> {
    const NAME: &str = "channel_layer";
    const METHODS: [&str; 4] = ["group_add", "group_send", "group_discard", "send"];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut first = None;
    for (at, _) in code.match_indices(NAME) {
        let (before, after) = (&code[..at], &code[at + NAME.len()..]);
        if before.ends_with(is_word) {
            continue;
        }
        let method = before.ends_with("self.").then_some(()).and_then(|()| after.strip_prefix('.')).and_then(|rest| {
            let name = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
            METHODS.into_iter().find(|method| *method == name)
        });
        match method {
            Some(method) => first = first.or(Some((at - "self.".len(), method))),
            None => return None,
        }
    }
    first
}

/// Whether a consumer's text reads from the scope who has connected, or may do so: the user, the session, the cookies,
/// or the scope as a whole.
pub fn reads_identity(text: &str) -> bool {
    const OTHERS: [&str; 9] = [
        "url_route",
        "path",
        "path_remaining",
        "query_string",
        "type",
        "client",
        "server",
        "subprotocols",
        "root_path",
    ];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices("scope").any(|(at, name)| {
        let rest = &text[at + name.len()..];
        if text[..at].ends_with(is_word) || rest.starts_with(is_word) {
            return false;
        }
        let subscript = rest.strip_prefix('[').or_else(|| rest.strip_prefix(".get("));
        let key = subscript.and_then(|rest| rest.strip_prefix(['"', '\'']));
        let key = key.map(|rest| &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]);
        key.is_none_or(|key| !OTHERS.contains(&key))
    })
}

struct Walk<'n> {
    found: Vec<Socket<'n>>,
    wrappers: Vec<&'n Wrapper>,
    branch: Option<Place>,
}

impl<'n> Walk<'n> {
    fn visit(&mut self, node: &'n Node, is_websocket: bool, is_certain: bool) {
        match node {
            Node::Protocols(protocols) => {
                for branch in protocols.branches.iter().filter(|branch| branch.protocol.as_ref() == "websocket") {
                    self.branch = branch.place;
                    self.visit(&branch.node, true, is_certain);
                }
            }
            Node::Wrapper(wrapper) => {
                self.wrappers.push(wrapper);
                self.visit(&wrapper.inner, is_websocket, is_certain);
                self.wrappers.pop();
            }
            Node::Router(router) => {
                for route in &router.routes {
                    self.visit(&route.node, is_websocket, is_certain);
                }
                if router.open && is_websocket {
                    self.reach(End::Unknown("some routes are not known", router.place), is_certain);
                }
            }
            Node::Either(options) => options.iter().for_each(|(_, node)| self.visit(node, is_websocket, false)),
            Node::Consumer(consumer) if is_websocket => self.reach(End::Consumer(consumer), is_certain),
            Node::Unknown(why, place) if is_websocket => self.reach(End::Unknown(why, *place), is_certain),
            Node::Consumer(_) | Node::ChannelNames(_) | Node::Django(_) | Node::Unknown(..) => {}
        }
    }

    fn reach(&mut self, end: End<'n>, is_certain: bool) {
        self.found.push(Socket { wrappers: self.wrappers.clone(), end, branch: self.branch, is_certain });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_is_read_from_the_scope() {
        for text in ["self.scope[\"user\"]", "scope['session']", "get_user(self.scope)", "self.scope.get('user')"] {
            assert!(reads_identity(text), "{text}");
        }
        for text in [
            "self.scope.get('query_string', b'').decode()",
            "self.scope[\"url_route\"][\"kwargs\"]",
            "self.user_id",
            "telescope = 1",
        ] {
            assert!(!reads_identity(text), "{text}");
        }
    }

    #[test]
    fn uses_of_the_layer() {
        let found = |code: &str| layer_use(code).map(|(_, method)| method);
        assert_eq!(found("await self.channel_layer.group_add(room, name)"), Some("group_add"));
        assert_eq!(found("async_to_sync(self.channel_layer.send)(name)"), Some("send"));
        for code in [
            "if self.channel_layer: self.channel_layer.group_add()",
            "self.channel_layer = x\nself.channel_layer.send()",
            "layer = self.channel_layer",
            "layer = get_channel_layer()",
            "channel_layer_alias = x\nself.channel_layer.send()",
            "self.channel_layers.send()",
        ] {
            assert_eq!(found(code), None, "{code}");
        }
    }
}
