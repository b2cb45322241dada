//! Which way a connection takes through the ASGI application to what stands at a place: wrappers, routers, route, consumer.

use super::state::At;
use crate::eval::value::Kind;
use crate::project::asgi::application::{Consumer, ConsumerForm, Node, Route, Syntax};
use crate::report::Places;
use crate::report::value_text::{columns, value_line};
use crate::source::{Place, Span};

/// The width of a pattern.
const WIDTH: usize = 60;
/// Of what lies behind a step, so many lines are shown.
const MAX_BEHIND: usize = 12;

/// The way of a connection.
pub struct Connection {
    /// What stands at the place.
    pub span: Span,
    /// The way, a line for each step.
    pub text: String,
}

/// The way to the innermost part of the application that stands here, and on to what lies behind it: a route, a consumer,
/// something around it, or the class of a consumer where that is defined.
pub fn connection_at(at: &At) -> Option<Connection> {
    let known = at.folder.known.as_ref()?;
    let places = Places { sources: at.view.sources(), base: at.folder.path.clone() };
    let mut found: Vec<Connection> = Vec::new();
    for (_, judged) in known.examined.modules() {
        let Some(application) = &judged.application else { continue };
        let mut steps = Steps::default();
        steps.add(application.server_name(), None, |steps| steps.visit(&application.node));
        let ways = steps.all.iter().enumerate().flat_map(|(index, step)| {
            let here = step.places().filter(|place| at.is_within(*place));
            here.map(move |place| (place.span, index))
        });
        found.extend(ways.map(|(span, index)| Connection { span, text: steps.way(index, &places) }));
    }
    let narrowest = found.iter().map(|connection| connection.span.end - connection.span.start).min()?;
    found.retain(|connection| connection.span.end - connection.span.start == narrowest);
    let span = found.first()?.span;
    let mut texts: Vec<String> = found.into_iter().map(|connection| connection.text).collect();
    texts.sort();
    texts.dedup();
    Some(Connection { span, text: texts.join("\n\n") })
}

impl At<'_> {
    fn is_within(&self, place: Place) -> bool {
        place.file == self.file.id && place.span.start <= self.offset && self.offset <= place.span.end
    }
}

/// A part of the application.
struct Step {
    depth: usize,
    text: String,
    place: Option<Place>,
    /// Where a consumer is given, whose place is that of its class.
    given: Option<Place>,
}

impl Step {
    fn places(&self) -> impl Iterator<Item = Place> {
        self.place.into_iter().chain(self.given)
    }
}

/// The parts of the application, each followed by what lies behind it.
#[derive(Default)]
struct Steps {
    all: Vec<Step>,
    depth: usize,
}

impl Steps {
    fn visit(&mut self, node: &Node) {
        match node {
            Node::Protocols(protocols) => {
                for branch in &protocols.branches {
                    self.add(branch.protocol.to_string(), branch.place, |steps| steps.visit(&branch.node));
                }
            }
            Node::Wrapper(wrapper) => {
                self.add(short(&wrapper.name), wrapper.place, |steps| steps.visit(&wrapper.inner));
            }
            Node::Router(router) => {
                self.add("URLRouter".to_owned(), router.place, |steps| {
                    for route in &router.routes {
                        steps.add(pattern(route), route.place, |steps| steps.visit(&route.node));
                    }
                });
            }
            Node::Consumer(consumer) => self.consumer(consumer),
            Node::ChannelNames(place) => self.add("ChannelNameRouter".to_owned(), *place, |_| {}),
            Node::Django(place) => self.add("Django".to_owned(), *place, |_| {}),
            Node::Either(options) => {
                for (when, node) in options {
                    match when.is_always() {
                        true => self.visit(node),
                        false => self.add(when.describe(), None, |steps| steps.visit(node)),
                    }
                }
            }
            Node::Unknown(why, place) => self.add(format!("not known: {why}"), *place, |_| {}),
        }
    }

    fn consumer(&mut self, consumer: &Consumer) {
        let form = match consumer.form {
            ConsumerForm::Called => "",
            ConsumerForm::Uncalled => " (as_asgi is not called)",
            ConsumerForm::Class => " (the class itself)",
            ConsumerForm::Instance => " (an instance)",
        };
        let class = consumer.class.as_ref().and_then(|class| class.place);
        self.all.push(Step {
            depth: self.depth,
            text: format!("{}{form}", short(&consumer.name)),
            place: class.or(consumer.place),
            given: consumer.place.filter(|_| class.is_some()),
        });
    }

    fn add(&mut self, text: String, place: Option<Place>, inside: impl FnOnce(&mut Self)) {
        self.all.push(Step { depth: self.depth, text, place, given: None });
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }

    /// The way to a step and on, each step on a line with its place.
    fn way(&self, index: usize, places: &Places) -> String {
        let mut way: Vec<&Step> = Vec::new();
        let mut depth = self.all[index].depth + 1;
        for step in self.all[..=index].iter().rev() {
            if step.depth < depth {
                depth = step.depth;
                way.push(step);
            }
        }
        way.reverse();
        let behind = self.all[index + 1..].iter().take_while(|step| step.depth > self.all[index].depth);
        let behind: Vec<&Step> = behind.collect();
        way.extend(behind.iter().take(MAX_BEHIND));
        let line = |step: &Step| format!("{}{}", "  ".repeat(step.depth), step.text);
        let width = way.iter().map(|step| columns(&line(step))).max().unwrap_or(0);
        let told = way.iter().map(|step| match step.place {
            Some(place) => format!("{:width$}  {}", line(step), places.line(place)),
            None => line(step),
        });
        let hidden = behind.len().saturating_sub(MAX_BEHIND);
        let more = (hidden > 0).then(|| format!("… {hidden} more"));
        told.chain(more).collect::<Vec<String>>().join("\n")
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
