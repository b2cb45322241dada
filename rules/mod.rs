//! The rule book. A rule is a page, `rules/<group>/<rule>.md`; where the condition on the page does not suffice, its
//! logic is the function `check` in the sibling `.rs`, which is listed here. The build embeds every page and refuses to
//! compile when this list and the folder disagree.

use std::borrow::Cow;

use crate::rule::{Check, Page, PageError, Rule};

mod asgi {
    pub mod asgi_application_names_itself;
    pub mod asgi_application_unresolvable;
    pub mod auth_middleware_without_session;
    pub mod consumer_without_as_asgi;
    pub mod daphne_after_staticfiles;
    pub mod http_protocol_missing;
    pub mod import_before_django_setup;
    pub mod include_in_url_router;
    pub mod nested_router_after_dollar;
    pub mod regex_in_path;
    pub mod regex_route_unanchored;
    pub mod route_leading_slash;
    pub mod runserver_without_websockets;
    pub mod settings_module_differs;
    pub mod unknown_protocol;
    pub mod url_router_bad_entry;
    pub mod websocket_protocol_missing;
    pub mod wrapped_nested_router;
}

mod celery {
    pub mod celery_broker_tls_unverified;
}

mod channels {
    pub mod channel_layer_encryption_keys_not_a_list;
    pub mod channel_layer_misplaced_key;
    pub mod channel_layer_missing;
    pub mod channel_layer_serializer_unknown;
    pub mod channel_layer_unknown_backend;
    pub mod channel_layer_unknown_option;
    pub mod in_memory_channel_capacity;
    pub mod in_memory_channel_layer;
}

mod environment {
    pub mod env_default_not_parsed;
    pub mod env_flag_not_cast;
    pub mod hosts_split_of_empty;
}

mod hosts {
    pub mod allowed_hosts_empty;
    pub mod allowed_hosts_not_a_list;
    pub mod allowed_hosts_unmatchable;
    pub mod allowed_hosts_wildcard;
    pub mod csrf_origin_unmatchable;
    pub mod csrf_origin_without_scheme;
}

mod origins {
    pub mod origin_check_disabled;
    pub mod origin_check_outside_websocket;
    pub mod origin_host_not_allowed;
    pub mod origin_pattern_unmatchable;
    pub mod websocket_without_origin_check;
}

mod proxy {
    pub mod forwarded_proto_malformed;
    pub mod forwarded_proto_not_a_meta_key;
    pub mod forwarded_proto_not_sent;
    pub mod forwarded_proto_wrong_value;
    pub mod ssl_redirect_loop;
}

mod redis {
    pub mod redis_bad_cert_requirement;
    pub mod redis_hosts_bad_entry;
    pub mod redis_hosts_not_a_list;
    pub mod redis_localhost_in_container;
    pub mod redis_plaintext_to_tls_service;
    pub mod redis_shared_database;
    pub mod redis_tls_option_without_tls;
    pub mod redis_tls_unverified;
    pub mod redis_url_bad_database;
    pub mod redis_url_bad_port;
    pub mod redis_url_bad_scheme;
    pub mod redis_url_password_as_user;
    pub mod redis_url_unescaped_password;
    pub mod redis_url_unknown_option;
    pub mod redis_url_without_slashes;
}

struct Entry {
    group: &'static str,
    stem: &'static str,
    text: &'static str,
    check: Option<Check>,
}

include!(concat!(env!("OUT_DIR"), "/book.rs"));

/// Every rule of the book.
///
/// # Errors
/// The first page that is broken, by its path. The tests hold all pages sound, so a user never meets this.
pub fn book() -> Result<Vec<Rule>, (String, PageError)> {
    let rule = |entry: &Entry| {
        let path = || format!("rules/{}/{}.md", entry.group, entry.stem);
        let page = Page::parse(entry.stem, Cow::Borrowed(entry.text), None).map_err(|error| (path(), error))?;
        Ok(Rule { page, check: entry.check })
    };
    BOOK.iter().map(rule).collect()
}
