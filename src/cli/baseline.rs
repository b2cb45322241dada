//! `djudge check --baseline`, `--write-baseline` and `--prune-baseline`.

use std::path::{Path, PathBuf};

use super::check::{Args, Options};
use super::terminal::Terminal;
use super::{places, usage, write_whole};
use crate::engine::{Baseline, Error, Report};
use crate::report::summary;
use crate::source::{Sources, absolute};

/// What to do about findings that are there already.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Findings that are there already")]
pub struct BaselineOptions {
    /// Leave out the findings that this file counts; a rule with more of them in a file is shown in full
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Use no baseline, whatever the configuration says
    #[arg(long, conflicts_with = "baseline")]
    pub no_baseline: bool,

    /// Count all findings in this file, to be given as --baseline from then on
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,

    /// Write the baseline anew, without what it counts in vain
    #[arg(long, conflicts_with_all = ["write_baseline", "no_baseline"])]
    prune_baseline: bool,

    /// Write comments that ignore what is shown, with this reason
    #[arg(long, value_name = "REASON", conflicts_with_all = ["stdin_filename", "write_baseline", "prune_baseline"])]
    pub add_ignores: Option<String>,
}

/// The baseline that is in force, with its folder.
pub fn read(options: &Options, sources: &Sources) -> Result<Option<(Baseline, PathBuf)>, Error> {
    let Some(path) = &options.baseline else { return Ok(None) };
    let shown = places(sources).path(path);
    let text = std::fs::read_to_string(path).map_err(|error| {
        let help = "--write-baseline makes one".to_owned();
        usage(format!("{shown} cannot be read: {error}"), Some(help))
    })?;
    let baseline =
        serde_json::from_str(&text).map_err(|error| usage(format!("{shown} is no baseline: {error}"), None))?;
    Ok(Some((baseline, folder_of(path))))
}

/// Takes out of the report what a baseline counts, and gives how many findings those are; writes baselines.
pub fn apply(
    args: &Args,
    options: &Options,
    report: &mut Report,
    sources: &Sources,
    terminal: &mut Terminal,
) -> Result<usize, Error> {
    let write = |path: &Path, baseline: &Baseline| {
        let text = serde_json::to_string_pretty(baseline).map_err(|error| usage(error.to_string(), None))?;
        write_whole(path, text + "\n")
    };
    let wanted = &args.baselines;
    if let Some(path) = &wanted.write_baseline {
        write(path, &Baseline::of(report, &folder_of(path), sources))?;
        let count = std::mem::take(&mut report.findings).len();
        if !terminal.is_quiet {
            let shown = places(sources).path(&absolute(path));
            let what = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
            terminal.note(&format!("Wrote {what} to {shown}; --baseline {shown} leaves them out\n"));
        }
        return Ok(count);
    }
    let (Some(path), Some((baseline, folder))) = (&options.baseline, read(options, sources)?) else {
        let help = "give --baseline FILE, or write into djudge.toml: baseline = \"djudge-baseline.json\"";
        let missing = || usage("there is no baseline to prune", Some(help.to_owned()));
        return if wanted.prune_baseline { Err(missing()) } else { Ok(0) };
    };
    let (count, stale) = baseline.apply(report, &folder, sources);
    if wanted.prune_baseline && !stale.is_empty() {
        write(path, &baseline.without(&stale))?;
    } else if !terminal.is_quiet {
        terminal.note(&summary::stale(&stale, &places(sources).path(path)));
    }
    Ok(count)
}

fn folder_of(path: &Path) -> PathBuf {
    absolute(path).parent().map(Path::to_path_buf).unwrap_or_default()
}
