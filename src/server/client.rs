//! What the client can do and wants, and what the server offers it.

use std::str::FromStr;

use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, DiagnosticOptions, DiagnosticServerCapabilities,
    ExecuteCommandOptions, HoverProviderCapability, OneOf, SaveOptions, ServerCapabilities, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri, WorkspaceFolder,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::positions::Encoding;
use crate::diagnostic::Severity;

/// The command that opens a rule's page; its argument is the rule's id.
pub const EXPLAIN: &str = "djudge.explain";
/// The kind of the action that applies all safe fixes.
pub const FIX_ALL: &str = "source.fixAll.djudge";

/// What a client says first, in `initialize`, as far as it matters here. The type of `lsp-types` reads all that a client
/// may be capable of, in four hundred kilobytes of code, and misnames some of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Introduction {
    /// What it is capable of: `ClientCapabilities` in the protocol.
    capabilities: Map<String, Json>,
    /// What the user has set: [`Options`].
    pub initialization_options: Option<Json>,
    /// The folders that are open.
    pub workspace_folders: Option<Vec<WorkspaceFolder>>,
    /// The one folder that is open, to an older client.
    pub root_uri: Option<Uri>,
}

/// The client.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// How it counts columns.
    pub encoding: Encoding,
    /// Whether it asks for diagnostics instead of being sent them.
    pub pulls: bool,
    /// Whether it asks again for the diagnostics of all files when it is told to.
    pub refreshes_diagnostics: bool,
    /// Whether it asks again for inlay hints when it is told to.
    pub refreshes_hints: bool,
    /// Whether it tells of files that change on disk.
    pub watches: bool,
    /// Whether it can be asked for its configuration.
    pub has_configuration: bool,
    /// Whether edits may name the version of a document.
    pub versions_edits: bool,
    /// Whether it shows Markdown.
    pub shows_markdown: bool,
    /// Whether it shows places beside that of a diagnostic.
    pub shows_related: bool,
    /// Whether it opens documents that it is told to.
    pub opens_documents: bool,
}

/// What a user sets in the editor: as initialization options, or as the section `djudge` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// Whether overridden assignments show the value that counts.
    pub inlay_hints: bool,
    /// The mildest severity that is shown, before what configuration files say.
    #[serde(deserialize_with = "severity")]
    pub min_severity: Option<Severity>,
}

fn severity<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Severity>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    name.map(|name| Severity::from_str(&name).map_err(serde::de::Error::custom)).transpose()
}

impl Client {
    /// What a client said of itself.
    pub fn of(introduction: &Introduction) -> Self {
        let capabilities = Json::Object(introduction.capabilities.clone());
        let at = |path: &str| capabilities.pointer(path);
        let flag = |path: &str| at(path).and_then(Json::as_bool).unwrap_or_default();
        let words = |path: &str| at(path).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        let pulls = at("/textDocument/diagnostic").is_some_and(|it| !it.is_null());
        Self {
            encoding: Encoding::among(words("/general/positionEncodings")),
            pulls,
            refreshes_diagnostics: flag("/workspace/diagnostics/refreshSupport"),
            refreshes_hints: flag("/workspace/inlayHint/refreshSupport"),
            watches: flag("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            has_configuration: flag("/workspace/configuration"),
            versions_edits: flag("/workspace/workspaceEdit/documentChanges"),
            shows_markdown: words("/textDocument/hover/contentFormat").any(|kind| kind == "markdown"),
            shows_related: flag("/textDocument/publishDiagnostics/relatedInformation") || pulls,
            opens_documents: flag("/window/showDocument/support"),
        }
    }

    /// What the server offers it.
    pub fn offer(&self) -> ServerCapabilities {
        let diagnostics = DiagnosticOptions {
            identifier: Some("djudge".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..DiagnosticOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::from(FIX_ALL)]),
            resolve_provider: Some(true),
            ..CodeActionOptions::default()
        };
        let folders =
            WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(OneOf::Left(true)) };
        ServerCapabilities {
            position_encoding: Some(self.encoding.kind()),
            text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
                ..TextDocumentSyncOptions::default()
            })),
            diagnostic_provider: self.pulls.then_some(DiagnosticServerCapabilities::Options(diagnostics)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            inlay_hint_provider: Some(OneOf::Left(true)),
            code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: vec![EXPLAIN.to_owned()],
                ..ExecuteCommandOptions::default()
            }),
            workspace: Some(WorkspaceServerCapabilities { workspace_folders: Some(folders), file_operations: None }),
            ..ServerCapabilities::default()
        }
    }
}
