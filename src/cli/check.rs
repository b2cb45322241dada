//! `djudge check`.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::terminal::Terminal;
use super::{Exit, Policy, places, request, usage, write_whole};
use crate::diagnostic::Severity;
use crate::engine::{self, Baseline, Error, Report};
use crate::report::full::{Look, full};
use crate::report::{Places, concise, github, gitlab, json, junit, sarif, shown, summary};
use crate::source::{Disk, FileSystem, Overlay, Sources, absolute};

/// Judge projects, files or folders
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders; a file is judged as part of its project
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,

    /// The mildest severity that is shown [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    min_severity: Option<Severity>,

    /// The mildest severity that makes the run fail [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Severity>,

    /// The form of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output_format: Format,

    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,

    #[command(flatten)]
    policy: Policy,

    /// Judge this file with the text from standard input, as an editor's unsaved buffer
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    stdin_filename: Option<PathBuf>,

    /// Tell where rules said nothing because something is not known
    #[arg(long)]
    show_silent: bool,

    /// Leave out the findings that this file counts; a rule with more of them in a file is shown in full
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Count all findings in this file, to be given as --baseline from then on
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,

    /// Write the file of --baseline anew, without what it counts in vain
    #[arg(long, requires = "baseline")]
    prune_baseline: bool,

    /// Add how many findings each rule has
    #[arg(long)]
    statistics: bool,

    /// Exit with 0 even when there are findings
    #[arg(long)]
    exit_zero: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Full,
    Concise,
    Json,
    Jsonl,
    Sarif,
    Github,
    Gitlab,
    Junit,
}

impl Format {
    /// Whether people read it.
    fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// Whether a forge reads it, for which paths begin at the root of the repository.
    fn is_for_forges(self) -> bool {
        matches!(self, Self::Sarif | Self::Github | Self::Gitlab | Self::Junit)
    }
}

pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Error> {
    let Some(path) = &args.stdin_filename else {
        return judge(args, &args.paths, &Disk, terminal);
    };
    let mut text = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut text)
        .map_err(|error| usage(format!("standard input cannot be read: {error}"), None))?;
    let overlay = Overlay::new(&Disk, [(absolute(path), text)]);
    judge(args, std::slice::from_ref(path), &overlay, terminal)
}

fn judge(args: &Args, paths: &[PathBuf], file_system: &dyn FileSystem, terminal: &mut Terminal) -> Result<Exit, Error> {
    let sources = Sources::new(file_system);
    let mut report = engine::check(&request(paths, args.policy.overrides()), &sources)?;
    let known = known(args, &mut report, &sources, terminal)?;
    let mut places = places(&sources);
    if args.output_format.is_for_forges() {
        places.base = engine::root_of(&places.base, file_system);
    }
    let config = &report.examined.config;
    let min_severity = args.min_severity.or(config.min_severity).unwrap_or(Severity::Warning);
    let fail_on = args.fail_on.or(config.fail_on).unwrap_or(Severity::Warning);
    let look = if args.output_file.is_some() { terminal.look_of_file() } else { terminal.look() };
    let text = render(args, &report, min_severity, &places, look)?;
    match &args.output_file {
        Some(path) => write_whole(path, text)?,
        None => terminal.print(&text),
    }
    tell(args, &report, known, min_severity, &places, terminal);
    terminal.unreadable(&report.examined, &places);
    let fails = report.findings.iter().any(|finding| finding.severity >= fail_on);
    Ok(match (report.examined.unreadable.is_empty(), fails && !args.exit_zero) {
        (false, _) => Exit::Unreadable,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}

/// Takes out of the report what a baseline counts, and gives how many findings those are; writes baselines.
fn known(args: &Args, report: &mut Report, sources: &Sources, terminal: &mut Terminal) -> Result<usize, Error> {
    let folder = |path: &Path| absolute(path).parent().map(Path::to_path_buf).unwrap_or_default();
    let write = |path: &Path, baseline: &Baseline| {
        let text = serde_json::to_string_pretty(baseline).map_err(|error| usage(error.to_string(), None))?;
        write_whole(path, text + "\n")
    };
    if let Some(path) = &args.write_baseline {
        write(path, &Baseline::of(report, &folder(path), sources))?;
        return Ok(std::mem::take(&mut report.findings).len());
    }
    let Some(path) = &args.baseline else { return Ok(0) };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let help = "--write-baseline makes one".to_owned();
        usage(format!("{} cannot be read: {error}", path.display()), Some(help))
    })?;
    let baseline: Baseline = serde_json::from_str(&text)
        .map_err(|error| usage(format!("{} is no baseline: {error}", path.display()), None))?;
    let (count, stale) = baseline.apply(report, &folder(path), sources);
    if args.prune_baseline && !stale.is_empty() {
        write(path, &baseline.without(&stale))?;
    } else if !terminal.is_quiet {
        terminal.note(&summary::stale(&stale, &path.display().to_string()));
    }
    Ok(count)
}

fn render(args: &Args, report: &Report, min_severity: Severity, places: &Places, look: Look) -> Result<String, Error> {
    let findings = shown(&report.findings, min_severity);
    let rules = report.examined.config.registry.rules();
    let failed = |error: &dyn std::fmt::Display| usage(error.to_string(), None);
    Ok(match args.output_format {
        Format::Full => findings.map(|finding| full(finding, places, look)).collect(),
        Format::Concise => concise::concise(findings, places),
        Format::Json => json::json(report, min_severity, places).map_err(|error| failed(&error))?,
        Format::Jsonl => json::jsonl(findings, places).map_err(|error| failed(&error))?,
        Format::Sarif => sarif::sarif(findings, rules, places).map_err(|error| failed(&error))?,
        Format::Github => github::github(findings, places),
        Format::Gitlab => gitlab::gitlab(findings, places).map_err(|error| failed(&error))?,
        Format::Junit => junit::junit(findings, places).map_err(|error| failed(&error))?,
    })
}

/// What is said beside the findings: to people on standard output, beside a format for programs on standard error.
fn tell(args: &Args, report: &Report, known: usize, min_severity: Severity, places: &Places, terminal: &mut Terminal) {
    let is_for_programs = !args.output_format.is_for_people() && args.output_file.is_none();
    let mut text = String::new();
    if args.show_silent && args.output_format != Format::Json {
        text += &summary::silent(report, places);
    }
    if args.statistics {
        text += &summary::statistics(report);
    }
    if terminal.is_verbose {
        text += &summary::verbose(&report.examined, places);
    }
    if !terminal.is_quiet && !is_for_programs {
        let visible = shown(&report.findings, min_severity).next();
        if let (Some(finding), Format::Full) = (visible, args.output_format) {
            text += &format!("More about a rule: djudge explain {}\n", finding.rule);
        }
        text += &summary::last_line(report, known, min_severity);
    }
    if is_for_programs { terminal.note(&text) } else { terminal.print(&text) }
}
