//! Projects: what is found in a tree, and what rules ask about it.
//!
//! Finding projects, in this order:
//!
//! - [`scan`]: which files matter?
//! - [`mentions`]: which settings module does a file name? [`naming`]: what does a name or a path say of its use?
//! - [`discover`]: which projects and settings modules are there, and which of these are deployed?
//! - [`judged`]: what belongs to a settings module: its settings, the application beside it, the deployment?
//!
//! What rules ask; none of it walks syntax but [`asgi::early_imports`]:
//!
//! - [`settings`]: what would Django see as its settings? [`aliases`]: what stands under the aliases of one?
//! - [`requirements`]: which versions of which packages are in use?
//! - [`deployment`]: what starts the server, and what stands before it? [`proxy`]: what does a proxy tell Django?
//! - [`containers`]: is Redis in one of its own?
//! - [`entry_points`]: which settings do `asgi.py` and `wsgi.py` start with?
//! - [`asgi`]: what does the application consist of?
//! - [`channel_layers`]: which layers are there, and what do their backends take?
//! - [`redis`]: which Redis servers do settings name, and what do clients make of it?
//! - [`hosts`]: which hosts and origins do entries and patterns match?
//! - [`url`]: how does Python take a URL apart? [`spelling`]: what does a misspelt name mean?

pub mod aliases;
pub mod asgi;
pub mod channel_layers;
mod commands;
mod configurations;
pub mod containers;
pub mod deployment;
pub mod discover;
pub mod entry_points;
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
