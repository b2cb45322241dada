//! What the server knows: the client, the documents, the folders they lie in.

use std::path::{Path, PathBuf};

use lsp_types::{Position, TextDocumentPositionParams, Uri};

use super::client::{Client, Options};
use super::documents::Documents;
use super::folder::{Folder, folder_of};
use super::positions::Positions;
use super::uris::{path_of, uri_of};
use crate::eval::Trees;
use crate::source::{LineIndex, Overlay, SourceFile, Sources};

/// What the server knows.
pub struct State<'a> {
    /// The client.
    pub client: Client,
    /// What the user sets in the editor.
    pub options: Options,
    /// The folders that are open in the editor.
    pub opened: Vec<PathBuf>,
    /// The documents that are open in it.
    pub documents: Documents,
    /// The folders that are judged, in no particular order.
    pub folders: Vec<Folder>,
    /// Where the pages of rules are put that are opened; removed with the session.
    pub pages: Option<tempfile::TempDir>,
    /// The documents over the disk.
    pub overlay: &'a Overlay<'a>,
    /// What was read and parsed.
    pub trees: &'a Trees<'a>,
}

/// What a request looks at.
#[derive(Clone, Copy)]
pub struct View<'v> {
    /// The client.
    pub client: &'v Client,
    /// What the user sets in the editor.
    pub options: &'v Options,
    /// The documents that are open.
    pub documents: &'v Documents,
    /// What was read and parsed.
    pub trees: &'v Trees<'v>,
}

/// A place that a request is about, in a folder that is judged.
pub struct At<'v> {
    /// What is known beside the folder.
    pub view: View<'v>,
    /// The folder.
    pub folder: &'v Folder,
    /// The file.
    pub file: std::sync::Arc<SourceFile>,
    /// Where in it.
    pub offset: u32,
}

impl<'a> State<'a> {
    /// Nothing is open yet.
    pub fn new(client: Client, overlay: &'a Overlay<'a>, trees: &'a Trees<'a>) -> Self {
        Self {
            client,
            options: Options::default(),
            opened: Vec::new(),
            documents: Documents::default(),
            folders: Vec::new(),
            pages: None,
            overlay,
            trees,
        }
    }

    /// What requests look at.
    pub fn view(&self) -> View<'_> {
        View { client: &self.client, options: &self.options, documents: &self.documents, trees: self.trees }
    }

    /// The folder that a file is judged in, as far as there is one; made where it is new.
    pub fn folder_of(&mut self, path: &Path) -> Option<&mut Folder> {
        let folder = folder_of(path, &self.opened, self.overlay)?;
        let known = self.folders.iter().position(|known| known.path == folder);
        let at = known.unwrap_or_else(|| {
            self.folders.push(Folder::new(folder));
            self.folders.len() - 1
        });
        self.folders.get_mut(at)
    }

    /// The folder that a file is judged in, judged as of now.
    pub fn judged(&mut self, path: &Path) -> Option<&Folder> {
        let folder = self.folder_of(path)?.path.clone();
        let at = self.folders.iter().position(|known| known.path == folder)?;
        self.folders[at].judge(&mut self.documents, self.trees);
        self.folders.get(at)
    }

    /// Takes note that the text of a file has changed, in every folder that it lies in or may be read from.
    pub fn changed(&mut self, path: &Path) {
        let id = self.trees.forget(path);
        self.folders.iter_mut().for_each(|folder| folder.changed(path, id, self.overlay));
    }

    /// What a request about a position looks at; none where there is nothing to say.
    pub fn at(&mut self, params: &TextDocumentPositionParams) -> Option<At<'_>> {
        self.at_position(&params.text_document.uri, params.position)
    }

    /// The same for a document and a position in it.
    pub fn at_position(&mut self, uri: &Uri, position: Position) -> Option<At<'_>> {
        let path = path_of(uri)?;
        let folder = self.judged(&path)?.path.clone();
        let file = self.trees.sources.file(self.trees.sources.id(&path)).ok()?;
        let folder = self.folders.iter().find(|known| known.path == folder)?;
        let view = self.view();
        let offset = view.positions(&file).offset(position);
        Some(At { view, folder, file, offset })
    }

    /// Whether a file stands on disk, whatever the editor holds.
    pub fn is_on_disk(&self, path: &Path) -> bool {
        self.overlay.base().is_file(path)
    }
}

impl<'v> View<'v> {
    /// The files.
    pub fn sources(&self) -> &'v Sources<'v> {
        self.trees.sources
    }

    /// Positions in a file.
    pub fn positions<'f>(&self, file: &'f SourceFile) -> Positions<'f> {
        Positions::new(&file.text, file.lines(), self.client.encoding)
    }

    /// Positions in another text.
    pub fn positions_in<'t>(&self, text: &'t str, lines: &'t LineIndex) -> Positions<'t> {
        Positions::new(text, lines, self.client.encoding)
    }

    /// What the client calls a file.
    pub fn uri(&self, path: &Path) -> Option<Uri> {
        self.documents.get(path).map(|document| document.uri.clone()).or_else(|| uri_of(path))
    }
}
