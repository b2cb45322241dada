//! Consumers that are routed to as they are, not as what `as_asgi()` makes of them.

use crate::project::asgi::application::{Consumer, ConsumerForm, Node, WrapperKind};
use crate::rule::{Context, Findings};
use crate::source::Place;

/// Reports each consumer that is not given as `Consumer.as_asgi()`.
pub fn check(context: &Context, findings: &mut Findings) {
    let Some(application) = context.application() else { return };
    // Channels 2 made the instances itself: there the class is right.
    if !context.settings().is_at_least("channels", "3.0") {
        return;
    }
    let mut consumers = Vec::new();
    collect(&application.node, application.node.place(), &mut consumers);
    for (consumer, place) in consumers {
        report(context, findings, consumer, place);
    }
}

/// The consumers in a part of an application, each with the route, stack or key that it is given to.
fn collect<'n>(node: &'n Node, around: Option<Place>, found: &mut Vec<(&'n Consumer, Place)>) {
    match node {
        Node::Consumer(consumer) => found.extend(around.or(consumer.place).map(|place| (consumer, place))),
        Node::Protocols(protocols) => {
            protocols.branches.iter().for_each(|branch| collect(&branch.node, branch.place.or(around), found));
        }
        Node::Wrapper(wrapper) => match (&wrapper.kind, &wrapper.inner) {
            // What is not part of Channels may well call `as_asgi()` itself.
            (WrapperKind::Other, Node::Consumer(_) | Node::Either(_)) => {}
            _ => collect(&wrapper.inner, wrapper.place.or(around), found),
        },
        Node::Router(router) => router.routes.iter().for_each(|route| collect(&route.node, route.place, found)),
        Node::Either(options) => options.iter().for_each(|(_, option)| collect(option, around, found)),
        Node::ChannelNames(_) | Node::Django(_) | Node::Unknown(..) => {}
    }
}

fn report(context: &Context, findings: &mut Findings, consumer: &Consumer, place: Place) {
    let name = consumer.name.rsplit('.').next().unwrap_or(&consumer.name);
    // For a method, the name is that of the base class in which it was found.
    let written = context.text_at(place);
    let words = || written.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
    let method = words().find_map(|word| word.strip_suffix(".as_asgi")?.rsplit('.').next());
    let (message, class) = match consumer.form {
        ConsumerForm::Called => return,
        ConsumerForm::Class => (
            format!(
                "`{name}` is given as a class: since Channels 3, every connection to it ends in `TypeError` and status 500"
            ),
            name,
        ),
        ConsumerForm::Uncalled => {
            let class = method.unwrap_or(name);
            // A package's own `as_asgi` may be anything, where it is not that of a consumer.
            if !class.ends_with("Consumer") && !consumer.name.starts_with("channels.") {
                return;
            }
            (
                format!(
                    "`{class}.as_asgi` is given without being called: every connection to it ends in `TypeError` and \
                     status 500"
                ),
                class,
            )
        }
        ConsumerForm::Instance => (
            format!("`{name}()` is one instance for all connections: messages meant for one client reach another"),
            name,
        ),
    };
    let defined = consumer.class.as_ref().and_then(|class| class.place);
    // A route has its application second, what stands around a consumer has it first.
    let edits = context.edit_at(place, |editor, call| {
        let first = editor.argument(call, 0, "application");
        let given = editor.argument(call, 1, "view").or(first)?;
        editor.call_as_asgi(given)
    });
    findings
        .report(place, message)
        .help(format!("write `{class}.as_asgi()`"))
        .safe_fix(format!("write `{class}.as_asgi()`"), edits)
        .related(defined, "the consumer");
}
