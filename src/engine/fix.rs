//! Applying fixes: in rounds, each of which is judged again before it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::patch::{FileEdit, Patch, apply, fits};
use super::{Error, Report, Request, check};
use crate::diagnostic::{Applicability, Finding, Fix};
use crate::eval::value::Value;
use crate::python::parse;
use crate::source::{FileSystem, Overlay, Sources, decode, encode};

/// More rounds than fixes that wait for one another need.
const MAX_ROUNDS: usize = 10;

/// What fixes made of the files, none of which is written.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The files that change, sorted by path.
    pub files: Vec<FixedFile>,
    /// The fixes that were made, in order.
    pub made: Vec<Made>,
    /// Those that were not, each with the reason.
    pub refused: Vec<(Made, String)>,
}

/// A file that fixes change.
#[derive(Debug)]
pub struct FixedFile {
    /// Its absolute path.
    pub path: PathBuf,
    /// Its text before.
    pub before: String,
    /// Its text with the fixes.
    pub after: String,
    /// The same in its own encoding.
    pub bytes: Vec<u8>,
}

/// A fix of a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// The file of the finding.
    pub path: PathBuf,
    /// Its rule.
    pub rule: Arc<str>,
    /// What it says.
    pub message: String,
    /// What the fix does.
    pub title: String,
}

/// A fix that could be made.
struct Candidate {
    made: Made,
    patch: Patch,
    changes: Vec<String>,
}

/// What a run over some state of the files saw.
struct Look {
    candidates: Vec<Candidate>,
    /// How often each rule says each sentence in each file.
    counts: BTreeMap<(PathBuf, Arc<str>, String), usize>,
    /// What the settings of each module hold.
    settings: BTreeMap<PathBuf, BTreeMap<Arc<str>, Value>>,
    /// The bytes and the text of each file that a candidate edits.
    files: BTreeMap<PathBuf, (Vec<u8>, String)>,
}

/// What the files hold beside the disk.
type Bytes = BTreeMap<PathBuf, Vec<u8>>;

/// Makes the first fix of every finding that `keep` leaves in the report, as far as `wanted` allows: first by position,
/// then again, until none is left. A fix that breaks a file, changes a setting that it does not mean to change, or leaves
/// its finding where it is, is refused.
///
/// # Errors
/// Those of [`check`].
pub fn fix(
    request: &Request,
    base: &dyn FileSystem,
    wanted: Applicability,
    keep: &dyn Fn(&mut Report, &Sources) -> Result<(), Error>,
) -> Result<Fixed, Error> {
    let look = |bytes: &Bytes| look(request, base, bytes, wanted, keep);
    let mut bytes = Bytes::new();
    let mut fixed = Fixed::default();
    let mut now = look(&bytes)?;
    for _ in 0..MAX_ROUNDS {
        let mut chosen: Vec<&Candidate> = Vec::new();
        for candidate in &now.candidates {
            let is_refused = fixed.refused.iter().any(|(made, _)| *made == candidate.made);
            let patches: Vec<&Patch> = chosen.iter().map(|chosen| &chosen.patch).collect();
            if !is_refused && fits(&candidate.patch, &patches) {
                chosen.push(candidate);
            }
        }
        if chosen.is_empty() {
            break;
        }
        let mut round = Round { now: &now, bytes: &bytes, look: &look, refused: Vec::new() };
        let outcome = round.soundest(&chosen)?;
        fixed.refused.append(&mut round.refused);
        if let Some((sound, new_bytes, new)) = outcome {
            fixed.made.extend(sound.into_iter().map(|candidate| candidate.made.clone()));
            bytes = new_bytes;
            now = new;
        }
    }
    for (path, bytes) in bytes {
        let before = base.read(&path).ok().and_then(|bytes| decode(&bytes).ok()).unwrap_or_default();
        let after = decode(&bytes).unwrap_or_default();
        if before != after {
            fixed.files.push(FixedFile { path, before, after, bytes });
        }
    }
    Ok(fixed)
}

/// One round: what is there, and what could be made of it.
struct Round<'r> {
    now: &'r Look,
    bytes: &'r Bytes,
    look: &'r dyn Fn(&Bytes) -> Result<Look, Error>,
    refused: Vec<(Made, String)>,
}

type Outcome<'c> = Option<(Vec<&'c Candidate>, Bytes, Look)>;

impl Round<'_> {
    /// The most of some candidates that may be made together, and what is there then.
    fn soundest<'c>(&mut self, chosen: &[&'c Candidate]) -> Result<Outcome<'c>, Error> {
        let why = match self.attempt(chosen)? {
            Ok((bytes, look)) => return Ok(Some((chosen.to_vec(), bytes, look))),
            Err(why) => why,
        };
        if let [one] = chosen {
            self.refused.push((one.made.clone(), why));
            return Ok(None);
        }
        let (left, right) = chosen.split_at(chosen.len() / 2);
        let (left, right) = (self.soundest(left)?, self.soundest(right)?);
        let both: Vec<&Candidate> = [&left, &right].into_iter().flatten().flat_map(|half| half.0.clone()).collect();
        // Where the halves do not go together, the right one has another round.
        match (left, right) {
            (Some(left), Some(_)) => match self.attempt(&both)? {
                Ok((bytes, look)) => Ok(Some((both, bytes, look))),
                Err(_) => Ok(Some(left)),
            },
            (left, right) => Ok(left.or(right)),
        }
    }

    fn attempt(&self, chosen: &[&Candidate]) -> Result<Result<(Bytes, Look), String>, Error> {
        let patches: Vec<&Patch> = chosen.iter().map(|candidate| &candidate.patch).collect();
        let texts = apply(&patches, |path| self.now.files.get(path).map(|(_, text)| text.as_str()));
        let mut bytes = self.bytes.clone();
        for (path, text) in texts {
            let Some((original, _)) = self.now.files.get(&path) else { continue };
            if !parse(&text).errors.is_empty() {
                return Ok(Err("the file would not be Python any more".to_owned()));
            }
            match encode(&text, original) {
                Ok(encoded) => bytes.insert(path, encoded),
                Err(error) => return Ok(Err(error.to_string())),
            };
        }
        let after = (self.look)(&bytes)?;
        Ok(match self.now.objection(&after, chosen) {
            Some(why) => Err(why),
            None => Ok((bytes, after)),
        })
    }
}

impl Look {
    /// Why what is there after some fixes is not what they meant.
    fn objection(&self, after: &Self, made: &[&Candidate]) -> Option<String> {
        let meant = |name: &str| made.iter().any(|candidate| candidate.changes.iter().any(|change| change == name));
        if !self.settings.keys().eq(after.settings.keys()) {
            return Some("another settings module would be judged".to_owned());
        }
        for (before, after) in self.settings.values().zip(after.settings.values()) {
            let names: BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
            for name in names {
                let is_same = match (before.get(name), after.get(name)) {
                    (Some(before), Some(after)) => before.is_same_as(after),
                    _ => false,
                };
                if !is_same && !meant(name) {
                    return Some(format!("`{name}` would change, too"));
                }
            }
        }
        let mut fixed: BTreeMap<_, usize> = BTreeMap::new();
        for Candidate { made, .. } in made {
            *fixed.entry((made.path.clone(), made.rule.clone(), made.message.clone())).or_default() += 1;
        }
        let count = |counts: &BTreeMap<_, usize>, key| counts.get(key).copied().unwrap_or_default();
        let stays = fixed.iter().any(|(key, times)| count(&after.counts, key) + times > count(&self.counts, key));
        stays.then(|| "the finding would stay".to_owned())
    }
}

fn look(
    request: &Request,
    base: &dyn FileSystem,
    bytes: &Bytes,
    wanted: Applicability,
    keep: &dyn Fn(&mut Report, &Sources) -> Result<(), Error>,
) -> Result<Look, Error> {
    let overlay = Overlay::new(base, bytes.clone());
    let sources = Sources::new(&overlay);
    let mut report = check(request, &sources)?;
    keep(&mut report, &sources)?;
    let may_write = |path: &Path| report.examined.scope.may_write(path, base);
    let mut seen =
        Look { candidates: Vec::new(), counts: BTreeMap::new(), settings: BTreeMap::new(), files: BTreeMap::new() };
    for finding in &report.findings {
        let path = sources.path(finding.place.file);
        *seen.counts.entry((path.clone(), finding.rule.clone(), finding.message.clone())).or_default() += 1;
        let Some(fix) = finding.fixes.first().filter(|fix| fix.applicability <= wanted) else { continue };
        let patch = patch_of(fix, &sources);
        if patch.iter().all(|edit| may_write(&edit.path)) {
            let made = made_of(finding, fix, path);
            seen.candidates.push(Candidate { made, patch, changes: fix.changes.clone() });
        }
    }
    for edit in seen.candidates.iter().flat_map(|candidate| &candidate.patch) {
        if seen.files.contains_key(&edit.path) {
            continue;
        }
        let text = sources.file(sources.id(&edit.path)).map(|file| file.text.to_string());
        if let (Ok(bytes), Ok(text)) = (overlay.read(&edit.path), text) {
            seen.files.insert(edit.path.clone(), (bytes, text));
        }
    }
    for (module, judged) in report.examined.modules() {
        let names = &judged.settings.names;
        let values = names.iter().map(|(name, setting)| (name.clone(), setting.value.clone()));
        seen.settings.insert(sources.path(module.file), values.collect());
    }
    Ok(seen)
}

fn patch_of(fix: &Fix, sources: &Sources) -> Patch {
    let edit = |edit: &crate::diagnostic::Edit| FileEdit {
        path: sources.path(edit.place.file),
        span: edit.place.span,
        content: edit.content.clone(),
    };
    fix.edits.iter().map(edit).collect()
}

fn made_of(finding: &Finding, fix: &Fix, path: PathBuf) -> Made {
    Made { path, rule: finding.rule.clone(), message: finding.message.clone(), title: fix.title.clone() }
}
