//! Every file that a run looks at, read once and known by a number.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

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
    table: Arc<RwLock<Table>>,
    /// The files whose text was asked for, where that is of interest.
    asked: Option<Mutex<FxHashSet<FileId>>>,
}

impl<'a> Sources<'a> {
    /// No files yet; they will come from `file_system`.
    pub fn new(file_system: &'a dyn FileSystem) -> Self {
        Self { file_system, table: Arc::default(), asked: None }
    }

    /// The same files, with a record of those whose text is asked for through it.
    pub fn recording(&self) -> Self {
        Self { file_system: self.file_system, table: self.table.clone(), asked: Some(Mutex::default()) }
    }

    /// The files whose text was asked for, where that is recorded; in no particular order.
    pub fn asked(&self) -> Vec<FileId> {
        let asked = self.asked.as_ref().map(|asked| asked.lock().unwrap_or_else(PoisonError::into_inner));
        asked.map_or_else(Vec::new, |asked| asked.iter().copied().collect())
    }

    /// Records files as asked for, as when what was worked out from them is used again.
    pub fn note(&self, files: &[FileId]) {
        if let Some(asked) = &self.asked {
            asked.lock().unwrap_or_else(PoisonError::into_inner).extend(files);
        }
    }

    /// Takes a file off the record of those that were asked for.
    pub fn unnote(&self, file: FileId) {
        if let Some(asked) = &self.asked {
            asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&file);
        }
    }

    /// Forgets the text of a file, which has changed: it is read anew when it is asked for. Gives its number, where its
    /// text had been asked for.
    pub fn forget(&self, path: &Path) -> Option<FileId> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        let id = *table.ids.get(path)?;
        let slot = &mut table.entries[id.index()].1;
        let was_read = slot.get().is_some();
        *slot = Slot::default();
        was_read.then_some(id)
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

    /// The number of the file at `path`, where it was asked for before.
    pub fn known_id(&self, path: &Path) -> Option<FileId> {
        self.table.read().unwrap_or_else(PoisonError::into_inner).ids.get(path).copied()
    }

    /// The text of the file at `path`, which is not kept, nor recorded as asked for; empty where it cannot be read.
    pub fn text_once(&self, path: &Path) -> Arc<str> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let slot = table.ids.get(path).map(|id| table.entries[id.index()].1.clone());
        drop(table);
        match slot.as_ref().and_then(|slot| slot.get()) {
            Some(known) => known.as_ref().map(|file| file.text.clone()).unwrap_or_default(),
            None => self.text(path).unwrap_or_default(),
        }
    }

    /// The path of a file.
    pub fn path(&self, id: FileId) -> PathBuf {
        self.table.read().unwrap_or_else(PoisonError::into_inner).entries[id.index()].0.clone()
    }

    /// A file, read now if it was not yet.
    pub fn file(&self, id: FileId) -> Result<Arc<SourceFile>, ReadError> {
        if let Some(asked) = &self.asked {
            asked.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        }
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

    /// The files that could not be read or decoded, with the reason, in no particular order.
    pub fn unreadable(&self) -> Vec<(FileId, ReadError)> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let failed = table.entries.iter().enumerate().filter_map(|(number, (_, slot))| match slot.get() {
            Some(Err(error)) => Some((FileId(number as u32), error.clone())),
            _ => None,
        });
        failed.collect()
    }

    /// The files whose text was read and has another now.
    pub fn stale(&self) -> Vec<PathBuf> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let read = table.entries.iter().filter_map(|(path, slot)| slot.get().map(|known| (path, known)));
        let is_stale = |(path, known): &(&PathBuf, &Result<Arc<SourceFile>, ReadError>)| match (known, self.text(path))
        {
            (Ok(known), Ok(now)) => known.text != now,
            (Err(_), Err(_)) => false,
            _ => true,
        };
        read.filter(is_stale).map(|(path, _)| path.clone()).collect()
    }

    fn load(&self, id: FileId, path: PathBuf) -> Result<Arc<SourceFile>, ReadError> {
        let text = self.text(&path)?;
        Ok(Arc::new(SourceFile { id, path, text, lines: OnceLock::new() }))
    }

    fn text(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let bytes = self.file_system.read(path).map_err(|error| ReadError::Io(error.to_string()))?;
        if u32::try_from(bytes.len()).is_err() {
            return Err(ReadError::TooLarge);
        }
        Ok(match self.file_system.is_buffer(path) {
            true => String::from_utf8_lossy(&bytes).into(),
            false => decode(&bytes)?.into(),
        })
    }
}
