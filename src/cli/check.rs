//! `djudge check`.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::terminal::Terminal;
use super::values::{output_format, severity};
use super::{Exit, Policy, add_ignores, places, request, usage, write_whole};
use crate::config::{Config, OutputFormat, Overrides};
use crate::diagnostic::{Finding, Severity};
use crate::engine::{self, Baseline, Error, Report};
use crate::report::full::{Look, full};
use crate::report::{Places, concise, github, gitlab, json, junit, sarif, shown, summary};
use crate::source::{Disk, FileSystem, Overlay, Sources, absolute};

/// Headings of the help.
const REPORT: &str = "Report";
const ADOPTION: &str = "Findings that are there already";

/// Judge projects, files or folders
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders; a file is judged as part of its project
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,

    /// The mildest severity that is shown [default: warning]
    #[arg(long, value_parser = severity(), value_name = "SEVERITY", help_heading = REPORT)]
    min_severity: Option<Severity>,

    /// The mildest severity that makes the run fail [default: warning]
    #[arg(long, value_parser = severity(), value_name = "SEVERITY", help_heading = REPORT)]
    fail_on: Option<Severity>,

    /// The form of the report [default: full]
    #[arg(long, value_parser = output_format(), value_name = "FORMAT", help_heading = REPORT)]
    output_format: Option<OutputFormat>,

    /// Write the report to a file
    #[arg(long, value_name = "FILE", help_heading = REPORT)]
    output_file: Option<PathBuf>,

    #[command(flatten)]
    policy: Policy,

    /// Leave out what `exclude` names even where it is given as a path
    #[arg(long, help_heading = super::JUDGED)]
    force_exclude: bool,

    /// Judge this file with the text from standard input, as an editor's unsaved buffer
    #[arg(long, value_name = "FILE", conflicts_with = "paths", help_heading = super::JUDGED)]
    stdin_filename: Option<PathBuf>,

    /// Tell where rules said nothing because something is not known
    #[arg(long, help_heading = REPORT)]
    show_silent: bool,

    /// Leave out the findings that this file counts; a rule with more of them in a file is shown in full
    #[arg(long, value_name = "FILE", help_heading = ADOPTION)]
    baseline: Option<PathBuf>,

    /// Use no baseline, whatever the configuration says
    #[arg(long, conflicts_with = "baseline", help_heading = ADOPTION)]
    no_baseline: bool,

    /// Count all findings in this file, to be given as --baseline from then on
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = ADOPTION)]
    write_baseline: Option<PathBuf>,

    /// Write the file of --baseline anew, without what it counts in vain
    #[arg(long, conflicts_with_all = ["write_baseline", "no_baseline"], help_heading = ADOPTION)]
    prune_baseline: bool,

    /// Write comments that ignore what is shown, with this reason
    #[arg(long, value_name = "REASON", conflicts_with_all = ["stdin_filename", "write_baseline", "prune_baseline"], help_heading = ADOPTION)]
    add_ignores: Option<String>,

    /// Add how many findings each rule has
    #[arg(long, help_heading = REPORT)]
    statistics: bool,

    /// Exit with 0 even when there are findings
    #[arg(long, help_heading = REPORT)]
    exit_zero: bool,
}

/// What the command line says, else the configuration, else what is usual.
struct Options {
    format: OutputFormat,
    min_severity: Severity,
    fail_on: Severity,
    show_silent: bool,
    statistics: bool,
    exit_zero: bool,
    baseline: Option<PathBuf>,
}

impl Options {
    fn of(args: &Args, config: &Config, is_quiet: bool) -> Self {
        let baseline = args.baseline.as_deref().map(absolute).or_else(|| config.baseline.clone());
        Self {
            format: args.output_format.or(config.output_format).unwrap_or_default(),
            min_severity: args.min_severity.or(config.min_severity).unwrap_or(Severity::Warning),
            fail_on: args.fail_on.or(config.fail_on).unwrap_or(Severity::Warning),
            show_silent: args.show_silent || config.show_silent && !is_quiet,
            statistics: args.statistics || config.statistics && !is_quiet,
            exit_zero: args.exit_zero || config.exit_zero,
            baseline: baseline.filter(|_| !args.no_baseline),
        }
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
    let reason = args.add_ignores.as_deref().map(add_ignores::reason_of).transpose()?;
    let sources = Sources::new(file_system);
    let overrides = Overrides { force_exclude: args.force_exclude, ..args.policy.overrides() };
    let request = request(paths, overrides);
    let judged = Judged::new(args, engine::check(&request, &sources)?, &sources, terminal)?;
    let Some(reason) = reason else { return judged.print(args, &sources, "", terminal) };
    let (planned, overlay) = add_ignores::planned(judged.shown(), reason, &judged.report.examined, &sources);
    let commented = Sources::new(&overlay);
    let after = Judged::new(args, engine::check(&request, &commented)?, &commented, terminal)?;
    let done = add_ignores::write(&planned, after.shown(), &places(&sources), &places(&commented))?;
    after.print(args, &commented, &done, terminal)
}

/// What was found, and what of it counts.
struct Judged {
    report: Report,
    options: Options,
    /// How many findings a baseline took out.
    known: usize,
}

impl Judged {
    fn new(args: &Args, mut report: Report, sources: &Sources, terminal: &mut Terminal) -> Result<Self, Error> {
        let options = Options::of(args, &report.examined.config, terminal.is_quiet);
        let known = known(args, &options, &mut report, sources, terminal)?;
        Ok(Self { report, options, known })
    }

    fn shown(&self) -> impl Iterator<Item = &Finding> {
        shown(&self.report.findings, self.options.min_severity)
    }

    /// Prints the report, and what was done besides.
    fn print(&self, args: &Args, sources: &Sources, done: &str, terminal: &mut Terminal) -> Result<Exit, Error> {
        let Self { report, options, .. } = self;
        let mut places = places(sources);
        if options.format.is_for_forges() {
            places.base = engine::root_of(&places.base, sources.file_system());
        }
        let look = if args.output_file.is_some() { terminal.look_of_file() } else { terminal.look() };
        let text = self.render(&places, look)?;
        match &args.output_file {
            Some(path) => write_whole(path, text)?,
            None => terminal.print(&text),
        }
        self.tell(args.output_file.is_some(), &places, done, terminal);
        terminal.unreadable(&report.examined, &places);
        let fails = report.findings.iter().any(|finding| finding.severity >= options.fail_on);
        Ok(match (report.examined.unreadable.is_empty(), fails && !options.exit_zero) {
            (false, _) => Exit::Unreadable,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        })
    }

    fn render(&self, places: &Places, look: Look) -> Result<String, Error> {
        let rules = self.report.examined.config.registry.rules();
        let failed = |error: &dyn std::fmt::Display| usage(error.to_string(), None);
        Ok(match self.options.format {
            OutputFormat::Full => self.shown().map(|finding| full(finding, places, look)).collect(),
            OutputFormat::Concise => concise::concise(self.shown(), places),
            OutputFormat::Json => {
                json::json(&self.report, self.options.min_severity, places).map_err(|error| failed(&error))?
            }
            OutputFormat::Jsonl => json::jsonl(self.shown(), places).map_err(|error| failed(&error))?,
            OutputFormat::Sarif => sarif::sarif(self.shown(), rules, places).map_err(|error| failed(&error))?,
            OutputFormat::Github => github::github(self.shown(), places),
            OutputFormat::Gitlab => gitlab::gitlab(self.shown(), places).map_err(|error| failed(&error))?,
            OutputFormat::Junit => junit::junit(self.shown(), places).map_err(|error| failed(&error))?,
        })
    }

    /// What is said beside the findings: to people on standard output, beside a format for programs on standard error.
    fn tell(&self, is_in_file: bool, places: &Places, done: &str, terminal: &mut Terminal) {
        let Self { report, options, known } = self;
        let is_for_programs = !options.format.is_for_people() && !is_in_file;
        let mut text = done.to_owned();
        if options.show_silent && options.format != OutputFormat::Json {
            text += &summary::silent(report, places);
        }
        if options.statistics {
            text += &summary::statistics(report);
        }
        if terminal.is_verbose {
            text += &summary::verbose(&report.examined, places);
        }
        if !terminal.is_quiet && !is_for_programs {
            if let (Some(finding), OutputFormat::Full) = (self.shown().next(), options.format) {
                text += &format!("More about a rule: djudge explain {}\n", finding.rule);
            }
            text += &summary::last_line(report, *known, options.min_severity);
        }
        if is_for_programs { terminal.note(&text) } else { terminal.print(&text) }
    }
}

/// Takes out of the report what a baseline counts, and gives how many findings those are; writes baselines.
fn known(
    args: &Args,
    options: &Options,
    report: &mut Report,
    sources: &Sources,
    terminal: &mut Terminal,
) -> Result<usize, Error> {
    let folder = |path: &Path| absolute(path).parent().map(Path::to_path_buf).unwrap_or_default();
    let write = |path: &Path, baseline: &Baseline| {
        let text = serde_json::to_string_pretty(baseline).map_err(|error| usage(error.to_string(), None))?;
        write_whole(path, text + "\n")
    };
    if let Some(path) = &args.write_baseline {
        write(path, &Baseline::of(report, &folder(path), sources))?;
        return Ok(std::mem::take(&mut report.findings).len());
    }
    let Some(path) = &options.baseline else {
        return match args.prune_baseline {
            true => {
                let help = "give --baseline FILE, or write into djudge.toml: baseline = \"djudge-baseline.json\"";
                Err(usage("there is no baseline to prune", Some(help.to_owned())))
            }
            false => Ok(0),
        };
    };
    let shown = places(sources).path(path);
    let text = std::fs::read_to_string(path).map_err(|error| {
        let help = "--write-baseline makes one".to_owned();
        usage(format!("{shown} cannot be read: {error}"), Some(help))
    })?;
    let baseline: Baseline =
        serde_json::from_str(&text).map_err(|error| usage(format!("{shown} is no baseline: {error}"), None))?;
    let (count, stale) = baseline.apply(report, &folder(path), sources);
    if args.prune_baseline && !stale.is_empty() {
        write(path, &baseline.without(&stale))?;
    } else if !terminal.is_quiet {
        terminal.note(&summary::stale(&stale, &shown));
    }
    Ok(count)
}
