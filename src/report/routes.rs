//! The ASGI application as a drawing: a tree of text, Mermaid, Graphviz's DOT, or JSON.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::Places;
use super::value_text::value_line;
use crate::project::asgi::application::{Application, ConsumerForm, Node, Syntax, WrapperKind};
use crate::source::Place;

/// A part of an application, with what is inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    kind: &'static str,
    /// What it is called: a protocol, the qualified name of a wrapper or consumer, a pattern.
    name: String,
    /// What more there is to say.
    note: Option<String>,
    place: Option<Place>,
    inside: Vec<Part>,
}

/// The longest pattern that is shown, in columns.
const WIDTH: usize = 60;

impl Part {
    fn new(kind: &'static str, name: impl Into<String>, place: Option<Place>) -> Self {
        Self { kind, name: name.into(), note: None, place, inside: Vec::new() }
    }

    /// The whole of an application.
    pub fn of(application: &Application) -> Self {
        let whole = Self::new("application", application.server_name(), application.node.place());
        Self { inside: vec![Self::of_node(&application.node)], ..whole }
    }

    fn of_node(node: &Node) -> Self {
        match node {
            Node::Protocols(protocols) => {
                let branches = protocols.branches.iter().map(|branch| {
                    let part = Self::new("protocol", &*branch.protocol, branch.place);
                    Self { inside: vec![Self::of_node(&branch.node)], ..part }
                });
                let inside = branches.chain(more(protocols.open, "protocols")).collect();
                Self { inside, ..Self::new("protocols", "ProtocolTypeRouter", protocols.place) }
            }
            Node::Wrapper(wrapper) => {
                let note = match &wrapper.kind {
                    WrapperKind::AllowedHosts => Some("origins of ALLOWED_HOSTS".to_owned()),
                    WrapperKind::Origins(patterns) => Some(format!("origins {}", value_line(patterns, WIDTH))),
                    WrapperKind::Cookies | WrapperKind::Other => None,
                };
                let inside = vec![Self::of_node(&wrapper.inner)];
                Self { note, inside, ..Self::new("wrapper", &*wrapper.name, wrapper.place) }
            }
            Node::Router(router) => {
                let routes = router.routes.iter().map(|route| {
                    let function = match route.syntax {
                        Syntax::Path => "path",
                        Syntax::Regex => "re_path",
                    };
                    let name = format!("{function}({})", value_line(&route.pattern, WIDTH));
                    let note = Some(route.when.describe()).filter(|_| !route.when.is_always());
                    let inside = vec![Self::of_node(&route.node)];
                    Self { note, inside, ..Self::new("route", name, route.place) }
                });
                let inside = routes.chain(more(router.open, "routes")).collect();
                Self { inside, ..Self::new("router", "URLRouter", router.place) }
            }
            Node::Consumer(consumer) => {
                let note = match consumer.form {
                    ConsumerForm::Called => None,
                    ConsumerForm::Uncalled => Some("as_asgi is not called".to_owned()),
                    ConsumerForm::Class => Some("the class, without as_asgi()".to_owned()),
                    ConsumerForm::Instance => Some("an instance, without as_asgi()".to_owned()),
                };
                Self { note, ..Self::new("consumer", &*consumer.name, consumer.place) }
            }
            Node::ChannelNames(place) => Self::new("channel-names", "ChannelNameRouter", *place),
            Node::Django(place) => Self::new("django", "Django", *place),
            Node::Either(options) => {
                let cases = options.iter().map(|(condition, node)| {
                    let part = Self::new("case", condition.describe(), node.place());
                    Self { inside: vec![Self::of_node(node)], ..part }
                });
                Self { inside: cases.collect(), ..Self::new("either", "one of", node.place()) }
            }
            Node::Unknown(why, place) => {
                Self { note: Some(why.to_string()), ..Self::new("unknown", "unknown", *place) }
            }
        }
    }

    /// Its name without the modules that it is in, and what more there is to say.
    fn label(&self) -> String {
        let name = match self.kind {
            "wrapper" | "consumer" => self.name.rsplit('.').next().unwrap_or(&self.name),
            _ => &self.name,
        };
        self.note.as_ref().map_or(name.to_owned(), |note| format!("{name}: {note}"))
    }
}

/// What stands for parts that are not known.
fn more(open: bool, what: &str) -> Option<Part> {
    open.then(|| Part { note: Some(format!("there may be more {what}")), ..Part::new("unknown", "unknown", None) })
}

/// A tree of text, with the place of each part. `unicode` is whether lines may be drawn with more than ASCII.
pub fn tree(part: &Part, places: &Places, unicode: bool) -> String {
    let mut rows = Vec::new();
    rows.push((part.label(), part.place));
    branches(part, "", unicode, &mut rows);
    let width = rows.iter().map(|(text, _)| super::value_text::columns(text)).max().unwrap_or_default();
    let line = |(text, place): (String, Option<Place>)| match place {
        Some(place) => {
            let gap = " ".repeat(width - super::value_text::columns(&text));
            format!("{text}{gap}  {}\n", places.line(place))
        }
        None => text + "\n",
    };
    rows.into_iter().map(line).collect()
}

fn branches(part: &Part, indent: &str, unicode: bool, rows: &mut Vec<(String, Option<Place>)>) {
    let (fork, last, bar) = if unicode { ("├── ", "└── ", "│   ") } else { ("|-- ", "`-- ", "|   ") };
    for (at, inner) in part.inside.iter().enumerate() {
        let is_last = at + 1 == part.inside.len();
        rows.push((format!("{indent}{}{}", if is_last { last } else { fork }, inner.label()), inner.place));
        branches(inner, &format!("{indent}{}", if is_last { "    " } else { bar }), unicode, rows);
    }
}

/// A flow chart of Mermaid.
pub fn mermaid(parts: &[Part]) -> String {
    // `#` begins an entity: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
    let escaped = |text: &str| {
        let mut escaped = text.replace('#', "#35;");
        for (character, entity) in [('"', "#quot;"), ('<', "#lt;"), ('>', "#gt;")] {
            escaped = escaped.replace(character, entity);
        }
        escaped
    };
    let mut text = "flowchart TD\n".to_owned();
    numbered(parts, &mut |number, part, from| {
        let _ = writeln!(text, "    n{number}[\"{}\"]", escaped(&part.label()));
        if let Some(from) = from {
            let _ = writeln!(text, "    n{from} --> n{number}");
        }
    });
    text
}

/// A graph of Graphviz.
pub fn dot(parts: &[Part]) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = "digraph application {\n    node [shape=box]\n".to_owned();
    numbered(parts, &mut |number, part, from| {
        let _ = writeln!(text, "    n{number} [label=\"{}\"]", escaped(&part.label()));
        if let Some(from) = from {
            let _ = writeln!(text, "    n{from} -> n{number}");
        }
    });
    text + "}\n"
}

/// Calls `visit` with each part, its number, and the number of the part that it is in.
fn numbered(parts: &[Part], visit: &mut dyn FnMut(usize, &Part, Option<usize>)) {
    fn each(part: &Part, from: Option<usize>, next: &mut usize, visit: &mut dyn FnMut(usize, &Part, Option<usize>)) {
        let number = *next;
        *next += 1;
        visit(number, part, from);
        part.inside.iter().for_each(|inner| each(inner, Some(number), next, visit));
    }
    let mut next = 0;
    parts.iter().for_each(|part| each(part, None, &mut next, visit));
}

/// A part as JSON.
pub fn json(part: &Part, places: &Places) -> Json {
    let start = part.place.map(|place| places.start(place));
    json!({
        "kind": part.kind,
        "name": part.name,
        "note": part.note,
        "path": part.place.map(|place| places.file(place)),
        "start": start.map(|start| json!({"line": start.line, "column": start.column})),
        "inside": part.inside.iter().map(|inner| json(inner, places)).collect::<Vec<_>>(),
    })
}
