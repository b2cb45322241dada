//! Which files matter: one look at every file of a tree.

use std::path::{Path, PathBuf};

use globset::GlobSet;
use memchr::memmem::Finder;
use rayon::prelude::*;

use super::mentions::{self, Mention};
use crate::source::FileSystem;

/// Larger files than this are no configuration; of Python files, only the beginning is looked at for hints.
const MAX_CONFIGURATION: usize = 512 * 1024;

/// What was found below some folders.
#[derive(Debug, Default)]
pub struct Scan {
    /// The folders that were looked through.
    pub roots: Vec<PathBuf>,
    /// Every file that version control keeps, sorted.
    pub files: Vec<PathBuf>,
    /// Python files with what their text hints at, where it hints at anything.
    pub modules: Vec<(PathBuf, Hints)>,
    /// The settings modules that files name, with the naming file.
    pub mentions: Vec<(PathBuf, Mention)>,
    /// The classes of django-configurations that files name, with the naming file.
    pub configurations: Vec<(PathBuf, Mention)>,
    /// Files that show how the project is deployed, with their text.
    pub deployment: Vec<(PathBuf, String)>,
    /// What could not be entered or read.
    pub errors: Vec<(PathBuf, String)>,
}

/// What a Python file's text hints at; a parse will tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints {
    /// `INSTALLED_APPS` is assigned.
    pub installed_apps: bool,
    /// Something is imported with `*`.
    pub star_import: bool,
    /// An ASGI application is put together.
    pub asgi: bool,
    /// Routes to WebSocket consumers are listed.
    pub websocket_routes: bool,
    /// An application is put together that may serve WebSockets.
    pub websocket_application: bool,
    /// Its name is that of a settings module, or it lies in a folder of them.
    pub settings_name: bool,
    /// Django's check of the `Host` header is named, as by code that replaces it.
    pub host_check: bool,
}

impl Scan {
    /// Forgets what `exclude` matches, or a folder above it.
    pub fn leave_out(&mut self, exclude: &GlobSet, given: &[PathBuf]) {
        if exclude.is_empty() {
            return;
        }
        let is_kept = |path: &PathBuf| !is_excluded(path, exclude, given);
        self.files.retain(is_kept);
        self.modules.retain(|(path, _)| is_kept(path));
        self.mentions.retain(|(path, _)| is_kept(path));
        self.configurations.retain(|(path, _)| is_kept(path));
        self.deployment.retain(|(path, _)| is_kept(path));
        self.errors.retain(|(path, _)| is_kept(path));
    }
}

/// Whether a path, or a folder around it, is excluded; what is given by name, and the folders around that, are not.
pub fn is_excluded(path: &Path, exclude: &GlobSet, given: &[PathBuf]) -> bool {
    path.ancestors().any(|part| exclude.is_match(part) && !given.iter().any(|given| given.starts_with(part)))
}

/// Looks at every file below `roots`.
pub fn scan(file_system: &dyn FileSystem, roots: &[PathBuf], exclude: &GlobSet) -> Scan {
    let mut scan = Scan { roots: roots.to_vec(), ..Scan::default() };
    for root in roots {
        match file_system.is_file(root) {
            true => scan.files.push(root.clone()),
            false => {
                let walk = file_system.walk(root, exclude);
                scan.files.extend(walk.files);
                scan.errors.extend(walk.errors);
            }
        }
    }
    // The files of a project template, such as Cookiecutter's, are not Python yet.
    scan.files.retain(|path| !path.components().any(|part| part.as_os_str().to_string_lossy().contains("{{")));
    scan.files.sort();
    scan.files.dedup();
    let seen: Vec<Seen> = scan.files.par_iter().filter_map(|path| look(file_system, path)).collect();
    for seen in seen {
        let path = seen.path;
        if let Some(hints) = seen.hints {
            scan.modules.push((path.clone(), hints));
        }
        scan.mentions.extend(seen.mentions.into_iter().map(|mention| (path.clone(), mention)));
        scan.configurations.extend(seen.configurations.into_iter().map(|mention| (path.clone(), mention)));
        scan.errors.extend(seen.error.map(|error| (path.clone(), error)));
        if let Some(text) = seen.text {
            scan.deployment.push((path, text));
        }
    }
    scan
}

#[derive(Default)]
struct Seen {
    path: PathBuf,
    hints: Option<Hints>,
    mentions: Vec<Mention>,
    configurations: Vec<Mention>,
    text: Option<String>,
    error: Option<String>,
}

fn look(file_system: &dyn FileSystem, path: &Path) -> Option<Seen> {
    let is_python = path.extension().is_some_and(|end| end == "py");
    let is_deployment =
        !is_python && (mentions::is_deployment_file(path) || super::requirements::is_requirement_file(path));
    if !is_python && !is_deployment {
        return None;
    }
    let mut seen = Seen { path: path.to_path_buf(), ..Seen::default() };
    let bytes = match file_system.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            seen.error = is_python.then(|| error.to_string());
            return seen.error.is_some().then_some(seen);
        }
    };
    if is_python {
        let hints = hints(path, &bytes);
        let names_settings = Finder::new("DJANGO_SETTINGS_MODULE").find(&bytes).is_some();
        if names_settings {
            seen.mentions = mentions::mentions(path, &String::from_utf8_lossy(&bytes));
        }
        let names_configuration = Finder::new("DJANGO_CONFIGURATION").find(&bytes).is_some();
        if names_configuration {
            seen.configurations = mentions::configurations(path, &String::from_utf8_lossy(&bytes));
        }
        seen.hints = (hints != Hints::default()).then_some(hints);
        return (seen.hints.is_some() || names_settings || names_configuration).then_some(seen);
    }
    if bytes.len() > MAX_CONFIGURATION {
        return None;
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if text.contains("DJANGO_SETTINGS_MODULE") || text.contains("--settings") {
        seen.mentions = mentions::mentions(path, &text);
    }
    if text.contains("DJANGO_CONFIGURATION") || text.contains("--configuration") {
        seen.configurations = mentions::configurations(path, &text);
    }
    seen.text = Some(text);
    Some(seen)
}

fn hints(path: &Path, bytes: &[u8]) -> Hints {
    let has = |needle: &str| Finder::new(needle).find(bytes).is_some();
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let dispatches = has("scope") && (has("\"websocket\"") || has("'websocket'"));
    let is_settings = |text: &str| text.split(['_', '-']).any(|word| matches!(word, "settings" | "setting"));
    Hints {
        installed_apps: assigns(bytes, "INSTALLED_APPS"),
        star_import: has("import *"),
        asgi: has("ProtocolTypeRouter") || has("get_asgi_application"),
        websocket_routes: assigns(bytes, "websocket_urlpatterns")
            || has("as_asgi(") && has("path(") && (has("ebsocket") || has("ebSocket")),
        websocket_application: has("application") && (has("ProtocolTypeRouter") || has("URLRouter") || dispatches),
        settings_name: is_settings(name) || is_settings(folder),
        host_check: has("validate_host"),
    }
}

/// Whether some line assigns to a name, at whatever indentation.
fn assigns(bytes: &[u8], name: &str) -> bool {
    Finder::new(name).find_iter(bytes).any(|at| {
        let before = &bytes[..at];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let is_first = before[line_start..].iter().all(|byte| matches!(byte, b' ' | b'\t'));
        let after = bytes[at + name.len()..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        is_first && matches!(after, Some(b'=' | b'+' | b':'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_seen_in_text() {
        assert!(assigns(b"x = 1\nINSTALLED_APPS = [\n", "INSTALLED_APPS"));
        assert!(assigns(b"    INSTALLED_APPS += [", "INSTALLED_APPS"));
        assert!(assigns(b"INSTALLED_APPS: list[str] = [", "INSTALLED_APPS"));
        assert!(!assigns(b"for app in settings.INSTALLED_APPS:", "INSTALLED_APPS"));
        assert!(!assigns(b"# INSTALLED_APPS = []", "INSTALLED_APPS"));
    }
}
