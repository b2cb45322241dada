//! The command line: one file a subcommand.

mod add_ignores;
mod baseline;
mod check;
mod config;
mod explain;
mod fix;
mod progress;
mod routes;
mod rules;
mod show;
mod terminal;
mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::styling::Styles;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::{Config, Overrides};
use crate::engine::{Error, Request};
use crate::report::Places;
use crate::rule::Registry;
use crate::source::{Sources, absolute, replace_files};
use terminal::Terminal;

/// How a run ends; the same for every command and format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings.
    Findings = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// A file could not be read.
    Unreadable = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Written out, so that it fits one screen of 24 lines and 80 columns.
const HELP: &str = "\
{about}

{usage-heading} {usage}

Commands:
{subcommands}

Options: -v, --verbose  -q, --quiet  --color WHEN  -h, --help  -V, --version

Examples:
  djudge check                  judge the projects in the current folder
  djudge show ALLOWED_HOSTS     what it is in production, and where it is set
  djudge explain in-memory-channel-layer

`djudge COMMAND --help` tells all that a command can do.
";

/// The heading of what is judged, and how.
const JUDGED: &str = "What is judged, and how";

const EXIT_CODES: &str = "Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 a file could not be read";

/// Judges a Django project's configuration before it is deployed
#[derive(Debug, Parser)]
#[command(name = "djudge", version, help_template = HELP, styles = Styles::plain(), disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    global: Global,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,

    /// Tell what was found and assumed
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,

    /// Print findings alone
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Color {
    // Where the output is a terminal and NO_COLOR is not set.
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge projects, files or folders
    #[command(after_help = EXIT_CODES)]
    Check(check::Args),
    /// Print what settings resolve to, and where each value came from
    Show(show::Args),
    /// Print the ASGI application: protocols, wrappers, routes, consumers
    Routes(routes::Args),
    /// Print the configuration that is in force
    Config(config::Args),
    /// Print a rule's page
    Explain(explain::Args),
    /// List the rules, start one of your own, test your own
    Rules(rules::Args),
    /// Print a manual page, for `man -l -`
    Man {
        /// The command; djudge itself where none is given
        command: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What every command that judges takes.
#[derive(Debug, Clone, clap::Args)]
struct Policy {
    /// Only these rules or groups of rules
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = JUDGED)]
    select: Vec<String>,

    /// Not these rules or groups of rules
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = JUDGED)]
    ignore: Vec<String>,

    #[command(flatten)]
    files: Files,
}

/// Which configuration and which settings modules.
#[derive(Debug, Clone, clap::Args)]
struct Files {
    /// The settings modules that are deployed, by their dotted names
    #[arg(long, value_delimiter = ',', value_name = "MODULES", help_heading = JUDGED)]
    settings: Vec<String>,

    /// An environment file that the process is started with, in Docker Compose's syntax; may be given again, and a later
    /// one wins
    #[arg(long, value_name = "FILE", help_heading = JUDGED)]
    env_file: Vec<PathBuf>,

    /// The configuration file, instead of the nearest djudge.toml or pyproject.toml
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = JUDGED)]
    config: Option<PathBuf>,

    /// Use no configuration file
    #[arg(long, help_heading = JUDGED)]
    isolated: bool,
}

impl Files {
    fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.as_deref().map(absolute),
            isolated: self.isolated,
            settings: self.settings.clone(),
            env_files: self.env_file.iter().map(|path| absolute(path)).collect(),
            ..Overrides::default()
        }
    }
}

impl Policy {
    fn overrides(&self) -> Overrides {
        Overrides { select: self.select.clone(), ignore: self.ignore.clone(), ..self.files.overrides() }
    }
}

/// Runs the command that the arguments of the process ask for.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Clean };
            // Where even the usage cannot be printed, the exit code is all that is left.
            let _ = error.print();
            return exit.into();
        }
    };
    let mut terminal = Terminal::new(cli.global.color, cli.global.verbose, cli.global.quiet);
    let exit = match cli.command {
        Command::Check(args) => check::run(&args, &mut terminal),
        Command::Show(args) => show::run(&args, &mut terminal),
        Command::Routes(args) => routes::run(&args, &mut terminal),
        Command::Config(args) => config::run(&args, &mut terminal),
        Command::Explain(args) => explain::run(&args, &mut terminal),
        Command::Rules(args) => rules::run(&args, &mut terminal),
        Command::Man { command } => manual_page(command.as_deref()).map(|page| {
            terminal.print(&page);
            Exit::Clean
        }),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "djudge", &mut script);
            terminal.print(&String::from_utf8_lossy(&script));
            Ok(Exit::Clean)
        }
    };
    match exit {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal.error(&error);
            Exit::Usage.into()
        }
    }
}

/// The manual page of a command, or of the program.
fn manual_page(command: Option<&str>) -> Result<String, Error> {
    let mut program = Cli::command();
    program.build();
    let shown = match command {
        None => program.after_long_help(EXIT_CODES),
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
            usage(format!("there is no command {name:?}"), Some(format!("it is one of {}", names.join(", "))))
        })?,
    };
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(shown).render(&mut page);
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// A request about some paths; about the current folder where there are none.
fn request(paths: &[PathBuf], overrides: Overrides) -> Request {
    let here = [PathBuf::from(".")];
    let given = if paths.is_empty() { &here } else { paths };
    Request { paths: given.iter().map(|path| absolute(path)).collect(), overrides }
}

/// Places as commands show them: relative to the current folder.
fn places<'a>(sources: &'a Sources<'a>) -> Places<'a> {
    Places { sources, base: absolute(Path::new(".")) }
}

/// An error of use.
fn usage(message: impl Into<String>, help: Option<String>) -> Error {
    Error::Config(crate::config::ConfigError { message: message.into(), help, place: None })
}

/// Writes a file so that it holds all of the text, or what it held before.
fn write_whole(path: &Path, text: String) -> Result<(), Error> {
    replace_files(&[(absolute(path), text.into_bytes())]).map_err(|error| usage(error.to_string(), None))
}

/// The rules that are known in the current folder: the rule book and the project's own.
fn registry_here(overrides: &Overrides) -> Result<std::sync::Arc<Config>, Error> {
    let here = absolute(Path::new("."));
    let configs = crate::config::Configs::above(&crate::source::Disk, &here, overrides)?;
    Ok(configs.of(&here).clone())
}

/// What to say of a rule that does not exist.
fn no_such_rule(registry: &Registry, name: &str) -> Error {
    usage(format!("there is no rule {name:?}"), Some(registry.hint(name)))
}
