//! What starts the server and what stands before it.

use pep440_rs::Version;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::commands::{applications_in, collectstatic_in, processes_in, scheme_option_in, servers_in};
use super::containers::RedisContainer;
use super::proxy::header::{SetHeader, configured_headers};
use super::proxy::platform::{self, Platform};
use super::requirements::{Requirements, references};
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
    /// A Redis server in a container beside that of the application.
    pub redis_container: Option<RedisContainer>,
    /// Where static files are collected.
    pub collectstatic: Option<Place>,
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

    /// Whether it never looks at `X-Forwarded-Proto` unless it is told to.
    ///
    /// Measured: this holds of Daphne 4.2 and Hypercorn 0.18. Uvicorn 0.54 and Gunicorn 27 look at it where the proxy
    /// runs on their own machine.
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
        for (path, text) in concerning(root, projects, scan) {
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
        if self.redis_container.is_none() {
            self.redis_container = RedisContainer::in_file(path, text, sources);
        }
        for (server, at) in servers_in(text) {
            let span = Span::new(at as u32, (at + server.name().len()) as u32);
            let place = Some(Place::new(sources.id(path), span));
            if self.servers.iter().all(|known| known.what != server) {
                self.servers.push(Shown { what: server, place });
            }
        }
        if let Some(span) = collectstatic_in(text) {
            self.collectstatic.get_or_insert(Place::new(sources.id(path), span));
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

/// The deployment files that concern a project, and the requirement files that those name.
fn concerning<'s>(root: &Path, projects: &[PathBuf], scan: &'s Scan) -> Vec<&'s (PathBuf, String)> {
    let mut files: Vec<&(PathBuf, String)> =
        scan.deployment.iter().filter(|(path, _)| concerns(path, root, projects)).collect();
    let mut next = 0;
    while let Some((path, text)) = files.get(next) {
        let named: Vec<PathBuf> = references(path, text).collect();
        let added = scan.deployment.iter().filter(|(path, _)| named.contains(path));
        let new: Vec<_> = added.filter(|(path, _)| files.iter().all(|(known, _)| known != path)).collect();
        files.extend(new);
        next += 1;
    }
    files
}

/// Files in the root, below it, or directly in a folder above it.
pub(super) fn concerns(path: &Path, root: &Path, projects: &[PathBuf]) -> bool {
    let is_near = path.starts_with(root)
        || path.parent().is_some_and(|folder| root.starts_with(folder))
        || path.parent().and_then(Path::parent).is_some_and(|above| root.starts_with(above) && root != above);
    is_near && !projects.iter().any(|other| path.starts_with(other) && !root.starts_with(other))
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

#[cfg(test)]
mod tests {
    use super::*;

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
