//! `djudge config`.

use std::path::{Path, PathBuf};

use super::terminal::Terminal;
use super::{Exit, Files};
use crate::config::{Configs, Origin};
use crate::engine::Error;
use crate::source::{Disk, absolute};

/// Print the configuration that is in force, and where each value comes from
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file or folder that it is for
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,

    #[command(flatten)]
    files: Files,

    /// Print the JSON schema of configuration files instead
    #[arg(long)]
    schema: bool,
}

pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Error> {
    if args.schema {
        terminal.print(include_str!("../../djudge.schema.json"));
        return Ok(Exit::Clean);
    }
    let path = absolute(&args.path);
    if !path.exists() {
        return Err(Error::NoSuchPath(path));
    }
    let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
    let configs = Configs::above(&Disk, folder, &args.files.overrides())?;
    let config = configs.of(&path);
    let base = absolute(Path::new("."));
    let shown = |path: &Path| path.strip_prefix(&base).unwrap_or(path).display().to_string();
    let mut text = match &config.path {
        Some(path) => format!("# {}\n", shown(path)),
        None => "# No configuration file\n".to_owned(),
    };
    let width = config.in_force.iter().map(|value| value.to_string().chars().count()).max().unwrap_or_default();
    for value in &config.in_force {
        let origin = match &value.origin {
            Origin::Default => "the default".to_owned(),
            Origin::CommandLine => "the command line".to_owned(),
            Origin::File(path, line) => format!("{}:{line}", shown(path)),
        };
        text += &format!("{:width$}  # {origin}\n", value.to_string());
    }
    terminal.print(&text);
    Ok(Exit::Clean)
}
