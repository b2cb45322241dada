//! `djudge check`.

use std::io::Read;
use std::path::PathBuf;

use super::baseline::BaselineOptions;
use super::terminal::Terminal;
use super::values::{output_format, severity};
use super::{Exit, Policy, add_ignores, baseline, fix, places, request, usage, write_whole};
use crate::config::{Config, OutputFormat, Overrides};
use crate::diagnostic::{Applicability, Finding, Severity};
use crate::engine::{self, Error, Report, Request};
use crate::report::full::{Look, full};
use crate::report::{Places, concise, github, gitlab, json, junit, links, sarif, shown, summary};
use crate::source::{Disk, FileSystem, Overlay, Sources, absolute};

/// Headings of the help.
const REPORT: &str = "Report";

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

    #[command(flatten)]
    pub baselines: BaselineOptions,

    #[command(flatten)]
    fixes: fix::FixOptions,

    /// Add how many findings each rule has
    #[arg(long, help_heading = REPORT)]
    statistics: bool,

    /// Exit with 0 even when there are findings
    #[arg(long, help_heading = REPORT)]
    exit_zero: bool,
}

/// What the command line says, else the configuration, else what is usual.
pub struct Options {
    format: OutputFormat,
    min_severity: Severity,
    fail_on: Severity,
    show_silent: bool,
    statistics: bool,
    exit_zero: bool,
    /// The file that counts findings which are left out.
    pub baseline: Option<PathBuf>,
}

impl Options {
    fn of(args: &Args, config: &Config, is_quiet: bool) -> Self {
        let baseline = args.baselines.baseline.as_deref().map(absolute).or_else(|| config.baseline.clone());
        Self {
            format: args.output_format.or(config.output_format).unwrap_or_default(),
            min_severity: args.min_severity.or(config.min_severity).unwrap_or(Severity::Warning),
            fail_on: args.fail_on.or(config.fail_on).unwrap_or(Severity::Warning),
            show_silent: args.show_silent || config.show_silent && !is_quiet,
            statistics: args.statistics || config.statistics && !is_quiet,
            exit_zero: args.exit_zero || config.exit_zero,
            baseline: baseline.filter(|_| !args.baselines.no_baseline),
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
    let reason = args.baselines.add_ignores.as_deref().map(add_ignores::reason_of).transpose()?;
    let sources = Sources::new(file_system);
    let overrides = Overrides { force_exclude: args.force_exclude, ..args.policy.overrides() };
    let request = request(paths, overrides);
    if let Some(wanted) = args.fixes.wanted() {
        return apply_fixes(args, &request, wanted, file_system, terminal);
    }
    let judged =
        Judged::new(args, terminal.working(&sources, || engine::check(&request, &sources))?, &sources, terminal)?;
    let Some(reason) = reason else { return judged.print(args, &sources, "", terminal) };
    let (planned, overlay) = add_ignores::planned(judged.shown(), reason, &judged.report.examined, &sources);
    let commented = Sources::new(&overlay);
    let after =
        Judged::new(args, terminal.working(&commented, || engine::check(&request, &commented))?, &commented, terminal)?;
    let done = add_ignores::write(&planned, after.shown(), &places(&sources), &places(&commented))?;
    after.print(args, &commented, &done, terminal)
}

/// Applies fixes, or shows what they would change, and judges what is there then.
fn apply_fixes(
    args: &Args,
    request: &Request,
    wanted: Applicability,
    file_system: &dyn FileSystem,
    terminal: &mut Terminal,
) -> Result<Exit, Error> {
    let keep = |report: &mut Report, sources: &Sources| {
        let options = Options::of(args, &report.examined.config, true);
        if let Some((baseline, folder)) = baseline::read(&options, sources)? {
            baseline.apply(report, &folder, sources);
        }
        report.findings.retain(|finding| finding.severity >= options.min_severity);
        Ok(())
    };
    let fixed = engine::fix(request, file_system, wanted, &keep)?;
    let sources = Sources::new(file_system);
    let done = fix::told(&fixed, args.fixes.is_diff(), &places(&sources));
    if !args.fixes.is_diff() {
        fix::write(&fixed)?;
    }
    let judged =
        Judged::new(args, terminal.working(&sources, || engine::check(request, &sources))?, &sources, terminal)?;
    if !args.fixes.is_diff() {
        return judged.print(args, &sources, &done, terminal);
    }
    terminal.print(&fix::diff(&fixed, &places(&sources)));
    terminal.note(&done);
    Ok(judged.exit())
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
        let known = baseline::apply(args, &options, &mut report, sources, terminal)?;
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
        Ok(self.exit())
    }

    fn exit(&self) -> Exit {
        let fails = self.report.findings.iter().any(|finding| finding.severity >= self.options.fail_on);
        match (self.report.examined.unreadable.is_empty(), fails && !self.options.exit_zero) {
            (false, _) => Exit::Unreadable,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        }
    }

    fn render(&self, places: &Places, look: Look) -> Result<String, Error> {
        let rules = self.report.examined.config.registry.rules();
        let failed = |error: &dyn std::fmt::Display| usage(error.to_string(), None);
        Ok(match self.options.format {
            OutputFormat::Full => {
                self.shown().map(|finding| self.linked(full(finding, places, look), finding, look)).collect()
            }
            OutputFormat::Concise => {
                let line = |finding| self.linked(concise::concise([finding].into_iter(), places), finding, look);
                self.shown().map(line).collect()
            }
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

    /// The text of a finding, with a link to the page of its rule where the terminal has links.
    fn linked(&self, text: String, finding: &Finding, look: Look) -> String {
        let config = &self.report.examined.config;
        let page = config.registry.get(&finding.rule).filter(|_| look.links).map(|rule| &rule.page);
        match page.and_then(|page| links::address(page, links::REPOSITORY)) {
            Some(address) => links::linked(&text, &finding.rule, &address),
            None => text,
        }
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
