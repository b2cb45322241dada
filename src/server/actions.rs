//! What can be done about findings: apply a fix, all safe ones at once, silence one with the reason, open its rule's page.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::request::{Request as _, ShowDocument};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Command, Diagnostic, DocumentChanges,
    ExecuteCommandParams, MessageType, NumberOrString, OneOf, OptionalVersionedTextDocumentIdentifier, Position,
    ShowDocumentParams, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use serde_json::{Map, Value as Json};

use super::client::{EXPLAIN, FIX_ALL};
use super::documents::Replaced;
use super::session::Session;
use super::state::{At, State, View};
use super::uris::uri_of;
use crate::config::Overrides;
use crate::diagnostic::{Applicability, Edit, Finding, Fix};
use crate::engine::{Report, Request, comments, fix};
use crate::source::{SourceFile, Sources, Span, decode, line_end_of};

/// What the user puts a reason in the place of.
const REASON: &str = "TODO: the reason";

/// Answers a request.
pub fn actions(state: &mut State, params: CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
    let uri = params.text_document.uri;
    let at = state.at_position(&uri, params.range.start)?;
    let wanted = |kind: &str| {
        let is_within = |only: &CodeActionKind| {
            kind == only.as_str() || kind.strip_prefix(only.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        params.context.only.as_ref().is_none_or(|only| only.iter().any(is_within))
    };
    let known = at.folder.known.as_ref()?;
    let span = at.view.positions(&at.file).span(params.range);
    let lines = at.file.lines();
    // All of a line counts: few people put the cursor on the very character.
    let next = lines.line_of(span.end) + 1;
    let end = if next < lines.len() { lines.start_of(next) - 1 } else { at.file.text.len() as u32 };
    let span = Span::new(lines.start_of(lines.line_of(span.start)), end);
    let mut actions = Vec::new();
    let findings = known.findings_at(&at.file.path, span, at.view.sources());
    for finding in findings.iter().filter(|_| wanted(CodeActionKind::QUICKFIX.as_str())) {
        let diagnostics: Vec<Diagnostic> =
            params.context.diagnostics.iter().filter(|it| is_of(it, finding)).cloned().collect();
        let action = |title: String, edit: Option<WorkspaceEdit>, is_preferred: bool| CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(diagnostics.clone()).filter(|all| !all.is_empty()),
            edit,
            is_preferred: is_preferred.then_some(true),
            ..CodeAction::default()
        };
        for (number, fix) in finding.fixes.iter().enumerate() {
            if let Some(edit) = workspace_edit(&fix.edits, &at.view) {
                let is_preferred = number == 0 && fix.applicability == Applicability::Safe;
                actions.push(action(format!("{} ({})", fix.title, fix.applicability.name()), Some(edit), is_preferred));
            }
        }
        if let Some(edit) = silence(&at, finding) {
            actions.push(action(format!("Silence {} here, with a reason", finding.rule), Some(edit), false));
        }
        let title = format!("Explain {}", finding.rule);
        let arguments = Some(vec![Json::String(finding.rule.to_string())]);
        let command = Command { title: title.clone(), command: EXPLAIN.to_owned(), arguments };
        actions.push(CodeAction { command: Some(command), ..action(title, None, false) });
    }
    let is_asked_for = params.context.only.as_ref().is_some_and(|only| !only.is_empty());
    let has_safe = known.findings_in(&at.file.path, at.view.sources()).into_iter().any(|it| safe_fix(it).is_some());
    if wanted(FIX_ALL) && has_safe {
        // Trying all of them costs several runs: only where the client means to make them, as when it saves.
        let edit = is_asked_for.then(|| fix_all(&at)).flatten();
        let data = (!is_asked_for).then(|| Json::String(uri.as_str().to_owned()));
        let is_empty = edit.is_none() && data.is_none();
        let kind = Some(CodeActionKind::from(FIX_ALL));
        let title = "Apply all safe fixes of djudge".to_owned();
        actions.extend((!is_empty).then(|| CodeAction { title, kind, edit, data, ..CodeAction::default() }));
    }
    let mut titles: Vec<(Option<CodeActionKind>, String)> = Vec::new();
    actions.retain(|action| {
        let title = (action.kind.clone(), action.title.clone());
        // A rule may have found several things on a line; its page is one.
        let is_again = action.command.is_some() && titles.contains(&title);
        titles.push(title);
        !is_again
    });
    Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// Runs a command: [`EXPLAIN`] is the only one.
pub fn execute(session: &mut Session, params: ExecuteCommandParams) -> Json {
    let id = params.arguments.first().and_then(Json::as_str).unwrap_or_default().to_owned();
    if params.command != EXPLAIN {
        session.log(MessageType::WARNING, format!("djudge: there is no command {}", params.command));
        return Json::Null;
    }
    match page(&mut session.state, &id) {
        Some((path, text)) => match (uri_of(&path), session.state.client.opens_documents) {
            (Some(uri), true) => {
                let params = ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: None };
                session.ask(ShowDocument::METHOD, params);
            }
            _ => session.show(MessageType::INFO, text),
        },
        None => session.show(MessageType::WARNING, format!("djudge: the page of {id} cannot be opened")),
    }
    Json::Null
}

/// Whether a diagnostic that the client sends back is about a finding.
fn is_of(diagnostic: &Diagnostic, finding: &Finding) -> bool {
    let is_rule = diagnostic.code == Some(NumberOrString::String(finding.rule.to_string()));
    is_rule && diagnostic.message.starts_with(&finding.message)
}

/// A comment that silences a finding where it stands.
fn silence(at: &At, finding: &Finding) -> Option<WorkspaceEdit> {
    let silenced = comments([finding].into_iter(), REASON, at.view.sources(), &|_| true);
    let (path, bytes) = silenced.files.into_iter().next()?;
    let file = at.view.sources().file(finding.place.file).ok()?;
    whole(&path, &file, &decode(&bytes).ok()?, &at.view)
}

/// The edit that makes another text of a file: the part in which they differ.
fn whole(path: &Path, file: &SourceFile, text: &str, view: &View) -> Option<WorkspaceEdit> {
    let replaced = Replaced::between(&file.text, text);
    let start = replaced.span.start as usize;
    let new_text = text.get(start..start + replaced.length as usize)?.to_owned();
    let range = view.positions(file).range(replaced.span);
    text_edits(vec![(path.to_path_buf(), vec![TextEdit { range, new_text }])], view)
}

/// The fix that is made of a finding where all safe ones are.
fn safe_fix(finding: &Finding) -> Option<&Fix> {
    finding.fixes.first().filter(|fix| fix.applicability == Applicability::Safe)
}

/// All safe fixes that change this document and no other, as `djudge check --fix` makes them.
fn fix_all(at: &At) -> Option<WorkspaceEdit> {
    let path = &at.file.path;
    let keep = |report: &mut Report, sources: &Sources| {
        let file = sources.id(path);
        let is_here = |fix: &Fix| fix.edits.iter().all(|edit| edit.place.file == file);
        report.findings.retain(|finding| finding.place.file == file && safe_fix(finding).is_some_and(is_here));
        Ok(())
    };
    let request = Request { paths: vec![at.folder.path.clone()], overrides: Overrides::default() };
    let fixed = fix(&request, at.view.sources().file_system(), Applicability::Safe, &keep).ok()?;
    let changed = fixed.files.into_iter().find(|changed| changed.path == *path)?;
    // A coding comment may make of the bytes of a buffer another text than the buffer's.
    (*changed.before == *at.file.text).then_some(())?;
    whole(path, &at.file, &changed.after, &at.view)
}

/// Completes an action that was offered without its edit. What else the client says of it stays as it is.
pub fn resolve(state: &mut State, mut action: Map<String, Json>) -> Map<String, Json> {
    let uri = action.get("data").and_then(Json::as_str).and_then(|uri| Uri::from_str(uri).ok());
    let edit = uri.and_then(|uri| fix_all(&state.at_position(&uri, Position::default())?));
    if let Some(edit) = edit.and_then(|edit| serde_json::to_value(edit).ok()) {
        action.insert("edit".to_owned(), edit);
    }
    action
}

/// Edits as the protocol has them; none where a file cannot be read.
fn workspace_edit(edits: &[Edit], view: &View) -> Option<WorkspaceEdit> {
    let mut files: Vec<(PathBuf, Vec<TextEdit>)> = Vec::new();
    for edit in edits {
        let file = view.sources().file(edit.place.file).ok()?;
        let range = view.positions(&file).range(edit.place.span);
        let text_edit = TextEdit { range, new_text: edit.content.replace('\n', line_end_of(&file.text)) };
        match files.iter_mut().find(|(path, _)| *path == file.path) {
            Some((_, edits)) => edits.push(text_edit),
            None => files.push((file.path.clone(), vec![text_edit])),
        }
    }
    text_edits(files, view)
}

/// The same of texts by file.
fn text_edits(files: Vec<(PathBuf, Vec<TextEdit>)>, view: &View) -> Option<WorkspaceEdit> {
    if view.client.versions_edits {
        let changes = files.into_iter().map(|(path, edits)| {
            let version = view.documents.get(&path).map(|document| document.version);
            let text_document = OptionalVersionedTextDocumentIdentifier { uri: view.uri(&path)?, version };
            Some(TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() })
        });
        let document_changes = Some(DocumentChanges::Edits(changes.collect::<Option<_>>()?));
        return Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() });
    }
    // The hash of a URI is that of its text, which does not change.
    #[allow(clippy::mutable_key_type)]
    let changes: HashMap<Uri, Vec<TextEdit>> =
        files.into_iter().map(|(path, edits)| Some((view.uri(&path)?, edits))).collect::<Option<_>>()?;
    Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The file and the text of a rule's page. A page of the rule book, which is part of the program, is put in a folder
/// for temporary files; a page of the user's own is where it is.
fn page(state: &mut State, id: &str) -> Option<(PathBuf, String)> {
    let registries = state.folders.iter().filter_map(|folder| Some(&folder.known.as_ref()?.examined));
    let configs = registries.flat_map(|examined| {
        examined.projects.iter().map(|project| project.config.clone()).chain([examined.config.clone()])
    });
    let rule = configs.into_iter().find_map(|config| config.registry.get(id).cloned())?;
    if let Some(path) = rule.page.path {
        return Some((path, rule.page.text.to_string()));
    }
    if state.pages.is_none() {
        state.pages = Some(tempfile::Builder::new().prefix("djudge-").tempdir().ok()?);
    }
    let path = state.pages.as_ref()?.path().join(format!("{id}.md"));
    let text = rule.page.text.to_string();
    std::fs::write(&path, &text).ok()?;
    Some((path, text))
}
