//! Which way a connection takes through the ASGI application to what stands at a place: wrappers, routers, route, consumer.

use super::state::At;
use crate::eval::value::Kind;
use crate::project::asgi::application::{Consumer, ConsumerForm, Node, Route, Syntax};
use crate::report::Places;
use crate::report::value_text::value_line;
use crate::source::{Place, Span};

/// The width of a pattern.
const WIDTH: usize = 60;

/// The way of a connection.
pub struct Connection {
    /// What stands at the place.
    pub span: Span,
    /// The way, a line for each step.
    pub text: String,
}

/// The way to the innermost part of the application that stands here: a route, a consumer, something around it, or the
/// class of a consumer where that is defined.
pub fn connection_at(at: &At) -> Option<Connection> {
    let known = at.folder.known.as_ref()?;
    let places = Places { sources: at.view.sources(), base: at.folder.path.clone() };
    let mut found: Vec<(Span, String)> = Vec::new();
    for (_, judged) in known.examined.modules() {
        let Some(application) = &judged.application else { continue };
        let first = Step { text: application.server_name(), place: None };
        let mut walk = Walk { at, places: &places, way: vec![first], found: Vec::new() };
        walk.visit(&application.node);
        found.extend(walk.found);
    }
    let narrowest = found.iter().map(|(span, _)| span.end - span.start).min()?;
    found.retain(|(span, _)| span.end - span.start == narrowest);
    let span = found.first()?.0;
    let mut texts: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
    texts.sort();
    texts.dedup();
    Some(Connection { span, text: texts.join("\n\n") })
}

#[derive(Clone)]
struct Step {
    text: String,
    place: Option<Place>,
}

struct Walk<'w> {
    at: &'w At<'w>,
    places: &'w Places<'w>,
    way: Vec<Step>,
    found: Vec<(Span, String)>,
}

impl Walk<'_> {
    fn visit(&mut self, node: &Node) {
        match node {
            Node::Protocols(protocols) => {
                for branch in &protocols.branches {
                    self.enter(branch.protocol.to_string(), branch.place, |walk| walk.visit(&branch.node));
                }
            }
            Node::Wrapper(wrapper) => {
                self.enter(short(&wrapper.name), wrapper.place, |walk| walk.visit(&wrapper.inner));
            }
            Node::Router(router) => {
                self.enter("URLRouter".to_owned(), router.place, |walk| {
                    for route in &router.routes {
                        walk.enter(pattern(route), route.place, |walk| walk.visit(&route.node));
                    }
                });
            }
            Node::Consumer(consumer) => self.consumer(consumer),
            Node::ChannelNames(place) => self.enter("ChannelNameRouter".to_owned(), *place, |_| {}),
            Node::Django(place) => self.enter("Django".to_owned(), *place, |_| {}),
            Node::Either(options) => {
                for (when, node) in options {
                    match when.is_always() {
                        true => self.visit(node),
                        false => self.enter(when.describe(), None, |walk| walk.visit(node)),
                    }
                }
            }
            Node::Unknown(why, place) => self.enter(format!("not known: {why}"), *place, |_| {}),
        }
    }

    /// A consumer, where it is given and where its class is defined.
    fn consumer(&mut self, consumer: &Consumer) {
        let form = match consumer.form {
            ConsumerForm::Called | ConsumerForm::Uncalled => "",
            ConsumerForm::Class => " (the class itself)",
            ConsumerForm::Instance => " (an instance)",
        };
        let class = consumer.class.as_ref().and_then(|class| class.place);
        self.enter(format!("{}{form}", short(&consumer.name)), class.or(consumer.place), |walk| {
            if class.is_some() {
                walk.look(consumer.place);
            }
        });
    }

    fn enter(&mut self, text: String, place: Option<Place>, inside: impl FnOnce(&mut Self)) {
        self.way.push(Step { text, place });
        self.look(place);
        inside(self);
        self.way.pop();
    }

    /// Takes the way so far where it leads to what is asked about.
    fn look(&mut self, place: Option<Place>) {
        let is_here = |place: &Place| {
            place.file == self.at.file.id && place.span.start <= self.at.offset && self.at.offset <= place.span.end
        };
        if let Some(place) = place.filter(is_here) {
            let text = self.text();
            self.found.push((place.span, text));
        }
    }

    fn text(&self) -> String {
        let lines: Vec<String> =
            self.way.iter().enumerate().map(|(depth, step)| format!("{}{}", "  ".repeat(depth), step.text)).collect();
        let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        let told = lines.iter().zip(&self.way).map(|(line, step)| match step.place {
            Some(place) => format!("{line:width$}  {}", self.places.line(place)),
            None => line.clone(),
        });
        told.collect::<Vec<String>>().join("\n")
    }
}

fn pattern(route: &Route) -> String {
    let function = match route.syntax {
        Syntax::Path => "path",
        Syntax::Regex => "re_path",
    };
    match &route.pattern.kind {
        Kind::Str(pattern) if route.syntax == Syntax::Regex => format!("{function}(r\"{pattern}\")"),
        _ => format!("{function}({})", value_line(&route.pattern, WIDTH)),
    }
}

/// The last part of a qualified name.
fn short(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}
