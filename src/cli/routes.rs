//! `djudge routes`.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::json;

use super::show::judged_modules;
use super::terminal::Terminal;
use super::{Exit, Files, places, request, usage};
use crate::engine::{self, Error};
use crate::eval::Trees;
use crate::report::routes::{self, Part};
use crate::source::{Disk, Sources};

/// Print the ASGI application: protocols, what is around them, routes and consumers
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,

    /// The form of the output
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output_format: Format,

    #[command(flatten)]
    files: Files,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Tree,
    Mermaid,
    Dot,
    Json,
}

pub fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Error> {
    let sources = Sources::new(&Disk);
    let trees = Trees::new(&sources);
    let request = request(std::slice::from_ref(&args.project), args.files.overrides());
    let examined = terminal.working(&sources, || engine::examine(&request, &sources, &trees))?;
    let places = places(&sources);
    // Each application once, with the settings modules that it is so with.
    let mut found: Vec<(Part, Vec<&str>)> = Vec::new();
    for (module, judged) in judged_modules(&examined, &args.files.settings) {
        let Some(application) = &judged.application else { continue };
        let part = Part::of(application);
        match found.iter_mut().find(|(known, _)| *known == part) {
            Some((_, modules)) => modules.push(&module.name),
            None => found.push((part, vec![&module.name])),
        }
    }
    let parts: Vec<Part> = found.iter().map(|(part, _)| part.clone()).collect();
    let text = match args.output_format {
        Format::Tree => {
            let unicode = terminal.look().unicode;
            let one = |(part, modules): &(Part, Vec<&str>)| {
                format!("With {}:\n{}", modules.join(", "), routes::tree(part, &places, unicode))
            };
            found.iter().map(one).collect::<Vec<_>>().join("\n")
        }
        Format::Mermaid => routes::mermaid(&parts),
        Format::Dot => routes::dot(&parts),
        Format::Json => {
            let one = |(part, modules): &(Part, Vec<&str>)| json!({"settings_modules": modules, "application": routes::json(part, &places)});
            let document = json!({"schema": 1, "applications": found.iter().map(one).collect::<Vec<_>>()});
            serde_json::to_string_pretty(&document).map_err(|error| usage(error.to_string(), None))? + "\n"
        }
    };
    terminal.print(&text);
    if found.is_empty() {
        terminal.note("djudge: no ASGI application was found: ASGI_APPLICATION or a module asgi.py names one\n");
    }
    terminal.unreadable(&examined, &places);
    Ok(if examined.unreadable.is_empty() { Exit::Clean } else { Exit::Unreadable })
}
