//! Writing files so that each holds all of its new bytes, or what it held before.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// Gives files a new content, all of them or none: every new content is on the disk, beside its file, before the first
/// file is replaced, and where one cannot be replaced, those before it get back what they held.
///
/// What a symbolic link leads to is replaced, and the link stays. Permissions stay, and the owner where that is allowed.
/// Another hard link to a file keeps the old content. What is no regular file, such as `/dev/stdout`, is written to.
///
/// # Errors
/// The first error of the operating system, with the file that it is about. Files that may not be written to are not
/// replaced either, and two contents for one file are refused.
pub fn replace_files(files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
    let mut replacements: Vec<Replacement> = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let replacement = Replacement::new(path, bytes).map_err(|error| about(path, &error))?;
        match replacements.iter().find(|other| other.target == replacement.target) {
            Some(other) if other.bytes != *bytes => {
                return Err(about(path, &io::Error::new(io::ErrorKind::InvalidInput, "it would be written twice")));
            }
            Some(_) => {}
            None => replacements.push(replacement),
        }
    }
    for at in 0..replacements.len() {
        if let Err(error) = replacements[at].put_in_place() {
            let target = replacements[at].target.clone();
            for done in replacements[..at].iter().rev() {
                done.undo().map_err(|error| about(&done.target, &error))?;
            }
            return Err(about(&target, &error));
        }
    }
    Ok(())
}

/// An error that names its file, with the kind that it had.
fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{} cannot be written: {error}", path.display()))
}

struct Replacement<'b> {
    /// The file itself, behind all links.
    target: PathBuf,
    bytes: &'b [u8],
    /// What there is before; none for a file that is new.
    before: Option<Before>,
    /// The new content beside the target; none where the target is no regular file, and once it is in place.
    beside: Option<NamedTempFile>,
}

struct Before {
    metadata: Metadata,
    bytes: Vec<u8>,
}

impl<'b> Replacement<'b> {
    fn new(path: &Path, bytes: &'b [u8]) -> io::Result<Self> {
        let metadata = match fs::symlink_metadata(path) {
            Ok(_) => fs::metadata(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let beside = Some(beside(path, bytes, None)?);
                return Ok(Self { target: path.to_path_buf(), bytes, before: None, beside });
            }
            Err(error) => return Err(error),
        };
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        if !metadata.is_file() {
            return Ok(Self { target: path.to_path_buf(), bytes, before: None, beside: None });
        }
        let target = fs::canonicalize(path)?;
        // A rename asks for the folder's permission alone.
        OpenOptions::new().write(true).open(&target)?;
        let before = Before { bytes: fs::read(&target)?, metadata };
        let beside = Some(beside(&target, bytes, Some(&before.metadata))?);
        Ok(Self { target, bytes, before: Some(before), beside })
    }

    fn put_in_place(&mut self) -> io::Result<()> {
        match self.beside.take() {
            Some(beside) => beside.persist(&self.target).map(drop).map_err(|error| error.error),
            None => OpenOptions::new().write(true).open(&self.target)?.write_all(self.bytes),
        }
    }

    fn undo(&self) -> io::Result<()> {
        match &self.before {
            Some(before) => {
                let old = beside(&self.target, &before.bytes, Some(&before.metadata))?;
                old.persist(&self.target).map(drop).map_err(|error| error.error)
            }
            None if fs::symlink_metadata(&self.target).is_ok_and(|metadata| metadata.is_file()) => {
                fs::remove_file(&self.target)
            }
            None => Ok(()),
        }
    }
}

/// A temporary file in the folder of `target`, with these bytes, and with the permissions of the file that it stands for.
fn beside(target: &Path, bytes: &[u8], like: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".djudge-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(metadata) = like {
        keep_owner(file.as_file(), metadata);
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Gives a file the owner and the group of another, as far as the process may.
#[cfg(unix)]
fn keep_owner(file: &File, like: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let Ok(own) = file.metadata() else { return };
    if own.gid() != like.gid() {
        let _ = fchown(file, None, Some(like.gid()));
    }
    if own.uid() != like.uid() {
        let _ = fchown(file, Some(like.uid()), None);
    }
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _like: &Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path).expect("a file")
    }

    #[test]
    fn files_old_and_new_ok() {
        let folder = folder();
        let (old, new) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&old, "before").expect("a file");
        replace_files(&[(old.clone(), b"one".to_vec()), (new.clone(), b"two".to_vec())]).expect("written");
        assert_eq!((text(&old), text(&new)), ("one".to_owned(), "two".to_owned()));
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn nothing_is_written_where_one_cannot_be() {
        let folder = folder();
        let (first, missing) = (folder.path().join("a"), folder.path().join("none/b"));
        fs::write(&first, "before").expect("a file");
        let error = replace_files(&[(first.clone(), b"after".to_vec()), (missing, Vec::new())]).expect_err("no folder");
        assert!(error.to_string().contains("none"), "{error}");
        assert_eq!((text(&first).as_str(), names(folder.path())), ("before", vec!["a".to_owned()]));
    }

    #[test]
    fn replaced_files_get_their_content_back() {
        let folder = folder();
        let (old, new) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&old, "before").expect("a file");
        for path in [&old, &new] {
            let mut replacement = Replacement::new(path, b"after").expect("prepared");
            replacement.put_in_place().expect("written");
            assert_eq!(text(path), "after");
            replacement.undo().expect("undone");
        }
        assert_eq!((text(&old).as_str(), names(folder.path())), ("before", vec!["a".to_owned()]));
    }

    #[test]
    fn one_file_twice() {
        let folder = folder();
        let path = folder.path().join("a");
        fs::write(&path, "before").expect("a file");
        let same = [(path.clone(), b"x".to_vec()), (path.clone(), b"x".to_vec())];
        replace_files(&same).expect("one content");
        replace_files(&[(path.clone(), b"y".to_vec()), (path.clone(), b"z".to_vec())]).expect_err("two contents");
        assert_eq!((text(&path).as_str(), names(folder.path())), ("x", vec!["a".to_owned()]));
    }

    #[test]
    fn folder_err() {
        let folder = folder();
        replace_files(&[(folder.path().to_path_buf(), Vec::new())]).expect_err("a folder");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = folder();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "before").expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o750)).expect("permissions");
        symlink("file", &link).expect("a link");
        replace_files(&[(link.clone(), b"after".to_vec())]).expect("written");
        assert_eq!(text(&file), "after");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o7777, 0o750);
        fs::remove_file(&file).expect("removed");
        replace_files(&[(link, b"again".to_vec())]).expect_err("a link to nothing");
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_written_to() {
        use std::os::unix::fs::FileTypeExt;
        replace_files(&[("/dev/null".into(), b"text".to_vec())]).expect("written");
        assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
    }
}
