//! The ASGI application: what it is made of, and what its module imports.
//!
//! - [`application`]: the tree of protocols, validators, middleware, routers, routes and consumers.
//! - `from_value`: that tree from the value of `application`.
//! - [`protocols`]: what a `ProtocolTypeRouter` serves, and what its keys are called.
//! - [`nesting`]: which routes of a router within a router can be reached.
//! - [`sockets`]: the WebSocket consumers with what is around them, and what they read of a request.
//! - [`early_imports`]: what is imported before Django is set up.
//! - [`app_registry`]: which modules of packages cannot be imported then.

pub mod app_registry;
pub mod application;
pub mod early_imports;
mod from_value;
pub mod nesting;
pub mod protocols;
pub mod sockets;
