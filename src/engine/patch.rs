//! Edits of several fixes, put together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::source::Span;

/// An edit of a file that is known by its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileEdit {
    pub path: PathBuf,
    pub span: Span,
    pub content: String,
}

/// The edits of a fix, all of which are made, or none.
pub(super) type Patch = Vec<FileEdit>;

/// Whether a patch can be made together with others: it touches none of their edits, unless it is one of them.
pub(super) fn fits(patch: &Patch, others: &[&Patch]) -> bool {
    others.iter().all(|other| patch == *other || patch.iter().all(|edit| other.iter().all(|made| !touches(edit, made))))
}

fn touches(a: &FileEdit, b: &FileEdit) -> bool {
    a.path == b.path && a.span.start <= b.span.end && b.span.start <= a.span.end
}

/// The texts of the files with the edits of patches made. New lines end as those of their file do.
pub(super) fn apply<'t>(patches: &[&Patch], text_of: impl Fn(&Path) -> Option<&'t str>) -> BTreeMap<PathBuf, String> {
    let mut by_file: BTreeMap<&Path, Vec<&FileEdit>> = BTreeMap::new();
    let mut made: Vec<&Patch> = Vec::new();
    for patch in patches {
        // What two fixes do alike is done once.
        if !made.contains(patch) {
            made.push(patch);
            patch.iter().for_each(|edit| by_file.entry(&edit.path).or_default().push(edit));
        }
    }
    let mut texts = BTreeMap::new();
    for (path, mut edits) in by_file {
        let Some(text) = text_of(path) else { continue };
        let line_end = line_end_of(text);
        edits.sort_by_key(|edit| edit.span);
        let mut new = text.to_owned();
        for edit in edits.iter().rev() {
            let range = edit.span.start as usize..edit.span.end as usize;
            if new.get(range.clone()).is_some() {
                new.replace_range(range, &edit.content.replace('\n', line_end));
            }
        }
        texts.insert(path.to_path_buf(), new);
    }
    texts
}

/// How the first line of a text ends.
fn line_end_of(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, content: &str) -> FileEdit {
        FileEdit { path: "a.py".into(), span: Span::new(start, end), content: content.to_owned() }
    }

    #[test]
    fn edits_are_made_from_the_end() {
        let (first, second) = (vec![edit(0, 1, "xy"), edit(4, 4, "\n")], vec![edit(2, 3, "")]);
        let made = apply(&[&first, &second, &second.clone()], |_| Some("a\r\nbc"));
        assert_eq!(made[Path::new("a.py")], "xy\rb\r\nc");
    }

    #[test]
    fn patches_that_touch_wait() {
        let (a, b, c) = (vec![edit(0, 2, "")], vec![edit(2, 3, "")], vec![edit(4, 5, "")]);
        assert!(!fits(&b, &[&a]) && fits(&c, &[&a, &b]) && fits(&a, &[&a.clone()]));
    }
}
