//! What stands in front of the application, and how Django learns from it that a request came over HTTPS.
//!
//! - [`platform`]: the platforms that are known, what each sends, and which files show it.
//! - [`header`]: headers about the client's protocol, and what a proxy's configuration file sets.
//! - [`senders`]: whether anything sends a header.
//! - [`secure_header`]: what Django makes of `SECURE_PROXY_SSL_HEADER`.

pub mod header;
pub mod platform;
pub mod secure_header;
pub mod senders;
