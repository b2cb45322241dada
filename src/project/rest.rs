//! The settings of Django REST framework.
//!
//! Source: djangorestframework 3.18 `rest_framework/settings.py`, `DEFAULTS`.

use super::settings::{Resolved, Settings, Truth};
use super::shape::under_key;
use crate::eval::value::{Dict, Entry, Kind, Value};

/// The setting that holds all others.
pub const SETTING: &str = "REST_FRAMEWORK";

/// What Django REST framework reads, of whatever type.
pub const KEYS: [&str; 48] = [
    "DEFAULT_CONTENT_NEGOTIATION_CLASS",
    "DEFAULT_METADATA_CLASS",
    "DEFAULT_VERSIONING_CLASS",
    "DEFAULT_PAGINATION_CLASS",
    "DEFAULT_SCHEMA_CLASS",
    "DEFAULT_RENDERER_CLASSES",
    "DEFAULT_PARSER_CLASSES",
    "DEFAULT_AUTHENTICATION_CLASSES",
    "DEFAULT_PERMISSION_CLASSES",
    "DEFAULT_THROTTLE_CLASSES",
    "DEFAULT_FILTER_BACKENDS",
    "TEST_REQUEST_RENDERER_CLASSES",
    "DEFAULT_THROTTLE_RATES",
    "NUM_PROXIES",
    "PAGE_SIZE",
    "SEARCH_PARAM",
    "ORDERING_PARAM",
    "DEFAULT_VERSION",
    "ALLOWED_VERSIONS",
    "VERSION_PARAM",
    "UNAUTHENTICATED_USER",
    "UNAUTHENTICATED_TOKEN",
    "VIEW_NAME_FUNCTION",
    "VIEW_DESCRIPTION_FUNCTION",
    "EXCEPTION_HANDLER",
    "NON_FIELD_ERRORS_KEY",
    "LIST_SERIALIZER_ERRORS_AS_DICT",
    "TEST_REQUEST_DEFAULT_FORMAT",
    "URL_FORMAT_OVERRIDE",
    "FORMAT_SUFFIX_KWARG",
    "URL_FIELD_NAME",
    "DATE_FORMAT",
    "DATE_INPUT_FORMATS",
    "DATETIME_FORMAT",
    "DATETIME_INPUT_FORMATS",
    "TIME_FORMAT",
    "TIME_INPUT_FORMATS",
    "DURATION_FORMAT",
    "UNICODE_JSON",
    "COMPACT_JSON",
    "STRICT_JSON",
    "COERCE_DECIMAL_TO_STRING",
    "COERCE_BIGINT_TO_STRING",
    "UPLOADED_FILES_USE_URL",
    "HTML_SELECT_CUTOFF",
    "SCHEMA_COERCE_PATH_PK",
    "HTML_SELECT_CUTOFF_TEXT",
    "SCHEMA_COERCE_METHOD_NAMES",
];

/// Of these, the lists of classes.
pub const CLASS_LISTS: [&str; 7] = [
    "DEFAULT_RENDERER_CLASSES",
    "DEFAULT_PARSER_CLASSES",
    "DEFAULT_AUTHENTICATION_CLASSES",
    "DEFAULT_PERMISSION_CLASSES",
    "DEFAULT_THROTTLE_CLASSES",
    "DEFAULT_FILTER_BACKENDS",
    "TEST_REQUEST_RENDERER_CLASSES",
];

/// What older versions read, or what is an attribute of a class and never a setting, with what there is instead.
pub const NOT_READ: [(&str, &str); 5] = [
    ("PAGINATE_BY", "PAGE_SIZE"),
    ("PAGINATE_BY_PARAM", "the attribute `page_size_query_param` of a pagination class"),
    ("MAX_PAGINATE_BY", "the attribute `max_page_size` of a pagination class"),
    ("PAGE_SIZE_QUERY_PARAM", "the attribute `page_size_query_param` of a pagination class"),
    ("MAX_PAGE_SIZE", "the attribute `max_page_size` of a pagination class"),
];

/// Whether Django REST framework reads its setting: it is installed, or required at least. Forks of it that a project
/// keeps in its own tree read the same setting, with other keys.
pub fn is_in_use(settings: &Settings) -> bool {
    !settings.installed("rest_framework").is_no() || settings.requirements.get("djangorestframework").is_some()
}

/// The dicts that a setting can be.
pub fn dicts<'v>(setting: &'v Resolved) -> Vec<&'v Dict> {
    setting.value.options().into_iter().filter_map(|(_, value)| value.as_dict()).collect()
}

/// Every entry of the dicts that a setting can be, those at the same place once.
pub fn entries<'v>(setting: &'v Resolved) -> Vec<&'v Entry> {
    let mut found: Vec<&Entry> = Vec::new();
    for entry in dicts(setting).into_iter().flat_map(|dict| &dict.entries) {
        if !found.iter().any(|known| known.key.origin.is_some() && known.key.origin == entry.key.origin) {
            found.push(entry);
        }
    }
    found
}

/// What `test` says of the value under a key of a setting. What is not there is `None`.
pub fn asks(setting: &Resolved, key: &str, test: impl Fn(&Value) -> Truth) -> Truth {
    let missing = test(&Value::new(Kind::None, None));
    Truth::over(&setting.value, |value| match &value.kind {
        Kind::Dict(dict) => under_key(dict, key, missing.clone(), &test),
        Kind::Missing => missing.clone(),
        Kind::Unknown(unknown) => Truth::Unknown(unknown.why.clone()),
        _ => Truth::Unknown("it is not known".into()),
    })
}
