//! The rule book. A rule is a page, `rules/<group>/<rule>.md`; where the condition on the page does not suffice, its
//! logic is the function `check` in the sibling `.rs`, which is listed here. The build embeds every page and refuses to
//! compile when this list and the folder disagree.

use std::borrow::Cow;

use crate::rule::{Check, Page, PageError, Rule};

mod hosts {
    pub mod allowed_hosts_empty;
    pub mod allowed_hosts_not_a_list;
    pub mod allowed_hosts_unmatchable;
    pub mod allowed_hosts_wildcard;
    pub mod csrf_origin_unmatchable;
    pub mod csrf_origin_without_scheme;
}

mod proxy {
    pub mod forwarded_proto_malformed;
    pub mod forwarded_proto_not_a_meta_key;
    pub mod forwarded_proto_not_sent;
    pub mod forwarded_proto_wrong_value;
    pub mod ssl_redirect_loop;
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
