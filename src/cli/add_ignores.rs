//! `djudge check --add-ignores`: comments for what is found, written once they are seen to work.

use std::path::Path;

use super::usage;
use crate::diagnostic::Finding;
use crate::engine::{Error, Examined, Ignores, comments};
use crate::report::{Places, amount};
use crate::source::{FileSystem, Overlay, Sources, replace_files};

/// The reason as it stands in comments.
pub fn reason_of(given: &str) -> Result<&str, Error> {
    let reason = given.trim().trim_start_matches([':', '-']).trim();
    let wrong = match (reason.is_empty(), reason.contains(char::is_control)) {
        (true, _) => "is empty",
        (_, true) => "has more than one line",
        _ => return Ok(reason),
    };
    let help = "say in one line why these findings may stay: --add-ignores \"the load balancer checks the host\"";
    Err(usage(format!("the reason of --add-ignores {wrong}"), Some(help.to_owned())))
}

/// The comments for some findings, and the files as they would be with them.
pub fn planned<'f, 's>(
    findings: impl Iterator<Item = &'f Finding>,
    reason: &str,
    examined: &Examined,
    sources: &'s Sources<'s>,
) -> (Ignores, Overlay<'s>) {
    let may_write = |path: &Path| examined.scope.may_write(path, sources.file_system());
    let planned = comments(findings, reason, sources, &may_write);
    let file_system: &dyn FileSystem = sources.file_system();
    let overlay = Overlay::new(file_system, planned.files.iter().cloned());
    (planned, overlay)
}

/// Writes the comments, if they leave nothing but what no comment can silence, and tells what was done. `left` is what is
/// still found with them.
pub fn write<'f>(
    planned: &Ignores,
    left: impl Iterator<Item = &'f Finding>,
    before: &Places,
    after: &Places,
) -> Result<String, Error> {
    let expected = |finding: &Finding| {
        let path = after.sources.path(finding.place.file);
        planned
            .impossible
            .iter()
            .any(|(place, rule, _)| *rule == finding.rule && before.sources.path(place.file) == path)
    };
    for finding in left {
        if !expected(finding) {
            let (rule, line) = (&finding.rule, after.line(finding.place));
            let message = format!("nothing was written, for {rule} would be found with the comments at {line}");
            return Err(usage(message, Some("write the comment by hand, or use per-file-ignores".to_owned())));
        }
    }
    replace_files(&planned.files).map_err(|error| usage(error.to_string(), None))?;
    let mut text = String::new();
    for (place, rule, why) in &planned.impossible {
        text += &format!("{}: {rule} is not ignored: {why}\n", before.line(*place));
    }
    if planned.count > 0 {
        let (findings, files) = (amount(planned.count, "finding"), amount(planned.files.len(), "file"));
        text += &format!("Wrote comments for {findings} into {files}\n");
    }
    Ok(text)
}
