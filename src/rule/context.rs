//! What a rule asks.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::python_texts::{PythonTexts, is_named, python_files};
use crate::eval::value::{Class, Value};
use crate::project::asgi::application::{Application, Node, Wrapper, WrapperKind};
use crate::project::asgi::early_imports::EarlyImport;
use crate::project::asgi::sockets::{Socket, bodies, layer_use};
use crate::project::deployment::Deployment;
use crate::project::entry_points::{EntryPoint, EntryPoints};
use crate::project::judged::{Entry, Judged};
use crate::project::settings::{Resolved, Settings};
use crate::project::views::NoView;
use crate::python::code_only;
use crate::python::edit::Editor;
use crate::source::{FileId, Place, Sources, Span};

/// What a rule asks about: one settings module with all that belongs to it.
pub struct Context<'a> {
    judged: &'a Judged,
    sources: &'a Sources<'a>,
    /// The texts that are read once and not kept, where nothing records what is read.
    texts: Option<&'a PythonTexts>,
    /// The files in which changes were sought; none for what is no Python.
    editors: RefCell<FxHashMap<FileId, Option<Rc<Editor>>>>,
}

impl<'a> Context<'a> {
    /// What is to be asked about a settings module. Without `texts`, all that is read is read through `sources`.
    pub fn new(judged: &'a Judged, sources: &'a Sources<'a>, texts: Option<&'a PythonTexts>) -> Self {
        Self { judged, sources, texts, editors: RefCell::default() }
    }

    /// What Django would see as its settings.
    pub fn settings(&self) -> &'a Settings {
        &self.judged.settings
    }

    /// The ASGI application.
    pub fn application(&self) -> Option<&'a Application> {
        self.judged.application.as_ref()
    }

    /// Where the ASGI application is, or should be.
    pub fn entry(&self) -> Option<&'a Entry> {
        self.judged.entry.as_ref()
    }

    /// What the entry point imports too early.
    pub fn early_imports(&self) -> &'a [EarlyImport] {
        &self.judged.early_imports
    }

    /// Which settings the entry points start with.
    pub fn entry_points(&self) -> &'a EntryPoints {
        &self.judged.entry_points
    }

    /// The entry point that stands beside another one.
    pub fn beside(&self, point: &EntryPoint) -> Option<&'a EntryPoint> {
        self.entry_points().beside(point, self.sources)
    }

    /// Why `CSRF_FAILURE_VIEW` names no view, or may name none.
    pub fn no_csrf_failure_view(&self) -> Option<&'a NoView> {
        self.judged.no_csrf_failure_view.as_ref()
    }

    /// Whether the project seems to replace Django's check of the `Host` header.
    pub fn has_own_host_check(&self) -> bool {
        self.judged.has_own_host_check
    }

    /// The files of the project that list routes to WebSocket consumers.
    pub fn websocket_routes(&self) -> &'a [FileId] {
        &self.judged.websocket_routes
    }

    /// The files of the project that put an application together which may serve WebSockets.
    pub fn websocket_applications(&self) -> &'a [FileId] {
        &self.judged.websocket_applications
    }

    /// The file's path, for a reader: from the folder of the settings' outermost package on where it is below it.
    pub fn file_name(&self, file: FileId) -> String {
        let path = self.sources.path(file);
        let settings = self.sources.path(self.settings().file);
        let depth = self.settings().module.split('.').count();
        let root = settings.ancestors().nth(depth);
        root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path).display().to_string()
    }

    /// How the project is deployed.
    pub fn deployment(&self) -> &'a Deployment {
        &self.judged.deployment
    }

    /// Whether a file mentions a word.
    pub fn file_mentions(&self, file: FileId, word: &str) -> bool {
        self.sources.file(file).is_ok_and(|source| source.text.contains(word))
    }

    /// The source at a place.
    pub fn text_at(&self, place: Place) -> String {
        self.sources.text_at(place)
    }

    /// A file in which changes are sought; none where it is no Python.
    pub(super) fn editor(&self, file: FileId) -> Option<Rc<Editor>> {
        let is_python = |path: PathBuf| path.extension().is_some_and(|end| end == "py");
        let read = || Editor::new(self.file_text(file)).map(Rc::new);
        let mut editors = self.editors.borrow_mut();
        editors.entry(file).or_insert_with(|| is_python(self.sources.path(file)).then(read)?).clone()
    }

    /// The text of a file; empty where it could not be read.
    pub fn file_text(&self, file: FileId) -> Arc<str> {
        self.sources.file(file).map(|file| file.text.clone()).unwrap_or_default()
    }

    /// Whether the project's Python files name something elsewhere than in these statements, in strings and comments too.
    pub fn is_named_outside(&self, name: &str, statements: &[Place]) -> bool {
        let is_named_in = |file: Option<FileId>, text: &str| {
            let holds = |file, span| statements.iter().any(|statement| statement.holds(Place::new(file, span)));
            is_named(text, name, |span| file.is_some_and(|file| holds(file, span)))
        };
        match self.texts {
            Some(texts) => {
                let mut texts = texts.of(self.judged, self.sources);
                texts.any(|(path, text)| is_named_in(self.sources.known_id(path), text))
            }
            None => {
                let mut files = python_files(self.judged).map(|path| self.sources.id(&path));
                files.any(|file| is_named_in(Some(file), &self.file_text(file)))
            }
        }
    }

    /// Whether the source of a class, or of one of the project's classes that it inherits from, mentions a word in
    /// whatever case.
    pub fn class_mentions(&self, class: &Arc<Class>, word: &str) -> bool {
        bodies(class).into_iter().any(|body| self.text_at(body).to_lowercase().contains(word))
    }

    /// Where a consumer uses the channel layer as if it were always there, and what of it is used.
    pub fn layer_use(&self, class: &Arc<Class>) -> Option<(Place, &'static str)> {
        let mut found = None;
        for body in bodies(class) {
            let code = code_only(&self.text_at(body));
            match layer_use(&code) {
                Some((at, method)) => {
                    let start = body.span.start + at as u32;
                    let length = "self.channel_layer.".len() + method.len();
                    let place = Place::new(body.file, Span::new(start, start + length as u32));
                    found = found.or(Some((place, method)));
                }
                None if code.contains("channel_layer") => return None,
                None => {}
            }
        }
        found
    }

    /// Where a setting's value is written: the value itself, else the last statement that assigned it, else the
    /// beginning of the module.
    pub fn place_of(&self, setting: &Resolved, value: &Value) -> Place {
        value.origin.or_else(|| setting.history.last().copied()).unwrap_or_else(|| self.settings().place())
    }

    /// The one of Django's and django-cors-headers' own settings of hosts and origins that holds what is written at a
    /// place: what is right there may be wrong elsewhere.
    pub fn hosts_setting_of(&self, place: Place) -> Option<&'static str> {
        const NAMES: [&str; 4] =
            ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"];
        let holds = |value: &Value| {
            let lists = value.options().into_iter().filter_map(|(_, list)| list.sequence());
            lists
                .flat_map(|list| &list.items)
                .any(|item| item.value.options().into_iter().any(|(_, option)| option.origin == Some(place)))
        };
        NAMES.into_iter().find(|name| self.settings().names.get(*name).is_some_and(|setting| holds(&setting.value)))
    }

    /// Where a setting as a whole is written: its value, where the last statement that assigned it holds that, else the
    /// statement.
    pub fn place_of_setting(&self, setting: &Resolved) -> Place {
        let statement = setting.history.last();
        let written = setting.value.origin.filter(|origin| statement.is_none_or(|statement| statement.holds(*origin)));
        written.or(statement.copied()).unwrap_or_else(|| self.settings().place())
    }

    /// The WebSocket consumers of the application, each with what is around it.
    pub fn sockets(&self) -> Vec<Socket<'a>> {
        self.application().map(|application| Socket::all(&application.node)).unwrap_or_default()
    }

    /// The first `AllowedHostsOriginValidator` in the application.
    pub fn allowed_hosts_validator(&self) -> Option<&'a Wrapper> {
        let mut found = None;
        self.application()?.node.walk(&mut |node| {
            if let Node::Wrapper(wrapper) = node
                && matches!(wrapper.kind, WrapperKind::AllowedHosts)
            {
                found = found.or(Some(wrapper.as_ref()));
            }
            found.is_none()
        });
        found
    }
}
