//! What notifications change: documents, files on disk, the configuration.

use std::path::Path;

use lsp_server::{Notification, Response};
use lsp_types::notification::{
    Cancel, DidChangeConfiguration, DidChangeTextDocument, DidChangeWatchedFiles, DidChangeWorkspaceFolders,
    DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument, Initialized, Notification as _,
};
use lsp_types::request::{RegisterCapability, Request as _, WorkspaceConfiguration};
use lsp_types::{
    ConfigurationItem, ConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, FileChangeType, FileEvent, FileSystemWatcher, GlobPattern, MessageType,
    Registration, RegistrationParams, TextDocumentItem,
};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::client::Options;
use super::documents::{Document, Replaced};
use super::session::Session;
use super::uris::path_of;
use crate::source::FileSystem;

/// The files whose changes on disk matter: code, configuration, environment files, requirements, deployment.
const WATCHED: [&str; 3] = [
    "**/*.{py,toml,ini,cfg,conf,config,env,envrc,txt,in,lock,yml,yaml,json,sh,service,tf,template,dockerfile}",
    "**/{Dockerfile,Containerfile,Procfile,Caddyfile,Makefile,Pipfile}*",
    "**/{.env,.env.*,.envrc,.gitignore,.ignore}",
];

/// The section of the client's configuration that is djudge's.
const SECTION: &str = "djudge";

impl Session<'_> {
    /// Takes note of what a notification says.
    pub(super) fn notice(&mut self, message: Notification) {
        let Notification { method, params } = message;
        match method.as_str() {
            Initialized::METHOD => self.initialized(),
            DidOpenTextDocument::METHOD => {
                self.with::<lsp_types::DidOpenTextDocumentParams>(&method, params, |session, params| {
                    session.opened(params.text_document);
                });
            }
            DidChangeTextDocument::METHOD => self.with(&method, params, Self::edited),
            DidSaveTextDocument::METHOD => {
                self.with::<lsp_types::DidSaveTextDocumentParams>(&method, params, |session, params| {
                    if let Some(path) = path_of(&params.text_document.uri) {
                        session.saved(&path);
                    }
                });
            }
            DidCloseTextDocument::METHOD => {
                self.with::<lsp_types::DidCloseTextDocumentParams>(&method, params, |session, params| {
                    if let Some(path) = path_of(&params.text_document.uri) {
                        session.closed(&path);
                    }
                });
            }
            DidChangeWatchedFiles::METHOD => self.with(&method, params, Self::files_changed),
            DidChangeWorkspaceFolders::METHOD => {
                self.with::<lsp_types::DidChangeWorkspaceFoldersParams>(&method, params, |session, params| {
                    let removed: Vec<_> = params.event.removed.iter().filter_map(|it| path_of(&it.uri)).collect();
                    session.state.opened.retain(|folder| !removed.contains(folder));
                    session.state.opened.extend(params.event.added.iter().filter_map(|it| path_of(&it.uri)));
                    session.publish_soon(None);
                });
            }
            DidChangeConfiguration::METHOD => match self.state.client.has_configuration {
                true => self.ask_configuration(),
                false => {
                    let settings = params.get("settings").cloned().unwrap_or_default();
                    self.configure(settings.get(SECTION).unwrap_or(&settings));
                    self.publish_soon(None);
                }
            },
            Cancel::METHOD => {
                let id = params.get("id").and_then(|id| serde_json::from_value(id.clone()).ok());
                if let Some(id) = id {
                    self.is_past(&id);
                }
            }
            // Those that begin with `$/` may be left alone, and all others are about what djudge does not offer.
            _ => {}
        }
    }

    /// Takes note of an answer to a request of the server: that about the configuration is the only one that says anything.
    pub(super) fn answered(&mut self, response: Response) {
        match response.response_result {
            Ok(Json::Array(sections)) => {
                if let Some(section) = sections.first().filter(|section| !section.is_null()) {
                    self.configure(section);
                    self.publish_soon(None);
                    self.refresh_hints();
                }
            }
            Ok(_) => {}
            Err(error) => self.log(MessageType::WARNING, format!("djudge: the client answered: {}", error.message)),
        }
    }

    /// Takes what the user sets in the editor. What is wrong with it is told, and then nothing changes.
    pub(super) fn configure(&mut self, options: &Json) {
        if options.is_null() {
            return;
        }
        match serde_json::from_value::<Options>(options.clone()) {
            Ok(options) => self.state.options = options,
            Err(error) => self.log(MessageType::WARNING, format!("djudge: the options are wrong: {error}")),
        }
    }

    fn with<P: DeserializeOwned>(&mut self, method: &str, params: Json, act: impl FnOnce(&mut Self, P)) {
        match serde_json::from_value(params) {
            Ok(params) => act(self, params),
            Err(error) => self.log(MessageType::WARNING, format!("djudge: {method} is malformed: {error}")),
        }
    }

    fn initialized(&mut self) {
        if self.state.client.watches {
            let watchers = WATCHED.iter().map(|pattern| FileSystemWatcher {
                glob_pattern: GlobPattern::String((*pattern).to_owned()),
                kind: None,
            });
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.collect() };
            let registration = Registration {
                id: "djudge/files".to_owned(),
                method: DidChangeWatchedFiles::METHOD.to_owned(),
                register_options: serde_json::to_value(options).ok(),
            };
            self.ask(RegisterCapability::METHOD, RegistrationParams { registrations: vec![registration] });
        }
        if self.state.client.has_configuration {
            self.ask_configuration();
        }
    }

    fn ask_configuration(&mut self) {
        let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
        self.ask(WorkspaceConfiguration::METHOD, ConfigurationParams { items: vec![item] });
    }

    fn opened(&mut self, item: TextDocumentItem) {
        let Some(path) = path_of(&item.uri) else { return };
        let sources = self.state.trees.sources;
        let known = sources.file(sources.id(&path)).map(|file| file.text.clone());
        let is_new = !self.state.overlay.is_file(&path);
        let differs = known.as_ref().map_or(true, |known| **known != *item.text);
        let edits = match &known {
            Ok(known) if differs => vec![Replaced::between(known, &item.text)],
            _ => Vec::new(),
        };
        self.state.overlay.put(&path, Some(&item.text));
        let document = Document { uri: item.uri, version: item.version, text: item.text, edits };
        self.state.documents.open(path.clone(), document);
        if differs {
            self.state.changed(&path);
        }
        if let Some(folder) = self.state.folder_of(&path) {
            folder.concern(is_new);
            self.publish_soon(Some(path));
        }
    }

    fn edited(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = path_of(&params.text_document.uri) else { return };
        let encoding = self.state.client.encoding;
        let Some(document) = self.state.documents.get_mut(&path) else { return };
        document.version = params.text_document.version;
        if document.change(params.content_changes, encoding) {
            self.state.overlay.put(&path, Some(&document.text));
            self.state.changed(&path);
        }
        if self.state.folder_of(&path).is_some() {
            self.publish_soon(Some(path));
        }
    }

    fn saved(&mut self, path: &Path) {
        if !self.state.client.watches {
            self.look_at_the_disk();
        }
        if self.state.folder_of(path).is_some() {
            self.publish_soon(Some(path.to_path_buf()));
        }
    }

    fn closed(&mut self, path: &Path) {
        let Some(document) = self.state.documents.close(path) else { return };
        let on_disk = self.state.overlay.base().read(path).ok();
        self.state.overlay.put(path, None);
        if on_disk.as_deref() != Some(document.text.as_bytes()) {
            self.state.changed(path);
        }
        if let (None, Some(folder)) = (on_disk, self.state.folder_of(path)) {
            folder.reset();
        }
        self.publish_soon(None);
    }

    fn files_changed(&mut self, params: DidChangeWatchedFilesParams) {
        for FileEvent { uri, typ } in params.changes {
            let Some(path) = path_of(&uri) else { continue };
            let is_open = self.state.documents.get(&path).is_some();
            let came_or_went = match typ {
                // Some editors write a new file and put it in the place of the old one.
                FileChangeType::DELETED => !self.state.is_on_disk(&path),
                FileChangeType::CREATED => true,
                _ => path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore"),
            };
            if !is_open {
                self.state.changed(&path);
            }
            for folder in self.state.folders.iter_mut().filter(|folder| path.starts_with(&folder.path)) {
                if came_or_went && folder.has(&path) != (typ == FileChangeType::CREATED) || path.ends_with(".gitignore")
                {
                    folder.reset();
                }
            }
        }
        self.publish_soon(None);
    }

    /// Where the client does not tell of changes on disk, they are looked for when a document is saved.
    fn look_at_the_disk(&mut self) {
        for path in self.state.trees.sources.stale() {
            self.state.changed(&path);
        }
        self.state.folders.iter_mut().for_each(super::folder::Folder::reset);
    }
}
