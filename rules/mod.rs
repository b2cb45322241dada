//! The rule book. A rule is a page, `rules/<group>/<rule>.md`; where the condition on the page does not suffice, its
//! logic is the function `check` in the sibling `.rs`, which is listed here. The build embeds every page and refuses to
//! compile when this list and the folder disagree.

use std::ops::Range;

use crate::rule::{Check, PackedPages, Page, PageError, PageText, Rule};

mod apps {
    pub mod admin_without_its_middleware;
    pub mod admin_without_its_templates;
    pub mod allauth_middleware_missing;
    pub mod allauth_settings_contradict;
    pub mod app_without_its_dependency;
    pub mod axes_misconfigured;
    pub mod toolbar_in_production;
    pub mod toolbar_incomplete;
}

mod asgi {
    pub mod asgi_application_names_itself;
    pub mod asgi_application_unresolvable;
    pub mod asgi_settings_module_unset;
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

mod cache {
    pub mod cache_foreign_options;
    pub mod cache_option_misplaced;
    pub mod django_redis_ignored_options;
    pub mod file_cache_exposed;
    pub mod file_cache_relative;
    pub mod session_cache_missing;
    pub mod sessions_in_process_memory;
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

mod cookies {
    pub mod cookie_domain_not_a_host;
    pub mod cookie_prefix_violated;
    pub mod samesite_invalid;
    pub mod samesite_none_without_secure;
}

mod cors {
    pub mod cors_credentials_for_all_origins;
    pub mod cors_older_name_ignored;
    pub mod cors_origin_invalid;
    pub mod cors_regex_too_wide;
    pub mod cors_removed_setting;
    pub mod cors_setting_of_wrong_type;
    pub mod cors_wildcard_as_origin;
}

mod csp {
    pub mod csp_blocks_websockets;
    pub mod csp_legacy_settings;
    pub mod csp_prefixes_not_a_list;
}

mod database {
    pub mod database_engine_invalid;
    pub mod database_without_name;
    pub mod persistent_connections_under_asgi;
    pub mod pool_with_persistent_connections;
    pub mod tls_required_of_sqlite;
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
    pub mod csrf_origin_plain_http;
    pub mod csrf_origin_unmatchable;
    pub mod csrf_origin_without_scheme;
    pub mod forwarded_host_from_anyone;
}

mod logging {
    pub mod existing_loggers_disabled;
    pub mod logging_name_undefined;
}

mod mail {
    pub mod admins_shape;
}

mod middleware {
    pub mod authentication_without_session;
    pub mod cors_after_common;
    pub mod csrf_before_sessions;
    pub mod duplicate_middleware;
    pub mod login_required_before_authentication;
    pub mod messages_before_session;
    pub mod page_cache_ignores_language;
    pub mod page_cache_incomplete;
    pub mod page_cache_mixes_users;
    pub mod remote_user_before_authentication;
    pub mod toolbar_before_gzip;
    pub mod whitenoise_before_security;
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
    pub mod redirect_exempt_leading_slash;
    pub mod ssl_host_not_a_host;
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

mod rest {
    pub mod jwt_blacklist_not_installed;
    pub mod jwt_removed_key;
    pub mod rest_class_not_in_a_list;
    pub mod rest_open_by_default;
    pub mod rest_page_size_without_pagination;
    pub mod rest_unknown_key;
}

mod security {
    pub mod csp_nonce_without_context_processor;
    pub mod csrf_failure_view_unresolvable;
    pub mod debug_default_true;
    pub mod flag_not_a_bool;
    pub mod hsts_preload_too_short;
    pub mod hsts_seconds_not_a_number;
    pub mod missing_csrf_middleware;
    pub mod missing_security_middleware;
    pub mod missing_xframe_middleware;
    pub mod opener_policy_invalid;
    pub mod referrer_policy_invalid;
    pub mod secret_key_fallback_weak;
    pub mod secret_key_hardcoded;
    pub mod secret_key_weak;
    pub mod session_cookie_insecure;
    pub mod session_cookie_readable_by_scripts;
    pub mod weak_password_hasher;
    pub mod x_frame_options_invalid;
}

mod settings {
    pub mod duplicate_installed_app;
    pub mod invalid_language_code;
    pub mod invalid_time_zone;
    pub mod language_code_not_in_languages;
    pub mod lowercase_setting;
    pub mod missing_comma;
    pub mod misspelt_setting;
    pub mod regex_list_not_compiled;
    pub mod removed_class_path;
    pub mod removed_setting;
    pub mod setting_not_a_list;
    pub mod setting_overridden;
    pub mod storage_setting_ignored;
    pub mod string_taken_for_a_list;
    pub mod unknown_django_path;
}

mod staticfiles {
    pub mod static_and_media_overlap;
    pub mod static_dirs_invalid;
    pub mod static_root_missing;
    pub mod storages_without_default;
}

mod templates {
    pub mod app_dirs_with_loaders;
    pub mod template_backend_invalid;
    pub mod template_engines_of_one_name;
    pub mod template_option_unknown;
}

struct Entry {
    group: &'static str,
    stem: &'static str,
    /// The sentence that says what is wrong.
    message: &'static str,
    /// The metadata of the page, as JSON.
    header: &'static str,
    /// Where its text is among those of all.
    text: Range<usize>,
    check: Option<Check>,
}

include!(concat!(env!("OUT_DIR"), "/book.rs"));

static PAGES: PackedPages = PackedPages::new(include_bytes!(concat!(env!("OUT_DIR"), "/pages.deflate")));

impl Entry {
    fn text(&self) -> PageText {
        PageText::Packed(&PAGES, self.text.clone())
    }
}

/// Every rule of the book.
///
/// # Errors
/// The first page that is broken, by its path. The tests hold all pages sound, so a user never meets this.
pub fn book() -> Result<Vec<Rule>, (String, PageError)> {
    let rule = |entry: &Entry| {
        let path = || format!("rules/{}/{}.md", entry.group, entry.stem);
        let page =
            Page::embedded(entry.stem, entry.message, entry.header, entry.text()).map_err(|error| (path(), error))?;
        Ok(Rule { page, check: entry.check })
    };
    BOOK.iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_metadata_are_those_of_the_pages() {
        let embedded = book().unwrap();
        for (entry, rule) in BOOK.iter().zip(embedded) {
            let page = Page::parse(entry.stem, &entry.text(), None).unwrap();
            assert_eq!(format!("{page:?}"), format!("{:?}", rule.page));
        }
    }
}
