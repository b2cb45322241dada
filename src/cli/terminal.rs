//! Where a command's output goes, and how it looks there.

use std::io::{self, IsTerminal, Write};

use super::progress::while_waiting;
use super::{Color, places};
use crate::engine::{Error, Examined};
use crate::project::spelling::nearest;
use crate::report::Places;
use crate::report::full::{Look, config_error};
use crate::source::{Disk, Sources};

/// The width to wrap at where the output is no terminal.
const PLAIN_WIDTH: usize = 100;

/// Standard output and standard error.
pub struct Terminal {
    color: Color,
    /// Whether to tell what was found and assumed.
    pub is_verbose: bool,
    /// Whether to print findings alone.
    pub is_quiet: bool,
}

impl Terminal {
    pub fn new(color: Color, is_verbose: bool, is_quiet: bool) -> Self {
        Self { color, is_verbose, is_quiet }
    }

    /// Prints to standard output. A reader that went away is no error.
    pub fn print(&mut self, text: &str) {
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }

    /// Prints to standard error.
    pub fn note(&mut self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Does some work, with a line on standard error for those who wait.
    pub fn working<T>(&self, sources: &Sources, work: impl FnOnce() -> T) -> T {
        while_waiting(!self.is_quiet && !is_dumb() && io::stderr().is_terminal(), sources, work)
    }

    /// Says which files could not be read.
    pub fn unreadable(&mut self, examined: &Examined, places: &Places) {
        for (path, why) in &examined.unreadable {
            self.note(&format!("djudge: {} cannot be read: {why}\n", places.path(path)));
        }
    }

    /// Says what went wrong.
    pub fn error(&mut self, error: &Error) {
        let look = self.look_of(io::stderr().is_terminal());
        let sources = Sources::new(&Disk);
        let places = places(&sources);
        match error {
            Error::Config(error) if error.place.is_some() => self.note(&config_error(error, &places, look)),
            Error::Config(error) => {
                let help = error.help.as_ref().map_or(String::new(), |help| format!("\n  help: {help}"));
                self.note(&format!("djudge: {error}{help}\n"));
            }
            error => {
                let help = help_for(error).map_or(String::new(), |help| format!("\n  help: {help}"));
                self.note(&format!("djudge: {error}{help}\n"));
            }
        }
    }

    /// How standard output looks.
    pub fn look(&self) -> Look {
        self.look_of(io::stdout().is_terminal())
    }

    /// How a file looks.
    pub fn look_of_file(&self) -> Look {
        Look { color: self.color == Color::Always, unicode: is_unicode(), links: false, width: PLAIN_WIDTH }
    }

    fn look_of(&self, is_terminal: bool) -> Look {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            // https://no-color.org and https://force-color.org
            Color::Auto => !is_set("NO_COLOR") && (is_terminal && !is_dumb() || is_set("FORCE_COLOR")),
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|_| is_terminal);
        let width = columns.or_else(measured).unwrap_or(PLAIN_WIDTH).clamp(40, 160);
        let links = is_terminal && color && supports_hyperlinks::supports_hyperlinks();
        Look { color, unicode: is_unicode(), links, width }
    }
}

/// Whether the terminal knows no escape sequences.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// What to type instead.
fn help_for(error: &Error) -> Option<String> {
    match error {
        Error::NoSuchPath(path) => {
            let name = path.file_name()?.to_str()?;
            let beside = std::fs::read_dir(path.parent()?).ok()?.flatten();
            let mut names: Vec<String> = beside.filter_map(|entry| entry.file_name().into_string().ok()).collect();
            names.sort();
            let near = nearest(name, names.iter().map(String::as_str), |_| name.len().max(6) / 3)?;
            Some(format!("did you mean {}?", path.with_file_name(near).display()))
        }
        Error::NoProject(_) => {
            let help = "name the folder that holds manage.py or the settings, or the settings module: --settings NAME";
            Some(help.to_owned())
        }
        Error::NoSuchModule { .. } | Error::Config(_) => None,
    }
}

/// Whether the locale allows more than ASCII; without one, everything does today.
fn is_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| locale.to_ascii_lowercase().contains("utf") || !matches!(locale.as_str(), "C" | "POSIX"))
}
