//! The Python files of a project as text, for rules that ask whether something is named anywhere.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::project::judged::Judged;
use crate::source::{Sources, Span, is_python};

/// The texts of a project's Python files, each read when it is first asked for. They are as large as the project, and so are
/// let go of with this, where the sources would keep them for the whole run.
#[derive(Default)]
pub struct PythonTexts(OnceLock<Vec<(PathBuf, OnceLock<Arc<str>>)>>);

impl PythonTexts {
    /// All of them, in order; empty where a file cannot be read. `judged` is one of the project's settings modules.
    pub(super) fn of(&self, judged: &Judged, sources: &Sources) -> impl Iterator<Item = (&Path, &str)> {
        let files = self.0.get_or_init(|| python_files(judged).map(|path| (path, OnceLock::new())).collect());
        files.iter().map(|(path, text)| (path.as_path(), &**text.get_or_init(|| sources.text_once(path))))
    }
}

/// The Python files of a project, in order.
pub(super) fn python_files(judged: &Judged) -> impl Iterator<Item = PathBuf> {
    judged.files.below(&judged.root).filter(|path| path.file_name().is_some_and(is_python))
}

/// Whether a text names something elsewhere than in some spans, in strings and comments too.
pub(super) fn is_named(text: &str, name: &str, is_left_out: impl Fn(Span) -> bool) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    memchr::memmem::find_iter(text.as_bytes(), name).any(|at| {
        let end = at + name.len();
        let is_word = !is_part(text[..at].chars().next_back()) && !is_part(text[end..].chars().next());
        is_word && !is_left_out(Span::new(at as u32, end as u32))
    })
}
