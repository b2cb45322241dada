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
