//! Projects: what is found in a tree, and what rules ask about it.
//!
//! [`scan`] looks at every file once, [`discover`] tells projects, settings modules and entry points from them, and
//! [`judged`] evaluates a settings module with the application beside it. Rules see [`settings::Settings`],
//! [`application::Application`] and [`deployment::Deployment`]; none of them walks syntax.

pub mod app_registry;
pub mod application;
pub mod channel_layers;
pub mod deployment;
pub mod discover;
pub mod header;
pub mod hosts;
pub mod imports;
pub mod judged;
pub mod mentions;
pub mod naming;
pub mod origins;
pub mod platform;
pub mod protocols;
pub mod redis;
pub mod redis_client;
pub mod redis_text;
pub mod requirements;
pub mod scan;
pub mod secure_header;
pub mod senders;
pub mod settings;
pub mod sockets;
pub mod url;
