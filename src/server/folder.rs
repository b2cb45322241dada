//! A folder that is judged as a whole, as `djudge check FOLDER` would, again after every change.

use std::path::{Path, PathBuf};

use super::documents::{Document, Documents};
use crate::config::{ConfigError, Overrides};
use crate::diagnostic::Finding;
use crate::engine::{self, Cache, Error, Examined, Request};
use crate::eval::Trees;
use crate::source::{FileId, FileSystem, Place, Sources, Span};

/// A folder.
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    request: Request,
    cache: Cache,
    is_stale: bool,
    /// What is known of it; none before it was judged, and where there is nothing to judge.
    pub known: Option<Known>,
    /// What is wrong with its configuration.
    pub error: Option<ConfigError>,
}

/// What is known of a folder.
pub struct Known {
    /// Its projects, as they are now.
    pub examined: Examined,
    /// What is wrong, each place in the text as it is now. While a file that is being edited does not parse, this is what
    /// was wrong before and was not touched since, beside the syntax error.
    pub findings: Vec<Finding>,
    /// Whether these findings are those of the text as it is now.
    pub is_certain: bool,
    /// What was wrong when all files that are edited did parse.
    last: Vec<Finding>,
}

/// The folder to judge for a file: the repository around it, or what part of that is open in the editor; else what is
/// open, else the nearest folder upward with a `manage.py`. None for a file that lies in none of these.
pub fn folder_of(file: &Path, open: &[PathBuf], file_system: &dyn FileSystem) -> Option<PathBuf> {
    let parent = file.parent()?;
    let opened = open.iter().filter(|folder| file.starts_with(folder)).max_by_key(|folder| folder.components().count());
    let root = engine::root_of(parent, file_system);
    let is_repository = [".git", ".hg"].iter().any(|name| {
        let path = root.join(name);
        file_system.is_dir(&path) || file_system.is_file(&path)
    });
    match opened {
        Some(opened) if opened.starts_with(&root) || !is_repository => Some(opened.clone()),
        _ => (is_repository || file_system.is_file(&root.join("manage.py"))).then_some(root),
    }
}

impl Folder {
    /// A folder that was not judged yet.
    pub fn new(path: PathBuf) -> Self {
        let request = Request { paths: vec![path.clone()], overrides: Overrides::default() };
        Self { path, request, cache: Cache::for_many_runs(), is_stale: true, known: None, error: None }
    }

    /// Takes note that the text of a file has changed; `id` is its number, where its text was read.
    pub fn changed(&mut self, path: &Path, id: Option<FileId>, file_system: &dyn FileSystem) {
        self.is_stale |= self.cache.changed(path, id, file_system);
    }

    /// Takes note that files have come or gone.
    pub fn reset(&mut self) {
        self.cache.reset();
        self.is_stale = true;
    }

    /// Takes note that a document in it was opened; `is_new` where it is not on disk.
    pub fn concern(&mut self, is_new: bool) {
        if is_new {
            self.cache.reset();
        }
        // Until now nothing may have been of interest.
        self.is_stale |= is_new || self.known.is_none();
    }

    /// Whether a file was among those that were looked at.
    pub fn has(&self, path: &Path) -> bool {
        self.cache.has(path)
    }

    /// Forgets all, as after a run that did not end.
    pub fn forget(&mut self) {
        self.cache = Cache::for_many_runs();
        self.is_stale = true;
    }

    /// Judges it, where something has changed since it was. A Python file outside its projects is none of djudge's
    /// business: where only such documents are open, nothing is evaluated.
    pub fn judge(&mut self, documents: &mut Documents, trees: &Trees) {
        if !self.is_stale {
            return;
        }
        let is_concerned = match engine::roots(&self.request, trees, &mut self.cache) {
            Ok(roots) => documents.iter().any(|(path, _)| {
                let is_python = path.extension().is_some_and(|end| end == "py");
                path.starts_with(&self.path)
                    && !roots.is_empty()
                    && (!is_python || roots.iter().any(|root| path.starts_with(root)))
            }),
            Err(_) => true,
        };
        let judged = is_concerned.then(|| engine::check_again(&self.request, trees, &mut self.cache));
        self.is_stale = false;
        self.error = None;
        let is_broken = self.is_broken(documents, trees);
        match judged {
            Some(Ok(report)) => {
                let (examined, findings) = (report.examined, report.findings);
                self.known = Some(match self.known.take() {
                    Some(known) if is_broken => {
                        let last = known.last;
                        let findings = still_there(&last, findings, documents, trees.sources);
                        Known { examined, findings, is_certain: false, last }
                    }
                    _ => Known { examined, last: findings.clone(), findings, is_certain: true },
                });
            }
            Some(Err(Error::Config(error))) => {
                self.error = Some(error);
                return;
            }
            Some(Err(_)) | None if is_broken => return,
            Some(Err(_)) | None => self.known = None,
        }
        if self.known.as_ref().is_none_or(|known| known.is_certain) {
            self.own(documents).for_each(|document| document.edits.clear());
        }
    }

    /// Whether a document that was edited since findings were last certain does not parse.
    fn is_broken(&self, documents: &mut Documents, trees: &Trees) -> bool {
        let sources = trees.sources;
        let mut edited = documents.iter().filter(|(path, document)| {
            !document.edits.is_empty()
                && path.starts_with(&self.path)
                && path.extension().is_some_and(|end| end == "py")
        });
        edited.any(|(path, _)| trees.get(sources.id(path)).is_some_and(|tree| !tree.errors.is_empty()))
    }

    fn own<'d>(&self, documents: &'d mut Documents) -> impl Iterator<Item = &'d mut Document> {
        let folder = self.path.clone();
        documents.iter_mut().filter(move |(path, _)| path.starts_with(&folder)).map(|(_, document)| document)
    }
}

/// What was wrong before and was not touched since, and the syntax errors among what is wrong now.
fn still_there(last: &[Finding], now: Vec<Finding>, documents: &Documents, sources: &Sources) -> Vec<Finding> {
    const SYNTAX: &str = "syntax-error";
    let moved = |place: Place| match documents.get(&sources.path(place.file)) {
        Some(document) => document.moved(place.span).map(|span| Place::new(place.file, span)),
        None => Some(place),
    };
    let mut findings: Vec<Finding> = last
        .iter()
        .filter(|finding| finding.rule.as_ref() != SYNTAX)
        .filter_map(|finding| {
            let mut finding = finding.clone();
            finding.place = moved(finding.place)?;
            finding.related.retain_mut(|related| match moved(related.place) {
                Some(place) => {
                    related.place = place;
                    true
                }
                None => false,
            });
            // They say what to replace in a text that is no more.
            finding.fixes.clear();
            Some(finding)
        })
        .collect();
    findings.extend(now.into_iter().filter(|finding| finding.rule.as_ref() == SYNTAX));
    findings.sort_by_cached_key(|finding| (sources.path(finding.place.file), finding.place.span, finding.rule.clone()));
    findings
}

impl Known {
    /// The findings in a file.
    pub fn findings_in(&self, path: &Path, sources: &Sources) -> Vec<&Finding> {
        let file = sources.id(path);
        self.findings.iter().filter(|finding| finding.place.file == file).collect()
    }

    /// The findings that a span of a file touches.
    pub fn findings_at(&self, path: &Path, span: Span, sources: &Sources) -> Vec<&Finding> {
        let touches = |other: Span| other.start <= span.end && span.start <= other.end;
        let mut found = self.findings_in(path, sources);
        found.retain(|finding| touches(finding.place.span));
        found
    }
}
