//! The ASGI application as a tree: protocols, validators, middleware, routers, routes, consumers.

use std::sync::Arc;

use crate::eval::value::{Class, Condition, Value};
use crate::source::{FileId, Place};

/// An ASGI application.
#[derive(Debug)]
pub struct Application {
    /// The module that holds it.
    pub module: String,
    /// Its file.
    pub file: FileId,
    /// The name that it is bound to there.
    pub name: String,
    /// The application.
    pub node: Node,
}

/// A part of an application.
#[derive(Debug)]
pub enum Node {
    /// `ProtocolTypeRouter({…})`.
    Protocols(Protocols),
    /// Something around another part: a validator, a middleware, a stack of them.
    Wrapper(Box<Wrapper>),
    /// `URLRouter([…])`.
    Router(Router),
    /// A consumer, as a route or on its own.
    Consumer(Consumer),
    /// `ChannelNameRouter({…})`.
    ChannelNames(Option<Place>),
    /// `get_asgi_application()`: Django itself, which answers HTTP alone.
    Django(Option<Place>),
    /// One of several.
    Either(Vec<(Condition, Node)>),
    /// Something that is not known, and why.
    Unknown(Arc<str>, Option<Place>),
}

/// `ProtocolTypeRouter({…})`.
#[derive(Debug)]
pub struct Protocols {
    /// The entries in order.
    pub branches: Vec<Branch>,
    /// Whether there may be more.
    pub open: bool,
    /// Where it is made.
    pub place: Option<Place>,
}

/// An entry of a `ProtocolTypeRouter`.
#[derive(Debug)]
pub struct Branch {
    /// The protocol: `websocket`.
    pub protocol: Arc<str>,
    /// Where the key is written.
    pub place: Option<Place>,
    /// What serves it.
    pub node: Node,
}

/// Something around another part.
#[derive(Debug)]
pub struct Wrapper {
    /// What it does.
    pub kind: WrapperKind,
    /// What it is called: the qualified name of the function or class.
    pub name: Arc<str>,
    /// Where it is put around.
    pub place: Option<Place>,
    /// Its class, where it is an instance of one of the project.
    pub class: Option<Arc<Class>>,
    /// What is inside.
    pub inner: Node,
}

/// What a wrapper does.
#[derive(Debug)]
pub enum WrapperKind {
    /// `AllowedHostsOriginValidator`: checks the `Origin` header against `ALLOWED_HOSTS`.
    AllowedHosts,
    /// `OriginValidator`: checks the `Origin` header against these patterns.
    Origins(Value),
    /// A middleware of Channels that reads cookies, sessions or the user of a session.
    Cookies,
    /// Anything else.
    Other,
}

/// `URLRouter([…])`.
#[derive(Debug)]
pub struct Router {
    /// The routes that are known, in order.
    pub routes: Vec<Route>,
    /// Whether there may be more.
    pub open: bool,
    /// What stands among the routes and is none, so that the router cannot be made.
    pub misfits: Vec<Misfit>,
    /// Where it is made.
    pub place: Option<Place>,
}

/// Something among the routes of a `URLRouter` that is no route to an application.
#[derive(Debug)]
pub struct Misfit {
    /// What it is.
    pub kind: MisfitKind,
    /// Where it stands.
    pub place: Option<Place>,
}

/// What stands among the routes of a `URLRouter` instead of a route to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MisfitKind {
    /// A list of routes.
    List,
    /// An application that lacks its `path()`.
    Application,
    /// `path("…", include(…))`.
    Include,
}

/// A route of a `URLRouter`.
#[derive(Debug)]
pub struct Route {
    /// How the pattern is written.
    pub syntax: Syntax,
    /// The pattern.
    pub pattern: Value,
    /// When it is there.
    pub when: Condition,
    /// Where the route is made.
    pub place: Option<Place>,
    /// What it leads to.
    pub node: Node,
}

/// How a route's pattern is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `path()`, with converters.
    Path,
    /// `re_path()` or `url()`, a regular expression.
    Regex,
}

/// A consumer.
#[derive(Debug)]
pub struct Consumer {
    /// Its class, where it is one of the project.
    pub class: Option<Arc<Class>>,
    /// Its qualified name.
    pub name: Arc<str>,
    /// How it is given.
    pub form: ConsumerForm,
    /// Where it is given.
    pub place: Option<Place>,
}

/// How a consumer is given as an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsumerForm {
    /// `Consumer.as_asgi()`.
    Called,
    /// `Consumer.as_asgi`: the method, not called.
    Uncalled,
    /// `Consumer`: the class.
    Class,
    /// `Consumer()`: an instance.
    Instance,
}

impl Node {
    /// Calls `visit` with every part, outermost first; `visit` says whether to go on inside.
    pub fn walk<'n>(&'n self, visit: &mut dyn FnMut(&'n Node) -> bool) {
        if !visit(self) {
            return;
        }
        match self {
            Self::Protocols(protocols) => protocols.branches.iter().for_each(|branch| branch.node.walk(visit)),
            Self::Wrapper(wrapper) => wrapper.inner.walk(visit),
            Self::Router(router) => router.routes.iter().for_each(|route| route.node.walk(visit)),
            Self::Either(options) => options.iter().for_each(|(_, node)| node.walk(visit)),
            Self::Consumer(_) | Self::ChannelNames(_) | Self::Django(_) | Self::Unknown(..) => {}
        }
    }

    /// Where the part is made.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Protocols(protocols) => protocols.place,
            Self::Wrapper(wrapper) => wrapper.place,
            Self::Router(router) => router.place,
            Self::Consumer(consumer) => consumer.place,
            Self::ChannelNames(place) | Self::Django(place) | Self::Unknown(_, place) => *place,
            Self::Either(options) => options.first().and_then(|(_, node)| node.place()),
        }
    }
}

impl Application {
    /// Its name as servers take it: `config.asgi:application`.
    pub fn server_name(&self) -> String {
        format!("{}:{}", self.module, self.name)
    }

    /// The whole application, in each form that it can have.
    pub fn forms(&self) -> Vec<&Node> {
        let mut forms = vec![&self.node];
        while let Some(at) = forms.iter().position(|node| matches!(node, Node::Either(_))) {
            if let Node::Either(options) = forms.remove(at) {
                forms.splice(at..at, options.iter().map(|(_, option)| option));
            }
        }
        forms
    }

    /// All routes, wherever in the tree.
    pub fn routes(&self) -> Vec<&Route> {
        self.routers().into_iter().flat_map(|router| &router.routes).collect()
    }

    /// All routers, outermost first.
    pub fn routers(&self) -> Vec<&Router> {
        let mut routers = Vec::new();
        self.node.walk(&mut |node| {
            if let Node::Router(router) = node {
                routers.push(router);
            }
            true
        });
        routers
    }
}
