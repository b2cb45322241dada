//! What the client can do and wants, and what the server offers it.

use std::str::FromStr;

use lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, DiagnosticOptions,
    DiagnosticServerCapabilities, ExecuteCommandOptions, HoverProviderCapability, InitializeParams, MarkupKind, OneOf,
    SaveOptions, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use serde::Deserialize;
use serde_json::Value as Json;

use super::positions::Encoding;
use crate::diagnostic::Severity;

/// The command that opens a rule's page; its argument is the rule's id.
pub const EXPLAIN: &str = "djudge.explain";
/// The kind of the action that applies all safe fixes.
pub const FIX_ALL: &str = "source.fixAll.djudge";

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
    /// What a client said of itself; `written` are the same parameters as they were written.
    pub fn of(params: &InitializeParams, written: &Json) -> Self {
        let ClientCapabilities { workspace, text_document, window, general, .. } = &params.capabilities;
        let workspace = workspace.clone().unwrap_or_default();
        let document = text_document.clone().unwrap_or_default();
        let encodings = general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let hover = document.hover.and_then(|hover| hover.content_format).unwrap_or_default();
        Self {
            encoding: Encoding::among(encodings.unwrap_or_default()),
            pulls: document.diagnostic.is_some(),
            // The crate calls `diagnostics` by another name than the protocol does.
            refreshes_diagnostics: written
                .pointer("/capabilities/workspace/diagnostics/refreshSupport")
                .and_then(Json::as_bool)
                .unwrap_or_default(),
            refreshes_hints: workspace.inlay_hint.and_then(|it| it.refresh_support).unwrap_or_default(),
            watches: workspace
                .did_change_watched_files
                .and_then(|watched| watched.dynamic_registration)
                .unwrap_or_default(),
            has_configuration: workspace.configuration.unwrap_or_default(),
            versions_edits: workspace.workspace_edit.and_then(|edit| edit.document_changes).unwrap_or_default(),
            shows_markdown: hover.contains(&MarkupKind::Markdown),
            shows_related: document
                .publish_diagnostics
                .and_then(|publish| publish.related_information)
                .unwrap_or_default()
                || document.diagnostic.is_some(),
            opens_documents: window
                .as_ref()
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|show| show.support),
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
