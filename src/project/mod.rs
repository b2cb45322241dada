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
//!   [`shape`]: what type is it of? [`template_engines`], [`databases`], [`caches`]: what do these list?
//! - [`requirements`]: which versions of which packages are in use?
//! - [`deployment`]: what starts the server, and what stands before it? [`proxy`]: what does a proxy tell Django?
//! - [`containers`]: is Redis in one of its own?
//! - [`entry_points`]: which settings do `asgi.py` and `wsgi.py` start with?
//! - [`asgi`]: what does the application consist of?
//! - [`channel_layers`]: which layers are there, and what do their backends take?
//! - [`apps`]: what do installed apps need? [`allauth`]: who may log in?
//! - [`cors`]: what does django-cors-headers make of its settings? [`rest`]: what does Django REST framework read?
//!   [`csp`]: which content security policy is sent?
//! - [`middleware`]: does what a middleware needs run before it?
//! - [`redis`]: which Redis servers do settings name, and what do clients make of it?
//! - [`security`]: what do Django's own checks of security settings ask?
//! - [`views`]: does a path in a setting name a view?
//! - [`hosts`]: which hosts and origins do entries and patterns match?
//! - [`folders`]: which folders do settings name, and how do they lie to each other?
//! - [`django_paths`]: what does Django have? [`removed`]: what have releases done away with? [`time_zones`], [`languages`]: which names are there?
//! - [`url`]: how does Python take a URL apart? [`spelling`]: what does a misspelt name mean?

pub mod aliases;
pub mod allauth;
pub mod apps;
pub mod asgi;
pub mod caches;
pub mod channel_layers;
mod commands;
mod configurations;
pub mod containers;
pub mod cors;
pub mod csp;
pub mod databases;
pub mod deployment;
pub mod discover;
pub mod django_paths;
pub mod entry_points;
pub mod folders;
pub mod hosts;
pub mod judged;
pub mod languages;
pub mod mentions;
pub mod middleware;
mod modules;
pub mod naming;
pub mod proxy;
pub mod redis;
pub mod removed;
pub mod requirements;
pub mod rest;
pub mod scan;
pub mod security;
pub mod settings;
pub mod shape;
pub mod spelling;
pub mod template_engines;
pub mod time_zones;
pub mod url;
pub mod views;
