//! What starts the server and what stands before it.

use pep440_rs::Version;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::proxy::header::{SetHeader, configured_headers};
use super::proxy::platform::{self, Platform};
use super::requirements::Requirements;
use super::scan::Scan;
use crate::source::{Place, Sources, Span};

/// How a project is deployed, as far as its files and its configuration say.
#[derive(Debug, Default)]
pub struct Deployment {
    /// The platforms and proxies before the application.
    pub platforms: Vec<Shown<&'static Platform>>,
    /// The servers that run it.
    pub servers: Vec<Shown<Server>>,
    /// The applications that commands start, as they name them: `config.asgi:application`.
    pub applications: Vec<Shown<Arc<str>>>,
    /// A file that speaks of WSGI: a server of that kind may answer HTTP.
    pub wsgi: Option<Place>,
    /// How many processes of the application run, where some file says so.
    pub processes: Option<Shown<u32>>,
    /// Headers that the project's own proxy configuration sets, as keys of `request.META`.
    pub headers: Vec<SetHeader>,
    /// The platforms and proxies that files show, also where the configuration declares another.
    pub shown_platforms: Vec<&'static Platform>,
    /// Where a server is started that finds out the client's protocol itself: it takes it from a proxy, or it speaks
    /// TLS.
    pub scheme_option: Option<Place>,
    /// The packages that it requires.
    pub requirements: Arc<Requirements>,
}

/// Something, and what shows it.
#[derive(Debug, Clone)]
pub struct Shown<T> {
    /// What is shown.
    pub what: T,
    /// Where; none where the configuration declares it.
    pub place: Option<Place>,
}

/// A server that runs the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Server {
    /// Daphne.
    Daphne,
    /// Uvicorn.
    Uvicorn,
    /// Hypercorn.
    Hypercorn,
    /// Gunicorn, with whichever worker.
    Gunicorn,
    /// Granian.
    Granian,
}

impl Server {
    /// Every server.
    pub const ALL: [Self; 5] = [Self::Daphne, Self::Uvicorn, Self::Hypercorn, Self::Gunicorn, Self::Granian];

    /// Its name in the configuration and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Daphne => "daphne",
            Self::Uvicorn => "uvicorn",
            Self::Hypercorn => "hypercorn",
            Self::Gunicorn => "gunicorn",
            Self::Granian => "granian",
        }
    }

    /// Whether it takes the protocol from `X-Forwarded-Proto` itself, from a proxy that it trusts: one on its own
    /// machine, where nothing else is said.
    ///
    /// Measured: Uvicorn 0.54 and Gunicorn 27 do; Daphne 4.2 and Hypercorn 0.18 do not.
    pub fn trusts_local_proxy(self) -> bool {
        matches!(self, Self::Uvicorn | Self::Gunicorn)
    }

    /// Whether it never looks at `X-Forwarded-Proto` unless it is told to. Measured as above.
    pub fn ignores_proxies(self) -> bool {
        matches!(self, Self::Daphne | Self::Hypercorn)
    }

    /// Its name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Daphne => "Daphne",
            Self::Uvicorn => "Uvicorn",
            Self::Hypercorn => "Hypercorn",
            Self::Gunicorn => "Gunicorn",
            Self::Granian => "Granian",
        }
    }
}

/// What the user declares; it goes before what files show.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// The platform.
    pub platform: Option<&'static Platform>,
    /// The server.
    pub server: Option<Server>,
    /// The number of processes.
    pub processes: Option<u32>,
    /// The version of Django.
    pub django: Option<Version>,
}

impl Deployment {
    /// The deployment of the project at `root`: what stands in its folder, below it, and in the folders above it.
    /// What lies in another of `projects` does not concern it.
    pub fn of(root: &Path, projects: &[PathBuf], scan: &Scan, sources: &Sources, declared: &Declared) -> Self {
        let mut deployment = Self::default();
        let mut requirements = Requirements::default();
        let mut lock_files = Vec::new();
        for (path, text) in scan.deployment.iter().filter(|(path, _)| concerns(path, root, projects)) {
            // A lock file says more than what it was made from.
            match path.extension().is_some_and(|end| end == "lock") {
                true => lock_files.push((path, text)),
                false => requirements.add_file(path, text),
            }
            deployment.add_file(path, text, root, sources);
        }
        for (path, text) in lock_files {
            requirements.add_file(path, text);
        }
        if let Some(version) = &declared.django {
            requirements.declare("django", version);
        }
        deployment.requirements = Arc::new(requirements);
        deployment.shown_platforms = deployment.platforms.iter().map(|shown| shown.what).collect();
        if let Some(platform) = declared.platform {
            deployment.platforms = vec![Shown { what: platform, place: None }];
        }
        if let Some(server) = declared.server {
            deployment.servers = vec![Shown { what: server, place: None }];
        }
        if let Some(processes) = declared.processes {
            deployment.processes = Some(Shown { what: processes, place: None });
        }
        deployment
    }

    fn add_file(&mut self, path: &Path, text: &str, root: &Path, sources: &Sources) {
        let is_for_development = is_for_development(path, root);
        let start = || Some(Place::new(sources.id(path), Span::default()));
        if !is_for_development {
            for platform in platform::shown_by(path, text) {
                if self.platforms.iter().all(|known| known.what != platform) {
                    self.platforms.push(Shown { what: platform, place: start() });
                }
            }
        }
        self.headers.extend(configured_headers(text));
        if self.wsgi.is_none()
            && !super::requirements::is_requirement_file(path)
            && let Some(at) = text.to_ascii_lowercase().find("wsgi")
        {
            self.wsgi = Some(Place::new(sources.id(path), Span::new(at as u32, at as u32 + 4)));
        }
        if is_for_development || !starts_processes(path) {
            return;
        }
        for (server, at) in servers_in(text) {
            let span = Span::new(at as u32, (at + server.name().len()) as u32);
            let place = Some(Place::new(sources.id(path), span));
            if self.servers.iter().all(|known| known.what != server) {
                self.servers.push(Shown { what: server, place });
            }
        }
        if let Some(span) = scheme_option_in(text) {
            self.scheme_option.get_or_insert(Place::new(sources.id(path), span));
        }
        for (application, at) in applications_in(text) {
            let span = Span::new(at as u32, (at + application.len()) as u32);
            let place = Some(Place::new(sources.id(path), span));
            if self.applications.iter().all(|known| known.what.as_ref() != application) {
                self.applications.push(Shown { what: application.into(), place });
            }
        }
        if let Some((processes, span)) = processes_in(text)
            && self.processes.as_ref().is_none_or(|known| known.what < processes)
        {
            self.processes = Some(Shown { what: processes, place: Some(Place::new(sources.id(path), span)) });
        }
    }

    /// Whether the platform is declared by the user rather than guessed from files.
    pub fn is_platform_declared(&self) -> bool {
        self.platforms.first().is_some_and(|platform| platform.place.is_none())
    }

    /// The servers, where all that run the application take every request from a proxy for plain HTTP: neither do they
    /// look at `X-Forwarded-Proto`, nor do they speak TLS.
    pub fn servers_without_scheme(&self) -> Option<&[Shown<Server>]> {
        let is_known = !self.servers.is_empty() && self.scheme_option.is_none();
        (is_known && self.servers.iter().all(|server| server.what.ignores_proxies())).then_some(&self.servers)
    }

    /// Whether the project's own proxy configuration sets a header, given as its key in `request.META`.
    pub fn sets_header(&self, key: &str) -> bool {
        self.headers.iter().any(|header| header.key == key)
    }

    /// The platforms' names in a sentence.
    pub fn platform_titles(&self) -> String {
        let titles: Vec<&str> = self.platforms.iter().map(|platform| platform.what.title).collect();
        titles.join(" and ")
    }
}

/// Files in the root, below it, or directly in a folder above it.
fn concerns(path: &Path, root: &Path, projects: &[PathBuf]) -> bool {
    if projects.iter().any(|other| path.starts_with(other) && !root.starts_with(other)) {
        return false;
    }
    path.starts_with(root)
        || path.parent().is_some_and(|folder| root.starts_with(folder))
        || path.parent().and_then(Path::parent).is_some_and(|above| root.starts_with(above) && root != above)
}

/// Whether the name of a file, or of the folder that it is in, says so. What the folders around the project are called
/// says nothing.
fn is_for_development(path: &Path, root: &Path) -> bool {
    const WORDS: [&str; 12] = [
        "dev",
        "development",
        "local",
        "test",
        "tests",
        "ci",
        "circleci",
        "travis",
        "pipelines",
        "example",
        "override",
        "devcontainer",
    ];
    let lower: PathBuf = PathBuf::from(path.to_string_lossy().to_ascii_lowercase());
    let name = lower.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let in_name = name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| WORDS.contains(&word));
    let is_around = path.parent().is_none_or(|folder| root.starts_with(folder));
    let in_folder = lower
        .parent()
        .filter(|folder| !is_around || folder.ends_with(".circleci"))
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    in_name || in_folder.is_some_and(|folder| WORDS.contains(&folder.trim_start_matches('.')) || folder == "workflows")
}

/// Whether a file holds commands that start the application.
fn starts_processes(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_ascii_lowercase();
    let starts = ["dockerfile", "containerfile", "procfile", "docker-compose", "compose"];
    let ends = [".sh", ".service", ".yml", ".yaml", ".dockerfile", ".toml", ".conf", ".json"];
    let is_requirement = super::requirements::is_requirement_file(path);
    !is_requirement
        && (starts.iter().any(|start| name.starts_with(start)) || ends.iter().any(|end| name.ends_with(end)))
}

/// Servers that a text starts: their names as commands, with the offset. `-m uvicorn` and `"uvicorn",` count, a name
/// within a longer word, after `install` or in a comment does not.
fn servers_in(text: &str) -> Vec<(Server, usize)> {
    let mut found = Vec::new();
    for server in Server::ALL {
        let name = server.name();
        for at in memchr::memmem::find_iter(text.as_bytes(), name) {
            let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let before = &text[line_start..at];
            let after = text[at + name.len()..].chars().next();
            let is_word = before.chars().next_back().is_none_or(|c| matches!(c, ' ' | '\t' | '"' | '\'' | '/' | '='))
                && after.is_none_or(|c| matches!(c, ' ' | '\t' | '"' | '\'' | '\n' | '\r'));
            let is_mentioned = before.contains('#') || before.contains("install") || before.contains("image:");
            let starts_application = {
                let rest: String = text[at..].chars().take(400).collect();
                rest.contains("sgi") || rest.contains("application")
            };
            if is_word && !is_mentioned && starts_application {
                found.push((server, at));
                break;
            }
        }
    }
    found
}

/// An option that makes a server find out the client's protocol itself: Daphne's `--proxy-headers`, a certificate, an
/// endpoint `ssl:443:…`.
fn scheme_option_in(text: &str) -> Option<Span> {
    const MARKS: [&str; 8] = [
        "--proxy-headers",
        "--certfile",
        "certfile =",
        "--ssl-",
        "ProxyFix",
        "privateKey=",
        // Hypercorn's configuration may hold a certificate.
        "hypercorn -c",
        "hypercorn --config",
    ];
    let found = MARKS.iter().find_map(|mark| text.find(mark).map(|at| (at, mark.len())))?;
    Some(Span::new(found.0 as u32, (found.0 + found.1) as u32))
}

/// The applications that a text names as servers do, with the offset: `config.asgi:application`.
fn applications_in(text: &str) -> Vec<(&str, usize)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '-' | '@');
    let is_identifier = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        let mut at = 0;
        for word in code.split(|c| !is_part(c)) {
            if let Some((module, name)) = word.split_once(':')
                && (module.contains('.') || module == "asgi")
                && module.split('.').all(is_identifier)
                && is_identifier(name)
                && name.contains("app")
            {
                found.push((word, start + at));
            }
            at += word.len() + code[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        }
        start += line.len();
    }
    found
}

/// The largest number of processes that a text asks for: `--workers 4`, `-w 4`, `WEB_CONCURRENCY=4`, `replicas: 4`.
fn processes_in(text: &str) -> Option<(u32, Span)> {
    const MARKS: [&str; 7] =
        ["--workers", "--web-concurrency", " -w ", "WEB_CONCURRENCY", "replicas:", "desired_count", "DesiredCount:"];
    let mut most: Option<(u32, Span)> = None;
    for mark in MARKS {
        for at in memchr::memmem::find_iter(text.as_bytes(), mark) {
            let rest = &text[at + mark.len()..];
            let digits_at = rest.find(|c: char| !matches!(c, ' ' | '=' | ':' | '"' | '\'' | ','));
            let Some(digits_at) = digits_at else { continue };
            let digits: String = rest[digits_at..].chars().take_while(char::is_ascii_digit).collect();
            let Ok(count) = digits.parse::<u32>() else { continue };
            let start = at + mark.len() - mark.trim_start().len();
            let end = at + mark.len() + digits_at + digits.len();
            if most.as_ref().is_none_or(|(known, _)| *known < count) {
                most = Some((count, Span::new(start as u32, end as u32)));
            }
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_commands() {
        let found = |text: &str| servers_in(text).into_iter().map(|(server, _)| server).collect::<Vec<_>>();
        assert_eq!(found("web: daphne -b 0.0.0.0 proj.asgi:application"), [Server::Daphne]);
        assert_eq!(found("CMD [\"uvicorn\", \"proj.asgi:application\"]"), [Server::Uvicorn]);
        assert_eq!(found("python -m gunicorn proj.wsgi"), [Server::Gunicorn]);
        assert_eq!(found("RUN pip install daphne  # proj.asgi"), []);
        assert_eq!(found("image: daphne\nasgi"), []);
        assert_eq!(found("uvicorn_worker application"), []);
        assert_eq!(found(&format!("daphne a{}", "─".repeat(200))), []);
    }

    #[test]
    fn applications_are_named() {
        let text =
            "services:\n  web:\n    image: ghcr.io/x/my.app:app1\n    command: daphne -b 0.0.0.0 a.asgi:application\n";
        let found = applications_in(text);
        assert_eq!(found.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["a.asgi:application"]);
        assert_eq!(&text[found[0].1..found[0].1 + 18], "a.asgi:application");
        assert_eq!(applications_in("CMD [\"uvicorn\", \"ä.é\", \"b.c.asgi:app\"]  # d.asgi:app").len(), 1);
    }

    #[test]
    fn processes_are_counted() {
        let count = |text: &str| processes_in(text).map(|(count, _)| count);
        assert_eq!(count("uvicorn --workers 4 x"), Some(4));
        assert_eq!(count("gunicorn --workers=3 -w 2"), Some(3));
        assert_eq!(count("WEB_CONCURRENCY: \"2\""), Some(2));
        assert_eq!(count("--workers $N"), None);
    }

    #[test]
    fn folders_around_a_project_say_nothing() {
        let is_for_development = |path: &str| is_for_development(Path::new(path), Path::new("/dev/example"));
        assert!(!is_for_development("/dev/example/Procfile"));
        assert!(is_for_development("/dev/example/local/Procfile"));
        assert!(is_for_development("/dev/example/docker-compose.dev.yml"));
        assert!(is_for_development("/dev/example/azure-pipelines.yml"));
    }

    #[test]
    fn files_around_a_root() {
        let root = Path::new("/repo/backend");
        for path in ["/repo/Dockerfile", "/repo/backend/x/y/nginx.conf", "/repo/deploy/nginx.conf"] {
            assert!(concerns(Path::new(path), root, &[]), "{path}");
        }
        assert!(!concerns(Path::new("/repo/frontend/docker/nginx.conf"), root, &[]));
        assert!(!concerns(Path::new("/repo/other/Procfile"), root, &["/repo/other".into()]));
    }
}
