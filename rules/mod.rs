//! The rule book. A rule is a page, `rules/<group>/<rule>.md`; where the condition on the page does not suffice, its
//! logic is the function `check` in the sibling `.rs`, which is listed here. The build embeds every page and refuses to
//! compile when this list and the folder disagree.

use std::borrow::Cow;

use crate::rule::{Check, Page, PageError, Rule};

mod asgi {
    pub mod asgi_application_unresolvable;
    pub mod consumer_without_as_asgi;
    pub mod daphne_after_staticfiles;
    pub mod http_protocol_missing;
    pub mod import_before_django_setup;
    pub mod regex_in_path;
    pub mod route_leading_slash;
    pub mod unknown_protocol;
    pub mod websocket_protocol_missing;
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
