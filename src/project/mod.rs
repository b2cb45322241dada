//! Projects: what is found in a tree, and what rules ask about it.
//!
//! [`scan`] looks at every file once, [`discover`] tells projects, settings modules and entry points from them, and
//! [`judged`] evaluates a settings module with the application beside it. Rules see [`settings::Settings`],
//! [`application::Application`] and [`deployment::Deployment`]; none of them walks syntax.

pub mod aliases;
pub mod asgi;
pub mod channel_layers;
mod commands;
pub mod deployment;
pub mod discover;
pub mod hosts;
pub mod judged;
pub mod mentions;
mod modules;
pub mod naming;
pub mod proxy;
pub mod redis;
pub mod requirements;
pub mod scan;
pub mod settings;
pub mod spelling;
pub mod url;
