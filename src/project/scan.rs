//! Which files matter: one look at every file of a tree.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aho_corasick::packed::Searcher;
use globset::GlobSet;
use memchr::memmem;

use super::mentions::{self, Mention};
use super::requirements;
use crate::source::{FileSystem, FileTree, Visitor, is_python};

/// Larger files than this are no configuration; of Python files, only the beginning is looked at for hints.
const MAX_CONFIGURATION: usize = 512 * 1024;

/// What was found below some folders.
#[derive(Debug, Default)]
pub struct Scan {
    /// The folders that were looked through.
    pub roots: Vec<PathBuf>,
    /// Every file that version control keeps.
    pub files: Arc<FileTree>,
    /// Python files with what their text hints at, where it hints at anything; sorted, as all that follows is.
    pub modules: Vec<(PathBuf, Hints)>,
    /// The settings modules that files name, with the naming file.
    pub mentions: Vec<(PathBuf, Mention)>,
    /// The classes of django-configurations that files name, with the naming file.
    pub configurations: Vec<(PathBuf, Mention)>,
    /// Files that show how the project is deployed, with their text.
    pub deployment: Vec<(PathBuf, String)>,
    /// What could not be entered or read, sorted.
    pub errors: Vec<(PathBuf, String)>,
}

/// What a Python file's text hints at; a parse will tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints {
    /// `INSTALLED_APPS` is assigned.
    pub installed_apps: bool,
    /// Its name is that of settings, and something is imported with `*`.
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
        Arc::make_mut(&mut self.files).leave_out(|part| is_part_excluded(part, exclude, given));
        let is_kept = |path: &Path| !is_excluded(path, exclude, given);
        self.modules.retain(|(path, _)| is_kept(path));
        self.mentions.retain(|(path, _)| is_kept(path));
        self.configurations.retain(|(path, _)| is_kept(path));
        self.deployment.retain(|(path, _)| is_kept(path));
        self.errors.retain(|(path, _)| is_kept(path));
    }

    /// Looks again at a file whose content has changed. Gives whether that tells anything else of it than before.
    pub fn look_again(&mut self, file_system: &dyn FileSystem, path: &Path) -> bool {
        if !self.files.contains(path) {
            return false;
        }
        let (mut now, look) = (Self::default(), Look::default());
        look.at(file_system, path);
        let seen = look.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        seen.into_iter().for_each(|seen| now.take(seen));
        // Each of these must run, whatever those before it gave.
        replace(&mut self.modules, now.modules, path)
            | replace(&mut self.mentions, now.mentions, path)
            | replace(&mut self.configurations, now.configurations, path)
            | replace(&mut self.deployment, now.deployment, path)
            | replace(&mut self.errors, now.errors, path)
    }

    fn take(&mut self, seen: Seen) {
        let path = seen.path;
        self.modules.extend(seen.hints.map(|hints| (path.clone(), hints)));
        self.mentions.extend(seen.mentions.into_iter().map(|mention| (path.clone(), mention)));
        self.configurations.extend(seen.configurations.into_iter().map(|mention| (path.clone(), mention)));
        self.errors.extend(seen.error.map(|error| (path.clone(), error)));
        self.deployment.extend(seen.text.map(|text| (path, text)));
    }
}

/// Puts what is now known of a file in the place of what was, in a list that is sorted by path. Gives whether they differ.
fn replace<T: PartialEq>(all: &mut Vec<(PathBuf, T)>, now: Vec<(PathBuf, T)>, path: &Path) -> bool {
    let start = all.partition_point(|(known, _)| known.as_path() < path);
    let end = start + all[start..].iter().take_while(|(known, _)| known == path).count();
    if all[start..end] == now[..] {
        return false;
    }
    all.splice(start..end, now);
    true
}

/// Whether a path, or a folder around it, is excluded; what is given by name, and the folders around that, are not.
pub fn is_excluded(path: &Path, exclude: &GlobSet, given: &[PathBuf]) -> bool {
    path.ancestors().any(|part| is_part_excluded(part, exclude, given))
}

/// The same of a path alone, whatever is said of the folders around it.
fn is_part_excluded(path: &Path, exclude: &GlobSet, given: &[PathBuf]) -> bool {
    exclude.is_match(path) && !given.iter().any(|given| given.starts_with(path))
}

/// Looks at every file below `roots`.
pub fn scan(file_system: &dyn FileSystem, roots: &[PathBuf], exclude: &GlobSet) -> Scan {
    let mut scan = Scan { roots: roots.to_vec(), ..Scan::default() };
    let mut files = FileTree::default();
    let look = Look::default();
    for root in roots.iter().filter(|root| !root.iter().any(|name| look.passes_over(name))) {
        if file_system.is_file(root) {
            look.at(file_system, root);
            files.insert(root);
            continue;
        }
        let walk = file_system.walk(root, exclude, &look);
        scan.errors.extend(walk.errors);
        match files.is_empty() {
            true => files = walk.files,
            false => files.absorb(walk.files),
        }
    }
    scan.files = Arc::new(files);
    let mut seen = look.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    seen.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    seen.dedup_by(|later, earlier| later.path == earlier.path);
    seen.into_iter().for_each(|seen| scan.take(seen));
    scan.errors.sort();
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

/// Sees the files of a walk.
#[derive(Default)]
struct Look {
    seen: Mutex<Vec<Seen>>,
}

impl Look {
    /// Looks at one file, where it is wanted.
    fn at(&self, file_system: &dyn FileSystem, path: &Path) {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
        if self.wants(folder, name) {
            match file_system.read(path) {
                Ok(bytes) => self.visit(path, Ok(&bytes)),
                Err(error) => self.visit(path, Err(error)),
            }
        }
    }
}

impl Visitor for Look {
    /// The files of a project template, such as Cookiecutter's, are not Python yet.
    fn passes_over(&self, name: &OsStr) -> bool {
        let bytes = name.as_encoded_bytes();
        memchr::memchr(b'{', bytes).is_some_and(|at| memmem::find(&bytes[at..], b"{{").is_some())
    }

    fn wants(&self, folder: &Path, name: &OsStr) -> bool {
        is_python(name)
            || mentions::is_deployment_file_in(folder, name)
            || requirements::is_requirement_file_in(folder, name)
    }

    fn visit(&self, path: &Path, bytes: io::Result<&[u8]>) {
        let seen = match path.file_name().is_some_and(is_python) {
            true => see_python(path, bytes),
            false => bytes.ok().and_then(|bytes| see_configuration(path, bytes)),
        };
        if let Some(seen) = seen {
            let seen = Seen { path: path.to_path_buf(), ..seen };
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
        }
    }
}

fn see_python(path: &Path, bytes: io::Result<&[u8]>) -> Option<Seen> {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return Some(Seen { error: Some(error.to_string()), ..Seen::default() }),
    };
    let settings_name = has_settings_name(path);
    let says_something = may_say_something(bytes);
    if !settings_name && !says_something {
        return None;
    }
    let mut hints = Hints { settings_name, star_import: settings_name && has(bytes, "import *"), ..Hints::default() };
    let mut seen = Seen::default();
    if says_something {
        note_hints(bytes, &mut hints);
        if has(bytes, "DJANGO_SETTINGS_MODULE") {
            seen.mentions = mentions::mentions(path, &String::from_utf8_lossy(bytes));
        }
        if has(bytes, "DJANGO_CONFIGURATION") {
            seen.configurations = mentions::configurations(path, &String::from_utf8_lossy(bytes));
        }
    }
    seen.hints = (hints != Hints::default()).then_some(hints);
    (seen.hints.is_some() || !seen.mentions.is_empty() || !seen.configurations.is_empty()).then_some(seen)
}

fn see_configuration(path: &Path, bytes: &[u8]) -> Option<Seen> {
    if bytes.len() > MAX_CONFIGURATION {
        return None;
    }
    let mut seen = Seen::default();
    let text = String::from_utf8_lossy(bytes).into_owned();
    if has(bytes, "DJANGO_SETTINGS_MODULE") || has(bytes, "--settings") {
        seen.mentions = mentions::mentions(path, &text);
    }
    if has(bytes, "DJANGO_CONFIGURATION") || has(bytes, "--configuration") {
        seen.configurations = mentions::configurations(path, &text);
    }
    seen.text = Some(text);
    Some(seen)
}

fn has(bytes: &[u8], needle: &str) -> bool {
    memmem::find(bytes, needle.as_bytes()).is_some()
}

/// Text without which a Python file hints at nothing and names nothing, chosen so that little else has it: each file of
/// a tree is searched for these once, and few for more.
const SIGNS: [&str; 7] =
    ["INSTALLED_APPS", "DJANGO_SETTINGS_MODULE", "DJANGO_CONFIGURATION", "asgi", "Router", "websocket", "_host"];

fn may_say_something(bytes: &[u8]) -> bool {
    static SEARCH: OnceLock<Option<Searcher>> = OnceLock::new();
    match SEARCH.get_or_init(|| Searcher::new(SIGNS)) {
        Some(search) => search.find(bytes).is_some(),
        // The processor has no vector instructions for it.
        None => SIGNS.iter().any(|sign| has(bytes, sign)),
    }
}

fn has_settings_name(path: &Path) -> bool {
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let is_settings = |text: &str| text.split(['_', '-']).any(|word| matches!(word, "settings" | "setting"));
    is_settings(name) || is_settings(folder)
}

fn note_hints(bytes: &[u8], hints: &mut Hints) {
    let has = |needle: &str| has(bytes, needle);
    let routes = has("ProtocolTypeRouter");
    let dispatches = || has("scope") && (has("\"websocket\"") || has("'websocket'"));
    hints.installed_apps = assigns(bytes, "INSTALLED_APPS");
    hints.asgi = routes || has("get_asgi_application");
    hints.websocket_routes = assigns(bytes, "websocket_urlpatterns")
        || has("as_asgi(") && has("path(") && (has("ebsocket") || has("ebSocket"));
    hints.websocket_application = has("application") && (routes || has("URLRouter") || dispatches());
    hints.host_check = has("validate_host");
}

/// Whether some line assigns to a name, at whatever indentation.
fn assigns(bytes: &[u8], name: &str) -> bool {
    memmem::find_iter(bytes, name).any(|at| {
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
    fn nothing_is_hinted_at_without_a_sign() {
        for text in [
            "INSTALLED_APPS = []",
            "ProtocolTypeRouter",
            "get_asgi_application",
            "websocket_urlpatterns = []",
            "as_asgi( path( WebSocket",
            "application URLRouter",
            "application scope 'websocket'",
            "validate_host",
            "os.environ['DJANGO_SETTINGS_MODULE'] = 'a'",
            "os.environ['DJANGO_CONFIGURATION'] = 'A'",
        ] {
            assert!(see_python(Path::new("/p/x.py"), Ok(text.as_bytes())).is_some(), "{text}");
        }
        assert!(see_python(Path::new("/p/x.py"), Ok(b"from x import *")).is_none());
    }

    #[test]
    fn assignments_are_seen_in_text() {
        assert!(assigns(b"x = 1\nINSTALLED_APPS = [\n", "INSTALLED_APPS"));
        assert!(assigns(b"    INSTALLED_APPS += [", "INSTALLED_APPS"));
        assert!(assigns(b"INSTALLED_APPS: list[str] = [", "INSTALLED_APPS"));
        assert!(!assigns(b"for app in settings.INSTALLED_APPS:", "INSTALLED_APPS"));
        assert!(!assigns(b"# INSTALLED_APPS = []", "INSTALLED_APPS"));
    }
}
