//! What is done with each message of a client.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Instant;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{LogMessage, Notification as _, PublishDiagnostics, ShowMessage};
use lsp_types::request::{
    CodeActionRequest, CodeActionResolveRequest, DocumentDiagnosticRequest, ExecuteCommand, GotoDefinition,
    HoverRequest, Initialize, InlayHintRefreshRequest, InlayHintRequest, References, Request as _,
    WorkspaceDiagnosticRefresh, WorkspaceDiagnosticRequest,
};
use lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport, InitializeResult,
    LogMessageParams, MessageType, PublishDiagnosticsParams, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, ServerInfo, ShowMessageParams, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::client::Introduction;
use super::diagnostics::{ByFile, all_of, of_file, result_id};
use super::state::State;
use super::uris::path_of;
use super::{Cancelled, PAUSE, actions, hints, hover, navigation};

/// A session with a client.
pub struct Session<'a> {
    /// What is known.
    pub state: State<'a>,
    cancelled: Cancelled,
    /// When to send findings.
    due: Option<Instant>,
    /// What the client shows, as far as it was sent it or has asked for it.
    shown: ByFile,
    /// Documents whose findings are sent whether or not they differ from those that are shown.
    awaited: Vec<PathBuf>,
    requests: i32,
    pub(super) outbox: Vec<Message>,
}

/// Why a request has no answer.
pub struct Failure {
    code: ErrorCode,
    message: String,
}

impl<'a> Session<'a> {
    /// A session that begins.
    pub fn new(state: State<'a>, cancelled: Cancelled) -> Self {
        Self { state, cancelled, due: None, shown: ByFile::new(), awaited: Vec::new(), requests: 0, outbox: Vec::new() }
    }

    /// The answer to `initialize`.
    pub fn begin(&mut self, introduction: &Introduction) -> Json {
        if let Some(options) = &introduction.initialization_options {
            self.configure(options);
        }
        let folders = introduction.workspace_folders.iter().flatten().map(|folder| folder.uri.clone());
        self.state.opened = folders.filter_map(|uri| path_of(&uri)).collect();
        if let (true, Some(uri)) = (self.state.opened.is_empty(), &introduction.root_uri) {
            self.state.opened.extend(path_of(uri));
        }
        let server_info =
            ServerInfo { name: env!("CARGO_PKG_NAME").to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
        let result = InitializeResult { capabilities: self.state.client.offer(), server_info: Some(server_info) };
        serde_json::to_value(result).unwrap_or_default()
    }

    /// When findings are to be sent.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Takes a message, and gives those that it leads to. A panic on the way is told; the session goes on.
    pub fn take(&mut self, message: Message) -> Vec<Message> {
        match message {
            Message::Request(request) => self.answer(request),
            Message::Notification(notification) => {
                let method = notification.method.clone();
                if let Err(why) = guarded(|| self.notice(notification)) {
                    self.recover(&method, &why);
                }
            }
            Message::Response(response) => {
                if let Err(why) = guarded(|| self.answered(response)) {
                    self.recover("an answer", &why);
                }
            }
        }
        std::mem::take(&mut self.outbox)
    }

    /// Sends the findings that differ from those that are shown.
    pub fn publish(&mut self) -> Vec<Message> {
        self.due = None;
        if let Err(why) = guarded(|| self.publish_now()) {
            self.recover("the findings", &why);
        }
        std::mem::take(&mut self.outbox)
    }

    /// Sends findings when no other change came for a moment.
    pub fn publish_soon(&mut self, awaited: Option<PathBuf>) {
        self.awaited.extend(awaited);
        self.due = Some(Instant::now() + PAUSE);
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: impl Serialize) {
        let params = serde_json::to_value(params).unwrap_or_default();
        self.outbox.push(Notification { method: method.to_owned(), params }.into());
    }

    /// Sends a request, and gives its id.
    pub fn ask(&mut self, method: &str, params: impl Serialize) -> RequestId {
        self.requests += 1;
        let id = RequestId::from(format!("djudge/{}", self.requests));
        let params = serde_json::to_value(params).unwrap_or_default();
        self.outbox.push(Request { id: id.clone(), method: method.to_owned(), params }.into());
        id
    }

    /// Tells the client something for its log.
    pub fn log(&mut self, typ: MessageType, message: String) {
        self.notify(LogMessage::METHOD, LogMessageParams { typ, message });
    }

    /// Shows the user something.
    pub fn show(&mut self, typ: MessageType, message: String) {
        self.notify(ShowMessage::METHOD, ShowMessageParams { typ, message });
    }

    /// Asks for the inlay hints of all documents to be asked for again.
    pub fn refresh_hints(&mut self) {
        if self.state.client.refreshes_hints {
            self.ask(InlayHintRefreshRequest::METHOD, ());
        }
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let is_cancelled = |id| self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).contains(id);
        let cancelled = || Failure { code: ErrorCode::RequestCanceled, message: "cancelled".to_owned() };
        let mut answer = match is_cancelled(&id) {
            true => Err(cancelled()),
            false => match guarded(|| self.dispatch(&method, params)) {
                Ok(answer) => answer,
                Err(why) => {
                    self.recover(&method, &why);
                    Err(Failure { code: ErrorCode::InternalError, message: format!("{method} failed: {why}") })
                }
            },
        };
        let is_cancelled = |id| self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).contains(id);
        if is_cancelled(&id) {
            answer = Err(cancelled());
        }
        let response = match answer {
            Ok(result) => Response::new_ok(id, result),
            Err(failure) => Response::new_err(id, failure.code as i32, failure.message),
        };
        self.outbox.push(response.into());
    }

    fn dispatch(&mut self, method: &str, params: Json) -> Result<Json, Failure> {
        let state = &mut self.state;
        match method {
            HoverRequest::METHOD => reply(params, |params| hover::hover(state, params)),
            GotoDefinition::METHOD => reply(params, |params| navigation::definition(state, params)),
            References::METHOD => reply(params, |params| navigation::references(state, params)),
            InlayHintRequest::METHOD => reply(params, |params| hints::hints(state, params)),
            CodeActionResolveRequest::METHOD => reply(params, |params| actions::resolve(state, params)),
            CodeActionRequest::METHOD => reply(params, |params| actions::actions(state, params)),
            DocumentDiagnosticRequest::METHOD => reply(params, |params| self.pull(params)),
            WorkspaceDiagnosticRequest::METHOD => reply(params, |params| self.pull_all(params)),
            ExecuteCommand::METHOD => reply(params, |params| actions::execute(self, params)),
            Initialize::METHOD => {
                Err(Failure { code: ErrorCode::InvalidRequest, message: "the session has begun already".to_owned() })
            }
            _ => {
                let message = format!("djudge does not answer {method}");
                Err(Failure { code: ErrorCode::MethodNotFound, message })
            }
        }
    }

    /// After a panic: it is logged, and what was half done is forgotten.
    fn recover(&mut self, what: &str, why: &str) {
        self.state.folders.iter_mut().for_each(super::folder::Folder::forget);
        self.log(MessageType::ERROR, format!("djudge: {what} failed: {why}"));
    }

    /// Judges the folders with open documents, and gives all that is to be shown.
    fn judge_all(&mut self) -> ByFile {
        let mut all = ByFile::new();
        let paths: Vec<PathBuf> = self.state.documents.iter().map(|(path, _)| path.clone()).collect();
        let mut seen: Vec<PathBuf> = Vec::new();
        for path in paths {
            let Some(folder) = self.state.judged(&path).map(|folder| folder.path.clone()) else { continue };
            if seen.contains(&folder) {
                continue;
            }
            let judged = self.state.folders.iter().find(|known| known.path == folder);
            if let Some(judged) = judged {
                all.extend(all_of(judged, &self.state.view()));
            }
            seen.push(folder);
        }
        all
    }

    fn publish_now(&mut self) {
        let awaited = std::mem::take(&mut self.awaited);
        let now = self.judge_all();
        if self.state.client.pulls {
            // What was asked for and has changed since is asked for again.
            let is_other = |path: &PathBuf| !awaited.contains(path) && self.state.documents.get(path).is_some();
            let differs = self.shown.iter().any(|(path, shown)| is_other(path) && shown != of_file(&now, path));
            if differs && self.state.client.refreshes_diagnostics {
                self.ask(WorkspaceDiagnosticRefresh::METHOD, ());
            }
            return;
        }
        let mut paths: Vec<&PathBuf> = now.keys().chain(self.shown.keys()).chain(&awaited).collect();
        paths.sort();
        paths.dedup();
        let mut published = Vec::new();
        for path in paths {
            let document = self.state.documents.get(path);
            let is_awaited = awaited.contains(path) && document.is_some();
            let diagnostics = of_file(&now, path);
            if !is_awaited && diagnostics == of_file(&self.shown, path) {
                continue;
            }
            let Some(uri) = self.state.view().uri(path) else { continue };
            let version = document.map(|document| document.version);
            published.push(PublishDiagnosticsParams { uri, diagnostics: diagnostics.to_vec(), version });
        }
        published.into_iter().for_each(|params| self.notify(PublishDiagnostics::METHOD, params));
        self.shown = now;
    }

    /// The diagnostics of a document.
    fn pull(&mut self, params: DocumentDiagnosticParams) -> DocumentDiagnosticReport {
        let path = path_of(&params.text_document.uri);
        let items = path.and_then(|path| {
            self.state.judged(&path)?;
            let folder = super::folder::folder_of(&path, &self.state.opened, self.state.overlay)?;
            let folder = self.state.folders.iter().find(|known| known.path == folder)?;
            let items = of_file(&all_of(folder, &self.state.view()), &path).to_vec();
            self.shown.insert(path, items.clone());
            Some(items)
        });
        let items = items.unwrap_or_default();
        let result_id = result_id(&items);
        if params.previous_result_id.as_ref() == Some(&result_id) {
            return RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
            }
            .into();
        }
        RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(result_id), items },
        }
        .into()
    }

    /// The diagnostics of all files.
    fn pull_all(&mut self, params: WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReport {
        let now = self.judge_all();
        let known: Vec<(Uri, String)> =
            params.previous_result_ids.into_iter().map(|previous| (previous.uri, previous.value)).collect();
        let view = self.state.view();
        let mut all: Vec<(Uri, PathBuf)> =
            now.keys().filter_map(|path| Some((view.uri(path)?, path.clone()))).collect();
        for (uri, _) in &known {
            if let Some(path) = path_of(uri).filter(|path| !now.contains_key(path)) {
                all.push((uri.clone(), path));
            }
        }
        let report = |(uri, path): (Uri, PathBuf)| {
            let items = of_file(&now, &path).to_vec();
            let version = self.state.documents.get(&path).map(|document| i64::from(document.version));
            let result_id = result_id(&items);
            let is_known = known.iter().any(|(known, id)| (known, id) == (&uri, &result_id));
            match is_known {
                true => WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                }),
                false => WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(result_id), items },
                }),
            }
        };
        let items = all.into_iter().map(report).collect();
        WorkspaceDiagnosticReport { items }
    }

    /// What a client cancelled has had its answer by now.
    pub(super) fn is_past(&mut self, id: &RequestId) {
        self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// Answers with what `answer` makes of the parameters.
fn reply<P: DeserializeOwned, R: Serialize>(params: Json, answer: impl FnOnce(P) -> R) -> Result<Json, Failure> {
    let invalid = |error: serde_json::Error| Failure { code: ErrorCode::InvalidParams, message: error.to_string() };
    let params = serde_json::from_value(params).map_err(invalid)?;
    serde_json::to_value(answer(params))
        .map_err(|error| Failure { code: ErrorCode::InternalError, message: error.to_string() })
}

/// Runs something that may panic.
///
/// # Errors
/// What the panic says.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(guarded(|| 1), Ok(1));
        let failed: Result<(), String> = guarded(|| panic!("no {}", "way"));
        assert_eq!(failed, Err("no way".to_owned()));
    }
}
