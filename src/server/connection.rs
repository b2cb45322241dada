//! Which way a connection takes through the ASGI application to what stands at a place: wrappers, routers, route, consumer.

use super::state::At;
use crate::report::Places;
use crate::report::routes::{Part, tree};
use crate::source::{Place, Span};

/// The way of a connection.
pub struct Connection {
    /// What stands at the place.
    pub span: Span,
    /// The way, as `djudge routes` draws it.
    pub text: String,
}

/// The way to the innermost part of the application that stands here, and on to what lies behind it: a route, a consumer,
/// something around it, or the class of a consumer where that is defined.
pub fn connection_at(at: &At) -> Option<Connection> {
    let known = at.folder.known.as_ref()?;
    let places = Places { sources: at.view.sources(), base: at.folder.path.clone() };
    let is_here =
        |place: Place| place.file == at.file.id && place.span.start <= at.offset && at.offset <= place.span.end;
    let applications = known.examined.modules().filter_map(|(_, judged)| judged.application.as_ref());
    let found: Vec<(Place, Part)> = applications.filter_map(|application| Part::of(application).at(&is_here)).collect();
    let span = found.iter().map(|(place, _)| place.span).min_by_key(|span| span.end - span.start)?;
    let mut ways: Vec<Part> = Vec::new();
    for (place, way) in found {
        // Several settings modules may be there for one application.
        if place.span == span && !ways.contains(&way) {
            ways.push(way);
        }
    }
    let drawn: Vec<String> = ways.iter().map(|way| tree(way, &places, true)).collect();
    Some(Connection { span, text: drawn.join("\n") })
}
