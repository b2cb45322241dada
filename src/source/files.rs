//! Every file that a run looks at, read once and known by a number.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::{DecodeError, FileSystem, LineColumn, LineIndex, Place, decode};

/// A file's number within one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The number as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why a file has no text.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// The operating system refused.
    #[error("{0}")]
    Io(String),
    /// The bytes are no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Offsets are 32 bits wide.
    #[error("larger than 4 GiB")]
    TooLarge,
}

/// A file that was read.
#[derive(Debug)]
pub struct SourceFile {
    /// Its number.
    pub id: FileId,
    /// Its absolute path.
    pub path: PathBuf,
    /// Its text, decoded, without a byte order mark.
    pub text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// Its lines, indexed when first asked for.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> LineColumn {
        self.lines().position(&self.text, offset)
    }
}

type Slot = Arc<OnceLock<Result<Arc<SourceFile>, ReadError>>>;

#[derive(Default)]
struct Table {
    ids: FxHashMap<PathBuf, FileId>,
    entries: Vec<(PathBuf, Slot)>,
}

/// The files of a run. Each is read when first asked for, and once.
pub struct Sources<'a> {
    file_system: &'a dyn FileSystem,
    table: RwLock<Table>,
}

impl<'a> Sources<'a> {
    /// No files yet; they will come from `file_system`.
    pub fn new(file_system: &'a dyn FileSystem) -> Self {
        Self { file_system, table: RwLock::default() }
    }

    /// Where the files come from.
    pub fn file_system(&self) -> &'a dyn FileSystem {
        self.file_system
    }

    /// The number of the file at `path`, which is absolute. The file need not exist.
    pub fn id(&self, path: &Path) -> FileId {
        if let Some(&id) = self.table.read().unwrap_or_else(PoisonError::into_inner).ids.get(path) {
            return id;
        }
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&id) = table.ids.get(path) {
            return id;
        }
        let id = FileId(table.entries.len() as u32);
        table.ids.insert(path.to_path_buf(), id);
        table.entries.push((path.to_path_buf(), Slot::default()));
        id
    }

    /// The path of a file.
    pub fn path(&self, id: FileId) -> PathBuf {
        self.table.read().unwrap_or_else(PoisonError::into_inner).entries[id.index()].0.clone()
    }

    /// A file, read now if it was not yet.
    pub fn file(&self, id: FileId) -> Result<Arc<SourceFile>, ReadError> {
        let (path, slot) = self.table.read().unwrap_or_else(PoisonError::into_inner).entries[id.index()].clone();
        slot.get_or_init(|| self.load(id, path)).clone()
    }

    /// How many files were read so far.
    pub fn count_read(&self) -> usize {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.entries.iter().filter(|(_, slot)| slot.get().is_some()).count()
    }

    /// The text at a place; empty where the file could not be read.
    pub fn text_at(&self, place: Place) -> String {
        self.file(place.file).map(|file| place.span.slice(&file.text).to_owned()).unwrap_or_default()
    }

    /// The files that could not be read or decoded, with the reason, sorted by path.
    pub fn unreadable(&self) -> Vec<(PathBuf, ReadError)> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let failed = table.entries.iter().filter_map(|(path, slot)| match slot.get() {
            Some(Err(error)) => Some((path.clone(), error.clone())),
            _ => None,
        });
        let mut failed: Vec<_> = failed.collect();
        failed.sort_by(|a, b| a.0.cmp(&b.0));
        failed
    }

    fn load(&self, id: FileId, path: PathBuf) -> Result<Arc<SourceFile>, ReadError> {
        let bytes = self.file_system.read(&path).map_err(|error| ReadError::Io(error.to_string()))?;
        if u32::try_from(bytes.len()).is_err() {
            return Err(ReadError::TooLarge);
        }
        let text = decode(&bytes)?.into();
        Ok(Arc::new(SourceFile { id, path, text, lines: OnceLock::new() }))
    }
}
