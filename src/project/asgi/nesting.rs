//! Routers within routers: which of the inner routes a path can reach.

use regex::Regex;

use super::application::{Node, Route, Router, Syntax, Wrapper, WrapperKind};

/// A router that a route leads to.
#[derive(Debug)]
pub struct Nested<'n> {
    /// What stands around it: `URLRouter` does not look through that.
    pub wrapper: Option<&'n Wrapper>,
    /// The router.
    pub router: &'n Router,
}

impl Route {
    /// The router that this route leads to, where it leads to one.
    pub fn nested(&self) -> Option<Nested<'_>> {
        let mut node = &self.node;
        let mut outermost = None;
        loop {
            match node {
                Node::Router(router) => return Some(Nested { wrapper: outermost, router }),
                Node::Wrapper(wrapper) => {
                    outermost = outermost.or(Some(wrapper.as_ref()));
                    node = &wrapper.inner;
                }
                _ => return None,
            }
        }
    }

    /// Whether it leads to nothing but consumers.
    pub fn is_leaf(&self) -> bool {
        fn is_leaf(node: &Node) -> bool {
            match node {
                Node::Consumer(_) => true,
                Node::Wrapper(wrapper) => is_leaf(&wrapper.inner),
                Node::Either(options) => options.iter().all(|(_, option)| is_leaf(option)),
                _ => false,
            }
        }
        is_leaf(&self.node)
    }

    /// Whether it may match the path of which nothing is left.
    fn may_match_nothing(&self) -> bool {
        match (self.pattern.as_str(), self.syntax) {
            (None, _) => true,
            (Some(pattern), Syntax::Path) => pattern.is_empty(),
            (Some(pattern), Syntax::Regex) => Regex::new(pattern).map_or(true, |regex| regex.is_match("")),
        }
    }

    /// Whether the pattern is a regular expression that matches the end of the path.
    pub fn ends_at_the_end(&self) -> bool {
        let ends = |pattern: &str| {
            let escapes = |rest: &str| rest.len() - rest.trim_end_matches('\\').len();
            pattern.strip_suffix('$').is_some_and(|rest| escapes(rest) % 2 == 0) || pattern.ends_with(r"\Z")
        };
        self.syntax == Syntax::Regex
            && self.pattern.as_str().is_some_and(|pattern| ends(pattern) && !pattern.contains('|'))
    }

    /// Whether it takes the rest of the path, whatever that is.
    fn takes_the_rest(&self) -> bool {
        self.pattern.as_str().is_none_or(|pattern| pattern.contains("<path:") || has_own_converter(pattern))
    }
}

/// Whether a converter that is not Django's own may match slashes too.
fn has_own_converter(pattern: &str) -> bool {
    const KNOWN: [&str; 4] = ["str", "int", "slug", "uuid"];
    let names = pattern.match_indices('<').filter_map(|(at, _)| pattern[at + 1..].split_once(':'));
    names.into_iter().any(|(name, _)| !name.contains('>') && !KNOWN.contains(&name.trim()))
}

impl Nested<'_> {
    /// An inner route that no path reaches where the route in front of it matches whole paths alone.
    pub fn unreachable(&self) -> Option<&Route> {
        self.router.routes.iter().find(|route| !route.may_match_nothing())
    }

    /// Whether it is certain that `URLRouter` sees no router here: what stands around it is a part of Channels, or a
    /// class of the project.
    pub fn is_hidden(&self) -> bool {
        self.wrapper.is_some_and(|wrapper| !matches!(wrapper.kind, WrapperKind::Other) || wrapper.class.is_some())
    }
}

/// Whether a route with something around its router is taken for the end of the path.
///
/// `path()` matches whole paths then; a regular expression does so only where it says it.
pub fn is_end_point(route: &Route) -> bool {
    match route.syntax {
        Syntax::Path => !route.takes_the_rest(),
        Syntax::Regex => route.ends_at_the_end(),
    }
}
