//! What an application is made of, read from the value that its module ends with.

use std::sync::Arc;

use super::application::{
    Branch, Consumer, ConsumerForm, Misfit, MisfitKind, Node, Protocols, Route, Router, Syntax, Wrapper, WrapperKind,
};
use crate::eval::value::{Call, Class, Condition, Kind, Value};
use crate::source::Place;

impl Node {
    /// The part of an application that a value is.
    pub fn of(value: &Value) -> Self {
        Self::nested(value, 0)
    }

    fn nested(value: &Value, depth: usize) -> Self {
        const MAX_DEPTH: usize = 40;
        let place = value.origin;
        if depth > MAX_DEPTH {
            return Self::Unknown("the application is nested too deeply".into(), place);
        }
        match &value.kind {
            Kind::Call(call) => Self::of_call(call, place, depth),
            Kind::Instance(instance) => {
                let name = class_name(&instance.class);
                if is_consumer(&instance.class) {
                    let class = class_of(&instance.class);
                    return Self::Consumer(Consumer { class, name, form: ConsumerForm::Instance, place });
                }
                let arguments = instance.args.iter().chain(instance.named.iter().map(|(_, value)| value));
                let class = class_of(&instance.class);
                Self::wrapper(WrapperKind::Other, name, class, arguments, place, depth)
            }
            Kind::Class(class) if is_consumer(value) => Self::Consumer(Consumer {
                class: Some(class.clone()),
                name: class_name(value),
                form: ConsumerForm::Class,
                place,
            }),
            Kind::Symbol(name) if name.ends_with(".as_asgi") => Self::Consumer(Consumer {
                class: None,
                name: name.trim_end_matches(".as_asgi").into(),
                form: ConsumerForm::Uncalled,
                place,
            }),
            Kind::Symbol(name) => Self::Unknown(format!("{name} is not evaluated").into(), place),
            Kind::Function(function) if function.is_async => {
                Self::Unknown(format!("{} is written by hand", function.name).into(), place)
            }
            Kind::Function(function) => Self::Unknown(format!("{} is a function", function.name).into(), place),
            Kind::Either(either) => {
                let options = either.options.iter();
                Self::Either(
                    options.map(|choice| (choice.when.clone(), Self::nested(&choice.value, depth + 1))).collect(),
                )
            }
            Kind::Unknown(unknown) => Self::Unknown(unknown.why.clone(), place),
            _ => Self::Unknown(format!("it is a {}", value.type_name()).into(), place),
        }
    }

    fn of_call(call: &Arc<Call>, place: Option<Place>, depth: usize) -> Self {
        let name = call.function.clone();
        let arguments = || call.args.iter().chain(call.named.iter().map(|(_, value)| value));
        let short = name.rsplit('.').next().unwrap_or(&name);
        let inner = || call.arg(0, "inner").or_else(|| call.arg(0, "application")).or_else(|| call.arg(0, "app"));
        match name.as_ref() {
            "channels.routing.ProtocolTypeRouter" => match call.arg(0, "application_mapping") {
                Some(mapping) => Self::protocols(mapping, place, depth),
                None => Self::Unknown("ProtocolTypeRouter() without a mapping".into(), place),
            },
            "channels.routing.URLRouter" => match call.arg(0, "routes") {
                Some(routes) => Self::router(routes, place, depth),
                None => Self::Unknown("URLRouter() without routes".into(), place),
            },
            "channels.routing.ChannelNameRouter" => Self::ChannelNames(place),
            _ if short == "get_asgi_application" || name.as_ref() == "channels.http.AsgiHandler" => Self::Django(place),
            "channels.security.websocket.AllowedHostsOriginValidator" => {
                Self::wrapper(WrapperKind::AllowedHosts, name.clone(), None, inner(), place, depth)
            }
            "channels.security.websocket.OriginValidator" => {
                let missing = Value::new(Kind::Missing, place);
                let patterns = call.arg(1, "allowed_origins").cloned().unwrap_or(missing);
                Self::wrapper(WrapperKind::Origins(patterns), name.clone(), None, inner(), place, depth)
            }
            "channels.auth.AuthMiddlewareStack"
            | "channels.auth.AuthMiddleware"
            | "channels.sessions.SessionMiddlewareStack"
            | "channels.sessions.SessionMiddleware"
            | "channels.sessions.CookieMiddleware" => {
                Self::wrapper(WrapperKind::Cookies, name.clone(), None, inner(), place, depth)
            }
            _ if short == "as_asgi" => {
                let class = call.args.first().and_then(class_of);
                let named = call.args.first().map(class_name).filter(|_| class.is_some());
                let name = named.unwrap_or_else(|| name.trim_end_matches(".as_asgi").into());
                Self::Consumer(Consumer { class, name, form: ConsumerForm::Called, place })
            }
            _ => Self::wrapper(WrapperKind::Other, name.clone(), None, arguments(), place, depth),
        }
    }

    /// A wrapper around the first argument that is an application.
    fn wrapper<'v>(
        kind: WrapperKind,
        name: Arc<str>,
        class: Option<Arc<Class>>,
        arguments: impl IntoIterator<Item = &'v Value>,
        place: Option<Place>,
        depth: usize,
    ) -> Self {
        let mut inner = arguments.into_iter().map(|argument| Self::nested(argument, depth + 1));
        let is_known_kind = !matches!(kind, WrapperKind::Other);
        let found = inner.find(|node| is_known_kind || !matches!(node, Self::Unknown(..)));
        match found {
            Some(inner) => Self::Wrapper(Box::new(Wrapper { kind, name, place, class, inner })),
            None => Self::Unknown(format!("{name} is not evaluated").into(), place),
        }
    }

    fn protocols(mapping: &Value, place: Option<Place>, depth: usize) -> Self {
        let Some(dict) = mapping.as_dict() else {
            return match &mapping.kind {
                Kind::Either(either) => Self::Either(
                    either
                        .options
                        .iter()
                        .map(|choice| (choice.when.clone(), Self::protocols(&choice.value, place, depth + 1)))
                        .collect(),
                ),
                _ => Self::Unknown("the mapping of the ProtocolTypeRouter is not known".into(), place),
            };
        };
        let mut branches = Vec::with_capacity(dict.entries.len());
        let mut open = dict.open.is_some();
        for entry in &dict.entries {
            match (entry.key.as_str(), entry.when.is_always()) {
                (Some(protocol), true) => branches.push(Branch {
                    protocol: protocol.into(),
                    place: entry.key.origin,
                    node: Self::nested(&entry.value, depth + 1),
                }),
                _ => open = true,
            }
        }
        Self::Protocols(Protocols { branches, open, place })
    }

    fn router(routes: &Value, place: Option<Place>, depth: usize) -> Self {
        let mut router = Router { routes: Vec::new(), open: false, misfits: Vec::new(), place };
        for (when, routes) in routes.options() {
            match routes.sequence() {
                Some(sequence) => {
                    router.open |= sequence.open.is_some() || !when.is_always();
                    for item in &sequence.items {
                        match Route::of(&item.value, when.narrowed_by(&item.when), depth) {
                            Some(route) => router.routes.push(route),
                            None => {
                                router.misfits.extend(Misfit::of(&item.value, depth));
                                router.open = true;
                            }
                        }
                    }
                }
                None => router.open = true,
            }
        }
        Self::Router(router)
    }
}

impl Route {
    fn of(value: &Value, when: Condition, depth: usize) -> Option<Self> {
        let Kind::Call(call) = &value.kind else { return None };
        let syntax = route_syntax(&call.function)?;
        let pattern =
            call.arg(0, if syntax == Syntax::Path { "route" } else { "regex" }).or_else(|| call.arg(0, "route"))?;
        let target = call.arg(1, "view").filter(|target| !is_include(target))?;
        let node = Node::nested(target, depth + 1);
        Some(Self { syntax, pattern: pattern.clone(), when, place: value.origin, node })
    }
}

fn route_syntax(function: &str) -> Option<Syntax> {
    match function {
        "django.urls.path" | "django.urls.conf.path" => Some(Syntax::Path),
        "django.urls.re_path" | "django.urls.conf.re_path" | "django.conf.urls.url" => Some(Syntax::Regex),
        _ => None,
    }
}

/// `include(…)`, of which `path()` makes no route to an application.
fn is_include(target: &Value) -> bool {
    let names = ["django.urls.include", "django.urls.conf.include", "django.conf.urls.include"];
    matches!(&target.kind, Kind::Call(call) if names.contains(&call.function.as_ref()))
}

impl Misfit {
    fn of(value: &Value, depth: usize) -> Option<Self> {
        let kind = match &value.kind {
            Kind::List(_) | Kind::Tuple(_) => MisfitKind::List,
            Kind::Call(call) if route_syntax(&call.function).is_some() => {
                let is_included = call.arg(1, "view").is_some_and(is_include);
                return is_included.then_some(Self { kind: MisfitKind::Include, place: value.origin });
            }
            Kind::Call(_) => match Node::nested(value, depth + 1) {
                Node::Router(_) | Node::Consumer(Consumer { form: ConsumerForm::Called, .. }) => {
                    MisfitKind::Application
                }
                Node::Wrapper(wrapper) if !matches!(wrapper.kind, WrapperKind::Other) => MisfitKind::Application,
                _ => return None,
            },
            _ => return None,
        };
        Some(Self { kind, place: value.origin })
    }
}

fn class_of(value: &Value) -> Option<Arc<Class>> {
    match &value.kind {
        Kind::Class(class) => Some(class.clone()),
        _ => None,
    }
}

fn class_name(value: &Value) -> Arc<str> {
    match &value.kind {
        Kind::Class(class) => format!("{}.{}", class.module, class.name).into(),
        Kind::Symbol(name) => name.clone(),
        _ => "a class".into(),
    }
}

/// Whether a class is a consumer of Channels: it inherits from one.
fn is_consumer(value: &Value) -> bool {
    match &value.kind {
        Kind::Class(class) => {
            class.inherits(|name| name.starts_with("channels.consumer.") || name.starts_with("channels.generic."))
        }
        _ => false,
    }
}
